"""Sites as a user builds them, with the engine of a real build."""

from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Callable

import pytest
from mkdocs.exceptions import Abort

from conftest import Site


@pytest.fixture
def problems(caplog: pytest.LogCaptureFixture) -> Callable[[Site], str]:
    """What building says. It has to fail, strict or not."""

    def ask(site: Site) -> str:
        said = []
        for strict in (True, False):
            caplog.clear()
            with pytest.raises(Abort):
                site.build(strict=strict)
            said.append(caplog.messages[-1])
        assert said[0] == said[1]
        return said[0]

    return ask


def plugin(site: Site, **options: object) -> dict[str, object]:
    """Our plugin in a list of several."""
    return {"chain-debug": {"dist": str(site.folder / "dist"), "check": "node", **options}}


@pytest.mark.parametrize("directories", [True, False])
def test_a_block_becomes_an_embed(site: Site, directories: bool) -> None:
    site.write(
        "guide/first.md",
        """
        # First

        ```chain-debug src=../traces/refund.jsonl step="refund_order#2" height=300
        ```
        """,
    ).build(use_directory_urls=directories, strict=True)
    page = site.page("guide/first/index.html" if directories else "guide/first.html")
    up = "../../" if directories else "../"
    element = re.search(r"<chain-debug [^>]*>", page)
    assert element
    assert f'src="{up}traces/refund.jsonl"' in element[0]
    assert 'id="chain-debug-1"' in element[0] and 'step="refund_order#2"' in element[0] and 'height="300"' in element[0]
    assert f'<script src="{up}assets/chain-debug/chain-debug.js" defer></script>' in page
    assert (site.folder / "site/assets/chain-debug/chaindebug-wasm.js").is_file()
    # What an embed never asks for stays out of the site.
    assert not (site.folder / "site/assets/chain-debug/samples").exists()
    assert not (site.folder / "site/assets/chain-debug/chain-debug.js.br").exists()


def test_blocks_in_lists_admonitions_and_examples(site: Site) -> None:
    site.write(
        "a.md",
        """
        - item

            ```chain-debug src=traces/refund.jsonl
            ```

        !!! note

            ~~~ chain-debug
            src: traces/refund.jsonl
            step: answer
            ~~~

        ````markdown
        ```chain-debug src=nowhere.json
        ```
        ````

        Text, and code:

            ```chain-debug src=nowhere.json
            ```
        """,
    ).build(strict=True)
    page = site.page("a/index.html")
    assert page.count("<chain-debug ") == 2
    assert re.search(r"<li>\s*<p>item</p>\s*<figure", page)
    assert re.search(
        r'<div class="admonition note">.*?<chain-debug id="chain-debug-2"[^>]*step="answer"', page, re.DOTALL
    )
    assert page.count("src=nowhere.json") == 2
    assert "klzzwxh" not in page and "wzxhzdk" not in page


def test_every_build_is_the_same(site: Site) -> None:
    site.write(
        "a.md",
        '```chain-debug\n{"chaindebug": 1}\n{"name": "one"}\n```\n\n```chain-debug src=traces/refund.jsonl\n```\n',
    )
    first = site.build().page("a/index.html")
    assert 'id="chain-debug-1"' in first and 'id="chain-debug-2"' in first
    assert site.build().page("a/index.html") == first


def test_a_trace_in_the_page_is_a_file_of_the_site(site: Site) -> None:
    site.write("a.md", '```chain-debug step=one\n{"chaindebug": 1}\n{"name": "one"}\n```\n').build(strict=True)
    src = re.search(r'src="\.\./(assets/chain-debug/traces/[0-9a-f]{16}/trace\.jsonl)"', site.page("a/index.html"))
    assert src
    assert site.page(src[1]) == '{"chaindebug": 1}\n{"name": "one"}\n'


def test_no_search_index_holds_traces(site: Site) -> None:
    material = {"name": "material", "font": False}
    site.write("a.md", '# A\n\nWords.\n\n```chain-debug step=needle\n{"chaindebug": 1}\n{"name": "needle"}\n```\n')
    for inline in ("never", "always"):
        site.build(theme=material, plugins=["material/search", plugin(site, inline=inline)])
        index = site.page("search/search_index.json")
        assert "Words" in index
        assert "needle" not in index and "chain-debug" not in index and "trace.jsonl" not in index


def test_a_missing_file_fails_the_build(site: Site, problems: Callable[[Site], str]) -> None:
    site.write("guide/a.md", "---\ntitle: A\n---\n# A\n\n```chain-debug src=traces/refnd.jsonl\n```\n")
    said = problems(site)
    assert "guide/a.md:6: There is no file `traces/refnd.jsonl`" in said
    assert "Nearest: `../traces/refund.jsonl`." in said


