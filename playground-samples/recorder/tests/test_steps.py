"""Functions, coroutines, generators, threads and tasks as steps."""

import asyncio
import contextlib
import functools
import inspect
import io
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor

import support
from chaindebug_recorder import chain_step, current_step, step, with_context


class Functions(support.Case):
    def test_nested_calls_input_and_output(self):
        @chain_step(kind="retriever")
        def retrieve(question, k=2):
            return [question.upper()] * k

        @chain_step(kind="chain", name="answer the question")
        def answer(question, *more, **options):
            retrieve(question)
            return {"text": "yes"}

        with self.record():
            self.assertEqual(answer("why", 1, tone="dry"), {"text": "yes"})
        trace = self.trace()
        outer, inner = trace.one("answer the question"), trace.one("retrieve")
        self.assertEqual(outer["input"], {"question": "why", "more": [1], "options": {"tone": "dry"}})
        self.assertEqual(outer["output"], {"text": "yes"})
        self.assertEqual((outer["kind"], outer["status"]), ("chain", "ok"))
        self.assertNotIn("parent", outer)
        self.assertEqual(trace.parent(inner), "answer the question")
        self.assertEqual(inner["input"], {"question": "why", "k": 2})
        self.assertEqual(inner["output"], ["WHY", "WHY"])
        self.assertLessEqual(outer["start"], inner["start"])
        self.assertLessEqual(inner["end"], outer["end"])
        self.assertEqual(trace.end_run["status"], "ok")

    def test_methods_leave_self_out(self):
        class Store:
            @chain_step
            def find(self, key):
                return key

            @classmethod
            @chain_step
            def make(cls, size):
                return size

            @chain_step
            @staticmethod
            def check(key):
                return key

        with self.record():
            Store().find("a")
            Store.make(3)
            Store.check("b")
        trace = self.trace()
        self.assertEqual(trace.one("Store.find")["input"], {"key": "a"})
        self.assertEqual(trace.one("Store.make")["input"], {"size": 3})
        self.assertEqual(trace.one("Store.check")["input"], {"key": "b"})

    def test_exception_is_recorded_and_raised_unchanged(self):
        failure = KeyError("no such key")

        @chain_step
        def inner():
            raise failure

        @chain_step
        def outer():
            inner()

        with self.assertRaises(KeyError) as caught, self.record():
            outer()
        self.assertIs(caught.exception, failure)
        trace = self.trace()
        for name in ("inner", "outer"):
            error = trace.one(name)["error"]
            self.assertEqual(trace.one(name)["status"], "error")
            self.assertEqual((error["type"], error["message"]), ("KeyError", "'no such key'"))
            self.assertIn("raise failure", error["stack"])
            self.assertNotIn("chaindebug_recorder", error["stack"])
        self.assertEqual(trace.end_run["status"], "error")
        self.assertNotIn("output", trace.one("inner"))

    def test_error_type_has_its_module_and_cause(self):
        class Refused(Exception):
            def __str__(self):
                raise RuntimeError("no text")

        @chain_step
        def ask():
            try:
                {}["x"]
            except KeyError as error:
                raise Refused() from error

        with self.record():
            self.assertRaises(Refused, ask)
        error = self.trace().one("ask")["error"]
        self.assertTrue(error["type"].endswith("Refused") and "." in error["type"])
        self.assertIn("RuntimeError", error["message"])
        self.assertIn("direct cause", error["stack"])

    def test_interrupt_and_exit(self):
        @chain_step
        def stop_with(error):
            raise error

        with self.record():
            self.assertRaises(KeyboardInterrupt, stop_with, KeyboardInterrupt())
            self.assertRaises(SystemExit, stop_with, SystemExit(0))
            self.assertRaises(SystemExit, stop_with, SystemExit(2))
        self.assertEqual([s["status"] for s in self.trace().all("stop_with")], ["cancelled", "ok", "error"])

    def test_wrong_arguments_and_partial(self):
        @chain_step
        def two(a, b):
            return a

        partial = chain_step(functools.partial(two, 1), name="half")
        with self.record():
            self.assertRaises(TypeError, two, 1)
            self.assertEqual(partial(2), 1)
        trace = self.trace()
        self.assertEqual(trace.all("two")[0]["input"], {"args": [1], "kwargs": {}})
        self.assertEqual(trace.parent(trace.all("two")[1]), "half")

    def test_capture(self):
        @chain_step(capture_input=False, capture_output=False)
        def secret(key):
            return key

        @chain_step(capture_input=lambda key: {"key": key[:2] + "…"}, capture_output=len)
        def short(key):
            return key

        @chain_step(capture_input=lambda key: 1 / 0, capture_output=lambda out: 1 / 0)
        def broken(key):
            return key

        with self.record():
            self.assertEqual(secret("sk-123"), "sk-123")
            self.assertEqual(short("sk-123"), "sk-123")
            self.assertEqual(broken("sk-123"), "sk-123")
        trace = self.trace()
        self.assertFalse({"input", "output"} & set(trace.one("secret")))
        self.assertEqual(trace.one("short")["input"], {"key": "sk…"})
        self.assertEqual(trace.one("short")["output"], 6)
        self.assertIn("ZeroDivisionError", trace.one("broken")["input"])
        self.assertIn("ZeroDivisionError", trace.one("broken")["output"])

    def test_with_step(self):
        with self.record():
            with step("ask", kind="llm", input="hi", model="first", attributes={"a": 1}) as s:
                self.assertIs(current_step(), s)
                s.input = {"question": "hi"}
                s.model = "small-chat-2"
                s.usage(input_tokens=12, output_tokens=True, cost=0.5)
                s.usage(output_tokens=3, reasoning_tokens=None, cached_tokens="many")
                s.event("first token", after_ms=12)
                s.attribute("gen_ai.provider.name", "local")
                s.messages([{"role": "user", "content": "hi"}])
                s.link("99")
                s.output("hello")
            with step("rank", kind="nonsense", messages=["not messages"], top_k=3) as s:
                s.status = "skipped"
                s.status = "fine"
            with step("give up") as s:
                s.error(ValueError("caught"))
            with self.assertRaises(ValueError), step("raise"):
                raise ValueError("x")
            self.assertFalse(current_step())
        trace = self.trace()
        ask = trace.one("ask")
        self.assertEqual((ask["input"], ask["output"], ask["model"]), ({"question": "hi"}, "hello", "small-chat-2"))
        self.assertEqual(ask["usage"], {"input_tokens": 12, "output_tokens": 3, "cost": 0.5})
        self.assertEqual(ask["attributes"]["gen_ai.provider.name"], "local")
        self.assertEqual(ask["attributes"]["usage.cached_tokens"], "many")
        self.assertEqual(ask["events"][0]["attributes"], {"after_ms": 12})
        self.assertEqual(ask["links"], [{"step": "99"}])
        self.assertEqual(ask["messages"][0]["content"], "hi")
        rank = trace.one("rank")
        self.assertEqual((rank["kind"], rank["status"]), ("other", "skipped"))
        self.assertEqual(rank["attributes"], {"messages": ["not messages"], "top_k": 3, "status": "fine"})
        self.assertEqual(trace.one("give up")["status"], "error")
        self.assertEqual(trace.one("give up")["error"]["message"], "caught")
        self.assertEqual(trace.one("raise")["status"], "error")

    def test_current_step_output_wins_over_the_return_value(self):
        @chain_step
        def work():
            current_step().output("what matters")
            return object()

        with self.record():
            work()
        self.assertEqual(self.trace().one("work")["output"], "what matters")

    def test_nothing_is_recorded_outside(self):
        @chain_step
        def work():
            current_step().event("x")
            return 7

        self.assertEqual(work(), 7)
        with step("idle") as s:
            s.input = 1
            s.output("x")
            s.usage(input_tokens=1)
            self.assertFalse(s)
        self.assertFalse(self.path.exists())

    def test_recursion_near_the_limit_still_raises_for_the_program(self):
        @chain_step(capture_input=False)
        def down(n):
            return down(n + 1)

        with self.record(), contextlib.redirect_stderr(io.StringIO()) as said:
            self.assertRaises(RecursionError, down, 0)
        self.assertLess(said.getvalue().count("\n"), 20)

        @chain_step
        def after():
            return 1

        with self.record():
            after()
        self.assertEqual(self.trace().one("after")["status"], "ok")

    def test_two_recordings_and_append(self):
        @chain_step
        def work():
            pass

        other = self.folder / "other.jsonl"
        with self.record():
            work()
            from chaindebug_recorder import start, stop

            start(other)
            work()
            stop()
            work()
        with self.record(append=True):
            work()
        trace = self.trace()
        self.assertEqual(len([line for line in trace.lines if "chaindebug" in line]), 2)
        self.assertEqual(len([line for line in trace.lines if line.get("type") == "start"]), 3)
        self.assertEqual(len(self.trace(other).all("work")), 1)

    def test_decorated_functions_keep_their_nature(self):
        @chain_step
        def plain():
            "doc"

        @chain_step
        async def coroutine():
            pass

        @chain_step
        def generator():
            yield

        @chain_step
        async def async_generator():
            yield

        self.assertEqual((plain.__name__, plain.__doc__), ("plain", "doc"))
        self.assertTrue(inspect.iscoroutinefunction(coroutine))
        self.assertTrue(inspect.isgeneratorfunction(generator))
        self.assertTrue(inspect.isasyncgenfunction(async_generator))
        self.assertRaises(TypeError, chain_step, int)


