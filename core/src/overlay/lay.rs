//! Replays a run's visits along the edges of its pipeline, as the engine walks them.
//!
//! The engine looks at a step's edges in the order of the file. The first true one is followed at once, the other true
//! ones go into a queue; while something is queued it is followed without looking at any edge. So the next visit may
//! follow from an earlier step than the one before it. Where the truth of an edge is not known, the run itself tells:
//! what comes before the edge it took was false, and what comes after may be queued until the run shows otherwise.
//!
//! Linear in visits and edges: the queue is emptied when an edge of the step before is followed, and the number of
//! edges looked at has a limit, beyond which only passed edges are counted.

mod apart;
mod ended;
mod joined;

pub(crate) use ended::Ended;

use super::visits::{Naming, Visited, visits};
use crate::model::{Document, EdgeStyle, Nanos, NodeKind, Pipeline, Run, Status, StepIx};
use crate::protocol::RunEnd;
use ended::worse;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// The moment of what never came.
pub(crate) const NEVER: u32 = u32::MAX;

/// Edges that are looked at for one run.
const LOOKS: usize = 16 << 20;

/// What a condition is worth at one visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    True,
    False,
    /// Its comparison stops the run.
    Raises,
    Unknown,
}

/// One visit of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Visit {
    /// The step.
    pub(crate) step: StepIx,
    /// The node.
    pub(crate) node: u32,
    /// Which visit of that node, from 1.
    pub(crate) number: u32,
    /// The edge it came along; `None` when none explains it.
    pub(crate) via: Option<u32>,
    /// The visit after which that edge was chosen.
    pub(crate) from: Option<u32>,
    /// Whether it waited in the queue of a fan-out.
    pub(crate) queued: bool,
    /// Whether the truth that is known speaks against the edge.
    pub(crate) against: bool,
}

/// What a run did at one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NodeLaid {
    pub(crate) visits: u32,
    pub(crate) errors: u32,
    /// The worst.
    pub(crate) status: Option<Status>,
    /// Earliest enter, or [`NEVER`].
    pub(crate) enter: u32,
    /// Latest exit, or [`NEVER`].
    pub(crate) exit: u32,
    /// Time of all visits, where the file has times.
    pub(crate) spent: Option<Nanos>,
    /// How the run ended here, where it did.
    pub(crate) end: Option<RunEnd>,
}

/// What a run did at one edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EdgeLaid {
    pub(crate) taken: u32,
    pub(crate) refused: u32,
    /// First time it was passed, or [`NEVER`].
    pub(crate) enter: u32,
}

/// A run laid on a pipeline.
#[derive(Clone, Debug)]
pub(crate) struct Laid {
    /// In the order of moments.
    pub(crate) visits: Vec<Visit>,
    /// By node.
    pub(crate) nodes: Vec<NodeLaid>,
    /// By edge.
    pub(crate) edges: Vec<EdgeLaid>,
    /// For each step the node it is in, or [`NEVER`].
    pub(crate) node_of: Vec<u32>,
    /// Steps beside the visits that are not in the pipeline.
    pub(crate) strays: Vec<StepIx>,
    /// Visits no edge explains.
    pub(crate) unexplained: u32,
    /// The first of them.
    pub(crate) first_unexplained: Option<u32>,
    /// Visits along an edge that by what is known was false, or not next.
    pub(crate) against: u32,
    /// Where the run ended.
    pub(crate) ended: Ended,
    /// Whether that came from the queue: no edge of the last step was looked at.
    pub(crate) from_queue: bool,
    /// Whether there were too many edges to count those that were not taken.
    pub(crate) uncounted: bool,
}

/// An edge that may still be in the queue.
struct Open {
    edge: u32,
    from: u32,
    certain: bool,
}

struct Laying<'a> {
    pipeline: &'a Pipeline,
    /// By node: its edges in file order that the engine reads.
    out: Vec<Vec<u32>>,
    truth: &'a mut dyn FnMut(&Visit, u32) -> Truth,
    /// The first edge the engine reads from one node to another.
    ways: FxHashMap<(u32, u32), u32>,
    open: VecDeque<Open>,
    /// How many of `open` are certain.
    certain: usize,
    looks: usize,
    laid: Laid,
    /// For pipelines whose engine is not known: which ways can have been gone.
    joined: Option<joined::Joined>,
}

/// Edges the engine does not read at all.
pub(super) fn unread(path: &str) -> bool {
    path.starts_with("$.flow.transitions")
}

/// The visits of a run: step and node, in the order of moments.
pub(crate) fn way(document: &Document, run: &Run, pipeline: &Pipeline) -> Vec<(StepIx, u32)> {
    let found = visits(run, &Naming::new(pipeline, run, &document.names));
    found.visits.iter().map(|visit| (visit.step, visit.node)).collect()
}

