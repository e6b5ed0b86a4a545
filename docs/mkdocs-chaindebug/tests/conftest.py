"""Small sites, built as a user builds them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config

from mkdocs_chaindebug import engine, plugin
from mkdocs_chaindebug.engine import Node

HERE = Path(__file__).parent
DIST = Path(os.environ.get("CHAINDEBUG_DIST", HERE / "../../../dist")).resolve()

TRACE = "\n".join(
    json.dumps(line)
    for line in [
        {"chaindebug": 1, "run": {"id": "r-1", "name": "Refund"}},
        {"id": "agent", "name": "agent", "kind": "agent", "status": "ok"},
        {"id": "a", "parent": "agent", "name": "search_docs", "kind": "tool", "status": "ok"},
        {"id": "b", "parent": "agent", "name": "refund_order", "kind": "tool", "status": "error", "error": "refused"},
        {"id": "c", "parent": "agent", "name": "refund_order", "kind": "tool", "status": "error", "error": "refused"},
        {"id": "d", "parent": "agent", "name": "answer", "kind": "llm", "status": "ok"},
    ]
)


@dataclass
class Site:
    """A folder with a site, and what became of building it."""

    folder: Path
    log: list[str] = field(default_factory=list)

    def write(self, path: str, text: str) -> Site:
        file = self.folder / "docs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return self

    def build(self, options: dict[str, object] | None = None, **config: object) -> Site:
        ours = {"dist": str(self.folder / "dist"), "check": "node", **(options or {})}
        settings = {
            "site_name": "Test",
            # Material takes seconds to build, and is only there where a test is about it.
            "theme": {"name": "mkdocs"},
            "plugins": ["search", {"chain-debug": ours}],
            "markdown_extensions": ["attr_list", "admonition", "pymdownx.superfences"],
            **config,
        }
        (self.folder / "mkdocs.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
        loaded = load_config(str(self.folder / "mkdocs.yml"))
        loaded.plugins.on_startup(command="build", dirty=False)
        try:
            build(loaded)
        finally:
            loaded.plugins.on_shutdown()
        return self

    def page(self, path: str) -> str:
        return (self.folder / "site" / path).read_text(encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with one trace, and a build of ChainDebug in which only the engine is real."""
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "chain-debug.js").write_text("// the element\n", encoding="utf-8")
    for name in ("chaindebug-wasm.js", "chaindebug-wasm_bg.wasm"):
        if (DIST / name).is_file():
            (dist / name).symlink_to(DIST / name)
    (dist / "samples").mkdir()
    (dist / "samples/large.json").write_text("{}", encoding="utf-8")
    (dist / "chain-debug.js.br").write_text("packed", encoding="utf-8")
    made = Site(tmp_path)
    made.write("index.md", "# Home\n")
    made.write("traces/refund.jsonl", TRACE + "\n")
    return made


class Shared(Node):
    """The engine of the build, started once for all sites: that takes longer than reading their files."""

    def close(self) -> None:
        pass


@pytest.fixture(scope="session")
def shared() -> Iterator[Shared]:
    engine = Shared("node", DIST)
    yield engine
    Node.close(engine)


@pytest.fixture(autouse=True)
def _engine(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(check: str, *others: object) -> object:
        return shared if check == "node" else engine.find(check, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(plugin, "find", find)


@pytest.fixture(scope="session", autouse=True)
def _build() -> None:
    if not (DIST / "chaindebug-wasm.js").is_file():
        pytest.exit(f"There is no build of ChainDebug in {DIST}: `cargo xtask build` makes one.", returncode=1)
