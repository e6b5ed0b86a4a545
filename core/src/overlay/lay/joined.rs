//! A run laid on a pipeline whose engine is not known: which edges its visits can have come along.
//!
//! Such engines run things beside each other and wait for several. So a visit comes along the edge from the latest visit
//! before it, and along all unconditional ones from visits since the node was visited last. What a node chose shows in
//! what came after it.
//!
//! A frame around other nodes may have no step of its own. Such a frame is entered with the first visit in it that comes
//! from outside, and what follows the frame follows the latest visit in it.

use super::{Ended, LOOKS, Laying, NEVER, Visit, Visited};
use crate::model::{EdgeStyle, NodeKind, Pipeline, Run, Status};

/// What is known while the visits come in.
pub(super) struct Joined {
    /// By node: the edges that lead to it.
    into: Vec<Vec<u32>>,
    /// By node: its latest visit, counted from 1; the entry counts as visited before all others. 0 is never.
    latest: Vec<u32>,
    /// By node: whether that visit failed.
    failed: Vec<bool>,
    /// By node: whether the run has steps of it.
    own: Vec<bool>,
    looks: usize,
}

/// Frames are looked for so far around a node.
const AROUND: usize = 64;

impl Joined {
    pub(super) fn new(pipeline: &Pipeline, visits: &[Visited]) -> Joined {
        let count = pipeline.nodes.len();
        let mut own = vec![false; count];
        for visit in visits {
            if let Some(slot) = own.get_mut(visit.node as usize) {
                *slot = true;
            }
        }
        let mut into = vec![Vec::new(); count];
        for (at, edge) in pipeline.edges.iter().enumerate() {
            if let Some(list) = into.get_mut(edge.to as usize).filter(|_| (edge.from as usize) < count) {
                list.push(at as u32);
            }
        }
        Joined { into, latest: vec![0; count], failed: vec![false; count], own, looks: 0 }
    }

    fn latest(&self, node: u32) -> u32 {
        self.latest.get(node as usize).copied().unwrap_or_default()
    }
}

