//! The two trees laid on each other: rows by window, opening and closing, keys, following the cursors.

use super::marks::spoken;
use super::row::ItemCells;
use super::state::Side;
use crate::state::{Page, Tone};
use crate::text::count;
use crate::widgets::list::{ListRole, ListState, RowAria, VirtualList};
use crate::widgets::scroll::Align;
use crate::widgets::windows::{Window, Windows};
use chaindebug_core::protocol::{Answer, DiffMove, DiffRow, Request};
use leptos::{ev, prelude::*, task::spawn_local};

/// Height of a row in pixels: a name, and below it what differs.
const ROW: f64 = 37.0;
/// Rows asked for at once when looking for a parent far above.
const BACK: u32 = 512;

/// The tree. `Copy`; lives as long as the component that made it.
#[derive(Clone, Copy)]
pub(super) struct Tree {
    pub(super) page: Page,
    pub(super) windows: Windows<DiffRow>,
    list: ListState,
    /// The item of the cursors.
    item: Memo<Option<u32>>,
}

impl Tree {
    pub(super) fn new(page: Page) -> Tree {
        let comparing = page.comparing;
        let windows = Windows::<DiffRow>::new(0, move |from, count| async move {
            let pair = comparing.pair.get_untracked()?;
            let request = Request::DiffRows { fold: comparing.fold.get_untracked(), from, count };
            match page.ask_of(pair.group, request).await {
                Ok(Answer::DiffRows(rows)) => Some(Window { total: rows.total, rows: rows.rows }),
                _ => None,
            }
        });
        Effect::new(move |before: Option<_>| {
            let now = (comparing.pair.get(), comparing.turn.get(), comparing.fold.get());
            // Only what is done has rows.
            if before != Some(now) && comparing.view.with_untracked(Option::is_some) {
                if before.is_some_and(|(pair, ..)| pair == now.0) {
                    windows.refresh(None);
                } else {
                    windows.restart();
                }
                page.go(DiffMove::Stay);
            }
            now
        });
        let item = Memo::new(move |_| {
            comparing.cursor.with(|cursor| cursor.as_ref().filter(|cursor| cursor.items > 0).map(|cursor| cursor.item))
        });
        let tree = Tree { page, windows, list: ListState::new(), item };
        let row = Memo::new(move |_| comparing.cursor.with(|cursor| cursor.as_ref().and_then(|cursor| cursor.row)));
        Effect::new(move |_| {
            if let (Some(_), Some(row)) = (item.get(), row.get()) {
                tree.list.go(row, Align::Middle);
            }
        });
        tree
    }

    /// Opens or closes an item, or all.
    pub(super) fn set_open(self, item: Option<u32>, open: bool) {
        let Some(pair) = self.page.comparing.pair.get_untracked() else { return };
        let fold = self.page.comparing.fold.get_untracked();
        spawn_local(async move {
            let answer = self.page.ask_of(pair.group, Request::DiffOpen { item, open, fold }).await;
            if self.page.comparing.pair.get_untracked() != Some(pair) || self.item.try_get_untracked().is_none() {
                return;
            }
            match answer {
                Ok(Answer::DiffRows(rows)) => {
                    self.windows.refresh(Some(rows.total));
                    // The cursor knows the row it is in; that may be another one now.
                    self.page.go(DiffMove::Stay);
                }
                Ok(_) => {}
                Err(failure) => self.page.tell_failure(&failure),
            }
        });
    }

    /// A click or Enter on a row: moves the cursors there, or takes it as the partner that is looked for.
    fn choose(self, at: u32) {
        let Some(row) = self.windows.peek(at) else { return };
        let comparing = self.page.comparing;
        if let Some(lone) = comparing.lone.get_untracked() {
            let partner = if lone.side == Side::A {
                row.b.filter(|_| row.a.is_none())
            } else {
                row.a.filter(|_| row.b.is_none())
            };
            match partner {
                Some(step) => self.page.pin(&lone, step),
                None => {
                    let text = format!(
                        "{} stands {}. Choose a step that only {} has, or unpair it first.",
                        row.name,
                        spoken(row.sign),
                        lone.side.other().letter()
                    );
                    self.page.notify(Tone::Info, text);
                }
            }
            return;
        }
        if row.folded > 0 && self.item.get_untracked() == Some(row.item) {
            return self.set_open(Some(row.item), true);
        }
        self.page.go(DiffMove::To { item: row.item });
    }

    /// Whether a row can be opened and closed.
    pub(super) fn opens(row: &DiffRow) -> bool {
        row.children > 0 || row.folded > 0
    }