def test_a_missing_step_fails_the_build_and_everything_is_said_at_once(
    site: Site, problems: Callable[[Site], str]
) -> None:
    site.write(
        "a.md",
        """
        # A

        ```chain-debug src=traces/refund.jsonl step=refund
        ```

        ```chain-debug
        src: traces/refund.jsonl
        step: refund_order#3
        ```

        Some [words](chain-debug:step=serch_docs) and [more](chain-debug:at=10).
        """,
    )
    said = problems(site)
    assert "4 problems" in said
    assert "a.md:3: `refund.jsonl` has no step `refund`. Nearest: `refund_order`." in said
    assert "a.md:6: `refund.jsonl` has no step `refund_order#3`: it has 2 of the name `refund_order`." in said
    assert "a.md:11: `refund.jsonl` has no step `serch_docs`. Nearest: `search_docs`." in said
    assert "a.md:11: `refund.jsonl` has no moment 10: they go from 0 to 9." in said


def test_what_cannot_be_read_fails_the_build(site: Site, problems: Callable[[Site], str]) -> None:
    site.write("traces/poem.txt", "Roses are red.\n")
    site.write(
        "a.md", "```chain-debug src=traces/poem.txt\n```\n\n```chain-debug src=traces/refund.jsonl run=r-2\n```\n"
    )
    said = problems(site)
    assert "a.md:1: `poem.txt` cannot be read: " in said
    assert "a.md:4: `refund.jsonl` has no run `r-2`. Nearest: `r-1`." in said


def test_links_move_the_embed_before_them(site: Site) -> None:
    site.write(
        "a.md",
        """
        ```chain-debug src=traces/refund.jsonl
        ```

        First [step 3](chain-debug:step=refund_order&expect=error).

        ```chain-debug src=traces/refund.jsonl id=second
        ```

        Then [](chain-debug:step=b) or [the first](chain-debug:step=answer&embed=chain-debug-1).
        """,
    ).build(strict=True)
    page = site.page("a/index.html")
    links = re.findall(r'<button class="chain-debug-go"[^>]*>.*?</button>', page)
    assert (
        'data-for="chain-debug-1"' in links[0] and 'data-id="b"' in links[0] and links[0].endswith(">step 3</button>")
    )
    assert 'data-for="second"' in links[1] and "step b" in links[1]
    assert 'data-for="chain-debug-1"' in links[2]
    assert '<p data-chaindebug-stop="chain-debug-1"' in page


def test_links_that_lead_nowhere_fail_the_build(site: Site, problems: Callable[[Site], str]) -> None:
    site.write(
        "a.md",
        """
        [before any](chain-debug:step=answer)

        ```chain-debug src=traces/refund.jsonl
        ```

        [a](chain-debug:step=answer&embed=other) [b](chain-debug:step=answer&expect=error) [c](chain-debug:stp=answer)
        """,
    )
    said = problems(site)
    assert "a.md:1: There is no embed before this" in said
    assert "a.md:6: There is no embed `other` on this page." in said
    assert "a.md:6: Step `answer` of `refund.jsonl` ended with `ok`, not `error`." in said
    assert "a.md:6: A link has no `stp`. Nearest: `step`" in said


TOUR = """
# A

## One

```chain-debug src=traces/refund.jsonl tour layout=beside
```

First.
{{: data-chaindebug-step="{0}" }}

### Still in it

Second [here](chain-debug:step={1}).

## Two

Not in it.
"""


def test_a_tour_holds_the_text_up_to_the_next_heading(site: Site) -> None:
    site.write("a.md", TOUR.format("search_docs", "refund_order")).build(strict=True)
    page = site.page("a/index.html")
    tour = page[page.index("<chain-debug-tour") : page.index("</chain-debug-tour>")]
    assert 'data-tour="in-order"' in tour and 'data-layout="beside"' in tour
    assert tour.index("<chain-debug ") < tour.index("First.") < tour.index("Still in it") < tour.index("Second")
    assert "Not in it" not in tour
    assert re.search(r'<p data-chaindebug-stop="chain-debug-1" data-id="a" data-step="search_docs">First', tour)


def test_stops_out_of_order_fail_the_build(site: Site, problems: Callable[[Site], str]) -> None:
    site.write("a.md", TOUR.format("refund_order", "search_docs"))
    assert "This stop is `search_docs`, which comes before the stop `refund_order` above it." in problems(site)
    site.write("a.md", TOUR.format("refund_order", "search_docs").replace(" tour ", " tour=any-order ")).build(
        strict=True
    )


