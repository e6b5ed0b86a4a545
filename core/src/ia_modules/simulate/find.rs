//! What a dry run itself found: mocks that cannot be, steps without one, branches that were lost.

use super::advise::advise;
use super::failed::failed;
use super::places::Places;
use super::words::{self, Telling};
use super::{Next, Run, mocks};
use crate::ia_modules::load::{Mock, Mocks, Program};
use crate::ia_modules::python::Value;
use crate::model::Severity;
use crate::order::Order as _;
use crate::protocol::{Finding, RunEnd};
use rustc_hash::FxHashSet;

/// What is wrong with one mock, at most.
const MISMATCHES: usize = 3;

/// Everything that is looked at.
pub(super) struct Looking<'a> {
    /// The program.
    pub(super) program: &'a Program,
    /// Its run.
    pub(super) run: &'a Run,
    /// The mocks as given.
    pub(super) mocks: &'a Mocks,
    /// Answers that were given.
    pub(super) answers: usize,
    /// Where things stand.
    pub(super) places: &'a Places,
}

/// The findings, in the order of the run.
pub(super) fn findings(looking: &Looking<'_>) -> Vec<Finding> {
    let mut found = Found { looking, out: Vec::new() };
    found.mocks();
    found.entries();
    found.end();
    found.out
}

struct Found<'a> {
    looking: &'a Looking<'a>,
    out: Vec<Finding>,
}

impl Found<'_> {
    fn add(&mut self, id: &str, severity: Severity, step: usize, message: String) {
        let looking = self.looking;
        let (path, name) = looking.program.steps.get(step).map_or(("$".to_owned(), String::new()), |step| {
            (step.path.clone(), step.id.as_str().unwrap_or_default().to_owned())
        });
        let mut finding = looking.places.finding(id, severity, &path, looking.places.step(step), message);
        finding.step = name;
        self.out.push(finding);
    }

    fn mocks(&mut self) {
        let program = self.looking.program;
        let mut unknown: Vec<&str> = self.looking.mocks.ids().filter(|id| program.step(id).is_none()).collect();
        unknown.order();
        for id in unknown {
            let message = format!("There is a mock for `{id}`, and no step of that id; it is not used.");
            self.add("dry-run-unknown-mock", Severity::Warning, usize::MAX, message);
        }
        for (at, step) in program.steps.iter().enumerate() {
            let id = step.id.to_string();
            let all = mocks::mismatches(step);
            let Some(&(position, _)) = all.first() else { continue };
            // Of one value, and not more than can be read.
            let wrong = all.iter().filter(|(at, _)| *at == position).map(|(_, wrong)| wrong.as_str());
            let wrong: Vec<&str> = wrong.take(MISMATCHES).collect();
            let wrong = wrong.join("; ");
            let which = match step.mock {
                Mock::Sequence(_) => format!("value {} of its mock", position + 1),
                _ => "this mock".to_owned(),
            };
            let message = format!("The schema that `{id}` declares never allows {which}: {wrong}.");
            self.add("dry-run-mock-mismatch", Severity::Warning, at, message);
        }
    }

    fn entries(&mut self) {
        let Looking { program, run, .. } = *self.looking;
        let mut told = FxHashSet::default();
        for entry in &run.entries {
            let Some(step) = program.steps.get(entry.step) else { continue };
            let id = &entry.id;
            let given = self.looking.mocks.of(&step.id).is_some_and(|mock| !matches!(mock, Mock::Generated));
            if !given && told.insert(("mock", entry.step)) {
                let message = match &step.output_schema {
                    None => format!("`{id}` has no mock and declares no schema; here it returns an empty object."),
                    Some(_) => format!("`{id}` has no mock; what it returns here is made from its declared schema."),
                };
                self.add("dry-run-no-mock", Severity::Info, entry.step, message);
            }
            let lost = entry.edges.len();
            if entry.next == Next::Queue && lost > 0 && told.insert(("lost", entry.step)) {
                let summary = Telling { program, run, entry }.summary();
                let message = format!("The way on from `{id}` is lost: {summary}");
                self.add("dry-run-lost-branch", Severity::Warning, entry.step, message);
            }
            if entry.attempts > 1 && told.insert(("retry", entry.step)) {
                let message =
                    format!("`{id}` is tried {} times, and fails each time with the same mock.", entry.attempts);
                self.add("dry-run-retry", Severity::Info, entry.step, message);
            }
            if let Next::Answered(_) = entry.next
                && told.insert(("answer", entry.step))
            {
                let message = format!(
                    "The engine itself ends the run at `{id}`. With the answer it goes on as the showcase app of IA \
                     Modules resumes: the answer's keys are written into the state, the first edge is followed \
                     whatever its condition, and queue and limits begin anew."
                );
                self.add("dry-run-resumed", Severity::Info, entry.step, message);
            }
        }
    }

    fn end(&mut self) {
        let Looking { program, run, answers, .. } = *self.looking;
        if let Some(failed) = failed(program, run) {
            self.add(failed.id, Severity::Error, failed.step.unwrap_or(usize::MAX), failed.message);
        }
        let last = run.entries.last().map_or(usize::MAX, |entry| entry.step);
        if let (RunEnd::DeadEnd, Some(entry)) = (run.end, run.entries.last()) {
            let telling = Telling { program, run, entry };
            let why = entry.edges.first().map_or_else(String::new, |edge| telling.why(edge));
            let which = if entry.edges.len() > 1 { "The first: " } else { "" };
            let (advice, fixes) = advise(telling, self.looking.places);
            let message = format!("Dead end after `{}`: {} {which}{why} {advice}", entry.id, telling.summary());
            self.add("dry-run-dead-end", Severity::Warning, last, message.trim_end().to_owned());
            if let Some(finding) = self.out.last_mut() {
                finding.fixes = fixes;
            }
        }
        if !run.dropped.is_empty() && run.end != RunEnd::Failed {
            let dropped: Vec<String> = run.dropped.iter().map(|id| format!("`{id}`")).collect();
            let message = format!(
                "The run ended with {} still in the queue of a fan-out: {} never entered.",
                dropped.join(", "),
                if dropped.len() == 1 { "it was" } else { "they were" }
            );
            self.add("dry-run-dropped-branch", Severity::Warning, last, message);
        }
        if run.answered < answers {
            let message = format!(
                "{} of {answers} answers {} not used: the run did not pause at the step they are for.",
                answers - run.answered,
                if answers - run.answered == 1 { "is" } else { "are" }
            );
            self.add("dry-run-unused-answer", Severity::Warning, last, message);
        }
        let own = run
            .state
            .current()
            .iter()
            .any(|(_, value)| value.get("original_data").is_some_and(|data| matches!(data, Value::Shared)));
        if own && run.end != RunEnd::Failed {
            let message = format!(
                "A step failed and its error became its result, which holds the shared state inside itself: {} runs \
                 on, and its command line cannot print the result (Circular reference detected).",
                words::engine(program.target.engine)
            );
            self.add("dry-run-circular", Severity::Warning, last, message);
        }
    }
}
