"""What a block says."""

from __future__ import annotations

import pytest

from mkdocs_chaindebug.fence import Wrong, nearest, read


def test_options_in_the_info_string_and_in_the_body() -> None:
    assert read('src=a.json step="look up" height=300px', []).options == {
        "src": "a.json",
        "step": "look up",
        "height": "300",
    }
    assert read("", ["src: a.json", "", 'step: "look up"']).options == {"src": "a.json", "step": "look up"}
    assert read("src=a.json", ["step: b"]).options == {"src": "a.json", "step": "b"}


def test_a_trace_in_the_body() -> None:
    block = read("height=300", ['{"chaindebug": 1}', '{"name": "a"}'])
    assert block.trace == '{"chaindebug": 1}\n{"name": "a"}\n'
    block = read("", ["step: a", "---", '{"chaindebug": 1}'])
    assert block.options == {"step": "a"}
    assert block.trace == '{"chaindebug": 1}\n'


def test_a_trace_of_keys_and_values_is_no_options() -> None:
    assert read("", ["apiVersion: argoproj.io/v1alpha1", "kind: Workflow"]).trace


def test_tour_is_a_switch_too() -> None:
    assert read("src=a.json tour", []).options["tour"] == "in-order"
    assert read("", ["src: a.json", "tour: true"]).options["tour"] == "in-order"


@pytest.mark.parametrize(
    ("info", "body", "said"),
    [
        ("", [], "names no `src` and holds no trace"),
        ("", ["src: a.json", "---", "{}"], "one of them is enough"),
        ("src=a.json stepp=b", [], "There is no option `stepp`. Did you mean `step`?"),
        ("src=a.json", ["src: b.json"], "`src` is given twice"),
        ("src=a.json height=tall", [], "`height` wants a number, not `tall`"),
        ("src=a.json theme=blue", [], "`theme` is `auto` or `light` or `dark`, not `blue`"),
        ("src=a.json view=chart", [], "`view` is "),
        ("src=a.json step=b at=3", [], "both `step` and `at`"),
        ("a.json", [], "`a.json` is not an option"),
        ('src="a.json', [], "cannot be read"),
        ("", ["src: a.json", "and then"], "`and then` is not an option"),
        ("src=a.json step=", [], "`step` has no value"),
        ("src=a.json id=1a", [], "begins with a letter"),
    ],
)
def test_what_is_wrong_is_said(info: str, body: list[str], said: str) -> None:
    with pytest.raises(Wrong, match=r".*") as wrong:
        read(info, body)
    assert said in str(wrong.value)


def test_nearest_names() -> None:
    assert nearest("refund", ["search_docs", "refund_order"]) == ["refund_order"]
    assert nearest("Retrive", ["answer", "retrieve"]) == ["retrieve"]
    assert nearest("zzz", ["answer", "retrieve"]) == []
