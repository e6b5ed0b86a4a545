//! The line at the bottom: problems, what the file was read as, and what left the page.

use super::requests::Requests;
use crate::state::{Page, Stage};
use crate::text::{bytes, count};
use crate::widgets::prose::Prose;
use chaindebug_core::model::Severity;
use leptos::prelude::*;

/// The line.
#[component]
pub(super) fn Foot(requests: ReadSignal<Requests>) -> impl IntoView {
    let page = Page::get();
    let problems = Memo::new(move |_| {
        page.document.with(|document| {
            let found = &document.as_ref()?.diagnostics;
            Some((found.len(), found.iter().map(|diagnostic| diagnostic.severity).max()))
        })
    });
    let words = move || match problems.get() {
        Some((0, _)) => "no problems".to_owned(),
        Some((n, Some(Severity::Info))) => format!("○ {}", count(n as u64, "remark")),
        Some((n, Some(Severity::Error))) => format!("✗ {}", count(n as u64, "problem")),
        Some((n, _)) => format!("▲ {}", count(n as u64, "problem")),
        None => String::new(),
    };
    let worst = move || match problems.get() {
        Some((_, Some(Severity::Error))) => "error",
        Some((_, Some(Severity::Warning))) => "warn",
        _ => "info",
    };
    let dry = move || page.workbench.bench.with(Option::is_some);
    let entered = move || {
        page.workbench
            .simulation
            .with(|one| one.as_ref().map(|one| format!("{} entered", count(one.entered.len() as u64, "step"))))
    };
    let pair = page.comparing.pair;
    let read_as = move || {
        let pair = pair.get()?;
        let label = |place| page.placed(pair.group, place).map(|(document, _)| document.label.clone());
        let (a, b) = (label(pair.a)?, label(pair.b)?);
        let read = if a == b { format!("Both read as {a}") } else { format!("A read as {a}, B as {b}") };
        Some(format!("{read} · paired by name, kind, place and input; ids and times are never used"))
    };
    let said = move || match page.document.with(|d| d.as_ref().map(|d| d.explanation.clone())) {
        Some(explanation) => explanation,
        None => match page.files.get() {
            None => "Engine loading…".to_owned(),
            Some(Ok(_)) => match requests.get().engine {
                0 => "Engine ready · works with the network off".to_owned(),
                size => format!("Engine ready · {} · works with the network off", bytes(size)),
            },
            Some(Err(failure)) => format!("✗ {failure}"),
        },
    };
    view! {
        <footer class="foot">
            <Show when=move || page.stage.get() == Stage::Work && problems.get().is_some()>
                <button
                    class="foot-problems"
                    data-worst=worst
                    aria-expanded=move || page.problems.get().to_string()
                    aria-controls="problems"
                    on:click=move |_| page.problems.update(|open| *open = !*open)
                >
                    {words}
                </button>
            </Show>
            <Show when=move || page.stage.get() == Stage::Work && dry()>
                <span class="foot-dry">"Dry run with mock data: what the steps' own code does is not simulated"</span>
                <span class="foot-entered">{entered}</span>
            </Show>
            <span class="foot-said" class:spoken=dry title=move || read_as().unwrap_or_else(said)>
                {move || view! { <Prose text=read_as().unwrap_or_else(said)/> }}
            </span>
            <span class="foot-private" class:foot-foreign=move || { requests.get().foreign > 0 }>
                {move || requests.get().sentence()}
            </span>
        </footer>
    }
}
