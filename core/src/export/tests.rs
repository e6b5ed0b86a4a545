//! Pipelines in other languages: one with everything, and one whose every text is hostile.

use super::*;
use crate::import::testing::open;
use crate::protocol::{Answer, Drawing, Request};
use proptest::prelude::*;

const PIPELINE: &str = r#"{
  "name": "Review", "version": "2.1", "description": "Drafts and reviews.",
  "parameters": [{"name": "topic", "schema": {"type": "string"}, "required": true, "description": "What about"}, {"name": "limit", "schema": {"type": "number"}, "default": 0.8}],
  "steps": [
    {"id": "draft", "name": "Write draft", "step_class": "DraftStep", "module": "m", "inputs": [{"name": "topic", "source": "{parameters.topic}"}], "outputs": ["text", "score"]},
    {"id": "check", "step_class": "CheckStep", "module": "m", "parallel": true, "inputs": {"text": "{{ draft.text }}"}},
    {"id": "ask", "name": "Ask", "step_class": "AskHumanStep", "module": "m", "config": {"ui_schema": {}}},
    {"id": "alone", "step_class": "Alone", "module": "m"}
  ],
  "flow": {"start_at": "draft", "paths": [
    {"from": "draft", "to": "check"},
    {"from": "check", "to": "draft", "condition": {"type": "expression", "config": {"source": "score", "operator": "less_than", "value": 0.8}}},
    {"from": "check", "to": "ask", "condition": {"type": "expression", "config": {"source": "score", "operator": "contains", "value": "a|b"}}},
    {"from": "ask", "to": "end_with_success"},
    {"from": "ask", "to": "nowhere"}
  ]}
}"#;

/// What breaks charts, tables and pages that do not escape.
const HOSTILE: &[&str] = &[
    "end",
    "\"];x-->y",
    "a]]b",
    "(( ))",
    "--> n0",
    "%%{init: {'theme':'dark'}}%%",
    "%% note",
    "```\n# out",
    "<script>alert(1)</script>",
    "</svg><svg>",
    "]]>",
    "<!-- -->",
    "&amp; &#35; #35; #quot;",
    "a|b|c",
    "back\\slash\\N\\",
    "subgraph x",
    "style n0 fill:#f00;",
    "classDef a fill:#0;",
    "click n0 href \"javascript:alert(1)\"",
    "line\r\nbreak\u{2028}",
    "\u{0}\u{7}\u{fffe}",
    "1. list",
    "- item",
    "$$x$$",
    "🦀 ünï 日本",
    "",
    "   ",
    "[link](http://x)",
    "www.example.com",
    "https://example.com",
    "*b* _i_ ~s~",
    "graph",
    "default",
    "@{ shape: x }",
    "'single'",
    "{{ x }}",
    "-----",
    "===",
    "---\ntitle: x\n---",
    "`tick`",
    "\u{202e}rtl",
];

fn hostile() -> String {
    let quote = |text: &str| crate::json::quoted(text);
    let id = |at: usize| format!("{} {at}", HOSTILE[at]);
    let steps: Vec<String> = (0..HOSTILE.len())
        .map(|at| {
            let other = HOSTILE[(at + 7) % HOSTILE.len()];
            format!(
                r#"{{"id": {}, "name": {}, "step_class": {}, "module": "m", "inputs": [{{"name": {1}, "source": {2}}}], "outputs": [{2}]}}"#,
                quote(&id(at)),
                quote(HOSTILE[at]),
                quote(other)
            )
        })
        .collect();
    let paths: Vec<String> = (0..HOSTILE.len() - 1)
        .map(|at| {
            let text = quote(HOSTILE[at]);
            format!(
                r#"{{"from": {}, "to": {}, "condition": {{"type": "expression", "config": {{"source": {text}, "operator": "equals", "value": {text}}}}}}}"#,
                quote(&id(at)),
                quote(&id(at + 1))
            )
        })
        .collect();
    let text = quote("end\"] <b> `x` | %% --> \n# y");
    format!(
        r#"{{"name": {text}, "description": {text}, "parameters": [{{"name": {text}, "default": {text}, "description": {text}}}], "steps": [{}], "flow": {{"start_at": {}, "paths": [{}]}}}}"#,
        steps.join(","),
        quote(&id(0)),
        paths.join(",")
    )
}

