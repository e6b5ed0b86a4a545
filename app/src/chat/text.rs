//! The text of a piece of a message: short ones stand whole, long ones are folded, and what was left out on the way
//! is asked for when somebody wants it.

use crate::inspector::{Lines, Opened, Wanted, markdown, open};
use crate::state::Page;
use crate::widgets::fold::{Fold, cut_at, first_line};
use crate::widgets::format::bytes;
use chaindebug_core::protocol::{Part, ValueInfo};
use leptos::prelude::*;

/// What the text is to the conversation, which decides how much of it shows at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ContentKind {
    /// What somebody says.
    Text,
    /// A system prompt: one line until somebody wants it.
    Instructions,
    /// What the model thought.
    Reasoning,
    /// Arguments, results and everything else: shown as it stands, never as Markdown.
    Plain,
    /// A piece of a kind the page does not know.
    Other,
}

/// A text, folded as its kind and length ask for.
#[component]
pub(super) fn Content(
    /// The text, or its beginning.
    text: String,
    /// Bytes left out.
    cut: u64,
    /// Opens the whole.
    part: Part,
    /// What it is.
    kind: ContentKind,
) -> impl IntoView {
    let size = bytes(text.len() as u64 + cut);
    let short = cut == 0 && cut_at(&text).is_none();
    let label = match kind {
        ContentKind::Reasoning => "Reasoning",
        ContentKind::Other => "Other",
        _ => "",
    };
    let one_line = kind == ContentKind::Instructions && text.len() < 320 && !text.trim().contains('\n');
    let folded = match kind {
        ContentKind::Reasoning | ContentKind::Other => true,
        ContentKind::Instructions => !one_line,
        ContentKind::Text | ContentKind::Plain => false,
    };
    if folded {
        let glimpse = first_line(&text);
        let text = StoredValue::new(text);
        let part = StoredValue::new(part);
        return view! {
            <Fold label=label glimpse=glimpse size=size>
                <Whole text=text.get_value() cut=cut part=part.get_value() kind=kind />
            </Fold>
        }
        .into_any();
    }
    if short {
        return shown(&text, kind);
    }
    let open = RwSignal::new(false);
    let at = cut_at(&text).unwrap_or(text.len());
    let left = bytes((text.len() - at) as u64 + cut);
    let head = StoredValue::new(text.get(..at).unwrap_or_default().to_owned());
    let text = StoredValue::new(text);
    let part = StoredValue::new(part);
    let body = move || {
        if open.get() {
            view! { <Whole text=text.get_value() cut=cut part=part.get_value() kind=kind /> }.into_any()
        } else {
            head.with_value(|head| shown(head, kind))
        }
    };
    view! {
        {body}
        <p class="more">
            <button type="button" class="link" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|o| *o = !*o)>
                {move || if open.get() { "show less".to_owned() } else { format!("… show {left} more") }}
            </button>
        </p>
    }
    .into_any()
}

fn shown(text: &str, kind: ContentKind) -> AnyView {
    match kind {
        ContentKind::Text | ContentKind::Instructions | ContentKind::Reasoning => markdown(text),
        ContentKind::Plain | ContentKind::Other => {
            let text = text.to_owned();
            view! { <pre class="plain">{text}</pre> }.into_any()
        }
    }
}

/// The whole text: at once when it is here, else opened in the engine.
#[component]
fn Whole(text: String, cut: u64, part: Part, kind: ContentKind) -> impl IntoView {
    if cut == 0 {
        return shown(&text, kind);
    }
    let page = Page::get();
    let opened = open(page, Signal::derive(move || Some(Wanted::Part(part.clone()))), Signal::derive(|| true));
    let view = move || match opened.get() {
        Opened::Ready(ValueInfo { text: Some(text), .. }) => shown(&text, kind),
        Opened::Ready(info) => {
            let wrap = info.rows <= 500;
            view! { <Lines info=info label="Text of the message" wrap=Signal::derive(move || wrap) /> }.into_any()
        }
        Opened::Refused(message) => view! { <p class="notice">{message}</p> }.into_any(),
        Opened::Opening => shown(&text, kind),
    };
    view.into_any()
}
