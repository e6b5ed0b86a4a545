//! The row of tabs: the views of a run or the charts of a pipeline, and the panels when there is no room beside them.

use crate::state::{Page, Pane, View};
use crate::workbench::{Charted, chart_name};
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

/// What a tab leads to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Tab {
    Pane(u8),
    View(u8),
    Chart(Charted),
}

const STEPS: Tab = Tab::Pane(0);
const INSPECTOR: Tab = Tab::Pane(2);
const FINDINGS: Tab = Tab::Pane(3);
const TEXT: Tab = Tab::Pane(4);

impl Tab {
    fn view(self) -> Option<View> {
        if let Tab::View(index) = self { View::ALL.get(usize::from(index)).copied() } else { None }
    }

    fn name(self, page: Page) -> String {
        let bench = || page.workbench.bench.with(Option::is_some);
        match (self, self.view()) {
            (Tab::Chart(charted), _) => chart_name(page, charted),
            (_, Some(view)) => view.name().to_owned(),
            _ if self == STEPS && bench() => "Scenario".to_owned(),
            _ if self == STEPS => "Steps".to_owned(),
            _ if self == FINDINGS => "Findings".to_owned(),
            _ if self == TEXT => "Text".to_owned(),
            _ => "Inspector".to_owned(),
        }
    }

    /// The end of its element's id.
    fn id(self) -> &'static str {
        match (self, self.view()) {
            (Tab::Chart(charted), _) => charted.id(),
            (_, Some(view)) => view.id(),
            _ if self == STEPS => "steps",
            _ if self == FINDINGS => "findings",
            _ if self == TEXT => "text",
            _ => "inspector",
        }
    }

    fn pane(self) -> Pane {
        match self {
            STEPS => Pane::Steps,
            FINDINGS => Pane::Findings,
            TEXT => Pane::Text,
            _ => Pane::Inspector,
        }
    }

    fn on(self, page: Page) -> bool {
        let pane = if page.narrow.get() { page.pane.get() } else { Pane::Main };
        match self.view() {
            Some(view) => pane == Pane::Main && page.shown_view() == view,
            None if let Tab::Chart(charted) = self => pane == Pane::Main && page.workbench.charted.get() == charted,
            None => pane == self.pane(),
        }
    }

    fn choose(self, page: Page) {
        match self.view() {
            Some(view) => page.show_view(view),
            None if let Tab::Chart(charted) = self => {
                page.workbench.charted.set(charted);
                page.pane.set(Pane::Main);
            }
            None => page.pane.set(self.pane()),
        }
    }
}

/// The tabs there are: a pipeline that did not run has no chat, no timeline and no table.
fn tabs(page: Page) -> Vec<Tab> {
    let pipeline = page.subject.get().is_some_and(|subject| subject.run().is_none());
    let bench = page.workbench.bench.with(Option::is_some);
    let there = |view: View| match view {
        View::Flow => !bench,
        View::Pipeline => page.followed().is_some(),
        _ => !pipeline,
    };
    let charts = bench.then_some(Charted::ALL).into_iter().flatten().map(Tab::Chart);
    let views = (0u8..).zip(View::ALL).filter(|(_, view)| there(*view));
    let views = charts.chain(views.map(|(index, _)| Tab::View(index)));
    if page.narrow.get() {
        let steps = (!pipeline || bench).then_some(STEPS);
        let text = if bench { [FINDINGS, TEXT].as_slice() } else { &[] };
        steps.into_iter().chain(views).chain([INSPECTOR]).chain(text.iter().copied()).collect()
    } else {
        views.collect()
    }
}

/// The row.
#[component]
pub(super) fn Tabs() -> impl IntoView {
    let page = Page::get();
    let row = NodeRef::<html::Div>::new();
    let keys = move |event: ev::KeyboardEvent| {
        let tabs = tabs(page);
        let here = tabs.iter().position(|tab| tab.on(page)).unwrap_or(0);
        let next = match event.key().as_str() {
            "ArrowRight" => (here + 1) % tabs.len(),
            "ArrowLeft" => here.checked_sub(1).unwrap_or(tabs.len() - 1),
            "Home" => 0,
            "End" => tabs.len() - 1,
            _ => return,
        };
        event.prevent_default();
        if let Some(tab) = tabs.get(next) {
            tab.choose(page);
        }
        let index = u32::try_from(next).unwrap_or(0);
        let found = row.get_untracked().and_then(|row| row.query_selector_all("[role=tab]").ok()?.get(index));
        if let Some(tab) = found.and_then(|tab| tab.dyn_into::<HtmlElement>().ok()) {
            let _ = tab.focus();
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label="Views" node_ref=row on:keydown=keys>
            <For each=move || tabs(page) key=|tab| *tab let:tab>
                <button
                    class="tab"
                    role="tab"
                    id=format!("tab-{}", tab.id())
                    aria-selected=move || tab.on(page).to_string()
                    aria-controls="view"
                    tabindex=move || if tab.on(page) { "0" } else { "-1" }
                    on:click=move |_| tab.choose(page)
                >
                    {move || tab.name(page)}
                </button>
            </For>
        </div>
    }
}