    fn key(self, event: &ev::KeyboardEvent, at: u32) -> bool {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key() {
            return false;
        }
        let Some(row) = self.windows.peek(at) else { return false };
        let opens = Tree::opens(&row) && !row.open;
        match event.key().as_str() {
            "ArrowRight" if opens => self.set_open(Some(row.item), true),
            "ArrowRight" if row.open => self.list.go(at.saturating_add(1), Align::Nearest),
            "ArrowLeft" if row.open && row.children > 0 => self.set_open(Some(row.item), false),
            "ArrowLeft" => self.to_parent(at, row.depth),
            "j" => self.list.go(at.saturating_add(1).min(self.last()), Align::Nearest),
            "k" => self.list.go(at.saturating_sub(1), Align::Nearest),
            _ => return false,
        }
        true
    }

    fn last(self) -> u32 {
        self.windows.total().get_untracked().saturating_sub(1)
    }

    /// The row around this one: looked for among the rows that are here.
    fn to_parent(self, at: u32, depth: u32) {
        let above = (at.saturating_sub(BACK)..at).rev();
        let mut found = above.filter(|&row| self.windows.peek(row).is_some_and(|row| row.depth < depth));
        if let Some(row) = found.next() {
            self.list.go(row, Align::Nearest);
        }
    }
}

/// The tree with its head, its column titles and the sums of all.
#[component]
pub(super) fn ItemsTree(tree: Tree) -> impl IntoView {
    let page = tree.page;
    let comparing = page.comparing;
    let row = Callback::new(move |at: u32| {
        let row = Memo::new(move |_| tree.windows.get(at));
        view! { <ItemCells row tree/> }.into_any()
    });
    let aria = Callback::new(move |at: u32| {
        let row = tree.windows.get(at);
        RowAria {
            level: row.as_ref().map(|row| row.depth.saturating_add(1)),
            expanded: row.as_ref().filter(|row| Tree::opens(row)).map(|row| row.open),
            current: row.is_some_and(|row| tree.item.get() == Some(row.item)),
        }
    });
    let view = comparing.view;
    let chips = move || {
        let view = view.get()?;
        let chip = |n: u32, one: &str, many: &str| {
            let words = format!("{} {}", crate::text::grouped(u64::from(n)), if n == 1 { one } else { many });
            (n > 0).then(|| view! { <span class="chip">{words}</span> })
        };
        Some(view! {
            {chip(view.changed, "changed", "changed")}
            {chip(view.only_a, "only in A", "only in A")}
            {chip(view.only_b, "only in B", "only in B")}
            {chip(view.repeated, "repeated", "repeated")}
            {chip(view.moved, "moved", "moved")}
        })
    };
    let waits = move || {
        comparing.lone.get().map(|lone| {
            let other = lone.side.other().letter();
            view! {
                <p class="diff-waits" role="status">
                    <span>{format!("Choose the step of {other} that ")}<code class="code">{lone.name}</code>" is paired with."</span>
                    <button type="button" class="small" on:click=move |_| comparing.lone.set(None)>"Cancel "<kbd>"Esc"</kbd></button>
                </p>
            }
        })
    };
    let label = move || {
        let steps = view.with(|view| view.as_ref().map_or((0, 0), |view| view.steps));
        format!("Steps of both runs: {} of A, {} of B", count(steps.0.into(), "step"), count(steps.1.into(), "step"))
    };
    view! {
        <div class="diff-tree">
            <div class="steps-head">
                <h2>"Steps"</h2>
                <span class="diff-chips">{chips}</span>
                <button
                    type="button"
                    class="steps-follow"
                    aria-pressed=move || comparing.fold.get().to_string()
                    title="Stretches that are the same in one row"
                    on:click=move |_| comparing.fold.update(|fold| *fold = !*fold)
                >
                    "Fold same"
                    <span class="tick" aria-hidden="true">{move || if comparing.fold.get() { "✓" } else { "" }}</span>
                </button>
            </div>
            {waits}
            <div class="diff-columns" aria-hidden="true">
                <span>"A"</span><span>"B"</span><span></span><span>"step"</span><span data-of="time">"time"</span><span data-of="tokens">"tokens"</span><span data-of="cost">"cost, $"</span>
            </div>
            <div class="steps-body">
                <VirtualList
                    label=Signal::derive(label)
                    role=ListRole::Tree
                    total=tree.windows.total()
                    row_height=ROW
                    row=row
                    sight=Callback::new(move |(from, to)| tree.windows.sight(from, to))
                    state=tree.list
                    aria=aria
                    on_key=Callback::new(move |(event, at): (ev::KeyboardEvent, u32)| tree.key(&event, at))
                    on_open=Callback::new(move |at: u32| tree.choose(at))
                    class="diff-list"
                />
            </div>
            <super::row::Totals/>
        </div>
    }
}
