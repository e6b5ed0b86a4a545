//! The screen for two definitions laid on each other: what was changed, and what that does to scenarios. The engine
//! compares; this asks once and draws the answer.
//!
//! - `state`: which two, and what came of it. - `choosing`: how they are chosen. - `list`: the changes. - `effects`: the
//!   scenarios on both.

mod choosing;
mod effects;
mod list;
mod state;

pub(crate) use choosing::DefinitionChoices;
pub(crate) use state::Changes;

use crate::state::{Action, Page};
use crate::widgets::prose::Prose;
use effects::Effects;
use leptos::prelude::*;
use list::ChangeList;
use state::{Definition, Tried};

/// The way back, in the top bar.
#[component]
pub(crate) fn ChangesEnd() -> impl IntoView {
    let page = Page::get();
    view! { <button class="edged changes-close" title="Show the pipeline again" on:click=move |_| page.changes.end()>"Close comparison"</button> }
}

/// The screen.
#[component]
pub(crate) fn ChangesView() -> impl IntoView {
    let page = Page::get();
    let changes = page.changes;
    let bench = page.workbench;
    page.handle_actions(|action| {
        // What moves the dry run's cursor does nothing here.
        matches!(
            action,
            Action::Move(_) | Action::PlayPause | Action::NextDecision | Action::PreviousDecision | Action::Show(_)
        )
    });
    // Scenarios belong to the pipeline that was shown, whichever side it is on.
    let tried = Memo::new(move |_| match bench.bench.with(Option::is_some) {
        true => Tried { target: bench.target.get(), scenarios: bench.file.with(|file| file.scenarios.clone()) },
        false => Tried { target: bench.target.get(), scenarios: Vec::new() },
    });
    // Both as they are now: a document that is read anew may hold another text.
    let both = Memo::new(move |_| {
        let (a, b) = changes.pair.get()?;
        Some(((a, page.defined(a)?), (b, page.defined(b)?)))
    });
    Effect::new(move |_| {
        if let Some(((a, _), (b, _))) = both.get() {
            changes.ask(page, (a, b), tried.get());
        }
    });
    let there = Memo::new(move |_| changes.view.with(Option::is_some) && both.with(Option::is_some));
    view! {
        <main class="changes">
            <div class="verdict" role="group" aria-label="Result">
                <div class="verdict-words">
                    <h1>{move || match (changes.failed.get(), changes.view.get(), both.with(Option::is_some)) {
                        (_, _, false) => view! { "One of the two pipelines is not open any more." }.into_any(),
                        (Some(_), ..) => view! { "These two pipelines could not be compared." }.into_any(),
                        (None, Some(view), _) => view! { <Prose text=view.verdict.clone()/> }.into_any(),
                        (None, None, _) => view! { "Comparing two pipelines…" }.into_any(),
                    }}</h1>
                    {move || changes.failed.get().map(|message| view! { <p class="verdict-note" role="alert">{message}</p> })}
                    {move || changes.view.get().filter(|view| !view.note.is_empty()).map(|view| view! {
                        <p class="verdict-note"><Prose text=view.note.clone()/></p>
                    })}
                </div>
            </div>
            <div class="changes-sides" role="group" aria-label="The two pipelines">
                {move || changes.pair.get().map(|(a, b)| view! {
                    <DefinitionSide of=a a=true/>
                    <button class="subtle diff-swap" aria-label="Exchange A and B" title="Exchange A and B" on:click=move |_| page.lay_definitions(b, a)>"⇄"</button>
                    <DefinitionSide of=b a=false/>
                })}
            </div>
            <div class="changes-body" tabindex="0" role="region" aria-label="Changes">
                <Show when=move || there.get()>
                    <ChangeList/>
                    <Effects/>
                </Show>
            </div>
        </main>
    }
}

/// One of the two: its file, and the way to its flowchart.
#[component]
fn DefinitionSide(of: Definition, a: bool) -> impl IntoView {
    let page = Page::get();
    let (letter, sign) = if a { ("A", "only-a") } else { ("B", "only-b") };
    let named = move || {
        page.defined(of).map(|(document, pipeline)| {
            let file = document.file.rsplit('/').next().unwrap_or(&document.file).to_owned();
            view! {
                <span class="changes-file">{file}</span>
                <span class="dim">{(!pipeline.name.is_empty()).then(|| format!(" · {}", pipeline.name))}</span>
            }
        })
    };
    view! {
        <div class="changes-side">
            <span class="sign" data-sign=sign>{letter}</span>
            <span class="changes-name">{named}</span>
            <button class="edged" title="Its flowchart" on:click=move |_| page.show_definition(of)>{format!("Show {letter}")}</button>
        </div>
    }
}