class Generators(support.Case):
    def test_values_children_and_return(self):
        @chain_step
        def child(n):
            return n

        @chain_step
        def consumer_side():
            pass

        @chain_step
        def numbers(count):
            for n in range(count):
                yield child(n)
            return "done"

        @chain_step
        def whole():
            result = yield from numbers(2)
            self.assertEqual(result, "done")

        with self.record():
            for _ in numbers(3):
                self.assertFalse(current_step())
                consumer_side()
            list(whole())
        trace = self.trace()
        first = trace.all("numbers")[0]
        self.assertEqual(first["output"], [0, 1, 2])
        self.assertEqual(first["attributes"]["generator.yielded"], 3)
        self.assertEqual(first["attributes"]["generator.returned"], "done")
        self.assertEqual({trace.parent(s) for s in trace.all("child")}, {"numbers"})
        self.assertEqual({trace.parent(s) for s in trace.all("consumer_side")}, {None})
        self.assertEqual(trace.parent(trace.all("numbers")[1]), "whole")

    def test_send_and_throw_are_passed_on(self):
        @chain_step
        def echo():
            got = yield "ready"
            try:
                yield f"got {got}"
            except ValueError as error:
                yield f"caught {error}"

        with self.record():
            source = echo()
            self.assertEqual(next(source), "ready")
            self.assertEqual(source.send("this"), "got this")
            self.assertEqual(source.throw(ValueError("that")), "caught that")
            self.assertRaises(StopIteration, next, source)
        self.assertEqual(self.trace().one("echo")["output"], ["ready", "got this", "caught that"])

    def test_exception_inside(self):
        @chain_step
        def broken():
            yield 1
            raise ValueError("half way")

        with self.record():
            source = broken()
            next(source)
            with self.assertRaisesRegex(ValueError, "half way"):
                next(source)
        got = self.trace().one("broken")
        self.assertEqual((got["status"], got["output"], got["error"]["message"]), ("error", [1], "half way"))

    def test_closed_early_is_no_error(self):
        cleaned = []

        @chain_step
        def endless():
            try:
                while True:
                    yield "x"
            finally:
                cleaned.append(1)

        with self.record():
            for _ in endless():
                break
            held = endless()
            next(held)
            held.close()
        for got in self.trace().all("endless"):
            self.assertEqual(got["status"], "ok")
            self.assertNotIn("error", got)
            self.assertTrue(got["attributes"]["generator.closed_early"])
        self.assertEqual(cleaned, [1, 1])

    def test_ignoring_close_is_the_programs_error(self):
        @chain_step
        def stubborn():
            try:
                yield 1
            except GeneratorExit:
                yield 2

        with self.record():
            source = stubborn()
            next(source)
            self.assertRaises(RuntimeError, source.close)
            source.close()
        self.assertTrue(self.trace().one("stubborn")["attributes"]["generator.closed_early"])

    def test_values_up_to_the_cap_and_text(self):
        @chain_step
        def many():
            for n in range(1000):
                yield "word " * 10

        @chain_step(capture_output="text")
        def tokens():
            yield "Hello"
            yield ", you"

        with self.record(max_value_bytes=1000):
            self.assertEqual(len(list(many())), 1000)
            list(tokens())
        trace = self.trace()
        mark = trace.one("many")["output"][-1]["$truncated"]
        self.assertEqual(mark["items"], 1000)
        self.assertLess(mark["kept"], 30)
        self.assertEqual(trace.one("tokens")["output"], "Hello, you")

    def test_interleaved_generators(self):
        @chain_step
        def child(tag):
            pass

        @chain_step
        def left():
            for _ in range(3):
                child("left")
                yield

        @chain_step
        def right():
            for _ in range(3):
                child("right")
                yield

        with self.record():
            for _ in zip(left(), right()):
                pass
        trace = self.trace()
        for got in trace.all("child"):
            self.assertEqual(trace.parent(got), got["input"]["tag"])

    def test_unrecorded_generators_pass_everything_through(self):
        @chain_step
        def echo():
            got = yield 1
            return got

        source = echo()
        next(source)
        with self.assertRaises(StopIteration) as end:
            source.send("x")
        self.assertEqual(end.exception.value, "x")


