//! The screen for two runs laid on each other. The engine compares; this asks for windows of the result and draws them.
//!
//! - `state`: which runs, how, how far. - `cursor`: the moves. - `landing`: how two runs come together. - `choosing`: the
//!   lists of runs. - `verdict`: the sentence and the sums. - `tree`, `row`, `differences`: the items. - `item`, `value`,
//!   `turns`, `spans`, `whole`: what one holds. - `pairing`, `rules`: what somebody decides by hand. - `transport`,
//!   `scrubber`: the bar below. - `report`: as Markdown. - `marks`, `numbers`, `tabs`: small pieces.
//!
//! The flowchart of both runs is drawn by `flow`, as every other.

mod choosing;
mod cursor;
mod differences;
mod item;
mod landing;
mod marks;
mod numbers;
mod pairing;
mod report;
mod row;
mod rules;
mod scrubber;
mod spans;
mod state;
mod tabs;
mod top;
mod transport;
mod tree;
mod turns;
mod value;
mod verdict;
mod whole;

pub(crate) use choosing::CompareMenu;
pub(crate) use landing::first_run;
pub(crate) use marks::{character, word};
pub(crate) use state::{Comparing, Pair, Place};
pub(crate) use tabs::{Tab, TabRow};
pub(crate) use top::{CompareBar, CompareEnd};

use crate::flow::FlowView;
use crate::search::SearchPanel;
use crate::state::{Action, Page, Pane, Sizes, View};
use crate::widgets::handle::{Grows, Handle};
use chaindebug_core::protocol::{Command, DiffMove};
use differences::DifferencesView;
use item::ItemPanel;
use leptos::prelude::*;
use report::Report;
use state::Middle;
use transport::DiffTransport;
use tree::{ItemsTree, Tree};
use verdict::{Verdict, Waiting};

/// The screen.
#[component]
pub(crate) fn CompareView() -> impl IntoView {
    let page = Page::get();
    let there =
        Memo::new(move |_| page.comparing.view.with(Option::is_some) && page.comparing.failed.with(Option::is_none));
    view! {
        <Show when=move || there.get() fallback=|| view! { <Waiting/> }><Panels/></Show>
    }
}

/// What a tab of the narrow page, or of the middle, is called.
const STEPS: &str = "steps";
const FLOW: &str = "flow";
const DIFFERENCES: &str = "differences";
const ITEM: &str = "item";

