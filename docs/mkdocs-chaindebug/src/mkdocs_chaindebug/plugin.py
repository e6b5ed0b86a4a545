"""What MkDocs calls, in the order in which it calls it.

A page is judged whole and the site is judged whole: everything that is wrong is said, and then the build fails.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Literal

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from .assets import Assets
from .engine import Engine, NoEngine, find
from .markup import ChainDebugExtension
from .options import Options
from .pages import PageReader, Site

log = logging.getLogger("mkdocs.plugins.chain-debug")


class ChainDebugPlugin(BasePlugin[Options]):  # type: ignore[no-untyped-call]  # MkDocs has no types there.
    """Blocks of the language `chain-debug` become embeds of ChainDebug."""

    def __init__(self) -> None:
        self.serving = False
        self.extension = ChainDebugExtension()
        self.engine: Engine | None = None
        self.asked: object = None
        self.site: Site
        self.assets: Assets

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self.serving = command == "serve"

    # After plugins that change the shape of addresses, such as the one for reading offline.
    @event_priority(-50)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        if not self.config.dist and not self.config.url:
            raise PluginError(
                "chain-debug: say where ChainDebug is: `dist: FOLDER` (a build, which is copied into the site) or "
                "`url: ADDRESS` of its chain-debug.js."
            )
        self.assets = Assets(self.config, config)
        self.assets.add_to(config)
        # Python-Markdown takes extensions themselves as well as their names.
        extensions: list[object] = config.markdown_extensions  # type: ignore[assignment]
        if self.extension not in extensions:
            extensions.append(self.extension)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        self.assets.add_files(files, config)
        # MkDocs keeps this object from build to build, also when the options change in between.
        asked = (self.config.check, self.config.command, self.config.node, self.config.dist)
        if self.asked != asked:
            self.on_shutdown()
            self.engine, self.asked = self._engine(), asked
        self.site = Site(self.config, files, self.engine, self.assets)
        return files

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        self.extension.page = PageReader(self.site, page)
        return markdown

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        if isinstance(self.extension.page, PageReader):
            self.extension.page.finish()
        self.extension.page = None
        return html

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        problems = self.site.problems
        for problem in problems:
            log.error(problem)
        if problems and not self.serving:
            count = f"{len(problems)} problems" if len(problems) > 1 else "a problem"
            raise PluginError(f"chain-debug: {count} in the pages:\n" + "\n".join(f"  {one}" for one in problems))
        self.assets.add_traces(files)
        return env

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        # Only now, so that no search index holds the traces.
        return self.assets.with_traces(output, page)

    def on_shutdown(self) -> None:
        if self.engine:
            self.engine.close()
        self.engine = self.asked = None

    def _engine(self) -> Engine | None:
        dist = Path(self.config.dist) if self.config.dist else None
        try:
            return find(self.config.check, self.config.command, self.config.node, dist)
        except NoEngine as missing:
            if self.config.check != "auto":
                raise PluginError(f"chain-debug: {missing}") from None
            log.warning("Steps are not checked. %s", missing)
            return None
