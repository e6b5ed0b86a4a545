//! How each scenario went, in a line; choosing one runs it in the debugger.

use crate::state::Page;
use crate::widgets::prose::Prose;
use chaindebug_core::protocol::RunEnd;
use leptos::prelude::*;

/// How a run ended, in words.
fn ended(status: RunEnd) -> &'static str {
    match status {
        RunEnd::Completed => "completed",
        RunEnd::DeadEnd => "dead end",
        RunEnd::WaitingForHuman => "waits for a person",
        RunEnd::Failed => "failed",
    }
}

/// The tab.
#[component]
pub(super) fn Scenarios() -> impl IntoView {
    let bench = Page::get().workbench;
    let rows = move || {
        let coverage = bench.coverage.get()?;
        if coverage.scenarios.is_empty() {
            return None;
        }
        let rows = coverage.scenarios.iter().enumerate().map(|(index, one)| {
            let (sign, tone, word) = if one.passed { ("✓", "ok", "passes") } else { ("✗", "error", "fails") };
            let unmet = one.unmet.iter().map(|line| view! { <li><Prose text=line.clone()/></li> }).collect_view();
            view! {
                <li class="outcome">
                    <button class="outcome-row" aria-current=move || (bench.chosen.get() == index).to_string() on:click=move |_| bench.chosen.set(index)>
                        <span class="reading-verdict" data-tone=tone><span aria-hidden="true">{sign}</span><span class="spoken">{word}</span></span>
                        <b>{one.name.clone()}</b>
                        <span class="dim">{ended(one.status)}</span>
                        <span class="outcome-said"><Prose text=one.summary.clone()/></span>
                    </button>
                    <ul class="outcome-unmet">{unmet}</ul>
                </li>
            }
        });
        Some(rows.collect_view())
    };
    view! {
        <div class="said-scroll" tabindex="0" role="group" aria-label="Scenarios">
            {move || match rows() {
                Some(rows) => view! { <ul class="outcomes">{rows}</ul> }.into_any(),
                None => view! { <p class="nothing">"No scenario was run yet."</p> }.into_any(),
            }}
        </div>
    }
}
