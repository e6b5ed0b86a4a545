"""One block: its info string and its body become the options of an embed, and perhaps a trace.

Knows nothing of pages and files. What is wrong becomes a `Wrong` with a sentence.
"""

from __future__ import annotations

import difflib
import re
import shlex
from dataclasses import dataclass, field

#: The first word of the info string.
LANGUAGE = "chain-debug"

#: Options the element itself takes.
ELEMENT = ("src", "compare", "step", "phase", "view", "run", "at", "height", "theme", "start")
#: Options of this plugin.
OWN = ("id", "name", "title", "layout", "tour")
KNOWN = (*ELEMENT, *OWN)

CHOICES = {
    "layout": ("wide", "beside"),
    "tour": ("in-order", "any-order"),
    "view": ("flow", "timeline", "chat", "table", "pipeline"),
    "phase": ("enter", "exit"),
    "start": ("seen", "click"),
    "theme": ("auto", "light", "dark"),
}

_OPTION = re.compile(r"^([A-Za-z][\w-]*)\s*:(?:\s+(.*?)|)\s*$")
_ID = re.compile(r"^[A-Za-z][\w-]*$")


class Wrong(Exception):
    """Something the author of a page has to mend: a sentence."""


@dataclass
class Block:
    """What a block says."""

    options: dict[str, str] = field(default_factory=dict)
    trace: str | None = None


def nearest(wanted: str, among: list[str] | tuple[str, ...], count: int = 3) -> list[str]:
    """What somebody may have meant, the likeliest first."""
    lower: dict[str, str] = {}
    for name in among:
        lower.setdefault(name.lower(), name)
    close = difflib.get_close_matches(wanted.lower(), list(lower), n=count, cutoff=0.5)
    if close:
        return [lower[name] for name in close]
    inside = [name for low, name in lower.items() if wanted and (wanted.lower() in low or low in wanted.lower())]
    return inside[:count]


def read(info: str, body: list[str]) -> Block:
    """Reads a block. `info` is what follows the language, `body` the lines between the fences."""
    block = Block(options=_info(info))
    options, rest = _body(body)
    for key, value in options.items():
        if key in block.options:
            raise Wrong(f"`{key}` is given twice.")
        block.options[key] = value
    if any(line.strip() for line in rest):
        block.trace = "\n".join(rest) + "\n"
    _validate(block)
    return block


def _info(info: str) -> dict[str, str]:
    text = info.strip()
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise Wrong(f"The options `{text}` cannot be read: {str(error).lower()}.") from None
    options: dict[str, str] = {}
    for word in words:
        key, sign, value = word.partition("=")
        # `tour` alone is a switch.
        if not sign and key == "tour":
            value = "in-order"
        elif not sign:
            raise Wrong(f"`{word}` is not an option: options look like `src=trace.jsonl`.")
        if key in options:
            raise Wrong(f"`{key}` is given twice.")
        options[key] = value
    return options


def _body(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Options at the beginning of a body, and the trace after them.

    A body begins with options when its first line is one that is known. They end at `---`, or with the body.
    """
    first = next((line for line in lines if line.strip()), "")
    begins = _OPTION.match(first)
    if not begins or begins.group(1) not in KNOWN:
        return {}, lines
    options: dict[str, str] = {}
    for at, line in enumerate(lines):
        if line.strip() == "---":
            return options, lines[at + 1 :]
        if not line.strip():
            continue
        found = _OPTION.match(line)
        if not found:
            raise Wrong(
                f"`{line.strip()}` is not an option. Options look like `key: value`; a trace begins after a line `---`."
            )
        key, value = found.group(1), (found.group(2) or "").strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        if key in options:
            raise Wrong(f"`{key}` is given twice.")
        options[key] = value
    return options, []


def _validate(block: Block) -> None:
    options = block.options
    for key, value in options.items():
        if key not in KNOWN:
            near = nearest(key, KNOWN)
            meant = f"Did you mean `{near[0]}`?" if near else f"There are: {', '.join(f'`{one}`' for one in KNOWN)}."
            raise Wrong(f"There is no option `{key}`. {meant}")
        if key == "tour" and value in ("true", "yes", ""):
            value = options[key] = "in-order"
        if not value:
            raise Wrong(f"`{key}` has no value.")
        choices = CHOICES.get(key)
        if choices and value not in choices:
            raise Wrong(f"`{key}` is {' or '.join(f'`{one}`' for one in choices)}, not `{value}`.")
    for key in ("height", "at"):
        number = options.get(key, "0")
        if not number.removesuffix("px").strip().isdecimal() and (key, number) != ("height", "auto"):
            raise Wrong(f"`{key}` wants a number, not `{number}`.")
    if "height" in options:
        options["height"] = options["height"].removesuffix("px").strip()
    if "id" in options and not _ID.match(options["id"]):
        raise Wrong(f"`id` wants letters, digits, `-` and `_`, and begins with a letter; not `{options['id']}`.")
    if ("src" in options) == (block.trace is not None):
        if block.trace is None:
            raise Wrong("The block names no `src` and holds no trace.")
        raise Wrong("The block names a `src` and holds a trace too; one of them is enough.")
    if "compare" in options and "src" not in options:
        raise Wrong("`compare` names a second file, and there is no `src`.")
    if "step" in options and "at" in options:
        raise Wrong("The block says both `step` and `at`; one of them is enough.")
