//! The corner with short messages, and with files that are read while another is shown.

use super::opening::OpeningCard;
use crate::install::UpdateNotice;
use crate::state::{Page, Stage, Tone};
use leptos::prelude::*;

/// The corner.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let page = Page::get();
    view! {
        <div class="notices" role="region" aria-label="Messages">
            <Show when=move || page.stage.get() != Stage::Opening>
                <For each=move || page.reading() key=|group| *group let:group>
                    <div class="notice"><OpeningCard group preview=false/></div>
                </For>
            </Show>
            <div class="notices-list" role="status">
                <UpdateNotice/>
                <For each=move || page.notices.get() key=|notice| notice.id let:notice>
                    <div class="notice" data-tone=format!("{:?}", notice.tone).to_lowercase()>
                        <p>
                            <span class="notice-word">{match notice.tone {
                                Tone::Info => "",
                                Tone::Warning => "▲ Note: ",
                                Tone::Error => "✗ Error: ",
                            }}</span>
                            {notice.text.clone()}
                        </p>
                        <button class="subtle" aria-label="Dismiss" on:click=move |_| page.dismiss(notice.id)>"×"</button>
                    </div>
                </For>
            </div>
        </div>
    }
}
