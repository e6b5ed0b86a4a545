//! The questions behind the workbench: each is asked when what it depends on changes, and the newest answer wins.
//!
//! Nothing is cleared while a new answer is on its way, so that nothing flickers; everything is when another pipeline
//! is shown.

use super::state::{Charted, Workbench};
use crate::engine::{Failure, Limiter};
use crate::state::Page;
use chaindebug_core::protocol::{Answer, Command, Request, Simulation};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::sync::Arc;
use std::time::Duration;

/// How long what changed is marked.
const MARKED: Duration = Duration::from_millis(2600);

/// Begins to ask. Call it once, in the shell.
pub(crate) fn drive(page: Page) {
    let bench = page.workbench;
    simulate(page);
    graph(page);
    super::walk::follow(page);
    let findings = Limiter::default();
    Effect::new(move |_| {
        let Some(of) = bench.bench.get() else { return };
        let request =
            Request::Findings { pipeline: of.pipeline, target: bench.target.get(), strict: bench.strict.get() };
        findings.run(async move {
            let answer = page.ask_of(of.group, request).await;
            if bench.bench.get_untracked() == Some(of)
                && let Ok(Answer::Findings(view)) = answer
            {
                bench.findings.set(Some(Arc::new(view.into())));
            }
        });
    });
    let coverage = Limiter::default();
    Effect::new(move |_| {
        let Some(of) = bench.bench.get() else { return };
        let scenarios = bench.file.with(|file| file.scenarios.clone());
        // Looking for scenarios that take an edge takes time: only when somebody looks.
        let suggest = bench.charted.get() == Charted::Coverage;
        let request = Request::Coverage { pipeline: of.pipeline, target: bench.target.get(), scenarios, suggest };
        coverage.run(async move {
            let answer = page.ask_of(of.group, request).await;
            if bench.bench.get_untracked() == Some(of)
                && let Ok(Answer::Coverage(view)) = answer
            {
                bench.coverage.set(Some(Arc::from(view)));
            }
        });
    });
}

/// Runs the chosen scenario whenever it, the pipeline or its target changes.
fn simulate(page: Page) {
    let bench = page.workbench;
    let wanted = Memo::new(move |_| Some((bench.bench.get()?, bench.target.get(), bench.scenario()?)));
    let limiter = Limiter::default();
    let marks = StoredValue::new_local(None::<TimeoutHandle>);
    Effect::new(move |_| {
        let Some((of, target, scenario)) = wanted.get() else { return };
        let request = Request::Simulate { pipeline: of.pipeline, target, scenario: scenario.clone() };
        limiter.run(async move {
            let answer = page.ask_of(of.group, request).await;
            if bench.bench.get_untracked() != Some(of) {
                return;
            }
            // The newest question: what is still on its way belongs to scenarios that are gone.
            let newest = wanted.with_untracked(|now| now.as_ref() == Some(&(of, target, scenario)));
            let quiet = newest && bench.fresh.get_value();
            if quiet {
                bench.fresh.set_value(false);
            }
            match answer {
                Ok(Answer::Simulation(simulation)) => {
                    arrived(page, of.group, Arc::from(simulation), quiet, marks).await;
                }
                Ok(_) => {}
                Err(failure) => failed(bench, &failure),
            }
        });
    });
}

fn failed(bench: Workbench, failure: &Failure) {
    bench.simulation.set(None);
    bench.refused.set(failure.message.clone());
}

/// Shows a new dry run: the cursor stays at its moment, or at the end where it stood there. A `quiet` one is no change of
/// the one before.
async fn arrived(
    page: Page,
    group: u32,
    simulation: Arc<Simulation>,
    quiet: bool,
    marks: StoredValue<Option<TimeoutHandle>, LocalStorage>,
) {
    let bench = page.workbench;
    let stood = page.cursor.with_untracked(|cursor| {
        let cursor = cursor.as_ref().filter(|cursor| cursor.moments > 0)?;
        (cursor.moment + 1 < cursor.moments).then_some(cursor.moment)
    });
    let before = bench.simulation.get_untracked();
    let first = before.is_none();
    let changed = if first || quiet { Vec::new() } else { simulation.changed.clone() };
    let run = simulation.run;
    if let Some(document) = simulation.document {
        bench.note_dry(group, document);
    }
    // A moment to land at waits for the scenarios that come with the pipeline.
    let landing = bench.landing.get_value().filter(|_| first || quiet);
    if !first {
        bench.landing.set_value(None);
    }
    let stood = landing.or(stood.filter(|_| !first));
    bench.refused.set(String::new());
    bench.simulation.set(Some(Arc::clone(&simulation)));
    bench.turn.update(|turn| *turn = turn.wrapping_add(1));
    if let Some(handle) = marks.try_update_value(Option::take).flatten() {
        handle.clear();
    }
    let any = !changed.is_empty();
    let changed_now = changed.clone();
    if any || bench.changed.with_untracked(|before| !before.is_empty()) {
        bench.changed.set(Arc::new(changed));
    }
    let edges = bench.graph.with_untracked(|graph| {
        let edges = || graph.iter().flat_map(|graph| &graph.edges);
        changed_now.iter().filter(|path| edges().any(|edge| edge.path == **path)).count()
    });
    let before = before.filter(|_| !quiet);
    bench
        .difference
        .set(before.map(|before| difference(&before, &simulation, &changed_now, edges)).unwrap_or_default());
    if any {
        let handle = set_timeout_with_handle(move || bench.changed.set(Arc::default()), MARKED).ok();
        marks.set_value(handle);
    }
    match (run, stood) {
        (None, _) => page.cursor.set(None),
        (Some(_), Some(moment)) => page.command(Command::To { moment }),
        (Some(_), None) => page.command(Command::Last),
    }
    page.ask_documents(group).await;
}

