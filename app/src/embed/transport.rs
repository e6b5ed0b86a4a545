//! The cursor in a frame: back, forward, the errors, the scrubber, where one stands.

use crate::state::Page;
use crate::text::count as things;
use crate::transport::Scrubber;
use crate::widgets::format::count;
use crate::widgets::walk::{Walk, walk_button};
use chaindebug_core::protocol::Command;
use leptos::prelude::*;

/// The bar; nothing without a run.
#[component]
pub(super) fn Transport() -> impl IntoView {
    let page = Page::get();
    let walks = Memo::new(move |_| page.cursor.with(|c| c.as_ref().is_some_and(|c| c.moments > 0)));
    let ends = Memo::new(move |_| page.cursor.with(|c| c.as_ref().map(|c| (c.moment == 0, c.moment + 1 >= c.moments))));
    let first = Signal::derive(move || ends.get().is_none_or(|ends| ends.0));
    let last = Signal::derive(move || ends.get().is_none_or(|ends| ends.1));
    let errors = Memo::new(move |_| page.cursor.with(|cursor| cursor.as_ref().map_or((0, 0), |c| c.errors)));
    let all = move || match errors.get().0 {
        0 => "no errors".to_owned(),
        n => things(u64::from(n), "error"),
    };
    // After the last it begins again: a frame has no key to spare for the way back.
    let next = move |_| {
        let (all, passed) = errors.get_untracked();
        match all {
            0 => {}
            _ if passed < all => page.command(Command::NextError),
            _ => {
                page.command(Command::First);
                page.command(Command::NextError);
            }
        }
    };
    let place = move || {
        page.cursor.with(|cursor| {
            let (at, of) = cursor.as_ref().map_or((0, 0), |c| (c.moment, c.moments));
            format!("{} / {}", count(u64::from(at) + 1), count(u64::from(of)))
        })
    };
    let room = move || page.cursor.with(|c| c.as_ref().map_or(0, |c| count(u64::from(c.moments)).len()));
    view! {
        <Show when=move || walks.get()>
            <section class="panel-transport" aria-label="Cursor">
                <div class="transport embed-transport" role="group" aria-label="Move the cursor">
                    <div class="group walk">
                        {walk_button(Walk::Back, "Back one moment (b)", "b", first, "", move || page.command(Command::Back))}
                        {walk_button(Walk::Forward, "Forward one moment (n)", "n", last, "main", move || page.command(Command::Forward))}
                    </div>
                    <div class="group errors">
                        <button type="button" title="Next error (e)" aria-disabled=move || (errors.get().0 == 0).to_string() on:click=next>
                            <span class="embed-error" aria-hidden="true">{move || if errors.get().0 > 0 { "✗" } else { "" }}</span>
                            <span class="embed-errors">{all}</span>
                            <kbd>"e"</kbd>
                        </button>
                    </div>
                    <Scrubber page=page/>
                    <span class="where" style:min-width=move || format!("{}ch", 3 + 2 * room())>{place}</span>
                </div>
                <p class="spoken" role="status">
                    {move || page.cursor.with(|cursor| cursor.as_ref().map(|cursor| cursor.spoken.clone()))}
                </p>
            </section>
        </Show>
    }
}
