//! From the text of a scenario file to scenarios: what cannot be understood is said with its place, and kept.
//!
//! Members nobody knows are gathered into `other`, nested as they stood, so that writing puts them back.

use super::layout::compact;
use super::{MARKER, VERSION, end, engine, engine_name, loader, loader_name};
use crate::json::{NodeKind, Tree, quoted};
use crate::protocol::{Answered, Expectation, Mock, Scenario, ScenarioFile, StepMock, Target};

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Byte in the text.
    pub at: usize,
    /// JSON path.
    pub path: String,
    /// One sentence.
    pub message: String,
}

/// Problems that are said one by one.
const SAID: usize = 100;

/// Reads a scenario file, or as much of it as can be understood.
pub fn read(text: &str) -> ScenarioFile {
    let bytes = text.as_bytes();
    let tree = Tree::parse(bytes);
    let mut reader = Reader { text: bytes, tree: &tree, problems: Vec::new() };
    let mut file = reader.file();
    if let Some((at, expected)) = tree.damage {
        let message = format!("The text is damaged here: {expected} is expected. What comes before it was read.");
        reader.problems.push(Problem { at, path: String::new(), message });
    } else {
        let end = tree.node(0).map_or(0, |node| node.end as usize);
        if let Some(more) = text.get(end..).and_then(|rest| rest.find(|c: char| !c.is_whitespace())) {
            let message = "Nothing more is expected after the end of the document; it was not read.".to_owned();
            reader.problems.push(Problem { at: end + more, path: String::new(), message });
        }
    }
    file.problems = sentences(text, reader.problems);
    file
}

/// Reads one scenario: the text of one item of `scenarios`, at this position in the list.
pub(super) fn one(text: &str, position: usize) -> (Scenario, Vec<Problem>) {
    let tree = Tree::parse(text.as_bytes());
    let mut reader = Reader { text: text.as_bytes(), tree: &tree, problems: Vec::new() };
    let scenario = reader.scenario(0, position);
    (scenario, reader.problems)
}

/// Reads mocks alone: an object with one member for each step, as `dry-run --mocks` takes it.
///
/// # Errors
/// What is wrong, a sentence each.
pub fn mocks(text: &str) -> Result<Vec<StepMock>, Vec<String>> {
    let tree = Tree::parse(text.as_bytes());
    let mut reader = Reader { text: text.as_bytes(), tree: &tree, problems: Vec::new() };
    if let Some((at, expected)) = tree.damage {
        let message = format!("The text is damaged here: {expected} is expected.");
        reader.problems.push(Problem { at, path: String::new(), message });
    }
    let (mocks, _) = reader.mocks(0, "mocks");
    let problems = sentences(text, reader.problems);
    if problems.is_empty() { Ok(mocks) } else { Err(problems) }
}

/// Problems as sentences with line and path, in the order of the text.
fn sentences(text: &str, mut problems: Vec<Problem>) -> Vec<String> {
    use crate::order::Order as _;
    problems.order_by_key(|problem| problem.at);
    let (mut line, mut counted) = (1usize, 0usize);
    let mut said = Vec::new();
    for problem in problems.iter().take(SAID) {
        let upto = text.as_bytes().get(counted..problem.at).unwrap_or(&[]);
        line += memchr::memchr_iter(b'\n', upto).count();
        counted = counted.max(problem.at);
        let path = if problem.path.is_empty() { String::new() } else { format!(", {}", problem.path) };
        said.push(format!("Line {line}{path}: {}", problem.message));
    }
    if problems.len() > SAID {
        said.push(format!("And {} more problems.", problems.len() - SAID));
    }
    said
}

struct Reader<'a> {
    text: &'a [u8],
    tree: &'a Tree,
    problems: Vec<Problem>,
}

/// Unknown members of one object, as JSON text.
#[derive(Default)]
struct Kept(String);

impl Kept {
    fn put(&mut self, key: &str, value: &str) {
        self.0.push_str(if self.0.is_empty() { "{" } else { ", " });
        self.0.push_str(&format!("{}: {value}", quoted(key)));
    }

    fn nest(&mut self, key: &str, inner: &str) {
        if !inner.is_empty() {
            self.put(key, inner);
        }
    }

    fn close(mut self) -> String {
        if !self.0.is_empty() {
            self.0.push('}');
        }
        self.0
    }
}

