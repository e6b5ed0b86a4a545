"""The JSON Schema of the trace format, against the docs, the samples and bad lines.

What the recorder writes is checked in test_recorder.py.
"""

import json
import re
import unittest

import support


class Schema(unittest.TestCase):
    def test_is_itself_valid(self):
        support.validator().check_schema(support.SCHEMA)

    def test_every_example_of_the_docs(self):
        text = (support.ROOT / "docs" / "format.md").read_text(encoding="utf-8")
        lines = re.findall(r"^```jsonl\n(.*?)^```", text, re.S | re.M)
        documents = re.findall(r"^```json\n(.*?)^```", text, re.S | re.M)
        self.assertGreaterEqual(len(lines), 3)
        self.assertGreaterEqual(len(documents), 2)
        for block in lines:
            for line in block.splitlines():
                support.check(self, json.loads(line))
        for block in documents:
            support.check(self, json.loads(block))

    def test_every_sample(self):
        folder = support.ROOT / "playground-samples"
        paths = sorted(folder.rglob("*.chaindebug.jsonl"))
        for path in paths:
            with self.subTest(path=path.name):
                lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
                # A file that does not end in a line feed was cut off: its last line is
                # allowed to be broken, no other.
                cut = lines.pop()
                if cut:
                    try:
                        lines.append(json.dumps(json.loads(cut)))
                    except ValueError:
                        pass
                self.assertIn("chaindebug", json.loads(lines[0]))
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        support.check(self, json.loads(line), f"{path.name}:{number}")
        for path in sorted(folder.rglob("*.chaindebug.json")):
            with self.subTest(path=path.name):
                support.check(self, json.loads(path.read_text(encoding="utf-8")), path.name)

    def test_the_sample_that_was_cut_off(self):
        path = support.ROOT / "playground-samples" / "cut-off-by-a-crash.chaindebug.jsonl"
        *lines, cut = path.read_text(encoding="utf-8").split("\n")
        self.assertRaises(ValueError, json.loads, cut)
        lines = [json.loads(line) for line in lines]
        started = {line["id"]: line for line in lines if line.get("type") == "start"}
        ended = {line["id"] for line in lines if line.get("type") == "end"}
        self.assertEqual((len(started), len(started) - len(ended)), (65, 5))
        for line in started.values():
            self.assertTrue("parent" not in line or started[line["parent"]]["start"] <= line["start"])
            self.assertTrue(line.get("parent") not in ended or line["id"] in ended)
        self.assertNotIn("end_run", [line.get("type") for line in lines])

    def test_accepts(self):
        for line in [
            {"chaindebug": 1},
            {"name": ""},
            {"name": "x", "id": 3, "parent": None, "colour": "unknown fields are kept"},
            {"name": "x", "start": 0, "end": "1500000000"},
            {"name": "x", "start": "2026-03-02 09:15:04.123456789+01:00"},
            {"name": "x", "start": "2026-03-02T09:15:04"},
            {"name": "x", "error": "just a text", "output": None},
            {"name": "x", "links": [{"step": 4}, {"run": "other", "step": "4"}]},
            {"name": "x", "messages": [{"role": "tool", "content": [{"type": "text"}]}]},
            {"type": "update", "id": "1", "model": "small-chat-2"},
            {"type": "end", "id": "1"},
            {"type": "end_run"},
            {"chaindebug": 1, "steps": []},
            {"chaindebug": 1, "runs": [{"steps": [{"type": "start", "id": 1, "name": "x"}]}]},
        ]:
            with self.subTest(line=line):
                support.check(self, line)

    def test_refuses(self):
        for line in [
            [],
            "text",
            {},
            {"chaindebug": 2},
            {"chaindebug": "1"},
            {"chaindebug": 1, "type": "step", "name": "x"},
            {"chaindebug": 1, "steps": [], "runs": []},
            {"chaindebug": 1, "steps": [{"kind": "llm"}]},
            {"chaindebug": 1, "runs": [{"name": "no steps"}]},
            {"chaindebug": 1, "limits": {"value_bytes": 0}},
            {"type": "step"},
            {"type": "span", "name": "x"},
            {"type": "start", "name": "no id"},
            {"type": "start", "id": None, "name": "x"},
            {"type": "start", "id": "1"},
            {"type": "update", "name": "no id"},
            {"type": "end"},
            {"type": "event", "name": "no step"},
            {"type": "event", "step": "1"},
            {"type": "end_run", "status": "fine"},
            {"name": 7},
            {"name": "x", "id": ""},
            {"name": "x", "id": 1.5},
            {"name": "x", "kind": "LLM"},
            {"name": "x", "status": "success"},
            {"name": "x", "start": 1.5},
            {"name": "x", "start": "yesterday"},
            {"name": "x", "start": "2026-03-02"},
            {"name": "x", "start": "2026-13-02T09:15:04Z"},
            {"name": "x", "start": "2026-03-02T09:15:04.1234567890Z"},
            {"name": "x", "usage": {"input_tokens": -1}},
            {"name": "x", "usage": {"input_tokens": "12"}},
            {"name": "x", "usage": {"cost": "$1"}},
            {"name": "x", "messages": [{"content": "no role"}]},
            {"name": "x", "attributes": []},
            {"name": "x", "events": [{"time": 1}]},
            {"name": "x", "links": ["4"]},
            {"name": "x", "error": 7},
        ]:
            with self.subTest(line=line):
                self.assertFalse(support.validator().is_valid(line))


if __name__ == "__main__":
    unittest.main()
