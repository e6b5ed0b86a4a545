//! One value in the inspector: its bar (shape, size, path, copying), and below it the tree, the text or the Markdown.

use super::lines::Lines;
use super::markdown::markdown;
use super::opened::{Opened, Wanted, open, text_of};
use super::reader::Reader;
use super::shape::{Choices, Shape};
use super::tree::{ValueTree, split_path};
use crate::state::Page;
use crate::widgets::copy::{CopyButton, DownloadButton, LateText, file_name, now};
use crate::widgets::format::{bytes, count};
use crate::widgets::icons::{Icon, icon};
use crate::widgets::prose::Prose;
use chaindebug_core::protocol::{Part, ValueInfo, ValueRow, ValueShape};
use leptos::{html, prelude::*};

/// Lines up to which a text wraps unless somebody chose otherwise.
const WRAPPED: u32 = 3_000;

/// Pixels of the bar that sticks above the value while it scrolls.
const BAR: f64 = 34.0;

/// Markdown of more bytes than this is shown as text: drawing it would hold the page up.
const LONGEST_MARKDOWN: u64 = 512 * 1024;

/// Where in a value to go: a path of its tree, or a line of its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Spot {
    /// JSON path, else empty.
    pub(crate) path: String,
    /// Line from 1, else 0.
    pub(crate) line: u64,
}

/// A value and what can be done with it.
#[component]
pub(crate) fn ValuePane(
    /// What to show.
    #[prop(into)]
    part: Signal<Option<Part>>,
    /// What it is called: the tab's label.
    #[prop(into)]
    label: Signal<String>,
    /// Name of the step, for a download's name.
    #[prop(into)]
    of: Signal<String>,
    /// What scrolls.
    scroller: NodeRef<html::Div>,
    /// Shapes chosen so far.
    choices: Choices,
    /// Where to go in it.
    #[prop(into)]
    spot: Signal<Option<Spot>>,
) -> impl IntoView {
    let page = Page::get();
    let chosen = Memo::new(move |_| choices.shape(&label.get()));
    let as_text = Memo::new(move |_| matches!(chosen.get(), Some(Shape::Text | Shape::Markdown)));
    let wanted = Signal::derive(move || part.get().map(Wanted::Part));
    let opened = open(page, wanted, as_text.into());
    let focused = RwSignal::new(None::<ValueRow>);
    let reading = RwSignal::new(None::<ValueRow>);
    let handle = Memo::new(move |_| opened.with(|o| o.info().map(|i| i.value)));
    let info = move || opened.with(|o| o.info().cloned());
    let shape = Memo::new(move |_| {
        let info = info()?;
        Some(match (info.shape, chosen.get()) {
            (ValueShape::Json, _) => Shape::Tree,
            (ValueShape::Text, Some(Shape::Text)) => Shape::Text,
            (ValueShape::Text, Some(Shape::Markdown)) if info.bytes <= LONGEST_MARKDOWN => Shape::Markdown,
            (ValueShape::Text, None) if info.markdown && info.bytes <= LONGEST_MARKDOWN => Shape::Markdown,
            (ValueShape::Text, _) => Shape::Text,
        })
    });
    let wrap = Signal::derive(move || choices.wrap.get().unwrap_or_else(|| info().is_none_or(|i| i.rows <= WRAPPED)));
    let goto_path = Signal::derive(move || spot.get().map(|s| s.path).filter(|p| !p.is_empty()));
    let goto_line = Signal::derive(move || spot.get().map(|s| s.line).filter(|&l| l > 0));

    let noted = Callback::new(move |new: ValueInfo| {
        let same = opened.with_untracked(|o| o.info().is_some_and(|i| i.value == new.value));
        if same {
            opened.set(Opened::Ready(ValueInfo { text: info_text(opened), ..new }));
        }
    });
    let body = move || {
        focused.set(None);
        reading.set(None);
        handle.get()?;
        let shape = shape.get()?;
        let info = opened.with_untracked(|o| o.info().cloned())?;
        Some(match shape {
            Shape::Tree => view! {
                <ValueTree
                    info=info
                    label=label
                    scroller=scroller
                    sticky=BAR
                    focused=focused
                    read=Callback::new(move |row| reading.set(Some(row)))
                    noted=noted
                    goto=goto_path
                />
            }
            .into_any(),
            Shape::Text => view! {
                <Lines info=info label=label wrap=wrap scroller=scroller sticky=BAR goto=goto_line />
            }
            .into_any(),
            Shape::Markdown => view! { <WholeMarkdown info=info /> }.into_any(),
        })
    };
    let refused = move || match opened.get() {
        Opened::Refused(message) => Some(view! { <p class="notice" role="alert">{message}</p> }),
        Opened::Opening | Opened::Ready(_) => None,
    };
    let note =
        move || info().filter(|i| !i.note.is_empty()).map(|i| view! { <p class="value-note"><Prose text=i.note/></p> });
    view! {
        <div class="value">
            <Show when=move || handle.get().is_some()>
                <Bar info=Signal::derive(info) shape=shape label=label of=of choices=choices wrap=wrap />
            </Show>
            {refused}
            {note}
            {body}
            <Show when=move || shape.get() == Some(Shape::Tree) && focused.with(Option::is_some)>
                <PathBar focused=focused value=handle />
            </Show>
            {move || {
                let row = reading.get()?;
                let value = handle.get()?;
                let close = Callback::new(move |()| reading.set(None));
                // The line of a place to go to is counted within the string at its path.
                let path = row.path.clone();
                let line = Signal::derive(move || {
                    spot.get().filter(|s| s.path == path && s.line > 0).map(|s| s.line)
                });
                Some(view! { <Reader value=value row=row close=close of=of line=line /> })
            }}
        </div>
    }
}