def test_serving_shows_what_is_wrong_and_goes_on(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    from mkdocs_chaindebug.plugin import ChainDebugPlugin

    started = ChainDebugPlugin.on_startup
    site.write("a.md", "```chain-debug src=traces/refund.jsonl step=refund\n```\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ChainDebugPlugin, "on_startup", lambda self, **_: started(self, command="serve", dirty=False))
        site.build()
    assert "has no step <code>" not in site.page("a/index.html")
    assert "chain-debug-wrong" in site.page("a/index.html") and "Nearest: `refund_order`" in site.page("a/index.html")
    assert "Nearest: `refund_order`" in caplog.text


def test_folders_outside_of_the_docs(site: Site) -> None:
    other = site.folder / "elsewhere"
    other.mkdir()
    (other / "run.jsonl").write_bytes((site.folder / "docs/traces/refund.jsonl").read_bytes())
    site.write("deep/a.md", "```chain-debug src=/samples/run.jsonl step=answer\n```\n")
    site.build({"folders": {"samples": str(other)}}, strict=True)
    assert 'src="../../samples/run.jsonl"' in site.page("deep/a/index.html")
    assert (site.folder / "site/samples/run.jsonl").is_file()


CHART = "flowchart TD\n  read[Read the order] --> pay[Pay]\n"


def test_a_step_of_a_pipeline_is_looked_up(site: Site) -> None:
    site.write("chart.mmd", CHART)
    site.write("a.md", "```chain-debug src=chart.mmd step=pay\n```\n\n[read](chain-debug:step=Read+the+order)\n")
    assert 'step="pay"' in site.build().page("a/index.html")


@pytest.mark.parametrize(
    ("asked", "said"),
    [("step=paid", "`chart.mmd` has no step `paid`. Nearest: `Pay`."), ("at=0", "there is no moment 0 in it")],
)
def test_what_a_pipeline_does_not_have_fails_the_build(
    site: Site, problems: Callable[[Site], str], asked: str, said: str
) -> None:
    site.write("chart.mmd", CHART)
    site.write("a.md", f"```chain-debug src=chart.mmd {asked}\n```\n")
    assert said in problems(site)


def test_offline_pages_hold_their_traces(site: Site) -> None:
    site.write("a.md", "```chain-debug src=traces/refund.jsonl step=answer\n```\n")
    site.build(theme={"name": "material", "font": False}, plugins=["material/offline", plugin(site)])
    page = site.page("a.html")
    assert 'src="assets/chain-debug/chain-debug.js"' in page
    held = re.search(r'<chain-debug id="chain-debug-1"[^>]*><script type="[^"]+"[^>]*>([A-Za-z0-9+/=]+)</script>', page)
    assert held
    trace = (site.folder / "docs/traces/refund.jsonl").read_bytes()
    assert gzip.decompress(base64.b64decode(held[1])) == trace


@pytest.mark.parametrize(
    ("named", "becomes"), [("", "assets/chain-debug/iframe-worker.js"), ("own/iframe-worker.js", "")]
)
def test_offline_pages_search_without_another_host(site: Site, named: str, becomes: str) -> None:
    site.write("a.md", "# A\n")
    extra = {"polyfills": [named]} if named else {}
    site.build(theme={"name": "material", "font": False}, plugins=["material/offline", plugin(site)], extra=extra)
    scripts = re.findall(r'<script src="([^"]+)"', site.page("a.html"))
    assert (becomes or named) in scripts
    assert not [one for one in scripts if "//" in one]
    shim = site.folder / "site/assets/chain-debug/iframe-worker.js"
    assert "IFrameWorker" in shim.read_text(encoding="utf-8")


def test_pages_for_a_server_have_no_stand_in_for_workers(site: Site) -> None:
    site.build(theme={"name": "material", "font": False})
    assert "iframe-worker" not in site.page("index.html")
    assert not (site.folder / "site/assets/chain-debug/iframe-worker.js").exists()


def test_an_address_elsewhere(site: Site) -> None:
    site.write("a.md", "```chain-debug src=https://example.org/run.json step=anything\n```\n")
    site.build({"url": "https://example.org/cd/chain-debug.js", "dist": None, "check": "files"})
    page = site.page("a/index.html")
    assert '<script src="https://example.org/cd/chain-debug.js" defer></script>' in page
    assert 'src="https://example.org/run.json"' in page


def test_a_path_to_the_element_is_taken_from_the_top_of_the_site(site: Site) -> None:
    site.write("deep/a.md", "```chain-debug src=../traces/refund.jsonl\n```\n")
    site.build({"url": "../chain-debug.js"})
    assert '<script src="../../../chain-debug.js" defer></script>' in site.page("deep/a/index.html")
    assert not (site.folder / "site/assets/chain-debug/chain-debug.js").exists()


def test_nobody_to_ask_is_a_warning_and_fails_a_strict_build(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.write("a.md", "```chain-debug src=traces/refund.jsonl step=nothing\n```\n")
    nobody = {"check": "auto", "command": "no-such-command", "node": "no-such-node"}
    site.build(nobody, strict=False)
    assert "Steps are not checked." in caplog.text
    with pytest.raises(Abort):
        site.build(nobody, strict=True)


def test_the_plugin_says_what_it_needs(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Abort):
        site.build({"dist": None})
    assert "say where ChainDebug is" in caplog.text
