//! What a change of the text would change in the run, found out without making it: the changed text is opened in an
//! engine of its own, the same scenario is run there, and that engine is ended.

use super::words::{end, ended};
use crate::engine::{Engine, Failure, FailureKind, Input};
use crate::state::Page;
use chaindebug_core::edit::apply_text;
use chaindebug_core::protocol::{Answer, Request, Simulation, TextEdit};
use leptos::{prelude::*, task::spawn_local};
use std::rc::Rc;

/// How two runs differ, a sentence each.
fn differences(before: &Simulation, after: &Simulation) -> Vec<String> {
    let mut lines = Vec::new();
    if ended(before) == ended(after) {
        lines.push(format!("{} It still ends: {}.", end(after.status).0, ended(after)));
    } else {
        lines.push(format!("{} It would end: {} (now: {}).", end(after.status).0, ended(after), ended(before)));
    }
    let count = |simulation: &Simulation, id: &str| simulation.entered.iter().filter(|one| *one == id).count();
    let mut named: Vec<&String> = Vec::new();
    for id in after.entered.iter().chain(&before.entered) {
        if !named.contains(&id) && count(before, id) != count(after, id) {
            named.push(id);
        }
    }
    for id in named.iter().take(6) {
        lines.push(match (count(before, id), count(after, id)) {
            (0, 1) => format!("{id} would be entered."),
            (0, now) => format!("{id} would be entered {now} times."),
            (_, 0) => format!("{id} would not be entered any more."),
            (then, now) => format!("{id} would be entered {now} times and not {then}."),
        });
    }
    if named.len() > 6 {
        lines.push(format!("{} more steps differ.", named.len() - 6));
    }
    if named.is_empty() {
        lines.push("The same steps would be entered.".to_owned());
        if before.output != after.output {
            lines.push("The output would be another.".to_owned());
        }
    }
    lines
}

async fn try_out(page: Page, edits: Vec<TextEdit>) -> Result<Vec<String>, Failure> {
    let wrong = |text: &str| Failure::new(FailureKind::Refused, text);
    let bench = page.workbench;
    let of = bench.bench.get_untracked().ok_or_else(|| wrong("The pipeline is closed."))?;
    let before = bench.simulation.get_untracked().ok_or_else(|| wrong("There is no dry run to compare with."))?;
    let scenario = untrack(|| bench.scenario()).unwrap_or_default();
    let (name, position) = page.document.with_untracked(|document| {
        let document = document.as_ref();
        let at = document.and_then(|one| one.pipelines.iter().position(|one| one.pipeline == of.pipeline));
        (document.map(|one| one.file.clone()).unwrap_or_default(), at.unwrap_or(0))
    });
    let text = match page.ask_of(of.group, Request::DocumentText { document: of.document }).await? {
        Answer::Text { text } => text,
        _ => return Err(wrong("The text could not be read.")),
    };
    let text = apply_text(&text, &edits).ok_or_else(|| wrong("The text has changed in the meantime."))?;
    let blob = web_sys::Blob::new_with_str_sequence(&js_sys::Array::of1(&text.into()))
        .map_err(|error| Failure::missing("The changed text could not be held", &error))?;
    let files = page.files.with_untracked(|files| files.clone().and_then(Result::ok));
    let engine = Engine::start(&files.ok_or_else(|| wrong("The engine has not been loaded."))?)?;
    let (_, opened) = engine.open(&[Input { name, blob, modified: None }], None, Rc::new(|_| {}));
    let documents = opened.await?;
    let pipeline = documents.first().and_then(|document| document.pipelines.get(position)).map(|one| one.pipeline);
    let pipeline = pipeline.ok_or_else(|| wrong("The changed text holds no pipeline."))?;
    let request = Request::Simulate { pipeline, target: bench.target.get_untracked(), scenario };
    let answer = engine.ask(&request).await;
    engine.end();
    match answer? {
        Answer::Simulation(after) => Ok(differences(&before, &after)),
        _ => Err(wrong("The changed pipeline could not be run.")),
    }
}

/// The button, and what it found out.
#[component]
pub(crate) fn WhatIf(
    /// The change.
    edits: Vec<TextEdit>,
) -> impl IntoView {
    let page = Page::get();
    let found = RwSignal::new(None::<Vec<String>>);
    let edits = StoredValue::new(edits);
    let look = move |_| {
        spawn_local(async move {
            let lines = match try_out(page, edits.get_value()).await {
                Ok(lines) => lines,
                Err(failure) => vec![failure.to_string()],
            };
            let _ = found.try_set(Some(lines));
        });
    };
    view! {
        <button type="button" class="edged bench-small" on:click=look>"Show what would change"</button>
        <div class="bench-would" role="status">
            {move || found.get().map(|lines| view! { <ul>{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul> })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chaindebug_core::protocol::RunEnd;

    #[test]
    fn edits_count_bytes_of_the_text_as_it_was() {
        let edits =
            [TextEdit { start: 0, end: 1, text: "X".to_owned() }, TextEdit { start: 3, end: 3, text: "-".to_owned() }];
        assert_eq!(apply_text("aäb", &edits).as_deref(), Some("Xä-b"));
        assert_eq!(apply_text("aäb", &[TextEdit { start: 2, end: 3, text: String::new() }]), None);
        assert_eq!(apply_text("a", &[TextEdit { start: 2, end: 3, text: String::new() }]), None);
    }

    #[test]
    fn the_difference_names_the_end_and_the_steps() {
        let run = |status, entered: &[&str]| Simulation {
            status,
            entered: entered.iter().map(|id| (*id).to_owned()).collect(),
            ..Simulation::default()
        };
        let lines = differences(&run(RunEnd::DeadEnd, &["a", "b"]), &run(RunEnd::Completed, &["a", "a", "c"]));
        assert_eq!(
            lines,
            [
                "✓ It would end: completed (now: dead end, reported as success).",
                "a would be entered 2 times and not 1.",
                "c would be entered.",
                "b would not be entered any more.",
            ]
        );
    }
}
