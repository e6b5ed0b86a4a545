//! The real validator's verdict and lines, word for word.

use super::word;
use crate::state::Page;
use chaindebug_core::model::Severity;
use leptos::prelude::*;

/// More lines of one kind than this are not drawn at once.
const FIRST: usize = 200;

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
        <section class="validator-said" aria-label=title>
            <h2>{title}" "<span class="dim">{total}</span></h2>
            <ul>{shown}</ul>
            <Show when=move || { !all.get() && total > FIRST }>
                <button class="small" on:click=move |_| all.set(true)>{format!("Show {} more", total - FIRST)}</button>
            </Show>
        </section>
    })
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
            view! {
                <div class="said-columns">
                    <Said severity=Severity::Error title="errors" lines=validation.errors.clone()/>
                    <div>
                        <Said severity=Severity::Warning title="warnings" lines=validation.warnings.clone()/>
                        <Said severity=Severity::Info title="info" lines=validation.info.clone()/>
                    </div>
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
                <span class="dim">"Word for word what "<code>"ia-modules validate"</code>" prints."</span>
                <label class="said-strict"><input type="checkbox" prop:checked=strict on:change=move |event| strict.set(event_target_checked(&event))/><span><code>"--strict"</code>": a warning makes the file invalid"</span></label>
            </p>
            {body}
        </div>
    }
}
