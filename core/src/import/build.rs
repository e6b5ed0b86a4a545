//! The one builder all importers push into: from drafts in file order to runs in tree order.
//!
//! Settles what files leave open: which steps make up a run, who is whose parent, orphans, duplicate ids, circles,
//! clocks that cannot be right, and usage that is stated twice.

use crate::model::{
    Diagnostic, Document, Flags, HistoryPart, Interner, Kind, Nanos, Origin, Pipeline, Place, Run, Severity, Sheet,
    Status, StepIx, Steps, Sym, Usage,
};
use crate::order::Order as _;
use rustc_hash::{FxHashMap, FxHashSet};

/// A step as an importer found it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Id of the run it belongs to.
    pub run: Sym,
    /// Its id; the empty symbol when the format has none.
    pub id: Sym,
    /// Id of its parent, when it claims one.
    pub parent: Option<Sym>,
    /// Name.
    pub name: Sym,
    /// Kind.
    pub kind: Kind,
    /// Status.
    pub status: Status,
    /// Start.
    pub start: Option<Nanos>,
    /// End.
    pub end: Option<Nanos>,
    /// Model, or the empty symbol.
    pub model: Sym,
    /// Usage it states.
    pub usage: Usage,
    /// Where it stands: the first piece.
    pub place: Place,
    /// Further pieces.
    pub more: Vec<Place>,
    /// Whatever the importer wants to find again in [`super::Revealing::context`].
    pub context: u32,
    /// [`Flags::MESSAGES`] and other flags the importer knows of.
    pub flags: Flags,
}

impl Draft {
    /// A draft of a run with an id, everything else unknown.
    pub fn new(run: Sym, id: Sym, place: Place) -> Self {
        Draft {
            run,
            id,
            parent: None,
            name: Interner::EMPTY,
            kind: Kind::Other,
            status: Status::Unset,
            start: None,
            end: None,
            model: Interner::EMPTY,
            usage: Usage::default(),
            place,
            more: Vec::new(),
            context: 0,
            flags: Flags::default(),
        }
    }
}

/// Collects drafts, pipelines and findings.
#[derive(Debug, Default)]
pub struct Builder {
    /// Names and ids.
    pub names: Interner,
    /// Steps in file order. An importer may still change the ones it pushed (a start that meets its end).
    pub drafts: Vec<Draft>,
    /// Names of runs, where the file gives one.
    pub run_names: FxHashMap<Sym, String>,
    /// Pipelines.
    pub pipelines: Vec<Pipeline>,
    /// Tables that are neither runs nor pipelines.
    pub sheets: Vec<Sheet>,
    /// Scenarios.
    pub scenarios: u32,
    /// For a run, the pipeline of this document that it followed.
    pub run_pipelines: FxHashMap<Sym, u32>,
    /// For a run, what its file says of its definition.
    pub origins: FxHashMap<Sym, Box<Origin>>,
    /// Runs whose steps do not follow each other.
    pub apart: FxHashSet<Sym>,
    /// Findings.
    pub diagnostics: Vec<Diagnostic>,
    /// Steps per attribute dialect, by name.
    pub dialects: FxHashMap<&'static str, u32>,
    /// Distinct attribute keys that no dialect understood.
    pub unknown: FxHashSet<Sym>,
    /// Ids of what the file is a part of, where that is no run's id: a session of several files, an execution in pages.
    /// Files of one family that share such an id become one document.
    pub wholes: Vec<String>,
    /// Parts of histories that are not whole: a file with the next or the one before belongs to them.
    pub parts: Vec<HistoryPart>,
}

const NONE: u32 = u32::MAX;

impl Builder {
    /// Adds a step; its position among the drafts.
    pub fn push(&mut self, draft: Draft) -> usize {
        self.drafts.push(draft);
        self.drafts.len() - 1
    }

    /// A warning about a file as a whole.
    pub fn warn(&mut self, file: u16, code: &str, message: impl Into<String>) {
        let mut diagnostic = Diagnostic::new(Severity::Warning, code, message);
        diagnostic.file = file;
        self.diagnostics.push(diagnostic);
    }

