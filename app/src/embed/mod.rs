//! The page as a frame in somebody's page: one document, a view and the inspector side by side or below each other, and
//! the cursor. No menus, no files of the host's visitors, nothing kept.
//!
//! - `head`: name, format, the way to the full page. - `transport`: the cursor. - `host`: what the page around says and is told.
//! - `trouble`: what stands there when there is nothing to show. How the two pages talk is JavaScript's: `embed/src/frame`.

mod head;
mod host;
mod transport;
mod trouble;

use crate::chat::ChatView;
use crate::compare::CompareView;
use crate::flow::FlowView;
use crate::inspector::Inspector;
use crate::intake::DropTarget;
use crate::many::ManyView;
use crate::sheet::SheetPage;
use crate::shell::{self, Notices};
use crate::state::{Page, Stage, View};
use crate::table::TableView;
use crate::timeline::TimelineView;
use head::Head;
use host::Host;
use leptos::prelude::*;
use transport::Transport;
use trouble::Trouble;

/// Lets a full page take the files of the frame that opened it.
pub(crate) fn receive(page: Page) {
    Host::receive(page);
}

/// The whole page, in a frame.
#[component]
pub(crate) fn EmbedShell() -> impl IntoView {
    let page = Page::new();
    provide_context(page);
    page.load_engine();
    let source = shell::provide_source();
    shell::listen(page);
    crate::workbench::drive(page);
    crate::editor::Desk::provide(page);
    shell::follow_theme(page);
    shell::follow_width(page);
    let host = Host::attach(page);
    let drops = host.takes_drops();
    view! {
        <div class="page embed" data-stage=move || format!("{:?}", page.stage.get()).to_lowercase()>
            <Head host=host.clone()/>
            <div class="embed-middle">
                {move || match page.stage.get() {
                    Stage::Work => view! { <Work/> }.into_any(),
                    Stage::Sheets => view! { <SheetPage/> }.into_any(),
                    Stage::Compare => view! { <CompareView/> }.into_any(),
                    Stage::Many => view! { <ManyView/> }.into_any(),
                    _ => view! { <Trouble/> }.into_any(),
                }}
            </div>
            // Two runs have a bar of their own.
            <Show when=move || page.stage.get() != Stage::Compare><Transport/></Show>
            <Notices/>
            <shell::SourceDialog source/>
            {drops.then(|| view! { <DropTarget/> })}
        </div>
    }
}

/// A view, and what is in the cursor's step.
#[component]
fn Work() -> impl IntoView {
    let page = Page::get();
    let view = Memo::new(move |_| page.shown_view());
    let title = move || page.document.with(|document| document.as_ref().map(|document| document.file.clone()));
    view! {
        <main class="embed-work" data-view=move || view.get().id()>
            <h1 class="spoken">{title}</h1>
            <section class="panel embed-view" aria-label=move || view.get().name()>
                {move || match view.get() {
                    View::Flow | View::Pipeline => view! { <FlowView/> }.into_any(),
                    View::Timeline => view! { <TimelineView/> }.into_any(),
                    View::Chat => view! { <ChatView/> }.into_any(),
                    View::Table => view! { <TableView/> }.into_any(),
                }}
            </section>
            <section class="panel embed-inspector" aria-label="Inspector"><Inspector/></section>
        </main>
    }
}
