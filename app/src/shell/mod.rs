//! The frame around the views: top bar, panels and their handles, foot, dialogs.

use crate::{
    chat::ChatView,
    flow::FlowView,
    inspector::Inspector,
    search::SearchBox,
    state::{Page, Stage, View},
    steps::StepsTree,
    table::TableView,
    timeline::TimelineView,
    transport::Transport,
};
use leptos::prelude::*;

/// The whole page.
#[component]
pub(crate) fn Shell() -> impl IntoView {
    let page = Page::new();
    provide_context(page);
    page.load_engine();
    page.load_gallery();
    view! {
        <header class="top">"ChainDebug" <SearchBox/></header>
        <main>
            {move || match page.stage.get() {
                Stage::Work => view! {
                    <StepsTree/>
                    {move || match page.view.get() {
                        View::Flow => view! { <FlowView/> }.into_any(),
                        View::Timeline => view! { <TimelineView/> }.into_any(),
                        View::Chat => view! { <ChatView/> }.into_any(),
                        View::Table => view! { <TableView/> }.into_any(),
                    }}
                    <Inspector/>
                    <Transport/>
                }.into_any(),
                _ => view! { <p>"Drop a trace or a pipeline here"</p> }.into_any(),
            }}
        </main>
    }
}
