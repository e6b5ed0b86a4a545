//! The bar at the top: brand, what is open, search, sharing, keys, theme.

use super::{files_menu::FilesMenu, help::HelpMenu, runs_menu::RunsMenu};
use crate::changes::ChangesEnd;
use crate::compare::{CompareBar, CompareEnd, CompareMenu};
use crate::many::{ManyButton, ManyEnd};
use crate::reading::{Asked, Reading};
use crate::search::SearchBox;
use crate::share::Share;
use crate::state::{Page, Stage, Theme};
use crate::workbench::TargetChoice;
use chaindebug_core::{dialect::Dialect, protocol::DocumentView};
use leptos::prelude::*;

/// The mark beside the name.
#[component]
pub(crate) fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" width="18" height="18" viewBox="0 0 18 18" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">
            <circle cx="4" cy="4" r="2.4"/>
            <circle cx="14" cy="9" r="2.4"/>
            <circle cx="4" cy="14" r="2.4"/>
            <path d="M6 5l5.6 3M6 13l5.6-3"/>
        </svg>
    }
}

/// Format and dialects in a few words.
pub(crate) fn badge(document: &DocumentView) -> String {
    let mut words = vec![document.label.as_str()];
    words.extend(document.dialects.iter().map(|name| Dialect::label(name)));
    words.retain(|word| !word.is_empty());
    words.join(" · ")
}

#[component]
fn ThemeButton() -> impl IntoView {
    let page = Page::get();
    let word = move || match page.theme.get() {
        Theme::System => "System",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    };
    let label = move || format!("Theme: {}. Press for the next.", word().to_lowercase());
    let path = move || match page.theme.get() {
        Theme::System => "M7 1.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11v11",
        Theme::Light => {
            "M7 4.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M7 .8v1.4M7 11.8v1.4M.8 7h1.4M11.8 7h1.4M2.6 2.6l1 1M10.4 10.4l1 1M11.4 2.6l-1 1M3.6 10.4l-1 1"
        }
        Theme::Dark => "M11.9 8.6A5.2 5.2 0 0 1 5.4 2.1a5.2 5.2 0 1 0 6.5 6.5z",
    };
    // The half-filled disc is an outline with one half on it.
    let half = move || if page.theme.get() == Theme::System { "M7 1.5v11a5.5 5.5 0 0 0 0-11z" } else { "" };
    let filled = move || if page.theme.get() == Theme::Dark { "currentColor" } else { "none" };
    view! {
        <button class="subtle theme" aria-label=label title=label on:click=move |_| page.set_theme(page.theme.get_untracked().next())>
            <svg width="14" height="14" viewBox="0 0 14 14" stroke="currentColor" stroke-width="1.3" fill=filled aria-hidden="true">
                <path d=path/>
                <path d=half fill="currentColor"/>
            </svg>
            <span class="theme-word">{word}</span>
        </button>
    }
}

/// The bar.
#[component]
pub(super) fn TopBar() -> impl IntoView {
    let page = Page::get();
    let reading = Reading::get();
    let share = Share::get();
    let any = move || page.groups.with(|groups| !groups.is_empty());
    let shown = Memo::new(move |_| page.subject.with(Option::is_some));
    let bench = Memo::new(move |_| page.workbench.bench.with(Option::is_some));
    let compare = Memo::new(move |_| page.stage.get() == Stage::Compare);
    let work = Memo::new(move |_| page.stage.get() == Stage::Work);
    let badge = Memo::new(move |_| page.document.with(|document| document.as_ref().map(|document| badge(document))));
    view! {
        <header class="top" class:top-open=shown class:top-bench=move || bench.get() class:top-compare=compare>
            <button class="brand" title="Start page" on:click=move |_| page.show_start()>
                <Mark/>
                <span class="brand-name">"ChainDebug"</span>
            </button>
            <Show when=move || compare.get()><CompareBar/></Show>
            <Show when=move || !compare.get()>
                <Show when=any fallback=|| view! { <span class="motto">"the debugger for runs that already happened"</span> }>
                    <FilesMenu/>
                </Show>
                <Show when=move || badge.with(|badge| badge.as_ref().is_some_and(|badge| !badge.is_empty()))>
                    <button
                        class="badge"
                        aria-haspopup="dialog"
                        aria-label=move || format!("How it was read: {}", badge.get().unwrap_or_default())
                        title="How it was read, and as what else it could be"
                        on:click=move |_| reading.ask(Asked::Verdict)
                    >{move || badge.get()}</button>
                </Show>
                <RunsMenu/>
            </Show>
            <Show when=move || bench.get()><TargetChoice/></Show>
            <Show when=move || work.get() || compare.get() fallback=|| view! { <span class="push"></span> }>
                <div class="top-search"><SearchBox/></div>
            </Show>
            <Show when=move || work.get()><ManyButton/></Show>
            <Show when=move || work.get() || page.stage.get() == Stage::NoSteps><CompareMenu/></Show>
            {move || match page.stage.get() {
                Stage::Compare => Some(view! { <CompareEnd/> }.into_any()),
                Stage::Many => Some(view! { <ManyEnd/> }.into_any()),
                Stage::Changes => Some(view! { <ChangesEnd/> }.into_any()),
                _ => None,
            }}
            <Show when=move || work.get() || compare.get() || page.stage.get() == Stage::Many>
                <button class="edged" aria-haspopup="dialog" on:click=move |_| share.show()>"Share"</button>
            </Show>
            <HelpMenu/>
            <ThemeButton/>
        </header>
    }
}
