//! The frame around the views: top bar, panels and their handles, foot, menus, dialogs, and the pages that stand in
//! for the views when there is nothing to view.

mod controls;
mod diagnostics;
pub(crate) mod dialog;
mod files_menu;
mod foot;
mod help;
pub(crate) mod link;
mod menu;
mod notices;
mod opening;
mod problems;
mod requests;
mod runs_menu;
mod source;
mod splitter;
mod start;
mod tabs;
mod top;
mod trouble;
mod work;

pub(crate) use controls::{listen, typing};
pub(crate) use diagnostics::Diagnostics;
pub(crate) use link::now as address_now;
pub(crate) use link::settle;
pub(crate) use link::{described, land_on};
pub(crate) use menu::{Menu, MenuOpen};
pub(crate) use notices::Notices;
pub(crate) use opening::OpeningCard;
pub(crate) use source::{SourceDialog, provide_source};
pub(crate) use top::{Mark, badge};

use crate::changes::ChangesView;
use crate::compare::CompareView;
use crate::install::Install;
use crate::intake::{DropTarget, FileDialogs, listen_for_paste};
use crate::learn::{FeedbackDialog, Learn, LessonStrip};
use crate::many::ManyView;
use crate::open_from::{OpenFrom, OpenFromDialog};
use crate::reading::{MappingDialog, PricesDialog, VerdictDialog};
use crate::share::{Share, ShareDialog};
use crate::sheet::SheetPage;
use crate::state::{Page, Stage, Theme};
use leptos::prelude::*;

/// The whole page.
#[component]
pub(crate) fn Shell() -> impl IntoView {
    let page = Page::new();
    provide_context(page);
    page.load_engine();
    page.load_gallery();
    let source = source::provide_source();
    let requests = requests::provide_requests(page);
    controls::listen(page);
    listen_for_paste(page);
    crate::workbench::drive(page);
    crate::editor::Desk::provide(page);
    Learn::provide(page);
    Share::provide(page);
    link::follow(page);
    Install::provide(page);
    OpenFrom::provide();
    page.open_kept();
    follow_theme(page);
    follow_width(page);
    crate::embed::receive(page);
    view! {
        <div class="page" data-stage=move || format!("{:?}", page.stage.get()).to_lowercase()>
            <top::TopBar/>
            <LessonStrip/>
            <div class="middle-of-page">
                {move || match page.stage.get() {
                    Stage::Empty => view! { <start::StartPage/> }.into_any(),
                    Stage::Opening => view! { <opening::OpeningPage/> }.into_any(),
                    Stage::Crashed => view! { <trouble::CrashedPage/> }.into_any(),
                    Stage::Sheets => view! { <SheetPage/> }.into_any(),
                    Stage::Unreadable => view! { <trouble::UnreadablePage/> }.into_any(),
                    Stage::NoSteps => view! { <trouble::NoStepsPage/> }.into_any(),
                    Stage::Compare => view! { <CompareView/> }.into_any(),
                    Stage::Many => view! { <ManyView/> }.into_any(),
                    Stage::Changes => view! { <ChangesView/> }.into_any(),
                    Stage::Work => view! { <work::Work/> }.into_any(),
                }}
            </div>
            <problems::Problems/>
            <foot::Foot requests/>
            <notices::Notices/>
            <p class="spoken" aria-live="polite" role="status">
                {move || if page.comparing.pair.with(Option::is_some) {
                    page.comparing.cursor.with(|cursor| cursor.as_ref().map(|cursor| cursor.spoken.clone()))
                } else {
                    page.cursor.with(|cursor| cursor.as_ref().map(|cursor| cursor.spoken.clone()))
                }}
            </p>
            <help::Help/>
            <FeedbackDialog/>
            <source::SourceDialog source/>
            <VerdictDialog/>
            <MappingDialog/>
            <PricesDialog/>
            <OpenFromDialog/>
            <ShareDialog/>
            <FileDialogs/>
            <DropTarget/>
        </div>
    }
}

/// Keeps `data-theme` on the root element: the style sheet and the first paint read it there.
pub(crate) fn follow_theme(page: Page) {
    Effect::new(move |_| {
        let theme = page.theme.get();
        let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element());
        if let Some(root) = root {
            let _ = match theme {
                Theme::System => root.remove_attribute("data-theme"),
                theme => root.set_attribute("data-theme", theme.id()),
            };
        }
    });
}

/// Keeps `Page::narrow` with the window's width.
pub(crate) fn follow_width(page: Page) {
    let Some(query) = web_sys::window().and_then(|w| w.match_media("(max-width: 899.98px)").ok().flatten()) else {
        return;
    };
    page.narrow.set(query.matches());
    let changed = wasm_bindgen::closure::Closure::<dyn FnMut(web_sys::MediaQueryListEvent)>::new(
        move |event: web_sys::MediaQueryListEvent| page.narrow.set(event.matches()),
    );
    query.set_onchange(Some(wasm_bindgen::JsCast::unchecked_ref(changed.as_ref())));
    // Both live as long as the page.
    let kept = StoredValue::new_local((query, changed));
    on_cleanup(move || kept.with_value(|(query, _)| query.set_onchange(None)));
}
