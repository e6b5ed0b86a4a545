//! The steps of the run as a tree: what ran inside what, how long it took, how it ended, and where the cursor is.
//!
//! The engine keeps which steps are open; only the rows in sight are asked for. A move of the cursor changes classes of
//! rows and nothing else. While "follow" is on, the tree opens what is around the cursor's step and scrolls to it when
//! it is out of sight.

mod row;
mod tree;

use crate::state::{Action, Page};
use crate::widgets::format::count;
use crate::widgets::list::{ListRole, RowAria, VirtualList};
use crate::widgets::scroll::Align;
use leptos::{ev, prelude::*};
use row::StepCells;
use tree::Tree;

/// Height of a row in pixels, `--row` in the style sheet.
const ROW: f64 = 26.0;

/// The steps tree.
#[component]
pub(crate) fn StepsTree() -> impl IntoView {
    let page = Page::get();
    let tree = Tree::new(page);
    let follow = RwSignal::new(true);
    tree.follow(follow);
    page.handle_actions(move |action| match action {
        Action::ExpandAll => tree.open_all(true),
        Action::CollapseAll => tree.open_all(false),
        _ => false,
    });
    let row = Callback::new(move |at: u32| {
        let row = Memo::new(move |_| tree.windows.get(at));
        view! { <StepCells row=row at=at tree=tree /> }.into_any()
    });
    let aria = Callback::new(move |at: u32| {
        let row = tree.windows.get(at);
        RowAria {
            level: row.as_ref().map(|row| row.depth.saturating_add(1)),
            expanded: row.as_ref().filter(|row| row.children > 0).map(|row| row.open),
            current: row.is_some_and(|row| tree.step.get() == Some(row.step)),
        }
    });
    let on_key = Callback::new(move |(event, at): (ev::KeyboardEvent, u32)| tree.key(&event, at));
    let on_open = Callback::new(move |at: u32| tree.choose(at, false));
    let sight = Callback::new(move |(from, to)| tree.windows.sight(from, to));
    let steps = move || page.run.with(|run| run.as_ref().map_or(0, |run| run.steps));
    let toggle_follow = move |_| {
        follow.update(|follow| *follow = !*follow);
        if follow.get_untracked() {
            tree.show_cursor(Align::Middle);
        }
    };
    view! {
        <div class="steps">
            <div class="steps-head">
                <h2>"Steps"</h2>
                <span class="chip">{move || count(u64::from(steps()))}</span>
                <button
                    type="button"
                    class="steps-follow"
                    aria-pressed=move || follow.get().to_string()
                    title="Open what is around the cursor's step and scroll to it when the cursor moves"
                    on:click=toggle_follow
                >
                    "Follow cursor"
                    <span class="tick" aria-hidden="true">{move || if follow.get() { "✓" } else { "" }}</span>
                </button>
            </div>
            <div class="steps-body">
                <VirtualList
                    label="Steps"
                    role=ListRole::Tree
                    total=tree.windows.total()
                    row_height=ROW
                    row=row
                    sight=sight
                    state=tree.list
                    aria=aria
                    on_key=on_key
                    on_open=on_open
                    class="steps-list"
                />
            </div>
        </div>
    }
}
