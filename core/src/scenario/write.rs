//! From scenarios to their file: stable, readable, values token for token as they were.

use super::layout::{NotJson, compact, pretty};
use super::{MARKER, VERSION, end_name, engine_name, loader_name};
use crate::json::{NodeKind, Tree, quoted};
use crate::protocol::{Answered, Expectation, Mock, Scenario, ScenarioFile, StepMock};
use rustc_hash::{FxHashMap, FxHashSet};

/// The text of a scenario file.
///
/// # Errors
/// When a value is no JSON: a sentence that says which, and what was expected.
pub fn write(file: &ScenarioFile) -> Result<String, String> {
    let mut out = Object::default();
    out.put(MARKER, &VERSION.to_string());
    if !file.pipeline.is_empty() {
        out.put("pipeline", &quoted(&file.pipeline));
    }
    if let Some(target) = file.target {
        out.put("engine", &quoted(engine_name(target.engine)));
        out.put("loader", &quoted(loader_name(target.loader)));
    }
    let scenarios: Result<Vec<String>, String> = file.scenarios.iter().map(scenario).collect();
    out.put("scenarios", &list(&scenarios?));
    out.rest(&Other::new(&file.other)?, ROOT);
    let shape = |depth: usize, key: &str, around: bool| match depth {
        0 => true,
        1 => key == "\"scenarios\"",
        2 => around,
        _ => false,
    };
    let mut text = pretty(&out.close(), shape).map_err(|wrong| said("The file", wrong))?;
    text.push('\n');
    Ok(text)
}

const ROOT: Option<u32> = Some(0);

fn scenario(scenario: &Scenario) -> Result<String, String> {
    let name = &scenario.name;
    let value = |what: &str, text: &str| compact(text).map_err(|wrong| said(&format!("{what} of `{name}`"), wrong));
    let other = Other::new(&scenario.other)?;
    let mut out = Object::default();
    out.put("name", &quoted(name));
    if !scenario.input.trim().is_empty() {
        out.put("input", &value("The input", &scenario.input)?);
    }
    if !scenario.mocks.is_empty() {
        let mut mocks = Object::default();
        let others = other.members(other.member(ROOT, "mocks"));
        for StepMock { step, mock } in &scenario.mocks {
            let text = |text: &str| value(&format!("The mock of `{step}`"), text);
            let mut entry = Object::default();
            match mock {
                Mock::Generated => {}
                Mock::Returns { value } => entry.put("returns", &text(value)?),
                Mock::Sequence { values } => {
                    let values: Result<Vec<String>, String> = values.iter().map(|value| text(value)).collect();
                    entry.put("sequence", &list(&values?));
                }
                Mock::Raises { error } => entry.put("raises", &quoted(error)),
            }
            entry.rest(&other, others.get(step).copied());
            mocks.put(step, &entry.close());
        }
        out.put("mocks", &mocks.close());
    }
    if !scenario.answers.is_empty() {
        let others: Vec<u32> =
            other.member(ROOT, "answers").map_or_else(Vec::new, |node| other.tree.children(node).collect());
        let mut answers = Vec::new();
        for (at, Answered { step, value: text }) in scenario.answers.iter().enumerate() {
            let mut entry = Object::default();
            entry.put("step", &quoted(step));
            entry.put("value", &value(&format!("The answer at `{step}`"), text)?);
            entry.rest(&other, others.get(at).copied());
            answers.push(entry.close());
        }
        out.put("answers", &list(&answers));
    }
    if let Some(expect) = &scenario.expect {
        out.put("expect", &expectation(expect, &other, &value)?);
    }
    out.rest(&other, ROOT);
    Ok(out.close())
}

fn expectation(
    expect: &Expectation,
    other: &Other,
    value: &dyn Fn(&str, &str) -> Result<String, String>,
) -> Result<String, String> {
    let mut out = Object::default();
    if let Some(status) = expect.status {
        out.put("status", &quoted(end_name(status)));
    }
    if let Some(entered) = &expect.entered {
        let steps: Vec<String> = entered.iter().map(|step| quoted(step)).collect();
        out.put("entered", &list(&steps));
    }
    if !expect.output.trim().is_empty() {
        out.put("output", &value("The expected output", &expect.output)?);
    }
    if !expect.error.is_empty() {
        out.put("error", &quoted(&expect.error));
    }
    out.rest(other, other.member(ROOT, "expect"));
    Ok(out.close())
}

/// A sentence about a value that is no JSON.
fn said(what: &str, wrong: NotJson) -> String {
    format!("{what} is not JSON: {} is expected at its byte {}.", wrong.expected, wrong.at)
}

fn list(items: &[String]) -> String {
    format!("[{}]", items.join(", "))
}

/// An object in the making.
#[derive(Default)]
struct Object {
    text: String,
    keys: FxHashSet<String>,
}

impl Object {
    fn put(&mut self, key: &str, value: &str) {
        self.text.push_str(if self.keys.is_empty() { "{" } else { ", " });
        self.text.push_str(&quoted(key));
        self.text.push_str(": ");
        self.text.push_str(value);
        self.keys.insert(key.to_owned());
    }

    /// The members of a node that were not written yet.
    fn rest(&mut self, other: &Other, node: Option<u32>) {
        let Some(node) = node.filter(|&node| other.is(node, NodeKind::Object)) else { return };
        for child in other.tree.children(node) {
            let key = other.tree.key(&other.text, child).unwrap_or_default();
            if !self.keys.contains(key.as_ref()) {
                let value = String::from_utf8_lossy(other.tree.raw(&other.text, child)).into_owned();
                self.put(&key, &value);
            }
        }
    }

    fn close(mut self) -> String {
        if self.keys.is_empty() {
            return "{}".to_owned();
        }
        self.text.push('}');
        self.text
    }
}

/// What was kept of members that nobody knows.
struct Other {
    text: Vec<u8>,
    tree: Tree,
}

impl Other {
    fn new(text: &str) -> Result<Other, String> {
        let text = if text.trim().is_empty() {
            String::new()
        } else {
            compact(text).map_err(|wrong| said("What is kept of unknown members", wrong))?
        };
        Ok(Other { tree: Tree::parse(text.as_bytes()), text: text.into_bytes() })
    }

    fn is(&self, node: u32, kind: NodeKind) -> bool {
        self.tree.node(node).is_some_and(|node| node.kind == kind)
    }

    fn member(&self, of: Option<u32>, key: &str) -> Option<u32> {
        let of = of.filter(|&node| self.is(node, NodeKind::Object))?;
        self.tree.member(&self.text, of, key)
    }

    fn members(&self, of: Option<u32>) -> FxHashMap<String, u32> {
        let Some(of) = of.filter(|&node| self.is(node, NodeKind::Object)) else { return FxHashMap::default() };
        let key = |child| self.tree.key(&self.text, child).map(|key| (key.into_owned(), child));
        self.tree.children(of).filter_map(key).collect()
    }
}
