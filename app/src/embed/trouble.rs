//! What stands in the middle of a frame while there is nothing to step through: why, in one sentence, and what helps.

use crate::engine::FailureKind;
use crate::shell::OpeningCard;
use crate::state::{Page, Stage, Tone};
use crate::widgets::prose::Prose;
use leptos::prelude::*;

/// The middle.
#[component]
pub(super) fn Trouble() -> impl IntoView {
    let page = Page::get();
    let crash = move || {
        let subject = page.subject.get()?;
        let failure = page.groups.with(|groups| groups.iter().find(|g| g.id == subject.group)?.trouble.clone())?;
        let text = match failure.kind {
            FailureKind::Memory => "The engine ran out of memory: this trace is too large for this browser.",
            _ => "The engine crashed, which is a fault of ChainDebug and not of the trace.",
        };
        let again = move |_| page.reopen(subject.group);
        Some(
            view! { <p role="alert">{text}</p> <button class="edged" title=failure.message on:click=again>"Open again"</button> },
        )
    };
    let waiting = move || {
        // What went wrong is said by a message; while none is there, something is on its way.
        let failed = page.notices.with(|notices| notices.iter().any(|notice| notice.tone == Tone::Error));
        (!failed).then(|| view! { <p class="late">"Opening…"</p> })
    };
    view! {
        <main class="embed-trouble">
            {move || match page.stage.get() {
                Stage::Opening => view! {
                    <For each=move || page.reading() key=|group| *group let:group><OpeningCard group preview=false/></For>
                }.into_any(),
                Stage::Crashed => crash().into_any(),
                Stage::NoSteps => view! { <p role="alert">"This run has no steps."</p> }.into_any(),
                Stage::Unreadable => {
                    let said = page.document.get().map(|document| (document.file.clone(), document.explanation.clone()));
                    said.map(|(file, said)| view! {
                        <p role="alert">"Nothing to debug was found in " <b>{file}</b> ". " <Prose text=said/></p>
                    }).into_any()
                }
                Stage::Changes => view! { <p>"The full page lays the two definitions on each other."</p> }.into_any(),
                _ => waiting().into_any(),
            }}
        </main>
    }
}
