"""Processes that die, fork, start others, or cannot write; run as real programs."""

import json
import os
import signal
import subprocess
import sys
import time
import timeit
import unittest

import support
from chaindebug_recorder import chain_step

WORK = """
import os, signal, sys, time
from chaindebug_recorder import *

@chain_step(kind="llm")
def ask(n):
    if n == 3:
        die()
    return n

@chain_step
def main():
    for n in range(10):
        ask(n)
"""


class Crash(support.Case):
    def check_cut(self):
        trace = self.trace()
        self.assertIsNone(trace.end_run)
        self.assertEqual([s["status"] for s in trace.all("ask")], ["ok", "ok", "ok", "running"])
        self.assertEqual(trace.all("ask")[3]["input"], {"n": 3})
        self.assertEqual(trace.one("main")["status"], "running")

    def test_os_exit(self):
        run = self.python(WORK + "def die(): os._exit(9)\nwith record('run.chaindebug.jsonl'): main()")
        self.assertEqual(run.returncode, 9)
        self.check_cut()

    def test_kill_itself(self):
        run = self.python(WORK + "def die(): os.kill(os.getpid(), signal.SIGKILL)\nwith record('run.chaindebug.jsonl'): main()")
        self.assertEqual(run.returncode, -signal.SIGKILL)
        self.check_cut()

    def test_killed_from_outside_at_any_time(self):
        code = WORK + "def die(): pass\nwith record('run.chaindebug.jsonl'):\n    while True: main()"
        for pause in (0.02, 0.05, 0.11):
            program = subprocess.Popen(
                [sys.executable, "-c", code], cwd=self.folder, env={**os.environ, "PYTHONPATH": str(support.RECORDER)}
            )
            while not self.path.exists() or self.path.stat().st_size < 2000:
                self.assertIsNone(program.poll())
                time.sleep(0.005)
            time.sleep(pause)
            program.kill()
            program.wait()
            lines = self.path.read_bytes().split(b"\n")
            lines.pop()  # The line being written, or nothing.
            for line in lines:
                json.loads(line)
            self.path.unlink()

    def test_unhandled_exception_and_plain_start(self):
        run = self.python("from chaindebug_recorder import *\nstart('run.chaindebug.jsonl')\nwith step('x'): 1/0")
        self.assertEqual(run.returncode, 1)
        trace = self.trace()
        self.assertEqual(trace.one("x")["status"], "error")
        self.assertIsNotNone(trace.end_run)

    def test_interrupt(self):
        # A shell that starts tests in the background has them ignore interrupts, and children inherit that.
        heed = "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        die = "def die(): signal.raise_signal(signal.SIGINT)\n"
        run = self.python(WORK + heed + die + "with record('run.chaindebug.jsonl'): main()")
        self.assertNotEqual(run.returncode, 0)
        trace = self.trace()
        self.assertEqual(trace.one("main")["status"], "cancelled")
        self.assertEqual(trace.end_run["status"], "cancelled")


class Files(support.Case):
    def test_full_disk_warns_once_and_the_program_goes_on(self):
        code = WORK + (
            "import resource\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))\n"
            "def die(): pass\n"
            "with record('run.chaindebug.jsonl'): main()\n"
            "print('finished')"
        )
        run = self.python(code)
        self.assertEqual((run.returncode, run.stdout), (0, "finished\n"))
        self.assertEqual(run.stderr.count("chaindebug_recorder"), 1)
        self.assertIn("recording stopped", run.stderr)
        self.assertEqual(self.path.stat().st_size, 1500)

    def test_a_path_that_cannot_be_written(self):
        run = self.python(WORK + "def die(): pass\nwith record('no/such/folder.jsonl'): main()\nprint('finished')")
        self.assertEqual((run.returncode, run.stdout), (0, "finished\n"))
        self.assertEqual(run.stderr.count("recording stopped"), 1)

    def test_environment_variable(self):
        self.python(WORK + "def die(): pass\nmain()", CHAINDEBUG_FILE="run.chaindebug.jsonl")
        self.assertEqual(len(self.trace().all("ask")), 10)

    def test_started_programs_join_the_run_with_their_own_file(self):
        (self.folder / "child.py").write_text("from chaindebug_recorder import *\nwith step('in the child'): pass")
        self.python(
            "import subprocess, sys\nfrom chaindebug_recorder import *\n"
            "with step('outer'): subprocess.run([sys.executable, 'child.py'], check=True)\n"
            "subprocess.run([sys.executable, '-c', 'import chaindebug_recorder'], check=True)",
            CHAINDEBUG_FILE="run.chaindebug.jsonl",
        )
        mine = self.trace()
        others = [path for path in self.folder.glob("run-*.chaindebug.jsonl")]
        self.assertEqual(len(others), 1)
        theirs = self.trace(others[0])
        self.assertEqual(mine.header["run"]["id"], theirs.header["run"]["id"])
        self.assertFalse(set(mine.steps) & set(theirs.steps))
        self.assertEqual(len(mine.all("outer")), 1)


    def test_a_program_that_replaces_itself_goes_on_in_its_file(self):
        (self.folder / "second.py").write_text("from chaindebug_recorder import *\nwith step('second'): pass")
        self.python(
            "import os, sys\nfrom chaindebug_recorder import *\nwith step('first'): pass\n"
            "os.execv(sys.executable, [sys.executable, 'second.py'])",
            CHAINDEBUG_FILE="run.chaindebug.jsonl",
        )
        names = [line.get("name") for line in self.trace().lines if line.get("type") == "start"]
        self.assertEqual(names, ["first", "second"])
        self.assertEqual(len({line["run"]["id"] for line in self.trace().lines if "chaindebug" in line}), 2)

    def test_a_program_that_closes_all_files_keeps_its_own_clean(self):
        run = self.python(
            WORK + "def die(): pass\nwith record('run.chaindebug.jsonl'):\n"
            "    ask(1)\n    os.closerange(3, 50)\n    other = [open(f'other{n}', 'w') for n in range(9)]\n"
            "    main()\nprint(sum(os.path.getsize(f'other{n}') for n in range(9)))"
        )
        self.assertEqual((run.returncode, run.stdout), (0, "0\n"))
        self.assertEqual(run.stderr.count("closed by the program"), 1)
        self.assertEqual(len(self.trace().all("ask")), 1)


