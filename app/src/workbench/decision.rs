//! What the engine decided after a step: every edge with what it saw, why, and what would help.

use super::what_if::WhatIf;
use crate::state::Page;
use crate::widgets::prose::Prose;
use chaindebug_core::model::Place;
use chaindebug_core::protocol::{Command, Decision, EdgeDecision, Fix, Phase, Verdict};
use leptos::prelude::*;
use std::sync::Arc;

/// What the findings about edges that were refused would do about them.
fn offered(page: Page, edges: &[EdgeDecision]) -> Vec<Fix> {
    let refused = |path: &str| {
        edges.iter().any(|edge| edge.verdict == Verdict::Refused && !edge.path.is_empty() && path == edge.path)
    };
    page.workbench.findings.with_untracked(|view| {
        let findings = view.iter().flat_map(|view| &view.findings).filter(|finding| refused(&finding.edge));
        let mut fixes: Vec<Fix> = Vec::new();
        for fix in findings.flat_map(|finding| &finding.fixes) {
            if !fix.edits.is_empty() && fixes.iter().all(|one| one.edits != fix.edits) {
                fixes.push(fix.clone());
            }
        }
        // What lets the run go on comes before what only takes something away.
        fixes.sort_by_key(|fix| fix.edits.iter().all(|edit| edit.text.is_empty()));
        fixes
    })
}

/// The sign of a verdict, its word, and its tone.
fn verdict(verdict: Verdict) -> (&'static str, &'static str, &'static str) {
    match verdict {
        Verdict::Taken => ("✓", "taken", "good"),
        Verdict::Queued => ("✓", "true, queued", "good"),
        Verdict::Refused => ("✗", "not taken", "quiet"),
        Verdict::Raised => ("✗", "raised an error", "bad"),
        Verdict::Unseen => ("–", "never looked at", "quiet"),
        Verdict::Unknown => ("?", "not recorded", "quiet"),
    }
}

/// The decision after the step that is shown.
#[component]
pub(crate) fn DecisionView(
    /// The decision.
    decision: Arc<Decision>,
) -> impl IntoView {
    let page = Page::get();
    let bench = page.workbench;
    let visit = if decision.visit > 0 { format!("visit {}", decision.visit) } else { String::new() };
    let dead = decision.dead_end;
    let edges = decision.edges.iter().enumerate().map(|(at, edge)| card(page, at, edge)).collect_view();
    let mut decision = Arc::unwrap_or_clone(decision);
    if decision.dead_end && decision.fixes.is_empty() {
        decision.fixes = offered(page, &decision.edges);
    }
    let advice = (!decision.advice.is_empty() || !decision.fixes.is_empty())
        .then(|| view! { <Advice advice=decision.advice.clone() fixes=decision.fixes.clone()/> });
    let before = decision.before.clone();
    let earlier = (!before.is_empty()).then(|| {
        let lines = before.into_iter().map(|(step, name, line)| {
            view! {
                <li>
                    <button type="button" class="bench-past" on:click=move |_| page.command(Command::ToStep { step, phase: Phase::Exit })>
                        <b>{name}</b><span><Prose text=line/></span>
                    </button>
                </li>
            }
        });
        view! { <section class="bench-before"><h3>"Earlier decisions, the latest first"</h3><ul>{lines.collect_view()}</ul></section> }
    });
    view! {
        <div class="bench-decision" class:stale=move || bench.decided.get() != bench.turn.get()>
            <p class="bench-summary" class:dead=dead>
                {dead.then(|| view! { <b>"⊣ Dead end. "</b> })}
                <Prose text=decision.summary.strip_prefix("Dead end. ").unwrap_or(&decision.summary).to_owned()/>
                {(!visit.is_empty()).then(|| view! { " " <span class="bench-visit">{visit}</span> })}
            </p>
            <ol class="bench-edges">{edges}</ol>
            {advice}
            {earlier}
        </div>
    }
}

/// One edge.
fn card(page: Page, at: usize, edge: &EdgeDecision) -> impl IntoView + use<> {
    let bench = page.workbench;
    let (sign, word, tone) = verdict(edge.verdict);
    let changed = {
        let path = edge.path.clone();
        move || bench.changed.with(|changed| changed.contains(&path))
    };
    // What is read here is marked on the chart.
    let path = StoredValue::new(edge.path.clone());
    let point = move |on: bool| bench.pointed.set(path.try_get_value().filter(|_| on).unwrap_or_default());
    let place = Place { file: 0, start: edge.start, len: edge.end.saturating_sub(edge.start) };
    let saw = (!edge.saw.is_empty()).then(|| {
        let missing = edge.missing;
        let source = edge.source.clone();
        view! {
            <dt>"saw"</dt>
            <dd>{if missing {
                view! { <span class="bench-missing">{source}</span> " is missing" }.into_any()
            } else {
                edge.saw.clone().into_any()
            }}</dd>
        }
    });
    view! {
        <li class="bench-edge" data-tone=tone class:changed=changed
            on:pointerenter=move |_| point(true) on:pointerleave=move |_| point(false)
            on:focusin=move |_| point(true) on:focusout=move |_| point(false)>
            <header>
                <span class="bench-edge-number">{at + 1}</span>
                <b class="bench-edge-to" title=edge.to.clone()><span aria-hidden="true">"→ "</span><span class="spoken">"to "</span>{edge.to.clone()}</b>
                <span class="bench-verdict"><b aria-hidden="true">{sign}</b>" "{word}</span>
            </header>
            <dl>
                <dt>"if"</dt>
                <dd>{edge.condition.clone()}</dd>
                {saw}
            </dl>
            {(!edge.why.is_empty()).then(|| view! { <p><Prose text=edge.why.clone()/></p> })}
            {(place.len > 0 && bench.bench.get_untracked().is_some()).then(|| view! {
                <button type="button" class="link bench-edge-source" on:click=move |_| bench.goto.set(Some(place))>"Show in the text"</button>
            })}
        </li>
    }
}

/// What would help, with buttons that do it or say what would follow.
#[component]
fn Advice(advice: String, fixes: Vec<Fix>) -> impl IntoView {
    let bench = Page::get().workbench;
    let editable = bench.bench.get_untracked().is_some();
    let fixes = fixes.into_iter().take(4).enumerate().filter(|_| editable).map(|(at, fix)| {
        let edits = fix.edits.clone();
        view! {
            <div class="bench-fix">
                <button type="button" class=if at == 0 { "primary bench-small" } else { "edged bench-small" } on:click=move |_| bench.apply(edits.clone())><Prose text=fix.title.clone()/></button>
                <WhatIf edits=fix.edits/>
            </div>
        }
    });
    view! {
        <section class="bench-advice" aria-label="What would help">
            {(!advice.is_empty()).then(|| view! { <p><Prose text=advice.clone()/></p> })}
            {fixes.collect_view()}
        </section>
    }
}
