//! A list of diagnostics, each leading to its place in the file and to its step.

use super::source::SourceAt;
use crate::state::Page;
use crate::widgets::prose::Prose;
use chaindebug_core::model::{Diagnostic, Severity};
use chaindebug_core::protocol::DocumentView;
use leptos::prelude::*;
use std::sync::Arc;

/// Shown at first; the rest on request.
const FIRST: usize = 200;

fn word(severity: Severity) -> (&'static str, &'static str, &'static str) {
    match severity {
        Severity::Error => ("✗", "error", "error"),
        Severity::Warning => ("▲", "warning", "warn"),
        Severity::Info => ("○", "remark", "info"),
    }
}

/// `trace.json:12:4 · $.spans[3]`, as far as it is known.
fn place(document: &DocumentView, diagnostic: &Diagnostic) -> String {
    let file = document.files.get(usize::from(diagnostic.file)).unwrap_or(&document.file);
    let mut text = file.rsplit('/').next().unwrap_or(file).to_owned();
    if let Some(line) = diagnostic.line {
        text.push_str(&format!(":{line}"));
        if let Some(column) = diagnostic.column {
            text.push_str(&format!(":{column}"));
        }
    }
    if let Some(path) = diagnostic.path.as_deref().filter(|path| !path.is_empty()) {
        text.push_str(&format!(" · {path}"));
    }
    text
}

#[component]
fn Line(document: Arc<DocumentView>, index: usize) -> impl IntoView {
    let page = Page::get();
    let source = expect_context::<SourceAt>();
    let diagnostic = document.diagnostics.get(index)?.clone();
    let (mark, name, tone) = word(diagnostic.severity);
    let at = diagnostic.place;
    let file = diagnostic.file;
    // The step's run is counted in the document, the page's in the session.
    let step = diagnostic.step.and_then(|(run, step)| {
        let run = document.runs.get(run as usize).map(|view| view.run)?;
        Some((run, step))
    });
    let go = move |(run, step): (u32, u32)| {
        let Some(subject) = page.subject.get_untracked() else { return };
        page.show(subject.group, subject.document, crate::state::What::Run(run));
        page.select_step(step);
    };
    Some(view! {
        <li class="problem" data-tone=tone>
            <span class="problem-word"><span aria-hidden="true">{mark}</span>" "{name}</span>
            <div class="problem-text">
                <p><Prose text=diagnostic.message.clone()/></p>
                <p class="problem-place">{place(&document, &diagnostic)}<span class="dim">" · "{diagnostic.code.clone()}</span></p>
            </div>
            <div class="problem-go">
                {at.map(|place| view! {
                    <button class="edged" on:click=move |_| source.show(page, file, place.start)>"Show in file"</button>
                })}
                {step.map(|step| view! { <button class="edged" on:click=move |_| go(step)>"Go to step"</button> })}
            </div>
        </li>
    })
}

/// The list, the gravest first.
#[component]
pub(crate) fn Diagnostics(
    /// Whose.
    document: Arc<DocumentView>,
) -> impl IntoView {
    let all = RwSignal::new(false);
    let mut order: Vec<usize> = (0..document.diagnostics.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(document.diagnostics.get(index).map(|d| d.severity)));
    let hidden = order.len().saturating_sub(FIRST);
    let order = StoredValue::new(order);
    let lines = move || {
        let shown = if all.get() { usize::MAX } else { FIRST };
        order.with_value(|order| {
            order.iter().take(shown).map(|&index| view! { <Line document=document.clone() index/> }).collect_view()
        })
    };
    view! {
        <ul class="problems-list">{lines}</ul>
        <Show when=move || { hidden > 0 && !all.get() }>
            <button class="edged problems-more" on:click=move |_| all.set(true)>{format!("Show {hidden} more")}</button>
        </Show>
    }
}
