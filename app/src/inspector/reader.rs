//! A long string of a tree, opened for reading at the foot of the panel while the tree stays where it is.

use super::lines::Lines;
use super::markdown::markdown;
use super::opened::{Opened, Wanted, open, text_of};
use super::shape::Shape;
use crate::state::Page;
use crate::widgets::copy::{CopyButton, DownloadButton, LateText, file_name};
use crate::widgets::format::{bytes, count};
use crate::widgets::icons::{Icon, icon};
use chaindebug_core::protocol::ValueRow;
use leptos::{ev, html, prelude::*};

/// The text of one node.
#[component]
pub(super) fn Reader(
    /// Handle of the value the node is in.
    value: u32,
    /// The node's row.
    row: ValueRow,
    /// Closes the reader.
    close: Callback<()>,
    /// Name of the step, for a download's name.
    of: Signal<String>,
    /// A line to go to, from 1.
    line: Signal<Option<u64>>,
) -> impl IntoView {
    let page = Page::get();
    let node = row.node;
    let opened = open(page, Signal::derive(move || Some(Wanted::Node { value, node })), Signal::derive(|| true));
    let shape = RwSignal::new(None::<Shape>);
    let info = move || opened.with(|o| o.info().cloned());
    let drawn = Memo::new(move |_| {
        // Only texts that came whole are drawn as Markdown here.
        let info = info()?;
        let can = info.text.is_some();
        Some(match shape.get() {
            Some(Shape::Markdown) if can => Shape::Markdown,
            // Lines have numbers only as text.
            None if can && info.markdown && line.get().is_none() => Shape::Markdown,
            _ => Shape::Text,
        })
    });
    let text = Callback::new(move |()| -> LateText { Box::pin(text_of(page, value, Some(node))) });
    let name_path = row.path.clone();
    let name = Signal::derive(move || file_name(&of.get(), &name_path, false));
    let size = move || info().map(|i| format!("{} · {} lines", bytes(i.bytes), count(u64::from(i.rows))));
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            close.run(());
        }
    };
    let here = NodeRef::<html::Div>::new();
    let body = move || {
        let info = match opened.get() {
            Opened::Ready(info) => info,
            Opened::Refused(message) => {
                return Some(view! { <p class="notice">{message}</p> }.into_any());
            }
            Opened::Opening => return None,
        };
        if drawn.get() == Some(Shape::Markdown) {
            return Some(markdown(info.text.as_deref().unwrap_or_default()));
        }
        let wrap = info.rows <= 3_000;
        Some(
            view! { <Lines info=info label="Text" wrap=Signal::derive(move || wrap) scroller=here goto=line /> }
                .into_any(),
        )
    };
    let toggle = move || {
        info().filter(|i| i.text.is_some()).map(|_| {
            let one = |this: Shape| {
                let pressed = move || (drawn.get() == Some(this)).to_string();
                view! {
                    <button type="button" aria-pressed=pressed on:click=move |_| shape.set(Some(this))>
                        {this.word()}
                    </button>
                }
            };
            view! { <span class="seg" role="group" aria-label="Show as">{one(Shape::Text)}{one(Shape::Markdown)}</span> }
        })
    };
    view! {
        <section class="reader" aria-label=format!("Text at {}", row.path) on:keydown=on_key>
            <div class="value-bar">
                <span class="value-size">{size}</span>
                {toggle}
                <span class="value-acts">
                    <CopyButton text=text />
                    <DownloadButton name=name text=text />
                    <button type="button" class="small" aria-label="Close the text" on:click=move |_| close.run(())>
                        {icon(Icon::Close)}
                    </button>
                </span>
            </div>
            <div class="reader-text" tabindex="0" role="group" aria-label="Text" node_ref=here>{body}</div>
        </section>
    }
}
