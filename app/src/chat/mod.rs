//! The conversation of a run: who said what, each tool call with its result, in the order of the run.
//!
//! Messages are asked for in windows as one scrolls down. They have no fixed height, so this is a plain growing
//! column and not a virtual list; long texts are folded, which keeps it short.

mod message;
mod outcome;
mod text;

use crate::engine::Newest;
use crate::state::{Action, Page};
use crate::widgets::format::things;
use chaindebug_core::protocol::{Answer, ChatMessage, Request};
use leptos::{html, prelude::*};
use message::Message;

/// Messages asked for at once.
const WINDOW: u32 = 40;

/// Pixels before the end at which the next window is asked for.
const AHEAD: i32 = 1_200;

/// The chat view.
#[component]
pub(crate) fn ChatView() -> impl IntoView {
    let page = Page::get();
    let messages = RwSignal::new(Vec::<ChatMessage>::new());
    let total = RwSignal::new(None::<u32>);
    let trouble = RwSignal::new(String::new());
    let asking = StoredValue::new(false);
    let newest = Newest::new();
    let scroller = NodeRef::<html::Div>::new();

    let more = move || {
        let have = messages.with_untracked(Vec::len);
        let from = u32::try_from(have).unwrap_or(u32::MAX);
        let done = total.get_untracked().is_some_and(|total| from >= total);
        let Some(subject) = page.subject.get_untracked() else { return };
        let Some(run) = subject.run() else { return };
        if done || asking.get_value() {
            return;
        }
        asking.set_value(true);
        let turn = newest.begin();
        leptos::task::spawn_local(async move {
            let request = Request::Chat { run, step: None, from, count: WINDOW };
            let answer = page.ask_of(subject.group, request).await;
            if !newest.is(turn) {
                return;
            }
            asking.set_value(false);
            match answer {
                Ok(Answer::Chat { total: all, messages: new }) => {
                    // An empty window before the end would be asked for over and over.
                    let all = if new.is_empty() { from } else { all };
                    messages.update(|m| m.extend(new));
                    total.set(Some(all));
                }
                Ok(_) => {}
                Err(failure) => trouble.set(failure.to_string()),
            }
        });
    };
    Effect::new(move |_| {
        page.subject.track();
        newest.begin();
        asking.set_value(false);
        messages.update(Vec::clear);
        total.set(None);
        trouble.update(String::clear);
        more();
    });
    let near_end = move || {
        scroller.get_untracked().is_some_and(|s| s.scroll_height() - s.scroll_top() - s.client_height() < AHEAD)
    };
    // What has arrived may not fill the panel yet.
    Effect::new(move |_| {
        messages.track();
        if total.get().is_some() {
            request_animation_frame(move || {
                if messages.try_get_untracked().is_some() && near_end() {
                    more();
                }
            });
        }
    });

    let moment = Memo::new(move |_| page.cursor.with(|c| c.as_ref().map_or(u32::MAX, |c| c.moment)));
    page.handle_actions(move |action| match action {
        Action::Fit => {
            show_cursor(scroller);
            true
        }
        _ => false,
    });
    let known = move || {
        let now = moment.get();
        messages.with(|m| m.iter().filter(|message| message.moment <= now).count())
    };
    let count = move || {
        total.get().map(|total| {
            let to_come = messages.with(Vec::len).saturating_sub(known());
            let dimmed = if to_come > 0 { " · pale: not yet at the cursor" } else { "" };
            format!("{}{dimmed}", things(u64::from(total), "message"))
        })
    };
    let empty = move || total.get() == Some(0);
    view! {
        <div class="chat" node_ref=scroller tabindex="0" role="region" aria-label="Conversation" on:scroll=move |_| if near_end() { more() }>
            <Show when=move || !trouble.with(String::is_empty)>
                <p class="notice" role="alert">{move || trouble.get()}</p>
            </Show>
            <Show
                when=move || !empty()
                fallback=|| view! { <p class="nothing">"No messages in this run. Steps that call a model show their input and output in the inspector."</p> }
            >
                <p class="chat-count" role="status">{count}</p>
                <ol class="messages">
                    <For
                        each=move || messages.get()
                        key=|m| m.index
                        children=move |m| view! { <Message message=m moment=moment /> }
                    />
                </ol>
                <Show when=move || total.get().is_some_and(|t| messages.with(Vec::len) < t as usize)>
                    <button type="button" class="link chat-more" on:click=move |_| more()>"show more messages"</button>
                </Show>
            </Show>
        </div>
    }
}

/// Scrolls to the last message known at the cursor.
fn show_cursor(scroller: NodeRef<html::Div>) {
    let Some(list) = scroller.get_untracked() else { return };
    let list: &web_sys::Element = &list;
    let Ok(known) = list.query_selector_all(".message:not(.to-come)") else { return };
    let last = known.item(known.length().saturating_sub(1));
    if let Some(last) = last.and_then(|last| wasm_bindgen::JsCast::dyn_into::<web_sys::Element>(last).ok()) {
        last.scroll_into_view_with_bool(false);
    }
}