class Fork(support.Case):
    def test_child_has_its_own_file(self):
        self.python(
            "import os\nfrom chaindebug_recorder import *\n"
            "@chain_step\n"
            "def work(where): return os.getpid()\n"
            "with record('run.chaindebug.jsonl'):\n"
            "    with step('outer'):\n"
            "        pid = os.fork()\n"
            "        if pid == 0:\n"
            "            work('child')\n"
            "            os._exit(0)\n"
            "        os.waitpid(pid, 0)\n"
            "        work('parent')\n"
            "        if os.fork() == 0: os._exit(0)\n"
        )
        mine = self.trace()
        others = list(self.folder.glob("run-*.chaindebug.jsonl"))
        self.assertEqual(len(others), 1, "a child that records nothing has no file")
        theirs = self.trace(others[0])
        self.assertEqual(mine.one("work")["input"], {"where": "parent"})
        self.assertEqual(theirs.one("work")["input"], {"where": "child"})
        self.assertEqual(others[0].name, f"run-{theirs.one('work')['output']}.chaindebug.jsonl")
        self.assertEqual(theirs.one("work")["parent"], mine.one("outer")["id"])
        self.assertEqual(theirs.header["run"]["id"], mine.header["run"]["id"])
        self.assertFalse(set(mine.steps) & set(theirs.steps))

    def test_a_forked_child_does_not_end_the_parents_steps(self):
        self.python(
            "import os, sys\nfrom chaindebug_recorder import *\n"
            "with record('run.chaindebug.jsonl'):\n"
            "    with step('outer'):\n"
            "        pid = os.fork()\n"
            "        with step('both'): pass\n"
            "    if pid: os.waitpid(pid, 0)\n"
        )
        ends = [line for line in self.trace().lines if line.get("type") == "end"]
        self.assertEqual(len(ends), 2)
        theirs = self.trace(next(self.folder.glob("run-*.chaindebug.jsonl")))
        self.assertEqual(len([line for line in theirs.lines if line.get("type") == "end"]), 1)

    def test_multiprocessing_pool(self):
        (self.folder / "pool.py").write_text(
            "import multiprocessing\nfrom chaindebug_recorder import *\n"
            "@chain_step\n"
            "def square(n): return n * n\n"
            "if __name__ == '__main__':\n"
            "    with record('run.chaindebug.jsonl'):\n"
            "        with multiprocessing.get_context('fork').Pool(2) as pool:\n"
            "            assert pool.map(square, range(20)) == [n * n for n in range(20)]\n"
        )
        run = self.python("import runpy; runpy.run_path('pool.py', run_name='__main__')")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        others = list(self.folder.glob("run-*.chaindebug.jsonl"))
        self.assertEqual(sum(len(self.trace(path).all("square")) for path in others), 20)


class Example(support.Case):
    def test_it_runs(self):
        path = str(support.RECORDER / "example.py")
        run = self.python(f"import runpy; runpy.run_path({path!r}, run_name='__main__')")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        trace = self.trace(self.folder / "example.chaindebug.jsonl")
        self.assertEqual(len(trace.all("answer")), 2)
        self.assertEqual([s["output"] for s in trace.all("retrieve")][1], [])
        self.assertTrue(all(s["usage"]["input_tokens"] and s["messages"] for s in trace.all("write")))
        for got in trace.all("write"):
            self.assertEqual(trace.parent(got), "answer")
            self.assertIn(got["output"].strip(), [s["output"] for s in trace.all("answer")])


class Overhead(support.Case):
    def test_little_when_not_recording(self):
        def plain(a):
            return a

        decorated = chain_step(plain)
        times = {}
        for name, function in (("plain", plain), ("decorated", decorated)):
            times[name] = min(timeit.repeat(lambda: function(1), number=20_000, repeat=7)) / 20_000
        # One more call and one check: far below a microsecond on any machine of today.
        self.assertLess(times["decorated"] - times["plain"], 3e-6)


if __name__ == "__main__":
    unittest.main()