impl Reader<'_> {
    fn say(&mut self, node: u32, path: &str, message: impl Into<String>) {
        let at = self.tree.node(node).map_or(0, |node| node.start as usize);
        self.problems.push(Problem { at, path: path.to_owned(), message: message.into() });
    }

    fn kind(&self, node: u32) -> NodeKind {
        self.tree.node(node).map_or(NodeKind::Null, |node| node.kind)
    }

    /// The members of an object, of those with one key the last; `None`, and said, for anything else.
    fn members(&mut self, node: u32, path: &str, what: &str) -> Option<Vec<(String, u32)>> {
        if self.kind(node) != NodeKind::Object {
            let place = if path.is_empty() { "The document" } else { what };
            self.say(node, path, format!("{place} has to be an object; it was left out."));
            return None;
        }
        let key = |child| self.tree.key(self.text, child).unwrap_or_default().into_owned();
        let members: Vec<(String, u32)> = self.tree.children(node).map(|child| (key(child), child)).collect();
        let last: rustc_hash::FxHashMap<String, u32> = members.iter().cloned().collect();
        let (members, repeated): (Vec<_>, Vec<_>) =
            members.into_iter().partition(|(key, child)| last.get(key) == Some(child));
        for (key, child) in repeated {
            self.say(child, path, format!("`{key}` stands here twice; the last one counts."));
        }
        Some(members)
    }

    fn string(&self, node: u32) -> Option<String> {
        self.tree.string(self.text, node).map(std::borrow::Cow::into_owned)
    }

    /// A value on one line; `None`, and said, when it is no JSON.
    fn value(&mut self, node: u32, path: &str) -> Option<String> {
        let raw = String::from_utf8_lossy(self.tree.raw(self.text, node)).into_owned();
        match compact(&raw) {
            Ok(value) => Some(value),
            Err(wrong) => {
                let at = self.tree.node(node).map_or(0, |node| node.start as usize) + wrong.at;
                let message = format!("This value is not JSON: {} is expected. It was left out.", wrong.expected);
                self.problems.push(Problem { at, path: path.to_owned(), message });
                None
            }
        }
    }

    /// Keeps a member; `false`, and said, when it is no JSON.
    fn keep(&mut self, kept: &mut Kept, key: &str, node: u32, path: &str) -> bool {
        let value = self.value(node, &join(path, key));
        if let Some(value) = &value {
            kept.put(key, value);
        }
        value.is_some()
    }

    fn file(&mut self) -> ScenarioFile {
        let mut file = ScenarioFile::default();
        let mut kept = Kept::default();
        let (mut engine_id, mut loader_id) = (None, None);
        let (mut marked, mut odd) = (false, false);
        for (key, node) in self.members(0, "", "").unwrap_or_default() {
            match key.as_str() {
                MARKER => {
                    marked = true;
                    if self.tree.raw(self.text, node) != VERSION.to_string().as_bytes() {
                        let message = format!("Version {VERSION} is expected; the file was read as that.");
                        self.say(node, MARKER, message);
                    }
                }
                "pipeline" if self.kind(node) == NodeKind::String => {
                    file.pipeline = self.string(node).unwrap_or_default();
                }
                "engine" if self.string(node).is_some_and(|name| engine(&name).is_some()) => {
                    engine_id = self.string(node).and_then(|name| engine(&name));
                }
                "loader" if self.string(node).is_some_and(|name| loader(&name).is_some()) => {
                    loader_id = self.string(node).and_then(|name| loader(&name));
                }
                "scenarios" if self.kind(node) == NodeKind::Array => {
                    let items: Vec<u32> = self.tree.children(node).collect();
                    for (position, item) in items.into_iter().enumerate() {
                        if self.kind(item) == NodeKind::Object {
                            let scenario = self.scenario(item, position);
                            file.scenarios.push(scenario);
                        } else {
                            self.say(
                                item,
                                &at_list("scenarios", position),
                                "A scenario has to be an object; it was left out.",
                            );
                        }
                    }
                }
                known => {
                    if let Some(expected) = FILE.iter().find(|(name, _)| *name == known) {
                        self.say(node, known, format!("`{known}` has to be {}; it has no effect.", expected.1));
                    }
                    // A list of scenarios is always written, so what stood there instead has no place left.
                    if known != "scenarios" && self.keep(&mut kept, known, node, "") {
                        odd |= matches!(known, "engine" | "loader");
                    }
                }
            }
        }
        if !marked && self.problems.is_empty() {
            let message = format!("This is no scenario file: its first member has to be `\"{MARKER}\": {VERSION}`.");
            self.say(0, "", message);
        }
        match (engine_id, loader_id) {
            (None, None) => {}
            // The other one is there and not understood: writing must not put a default in its place.
            (Some(engine), None) if odd => kept.put("engine", &quoted(engine_name(engine))),
            (None, Some(loader)) if odd => kept.put("loader", &quoted(loader_name(loader))),
            (engine, loader) => {
                file.target = Some(Target { engine: engine.unwrap_or_default(), loader: loader.unwrap_or_default() });
            }
        }
        file.other = kept.close();
        file
    }

    fn scenario(&mut self, node: u32, position: usize) -> Scenario {
        let path = at_list("scenarios", position);
        let mut scenario = Scenario { name: format!("Scenario {}", position + 1), ..Scenario::default() };
        let mut kept = Kept::default();
        let (mut nested_mocks, mut nested_answers, mut nested_expect) = (String::new(), String::new(), String::new());
        for (key, node) in self.members(node, &path, "A scenario").unwrap_or_default() {
            let path = join(&path, &key);
            match key.as_str() {
                "name" if self.kind(node) == NodeKind::String => scenario.name = self.string(node).unwrap_or_default(),
                "input" if self.kind(node) == NodeKind::Object => {
                    scenario.input = self.value(node, &path).unwrap_or_default();
                }
                "mocks" if self.kind(node) == NodeKind::Object => {
                    let (mocks, other) = self.mocks(node, &path);
                    scenario.mocks = mocks;
                    nested_mocks = other;
                }
                "answers" if self.kind(node) == NodeKind::Array => {
                    let (answers, other) = self.answers(node, &path);
                    scenario.answers = answers;
                    nested_answers = other;
                }
                "expect" if self.kind(node) == NodeKind::Object => {
                    let (expect, other) = self.expectation(node, &path);
                    scenario.expect = Some(expect);
                    nested_expect = other;
                }
                known => {
                    if let Some((_, expected)) = SCENARIO.iter().find(|(name, _)| *name == known) {
                        self.say(node, &path, format!("`{known}` has to be {expected}; it has no effect."));
                    } else if let Some((meant, _)) = SCENARIO.iter().find(|(name, _)| name.get(..3) == known.get(..3)) {
                        self.say(node, &path, format!("`{known}` is not known and has no effect. Is `{meant}` meant?"));
                    }
                    // A name is always written, so what stood there instead has no place left.
                    if let Some(value) = self.value(node, &path).filter(|_| known != "name") {
                        kept.put(known, &value);
                    }
                }
            }
        }
        // In the order in which they will be written, after the scenario's own.
        kept.nest("mocks", &nested_mocks);
        kept.nest("answers", &nested_answers);
        kept.nest("expect", &nested_expect);
        scenario.other = kept.close();
        scenario
    }

    fn mocks(&mut self, node: u32, path: &str) -> (Vec<StepMock>, String) {
        let mut mocks = Vec::new();
        let mut others = Kept::default();
        for (step, node) in self.members(node, path, "`mocks`").unwrap_or_default() {
            let path = join(path, &step);
            let mut kept = Kept::default();
            let mut mock = None;
            let Some(members) = self.members(node, &path, "A mock") else { continue };
            for (key, node) in members {
                let path = join(&path, &key);
                let read = match key.as_str() {
                    "returns" => self.value(node, &path).map(|value| Mock::Returns { value }),
                    "sequence" if self.kind(node) == NodeKind::Array => {
                        let items: Vec<u32> = self.tree.children(node).collect();
                        if items.is_empty() {
                            self.say(node, &path, "`sequence` has to hold at least one value; the mock was left out.");
                        }
                        let values: Option<Vec<String>> = items
                            .into_iter()
                            .enumerate()
                            .map(|(at, item)| self.value(item, &at_list(&path, at)))
                            .collect();
                        values.filter(|values| !values.is_empty()).map(|values| Mock::Sequence { values })
                    }
                    "raises" if self.kind(node) == NodeKind::String => {
                        self.string(node).map(|error| Mock::Raises { error })
                    }
                    other => {
                        let expected = match other {
                            "sequence" => "a list of values, one for each visit".to_owned(),
                            "raises" => "a text: `ErrorType: message`".to_owned(),
                            _ => "`returns`, `sequence` or `raises`".to_owned(),
                        };
                        self.say(node, &path, format!("Expected is {expected}; `{other}` has no effect."));
                        self.keep(&mut kept, other, node, &path);
                        continue;
                    }
                };
                if mock.is_some() && read.is_some() {
                    self.say(
                        node,
                        &path,
                        "A mock does one thing; the last of `returns`, `sequence` and `raises` counts.",
                    );
                }
                mock = read.or(mock);
            }
            others.nest(&step, &kept.close());
            mocks.push(StepMock { step, mock: mock.unwrap_or_default() });
        }
        (mocks, others.close())
    }

    fn answers(&mut self, node: u32, path: &str) -> (Vec<Answered>, String) {
        let mut answers = Vec::new();
        let mut others = Vec::new();
        let items: Vec<u32> = self.tree.children(node).collect();
        for (at, node) in items.into_iter().enumerate() {
            let path = at_list(path, at);
            let mut kept = Kept::default();
            let (mut step, mut value) = (None, None);
            let Some(members) = self.members(node, &path, "An answer") else { continue };
            for (key, node) in members {
                match key.as_str() {
                    "step" if self.kind(node) == NodeKind::String => step = self.string(node),
                    "value" => value = self.value(node, &join(&path, "value")),
                    _ => {
                        self.keep(&mut kept, &key, node, &path);
                    }
                }
            }
            if let (Some(step), Some(value)) = (step, value) {
                answers.push(Answered { step, value });
                others.push(kept.close());
            } else {
                self.say(node, &path, "An answer needs the `step` that waits and a `value`; it was left out.");
            }
        }
        if others.iter().all(String::is_empty) {
            return (answers, String::new());
        }
        let others: Vec<&str> = others.iter().map(|other| if other.is_empty() { "{}" } else { other }).collect();
        (answers, format!("[{}]", others.join(", ")))
    }

    fn expectation(&mut self, node: u32, path: &str) -> (Expectation, String) {
        let mut expect = Expectation::default();
        let mut kept = Kept::default();
        for (key, node) in self.members(node, path, "`expect`").unwrap_or_default() {
            let path = join(path, &key);
            match key.as_str() {
                "status" if self.string(node).is_some_and(|name| end(&name).is_some()) => {
                    expect.status = self.string(node).and_then(|name| end(&name));
                }
                "entered" if self.kind(node) == NodeKind::Array => {
                    let items: Vec<u32> = self.tree.children(node).collect();
                    let steps: Option<Vec<String>> = items.into_iter().map(|item| self.string(item)).collect();
                    if steps.is_none() {
                        self.say(node, &path, "`entered` has to hold names of steps; it has no effect.");
                        self.keep(&mut kept, &key, node, &path);
                    }
                    expect.entered = steps;
                }
                "output" if self.kind(node) == NodeKind::Object => {
                    expect.output = self.value(node, &path).unwrap_or_default();
                }
                "error" if self.kind(node) == NodeKind::String => {
                    expect.error = self.string(node).unwrap_or_default();
                }
                other => {
                    let expected = EXPECT.iter().find(|(name, _)| *name == other).map(|(_, expected)| *expected);
                    let expected = expected.unwrap_or("`status`, `entered`, `output` or `error`");
                    self.say(node, &path, format!("Expected is {expected}; `{other}` has no effect."));
                    self.keep(&mut kept, other, node, &path);
                }
            }
        }
        (expect, kept.close())
    }
}

const FILE: &[(&str, &str)] = &[
    ("pipeline", "a text: the name of the pipeline's file"),
    ("engine", "`ia-modules@0.1.3` or `ia-modules@0.2.0`"),
    ("loader", "`raw` or `pydantic`"),
    ("scenarios", "a list"),
];

const SCENARIO: &[(&str, &str)] = &[
    ("name", "a text"),
    ("input", "an object"),
    ("mocks", "an object with a member for each step"),
    ("answers", "a list of objects with `step` and `value`"),
    ("expect", "an object"),
];

const EXPECT: &[(&str, &str)] = &[
    ("status", "`completed`, `dead_end`, `waiting_for_human` or `failed`"),
    ("entered", "a list of the steps in the order they are entered"),
    ("output", "an object that the output contains"),
    ("error", "a text: an error's type, or `Type: message`"),
];

fn join(path: &str, key: &str) -> String {
    // Keys are the user's: a huge one would be repeated with every problem below it.
    let key: String = key.chars().take(60).collect();
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

fn at_list(path: &str, at: usize) -> String {
    format!("{path}[{at}]")
}
