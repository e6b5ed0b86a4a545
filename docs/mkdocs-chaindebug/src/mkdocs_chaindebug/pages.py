"""What the blocks, links and stops of a page mean: files, steps, and everything that is wrong with them."""

from __future__ import annotations

import html
import posixpath
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from . import fence, steps
from .assets import Assets
from .engine import Engine, Held, NoEngine, Unreadable
from .fence import Wrong, nearest
from .options import Options
from .source import Finder
from .tours import STOP, Embed

GO = "chain-debug-go"
#: What a link may say of where the cursor goes, and besides.
PLACE = ("step", "phase", "at", "view")
LINK = (*PLACE, "embed", "expect")


@dataclass
class Site:
    """What the pages of a build share."""

    options: Options
    files: Files
    engine: Engine | None
    assets: Assets
    problems: list[str] = field(default_factory=list)
    _held: dict[Path, Held | Unreadable] = field(default_factory=dict)

    def held(self, path: Path) -> Held | None:
        """What a file holds, read once. `None` when nobody can say."""
        if self.engine is None:
            return None
        if path not in self._held:
            try:
                self._held[path] = self.engine.read(path)
            except Unreadable as wrong:
                self._held[path] = wrong
            except NoEngine as missing:
                raise Wrong(str(missing)) from None
        found = self._held[path]
        if isinstance(found, Unreadable):
            raise Wrong(f"`{path.name}` cannot be read: {found}.")
        return found


@dataclass
class Stage:
    """What is known of an embed while its links and stops are read."""

    held: Held | None
    file: str
    run: str
    #: Where the last stop of a tour stands: a position in the order of moments.
    last: int = -1
    last_name: str = ""


