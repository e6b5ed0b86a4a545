//! The menu of scenarios: choosing one, making and removing them, and their file.

use super::words::end;
use crate::shell::{Menu, MenuOpen};
use crate::state::Page;
use leptos::{html, prelude::*};
use wasm_bindgen_futures::JsFuture;

/// The menu, and the field behind "Open file…".
#[component]
pub(super) fn ScenarioMenu() -> impl IntoView {
    let bench = Page::get().workbench;
    let picker = NodeRef::<html::Input>::new();
    let name = Memo::new(move |_| bench.scenario().map(|scenario| scenario.name).unwrap_or_default());
    let picked = move |_| {
        let Some(field) = picker.get_untracked() else { return };
        if let Some(file) = field.files().and_then(|files| files.get(0)) {
            leptos::task::spawn_local(async move {
                if let Some(text) = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()) {
                    bench.attach(file.name(), text, true);
                }
            });
        }
        // So that the same file can be picked again.
        field.set_value("");
    };
    view! {
        <Menu
            class="menu-scenario"
            label=Signal::derive(move || format!("Scenario: {}", name.get()))
            button=ViewFn::from(move || view! { <span class="menu-title">{move || name.get()}</span> })
        >
            <Panel picker/>
        </Menu>
        <input type="file" accept=".json,application/json" hidden aria-label="File of scenarios" node_ref=picker on:change=picked/>
    }
}

#[component]
fn Panel(picker: NodeRef<html::Input>) -> impl IntoView {
    let bench = Page::get().workbench;
    let MenuOpen(open) = expect_context();
    let names = move || {
        bench.file.with(|file| file.scenarios.iter().map(|one| one.name.clone()).enumerate().collect::<Vec<_>>())
    };
    let went = move |at: usize| {
        bench.coverage.with(|coverage| {
            let one = coverage.as_ref()?.scenarios.get(at)?;
            let expects = bench.file.with(|file| file.scenarios.get(at).is_some_and(|one| one.expect.is_some()));
            Some(match (expects, one.passed) {
                (true, true) => format!("✓ as expected: {}", end(one.status).1),
                (true, false) => format!("✗ not as expected: {}", end(one.status).1),
                (false, _) => format!("{} {}", end(one.status).0, end(one.status).1),
            })
        })
    };
    let name = Memo::new(move |_| bench.scenario().map(|scenario| scenario.name).unwrap_or_default());
    let act = move |word: &'static str, does: fn(super::Workbench)| {
        view! { <button type="button" class="subtle" on:click=move |_| { does(bench); open.set(false); }>{word}</button> }
    };
    view! {
        <ul class="menu-list">
            <For each=names key=Clone::clone let:one>
                <li class="menu-line">
                    <button
                        type="button"
                        class="menu-item"
                        aria-current=move || (bench.chosen.get() == one.0).then_some("true")
                        on:click=move |_| { bench.choose(one.0); open.set(false); }
                    >
                        <span class="menu-name">{one.1.clone()}</span>
                        <span class="menu-detail">{move || went(one.0)}</span>
                    </button>
                </li>
            </For>
        </ul>
        <div class="menu-actions bench-rename">
            <label for="scenario-name">"Name"</label>
            <input id="scenario-name" class="field" autocomplete="off" prop:value=move || name.get()
                on:change:target=move |event| {
                    let wanted = event.target().value();
                    let wanted = wanted.trim().to_owned();
                    if !wanted.is_empty() {
                        bench.edit(|scenario| scenario.name = wanted);
                    }
                }/>
        </div>
        <div class="menu-actions bench-menu-acts">
            {act("New", super::Workbench::add_empty)}
            {act("Duplicate", super::Workbench::duplicate)}
            {act("Remove", super::Workbench::remove)}
        </div>
        <div class="menu-actions bench-menu-acts">
            <button type="button" class="subtle" on:click=move |_| {
                if let Some(field) = picker.get_untracked() {
                    field.click();
                }
                open.set(false);
            }>"Open file…"</button>
            {act("Save file", super::Workbench::save)}
        </div>
        <p class="menu-note">
            {move || {
                let name = bench.file_name.get();
                match (name.is_empty(), bench.unsaved.get()) {
                    (true, _) => "Kept in this browser, not in a file yet.".to_owned(),
                    (false, true) => format!("Changed since {name}; the changes are kept in this browser."),
                    (false, false) => format!("As in {name}."),
                }
            }}
        </p>
    }
}
