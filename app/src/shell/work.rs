//! Steps, view and inspector side by side, with the transport below; when narrow, one at a time.

use super::{
    splitter::{Side, Splitter},
    tabs::Tabs,
};
use crate::{
    chat::ChatView,
    editor::{ChartEditing, ChartTools, EditOnChart},
    findings::BottomPanel,
    flow::FlowView,
    inspector::Inspector,
    search::SearchPanel,
    state::{Page, View},
    steps::StepsTree,
    table::TableView,
    timeline::TimelineView,
    transport::Transport,
    workbench::{ChartMenu, CoverageList, ReadingBar, ScenarioPanel},
};
use leptos::prelude::*;

/// The button that hides a side panel, or shows it again under its name.
#[component]
fn PanelToggle(side: Side, name: &'static str) -> impl IntoView {
    let page = Page::get();
    let open = move || side.open(page.sizes.get());
    let label = move || format!("{} {}", if open() { "Hide" } else { "Show" }, name.to_lowercase());
    let arrow = move || match (side, open()) {
        (Side::Steps, true) | (Side::Inspector, false) => "M8.5 2.5 5 6l3.5 3.5",
        _ => "M4 2.5 7.5 6 4 9.5",
    };
    view! {
        <button class="subtle panel-toggle" aria-expanded=move || open().to_string() aria-label=label title=label on:click=move |_| side.toggle(page)>
            <svg width="12" height="12" viewBox="0 0 12 12" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true">
                <path d=arrow/>
            </svg>
            <Show when=move || !open()>{name}</Show>
        </button>
    }
}

/// The panels.
#[component]
pub(super) fn Work() -> impl IntoView {
    let page = Page::get();
    let run = Memo::new(move |_| page.run.with(Option::is_some));
    let bench = Memo::new(move |_| page.workbench.bench.with(Option::is_some));
    let walked = Memo::new(move |_| page.walked.with(Option::is_some));
    let steps = Memo::new(move |_| (run.get() || bench.get()) && (page.narrow.get() || page.sizes.get().steps_open));
    let inspector = Memo::new(move |_| page.narrow.get() || page.sizes.get().inspector_open);
    let view = Memo::new(move |_| page.shown_view());
    let tab = move || if bench.get() { page.workbench.charted.get().id() } else { view.get().id() };
    let editing = ChartEditing::new();
    let title = move || {
        let file = page.document.with(|document| document.as_ref().map(|document| document.file.clone()));
        let run = page.run.with(|run| run.as_ref().map(|run| run.name.clone()));
        let pipeline = page.pipeline.with(|pipeline| pipeline.as_ref().map(|pipeline| pipeline.name.clone()));
        [file, run.or(pipeline)].into_iter().flatten().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
    };
    view! {
        <main
            class="work"
            class:work-narrow=page.narrow
            data-pane=move || page.pane.get().id()
            data-view=move || view.get().id()
            data-chart=tab
            style=("--steps", move || format!("{}px", page.sizes.get().steps))
            style=("--inspector", move || format!("{}px", page.sizes.get().inspector))
        >
            <h1 class="spoken">{title}</h1>
            <Show when=move || steps.get()>
                <section class="panel panel-steps" aria-label=move || if page.searching.get() { "Hits" } else if bench.get() { "Scenario" } else { "Steps" }>
                    {move || if page.searching.get() {
                        view! { <SearchPanel/> }.into_any()
                    } else if bench.get() {
                        view! { <ScenarioPanel/> }.into_any()
                    } else {
                        view! { <StepsTree/> }.into_any()
                    }}
                </section>
                <Show when=move || !page.narrow.get()><Splitter side=Side::Steps/></Show>
            </Show>
            <section class="panel panel-view" aria-label="View">
                <div class="panel-head">
                    <Show when=move || run.get() && !page.narrow.get()><PanelToggle side=Side::Steps name="Steps"/></Show>
                    <Show when=move || bench.get() && !page.narrow.get()><PanelToggle side=Side::Steps name="Scenario"/></Show>
                    <Tabs/>
                    <Show when=move || bench.get() && !page.narrow.get()><ChartMenu/></Show>
                    <Show when=move || bench.get() && !page.narrow.get()><EditOnChart editing/></Show>
                    <Show when=move || !page.narrow.get()><PanelToggle side=Side::Inspector name="Inspector"/></Show>
                </div>
                <ChartTools editing/>
                <div class="view" id="view" role="tabpanel" aria-labelledby=move || format!("tab-{}", tab())>
                    <Show when=move || bench.get()>
                        <Show when=move || page.narrow.get()><div class="bench-chart-menus"><ChartMenu/><EditOnChart editing/></div></Show>
                        <ReadingBar/>
                    </Show>
                    {move || match view.get() {
                        View::Flow | View::Pipeline => view! { <FlowView/> }.into_any(),
                        View::Timeline => view! { <TimelineView/> }.into_any(),
                        View::Chat => view! { <ChatView/> }.into_any(),
                        View::Table => view! { <TableView/> }.into_any(),
                    }}
                    <Show when=move || bench.get()><CoverageList/></Show>
                </div>
            </section>
            <Show when=move || inspector.get()>
                <Show when=move || !page.narrow.get()><Splitter side=Side::Inspector/></Show>
                <section class="panel panel-inspector" aria-label="Inspector"><Inspector/></section>
            </Show>
            <BottomPanel/>
            <Show when=move || run.get() || walked.get()>
                <section class="panel-transport" aria-label="Cursor"><Transport/></section>
            </Show>
        </main>
    }
}