fn drawn(text: &str, drawing: Drawing) -> String {
    let (mut session, _) = open(text);
    match session.answer(Request::Draw { pipeline: 0, drawing }) {
        Answer::Text { text } => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_pipeline_as_mermaid() {
    insta::assert_snapshot!(drawn(PIPELINE, Drawing::Mermaid));
}

#[test]
fn a_pipeline_as_dot() {
    insta::assert_snapshot!(drawn(PIPELINE, Drawing::Dot));
}

#[test]
fn a_pipeline_as_svg() {
    insta::assert_snapshot!(drawn(PIPELINE, Drawing::Svg));
}

#[test]
fn a_page_about_a_pipeline() {
    insta::assert_snapshot!(drawn(PIPELINE, Drawing::Markdown));
}

/// Everything in the legend stands within the picture, however narrow that is.
#[test]
fn the_legend_fits_under_a_narrow_chart() {
    let narrow = PIPELINE.replace(r#"{"id": "alone", "step_class": "Alone", "module": "m"}"#, "{}");
    for text in [PIPELINE, &narrow] {
        let drawn = drawn(text, Drawing::Svg);
        let number = |text: &str| text.split('"').next().unwrap().parse::<f32>().unwrap();
        let (width, height) = {
            let mut sizes = drawn.split("viewBox=\"0 0 ").nth(1).unwrap().split(['"', ' ']);
            (number(sizes.next().unwrap()), number(sizes.next().unwrap()))
        };
        let (_, legend) = drawn.rsplit_once("<g transform=\"translate(24 ").unwrap();
        let top: f32 = legend.split(')').next().unwrap().parse().unwrap();
        let entries: Vec<&str> = legend.split("class=\"key\" x=\"").skip(1).collect();
        assert!(entries.len() >= 5);
        for entry in entries {
            let (x, y) = (number(entry), number(entry.split("y=\"").nth(1).unwrap()));
            let words = entry.split(['>', '<']).nth(1).unwrap();
            assert!(24.0 + x + words.chars().count() as f32 * 6.9 <= width, "{entry}");
            assert!(top + y <= height, "{entry}");
        }
    }
}

fn size_of(steps: usize) -> String {
    let step = |at: usize| format!(r#"{{"id": "s{at}", "step_class": "C", "module": "m"}}"#);
    let steps_text: Vec<String> = (0..steps).map(step).collect();
    let paths: Vec<String> = (1..steps).map(|at| format!(r#"{{"from": "s{}", "to": "s{at}"}}"#, at - 1)).collect();
    format!(
        r#"{{"name": "p", "steps": [{}], "flow": {{"start_at": "s0", "paths": [{}]}}}}"#,
        steps_text.join(","),
        paths.join(",")
    )
}

/// No step, one, very many, null in every field: each language has its text.
#[test]
fn every_size_and_null_everywhere_is_drawn() {
    let nulls = r#"{"name": null, "description": null, "version": null, "parameters": null, "outputs": null,
        "loop_config": null, "steps": [null, {"id": null, "name": null, "step_class": null, "module": null, "config": null,
        "inputs": null, "outputs": null}], "flow": {"start_at": null, "paths": [null, {"from": null, "to": null,
        "condition": null}]}}"#;
    for (text, boxes) in [(size_of(0), 0), (size_of(1), 1), (size_of(3_000), 3_000), (nulls.to_owned(), 1)] {
        let mermaid = drawn(&text, Drawing::Mermaid);
        assert!(mermaid.starts_with("flowchart TD\n") && mermaid.matches("[\"").count() >= boxes, "{boxes}");
        let dot = drawn(&text, Drawing::Dot);
        assert!(
            dot.starts_with("digraph") && dot.ends_with("}\n") && dot.matches("[label=").count() >= boxes,
            "{boxes}"
        );
        let svg = drawn(&text, Drawing::Svg);
        assert!(svg.ends_with("</svg>\n") && svg.matches("<g class=\"step").count() >= boxes, "{boxes}");
        assert!(drawn(&text, Drawing::Markdown).starts_with("# "), "{boxes}");
    }
}

/// Written where the environment says, for the real readers of these languages; always checked for what would break them.
#[test]
fn hostile_texts_stay_texts() {
    let text = hostile();
    let folder = std::env::var_os("CHAINDEBUG_DRAWINGS").map(std::path::PathBuf::from);
    for (drawing, name) in [
        (Drawing::Mermaid, "hostile.mmd"),
        (Drawing::Dot, "hostile.dot"),
        (Drawing::Svg, "hostile.svg"),
        (Drawing::Markdown, "hostile.md"),
    ] {
        let drawn = drawn(&text, drawing);
        if let Some(folder) = &folder {
            std::fs::write(folder.join(name), &drawn).unwrap();
        }
        // In a quoted text of DOT a tag is text, and Graphviz escapes it where it draws.
        assert!(drawing == Drawing::Dot || !drawn.contains("<script"), "{name}");
        assert!(drawn.chars().all(|c| !c.is_control() || c == '\n'), "{name}");
    }
    let chart = drawn(&text, Drawing::Mermaid);
    let node = |line: &str| line.starts_with("  n") || line.starts_with("  class");
    assert!(chart.lines().skip(1).all(node), "{chart}");
    assert!(chart.lines().all(|line| line.matches('"').count() % 2 == 0 && !line.contains("%%")), "{chart}");
    // One chart, one fence.
    let page = drawn(&text, Drawing::Markdown);
    assert_eq!(page.lines().filter(|line| line.starts_with("```")).count(), 2);
    assert_eq!(page.lines().filter(|line| line.starts_with('#')).count(), 6, "{page}");
}

proptest! {
    #[test]
    fn any_text_is_held(text in any::<String>()) {
        let mermaid = escape::mermaid(&text);
        let special = ['"', '\n', '`', '%', ':', '\\', '[', ']', '{', '}', '|'];
        prop_assert!(!mermaid.is_empty() && !mermaid.contains(special));
        let dot = escape::dot(&text);
        let inner = dot.strip_prefix('"').and_then(|dot| dot.strip_suffix('"')).unwrap();
        prop_assert!(!inner.contains('\n'));
        prop_assert!(!inner.replace("\\\\", "").replace("\\\"", "").contains('"'));
        let xml = escape::xml(&text);
        prop_assert!(!xml.contains(['<', '>', '"', '\'']));
        let markdown = escape::markdown(&text);
        prop_assert!(!markdown.contains('\n') && !markdown.contains('<'));
        prop_assert!(!markdown.replace("\\\\", "").replace("\\|", "").contains('|'));
    }
}
