//! The text with its head: name, badge, condition builder, format, undo, redo and save.

use super::builder::Builder;
use super::desk::{Desk, Held};
use super::follow::{at_caret, follow};
use crate::state::{Action, Page};
use crate::text::grouped;
use crate::widgets::prose::Prose;
use chaindebug_core::protocol::Change;
use leptos::{html, prelude::*};

/// Name and last folder of a path, for a head that is never too wide.
fn short(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned()
}

/// Says where the text is damaged, and that the chart is older than the text.
#[component]
fn Damaged() -> impl IntoView {
    let desk = Desk::get();
    let damage = move || desk.now.get().and_then(|held| held.damage.get());
    view! {
        <div role="status">
            {move || damage().map(|damage| {
                let start = damage.start;
                let line = damage.line;
                view! {
                    <div class="editor-damage">
                        <span class="finding-sign" data-tone="error" aria-hidden="true">"✗"</span>
                        <p><Prose text=damage.message/>" "<span class="dim">"The chart shows the text as it was before."</span></p>
                        {(line > 0).then(|| view! {
                            <button class="small" on:click=move |_| desk.go(start, true)>{format!("Go to line {}", grouped(line))}</button>
                        })}
                    </div>
                }
            })}
        </div>
    }
}

/// The panel.
#[component]
pub(crate) fn TextPanel() -> impl IntoView {
    let page = Page::get();
    let desk = Desk::get();
    let edge = follow(desk);
    let building = RwSignal::new(false);
    let body = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let (Some(body), now) = (body.get(), desk.now.get()) else { return };
        body.set_text_content(None);
        if let Some(held) = now {
            let _ = body.append_child(&held.host);
        }
    });
    page.handle_actions(move |action| {
        let Some(held) = desk.now.get_untracked() else { return false };
        let travel = |back: bool| {
            if let Some(field) = held.field() {
                field.travel(back);
            }
        };
        match action {
            Action::Save => desk.save(),
            Action::Undo => travel(true),
            Action::Redo => travel(false),
            _ => return false,
        }
        true
    });
    let now = move || desk.now.get();
    let edited = move || now().is_some_and(|held| held.edited.get());
    let depth = move || now().map_or((0, 0), |held| held.depth.get());
    let travel = move |back: bool| {
        if let Some(field) = now().as_deref().and_then(Held::field) {
            field.travel(back);
            field.focus();
        }
    };
    let build = move |_| {
        if let Some(found) = at_caret(desk) {
            edge.set(found.edge);
        }
        building.set(true);
    };
    let none = move || desk.now.with(Option::is_none);
    let waiting = move || {
        let refused = desk.refused.get();
        none().then(|| match refused.is_empty() {
            true => view! { <p class="nothing slow">"Getting the text…"</p> }.into_any(),
            false => view! { <p class="nothing">{refused}</p> }.into_any(),
        })
    };
    view! {
        <header class="bottom-head">
            <b class="editor-name" title=move || now().map(|held| held.name.clone())>{move || now().map(|held| short(&held.name))}</b>
            <Show when=edited><span class="chip">"edited"</span></Show>
            <span class="push"></span>
            <button class="subtle" disabled=move || none() || desk.damaged().is_some() on:click=build>"Condition builder"</button>
            <button class="subtle" disabled=none title="Two spaces a level, the order kept" on:click=move |_| desk.plan(Change::Format)>"Format"</button>
            <button class="subtle" disabled=move || depth().0 == 0 title="Ctrl Z" on:click=move |_| travel(true)>"Undo"</button>
            <button class="subtle" disabled=move || depth().1 == 0 title="Ctrl Y" on:click=move |_| travel(false)>"Redo"</button>
            <button class="subtle editor-save" class:editor-unsaved=edited disabled=none title="Ctrl S" on:click=move |_| desk.save()>"Save"</button>
        </header>
        <div class="editor-body" node_ref=body></div>
        {waiting}
        <Damaged/>
        <Builder open=building at_caret=edge/>
    }
}