/// Lays a run on a pipeline. `truth` says what an edge with a condition was worth after a visit; `went_on`, whether the
/// engine went on after the last step, if that one failed.
pub(crate) fn lay(
    document: &Document,
    run: &Run,
    pipeline: &Pipeline,
    truth: &mut dyn FnMut(&Visit, u32) -> Truth,
    went_on: bool,
) -> Laid {
    let found = visits(run, &Naming::new(pipeline, run, &document.names));
    let mut out = vec![Vec::new(); pipeline.nodes.len()];
    let mut ways = FxHashMap::default();
    for (at, edge) in pipeline.edges.iter().enumerate() {
        let inside = (edge.to as usize) < pipeline.nodes.len() && !unread(&edge.path);
        if let Some(list) = out.get_mut(edge.from as usize).filter(|_| inside) {
            list.push(at as u32);
            ways.entry((edge.from, edge.to)).or_insert(at as u32);
        }
    }
    let empty = NodeLaid { visits: 0, errors: 0, status: None, enter: NEVER, exit: NEVER, spent: None, end: None };
    let laid = Laid {
        visits: Vec::with_capacity(found.visits.len()),
        nodes: vec![empty; pipeline.nodes.len()],
        edges: vec![EdgeLaid { taken: 0, refused: 0, enter: NEVER }; pipeline.edges.len()],
        node_of: vec![NEVER; run.steps.len()],
        strays: found.strays,
        unexplained: 0,
        first_unexplained: None,
        against: 0,
        ended: Ended::Nothing,
        from_queue: false,
        uncounted: false,
    };
    let joined = (pipeline.dialect != "ia-modules").then(|| joined::Joined::new(pipeline, &found.visits));
    let mut laying = Laying { pipeline, out, truth, ways, open: VecDeque::new(), certain: 0, looks: 0, laid, joined };
    for visited in &found.visits {
        laying.visit(run, *visited);
    }
    laying.end(run, went_on);
    if run.apart { laying.laid.apart() } else { laying.laid }
}

