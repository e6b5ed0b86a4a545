//! The strip below the top bar: where and how the runs part, in one sentence, and what it cost.

use super::numbers::{cost_both, time_both, tokens_both};
use crate::state::Page;
use crate::widgets::prose::Prose;
use leptos::prelude::*;

/// The strip.
#[component]
pub(super) fn Verdict() -> impl IntoView {
    let page = Page::get();
    let comparing = page.comparing;
    let said = move || {
        let view = comparing.view.get()?;
        let sum = |word: &'static str, both: Option<(String, String)>| {
            both.map(|(line, share)| {
                view! {
                    <div class="diff-sum">
                        <dt>{word}</dt>
                        <dd>{line}{(!share.is_empty()).then(|| view! { " " <b>{share.clone()}</b> })}</dd>
                    </div>
                }
            })
        };
        let line = |class: &'static str, text: &str| {
            (!text.is_empty()).then(|| view! { <p class=class><Prose text=text.to_owned()/></p> })
        };
        let problems = view.problems.iter().map(|text| view! { <li><Prose text=text.clone()/></li> }).collect_view();
        Some(view! {
            <div class="verdict-words">
                <h1><Prose text=view.verdict.clone()/></h1>
                {line("verdict-detail", &view.detail)}
                {line("verdict-note", &view.note)}
                {(!view.problems.is_empty()).then(|| view! { <ul class="verdict-problems" aria-label="Rules and pairs">{problems}</ul> })}
            </div>
            <dl class="diff-sums">
                {sum("time", time_both(view.time))}
                {sum("tokens", tokens_both(view.tokens))}
                {sum("cost", cost_both(view.cost, view.cost_computed))}
            </dl>
        })
    };
    // While a comparison is made anew its last one stays in sight.
    let busy = move || comparing.progress.get().is_some() && comparing.view.with(Option::is_some);
    view! {
        <div class="verdict" role="group" aria-label="Result">
            {said}
            <Show when=busy>
                <div class="verdict-busy slow">
                    <progress class="opening-bar" max="1000" aria-label="Share compared" prop:value=move || comparing.progress.get().unwrap_or_default()></progress>
                    <button type="button" class="small" on:click=move |_| page.cancel_comparing()>"Cancel"</button>
                </div>
            </Show>
        </div>
    }
}

/// What stands in place of the comparison while the first one is made, or when it cannot be.
#[component]
pub(super) fn Waiting() -> impl IntoView {
    let page = Page::get();
    let comparing = page.comparing;
    let share = move || comparing.progress.get().unwrap_or_default();
    view! {
        <main class="plain-page">
            <h1 class="spoken">"Comparing two runs"</h1>
            <div class="sheet" class:slow=move || comparing.failed.with(Option::is_none)>
                {move || match comparing.failed.get() {
                    Some(message) => view! {
                        <div role="alert">
                            <h2>"These two runs could not be compared"</h2>
                            <p class="sheet-lead">{message}</p>
                        </div>
                        <div class="acts">
                            <button class="edged" on:click=move |_| page.close_comparison()>"Show A alone"</button>
                        </div>
                    }.into_any(),
                    None => view! {
                        <div class="opening" role="group" aria-label="Comparing">
                            <p class="opening-name"><b>"Laying B on A"</b></p>
                            <progress class="opening-bar" max="1000" aria-label="Share compared" prop:value=share></progress>
                            <p class="opening-facts">{move || format!("{} %", share() / 10)}</p>
                            <button class="edged" on:click=move |_| page.cancel_comparing()>"Cancel"</button>
                        </div>
                    }.into_any(),
                }}
            </div>
        </main>
    }
}
