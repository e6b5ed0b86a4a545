"""The Markdown extension: finds the blocks, links and stops of a page, and writes what stands in their place.

What they mean is decided elsewhere: `Page.embed`, `Page.link` and `Page.stop` are told what was found, in the order of
the page, and answer with attributes. Here is only how Markdown is read and written.
"""

from __future__ import annotations

import re
from typing import Protocol
from urllib.parse import parse_qsl
from xml.etree import ElementTree as etree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, STX, AtomicString

from . import tours
from .fence import LANGUAGE
from .source import fences

SCHEME = "chain-debug:"
#: Marks a paragraph that moves the cursor: `{: data-chaindebug-step="…" }`.
STEP = "data-chaindebug-step"
EXPECT = "data-chaindebug-expect"

_INFO = re.compile(r"^\{?\s*\.?" + re.escape(LANGUAGE) + r"(?=[\s}]|$)(?P<options>[^}]*)\}?$")


class Page(Protocol):
    """Who knows what blocks, links and stops of a page mean."""

    def embed(self, opening: str, info: str, body: list[str]) -> tours.Embed:
        """An embed: what stands in its place."""

    def link(self, href: str, fields: dict[str, str], embed: tours.Embed | None) -> dict[str, str]:
        """A link that moves the cursor of `embed`: the attributes of its button."""

    def stop(self, step: str, expect: str, embed: tours.Embed | None) -> dict[str, str]:
        """A paragraph that moves the cursor of `embed`: its attributes."""

    def named(self, id: str) -> tours.Embed | None:
        """The embed of this page with that id."""


class Found:
    """The blocks of one page, by the number of their placeholder."""

    def __init__(self) -> None:
        self.blocks: dict[int, tuple[str, str, list[str]]] = {}
        self.page: Page | None = None


class ChainDebugExtension(Extension):
    """Give it a page before each conversion: without one it leaves everything as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.page: Page | None = None

    def extendMarkdown(self, md: Markdown) -> None:
        md.registerExtension(self)
        self.found = Found()
        self.found.page = self.page
        # Before fenced code (25), after snippets (32) and the normal form of white space (30).
        md.preprocessors.register(_Blocks(md, self.found), "chain-debug", 27)
        # Before the highlighting of indented code (30).
        md.treeprocessors.register(_Code(md, self.found), "chain-debug-code", 31)
        # After links (20) and attribute lists (8), before headings are listed (5).
        md.treeprocessors.register(_Tree(md, self.found), "chain-debug", 6)

    def reset(self) -> None:
        self.found.blocks.clear()
        self.found.page = self.page


class _Blocks(Preprocessor):
    """Puts a placeholder where a block is. What is in it is read when the tree is there, in the order of the page."""

    def __init__(self, md: Markdown, found: Found) -> None:
        super().__init__(md)
        self.found = found

    def run(self, lines: list[str]) -> list[str]:
        if self.found.page is None:
            return lines
        out: list[str] = []
        at = 0
        for fence in fences(lines):
            info = _INFO.match(fence.info)
            if not info:
                continue
            out += lines[at : fence.start]
            number = self.md.htmlStash.html_counter
            placeholder = self.md.htmlStash.store("")
            source = [line[len(fence.indent) :] for line in lines[fence.start : fence.end + 1]]
            self.found.blocks[number] = (lines[fence.start], info["options"], source)
            out += ["", fence.indent + placeholder, ""]
            at = fence.end + 1
        return out + lines[at:]


class _Code(Treeprocessor):
    """Gives back what was taken out of an indented code block: there it is somebody's example."""

    def __init__(self, md: Markdown, found: Found) -> None:
        super().__init__(md)
        self.found = found

    def run(self, root: etree.Element) -> None:
        for code in root.iter("code"):
            if code.text and STX in code.text:
                code.text = AtomicString(HTML_PLACEHOLDER_RE.sub(self._given_back, code.text))

    def _given_back(self, match: re.Match[str]) -> str:
        block = self.found.blocks.pop(int(match[1]), None)
        return "\n".join(block[2]) if block else match[0]


class _Tree(Treeprocessor):
    def __init__(self, md: Markdown, found: Found) -> None:
        super().__init__(md)
        self.found = found

    def run(self, root: etree.Element) -> None:
        page = self.found.page
        if page is None:
            return
        last: tours.Embed | None = None
        placed: dict[etree.Element, tours.Embed] = {}
        #: Links and paragraphs that name an embed by its id may stand before it.
        later: list[tuple[etree.Element, etree.Element | None, tours.Embed | None]] = []
        for element, block in _in_order(root):
            number = _placeholder(element)
            if number in self.found.blocks:
                opening, info, source = self.found.blocks[number]
                last = placed[element] = page.embed(opening, info, source[1:-1])
                self.md.htmlStash.rawHtmlBlocks[number] = last.html
            elif STEP in element.attrib or element.get("href", "").startswith(SCHEME):
                later.append((element, block, last))
        for element, block, embed in later:
            if STEP in element.attrib:
                attributes = page.stop(element.attrib.pop(STEP), element.attrib.pop(EXPECT, ""), embed)
                element.attrib.update(attributes)
            else:
                self._link(page, element, block, embed)
        tours.shape(root, placed)

    def _link(self, page: Page, element: etree.Element, block: etree.Element | None, embed: tours.Embed | None) -> None:
        href = element.attrib.pop("href")
        fields = dict(parse_qsl(href.removeprefix(SCHEME), keep_blank_values=True))
        if "embed" in fields:
            embed = page.named(fields["embed"])
        attributes = page.link(href, fields, embed)
        element.tag = "button"
        element.attrib.update({"type": "button", **attributes})
        if not "".join(element.itertext()).strip():
            element.text = f"step {fields['step']}" if "step" in fields else fields.get("at", "")
        # The paragraph around it is a stop of the embed too, unless it says itself which.
        if block is not None and STEP not in block.attrib and tours.STOP not in block.attrib:
            block.attrib.update({tours.STOP: attributes.get("data-for", ""), **_where(attributes)})


def _where(attributes: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in attributes.items() if key in ("data-step", "data-at", "data-phase", "data-id")}


def _in_order(root: etree.Element) -> list[tuple[etree.Element, etree.Element | None]]:
    """All elements in the order of the page, each with the paragraph or item around it."""
    found: list[tuple[etree.Element, etree.Element | None]] = []
    waiting: list[tuple[etree.Element, etree.Element | None]] = [(root, None)]
    while waiting:
        element, block = waiting.pop()
        found.append((element, block))
        inner = element if element.tag in ("p", "li", "dd", "td") else block
        waiting += [(child, inner) for child in reversed(element)]
    return found


def _placeholder(element: etree.Element) -> int:
    """The number of the placeholder an element consists of, or -1."""
    text = (element.text or "").strip()
    match = HTML_PLACEHOLDER_RE.fullmatch(text) if text else None
    return int(match[1]) if match and len(element) == 0 else -1