class Async(support.Case):
    def test_gather_interleaved(self):
        @chain_step
        async def leaf(tag):
            await asyncio.sleep(0)
            return tag

        @chain_step
        async def branch(tag):
            for _ in range(5):
                await leaf(tag)
                await asyncio.sleep(0)
            return tag

        @chain_step
        async def root():
            return await asyncio.gather(*(branch(n) for n in range(8)))

        with self.record():
            self.assertEqual(asyncio.run(root()), list(range(8)))
        trace = self.trace()
        self.assertEqual(len(trace.all("leaf")), 40)
        for got in trace.all("leaf"):
            self.assertEqual(trace.steps[got["parent"]]["input"], got["input"])
        self.assertEqual({trace.parent(s) for s in trace.all("branch")}, {"root"})

    def test_cancelled_and_failed(self):
        @chain_step
        async def sleeper():
            await asyncio.sleep(60)

        @chain_step
        async def failing():
            raise ValueError("async")

        async def main():
            task = asyncio.create_task(sleeper())
            await asyncio.sleep(0.01)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            with self.assertRaisesRegex(ValueError, "async"):
                await failing()

        with self.record():
            asyncio.run(main())
        trace = self.trace()
        self.assertEqual(trace.one("sleeper")["status"], "cancelled")
        self.assertEqual(trace.one("failing")["error"]["message"], "async")

    def test_async_generators(self):
        @chain_step
        async def child():
            await asyncio.sleep(0)

        @chain_step
        async def numbers():
            got = None
            try:
                while got != "stop":
                    await child()
                    got = yield got
            except KeyError as error:
                yield f"caught {error}"

        @chain_step
        async def endless():
            while True:
                yield 1

        @chain_step
        async def broken():
            yield 1
            raise ValueError("late")

        async def main():
            source = numbers()
            self.assertIsNone(await source.asend(None))
            self.assertFalse(current_step())
            self.assertEqual(await source.asend("one"), "one")
            self.assertEqual(await source.athrow(KeyError("k")), "caught 'k'")
            with self.assertRaises(StopAsyncIteration):
                await source.__anext__()
            self.assertEqual([x async for x in numbers_until_stop()], [None])
            closing = endless()
            await closing.__anext__()
            await closing.aclose()
            async for _ in endless():
                break
            await asyncio.sleep(0.01)  # The loop closes what was left behind.
            with self.assertRaisesRegex(ValueError, "late"):
                async for _ in broken():
                    pass

        async def numbers_until_stop():
            source = numbers()
            yield await source.asend(None)
            with self.assertRaises(StopAsyncIteration):
                await source.asend("stop")

        with self.record():
            asyncio.run(main())
        trace = self.trace()
        self.assertEqual(trace.all("numbers")[0]["output"], [None, "one", "caught 'k'"])
        self.assertEqual({trace.parent(s) for s in trace.all("child")}, {"numbers"})
        self.assertEqual([s["attributes"].get("generator.closed_early") for s in trace.all("endless")], [True, True])
        self.assertEqual([s["status"] for s in trace.all("endless")], ["ok", "ok"])
        self.assertEqual(trace.one("broken")["error"]["message"], "late")

        async def unrecorded():
            source = numbers()
            await source.asend(None)
            self.assertEqual(await source.asend("two"), "two")
            await source.aclose()

        asyncio.run(unrecorded())


