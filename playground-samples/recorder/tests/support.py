"""What the tests share: paths, the schema, reading back a recorded file."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

try:
    import jsonschema
except ImportError:
    sys.exit("The tests need jsonschema: pip install -r requirements-test.txt")

HERE = pathlib.Path(__file__).resolve().parent
RECORDER = HERE.parent
ROOT = RECORDER.parent.parent
SCHEMA = json.loads((ROOT / "docs" / "chaindebug-trace.schema.json").read_text(encoding="utf-8"))

sys.path.insert(0, str(RECORDER))
import chaindebug_recorder  # noqa: E402

_validator = jsonschema.Draft202012Validator(SCHEMA)


def validator():
    return _validator


def check(test, value, where=""):
    """Fails the test with the deepest complaint when the value is not in the format."""
    if _validator.is_valid(value):
        return
    error = jsonschema.exceptions.best_match(_validator.iter_errors(value))
    test.fail(f"{where} {error.json_path}: {error.message}\n{json.dumps(value)[:600]}")


class Trace:
    """A recorded file, every line checked against the schema, steps put together."""

    def __init__(self, test, path):
        text = pathlib.Path(path).read_bytes().decode("utf-8")
        test.assertTrue(text.endswith("\n"), "the last line is whole")
        self.lines = [json.loads(line, parse_constant=test.fail) for line in text.splitlines()]
        for number, line in enumerate(self.lines, 1):
            check(test, line, f"line {number}")
        self.header = self.lines[0]
        self.end_run = next((line for line in self.lines if line.get("type") == "end_run"), None)
        self.steps = {}
        for line in self.lines:
            kind = line.get("type")
            if kind == "event":
                self.steps[line["step"]].setdefault("events", []).append(line)
            elif kind in ("start", "update", "end"):
                step = self.steps.setdefault(line["id"], {"status": "running"})
                for key, value in line.items():
                    if key in ("attributes", "usage"):
                        step[key] = {**step.get(key, {}), **value}
                    else:
                        step[key] = value

    def all(self, name):
        return [step for step in self.steps.values() if step.get("name") == name]

    def one(self, name):
        found = self.all(name)
        assert len(found) == 1, f"{len(found)} steps named {name}"
        return found[0]

    def parent(self, step):
        return self.steps[step["parent"]]["name"] if "parent" in step else None


class Case(unittest.TestCase):
    """A test with a folder of its own and a recording in it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.path = self.folder / "run.chaindebug.jsonl"

    def record(self, **options):
        return chaindebug_recorder.record(self.path, name="test", **options)

    def trace(self, path=None):
        return Trace(self, path or self.path)

    def python(self, code, **environment):
        """Runs a program that can import the recorder, in the test's folder."""
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(RECORDER), **environment},
            capture_output=True,
            text=True,
            timeout=60,
        )
