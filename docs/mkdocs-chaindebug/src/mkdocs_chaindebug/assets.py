"""What is put into the site beside the pages: a build of ChainDebug, our script and style, and traces."""

from __future__ import annotations

import base64
import gzip
import html
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from .options import Options

FOLDER = "assets/chain-debug"
SCRIPT = "chain-debug-mkdocs.js"
STYLE = "chain-debug-mkdocs.css"
ELEMENT = "chain-debug.js"
#: What Material's search needs in a page from a disk. Material would fetch it from another host when the page is read.
SHIM = "iframe-worker.js"
#: What a build holds and an embed never asks for.
LEFT_OUT_FOLDERS = ("samples", "docs")
LEFT_OUT = (".br", ".gz", ".map", ".md", ".d.ts")


@dataclass(frozen=True)
class Inline:
    """A trace that stood in a page, as a file of the site."""

    uri: str
    path: Path


class Assets:
    """What one build of the site needs beside its pages."""

    def __init__(self, options: Options, config: MkDocsConfig) -> None:
        self.options = options
        self.offline = _offline(config)
        self._files: list[File] = []
        self._config = config
        self._scratch = TemporaryDirectory(prefix="chain-debug-")
        #: For each page its traces: id of the embed, name, bytes.
        self._inline: dict[str, list[tuple[str, str, bytes]]] = defaultdict(list)

    def add_to(self, config: MkDocsConfig) -> None:
        """Our script and style, and the element's script, on every page: navigation without loading runs none again."""
        element = self.options.url or f"{FOLDER}/{ELEMENT}"
        for path in (element, f"{FOLDER}/{SCRIPT}"):
            script = ExtraScriptValue(path)
            script.defer = True
            if not any(str(other) == path for other in config.extra_javascript):
                config.extra_javascript.append(script)
        style = f"{FOLDER}/{STYLE}"
        if style not in config.extra_css:
            config.extra_css.insert(0, style)
        if self.offline:
            polyfills = config.extra.get("polyfills", [])
            config.extra["polyfills"] = [f"{FOLDER}/{SHIM}" if _shim_elsewhere(one) else one for one in polyfills]

    def add_files(self, files: Files, config: MkDocsConfig) -> None:
        """The files of a build, our own, and those of the folders that were named."""
        own = Path(__file__).parent / "assets"
        for name in (SCRIPT, STYLE, *((SHIM,) if self.offline else ())):
            self._add(files, f"{FOLDER}/{name}", own / name)
        if self.options.dist and not self.options.url:
            dist = Path(self.options.dist)
            if not (dist / ELEMENT).is_file():
                raise PluginError(f"chain-debug: `dist` is {dist}, and there is no {ELEMENT} in it.")
            for path in _below(dist, LEFT_OUT_FOLDERS):
                if not path.name.endswith(LEFT_OUT):
                    self._add(files, f"{FOLDER}/{path.relative_to(dist).as_posix()}", path)
        for at, folder in self.options.folders.items():
            for path in _below(Path(folder), ()):
                if not path.name.endswith((".md", ".pyc", ".html")):
                    self._add(files, f"{at.strip('/')}/{path.relative_to(folder).as_posix()}", path)

    def _add(self, files: Files, uri: str, path: Path) -> None:
        if files.get_file_from_path(uri) is None:
            files.append(File.generated(self._config, uri, abs_src_path=str(path)))

    def inline_trace(self, name: str, content: bytes) -> Inline:
        """A trace that stood in a page becomes a file of the site, named by its content: the same in every build."""
        uri = f"{FOLDER}/traces/{sha256(content).hexdigest()[:16]}/{name}"
        path = Path(self._scratch.name, uri)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            self._files.append(File.generated(self._config, uri, abs_src_path=str(path)))
        return Inline(uri, path)

    def holds(self, path: Path | None) -> bool:
        """Whether a trace stands in the page that shows it."""
        return path is not None and (
            self.options.inline == "always" or (self.options.inline == "auto" and self.offline)
        )

    def trace(self, page: Page, embed: str, name: str, path: Path) -> None:
        """The embed of a page shows this file."""
        if self.holds(path):
            self._inline[page.file.src_uri].append((embed, name, path.read_bytes()))

    def add_traces(self, files: Files) -> None:
        """Files that came up while the pages were read."""
        for file in self._files:
            files.append(file)

    def with_traces(self, output: str, page: Page) -> str:
        """Puts traces into the finished page where it is made for a disk: there nothing can be fetched."""
        for embed, name, content in self._inline.get(page.file.src_uri, ()):
            # mtime=0: the same page in every build.
            packed = base64.b64encode(gzip.compress(content, mtime=0)).decode()
            script = (
                f'<script type="application/x-chain-debug" data-name="{html.escape(name)}" data-encoding="gzip base64">'
                f"{packed}</script>"
            )
            before, element, after = output.partition(f'<chain-debug id="{embed}"')
            tag, end, rest = after.partition(">")
            output = before + element + tag + end + script + rest
        return output


def _below(folder: Path, left_out: tuple[str, ...]) -> Iterator[Path]:
    for at, folders, names in os.walk(folder):
        out = left_out if at == str(folder) else ()
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")) and name not in out)
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(at, name)


def _shim_elsewhere(script: object) -> bool:
    """Whether a script is the stand-in for workers, on another host: a page that is read offline cannot ask there."""
    return "iframe-worker" in str(script) and str(script).startswith(("https://", "http://", "//"))


def _offline(config: MkDocsConfig) -> bool:
    """Whether Material's plugin for reading offline is at work."""
    for name, plugin in config.plugins.items():
        if name.split("/")[-1] == "offline":
            return bool(getattr(plugin.config, "enabled", True))
    return False