#[component]
fn Panels() -> impl IntoView {
    let page = Page::get();
    let comparing = page.comparing;
    let tree = Tree::new(page);
    page.handle_actions(move |action| act(page, tree, action));
    let tabs = Memo::new(move |_| {
        let middle = [Tab::plain(FLOW, "Flow"), Tab::plain(DIFFERENCES, "Differences")];
        if page.narrow.get() {
            let all = [Tab::plain(STEPS, "Steps")].into_iter().chain(middle).chain([Tab::plain(ITEM, "Values")]);
            all.collect()
        } else {
            middle.to_vec()
        }
    });
    let current = Signal::derive(move || {
        let pane = if page.narrow.get() { page.pane.get() } else { Pane::Main };
        match (pane, comparing.middle.get()) {
            (Pane::Steps, _) => STEPS,
            (Pane::Inspector, _) => ITEM,
            (_, Middle::Flow) => FLOW,
            (_, Middle::Differences) => DIFFERENCES,
        }
        .to_owned()
    });
    let pick = Callback::new(move |id: String| {
        let (pane, middle) = match id.as_str() {
            STEPS => (Pane::Steps, None),
            ITEM => (Pane::Inspector, None),
            DIFFERENCES => (Pane::Main, Some(Middle::Differences)),
            _ => (Pane::Main, Some(Middle::Flow)),
        };
        page.pane.set(pane);
        if let Some(middle) = middle {
            comparing.middle.set(middle);
        }
    });
    let sizes = page.sizes;
    view! {
        <main
            class="work diff-work"
            class:work-narrow=page.narrow
            data-pane=move || match page.pane.get() {
                pane @ (Pane::Steps | Pane::Inspector) => pane.id(),
                // The other panels belong to pipelines.
                _ => Pane::Main.id(),
            }
            data-view=move || if comparing.middle.get() == Middle::Flow { "flow" } else { "differences" }
            style=("--steps", move || format!("{}px", sizes.get().diff_steps))
            style=("--inspector", move || format!("{}px", sizes.get().diff_item))
        >
            <Verdict/>
            <section class="panel panel-steps" aria-label=move || if page.searching.get() { "Hits" } else { "Steps" }>
                <Show when=move || page.searching.get() fallback=move || view! { <ItemsTree tree/> }><SearchPanel/></Show>
            </section>
            <Show when=move || !page.narrow.get()>
                <Handle
                    grows=Grows::Right
                    class="splitter"
                    label="Width of the steps panel".to_owned()
                    range=Sizes::RANGE
                    size=Signal::derive(move || sizes.get().diff_steps)
                    open=Signal::derive(|| true)
                    set=move |width| page.set_sizes(Sizes { diff_steps: width, ..sizes.get_untracked() })
                    toggle=move |()| page.set_sizes(Sizes { diff_steps: Sizes::default().diff_steps, ..sizes.get_untracked() })
                />
            </Show>
            <section class="panel panel-view" aria-label="View">
                <div class="panel-head"><TabRow label="Views" tabs current pick controls="diff-view"/></div>
                <div class="view" id="diff-view" role="tabpanel" aria-label="Both runs">
                    {move || match comparing.middle.get() {
                        Middle::Flow => view! { <FlowView/> }.into_any(),
                        Middle::Differences => view! { <DifferencesView/> }.into_any(),
                    }}
                </div>
            </section>
            <Show when=move || !page.narrow.get()>
                <Handle
                    grows=Grows::Left
                    class="splitter"
                    label="Width of the values panel".to_owned()
                    range=Sizes::RANGE
                    size=Signal::derive(move || sizes.get().diff_item)
                    open=Signal::derive(|| true)
                    set=move |width| page.set_sizes(Sizes { diff_item: width, ..sizes.get_untracked() })
                    toggle=move |()| page.set_sizes(Sizes { diff_item: Sizes::default().diff_item, ..sizes.get_untracked() })
                />
            </Show>
            <section class="panel panel-inspector" aria-label="Values"><ItemPanel/></section>
            <section class="panel-transport" aria-label="Cursors"><DiffTransport/></section>
            <Report/>
        </main>
    }
}

/// What the keys mean in a comparison; whether one was used. What moves a run's own cursor does nothing here.
fn act(page: Page, tree: Tree, action: Action) -> bool {
    let go = match action {
        Action::Move(Command::Forward) => DiffMove::Forward,
        Action::Move(Command::Back) => DiffMove::Back,
        Action::Move(Command::First) => DiffMove::First,
        Action::Move(Command::Last) => DiffMove::Last,
        Action::NextDifference => DiffMove::NextDifference,
        Action::PreviousDifference => DiffMove::PreviousDifference,
        Action::Parting => DiffMove::Parting,
        Action::Move(_) | Action::PlayPause | Action::NextDecision | Action::PreviousDecision => {
            return true;
        }
        Action::Show(view) => {
            let middle = match view {
                View::Flow => Middle::Flow,
                View::Timeline => Middle::Differences,
                _ => return true,
            };
            page.comparing.middle.set(middle);
            page.pane.set(Pane::Main);
            return true;
        }
        Action::ExpandAll | Action::CollapseAll => {
            tree.set_open(None, action == Action::ExpandAll);
            return true;
        }
        Action::Escape if page.comparing.lone.with_untracked(Option::is_some) => {
            page.comparing.lone.set(None);
            return true;
        }
        _ => return false,
    };
    page.go(go);
    true
}
