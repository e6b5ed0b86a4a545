//! Why two steps are a pair, undoing that, and choosing a partner for a step that stands alone.

use super::differences::ask;
use super::state::{Lone, Side};
use crate::engine::Newest;
use crate::state::{Page, Pane};
use crate::widgets::marks::KindTag;
use chaindebug_core::flow::short_name;
use chaindebug_core::protocol::{DiffItem, DiffMove, DiffRow, Mark};
use leptos::{prelude::*, task::spawn_local};

/// Lone steps are looked for among so many differences.
const LOOKED_AT: u32 = 400;
/// So many are offered.
const OFFERED: usize = 40;

impl Page {
    /// Pairs a lone step with a step of the other run.
    pub(super) fn pin(self, lone: &Lone, partner: u32) {
        let pair = if lone.side == Side::A { (lone.step, partner) } else { (partner, lone.step) };
        self.comparing.lone.set(None);
        self.lay_again(|options| {
            options.breaks.retain(|other| *other != pair);
            options.pins.retain(|(a, b)| *a != pair.0 && *b != pair.1);
            options.pins.push(pair);
        });
    }

    fn unpair(self, pair: (u32, u32)) {
        self.lay_again(|options| {
            options.pins.retain(|other| *other != pair);
            if !options.breaks.contains(&pair) {
                options.breaks.push(pair);
            }
        });
    }

    fn unpin(self, pair: (u32, u32)) {
        self.lay_again(|options| options.pins.retain(|other| *other != pair));
    }

    fn pair_again(self, pair: (u32, u32)) {
        self.lay_again(|options| options.breaks.retain(|other| *other != pair));
    }
}

/// The sentence, and what can be done about it.
#[component]
pub(super) fn Why(item: DiffItem) -> impl IntoView {
    let page = Page::get();
    let comparing = page.comparing;
    let DiffItem { row, why, .. } = item;
    let act = match (row.a, row.b) {
        (Some(a), Some(b)) if row.marks.contains(&Mark::Pinned) => view! {
            <button type="button" class="link" on:click=move |_| page.unpin((a, b))>"Undo"</button>
        }
        .into_any(),
        (Some(a), Some(b)) => view! {
            <button type="button" class="link" title="These two are not the same step: everything else follows" on:click=move |_| page.unpair((a, b))>"Unpair"</button>
        }
        .into_any(),
        _ => view! { <Alone row=row.clone()/> }.into_any(),
    };
    view! {
        <p class="diff-why"><span>{why}</span> " " {act}</p>
        <Show when=move || comparing.lone.with(Option::is_some)><Partners/></Show>
    }
}

/// What a step without a partner can be given.
#[component]
fn Alone(row: DiffRow) -> impl IntoView {
    let page = Page::get();
    let comparing = page.comparing;
    let Some((side, step)) = Side::alone(row.sign).and_then(|side| {
        let step = if side == Side::A { row.a } else { row.b };
        step.map(|step| (side, step))
    }) else {
        return ().into_any();
    };
    let undone = comparing.options.with_untracked(|options| {
        let own = |(a, b): &&(u32, u32)| if side == Side::A { *a == step } else { *b == step };
        options.breaks.iter().find(own).copied()
    });
    let lone = Lone { side, step, name: short_name(&row.name, row.kind).to_owned() };
    let wanted = lone.clone();
    let waits = move || comparing.lone.with(|now| now.as_ref() == Some(&wanted));
    let choose = move |_| {
        comparing.lone.update(|now| *now = if now.as_ref() == Some(&lone) { None } else { Some(lone.clone()) });
    };
    view! {
        {undone.map(|pair| view! { <button type="button" class="link" on:click=move |_| page.pair_again(pair)>"Pair again"</button> " · " })}
        <button type="button" class="link" aria-expanded=move || waits().to_string() on:click=choose>"Pair with…"</button>
    }
    .into_any()
}

/// The lone steps of the other run, to choose one from.
#[component]
fn Partners() -> impl IntoView {
    let page = Page::get();
    let comparing = page.comparing;
    let found = RwSignal::new(None::<Vec<DiffRow>>);
    let newest = Newest::new();
    Effect::new(move |_| {
        let Some(lone) = comparing.lone.get() else { return };
        let turn = newest.begin();
        spawn_local(async move {
            let window = ask(page, 0, LOOKED_AT).await;
            if newest.is(turn) {
                let mut rows = window.map(|window| window.rows).unwrap_or_default();
                rows.retain(|row| row.sign == lone.side.other().sign());
                let _ = found.try_set(Some(rows));
            }
        });
    });
    let line = move |row: DiffRow| {
        let step = row.a.or(row.b).unwrap_or_default();
        let pick = move |_| {
            if let Some(lone) = comparing.lone.get_untracked() {
                page.pin(&lone, step);
            }
        };
        view! {
            <li>
                <button type="button" class="menu-item partner" on:click=pick>
                    <span><KindTag kind=row.kind/> " " <b>{short_name(&row.name, row.kind).to_owned()}</b></span>
                    <span class="menu-detail">{format!("step {}", step.saturating_add(1))}</span>
                </button>
            </li>
        }
    };
    move || {
        let lone = comparing.lone.get()?;
        let other = lone.side.other().letter();
        let rows = found.get()?;
        let more = rows.len().saturating_sub(OFFERED);
        let none = rows.is_empty();
        Some(view! {
            <div class="partners" role="group" aria-label=format!("Steps that only {other} has")>
                {if none {
                    view! { <p class="dim">{format!("Every step of {other} has a partner. Unpair one first.")}</p> }.into_any()
                } else {
                    view! {
                        <p class="dim">{format!("Steps that only {other} has, here or in the list of steps:")}</p>
                        <ul>{rows.into_iter().take(OFFERED).map(line).collect_view()}</ul>
                        {(more > 0).then(|| view! { <p class="dim">{format!("{more} more: choose in the list of steps.")}</p> })}
                    }.into_any()
                }}
                <button type="button" class="small" on:click=move |_| comparing.lone.set(None)>"Cancel "<kbd>"Esc"</kbd></button>
            </div>
        })
    }
}

/// Goes to an item, and to where it is read when there is room for one panel.
pub(super) fn read_item(page: Page, item: u32) {
    page.go(DiffMove::To { item });
    if page.narrow.get_untracked() {
        page.pane.set(Pane::Inspector);
    }
}