    /// Takes the steps of a document back as drafts, so that more files can be added to it.
    pub fn reopen(document: Document) -> Builder {
        let mut builder = Builder {
            names: document.names,
            pipelines: document.pipelines,
            sheets: document.sheets,
            scenarios: document.scenarios,
            wholes: document.wholes,
            parts: document.parts,
            ..Builder::default()
        };
        for run in document.runs {
            builder.run_names.insert(run.id, run.name.clone());
            if let Some(pipeline) = run.pipeline {
                builder.run_pipelines.insert(run.id, pipeline);
            }
            if let Some(origin) = run.origin {
                builder.origins.insert(run.id, origin);
            }
            if run.apart {
                builder.apart.insert(run.id);
            }
            let mut steps = run.steps;
            // What was worked out is worked out anew.
            crate::prices::clear(&mut steps);
            for index in 0..steps.len() {
                let step = index as StepIx;
                // Columns have one length: a missing cell cannot be, and would only leave the default.
                let Some(&place) = steps.place.get(index) else { continue };
                let mut draft = Draft::new(run.id, steps.id.get(index).copied().unwrap_or(Interner::EMPTY), place);
                draft.parent = steps.parent_id.get(index).copied().flatten();
                draft.name = steps.name.get(index).copied().unwrap_or(Interner::EMPTY);
                draft.kind = steps.kind.get(index).copied().unwrap_or_default();
                draft.status = steps.status.get(index).copied().unwrap_or_default();
                draft.start = steps.start.get(index).copied().flatten();
                draft.end = steps.end.get(index).copied().flatten();
                draft.model = steps.model.get(index).copied().unwrap_or(Interner::EMPTY);
                draft.usage = steps.usage.get(&step).copied().unwrap_or_default();
                draft.more = steps.more_places.get(&step).cloned().unwrap_or_default();
                draft.context = steps.context.get(index).copied().unwrap_or_default();
                for flag in [Flags::MESSAGES, Flags::ONLY_NEW] {
                    if steps.flags.get(index).is_some_and(|flags| flags.has(flag)) {
                        draft.flags.set(flag);
                    }
                }
                builder.drafts.push(draft);
            }
        }
        // File by file. Within a file tree order is kept: where a format has no times, only it tells what came first.
        builder.drafts.order_by_key(|draft| draft.place.file);
        builder
    }

    /// Makes the document: runs, trees, sums. Files, dialect names and earlier findings are the caller's to add.
    pub fn finish(mut self) -> Document {
        let mut order: Vec<Sym> = Vec::new();
        let mut groups: FxHashMap<Sym, Vec<u32>> = FxHashMap::default();
        for (index, draft) in self.drafts.iter().enumerate() {
            let group = groups.entry(draft.run).or_insert_with(|| {
                order.push(draft.run);
                Vec::new()
            });
            group.push(u32::try_from(index).unwrap_or(NONE));
        }
        let mut runs: Vec<Run> = Vec::with_capacity(order.len());
        for id in order {
            let group = groups.remove(&id).unwrap_or_default();
            runs.push(self.run(id, &group));
        }
        // Runs without times keep their place in the file: after those that have them would tear files apart.
        runs.order_by_key(|run| run.start.unwrap_or(Nanos(i64::MIN)));
        let mut dialects: Vec<(&str, u32)> = self.dialects.iter().map(|(name, count)| (*name, *count)).collect();
        dialects.order_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        self.say(&runs);
        Document {
            files: Vec::new(),
            names: self.names,
            runs,
            pipelines: self.pipelines,
            sheets: self.sheets,
            scenarios: self.scenarios,
            dialects: dialects.into_iter().map(|(name, _)| name.to_owned()).collect(),
            wholes: self.wholes,
            parts: self.parts,
            unknown_keys: first_of(&self.unknown),
            unknown_attributes: u32::try_from(self.unknown.len()).unwrap_or(NONE),
            diagnostics: self.diagnostics,
        }
    }

    /// One run from the drafts at these positions.
    fn run(&mut self, id: Sym, group: &[u32]) -> Run {
        let drafts: Vec<&Draft> = group.iter().filter_map(|&index| self.drafts.get(index as usize)).collect();
        let tree = super::tree::arrange(&drafts);
        let count = drafts.len();
        let mut steps = Steps::default();
        let mut place_of = vec![NONE; count];
        for (position, &at) in tree.order.iter().enumerate() {
            if let Some(slot) = place_of.get_mut(at as usize) {
                *slot = position as u32;
            }
        }
        for (position, &at) in tree.order.iter().enumerate() {
            let Some(draft) = drafts.get(at as usize) else { continue };
            let link = tree.links.get(at as usize).copied().unwrap_or_default();
            let mut flags = draft.flags;
            flags.set(link.flags);
            if matches!((draft.start, draft.end), (Some(start), Some(end)) if end < start) {
                flags.set(Flags::NEGATIVE);
            }
            steps.id.push(draft.id);
            steps.parent_id.push(draft.parent);
            steps.parent.push(link.parent.and_then(|parent| place_of.get(parent as usize).copied()));
            steps.depth.push(link.depth);
            steps.after.push((position as u32).saturating_add(link.size));
            steps.name.push(draft.name);
            steps.kind.push(draft.kind);
            steps.status.push(draft.status);
            steps.start.push(draft.start);
            steps.end.push(draft.end);
            steps.model.push(draft.model);
            steps.place.push(draft.place);
            steps.context.push(draft.context);
            steps.flags.push(flags);
            if !draft.more.is_empty() {
                steps.more_places.insert(position as StepIx, draft.more.clone());
            }
            if !draft.usage.is_empty() {
                steps.usage.insert(position as StepIx, draft.usage);
            }
        }
        let (start, end) = super::clock::settle(&mut steps);
        let usage = count_usage(&mut steps);
        let name = self.run_names.get(&id).cloned().unwrap_or_else(|| name_of(&steps, &self.names));
        let order = crate::debugger::moments::order(&steps);
        let has = |flag: Flags| steps.flags.iter().filter(|flags| flags.has(flag)).count() as u32;
        Run {
            id,
            name,
            roots: steps.parent_id.iter().filter(|parent| parent.is_none()).count() as u32,
            orphans: has(Flags::ORPHAN),
            errors: steps.status.iter().filter(|status| **status == Status::Error).count() as u32,
            start,
            end,
            usage,
            moments: order.moments,
            enter: order.enter,
            exit: order.exit,
            pipeline: self.run_pipelines.get(&id).copied(),
            origin: self.origins.remove(&id),
            apart: self.apart.contains(&id),
            steps,
        }
    }

