//! The screen for many runs of one chain at once: where they part, which step is flaky, what goes with failure. The
//! engine counts; this asks once for all of it and draws it. Any two of the runs are one press from their comparison.
//!
//! - `state`: which runs, what came of it, what is chosen. - `paths`: the tree of ways they took. - `steps`, `columns`,
//!   `sorting`: the table of steps. - `spread`: a small box plot. - `runs`: the list of runs. - `entry`: how one gets here.

mod columns;
mod entry;
mod paths;
mod runs;
mod sorting;
mod spread;
mod state;
mod steps;

pub(crate) use entry::{ManyButton, ManyEnd, ManyLine};
pub(crate) use state::Many;

use crate::compare::{Tab, TabRow};
use crate::intake::open_file_dialog;
use crate::state::{Action, Page};
use crate::text::count;
use crate::widgets::prose::Prose;
use leptos::prelude::*;
use paths::{Paths, PathsTree};
use runs::RunsTable;
use state::{Entry, FEWEST, MOST, Part};
use steps::StepsTable;

/// The screen.
#[component]
pub(crate) fn ManyView() -> impl IntoView {
    let page = Page::get();
    let many = page.many;
    let entries = Memo::new(move |_| many.entries(page));
    Effect::new(move |_| entries.with(|entries| many.ask(page, entries)));
    let few = Memo::new(move |_| entries.with(|entries| entries.len() < FEWEST));
    let there = Memo::new(move |_| many.view.with(Option::is_some));
    page.handle_actions(|action| {
        // What moves a run's own cursor does nothing here.
        matches!(
            action,
            Action::Move(_) | Action::PlayPause | Action::NextDecision | Action::PreviousDecision | Action::Show(_)
        )
    });
    move || {
        if few.get() {
            view! { <TooFew entries/> }.into_any()
        } else if there.get() {
            view! { <Panels entries/> }.into_any()
        } else {
            view! { <Waiting entries/> }.into_any()
        }
    }
}

/// In place of the screen, when there are not enough runs.
#[component]
fn TooFew(entries: Memo<Vec<Entry>>) -> impl IntoView {
    let page = Page::get();
    let lead = move || {
        let open = entries.with(|entries| match entries.len() {
            0 => "No run with steps is open.".to_owned(),
            1 => "One run is open.".to_owned(),
            n => format!("{n} runs are open."),
        });
        format!(
            "{open} Runs are looked at together from {FEWEST} on: open more files of the same chain, or one file that holds several runs."
        )
    };
    let two = move || {
        entries.with(|entries| match entries.as_slice() {
            [a, b] => Some((a.place.run, b.place.run)),
            _ => None,
        })
    };
    view! {
        <main class="plain-page">
            <div class="sheet">
                <h1>"Too few runs to look at together"</h1>
                <p class="sheet-lead">{lead}</p>
                <div class="acts">
                    <button class="primary" on:click=|_| open_file_dialog()>"Open files… "<kbd>"Ctrl O"</kbd></button>
                    {move || two().map(|(a, b)| view! {
                        <button class="edged" on:click=move |_| page.compare_two(a, b)>"Compare the two"</button>
                    })}
                    <button class="edged" on:click=move |_| page.close_many()>"Back"</button>
                </div>
            </div>
        </main>
    }
}

/// While the engine looks at them, or when it cannot.
#[component]
fn Waiting(entries: Memo<Vec<Entry>>) -> impl IntoView {
    let page = Page::get();
    let many = page.many;
    view! {
        <main class="plain-page">
            <h1 class="spoken">"All runs"</h1>
            <div class="sheet" class:slow=move || many.failed.with(Option::is_none)>
                {move || match many.failed.get() {
                    Some(message) => view! {
                        <div role="alert">
                            <h2>"These runs could not be looked at together"</h2>
                            <p class="sheet-lead">{message}</p>
                        </div>
                        <div class="acts"><button class="edged" on:click=move |_| page.close_many()>"Back"</button></div>
                    }.into_any(),
                    None => view! {
                        <div class="opening" role="status">
                            <p class="opening-name"><b>{move || format!("Laying {} on each other", count(entries.with(Vec::len) as u64, "run"))}</b></p>
                            <progress class="opening-bar" aria-label="Laying runs on each other"></progress>
                        </div>
                    }.into_any(),
                }}
            </div>
        </main>
    }
}

