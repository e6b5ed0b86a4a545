//! A file being read: how far it is, what was found so far, and cancelling.

use crate::state::{Opening, Page};
use crate::text::{bytes, count};
use crate::widgets::format::duration;
use chaindebug_core::model::Status;
use leptos::prelude::*;

/// One opening, followed by its group.
#[component]
pub(crate) fn OpeningCard(
    /// Which.
    group: u32,
    /// Whether to list the first steps.
    preview: bool,
) -> impl IntoView {
    let page = Page::get();
    let with = move |read: &dyn Fn(&Opening) -> String| {
        page.openings.with(|openings| openings.iter().find(|o| o.group == group).map(read).unwrap_or_default())
    };
    let share = Memo::new(move |_| {
        page.openings.with(|openings| {
            let progress = openings.iter().find(|o| o.group == group)?.progress.as_ref()?;
            // A bar of 100 steps needs no exactness.
            #[allow(clippy::cast_precision_loss)]
            Some(if progress.bytes == 0 { 1.0 } else { progress.read as f64 / progress.bytes as f64 })
        })
    });
    let name = move || with(&|opening| opening.name.clone());
    let which = move || {
        with(&|opening| match opening.position {
            (_, 1) => String::new(),
            (at, all) => format!("file {at} of {all}"),
        })
    };
    let facts = move || {
        with(&|opening| match &opening.progress {
            None => "Starting the engine…".to_owned(),
            Some(progress) => {
                let mut text = format!("{} of {}", bytes(progress.read), bytes(progress.bytes));
                if progress.steps > 0 {
                    text.push_str(&format!(" · {} so far", count(progress.steps, "step")));
                }
                if !progress.label.is_empty() {
                    text.push_str(&format!(" · read as {}", progress.label));
                }
                text
            }
        })
    };
    let first = Memo::new(move |_| {
        page.openings.with(|openings| {
            let found = openings.iter().find(|o| o.group == group).and_then(|o| o.progress.as_ref());
            found.map(|progress| progress.first.clone()).unwrap_or_default()
        })
    });
    view! {
        <div class="opening" role="group" aria-label="Reading a file">
            <p class="opening-name"><b>"Reading "{name}</b> <span class="dim">{which}</span></p>
            <progress
                class="opening-bar"
                max="1"
                aria-label="Share read"
                prop:value=move || share.get().unwrap_or(0.0)
            ></progress>
            <p class="opening-facts">{facts}</p>
            <Show when=move || preview && first.with(|first| !first.is_empty())>
                <ol class="opening-first" aria-label="First steps found">
                    {move || first.get().into_iter().take(8).map(|step| view! {
                        <li>
                            <span class="kind" title=step.kind.name()>{step.kind.tag()}</span>
                            <span class="opening-step">{step.name}</span>
                            <span class="dim">{(step.status != Status::Unset).then(|| step.status.name())}</span>
                            <span class="opening-took">{step.duration.map(duration)}</span>
                        </li>
                    }).collect_view()}
                </ol>
            </Show>
            <button class="edged" on:click=move |_| page.cancel_opening(group)>"Cancel"</button>
        </div>
    }
}

/// The page while the first file is read.
#[component]
pub(super) fn OpeningPage() -> impl IntoView {
    let page = Page::get();
    view! {
        <main class="plain-page">
            <h1 class="spoken">"Opening"</h1>
            <For each=move || page.reading() key=|group| *group let:group>
                <div class="sheet"><OpeningCard group preview=true/></div>
            </For>
        </main>
    }
}