class Threads(support.Case):
    def test_pool_with_and_without_context(self):
        @chain_step
        def work(n):
            with step("inside"):
                return n * n

        @chain_step
        def carried():
            with ThreadPoolExecutor(4) as pool:
                return list(pool.map(with_context(work), range(20)))

        @chain_step
        def bare():
            thread = threading.Thread(target=work, args=(99,), name="worker-x")
            thread.start()
            thread.join()

        with self.record():
            self.assertEqual(carried(), [n * n for n in range(20)])
            bare()
        trace = self.trace()
        for got in trace.all("work"):
            if got["input"]["n"] == 99:
                self.assertNotIn("parent", got)
                self.assertEqual(got["attributes"]["thread.name"], "worker-x")
            else:
                self.assertEqual(trace.parent(got), "carried")
        for got in trace.all("inside"):
            self.assertEqual(trace.parent(got), "work")

    def test_many_threads_write_whole_lines(self):
        @chain_step
        def work(n, text):
            return n

        def many(n):
            for _ in range(60):
                work(n, "x" * 3000)

        with self.record():
            threads = [threading.Thread(target=many, args=(n,)) for n in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        trace = self.trace()
        self.assertEqual(len(trace.all("work")), 480)
        self.assertTrue(all(s["status"] == "ok" and s["output"] == s["input"]["n"] for s in trace.all("work")))

    def test_to_thread_keeps_the_parent(self):
        @chain_step
        def work():
            pass

        @chain_step
        async def main():
            await asyncio.to_thread(work)

        with self.record():
            asyncio.run(main())
        trace = self.trace()
        self.assertEqual(trace.parent(trace.one("work")), "main")


if __name__ == "__main__":
    unittest.main()
