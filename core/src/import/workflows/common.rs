//! What histories of engines share: words for how something ended, errors told as `Type: message`, steps that belong
//! below the step of their run, and graphs of tasks. Knows no engine.

use crate::import::Builder;
use crate::import::record::read;
use crate::json::At;
use crate::model::{Details, Error, Fact, NodeKind, Pipeline, PipelineEdge, PipelineNode, Place, Status, Sym, Value};
use rustc_hash::{FxHashMap, FxHashSet};

/// What the words of all engines for the state of a task mean; `None` for an unknown word.
pub(crate) fn status(word: &str) -> Option<Status> {
    let word = word.trim().to_ascii_lowercase().replace([' ', '-'], "_");
    Some(match word.as_str() {
        "success" | "successful" | "succeeded" | "completed" | "complete" | "passed" | "pass" | "ok" | "done"
        | "neutral" | "cached" | "no_op" | "xfailed" | "xpassed" | "warn" | "warning" | "info" => Status::Ok,
        "failed" | "failure" | "fail" | "error" | "errored" | "crashed" | "timed_out" | "timedout" | "timeout"
        | "runtime_error" | "partial_success" | "startup_failure" | "rerun" | "invalid" => Status::Error,
        "running" | "in_progress" | "started" | "restarting" | "cancelling" | "canceling" => Status::Running,
        "pending" | "queued" | "scheduled" | "waiting" | "paused" | "blocked" | "requested" | "action_required"
        | "up_for_retry" | "up_for_reschedule" | "deferred" | "none" | "suspended" | "late" | "awaitingretry"
        | "planned" | "not_started" | "todo" => Status::Waiting,
        "skipped" | "skip" | "omitted" | "upstream_failed" | "notready" | "disabled" | "notrun" | "ignored" => {
            Status::Skipped
        }
        "cancelled" | "canceled" | "aborted" | "stopped" | "stale" | "shutdown" | "removed" | "terminated" => {
            Status::Cancelled
        }
        _ => return None,
    })
}

/// An error told as `Type: message`, as Python prints it. What stands before a colon is a type when it is one word.
pub(crate) fn typed(text: &str) -> Error {
    let text = text.trim();
    let error = |kind: &str, message: &str| Error { kind: kind.into(), message: message.into(), stack: String::new() };
    let Some((kind, message)) = text.split_once(':') else { return error("", text) };
    let word = kind.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_'));
    let name = kind.rsplit('.').next().unwrap_or("");
    if word && name.starts_with(|c: char| c.is_ascii_uppercase()) && name.len() > 2 {
        error(name, message.trim())
    } else {
        error("", text)
    }
}

/// Adds a small fact.
pub(crate) fn fact(details: &mut Details, label: &str, text: impl Into<String>) {
    details.facts.push(Fact { label: label.to_owned(), text: text.into() });
}

/// Adds the members that say something as facts: pairs of key and label.
pub(crate) fn facts(details: &mut Details, at: At<'_>, members: &[(&str, &str)]) {
    for (key, label) in members {
        if let Some(text) = read::text(at, &[key]) {
            fact(details, label, text);
        }
    }
}

/// The last part of a dotted or slashed path, for a short name.
pub(crate) fn last_part(path: &str, separator: char) -> &str {
    path.rsplit(separator).find(|part| !part.is_empty()).unwrap_or(path)
}

/// The first line of a text, at most so many characters.
pub(crate) fn first_line(text: &str, most: usize) -> String {
    let line = text.trim().lines().next().unwrap_or("").trim();
    let cut: String = line.chars().take(most).collect();
    if cut.len() < line.len() { format!("{cut}…") } else { cut }
}

/// Puts the steps of a run that name no parent below the step that is the run itself: the one with the run's id, in
/// whatever file it stands. Only runs that have steps of this file are looked at.
pub(crate) fn adopt(build: &mut Builder, file: u16) {
    let touched: FxHashSet<Sym> = build.drafts.iter().filter(|d| d.place.file == file).map(|draft| draft.run).collect();
    let whole: FxHashSet<Sym> = build.drafts.iter().map(|draft| draft.id).filter(|id| touched.contains(id)).collect();
    for draft in &mut build.drafts {
        if draft.parent.is_none() && draft.id != draft.run && whole.contains(&draft.run) {
            draft.parent = Some(draft.run);
        }
    }
}

