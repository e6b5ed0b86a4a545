//! One message: who speaks in the left column, what is said in the right.

use super::outcome::{Call, Orphan};
use super::text::{Content, ContentKind};
use crate::inspector::inline_picture;
use crate::state::Page;
use crate::text::bare_name;
use crate::widgets::format::bytes;
use crate::widgets::marks::role_word;
use chaindebug_core::model::Role;
use chaindebug_core::protocol::{ChatMessage, ChatPart};
use leptos::prelude::*;

/// A message.
#[component]
pub(super) fn Message(
    /// The message.
    message: ChatMessage,
    /// The cursor's moment: what is known only later is pale.
    moment: Memo<u32>,
) -> impl IntoView {
    let page = Page::get();
    let at = message.moment;
    let to_come = Memo::new(move |_| at > moment.get());
    let step = message.step;
    let word = role_word(&message.role).to_owned();
    let role = match &message.role {
        Role::Other(_) => "other".to_owned(),
        known => role_word(known).to_owned(),
    };
    let name = (!message.name.is_empty() && message.name != word).then(|| {
        view! { <span class="speaker" title=message.name.clone()>{message.name.clone()}</span> }
    });
    let fold_all = message.role == Role::System;
    let finish = (!message.finish_reason.is_empty() && message.finish_reason != "stop").then(|| {
        view! { <p class="finish">{format!("stopped: {}", message.finish_reason)}</p> }
    });
    let parts = message.parts.into_iter().map(|part| piece(part, fold_all)).collect_view();
    let chip_title = format!("Move the cursor to this step: {}", message.step_name);
    let step_name = bare_name(&message.step_name).to_owned();
    let go = move |_| page.select_step(step);
    view! {
        <li class="message" class:to-come=move || to_come.get() data-role=role>
            <div class="who">
                <span class="who-line">
                    <span class="who-index">{message.index.saturating_add(1)}</span>
                    <b>{word}</b>
                </span>
                {name}
                <button type="button" class="step-chip" title=chip_title on:click=go>
                    {step_name}
                </button>
                <Show when=move || to_come.get()><span class="spoken">"not yet at the cursor"</span></Show>
            </div>
            <div class="said">{parts} {finish}</div>
        </li>
    }
}

fn piece(part: ChatPart, fold_all: bool) -> AnyView {
    match part {
        ChatPart::Text { text, cut, part } => {
            let kind = if fold_all { ContentKind::Instructions } else { ContentKind::Text };
            view! { <Content text=text cut=cut part=part kind=kind /> }.into_any()
        }
        ChatPart::Reasoning { text, cut, part } => {
            view! { <Content text=text cut=cut part=part kind=ContentKind::Reasoning /> }.into_any()
        }
        ChatPart::Other { text, cut, part } => {
            view! { <Content text=text cut=cut part=part kind=ContentKind::Other /> }.into_any()
        }
        ChatPart::ToolCall { id, name, arguments, cut, part, result } => {
            view! { <Call id=id name=name arguments=arguments cut=cut part=part result=result /> }.into_any()
        }
        ChatPart::ToolResult { id, name, outcome } => view! { <Orphan id=id name=name outcome=outcome /> }.into_any(),
        ChatPart::Image { url, inline } => image(url, inline),
    }
}

fn image(url: String, inline: bool) -> AnyView {
    if inline && inline_picture(&url) {
        let size = bytes(url.len() as u64);
        return view! { <img class="picture" src=url alt=format!("picture in the message, {size}") /> }.into_any();
    }
    let shown: String = url.chars().take(160).collect();
    let what = if inline { "picture of a kind that is not drawn: " } else { "picture, not loaded: " };
    view! { <p class="m-picture">{what} <code>{shown}</code></p> }.into_any()
}
