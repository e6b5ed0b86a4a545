"""Tours: which paragraphs belong to an embed, and how they stand around it.

A *stop* is a paragraph that moves the cursor. An embed with `layout: beside` stands beside the text that follows it, up
to the next heading as high as the one above it, the next embed, or a rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree import ElementTree as etree

#: On a stop: the id of the embed whose cursor it moves.
STOP = "data-chaindebug-stop"

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}


@dataclass
class Embed:
    """An embed of a page."""

    id: str
    html: str
    beside: bool = False
    #: `in-order`, `any-order`, or nothing when paragraphs move no cursor as one reads.
    tour: str = ""
    #: What the check of its stops needs; belongs to whoever made the embed.
    held: object = field(default=None, repr=False)


def shape(root: etree.Element, placed: dict[etree.Element, Embed]) -> None:
    """Wraps each embed that is a tour, or stands beside its text, together with that text."""
    parents = {child: parent for parent in root.iter() for child in parent}
    for element, embed in placed.items():
        if embed.beside or embed.tour:
            _wrap(parents.get(element, root), element, embed, placed)


def _wrap(parent: etree.Element, element: etree.Element, embed: Embed, placed: dict[etree.Element, Embed]) -> None:
    children = list(parent)
    at = children.index(element)
    level = _level_above(children, at)
    text = []
    for child in children[at + 1 :]:
        heading = _HEADINGS.get(str(child.tag), 7)
        if child.tag == "hr" or child in placed or heading <= level:
            break
        text.append(child)
    around = etree.Element("chain-debug-tour", {"class": "chain-debug-tour", "data-for": embed.id})
    if embed.tour:
        around.set("data-tour", embed.tour)
    if embed.beside:
        around.set("data-layout", "beside")
    stage = etree.SubElement(around, "div", {"class": "chain-debug-stage"})
    prose = etree.SubElement(around, "div", {"class": "chain-debug-prose"})
    for child in (element, *text):
        parent.remove(child)
    stage.append(element)
    prose.extend(text)
    parent.insert(at, around)


def _level_above(children: list[etree.Element], at: int) -> int:
    for child in reversed(children[:at]):
        level = _HEADINGS.get(str(child.tag))
        if level:
            return level
    return 6