/// An id that was not given before in this run: the stated one, else `id#2`, `id#3`.
pub(crate) fn unique(seen: &mut FxHashMap<String, u32>, id: &str) -> String {
    let count = seen.entry(id.to_owned()).or_insert(0);
    *count = count.saturating_add(1);
    if *count == 1 { id.to_owned() } else { format!("{id}#{count}") }
}

/// A graph of tasks on its way to a pipeline.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pipeline: Pipeline,
    by_id: FxHashMap<String, u32>,
    edges: Vec<(String, String, Place)>,
}

impl Graph {
    /// An empty one.
    pub(crate) fn new(name: &str, dialect: &str, place: Place) -> Graph {
        let pipeline = Pipeline { name: name.to_owned(), dialect: dialect.to_owned(), place, ..Pipeline::default() };
        Graph { pipeline, ..Graph::default() }
    }

    /// The pipeline, to say more of it.
    pub(crate) fn pipeline(&mut self) -> &mut Pipeline {
        &mut self.pipeline
    }

    /// Adds a task; of two with one id the first stands.
    pub(crate) fn node(&mut self, id: &str, name: &str, detail: &str, place: Place, values: Vec<(String, Value)>) {
        if self.by_id.contains_key(id) {
            return;
        }
        self.by_id.insert(id.to_owned(), self.pipeline.nodes.len() as u32);
        self.pipeline.nodes.push(PipelineNode {
            id: id.to_owned(),
            name: if name.is_empty() { id } else { name }.to_owned(),
            detail: detail.to_owned(),
            place,
            values,
            ..PipelineNode::default()
        });
    }

    /// Adds an order of two tasks, which may be added later.
    pub(crate) fn edge(&mut self, from: &str, to: &str, place: Place) {
        self.edges.push((from.to_owned(), to.to_owned(), place));
    }

    /// Whether anything follows from anything.
    pub(crate) fn has_edges(&self) -> bool {
        !self.edges.is_empty()
    }

    /// Hands it over; its position among the pipelines.
    pub(crate) fn done(mut self, build: &mut Builder) -> u32 {
        self.pipeline.declared = (self.pipeline.nodes.len() as u32, self.edges.len() as u32);
        let mut drawn: FxHashSet<(u32, u32)> = FxHashSet::default();
        for (from, to, place) in std::mem::take(&mut self.edges) {
            let (from, to) = (self.end(&from, place), self.end(&to, place));
            if drawn.insert((from, to)) {
                self.pipeline.edges.push(PipelineEdge { from, to, place, ..PipelineEdge::default() });
            }
        }
        self.pipeline.mark_reachable();
        build.pipelines.push(self.pipeline);
        u32::try_from(build.pipelines.len() - 1).unwrap_or(u32::MAX)
    }

    /// The node of an id; one that is defined nowhere is added as missing.
    fn end(&mut self, id: &str, place: Place) -> u32 {
        if !self.by_id.contains_key(id) {
            self.node(id, id, "not in this file", place, Vec::new());
            if let Some(node) = self.pipeline.nodes.last_mut() {
                node.kind = NodeKind::Missing;
            }
        }
        self.by_id.get(id).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_as_python_prints_them() {
        let told = |text: &str| {
            let error = typed(text);
            (error.kind, error.message)
        };
        assert_eq!(told("dagster._core.Failure: no more\n"), ("Failure".into(), "no more".into()));
        assert_eq!(told("assert 2 < 2"), (String::new(), "assert 2 < 2".into()));
        assert_eq!(told("exit code: 1"), (String::new(), "exit code: 1".into()));
        assert_eq!(told("C: disk"), (String::new(), "C: disk".into()));
    }

    #[test]
    fn an_edge_to_nowhere_ends_in_a_missing_node() {
        let mut build = Builder::default();
        let mut graph = Graph::new("g", "test", Place::default());
        graph.edge("a", "b", Place::default());
        graph.edge("a", "b", Place::default());
        graph.node("a", "", "", Place::default(), Vec::new());
        graph.done(&mut build);
        let pipeline = &build.pipelines[0];
        let kinds: Vec<NodeKind> = pipeline.nodes.iter().map(|node| node.kind).collect();
        assert_eq!(
            (kinds, pipeline.edges.len(), pipeline.declared),
            (vec![NodeKind::Step, NodeKind::Missing], 1, (1, 2))
        );
    }
}