/// Names of steps that are said, of each sort.
const NAMED: usize = 3;

/// Names in a row, and how many more there are.
fn named(names: &[&str]) -> String {
    let some: Vec<&str> = names.iter().take(NAMED).copied().collect();
    match names.len().saturating_sub(NAMED) {
        0 => some.join(", "),
        more => format!("{} and {more} more", some.join(", ")),
    }
}

/// How a dry run differs from the one before, in a line. Of what `changed`, `edges` are edges.
fn difference(before: &Simulation, after: &Simulation, changed: &[String], edges: usize) -> String {
    if changed.is_empty() {
        return "The same path as before.".to_owned();
    }
    let entered = |of: &Simulation, id: &str| of.entered.iter().any(|one| one == id);
    let (mut new, mut gone, mut other) = (Vec::new(), Vec::new(), Vec::new());
    for id in changed {
        match (entered(before, id), entered(after, id)) {
            (false, true) => new.push(id.as_str()),
            (true, false) => gone.push(id.as_str()),
            (true, true) => other.push(id.as_str()),
            // Edges, which are counted, and what is not entered by either.
            (false, false) => {}
        }
    }
    let mut said = Vec::new();
    if !new.is_empty() {
        said.push(format!("Now entered: {}.", named(&new)));
    }
    if !gone.is_empty() {
        said.push(format!("No longer entered: {}.", named(&gone)));
    }
    let edges = (edges > 0).then(|| crate::text::count(edges as u64, "edge"));
    let rest: Vec<String> = (!other.is_empty()).then(|| named(&other)).into_iter().chain(edges).collect();
    if !rest.is_empty() {
        let also = if said.is_empty() { "Differs from before" } else { "Also differs" };
        said.push(format!("{also}: {}.", rest.join("; ")));
    }
    said.join(" ")
}

/// The chart with the run on it, for everything that speaks of steps by their ids.
fn graph(page: Page) {
    let bench = page.workbench;
    let limiter = Limiter::default();
    Effect::new(move |_| {
        let Some(subject) = page.subject.get() else { return };
        bench.turn.track();
        let (pipeline, run) = match bench.bench.get() {
            Some(of) => (of.pipeline, bench.laid()),
            // A recorded run on its pipeline.
            None => match (page.followed(), subject.run()) {
                (Some(pipeline), Some(run)) => (pipeline, Some(run)),
                _ => return,
            },
        };
        limiter.run(async move {
            let answer = page.ask_of(subject.group, Request::PipelineFlow { pipeline, reader: None, run }).await;
            if page.subject.get_untracked() == Some(subject)
                && let Ok(Answer::Flow(view)) = answer
            {
                bench.graph.set(Some(Arc::from(view)));
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_the_steps() {
        let run = |entered: &[&str]| Simulation {
            entered: entered.iter().map(|id| (*id).to_owned()).collect(),
            ..Simulation::default()
        };
        let changed = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let (before, after) = (run(&["a", "b"]), run(&["a", "a", "c"]));
        assert_eq!(difference(&before, &after, &[], 0), "The same path as before.");
        assert_eq!(
            difference(&before, &after, &changed(&["a", "b", "c", "$.flow.paths[0]"]), 1),
            "Now entered: c. No longer entered: b. Also differs: a; 1 edge."
        );
        assert_eq!(difference(&before, &before, &changed(&["a"]), 0), "Differs from before: a.");
        assert_eq!(named(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
    }
}
