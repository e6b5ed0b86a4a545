"""Every value becomes valid JSON, no matter what it is, and never more than the limit."""

import collections
import dataclasses
import datetime
import decimal
import enum
import json
import pathlib
import threading
import typing
import unittest
import uuid
from unittest import mock

import chaindebug_recorder
import support
from chaindebug_recorder import chain_step, step


def encode(value, limit=chaindebug_recorder.DEFAULT_VALUE_BYTES):
    def refuse(word):
        raise AssertionError(f"{word} is not JSON")

    text = chaindebug_recorder._encode(value, limit)
    text.encode("utf-8")
    return json.loads(text, parse_constant=refuse)


class Colour(enum.Enum):
    RED = "r"


class Level(enum.IntEnum):
    HIGH = 3


class Tag(str, enum.Enum):
    NEW = "new"


@dataclasses.dataclass
class Invoice:
    number: int
    lines: list
    token: str = dataclasses.field(default="secret", repr=False)


class Model:
    def model_dump(self):
        return {"answer": 42, "when": datetime.date(2026, 3, 2)}


class BrokenModel:
    def model_dump(self):
        raise RuntimeError("no")


class BrokenRepr:
    def __repr__(self):
        raise ValueError("no")


class Point(typing.NamedTuple):
    x: int
    y: int


