"""What a file holds, from ChainDebug itself: its command line, or the engine of a build in Node.

Both give the same answer. Nothing about traces is decided here.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

SCRIPT = Path(__file__).parent / "assets" / "engine.mjs"
#: Seconds to read one file. A page that embeds more has other problems.
PATIENCE = 120


class Unreadable(Exception):
    """The file is there, and ChainDebug can make nothing of it: a sentence."""


class NoEngine(Exception):
    """There is nobody to ask: a sentence that says what to do."""


@dataclass(frozen=True)
class Step:
    """A step of a run."""

    #: In tree order within its run, from 0.
    number: int
    id: str
    name: str
    status: str = ""


@dataclass(frozen=True)
class Run:
    """One run of a file; or one pipeline, whose steps have no moments to stand at."""

    id: str
    name: str
    steps: tuple[Step, ...]
    pipeline: bool = False


@dataclass(frozen=True)
class Held:
    """What a file holds."""

    runs: tuple[Run, ...]
    label: str = ""


class Engine(Protocol):
    """Somebody who reads files."""

    def read(self, path: Path) -> Held:
        """What the file holds. Raises `Unreadable`."""

    def close(self) -> None:
        """Ends what was started."""


class Command:
    """The `chaindebug` command."""

    def __init__(self, program: str) -> None:
        self.program = program

    def read(self, path: Path) -> Held:
        about = self._ask("open", path)
        documents = about["documents"]
        if not any(document["runs"] or document["pipelines"] or document.get("sheets") for document in documents):
            raise Unreadable(_why(documents))
        steps = self._ask("steps", path)
        runs = []
        for run in steps["runs"]:
            first = run["steps"][0]["step"] if run["steps"] else 0
            runs.append(_run(run, [dict(step, step=step["step"] - first) for step in run["steps"]]))
        runs += [_pipeline(one) for one in steps["pipelines"]]
        return Held(tuple(runs), " · ".join(document["label"] for document in documents))

    def _ask(self, command: str, path: Path) -> Any:
        try:
            done = subprocess.run(
                [self.program, command, "--json", str(path)],
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Unreadable(f"it takes longer than {PATIENCE} seconds to read") from None
        except OSError as error:
            raise NoEngine(f"`{self.program}` cannot be started: {error}.") from None
        try:
            return json.loads(done.stdout)
        except ValueError:
            said = done.stderr.decode("utf-8", "replace").strip() or f"`{self.program} {command}` said nothing"
            raise Unreadable(said.splitlines()[-1].rstrip(".")) from None

    def close(self) -> None:
        pass


class Node:
    """The engine of a build, in one process of Node that reads file after file."""

    def __init__(self, program: str, dist: Path) -> None:
        self.program = program
        self.dist = dist
        self._process: subprocess.Popen[str] | None = None

    def read(self, path: Path) -> Held:
        process = self._started()
        assert process.stdin and process.stdout
        try:
            process.stdin.write(json.dumps(str(path)) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = ""
        if not line:
            process.wait()
            self._process = None
            raise NoEngine(f"The engine in {self.dist} does not run in `{self.program}`: see what it says above.")
        answer = json.loads(line)
        if "wrong" in answer:
            raise Unreadable(answer["wrong"])
        runs = [_run(run, run["steps"]) for run in answer["runs"]]
        runs += [_pipeline(one) for one in answer["pipelines"]]
        return Held(tuple(runs), answer["label"])

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            try:
                self._process = subprocess.Popen(
                    [self.program, str(SCRIPT), str(self.dist)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    encoding="utf-8",
                )
            except OSError as error:
                raise NoEngine(f"`{self.program}` cannot be started: {error}.") from None
        return self._process

    def close(self) -> None:
        process, self._process = self._process, None
        if process:
            assert process.stdin and process.stdout
            process.stdin.close()
            process.stdout.close()
            process.wait()


def find(check: str, command: str, node: str, dist: Path | None) -> Engine | None:
    """Who is there to ask. `None` when nobody shall be asked. Raises `NoEngine`."""
    if check == "files":
        return None
    program = shutil.which(command)
    if check in ("auto", "cli") and program:
        return Command(program)
    if check == "cli":
        raise NoEngine(f"There is no command `{command}`. Install ChainDebug's command line, or say `check: node`.")
    if dist and (dist / "chaindebug-wasm.js").is_file():
        program = shutil.which(node)
        if program:
            return Node(program, dist)
        raise NoEngine(f"There is no command `{node}` to run the engine of `dist` with. Install Node 20 or later.")
    if check == "node":
        raise NoEngine("`check: node` needs `dist`: a folder with a build of ChainDebug.")
    raise NoEngine(
        "Nobody is there who can say which steps a file has. Put the `chaindebug` command on PATH, or give `dist` "
        "and have Node; `check: files` says that it does not matter."
    )


def _run(run: dict[str, Any], steps: Sequence[dict[str, Any]]) -> Run:
    each = tuple(Step(step["step"], step["id"], step["name"], step["status"]) for step in steps)
    return Run(run["id"], run["name"], each)


def _pipeline(pipeline: dict[str, Any]) -> Run:
    each = tuple(Step(number, step["id"], step["name"]) for number, step in enumerate(pipeline["steps"]))
    return Run(pipeline["name"], pipeline["name"], each, pipeline=True)


def _why(documents: Sequence[dict[str, Any]]) -> str:
    said = [diagnostic["message"] for document in documents for diagnostic in document.get("diagnostics", [])]
    return said[0].rstrip(".") if said else "there is no run and no pipeline in it"
