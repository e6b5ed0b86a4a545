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
