//! What a laid run says of a node, an edge and the whole, in few words.

use super::lay::{EdgeLaid, Ended, Laid, NodeLaid};
use crate::flow::duration;
use crate::model::{Document, NodeKind, Pipeline, PipelineNode, Run, Status};
use crate::protocol::RunEnd;
use crate::wording::counted;

/// How often, for a sentence.
fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

fn is_terminal(node: &PipelineNode) -> bool {
    matches!(node.kind, NodeKind::Start | NodeKind::End)
}

/// The second line of a box: `×2 · 0.31 s`.
pub(crate) fn node_sub(node: &PipelineNode, laid: &NodeLaid) -> String {
    if is_terminal(node) {
        return String::new();
    }
    if laid.visits == 0 {
        let words = match (node.kind, node.reachable) {
            (NodeKind::Missing, _) => "? not defined in this file",
            (_, false) => "U unreachable",
            _ => "not reached",
        };
        return words.to_owned();
    }
    let mut parts = vec![format!("×{}", laid.visits)];
    parts.extend(laid.spent.map(duration));
    match (laid.errors, laid.status) {
        (0, Some(Status::Waiting)) => parts.push("‖ waiting".to_owned()),
        (0, Some(Status::Running)) => parts.push("running".to_owned()),
        (0, Some(Status::Cancelled)) => parts.push("cancelled".to_owned()),
        (0, _) => {}
        (1, _) if laid.visits == 1 => parts.push("✗ error".to_owned()),
        (errors, _) => parts.push(format!("✗ {errors} of {}", laid.visits)),
    }
    parts.join(" · ")
}

/// What the text equivalent says of a node: `visited twice, 0.31 s in all`.
pub(crate) fn node_words(node: &PipelineNode, laid: &NodeLaid) -> String {
    if node.kind == NodeKind::Start {
        return String::new();
    }
    let mut words = match (laid.visits, node.kind) {
        (0, _) => return "not reached by this run".to_owned(),
        (_, NodeKind::End) => "the run ended here".to_owned(),
        (visits, _) => format!("visited {}", times(visits)),
    };
    if let Some(spent) = laid.spent {
        words.push_str(&format!(", {}{}", duration(spent), if laid.visits > 1 { " in all" } else { "" }));
    }
    match laid.errors {
        0 => {}
        1 => words.push_str(", 1 error"),
        errors => words.push_str(&format!(", {errors} errors")),
    }
    match laid.end {
        Some(RunEnd::DeadEnd) => words.push_str(", dead end: no edge was true, and the run was reported as a success"),
        Some(RunEnd::WaitingForHuman) => words.push_str(", waits for a person"),
        Some(RunEnd::Failed) => words.push_str(", the run failed here"),
        Some(RunEnd::Completed) if node.kind != NodeKind::End => words.push_str(", the run ended here"),
        _ => {}
    }
    words
}

/// What the text equivalent says of an edge: `taken twice, false once`; empty where nothing happened.
pub(crate) fn edge_words(laid: EdgeLaid) -> String {
    match (laid.taken, laid.refused) {
        (0, 0) => "not looked at".to_owned(),
        (0, refused) => format!("false {}", times(refused)),
        (taken, 0) => format!("taken {}", times(taken)),
        (taken, refused) => format!("taken {}, false {}", times(taken), times(refused)),
    }
}

/// What is to be said of the run as a whole, in sentences; empty when it went along the edges to an end.
pub(crate) fn note(document: &Document, run: &Run, pipeline: &Pipeline, laid: &Laid) -> String {
    let step = |step: u32| run.steps.name.get(step as usize).map_or("", |&name| document.names.get(name));
    let node = |node: u32| pipeline.nodes.get(node as usize).map_or("", |node| node.id.as_str());
    let to = |edge: u32| pipeline.edges.get(edge as usize).map_or("", |edge| node(edge.to));
    let mut said = Vec::new();
    if laid.visits.is_empty() {
        return "No step of this run is in this pipeline.".to_owned();
    }
    if run.apart {
        return "These are data of some steps, not a run: nothing says in which order they ran, or whether.".to_owned();
    }
    if let Some(&first) = laid.strays.first() {
        let steps = counted(laid.strays.len() as u64, "step of the run is", "steps of the run are");
        let example =
            if laid.strays.len() == 1 { step(first).to_owned() } else { format!("the first is {}", step(first)) };
        said.push(format!("{steps} not in this pipeline ({example})."));
    }
    if let Some(visit) = laid.first_unexplained.and_then(|at| laid.visits.get(at as usize)) {
        let visits = counted(laid.unexplained, "visit follows", "visits follow");
        let example = match laid.first_unexplained.and_then(|at| laid.visits.get(at.checked_sub(1)? as usize)) {
            Some(before) => format!("{} after {}", node(visit.node), node(before.node)),
            None => format!("it begins at {}", node(visit.node)),
        };
        let why = "The run was resumed, or another version of the pipeline ran.";
        said.push(format!("{visits} from no edge ({example}). {why}"));
    }
    if laid.against > 0 {
        let visits = counted(laid.against, "edge was", "edges were");
        said.push(format!("{visits} taken that by the recorded state was not to be taken: see the decision there."));
    }
    match laid.ended {
        Ended::Running => said.push("The last step was still running when the file was written.".to_owned()),
        Ended::Cancelled => said.push("The run was stopped from outside.".to_owned()),
        Ended::Cut(edge) => {
            said.push(format!(
                "{} was next, and is not in the file: the run failed there, or the file stops early.",
                to(edge)
            ));
        }
        Ended::Unclear(edge) => said.push(format!(
            "Whether the run ended at {} or at a dead end is not in the file: the engine reports both as a success.",
            to(edge)
        )),
        Ended::FailedAfter => {
            said.push("The run failed after its last step, while the engine looked for the next.".to_owned());
        }
        _ => {}
    }
    if laid.uncounted {
        said.push("So many edges were looked at that those not taken are not all counted.".to_owned());
    }
    said.join(" ")
}