class PageReader:
    """One page. `markup` tells what it finds, in the order of the page."""

    def __init__(self, site: Site, page: Page) -> None:
        self.site = site
        self.page = page
        self.embeds: list[Embed] = []
        self.find = Finder(page.file.content_string)
        self._ids: set[str] = set()

    def embed(self, opening: str, info: str, body: list[str]) -> Embed:
        line = self.find.opening(opening)
        number = len(self.embeds) + 1
        embed = Embed(id=f"chain-debug-{number}", html="")
        try:
            block = fence.read(info, body)
            self._read(embed, block)
        except Wrong as wrong:
            said = self._wrong(line, wrong)
            embed.html = f'<div class="chain-debug-wrong" data-search-exclude>{html.escape(said)}</div>'
        self.embeds.append(embed)
        return embed

    def link(self, href: str, fields: dict[str, str], embed: Embed | None) -> dict[str, str]:
        line = self.find.text(href)
        attributes = {"class": GO}
        try:
            for key, value in fields.items():
                if key not in LINK:
                    raise Wrong(f"A link has no `{key}`." + _meant(nearest(key, LINK) or list(LINK)))
                choices = fence.CHOICES.get(key)
                if choices and value not in choices:
                    raise Wrong(f"`{key}` is {' or '.join(f'`{one}`' for one in choices)}, not `{value}`.")
            if not any(fields.get(key) for key in ("step", "at", "view")):
                raise Wrong(f"`{href}` says neither `step` nor `at` nor `view`.")
            if embed is None:
                raise Wrong(self._no_embed(fields.get("embed")))
            attributes |= {"data-for": embed.id}
            attributes |= {f"data-{key}": fields[key] for key in PLACE if fields.get(key)}
            attributes |= self._checked(embed, fields.get("step", ""), fields.get("at", ""), fields.get("expect", ""))
        except Wrong as wrong:
            self._wrong(line, wrong)
        return attributes

    def stop(self, step: str, expect: str, embed: Embed | None) -> dict[str, str]:
        line = self.find.text(step)
        attributes = {"data-step": step}
        try:
            if embed is None:
                raise Wrong(self._no_embed(None))
            attributes |= {STOP: embed.id}
            attributes |= self._checked(embed, step, "", expect)
        except Wrong as wrong:
            self._wrong(line, wrong)
        return attributes

    def named(self, id: str) -> Embed | None:
        return next((embed for embed in self.embeds if embed.id == id), None)

    def finish(self) -> None:
        """Everything of this page was read."""

    def _wrong(self, line: int | None, wrong: Wrong) -> str:
        place = f"{self.page.file.src_uri}:{line}" if line else self.page.file.src_uri
        said = f"{place}: {wrong}"
        self.site.problems.append(said)
        return said

    def _no_embed(self, named: str | None) -> str:
        if named:
            near = nearest(named, [embed.id for embed in self.embeds])
            return f"There is no embed `{named}` on this page." + _meant(near)
        return "There is no embed before this on the page whose cursor it could move."

    def _read(self, embed: Embed, block: fence.Block) -> None:
        options = block.options
        embed.id = options.get("id", embed.id)
        if embed.id in self._ids:
            raise Wrong(f"The id `{embed.id}` is taken by another embed of this page.")
        self._ids.add(embed.id)
        embed.beside = options.get("layout") == "beside"
        embed.tour = options.get("tour", "")
        name, url, path = self._source(block)
        if "compare" in options:
            options["compare"] = self._address(options["compare"])[1]
        held = self.site.held(path) if path else None
        stage = embed.held = Stage(held, name, options.get("run", ""))
        if held:
            if stage.run:
                steps.run(held, stage.run, name)
            self._checked(embed, options.get("step", ""), options.get("at", ""), "", stop=False)
        embed.html = self._html(embed, options, name, url, path)
        if path:
            self.site.assets.trace(self.page, embed.id, name, path)

    def _source(self, block: fence.Block) -> tuple[str, str, Path | None]:
        """Name and address of a trace, and where it lies when it is one of this site."""
        if block.trace is not None:
            name = posixpath.basename(block.options.get("name", "")) or _name(block.trace)
            file = self.site.assets.inline_trace(name, block.trace.encode())
            return name, get_relative_url(file.uri, self.page.url), file.path
        return self._address(block.options["src"])

    def _address(self, src: str) -> tuple[str, str, Path | None]:
        parts = urlsplit(src)
        if parts.scheme or parts.netloc:
            return posixpath.basename(parts.path) or src, src, None
        found = self._file(unquote(parts.path))
        assert found.abs_src_path
        url = get_relative_url(found.url, self.page.url)
        return posixpath.basename(found.src_uri), url, Path(found.abs_src_path)

    def _file(self, src: str) -> File:
        """A file of the site: named from the page, or with `/` from the top."""
        folder = posixpath.dirname(self.page.file.src_uri)
        uri = posixpath.normpath(src.lstrip("/") if src.startswith("/") else posixpath.join(folder, src))
        found = self.site.files.get_file_from_path(uri)
        if found and found.abs_src_path and not found.is_documentation_page():
            return found
        others = [file.src_uri for file in self.site.files if not file.is_documentation_page()]
        base = posixpath.basename(uri)
        near = [other for other in others if posixpath.basename(other) == base]
        near = near or [other for other in nearest(uri, others) if not other.startswith("assets/")]
        if not near:
            names = {posixpath.basename(other): other for other in others}
            near = [names[name] for name in nearest(base, list(names))]
        shown = [posixpath.relpath(other, folder or ".") for other in near[:3]]
        raise Wrong(f"There is no file `{src}` (looked for `{uri}` in the docs)." + _meant(shown))

    def _checked(self, embed: Embed, step: str, at: str, expect: str, stop: bool = True) -> dict[str, str]:
        """Which step is meant, as attributes. Raises `Wrong` when there is none."""
        stage = embed.held
        if not isinstance(stage, Stage) or stage.held is None:
            return {}
        if step:
            found = steps.step(stage.held, stage.run, step, stage.file)
            if expect and expect != found.status:
                raise Wrong(f"Step `{step}` of `{stage.file}` ended with `{found.status}`, not `{expect}`.")
            if stop and embed.tour == "in-order":
                if found.number < stage.last:
                    raise Wrong(
                        f"This stop is `{step}`, which comes before the stop `{stage.last_name}` above it. "
                        "Put them in the order of the run, or say `tour: any-order`."
                    )
                stage.last, stage.last_name = found.number, step
            return {"data-id": found.id}
        if at:
            steps.moment(stage.held, stage.run, at, stage.file)
        return {}

    def _html(self, embed: Embed, options: dict[str, str], name: str, url: str, path: Path | None) -> str:
        site = self.site.options
        given = {key: options[key] for key in fence.ELEMENT if key in options}
        given |= {"src": url, "start": options.get("start", site.start), "name": name}
        if site.height:
            given.setdefault("height", str(site.height))
        if site.full:
            given["full"] = site.full
        if self.site.assets.holds(path):
            # The trace stands in the element: where the page is a file, nothing can be fetched.
            del given["src"]
        title = options.get("title", "")
        label = html.escape(title or f"The run in {name}", quote=True)
        written = "".join(f' {key}="{html.escape(value, quote=True)}"' for key, value in given.items())
        caption = f"<figcaption>{html.escape(title)}</figcaption>" if title else ""
        return (
            f'<figure class="chain-debug-figure" data-search-exclude>'
            f'<chain-debug id="{embed.id}" aria-label="{label}"{written}>'
            f'<a href="{html.escape(url, quote=True)}" download>{html.escape(name)}</a>'
            f"</chain-debug>{caption}</figure>"
        )


def _meant(near: list[str]) -> str:
    if not near:
        return ""
    return f" Nearest: {', '.join(f'`{one}`' for one in near)}."


def _name(trace: str) -> str:
    """A name for a trace that has none."""
    lines = [line for line in trace.splitlines() if line.strip()]
    if len(lines) > 1 and all(line.startswith("{") for line in lines):
        return "trace.jsonl"
    return "trace.json" if lines[0].lstrip().startswith(("{", "[")) else "trace.txt"
