//! Which steps of a run are visits of a node of a pipeline.
//!
//! A step is a visit when it is called like the node: by the node's id, by `step.` and the id (as spans of IA Modules
//! are), or by the name people give it. One of the items a step ran for is called like it with the item behind that, in
//! brackets. Of IA Modules only the outermost counts: what runs inside a visit belongs to it,
//! whatever it is called. Elsewhere a step inside a visit is one too, when it is called like another node.

use crate::model::{Interner, NodeKind, Pipeline, Run, Status, StepIx, Sym};
use crate::order::Order as _;
use rustc_hash::{FxHashMap, FxHashSet};

/// A step that is a visit of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Visited {
    pub(super) step: StepIx,
    pub(super) node: u32,
}

/// The visits of a run, and the steps beside them.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// In the order of their enter moments.
    pub(super) visits: Vec<Visited>,
    /// Steps that stand beside visits and are called like no node.
    pub(super) strays: Vec<StepIx>,
}

/// What the nodes of a pipeline are called, as symbols of a document.
pub(super) struct Naming {
    by_name: FxHashMap<Sym, u32>,
    /// Whether steps inside a visit may be visits too: of nodes in a group, of the model that serves an agent.
    nested: bool,
}

impl Naming {
    pub(super) fn new(pipeline: &Pipeline, run: &Run, names: &Interner) -> Naming {
        let mut by_name: FxHashMap<Sym, u32> = FxHashMap::default();
        let mut shared: FxHashSet<Sym> = FxHashSet::default();
        let steps = || {
            let nodes = pipeline.nodes.iter().enumerate();
            // Where other engines end is a state like any other, and may be a step.
            let ends = pipeline.dialect != "ia-modules";
            nodes.filter(move |(_, node)| node.kind != NodeKind::Start && (ends || node.kind != NodeKind::End))
        };
        let find = |text: &str| if text.is_empty() { None } else { names.find(text) };
        for (at, node) in steps() {
            if let Some(sym) = find(&node.name)
                && by_name.insert(sym, at as u32).is_some()
            {
                shared.insert(sym);
            }
        }
        // A name that two nodes share means neither.
        by_name.retain(|sym, _| !shared.contains(sym));
        // Ids mean more than names, and of two nodes with one id the engine takes the later.
        for (at, node) in steps() {
            if let Some(sym) = find(&format!("step.{}", node.id)) {
                by_name.insert(sym, at as u32);
            }
        }
        for (at, node) in steps() {
            if let Some(sym) = find(&node.id) {
                by_name.insert(sym, at as u32);
            }
        }
        let nested = pipeline.dialect != "ia-modules";
        if nested {
            items(&mut by_name, pipeline, run, names);
        }
        Naming { by_name, nested }
    }

    /// Whether the document knows none of the names.
    pub(super) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    fn node(&self, run: &Run, step: StepIx) -> Option<u32> {
        let at = step as usize;
        let name = run.steps.name.get(at).and_then(|name| self.by_name.get(name));
        name.or_else(|| run.steps.id.get(at).and_then(|id| self.by_name.get(id))).copied()
    }
}

/// Adds the names of items: `bake [0]` and `bake(0:rye)` are visits of `bake`, whose own name may be that of no step.
fn items(by_name: &mut FxHashMap<Sym, u32>, pipeline: &Pipeline, run: &Run, names: &Interner) {
    let mut tasks: FxHashMap<&str, Option<u32>> = FxHashMap::default();
    let mut seen: FxHashSet<Sym> = FxHashSet::default();
    for name in &run.steps.name {
        let text = names.get(*name);
        let open = match text.as_bytes().last() {
            Some(b']') => text.rfind('['),
            // What an item is may hold brackets too.
            Some(b')') => text.find('('),
            _ => None,
        };
        let Some((task, item)) = open.and_then(|open| text.split_at_checked(open)) else { continue };
        if !item.as_bytes().get(1).is_some_and(u8::is_ascii_digit) || !seen.insert(*name) {
            continue;
        }
        if tasks.is_empty() {
            for (at, node) in (0u32..).zip(&pipeline.nodes).filter(|(_, node)| node.kind != NodeKind::Start) {
                // A name that two nodes share means neither.
                tasks.entry(&node.name).and_modify(|held| *held = None).or_insert(Some(at));
            }
            tasks.extend((0u32..).zip(&pipeline.nodes).map(|(at, node)| (node.id.as_str(), Some(at))));
        }
        if let Some(node) = tasks.get(task.trim_end()).copied().flatten() {
            by_name.entry(*name).or_insert(node);
        }
    }
}

/// Finds the visits of a run.
pub(super) fn visits(run: &Run, naming: &Naming) -> Found {
    if naming.is_empty() {
        return Found::default();
    }
    let count = u32::try_from(run.steps.len()).unwrap_or(u32::MAX);
    // One step around everything is the run itself, also when a node has its name.
    let around_all = count > 1 && run.steps.after(0) >= count;
    let inside = around_all && (1..count).any(|step| naming.node(run, step).is_some());
    let mut visits = Vec::new();
    // Visits that stand in no other: beside them are the strays.
    let mut outer = Vec::new();
    let mut around: Vec<(u32, u32)> = Vec::new();
    let mut at = u32::from(inside);
    while at < count {
        while around.pop_if(|(end, _)| *end <= at).is_some() {}
        let Some(node) = naming.node(run, at) else {
            at += 1;
            continue;
        };
        let end = run.steps.after(at).max(at.saturating_add(1));
        // A skipped step was never entered; frameworks wrap a step in one of the same name.
        let again = around.last().is_some_and(|(_, other)| *other == node);
        if run.steps.status.get(at as usize) != Some(&Status::Skipped) && !again {
            visits.push(Visited { step: at, node });
            if around.is_empty() {
                outer.push(Visited { step: at, node });
            }
        }
        around.push((end, node));
        at = if naming.nested { at.saturating_add(1) } else { end };
    }
    let strays = strays(run, &outer);
    let enter = |visit: &Visited| run.enter.get(visit.step as usize).copied().unwrap_or(u32::MAX);
    if !visits.is_sorted_by_key(enter) {
        visits.order_by_key(enter);
    }
    Found { visits, strays }
}

/// Siblings of visits that are no visits, and hold none. `visits` are in tree order.
fn strays(run: &Run, visits: &[Visited]) -> Vec<StepIx> {
    let parents: FxHashSet<Option<StepIx>> = visits.iter().map(|visit| run.steps.parent(visit.step)).collect();
    let mut next = visits.iter().map(|visit| visit.step).peekable();
    let mut out = Vec::new();
    let mut at = 0;
    let count = u32::try_from(run.steps.len()).unwrap_or(u32::MAX);
    while at < count && !visits.is_empty() {
        while next.next_if(|&step| step < at).is_some() {}
        let after = run.steps.after(at).max(at.saturating_add(1));
        match next.peek() {
            // A visit, with all inside it.
            Some(&step) if step == at => at = after,
            // Something around visits.
            Some(&step) if step < after => at += 1,
            _ => {
                let skipped = run.steps.status.get(at as usize) == Some(&Status::Skipped);
                if parents.contains(&run.steps.parent(at)) && !skipped {
                    out.push(at);
                }
                at = after;
            }
        }
    }
    out
}
