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
                bench.findings.set(Some(Arc::new(view)));
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
        let request = Request::Simulate { pipeline: of.pipeline, target, scenario };
        limiter.run(async move {
            let answer = page.ask_of(of.group, request).await;
            if bench.bench.get_untracked() != Some(of) {
                return;
            }
            match answer {
                Ok(Answer::Simulation(simulation)) => arrived(page, of.group, Arc::from(simulation), marks).await,
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

/// Shows a new dry run: the cursor stays at its moment, or at the end where it stood there.
async fn arrived(
    page: Page,
    group: u32,
    simulation: Arc<Simulation>,
    marks: StoredValue<Option<TimeoutHandle>, LocalStorage>,
) {
    let bench = page.workbench;
    let stood = page.cursor.with_untracked(|cursor| {
        let cursor = cursor.as_ref().filter(|cursor| cursor.moments > 0)?;
        (cursor.moment + 1 < cursor.moments).then_some(cursor.moment)
    });
    let first = bench.simulation.with_untracked(Option::is_none);
    let changed = if first { Vec::new() } else { simulation.changed.clone() };
    let run = simulation.run;
    if let Some(document) = simulation.document
        && bench.dry.with_untracked(|dry| !dry.contains(&(group, document)))
    {
        bench.dry.update(|dry| dry.push((group, document)));
    }
    let stood = if first { bench.landing.try_update_value(Option::take).flatten() } else { stood };
    bench.refused.set(String::new());
    bench.simulation.set(Some(simulation));
    bench.turn.update(|turn| *turn = turn.wrapping_add(1));
    if let Some(handle) = marks.try_update_value(Option::take).flatten() {
        handle.clear();
    }
    let any = !changed.is_empty();
    let changed_now = changed.clone();
    if any || bench.changed.with_untracked(|before| !before.is_empty()) {
        bench.changed.set(Arc::new(changed));
    }
    bench.difference.set(difference(bench, first, &changed_now));
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

/// How a dry run differs from the one before, in a line.
fn difference(bench: Workbench, first: bool, changed: &[String]) -> String {
    if first {
        return String::new();
    }
    let edges = bench.graph.with_untracked(|graph| {
        let edge =
            |path: &&String| graph.as_ref().is_some_and(|graph| graph.edges.iter().any(|edge| edge.path == **path));
        changed.iter().filter(edge).count()
    });
    let steps = changed.len() - edges;
    let words = |count: usize, word: &str| (count > 0).then(|| crate::text::count(count as u64, word));
    let parts: Vec<String> = [words(steps, "step"), words(edges, "edge")].into_iter().flatten().collect();
    match changed.len() {
        0 => "The same path as before.".to_owned(),
        1 => format!("{} differs from before.", parts.join(" and ")),
        _ => format!("{} differ from before.", parts.join(" and ")),
    }
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