impl Laying<'_> {
    fn to(&self, edge: u32) -> u32 {
        self.pipeline.edges.get(edge as usize).map_or(NEVER, |edge| edge.to)
    }

    fn out(&self, node: u32) -> Vec<u32> {
        self.out.get(node as usize).cloned().unwrap_or_default()
    }

    fn truth(&mut self, visit: &Visit, edge: u32) -> Truth {
        self.looks += 1;
        match self.pipeline.edges.get(edge as usize) {
            Some(found) if found.style == EdgeStyle::Always && found.condition.is_none() => Truth::True,
            Some(found) => match (self.truth)(visit, edge) {
                Truth::Unknown if found.style == EdgeStyle::Always => Truth::True,
                Truth::Unknown if found.style == EdgeStyle::Never => Truth::False,
                truth => truth,
            },
            None => Truth::False,
        }
    }

    fn refuse(&mut self, edge: u32) {
        if let Some(laid) = self.laid.edges.get_mut(edge as usize) {
            laid.refused = laid.refused.saturating_add(1);
        }
    }

    fn pass(&mut self, edge: u32, moment: u32) {
        if let Some(laid) = self.laid.edges.get_mut(edge as usize) {
            laid.taken = laid.taken.saturating_add(1);
            laid.enter = laid.enter.min(moment);
        }
    }

    /// Takes the next visit of the run.
    fn visit(&mut self, run: &Run, visited: Visited) {
        let moment = |column: &[u32]| column.get(visited.step as usize).copied().unwrap_or(NEVER);
        let (enter, exit) = (moment(&run.enter), moment(&run.exit));
        let status = run.steps.status.get(visited.step as usize).copied().unwrap_or_default();
        let range = visited.step as usize..(run.steps.after(visited.step) as usize).min(self.laid.node_of.len());
        if let Some(slots) = self.laid.node_of.get_mut(range) {
            slots.fill(visited.node);
        }
        let mut number = 1;
        if let Some(node) = self.laid.nodes.get_mut(visited.node as usize) {
            node.visits = node.visits.saturating_add(1);
            number = node.visits;
            node.errors = node.errors.saturating_add(u32::from(status == Status::Error));
            node.status = Some(worse(node.status, status));
            node.enter = node.enter.min(enter);
            node.exit = if node.exit == NEVER { exit } else { node.exit.max(exit) };
            if let Some(length) = run.steps.duration(visited.step) {
                node.spent = Some(Nanos(node.spent.unwrap_or_default().0.saturating_add(length.0)));
            }
        }
        let (step, node) = (visited.step, visited.node);
        let mut visit = Visit { step, node, number, via: None, from: None, queued: false, against: false };
        match self.laid.visits.len().checked_sub(1) {
            _ if self.joined.is_some() => {
                self.join(run, &mut visit, enter);
                self.laid.visits.push(visit);
                return;
            }
            None => self.start(&mut visit, enter),
            Some(before) => self.arrive(before as u32, &mut visit),
        }
        match visit.via {
            Some(edge) => self.pass(edge, enter),
            // An entry that is a step itself has no edge to pass.
            None if self.laid.visits.is_empty() && self.pipeline.entry.is_none_or(|entry| entry == node) => {}
            None => {
                self.laid.unexplained = self.laid.unexplained.saturating_add(1);
                let at = self.laid.visits.len() as u32;
                self.laid.first_unexplained.get_or_insert(at);
            }
        }
        self.laid.against = self.laid.against.saturating_add(u32::from(visit.against));
        self.laid.visits.push(visit);
    }

    /// The first visit: from the entry, where the pipeline has one.
    fn start(&mut self, visit: &mut Visit, enter: u32) {
        let Some(entry) = self.pipeline.entry else { return };
        if let Some(node) = self.laid.nodes.get_mut(entry as usize).filter(|_| entry != visit.node) {
            (node.visits, node.enter, node.exit) = (1, enter, enter);
        }
        visit.via = self.ways.get(&(entry, visit.node)).copied();
    }

    /// Finds the edge a visit came along, and settles what that says of the others.
    fn arrive(&mut self, before: u32, visit: &mut Visit) {
        let Some(&last) = self.laid.visits.get(before as usize) else { return };
        if self.looks > LOOKS {
            self.laid.uncounted = true;
            self.leave_queue();
            visit.via = self.ways.get(&(last.node, visit.node)).copied();
            visit.from = visit.via.map(|_| before);
            return;
        }
        let mut waiting = None;
        for (at, open) in self.open.iter().enumerate() {
            self.looks += 1;
            if self.to(open.edge) == visit.node {
                waiting = Some(at);
                break;
            }
            if open.certain {
                break;
            }
        }
        // While something is certainly queued no edge is looked at.
        let decided = if self.certain > 0 { None } else { self.decide(last, visit.node) };
        match (decided, waiting) {
            (Some(decided), _) => self.follow(before, decided, visit),
            (None, Some(at)) => self.take_queued(at, visit, false),
            (None, None) => {
                // Against what is known: another version of the pipeline, or a run that was resumed.
                if let Some(at) = self.open.iter().position(|open| self.to(open.edge) == visit.node) {
                    self.take_queued(at, visit, true);
                    return;
                }
                visit.via = self.ways.get(&(last.node, visit.node)).copied();
                visit.from = visit.via.map(|_| before);
                visit.against = visit.via.is_some();
                self.leave_queue();
            }
        }
    }

    /// Forgets what was queued: the run did not follow it.
    fn leave_queue(&mut self) {
        self.open.clear();
        self.certain = 0;
    }

    /// The next of the queue.
    fn pop(&mut self) -> Option<Open> {
        let open = self.open.pop_front()?;
        self.certain -= usize::from(open.certain).min(self.certain);
        Some(open)
    }

    /// A step from the queue: what stood before it was false after all.
    fn take_queued(&mut self, at: usize, visit: &mut Visit, against: bool) {
        for _ in 0..at {
            if let Some(open) = self.pop().filter(|open| !open.certain) {
                self.refuse(open.edge);
            }
        }
        if let Some(open) = self.pop() {
            (visit.via, visit.from) = (Some(open.edge), Some(open.from));
            (visit.queued, visit.against) = (true, against);
        }
    }

    /// What each edge after `last` is worth, when that lets the run go on to `node`: up to where it does.
    fn decide(&mut self, last: Visit, node: u32) -> Option<Vec<(u32, Truth)>> {
        let mut truths = Vec::new();
        let mut found = false;
        for edge in self.out(last.node) {
            let truth = self.truth(&last, edge);
            if !found && truth != Truth::False {
                found = self.to(edge) == node && truth != Truth::Raises;
                if !found && truth != Truth::Unknown {
                    return None;
                }
                truths.push((edge, if found { Truth::True } else { Truth::False }));
                continue;
            }
            truths.push((edge, truth));
        }
        found.then_some(truths)
    }

    /// Follows the first true edge of a decision, and queues what else may be true.
    fn follow(&mut self, before: u32, decided: Vec<(u32, Truth)>, visit: &mut Visit) {
        // Edges were looked at, so the queue was empty: what might have been in it was false.
        while let Some(open) = self.pop() {
            self.refuse(open.edge);
        }
        for (edge, truth) in decided {
            match truth {
                Truth::True if visit.via.is_none() => (visit.via, visit.from) = (Some(edge), Some(before)),
                Truth::True | Truth::Unknown => {
                    let certain = truth == Truth::True;
                    self.certain += usize::from(certain);
                    self.open.push_back(Open { edge, from: before, certain });
                }
                Truth::False | Truth::Raises => self.refuse(edge),
            }
        }
    }

    /// Says how the run ended, and settles the edges after the last visit.
    fn end(&mut self, run: &Run, went_on: bool) {
        let Some(&last) = self.laid.visits.last() else { return };
        let status = run.steps.status.get(last.step as usize).copied().unwrap_or_default();
        let exit = run.exit.get(last.step as usize).copied().unwrap_or(NEVER);
        let ended = match status {
            Status::Waiting => Ended::Waiting,
            // What became a result did not end the run.
            Status::Error if !went_on => Ended::Failed,
            Status::Cancelled => Ended::Cancelled,
            Status::Running => Ended::Running,
            _ if self.joined.is_some() => self.after_all(last),
            _ => self.after_last(last),
        };
        self.laid.ended = ended;
        let (node, end) = match ended {
            Ended::Terminal(edge) => {
                let node = self.to(edge);
                self.pass(edge, exit);
                if let Some(laid) = self.laid.nodes.get_mut(node as usize) {
                    (laid.visits, laid.enter, laid.exit) = (1, exit, exit);
                }
                (node, Some(RunEnd::Completed))
            }
            Ended::NothingFollows => (last.node, Some(RunEnd::Completed)),
            Ended::DeadEnd => (last.node, Some(RunEnd::DeadEnd)),
            Ended::Waiting => (last.node, Some(RunEnd::WaitingForHuman)),
            Ended::Failed | Ended::FailedAfter => (last.node, Some(RunEnd::Failed)),
            Ended::Running | Ended::Cancelled | Ended::Cut(_) | Ended::Unclear(_) | Ended::Nothing => (last.node, None),
        };
        if let Some(laid) = self.laid.nodes.get_mut(node as usize) {
            laid.end = end;
        }
    }

    fn kind(&self, edge: u32) -> NodeKind {
        self.pipeline.nodes.get(self.to(edge) as usize).map_or(NodeKind::Missing, |node| node.kind)
    }

    /// Where following an edge led that the run did not follow to a step.
    fn leads(&self, edge: u32) -> Ended {
        let id = self.pipeline.nodes.get(self.to(edge) as usize).map_or("", |node| node.id.as_str());
        match self.kind(edge) {
            // The engine stops at names that begin so; `end` alone is a step it does not find.
            NodeKind::End if id.starts_with("end_") || self.pipeline.dialect != "ia-modules" => Ended::Terminal(edge),
            NodeKind::End | NodeKind::Missing => Ended::FailedAfter,
            _ => Ended::Cut(edge),
        }
    }

    /// The engine after the last visit: its queue first, then the edges.
    fn after_last(&mut self, last: Visit) -> Ended {
        let mut unclear = None;
        while let Some(open) = self.pop() {
            if open.certain {
                self.laid.from_queue = true;
                return self.leads(open.edge);
            }
            match self.kind(open.edge) {
                NodeKind::End => unclear = unclear.or(Some(open.edge)),
                // The run would have gone there.
                _ => self.refuse(open.edge),
            }
        }
        let edges = self.out(last.node);
        if let Some(edge) = unclear {
            return Ended::Unclear(edge);
        }
        if edges.is_empty() {
            return Ended::NothingFollows;
        }
        let truths: Vec<(u32, Truth)> = edges.into_iter().map(|edge| (edge, self.truth(&last, edge))).collect();
        if truths.iter().any(|(_, truth)| *truth == Truth::Raises) {
            return Ended::FailedAfter;
        }
        let mut first = None;
        for &(edge, truth) in &truths {
            match truth {
                Truth::True => first = first.or(Some(edge)),
                Truth::Unknown if self.kind(edge) == NodeKind::End => unclear = unclear.or(Some(edge)),
                // Not known, and the run did not go there; unless something else came first.
                Truth::Unknown if first.is_some() => {}
                _ => self.refuse(edge),
            }
        }
        match (first, unclear) {
            (Some(first), Some(unclear)) if unclear < first => Ended::Unclear(unclear),
            (Some(first), _) => self.leads(first),
            (None, Some(unclear)) => Ended::Unclear(unclear),
            (None, None) => Ended::DeadEnd,
        }
    }
}

#[cfg(test)]
#[path = "lay_tests.rs"]
mod tests;
