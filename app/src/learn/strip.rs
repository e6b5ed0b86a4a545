//! The row below the top bar that shows a stop of a lesson. It is a part of the page and lies over nothing, so keys and
//! pointer go where they always go, and what it speaks of stays in sight.

use super::lessons::{Lesson, MEND, TOUR};
use super::state::Learn;
use crate::samples::Gallery;
use crate::widgets::icons::{Icon, icon};
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast as _;

/// A text with its keys set apart.
fn keyed(text: &'static str) -> impl IntoView {
    text.split('`')
        .enumerate()
        .map(|(at, piece)| if at % 2 == 1 { view! { <kbd>{piece}</kbd> }.into_any() } else { piece.into_any() })
        .collect_view()
}

/// The place of the strip: empty while no lesson is shown.
#[component]
pub(crate) fn LessonStrip() -> impl IntoView {
    let learn = Learn::get();
    let lesson = Memo::new(move |_| learn.lesson().filter(|_| Learn::offered()));
    view! { <div class="learn-slot">{move || lesson.get().map(|lesson| view! { <Strip lesson/> })}</div> }
}

#[component]
fn Strip(lesson: &'static Lesson) -> impl IntoView {
    let learn = Learn::get();
    let node = NodeRef::<html::Section>::new();
    let stop = Memo::new(move |_| learn.kept.with(|kept| kept.next(lesson)));
    let now = move || stop.get().and_then(|at| lesson.stops.get(at));
    let away = Memo::new(move |_| now().is_some_and(|stop| !learn.is_at(stop)));
    // Whoever begins a lesson pressed a button that is gone by then.
    Effect::new(move |_| {
        if let Some(strip) = node.get().filter(|_| learn.focus.get_value()) {
            learn.focus.set_value(false);
            let _ = strip.focus();
        }
    });
    let leave = move || {
        learn.leave();
        let help = web_sys::window().and_then(|w| w.document()?.query_selector(".menu-help button").ok()?);
        if let Some(help) = help.and_then(|help| help.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = help.focus();
        }
    };
    // The button goes with the last stop, and must not take the focus along.
    let skip = move |_| {
        learn.skip();
        if let Some(strip) = node.get_untracked().filter(|_| stop.get_untracked().is_none()) {
            let _ = strip.focus();
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            leave();
        }
    };
    let title = move |id: &str| match learn.page.gallery.get() {
        Gallery::Ready(samples) => samples.into_iter().find(|sample| sample.id == id).map(|sample| sample.title),
        _ => None,
    };
    let open = move || {
        let title = now().and_then(|stop| title(stop.sample)).unwrap_or_else(|| "the sample".to_owned());
        format!("Open “{title}”")
    };
    let main = move |_| match now() {
        None if lesson == TOUR => learn.start(MEND),
        None => leave(),
        Some(_) if away.get_untracked() => learn.open_sample(),
        Some(stop) => (stop.act)(learn.page, learn.desk),
    };
    let main_word = move || match now() {
        None if lesson == TOUR => "Break and mend one".to_owned(),
        None => "Close".to_owned(),
        Some(_) if away.get() => open(),
        Some(_) => "Show me".to_owned(),
    };
    let task = move || match now() {
        None => view! { <span>{lesson.end}</span> }.into_any(),
        Some(stop) => {
            let narrow =
                (learn.page.narrow.get() && !stop.narrow.is_empty()).then(|| view! { " " {keyed(stop.narrow)} });
            let task = if away.get() {
                view! { "The next stop is on a sample." }.into_any()
            } else {
                view! { {keyed(stop.task)} {narrow} }.into_any()
            };
            view! { <b>{stop.title} "."</b> " " {task} }.into_any()
        }
    };
    let place = move || match stop.get() {
        Some(at) => format!("{} · {} of {}", lesson.title, at + 1, lesson.stops.len()),
        None => {
            format!("{} · {} of {} done", lesson.title, learn.kept.with(|kept| kept.count(lesson)), lesson.stops.len())
        }
    };
    let dots = lesson.stops.iter().enumerate().map(|(at, each)| {
        view! { <i data-mark=move || learn.kept.with(|kept| kept.mark(each)) class:now=move || stop.get() == Some(at)></i> }
    });
    view! {
        <section
            class="learn"
            tabindex="-1"
            aria-label=lesson.title
            node_ref=node
            on:keydown=keys
            data-stop=move || now().filter(|_| !away.get()).map(|stop| stop.id)
        >
            <p class="learn-place">
                <span>{place}</span>
                <span class="learn-dots" aria-hidden="true">{dots.collect_view()}</span>
            </p>
            <div class="learn-says" role="status">
                {move || learn.fresh.get().map(|seen| view! { <p class="learn-seen">{icon(Icon::Check)} <span>{keyed(seen)}</span></p> })}
                <p class="learn-task">{task}</p>
            </div>
            <div class="learn-acts">
                <button class=move || if away.get() || now().is_none() { "primary" } else { "edged" } on:click=main>{main_word}</button>
                <Show when=move || now().is_some()><button class="subtle" on:click=skip>"Skip"</button></Show>
                <button class="subtle learn-close" title="Leave; it goes on from here another time (Esc)" aria-label=format!("Leave: {}", lesson.title) on:click=move |_| leave()>
                    {icon(Icon::Close)}
                </button>
            </div>
        </section>
    }
}
