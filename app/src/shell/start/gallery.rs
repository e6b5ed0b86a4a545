//! The cards of the sample gallery.

use super::sketch::Sketch;
use crate::learn::{Learn, TOUR};
use crate::samples::Sample;
use crate::state::{Gallery, Landing, Page};
use leptos::prelude::*;

#[component]
fn Card(sample: Sample) -> impl IntoView {
    let page = Page::get();
    let id = sample.id.clone();
    let facts = match sample.steps() {
        Some(steps) => format!("{} · {steps}", sample.format),
        None => sample.format.clone(),
    };
    view! {
        <li>
            <button class="sample" on:click=move |_| page.open_sample(&id, Landing::default())>
                <Sketch name=sample.sketch/>
                <span class="sample-text">
                    <b>{sample.title}</b>
                    <span class="sample-story">{sample.story}</span>
                    <span class="sample-facts">
                        <span>{facts}</span>
                        {sample.badge.map(|badge| view! {
                            <span class="sample-badge" data-tone=badge.tone>{format!("{} {}", badge.mark, badge.text)}</span>
                        })}
                    </span>
                </span>
            </button>
        </li>
    }
}

/// The gallery.
#[component]
pub(super) fn GalleryCards() -> impl IntoView {
    let page = Page::get();
    let learn = Learn::get();
    let nothing = |words: String| view! { <p class="nothing">{words}</p> }.into_any();
    let cards = move || match page.gallery.get() {
        Gallery::Loading => nothing("The samples are being listed…".to_owned()),
        Gallery::Missing(error) => {
            nothing(format!("The samples could not be listed: {error}. Your own files open all the same."))
        }
        Gallery::Ready(samples) => {
            let cards = samples.into_iter().map(|sample| view! { <Card sample/> }).collect_view();
            view! { <ul class="samples">{cards}</ul> }.into_any()
        }
    };
    view! {
        <section class="gallery" aria-labelledby="gallery">
            <div class="gallery-head">
                <h2 id="gallery">"Or start with a sample"</h2>
                <span class="dim">"each takes about a minute"</span>
                <Show when=Learn::offered>
                    <button class="edged push" on:click=move |_| learn.start(TOUR)>{move || learn.offer(TOUR)}</button>
                </Show>
            </div>
            {cards}
        </section>
    }
}
