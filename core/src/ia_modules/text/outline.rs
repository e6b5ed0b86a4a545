//! Where everything stands in a pipeline's text: steps, edges, the start. Judges nothing.

use crate::json::{At, NodeKind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// A step of the file.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// Its object.
    pub at: At<'a>,
    /// How edges name it: its `id`, else its `name`.
    pub id: Cow<'a, str>,
    /// Where that stands.
    pub id_at: At<'a>,
    /// Line of the text it begins in, from 1.
    pub line: usize,
}

/// An edge of the file.
#[derive(Clone, Copy, Debug)]
pub struct Edge<'a> {
    /// Its object.
    pub at: At<'a>,
    /// Where it says which step it leaves.
    pub from: Option<At<'a>>,
    /// Where it says which step it enters.
    pub to: Option<At<'a>>,
    /// Whether it stands in `transitions`.
    pub transition: bool,
}

impl<'a> Edge<'a> {
    /// Whether it leaves this step.
    pub fn leaves(&self, id: &str) -> bool {
        self.from.and_then(At::string).is_some_and(|from| from == id)
    }

    /// Whether it enters this step or terminal.
    pub fn enters(&self, id: &str) -> bool {
        self.to.and_then(At::string).is_some_and(|to| to == id)
    }

    /// Its condition as written.
    pub fn condition(&self) -> Option<At<'a>> {
        self.at.get("condition")
    }

    /// Whether its condition is none, `{}` or of the type `always`.
    pub fn is_always(&self) -> bool {
        self.condition().is_none_or(|condition| {
            condition.is(NodeKind::Object)
                && (condition.count() == 0 || condition.text_of("type").as_deref() == Some("always"))
        })
    }
}

/// The parts of a file.
#[derive(Clone, Debug)]
pub struct Outline<'a> {
    /// All of it.
    pub root: At<'a>,
    /// Steps that have an id or a name, in order.
    pub steps: Vec<Step<'a>>,
    /// Edges in order, those of `transitions` last.
    pub edges: Vec<Edge<'a>>,
    by_id: FxHashMap<String, usize>,
}

/// `end` and names that begin with `end_` stop a run.
pub fn is_terminal(id: &str) -> bool {
    id == "end" || id.starts_with("end_")
}

impl<'a> Outline<'a> {
    /// Looks through a text.
    pub fn of(root: At<'a>) -> Self {
        let mut outline = Outline { root, steps: Vec::new(), edges: Vec::new(), by_id: FxHashMap::default() };
        let (mut line, mut counted) = (1, 0);
        for at in root.get("steps").into_iter().flat_map(At::items) {
            let own = |key: &str| at.get(key).and_then(|of| Some((of.string().filter(|text| !text.is_empty())?, of)));
            let Some((id, id_at)) = own("id").or_else(|| own("name")) else { continue };
            // Of several steps with one id the engine takes the last.
            outline.by_id.insert(id.clone().into_owned(), outline.steps.len());
            let between = root.text.get(counted..at.start()).unwrap_or(&[]);
            line += memchr::memchr_iter(b'\n', between).count();
            counted = at.start();
            outline.steps.push(Step { at, id, id_at, line });
        }
        for (key, transition) in [("paths", false), ("transitions", true)] {
            for at in root.at(&["flow", key]).into_iter().flat_map(At::items).filter(|at| at.is(NodeKind::Object)) {
                let from = at.get("from").or_else(|| at.get("from_step"));
                let to = at.get("to").or_else(|| at.get("to_step"));
                outline.edges.push(Edge { at, from, to, transition });
            }
        }
        outline
    }

    /// The step with this id.
    pub fn step(&self, id: &str) -> Option<&Step<'a>> {
        self.by_id.get(id).and_then(|&at| self.steps.get(at))
    }

    /// Where the file says which step comes first.
    pub fn start_at(&self) -> Option<At<'a>> {
        self.root.at(&["flow", "start_at"])
    }

    /// The ids of the steps from which edges lead to `id`, itself included; all steps when there is no such step.
    pub fn before(&self, id: &str) -> FxHashSet<String> {
        if self.step(id).is_none() {
            return self.steps.iter().map(|step| step.id.clone().into_owned()).collect();
        }
        let mut into: FxHashMap<Cow<'_, str>, Vec<Cow<'_, str>>> = FxHashMap::default();
        for edge in &self.edges {
            if let (Some(from), Some(to)) = (edge.from.and_then(At::string), edge.to.and_then(At::string)) {
                into.entry(to).or_default().push(from);
            }
        }
        let mut found = FxHashSet::default();
        let mut open = vec![Cow::Borrowed(id)];
        while let Some(at) = open.pop() {
            if found.insert(at.clone().into_owned()) {
                open.extend(into.get(&at).into_iter().flatten().cloned());
            }
        }
        found
    }
}
