//! How the dry run went, what changed against the one before, and whether what the scenario expects came true.

use super::fields::JsonField;
use super::words::{ENDS, end, end_id, ended};
use crate::state::Page;
use crate::widgets::prose::Prose;
use chaindebug_core::protocol::{Expectation, Loader, Reader, RunEnd, Simulation};
use leptos::prelude::*;

/// The expectation that a dry run meets just now.
fn expectation_of(simulation: &Simulation) -> Expectation {
    Expectation {
        status: Some(simulation.status),
        entered: Some(simulation.entered.clone()),
        output: String::new(),
        error: simulation.error.as_ref().map(|error| error.type_name.clone()).unwrap_or_default(),
    }
}

/// How it went.
#[component]
pub(super) fn Outcome() -> impl IntoView {
    let bench = Page::get().workbench;
    let said = Memo::new(move |_| {
        bench
            .simulation
            .with(|one| one.as_ref().map(|one| (one.status, ended(one), one.summary.clone(), one.unmet.clone())))
    });
    let expects = Memo::new(move |_| bench.scenario().and_then(|scenario| scenario.expect).is_some());
    let unmet = move || {
        let unmet = said.get()?.3?;
        Some(if unmet.is_empty() {
            view! { <p class="bench-held" data-held="true"><b aria-hidden="true">"✓"</b>" as expected"</p> }.into_any()
        } else {
            let lines = unmet.into_iter().map(|line| view! { <li><Prose text=line/></li> }).collect_view();
            view! { <div class="bench-held" data-held="false"><b aria-hidden="true">"✗"</b><ul aria-label="Not as expected">{lines}</ul></div> }.into_any()
        })
    };
    view! {
        <div class="bench-outcome">
            {move || said.get().map(|(status, words, summary, _)| view! {
                <p class="bench-end" data-end=end_id(status) title=summary>
                    <b aria-hidden="true">{end(status).0}</b>
                    <span>{words}</span>
                </p>
            })}
            <Refused/>
            {unmet}
            <p class="bench-difference" role="status">{move || bench.difference.get()}</p>
            <details class="bench-more">
                <summary>{move || if expects.get() { "What is expected" } else { "Expect something" }}</summary>
                <Expected/>
            </details>
        </div>
    }
}

/// Why there is no dry run, and which loader would take the file.
#[component]
fn Refused() -> impl IntoView {
    let bench = Page::get().workbench;
    // What is shown was run on this one; another may have been chosen in the meantime.
    let ran = move || {
        bench.simulation.with(|one| one.as_ref().map(|one| one.target.loader)).unwrap_or(bench.target.get().loader)
    };
    let other = move || {
        let now = ran();
        let (other, reader, word) = match now {
            Loader::Raw => (Loader::Pydantic, Reader::Pydantic, "pydantic"),
            Loader::Pydantic => (Loader::Raw, Reader::Raw, "raw"),
        };
        let takes = bench.findings.with(|view| {
            view.as_ref().is_some_and(|view| view.readings.iter().any(|one| one.reader == reader && one.accepts))
        });
        takes.then_some((other, word))
    };
    let unloaded = move || {
        bench.simulation.with(|one| one.as_ref().is_some_and(|one| one.run.is_none() && one.status == RunEnd::Failed))
    };
    view! {
        {move || Some(bench.refused.get()).filter(|why| !why.is_empty()).map(|why| view! {
            <p class="bench-refused" role="alert"><span><b>"No dry run. "</b><Prose text=why/></span></p>
        })}
        <Show when=unloaded>
            <div class="bench-refused" role="alert">
                <p>{move || format!("The {} refuses this file with the error above, so nothing runs.", super::words::loader(ran()))}</p>
                {move || other().map(|(loader, word)| view! {
                    <button type="button" class="edged bench-small" on:click=move |_| bench.target.update(|target| target.loader = loader)>
                        {format!("Use the {word} loader: it takes the file")}
                    </button>
                })}
            </div>
        </Show>
    }
}

/// The expectation, edited in place.
#[component]
fn Expected() -> impl IntoView {
    let bench = Page::get().workbench;
    let expect = Memo::new(move |_| bench.scenario().and_then(|scenario| scenario.expect).unwrap_or_default());
    let change = move |change: &dyn Fn(&mut Expectation)| {
        bench.edit(|scenario| {
            let mut expect = scenario.expect.clone().unwrap_or_default();
            change(&mut expect);
            scenario.expect = (expect != Expectation::default()).then_some(expect);
        });
    };
    let as_now = move |_| {
        if let Some(simulation) = bench.simulation.get_untracked() {
            bench.edit(|scenario| scenario.expect = Some(expectation_of(&simulation)));
        }
    };
    let path = move || expect.with(|one| one.entered.as_ref().map(|steps| steps.join(" → ")));
    view! {
        <div class="bench-form">
            <div class="bench-field">
                <label class="bench-label" for="expect-end">"ends"</label>
                <select id="expect-end" class="bench-input" on:change:target=move |event| {
                    let id = event.target().value();
                    change(&move |expect| expect.status = ENDS.into_iter().find(|end| end_id(*end) == id));
                }>
                    <option value="" selected=move || expect.with(|one| one.status.is_none())>"anyhow"</option>
                    {ENDS.map(|each| view! {
                        <option value=end_id(each) selected=move || expect.with(|one| one.status == Some(each))>{end(each).1}</option>
                    }).collect_view()}
                </select>
            </div>
            <div class="bench-field">
                <label class="bench-label" for="expect-error">"error"</label>
                <input id="expect-error" class="bench-input mono" placeholder="any, or ValueError: message" autocomplete="off"
                    prop:value=move || expect.with(|one| one.error.clone())
                    on:input:target=move |event| { let text = event.target().value(); change(&move |expect| expect.error.clone_from(&text)); }/>
            </div>
            <div class="bench-field">
                <label class="bench-label" for="expect-output">"output has"</label>
                <JsonField label="Keys that the output must contain, as JSON" id="expect-output" optional=true least=1 placeholder="anything"
                    value=Signal::derive(move || expect.with(|one| one.output.clone()))
                    change=Callback::new(move |text: String| change(&move |expect| expect.output.clone_from(&text)))/>
            </div>
            {move || path().map(|path| view! {
                <p class="bench-hint">"enters " <code class="code">{path}</code> " "
                    <button type="button" class="link" on:click=move |_| change(&|expect| expect.entered = None)>"any path"</button>
                </p>
            })}
            <div class="bench-acts">
                <button type="button" class="edged bench-small" on:click=as_now title="Its end and its path become the expectation">"Expect what happens now"</button>
                <Show when=move || expect.with(|one| *one != Expectation::default())>
                    <button type="button" class="subtle bench-small" on:click=move |_| bench.edit(|scenario| scenario.expect = None)>"Expect nothing"</button>
                </Show>
            </div>
        </div>
    }
}
