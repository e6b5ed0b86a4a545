//! The real validator's words, and how each of the three readers takes the file.

use super::word;
use crate::state::Page;
use crate::text::count;
use crate::widgets::prose::Prose;
use chaindebug_core::model::Severity;
use chaindebug_core::protocol::{Reader, Reading};
use leptos::prelude::*;

/// More lines of one kind than this are not drawn at once.
const FIRST: usize = 200;

fn name(reader: Reader) -> &'static str {
    match reader {
        Reader::Validator => "validator",
        Reader::Raw => "raw loader",
        Reader::Pydantic => "pydantic loader",
    }
}

/// Lines of one kind, word for word.
#[component]
fn Said(severity: Severity, title: &'static str, lines: Vec<String>) -> impl IntoView {
    let all = RwSignal::new(false);
    let (sign, _, tone) = word(severity);
    let total = lines.len();
    let lines = StoredValue::new(lines);
    let shown = move || {
        let most = if all.get() { usize::MAX } else { FIRST };
        lines.with_value(|lines| {
            lines
                .iter()
                .take(most)
                .map(|line| view! { <li><span class="finding-sign" data-tone=tone aria-hidden="true">{sign}</span><span class="said-line">{line.clone()}</span></li> })
                .collect_view()
        })
    };
    (total > 0).then(|| view! {
        <section class="said" aria-label=title>
            <h3>{title}" "<span class="dim">{total}</span></h3>
            <ul>{shown}</ul>
            <Show when=move || { !all.get() && total > FIRST }>
                <button class="small" on:click=move |_| all.set(true)>{format!("Show {} more", total - FIRST)}</button>
            </Show>
        </section>
    })
}

#[component]
fn One(reading: Reading) -> impl IntoView {
    let (sign, tone, said) = if reading.accepts { ("✓", "ok", "takes it") } else { ("✗", "error", "refuses it") };
    let sees = format!("{}, {}", count(u64::from(reading.steps), "step"), count(u64::from(reading.edges), "edge"));
    let notes = reading.notes.into_iter().map(|note| view! { <li><Prose text=note/></li> }).collect_view();
    view! {
        <li class="reading">
            <p class="reading-head">
                <b>{name(reading.reader)}</b>
                <span class="reading-verdict" data-tone=tone><span aria-hidden="true">{sign}</span>" "{said}</span>
                <span class="dim">{sees}</span>
            </p>
            <p><Prose text=reading.summary/></p>
            <ul>{notes}</ul>
        </li>
    }
}

/// The tab.
#[component]
pub(super) fn Validator() -> impl IntoView {
    let bench = Page::get().workbench;
    let verdict = move || bench.findings.with(|view| view.as_ref().map(|view| view.validation.is_valid));
    let strict = bench.strict;
    let body = move || {
        bench.findings.get().map(|view| {
            let validation = view.validation.clone();
            let readings = view.readings.iter().map(|reading| view! { <One reading=reading.clone()/> }).collect_view();
            view! {
                <div class="said-columns">
                    <div>
                        <Said severity=Severity::Error title="errors" lines=validation.errors/>
                        <Said severity=Severity::Warning title="warnings" lines=validation.warnings/>
                        <Said severity=Severity::Info title="info" lines=validation.info/>
                    </div>
                    <section class="readings" aria-label="How each reader takes the file">
                        <h3>"How each reader takes the file"</h3>
                        <ul>{readings}</ul>
                    </section>
                </div>
            }
        })
    };
    view! {
        <div class="said-scroll" tabindex="0" role="group" aria-label="What the validator says">
            <p class="said-head">
                {move || verdict().map(|valid| if valid {
                    view! { <b class="reading-verdict" data-tone="ok">"✓ is_valid: true"</b> }
                } else {
                    view! { <b class="reading-verdict" data-tone="error">"✗ is_valid: false"</b> }
                })}
                <label><input type="checkbox" prop:checked=strict on:change=move |event| strict.set(event_target_checked(&event))/>" "<code>"--strict"</code>" makes warnings errors"</label>
            </p>
            {body}
        </div>
    }
}