class Values(support.Case):
    def test_plain_values_stay_as_they_are(self):
        for value in [None, True, 0, -1, 1.5, "", "é😀\u2028\x00", [], {}, [1, [2, {"a": None}]], {"b": 1, "a": 2}]:
            with self.subTest(value=value):
                self.assertEqual(encode(value), value)
        self.assertEqual(list(encode({"b": 1, "a": "x"})), ["b", "a"])

    def test_numbers(self):
        self.assertEqual(encode(2**200), 2**200)
        self.assertEqual(encode(1 << 100_000)["$repr"], "<whole number of 100001 bits>")
        for value, text in [(float("nan"), "nan"), (float("inf"), "inf"), (float("-inf"), "-inf")]:
            self.assertEqual(encode({"x": value})["x"], {"$repr": text, "$type": "float"})
        self.assertEqual(encode(decimal.Decimal("1.10")), {"$repr": "Decimal('1.10')", "$type": "decimal.Decimal"})

    def test_known_classes(self):
        moment = datetime.datetime(2026, 3, 2, 9, 15, tzinfo=datetime.timezone.utc)
        some = uuid.uuid4()
        self.assertEqual(encode(moment), "2026-03-02T09:15:00+00:00")
        self.assertEqual(encode(some), str(some))
        self.assertEqual(encode(pathlib.PurePosixPath("a/b")), "a/b")
        self.assertEqual(encode(Colour.RED), {"$type": f"{__name__}.Colour", "name": "RED", "value": "r"})
        self.assertEqual(encode(Level.HIGH), 3)
        self.assertEqual(encode(Tag.NEW), "new")
        self.assertEqual(encode(Invoice(7, [1])), {"$type": f"{__name__}.Invoice", "number": 7, "lines": [1]})
        self.assertEqual(encode(Model()), {"$type": f"{__name__}.Model", "answer": 42, "when": "2026-03-02"})
        self.assertEqual(encode(Point(1, 2)), {"$type": f"{__name__}.Point", "x": 1, "y": 2})
        self.assertEqual(encode((1, 2)), [1, 2])
        self.assertEqual(encode(collections.deque([1])), [1])
        self.assertEqual(encode({"a": 1}.keys()), ["a"])
        self.assertEqual(encode(collections.OrderedDict(a=1)), {"a": 1})
        self.assertEqual(encode({"b", "a", "c"}), {"$type": "set", "$items": ["a", "b", "c"]})

    def test_described(self):
        self.assertEqual(encode(b"\x89PNG"), {"$repr": "b'\\x89PNG'", "$type": "bytes"})
        big = encode(b"x" * 10_000)
        self.assertEqual(big["$truncated"], {"bytes": 10_000, "kept": 48})
        lock = encode(threading.Lock())
        self.assertEqual(lock["$type"], "_thread.lock")
        self.assertIn("repr raised ValueError", encode(BrokenRepr())["$repr"])
        self.assertIn("RuntimeError", encode(BrokenModel())["$repr"])
        self.assertEqual(encode(iter([1]))["$type"], "list_iterator")
        self.assertIn("\\udc80", encode("bad \udc80")["$repr"])
        self.assertEqual(encode(mock.MagicMock(name="client"))["$type"], "unittest.mock.MagicMock")
        self.assertEqual(encode(int)["$type"], "type")
        self.assertEqual(encode(ValueError("x"))["$repr"], "ValueError('x')")

    def test_generators_are_not_used_up(self):
        source = (n for n in range(3))
        encode({"source": source})
        self.assertEqual(list(source), [0, 1, 2])

    def test_keys(self):
        self.assertEqual(encode({1: "a", "1": "b"}), {"$type": "dict", "$pairs": [[1, "a"], ["1", "b"]]})
        self.assertEqual(encode({"$repr": "mine"}), {"$type": "dict", "$pairs": [["$repr", "mine"]]})
        self.assertEqual(encode({"$set": {"a": 1}}), {"$set": {"a": 1}})
        self.assertEqual(encode({(1, 2): 3})["$pairs"], [[[1, 2], 3]])
        self.assertEqual(encode({"\udc80": 1})["$type"], "dict")

    def test_cycles_and_depth(self):
        circle = {"name": "x"}
        circle["self"] = [circle]
        self.assertIn("cycle", encode(circle)["self"][0]["$repr"])
        twice = [1]
        self.assertEqual(encode([twice, twice]), [[1], [1]])
        deep = []
        for _ in range(100_000):
            deep = [deep]
        self.assertIn("nested deeper", chaindebug_recorder._encode(deep))
        wide = []
        for _ in range(60):
            wide = [wide, wide]
        self.assertLess(len(chaindebug_recorder._encode(wide, 10_000)), 30_000)

    def test_limits(self):
        cut = encode("é" * 10_000, 1001)
        self.assertEqual(cut["$truncated"], {"bytes": 20_000, "kept": 1000})
        self.assertEqual(cut["$text"], "é" * 500)
        many = encode(list(range(100_000)), 1000)
        self.assertEqual(many[-1]["$truncated"]["items"], 100_000)
        self.assertEqual(many[-1]["$truncated"]["kept"], len(many) - 1)
        fields = encode({f"key{n}": "x" * 50 for n in range(5000)}, 1000)
        self.assertEqual(fields["$truncated"], {"items": 5000, "kept": len(fields) - 1})
        large = encode({n for n in range(5000)}, 1000)
        self.assertEqual(large["$items"][-1]["$truncated"]["items"], 5000)
        self.assertLess(len(encode(BigRepr(), 2000)["$repr"]), 2001)

    def test_one_huge_field_does_not_crowd_out_the_rest(self):
        state = {"documents": ["x" * 100_000] * 3, "prompt": "y" * 50_000, "question": "why?", "n": 3}
        cut = encode(state, 2000)
        self.assertEqual((cut["question"], cut["n"]), ("why?", 3))
        self.assertEqual(list(cut), list(state))
        self.assertIn("$truncated", cut["prompt"])

    def test_size_stays_near_the_limit(self):
        nasty = [
            "x" * 10**6,
            ["x" * 100] * 10_000,
            {f"k{n}": {"a": ["b" * 20] * 20} for n in range(2000)},
            [[[["deep"] * 50] * 50] * 50] * 50,
            {n: n for n in range(100_000)},
            [object() for _ in range(10_000)],
        ]
        for value in nasty:
            for limit in (1, 100, 5_000, 100_000):
                with self.subTest(limit=limit, value=str(value)[:30]):
                    size = len(chaindebug_recorder._encode(value, limit).encode())
                    self.assertLess(size, limit * 2 + 1000)

    def test_the_limit_is_said_and_kept(self):
        with self.record(max_value_bytes=500):
            with step("x", input="y" * 10_000) as s:
                s.attribute("long", "z" * 10_000)
        trace = self.trace()
        self.assertEqual(trace.header["limits"], {"value_bytes": 500})
        self.assertEqual(trace.one("x")["input"]["$truncated"], {"bytes": 10_000, "kept": 500})
        self.assertEqual(trace.one("x")["attributes"]["long"]["$truncated"]["kept"], 500)

    def test_later_changes_do_not_change_the_record(self):
        @chain_step
        def spoil(items):
            items.clear()
            return items

        with self.record():
            result = spoil([1, 2])
            result.append("later")
        got = self.trace().one("spoil")
        self.assertEqual((got["input"], got["output"]), ({"items": [1, 2]}, []))

    def test_a_repr_that_calls_a_step_is_no_step(self):
        @chain_step
        def helper():
            return "text"

        class Thing:
            def __repr__(self):
                return helper()

        @chain_step
        def work(thing):
            pass

        with self.record():
            work(Thing())
        trace = self.trace()
        self.assertEqual(len(trace.steps), 1)
        self.assertEqual(trace.one("work")["input"]["thing"]["$repr"], "text")

    def test_odd_names(self):
        with self.record(attributes={"commit": "9f2c1", "odd": object()}):
            with step("bad \udc80 name\n", odd=object()) as s:
                s.event(7, x=float("nan"))
                s.model = None
                s.attribute(3, 4)
                s.error("plain \udc80 text")
            with step(None):
                pass
        self.assertEqual(len(self.trace().steps), 2)


class BigRepr:
    def __repr__(self):
        return "r" * 10**6


if __name__ == "__main__":
    unittest.main()
