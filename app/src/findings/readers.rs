//! How each of the three readers of IA Modules takes the file, side by side; a loader can be chosen to run with.

use crate::state::Page;
use crate::text::count;
use crate::widgets::prose::Prose;
use chaindebug_core::protocol::{Loader, Reader, Reading};
use leptos::prelude::*;

/// Name of a reader, and what reads with it.
fn name(reader: Reader) -> (&'static str, &'static str) {
    match reader {
        Reader::Validator => ("validator", "ia-modules validate"),
        Reader::Raw => ("raw loader", "create_pipeline_from_json"),
        Reader::Pydantic => ("pydantic loader", "GraphPipelineRunner"),
    }
}

fn loader(reader: Reader) -> Option<Loader> {
    match reader {
        Reader::Validator => None,
        Reader::Raw => Some(Loader::Raw),
        Reader::Pydantic => Some(Loader::Pydantic),
    }
}

/// Chooses a reader to run with; the validator runs nothing.
#[component]
fn Choose(loader: Loader) -> impl IntoView {
    let target = Page::get().workbench.target;
    let chosen = move || target.get().loader == loader;
    view! {
        {move || if chosen() {
            view! { <span class="chip">"runs with this"</span> }.into_any()
        } else {
            view! { <button class="small" on:click=move |_| target.update(|target| target.loader = loader)>"Run with this"</button> }.into_any()
        }}
    }
}

#[component]
fn One(reading: Reading) -> impl IntoView {
    let (sign, tone, said) = if reading.accepts { ("✓", "ok", "takes it") } else { ("✗", "error", "refuses it") };
    let sees = format!("sees {}, {}", count(u64::from(reading.steps), "step"), count(u64::from(reading.edges), "edge"));
    let notes = reading.notes.into_iter().map(|note| view! { <li><Prose text=note/></li> }).collect_view();
    let (name, with) = name(reading.reader);
    view! {
        <li class="reading">
            <p class="reading-head">
                <b>{name}</b>
                <span class="reading-verdict" data-tone=tone><span aria-hidden="true">{sign}</span>" "{said}</span>
            </p>
            <p class="reading-with"><code>{with}</code><span class="dim">{sees}</span></p>
            <p><Prose text=reading.summary/></p>
            <ul>{notes}</ul>
            {loader(reading.reader).map(|loader| view! { <p class="reading-choose"><Choose loader/></p> })}
        </li>
    }
}

/// The tab.
#[component]
pub(super) fn Readers() -> impl IntoView {
    let bench = Page::get().workbench;
    let body = move || {
        bench
            .findings
            .get()
            .map(|view| view.readings.iter().map(|reading| view! { <One reading=reading.clone()/> }).collect_view())
    };
    view! {
        <div class="said-scroll" tabindex="0" role="group" aria-label="How each reader takes the file">
            <p class="said-head dim">"Three parts of IA Modules read a pipeline, and they do not agree. The chart of the definition can be drawn as each of them reads it."</p>
            <ul class="readings">{body}</ul>
        </div>
    }
}
