//! Beside the tabs of the chart: as whom the file is read, which run is laid on it, and what the reader makes of it.

use super::scenarios::recorded_runs;
use super::state::Charted;
use super::words::reader;
use crate::state::Page;
use crate::text::grouped;
use crate::widgets::prose::Prose;
use chaindebug_core::protocol::{Reader, Reading};
use leptos::prelude::*;

const READERS: [(&str, Option<Reader>); 4] = [
    ("", None),
    ("validator", Some(Reader::Validator)),
    ("raw", Some(Reader::Raw)),
    ("pydantic", Some(Reader::Pydantic)),
];

/// The name of a tab.
pub(crate) fn chart_name(page: Page, charted: Charted) -> String {
    match charted {
        Charted::Definition => "Definition".to_owned(),
        Charted::Run => "This run".to_owned(),
        Charted::Coverage => page.workbench.coverage.with(|coverage| match coverage {
            Some(coverage) if !coverage.edges.is_empty() => {
                let taken = coverage.edges.iter().filter(|edge| !edge.by.is_empty()).count();
                format!("Coverage {}/{}", grouped(taken as u64), grouped(coverage.edges.len() as u64))
            }
            _ => "Coverage".to_owned(),
        }),
    }
}

/// The menu at the end of the row of tabs.
#[component]
pub(crate) fn ChartMenu() -> impl IntoView {
    let page = Page::get();
    let bench = page.workbench;
    let runs = Memo::new(move |_| recorded_runs(page));
    let readers = move || {
        let choose = move |id: String| {
            bench.reader.set(READERS.into_iter().find(|(word, _)| *word == id).and_then(|(_, reader)| reader));
        };
        view! {
            <label class="bench-chart-menu">
                <select class="bench-select" aria-label="As whom the file is read" on:change:target=move |event| choose(event.target().value())>
                    {READERS.map(|(id, one)| view! { <option value=id selected=move || bench.reader.get() == one>{reader(one)}</option> }).collect_view()}
                </select>
            </label>
        }
    };
    let recorded = move || {
        view! {
            <label class="bench-chart-menu">
                <span>"shows"</span>
                <select class="bench-select" aria-label="Run on the chart" on:change:target=move |event| bench.recorded.set(event.target().value().parse().ok())>
                    <option value="" selected=move || bench.recorded.get().is_none()>"the dry run"</option>
                    {runs.get().into_iter().map(|(run, name)| view! {
                        <option value=run.to_string() selected=move || bench.recorded.get() == Some(run)>{name}</option>
                    }).collect_view()}
                </select>
            </label>
        }
    };
    move || match bench.charted.get() {
        Charted::Definition => Some(readers().into_any()),
        Charted::Run if runs.with(|runs| !runs.is_empty()) => Some(recorded().into_any()),
        _ => None,
    }
}

/// What a reader makes of the file, above the chart while it is drawn as that reader takes it.
#[component]
pub(crate) fn ReadingBar() -> impl IntoView {
    let bench = Page::get().workbench;
    let reading = Memo::new(move |_| {
        let reader = bench.reader.get().filter(|_| bench.charted.get() == Charted::Definition)?;
        bench.findings.with(|view| view.as_ref()?.readings.iter().find(|one| one.reader == reader).cloned())
    });
    move || {
        reading.get().map(|Reading { accepts, summary, notes, .. }| {
            let many = notes.len();
            let notes = notes.into_iter().map(|note| view! { <li><Prose text=note/></li> }).collect_view();
            view! {
                <div class="bench-reading" data-accepts=accepts.to_string() role="group" aria-label="What this reader makes of the file" tabindex="0">
                    <p><b>{if accepts { "✓ takes it. " } else { "✗ refuses it. " }}</b><Prose text=summary/></p>
                    {(many > 0).then(|| view! { <ul>{notes}</ul> })}
                </div>
            }
        })
    }
}
