//! The panel on the left: the scenario that is run, its input, how it went, and the steps with their mocks.

use super::form::FormFields;
use super::outcome::Outcome;
use super::scenario_menu::ScenarioMenu;
use super::scenarios::recorded_runs;
use super::steps::Steps;
use super::walk::declared;
use crate::intake::input;
use crate::shell::{Menu, MenuOpen};
use crate::state::Page;
use crate::text::grouped;
use chaindebug_core::protocol::{Answer, Form, Request};
use leptos::{html, prelude::*, task::spawn_local};

/// The panel.
#[component]
pub(crate) fn ScenarioPanel() -> impl IntoView {
    let page = Page::get();
    let bench = page.workbench;
    let reached = Memo::new(move |_| {
        bench.graph.with(|graph| {
            let graph = graph.as_ref()?;
            let all = graph.nodes.iter().filter(|node| declared(node));
            let total = all.clone().count();
            let reached = all.filter(|node| node.visits.is_some_and(|visits| visits > 0)).count();
            Some(format!("{} of {}", grouped(reached as u64), grouped(total as u64)))
        })
    });
    view! {
        <div class="bench">
            <div class="bench-head">
                <h2>"Scenario"</h2>
                <ScenarioMenu/>
            </div>
            <div class="bench-body">
                <Removed/>
                <Input/>
                <Outcome/>
                <div class="bench-head bench-sub">
                    <h2>"Steps"</h2>
                    <Show when=move || reached.with(Option::is_some)>
                        <span class="chip">{move || reached.get()}<span class="long">" reached"</span></span>
                    </Show>
                    <FromRun/>
                </div>
                <Steps/>
            </div>
        </div>
    }
}

/// The scenario that was just removed, to be brought back.
#[component]
fn Removed() -> impl IntoView {
    let bench = Page::get().workbench;
    move || {
        bench.removed.get().map(|(_, scenario)| {
            view! {
                <p class="bench-removed" role="status">
                    {format!("\"{}\" was removed.", scenario.name)} " "
                    <button type="button" class="link" on:click=move |_| bench.bring_back()>"Bring it back"</button>
                </p>
            }
        })
    }
}

/// The input of the pipeline.
#[component]
fn Input() -> impl IntoView {
    let page = Page::get();
    let bench = page.workbench;
    let form = RwSignal::new(Form::default());
    Effect::new(move |_| {
        let Some(of) = bench.bench.get() else { return };
        spawn_local(async move {
            let answer = page.ask_of(of.group, Request::Form { pipeline: of.pipeline, step: None }).await;
            if bench.bench.get_untracked() == Some(of)
                && let Ok(Answer::Form(found)) = answer
                && form.try_get_untracked().is_some_and(|now| now != found)
            {
                let _ = form.try_set(found);
            }
        });
    });
    let value = Signal::derive(move || bench.scenario().map(|scenario| scenario.input).unwrap_or_default());
    let change = Callback::new(move |text: String| bench.edit(|scenario| scenario.input = text));
    view! {
        <section class="bench-input-form" aria-label="Input">
            <h3 class="bench-small-title" title=move || form.with(|form| form.note.clone())>"Input"</h3>
            <FormFields form=form value=value change=change prefix="input"/>
        </section>
    }
}

/// Takes input and mocks from a recorded run.
#[component]
fn FromRun() -> impl IntoView {
    let page = Page::get();
    let runs = Memo::new(move |_| recorded_runs(page));
    let picker = NodeRef::<html::Input>::new();
    view! {
        <Menu
            class="menu-from-run"
            label="From a run… Take its input and what its steps returned"
            button=ViewFn::from(|| view! { <span>"From a run…"</span> })
        >
            {
                let MenuOpen(open) = expect_context();
                let bench = page.workbench;
                view! {
                    <ul class="menu-list">
                        <For each=move || runs.get() key=Clone::clone let:one>
                            {
                                let name = one.1.clone();
                                view! {
                                    <li><button type="button" class="menu-item" on:click=move |_| { bench.mock_run(one.0, name.clone()); open.set(false); }>
                                        <span class="menu-name">{one.1.clone()}</span>
                                        <span class="menu-detail">"its input, and what its steps returned"</span>
                                    </button></li>
                                }
                            }
                        </For>
                    </ul>
                    <Show when=move || runs.with(Vec::is_empty)>
                        <p class="menu-note">"No run is open beside this pipeline yet: a log, a result, checkpoints or spans of it."</p>
                    </Show>
                    <button type="button" class="edged bench-small bench-pick" on:click=move |_| {
                        if let Some(field) = picker.get_untracked() {
                            field.click();
                        }
                        open.set(false);
                    }>"Open a run…"</button>
                }
            }
        </Menu>
        <input type="file" hidden aria-label="A recorded run" node_ref=picker on:change=move |_| {
            let Some(field) = picker.get_untracked() else { return };
            if let Some(file) = field.files().and_then(|files| files.get(0)) {
                page.workbench.mock_file(input(file, None));
            }
            // So that the same file can be picked again.
            field.set_value("");
        }/>
    }
}
