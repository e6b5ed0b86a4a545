"""What MkDocs does not do by itself: a page for each format, out of the tables in formats.md, and CONTRIBUTING.md as a page.

formats.md stays the only place where formats are described; formats.yml says which sample each page shows.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

HERE = Path(__file__).parent
DOCS = HERE.parent
ROOT = DOCS.parent
GROUP = "formats/{}.md"
#: A link of Markdown: its words and where it leads.
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
#: In a page: the address of the app.
APP = "APP-ADDRESS"

#: Heading of a page's section for each column of the tables.
SECTIONS = {
    "format": "What it is",
    "how it is told": "How it is told",
    "who writes it, and how to get the file": "How to get the file",
    "what is read": "What is read",
    "what is not in it": "What is not in it",
    "what to know": "What to know",
}


@dataclass
class Format:
    """A row of a table in formats.md."""

    id: str
    group: str
    cells: dict[str, str]


def table() -> list[Format]:
    """All rows, in the order of the page."""
    formats: list[Format] = []
    group, columns = "", []
    for line in (DOCS / "formats.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            group, columns = line.lstrip("# ").strip(), []
        elif line.startswith("|"):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            if cells[0] == "id":
                columns = cells
            elif columns and not set(cells[0]) <= set("-:"):
                row = dict(zip(columns, cells, strict=True))
                formats.append(Format(row.pop("id").strip("`"), group, row))
    return formats


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Puts the formats into the navigation, below the entry `Formats`."""
    options = config.plugins["chain-debug"].config
    if not options.url and (Path(config.site_dir).parent / "chain-debug.js").is_file():
        # Below the app, whose files serve these pages too.
        options.url = "../chain-debug.js"
    samples = yaml.safe_load((HERE / "formats.yml").read_text(encoding="utf-8"))
    formats = table()
    named, told = set(samples), {one.id for one in formats}
    if named != told:
        raise PluginError(f"docs/tools/formats.yml and docs/formats.md differ in: {', '.join(sorted(named ^ told))}")
    groups: dict[str, list[dict[str, str]]] = {}
    for one in formats:
        groups.setdefault(one.group, []).append({samples[one.id]["title"]: GROUP.format(one.id)})
    for entry in config.nav or []:
        if "Formats" in entry:
            entry["Formats"] = ["formats.md", *({group: pages} for group, pages in groups.items())]
    config["formats"] = {one.id: (one, samples[one.id]) for one in formats}
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for one, shown in config["formats"].values():
        files.append(File.generated(config, GROUP.format(one.id), content=page(one, shown)))
    files.append(File.generated(config, "contributing.md", content=contributing()))
    return files


def page(one: Format, shown: dict[str, str]) -> str:
    """The page of a format."""
    options = [f"src: ../{shown['sample']}", *(f"{key}: {shown[key]}" for key in ("step", "view", "run") if key in shown)]
    said = [f"# {shown['title']}", ""]
    first, *rest = one.cells.items()
    # The cells begin as sentences do, and end without a full stop.
    said += [_sentence(relinked(first[1], "../")), "", "```chain-debug", *options, "```", ""]
    for column, text in rest:
        if text:
            said += [f"## {SECTIONS[column]}", "", _sentence(relinked(text, "../")), ""]
    said += [
        "## Try it",
        "",
        f"Drop such a file on <a href=\"{APP}\">the page</a>. In a terminal, `chaindebug open FILE` says what it "
        f"was read as; the id of this format is `{one.id}`. See [all formats](../formats.md).",
        "",
    ]
    return "\n".join(said)


def _sentence(text: str) -> str:
    text = text[0].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


#: In CONTRIBUTING.md as a page: what an importer makes of its fixture, where the text begins to tell how.
FIXTURE = """
```chain-debug
src: fixtures/traces/zipkin.json
title: The fixture of an importer, as its format's page shows it.
```
"""


def contributing() -> str:
    """CONTRIBUTING.md, with its links as they are from the top of the docs, and an embed."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").replace("](docs/", "](")
    opening, heading, rest = text.partition("## Add a format\n")
    if not heading:
        raise PluginError("CONTRIBUTING.md has no heading “Add a format”, where its embed belongs.")
    told, gap, rest = rest.lstrip().partition("\n\n")
    return relinked(f"{opening}{heading}\n{told}\n{FIXTURE}{gap}{rest}", "")


def relinked(text: str, up: str) -> str:
    """Links to pages of the docs, as they are from a folder below; other files of the project stay words."""

    def link(match: re.Match[str]) -> str:
        words, target = match[1], match[2]
        if "://" in target or target.startswith("#"):
            return match[0]
        path = DOCS / target.split("#")[0]
        return f"[{words}]({up}{target})" if path.is_file() else words

    return LINK.sub(link, text)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    uri = page.file.src_uri
    if uri == "formats.md":
        markdown = re.sub(
            r"^\| `([\w-]+)` \|",
            lambda row: f"| [`{row[1]}`](formats/{row[1]}.md) |" if row[1] in config["formats"] else row[0],
            markdown,
            flags=re.MULTILINE,
        )
    return inside(markdown, uri).replace(APP, "../" * page.url.count("/") + app(config))


def inside(markdown: str, uri: str) -> str:
    """A page whose links to files of the project that are not in the docs are words."""

    def link(match: re.Match[str]) -> str:
        path = Path(os.path.normpath((DOCS / uri).parent / match[2].split("#")[0]))
        return match[0] if "://" in match[2] or path.is_relative_to(DOCS) else match[1]

    return LINK.sub(link, markdown)


def app(config: MkDocsConfig) -> str:
    """Where the app is, from the top of the site: beside the script of the element."""
    url = config.plugins["chain-debug"].config.url
    return f"{url.rpartition('/')[0]}/" if url else "assets/chain-debug/index.html"


