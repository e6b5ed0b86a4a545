"""Where things stand in the source of a page, for messages that say the line.

What Markdown gives back holds no lines, so the source is searched for what was written there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>.*?)[ \t]*$")


@dataclass(frozen=True)
class Fence:
    """A fenced block: the lines `start` to `end`, the fences among them."""

    start: int
    end: int
    indent: str
    info: str

    def body(self, lines: list[str]) -> list[str]:
        """What stands between the fences, without the indentation of the block."""
        inside = lines[self.start + 1 : self.end]
        return [line[len(self.indent) :] if line.startswith(self.indent) else line.lstrip() for line in inside]


def fences(lines: list[str]) -> Iterator[Fence]:
    """All fenced blocks that stand in no other one. A block without an end is none."""
    at = 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        if opening and not (opening["fence"][0] == "`" and "`" in opening["info"]):
            end = _end(lines, at, opening["fence"])
            if end is not None:
                yield Fence(at, end, opening["indent"], opening["info"])
                at = end
        at += 1


def _end(lines: list[str], start: int, fence: str) -> int | None:
    for at in range(start + 1, len(lines)):
        text = lines[at].strip()
        if len(text) >= len(fence) and not text.strip(fence[0]):
            return at
    return None


class Finder:
    """Finds the lines of what is met in a page, in the order in which it is met."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._met: Counter[tuple[str, str]] = Counter()
        covered = {line for fence in fences(self._lines) for line in range(fence.start, fence.end + 1)}
        self._prose = [(at, line) for at, line in enumerate(self._lines) if at not in covered]
        self._openings = [(fence.start, self._lines[fence.start]) for fence in fences(self._lines)]

    def opening(self, line: str) -> int | None:
        """The line, counted from 1, of the next block that is opened by this line."""
        here = [(at, int(other.strip() == line.strip())) for at, other in self._openings]
        return self._find(("opening", line.strip()), here)

    def text(self, text: str) -> int | None:
        """The line, counted from 1, of the next place in the prose that holds this text."""
        return self._find(("text", text), [(at, line.count(text)) for at, line in self._prose])

    def _find(self, what: tuple[str, str], counts: list[tuple[int, int]]) -> int | None:
        """The line of the next one, where each line holds so many."""
        seen = self._met[what]
        self._met[what] += 1
        for at, here in counts:
            if seen < here:
                return at + 1
            seen -= here
        return None