    /// One finding for each kind of oddity, with its number and an example to go to.
    fn say(&mut self, runs: &[Run]) {
        let kinds: [(Flags, &str, Severity, [&str; 2]); 6] = [
            (
                Flags::ORPHAN,
                "orphan",
                Severity::Info,
                [
                    "1 step names a parent that is not in the file; it stands at the top of its run. \
                     Sampling, a cut file or a caller exported elsewhere are the usual reasons.",
                    "steps name a parent that is not in the file; they stand at the top of their run. \
                     Sampling, a cut file or a caller exported elsewhere are the usual reasons.",
                ],
            ),
            (
                Flags::DUPLICATE,
                "duplicate-id",
                Severity::Warning,
                [
                    "1 step has the id of an earlier step of the run; both are kept, children go to the first.",
                    "steps have the id of an earlier step of their run; all are kept, children go to the first.",
                ],
            ),
            (
                Flags::CYCLE,
                "parent-cycle",
                Severity::Warning,
                [
                    "1 step was its own ancestor; the circle is broken where it starts first.",
                    "steps were their own ancestors; each circle is broken at the step that starts first.",
                ],
            ),
            (
                Flags::NEGATIVE,
                "ends-before-start",
                Severity::Warning,
                [
                    "1 step ends before it starts; it is shown as an instant.",
                    "steps end before they start; they are shown as instants.",
                ],
            ),
            (
                Flags::ABSURD,
                "absurd-time",
                Severity::Warning,
                [
                    "1 step has a time far from all others; it is shown, and left out of the time axis.",
                    "steps have a time far from all others; they are shown, and left out of the time axis.",
                ],
            ),
            (
                Flags::OUTSIDE_PARENT,
                "outside-parent",
                Severity::Info,
                [
                    "1 step starts before or ends after the step around it; times are shown as the file states them.",
                    "steps start before or end after the step around them; times are shown as the file states them.",
                ],
            ),
        ];
        for (flag, code, severity, [one, many]) in kinds {
            let mut count = 0u64;
            let mut first = None;
            for (index, run) in runs.iter().enumerate() {
                for (step, flags) in run.steps.flags.iter().enumerate() {
                    if flags.has(flag) {
                        count += 1;
                        first = first.or(Some((index, step, run.steps.place.get(step).copied())));
                    }
                }
            }
            let Some((run, step, place)) = first else { continue };
            let message = if count == 1 { one.to_owned() } else { format!("{count} {many}") };
            let mut diagnostic = Diagnostic::new(severity, code, message);
            if let Some(place) = place {
                diagnostic = diagnostic.at(place);
            }
            diagnostic.step = Some((run as u32, step as u32));
            self.diagnostics.push(diagnostic);
        }
    }
}

/// What to call a run that has no name of its own: its first root, else its first step.
fn name_of(steps: &Steps, names: &Interner) -> String {
    let root = steps.parent_id.iter().position(Option::is_none).unwrap_or(0);
    steps.name.get(root).map(|&name| names.get(name).to_owned()).unwrap_or_default()
}

/// Marks usage that steps further down state again, and sums the rest.
///
/// Frameworks put the sum of a model's calls on the steps around them (and two instrumentations may both record one
/// call, one inside the other): of such a chain the innermost is counted.
fn count_usage(steps: &mut Steps) -> Usage {
    let mut stating: Vec<StepIx> = steps.usage.keys().copied().collect();
    stating.order();
    let mut sum = Usage::default();
    for (position, &step) in stating.iter().enumerate() {
        let below = stating.get(position + 1).is_some_and(|&next| next < steps.after(step));
        if below {
            if let Some(flags) = steps.flags.get_mut(step as usize) {
                flags.set(Flags::USAGE_REPEATED);
            }
        } else if let Some(usage) = steps.usage.get(&step) {
            sum.add(usage);
        }
    }
    sum
}

/// The keys met first. Symbols are numbered as they are met.
fn first_of(unknown: &rustc_hash::FxHashSet<Sym>) -> Vec<Sym> {
    let mut keys: Vec<Sym> = unknown.iter().copied().collect();
    keys.order();
    keys.truncate(20);
    keys
}

#[cfg(test)]
#[path = "build_tests.rs"]
mod tests;