impl Laying<'_> {
    /// Takes a visit: the edges it came along.
    pub(super) fn join(&mut self, run: &Run, visit: &mut Visit, moment: u32) {
        let Some(mut joined) = self.joined.take() else { return };
        let number = (self.laid.visits.len() as u32).saturating_add(2);
        if self.laid.visits.is_empty() {
            self.enter(&mut joined, visit.node, moment);
        }
        // The frames around it that nothing but their inside tells of, the innermost first.
        let frames: Vec<u32> =
            self.around(visit.node).filter(|frame| joined.own.get(*frame as usize) == Some(&false)).collect();
        let mut edges: Vec<(u32, u32)> = Vec::new();
        for node in std::iter::once(visit.node).chain(frames.iter().copied()) {
            let into = joined.into.get(node as usize).map_or(&[][..], Vec::as_slice);
            edges.extend(into.iter().map(|&edge| (edge, joined.latest(node))));
        }
        joined.looks = joined.looks.saturating_add(edges.len());
        if joined.looks > LOOKS {
            self.laid.uncounted = true;
        } else {
            let from = |edge: u32| self.pipeline.edges.get(edge as usize).map_or(NEVER, |edge| edge.from);
            let seen = |edge: u32| joined.latest(from(edge));
            let to_frame = |edge: u32| self.to(edge) != visit.node;
            // A frame is entered again only after something outside came.
            let leads = |&(edge, before): &(u32, u32)| seen(edge) > if to_frame(edge) { before } else { 0 };
            // The latest visit that leads here; of several edges from it the first.
            let last = edges.iter().copied().filter(leads).map(|(edge, _)| edge).rev().max_by_key(|&edge| seen(edge));
            let (mut passed, mut via) = (Vec::new(), last);
            for &(edge, before) in &edges {
                let failed = joined.failed.get(from(edge) as usize) == Some(&true);
                let always = self.pipeline.edges.get(edge as usize).is_some_and(|edge| edge.style == EdgeStyle::Always);
                if Some(edge) == via || always && !failed && seen(edge) > before {
                    passed.push(edge);
                }
            }
            // What serves another node runs inside it, and its edge leads there.
            let parent = run.steps.parent(visit.step);
            let around = parent.and_then(|parent| self.laid.node_of.get(parent as usize)).copied().unwrap_or(NEVER);
            let group = self.pipeline.nodes.get(visit.node as usize).and_then(|node| node.parent);
            let serves = self.ways.get(&(visit.node, around)).copied();
            if let (None, Some(edge)) = (via, serves) {
                (via, passed) = (Some(edge), vec![edge]);
            }
            (visit.via, visit.from) = (via, via.and_then(|edge| seen(edge).checked_sub(2)));
            let begins = edges.is_empty() || group.is_some_and(|group| joined.latest(group) > 0);
            let first = |node: u32| self.pipeline.entry == Some(node);
            if via.is_none() && !begins && !first(visit.node) && !frames.iter().any(|&frame| first(frame)) {
                self.laid.unexplained = self.laid.unexplained.saturating_add(1);
                self.laid.first_unexplained.get_or_insert(number.saturating_sub(2));
            }
            for edge in passed {
                self.pass(edge, moment);
            }
            let came = via.map(from);
            for &frame in &frames {
                let inside = came.is_some_and(|from| from == frame || self.around(from).any(|around| around == frame));
                let entered = joined.latest(frame) == 0 || came.is_some() && !inside;
                self.within(frame, entered, run, visit.step);
            }
        }
        for &frame in &frames {
            if let Some(slot) = joined.latest.get_mut(frame as usize) {
                *slot = number;
            }
        }
        if let Some(slot) = joined.latest.get_mut(visit.node as usize) {
            *slot = number;
        }
        if let Some(slot) = joined.failed.get_mut(visit.node as usize) {
            *slot = run.steps.status.get(visit.step as usize) == Some(&Status::Error);
        }
        self.joined = Some(joined);
    }

    /// The frames around a node, the innermost first.
    fn around(&self, node: u32) -> impl Iterator<Item = u32> + use<'_> {
        let parent = |node: &u32| self.pipeline.nodes.get(*node as usize).and_then(|node| node.parent);
        std::iter::successors(parent(&node), parent).take(AROUND)
    }

    /// Counts a visit into a frame around it.
    fn within(&mut self, frame: u32, entered: bool, run: &Run, step: u32) {
        let moment = |column: &[u32]| column.get(step as usize).copied().unwrap_or(NEVER);
        let status = run.steps.status.get(step as usize).copied().unwrap_or_default();
        let Some(node) = self.laid.nodes.get_mut(frame as usize) else { return };
        node.visits = node.visits.saturating_add(u32::from(entered));
        node.errors = node.errors.saturating_add(u32::from(status == Status::Error));
        node.status = Some(super::worse(node.status, status));
        node.enter = node.enter.min(moment(&run.enter));
        node.exit = if node.exit == NEVER { moment(&run.exit) } else { node.exit.max(moment(&run.exit)) };
    }

    /// The first visit: the start is passed before it.
    fn enter(&mut self, joined: &mut Joined, first: u32, moment: u32) {
        let Some(entry) = self.pipeline.entry.filter(|entry| *entry != first) else { return };
        let start = self.pipeline.nodes.get(entry as usize).is_some_and(|node| node.kind == NodeKind::Start);
        if let Some(node) = self.laid.nodes.get_mut(entry as usize).filter(|_| start) {
            (node.visits, node.enter, node.exit) = (1, moment, moment);
            if let Some(slot) = joined.latest.get_mut(entry as usize) {
                *slot = 1;
            }
        }
    }

    /// After the last visit: what was not chosen, and where the run ended.
    pub(super) fn after_all(&mut self, last: Visit) -> Ended {
        for at in 0..self.pipeline.edges.len() {
            let Some(edge) = self.pipeline.edges.get(at).filter(|edge| edge.style == EdgeStyle::Conditional) else {
                continue;
            };
            let visits = self.laid.nodes.get(edge.from as usize).map_or(0, |node| node.visits);
            if let Some(laid) = self.laid.edges.get_mut(at) {
                laid.refused = visits.saturating_sub(laid.taken);
            }
        }
        // An end that is drawn and is no step: the run came to it where nothing else could follow.
        // Where nothing leaves a node, what leaves the frame around it.
        let ways = std::iter::once(last.node).chain(self.around(last.node)).map(|node| self.out(node));
        let out = ways.into_iter().find(|out| !out.is_empty()).unwrap_or_default();
        let end = out.iter().copied().find(|&edge| {
            let to = self.pipeline.nodes.get(self.to(edge) as usize);
            to.is_some_and(|to| to.kind == NodeKind::End)
        });
        match (end, &out[..]) {
            (Some(edge), [_]) => Ended::Terminal(edge),
            // Of several ways the one that nothing followed was gone.
            (Some(edge), _) if self.laid.edges.get(edge as usize).is_some_and(|laid| laid.taken == 0) => {
                if let Some(laid) = self.laid.edges.get_mut(edge as usize) {
                    laid.refused = laid.refused.saturating_sub(1);
                }
                Ended::Terminal(edge)
            }
            _ => Ended::NothingFollows,
        }
    }
}