#[component]
fn Panels(entries: Memo<Vec<Entry>>) -> impl IntoView {
    let page = Page::get();
    let many = page.many;
    let paths = Paths::new(page);
    page.handle_actions(move |action| match action {
        Action::ExpandAll => paths.open_all(true),
        Action::CollapseAll => paths.open_all(false),
        Action::Escape if many.node.with_untracked(Option::is_some) => {
            many.node.set(None);
            true
        }
        _ => false,
    });
    let tabs = Memo::new(|_| Part::ALL.iter().map(|part| Tab::plain(part.id(), part.name())).collect::<Vec<_>>());
    let current = Signal::derive(move || many.part.get().id().to_owned());
    let pick = Callback::new(move |id: String| {
        if let Some(part) = Part::ALL.into_iter().find(|part| part.id() == id) {
            many.part.set(part);
        }
    });
    view! {
        <main class="many" class:many-narrow=page.narrow data-part=move || many.part.get().id()>
            <Head entries/>
            <Show when=move || page.narrow.get()>
                <div class="panel-head"><TabRow label="Parts" tabs current pick controls="many-part"/></div>
            </Show>
            // Of the narrow page this is what the tabs show; else the three stand side by side.
            <div
                class="many-parts"
                id="many-part"
                role=move || page.narrow.get().then_some("tabpanel")
                aria-labelledby=move || page.narrow.get().then(|| format!("many-part-{}", many.part.get().id()))
            >
                <section class="panel many-paths" aria-label="Paths"><PathsTree paths entries/></section>
                <section class="panel many-runs" aria-label="Runs"><RunsTable entries/></section>
                <section class="panel many-steps" aria-label="Steps"><StepsTable/></section>
            </div>
        </main>
    }
}

/// What is to be said of all of them, and which they are.
#[component]
fn Head(entries: Memo<Vec<Entry>>) -> impl IntoView {
    let page = Page::get();
    let many = page.many;
    let view = many.view;
    let verdict = move || view.with(|view| view.as_ref().map(|view| view.verdict.clone()).unwrap_or_default());
    let note = move || {
        let said = view.with(|view| view.as_ref().map(|view| view.note.clone()).unwrap_or_default());
        let all = many.wanted(page);
        let cut = (all > MOST).then(|| format!("These are the first {MOST} of {}.", count(all as u64, "run")));
        let words: Vec<String> = cut.into_iter().chain((!said.is_empty()).then_some(said)).collect();
        (!words.is_empty()).then(|| view! { <p class="verdict-note"><Prose text=words.join(" ")/></p> })
    };
    let names = Memo::new(move |_| many.names(page));
    let elsewhere = Memo::new(move |_| page.runs_elsewhere());
    let failed =
        move || view.with(|view| view.as_ref().map_or(0, |view| view.runs.iter().filter(|run| run.failed).count()));
    view! {
        <div class="verdict many-head" role="group" aria-label="Result">
            <div class="verdict-words">
                <h1>{move || view! { <Prose text=verdict()/> }}</h1>
                {note}
            </div>
            <dl class="diff-sums">
                <div class="diff-sum"><dt>"runs"</dt><dd><b>{move || entries.with(Vec::len)}</b></dd></div>
                <div class="diff-sum"><dt>"failed"</dt><dd><b>{move || format!("✗ {}", failed())}</b></dd></div>
            </dl>
            <div class="many-which">
                <Show when=move || { names.with(|names| !names.is_empty()) }>
                    <label>
                        <span class="spoken">"Which runs"</span>
                        <select
                            class="field"
                            on:change:target=move |event| many.only.set(Some(event.target().value()).filter(|name| !name.is_empty()))
                        >
                            <option value="" selected=move || many.only.with(Option::is_none)>"all runs"</option>
                            {move || names.get().into_iter().map(|(name, runs)| {
                                let value = name.clone();
                                let on = many.only.with(|only| only.as_ref() == Some(&name));
                                view! { <option value=value selected=on>{format!("{name} · {runs}")}</option> }
                            }).collect_view()}
                        </select>
                    </label>
                </Show>
                <Show when=move || { elsewhere.get() > 0 }>
                    <button class="edged" on:click=move |_| page.add_runs_elsewhere()>
                        {move || format!("Add {} of other files", count(elsewhere.get() as u64, "run"))}
                    </button>
                </Show>
            </div>
        </div>
    }
}
