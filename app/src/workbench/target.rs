//! What the pipeline is meant to run on: engine and loader, in the bar at the top.

use super::words::{engine, loader};
use crate::state::Page;
use chaindebug_core::protocol::{EngineId, Loader};
use leptos::prelude::*;

/// The switch of the engine and the menu of its loaders.
#[component]
pub(crate) fn TargetChoice() -> impl IntoView {
    let page = Page::get();
    let bench = page.workbench;
    let engines =
        Memo::new(move |_| page.pipeline.with(|one| one.as_ref().map(|one| one.engines.clone()).unwrap_or_default()));
    let one = move |id: EngineId| {
        view! {
            <label class="seg-item">
                <input
                    type="radio"
                    name="engine"
                    prop:checked=move || bench.target.get().engine == id
                    on:change=move |_| bench.target.update(|target| target.engine = id)
                />
                <span>{engine(id)}</span>
            </label>
        }
    };
    view! {
        <div class="bench-target">
            <span class="bench-target-word" aria-hidden="true">"ia-modules"</span>
            <div class="seg" role="radiogroup" aria-label="Version of IA Modules">
                <For each=move || engines.get() key=|id| *id children=one/>
            </div>
            <select
                class="bench-select"
                aria-label="Loader that reads the file"
                title="create_pipeline_from_json takes the JSON as it is; GraphPipelineRunner reads it through PipelineConfig"
                on:change:target=move |event| {
                    let wanted = if event.target().value() == "pydantic" { Loader::Pydantic } else { Loader::Raw };
                    bench.target.update(|target| target.loader = wanted);
                }
            >
                <option value="raw" selected=move || bench.target.get().loader == Loader::Raw>{loader(Loader::Raw)}</option>
                <option value="pydantic" selected=move || bench.target.get().loader == Loader::Pydantic>{loader(Loader::Pydantic)}</option>
            </select>
        </div>
    }
}