/// The short text that came with opening; a toggle's answer need not repeat it.
fn info_text(opened: RwSignal<Opened>) -> Option<String> {
    opened.with_untracked(|o| o.info().and_then(|i| i.text.clone()))
}

/// Whether a value is so short that there is nothing to choose about it.
fn slight(info: &ValueInfo) -> bool {
    info.rows <= 1 && info.bytes <= 60 && info.shape == ValueShape::Text
}

/// How many bytes, and how many lines where it has lines.
fn size(info: &ValueInfo) -> String {
    match info.shape {
        ValueShape::Json => bytes(info.bytes),
        ValueShape::Text if info.rows > 1 => format!("{} · {} lines", bytes(info.bytes), count(u64::from(info.rows))),
        ValueShape::Text => bytes(info.bytes),
    }
}

#[component]
fn Bar(
    info: Signal<Option<ValueInfo>>,
    shape: Memo<Option<Shape>>,
    label: Signal<String>,
    of: Signal<String>,
    choices: Choices,
    wrap: Signal<bool>,
) -> impl IntoView {
    let page = Page::get();
    let shapes = Memo::new(move |_| match info.get() {
        // A number or a word looks the same in every shape.
        Some(info) if slight(&info) => vec![],
        Some(info) if info.json => vec![Shape::Tree, Shape::Text],
        Some(info) if info.bytes <= LONGEST_MARKDOWN => vec![Shape::Text, Shape::Markdown],
        _ => vec![],
    });
    let text = Callback::new(move |()| -> LateText {
        let info = info.get_untracked();
        Box::pin(async move {
            let info = info?;
            text_of(page, info.value, None).await
        })
    });
    let name = Signal::derive(move || file_name(&of.get(), &label.get(), info.get().is_some_and(|i| i.json)));
    let buttons = move || {
        let one = |this: Shape| {
            let on = move || shape.get() == Some(this);
            let choose = move |_| choices.choose(&label.get_untracked(), this);
            view! {
                <button type="button" aria-pressed=move || on().to_string() on:click=choose>
                    {this.word()}
                </button>
            }
        };
        shapes.get().into_iter().map(one).collect_view()
    };
    view! {
        <div class="value-bar">
            <span class="seg" role="group" aria-label="Show as">{buttons}</span>
            <Show when=move || shape.get() == Some(Shape::Text) && !info.get().is_some_and(|i| slight(&i))>
                <button
                    type="button"
                    class="small"
                    aria-pressed=move || wrap.get().to_string()
                    on:click=move |_| choices.wrap.set(Some(!wrap.get_untracked()))
                >
                    {icon(Icon::Wrap)}
                    "Wrap"
                </button>
            </Show>
            <span class="value-size">{move || info.get().map(|i| size(&i))}</span>
            <span class="value-acts">
                <CopyButton text=text />
                <DownloadButton name=name text=text />
            </span>
        </div>
    }
}

/// Where the focused row is, with its path and its value to copy. Sticks to the foot of the panel.
#[component]
fn PathBar(focused: RwSignal<Option<ValueRow>>, value: Memo<Option<u32>>) -> impl IntoView {
    let page = Page::get();
    let path = move || focused.with(|f| f.as_ref().map(|r| r.path.clone()).unwrap_or_default());
    let copy_path = Callback::new(move |()| -> LateText { now(untrack(path)) });
    let copy_value = Callback::new(move |()| -> LateText {
        let node = focused.with_untracked(|f| f.as_ref().map(|r| r.node));
        let value = value.get_untracked();
        Box::pin(async move { text_of(page, value?, Some(node?)).await })
    });
    let split = move || {
        let path = path();
        let (before, last) = path.split_at_checked(split_path(&path)).unwrap_or((&path, ""));
        (before.to_owned(), last.to_owned())
    };
    view! {
        <div class="path-bar">
            <span class="path" title=path>
                <bdi>{move || split().0} <b>{move || split().1}</b></bdi>
            </span>
            <span class="value-acts">
                <CopyButton label="Copy path" text=copy_path />
                <CopyButton label="Copy value" text=copy_value />
            </span>
        </div>
    }
}

/// Markdown needs its whole text, which the engine sends along when it is short.
#[component]
fn WholeMarkdown(info: ValueInfo) -> impl IntoView {
    let page = Page::get();
    let value = info.value;
    let whole = RwSignal::new(info.text.clone());
    if info.text.is_none() {
        leptos::task::spawn_local(async move {
            let text = text_of(page, value, None).await;
            let _ = whole.try_set(Some(text.unwrap_or_default()));
        });
    }
    move || whole.get().map(|text| markdown(&text))
}
