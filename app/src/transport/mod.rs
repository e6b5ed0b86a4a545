//! The bar that moves the cursor: steps with their keys, playing, the scrubber, where one stands.

mod pace;
mod player;
mod scrubber;

use crate::state::Page;
use crate::widgets::format::count;
use crate::widgets::walk::{Walk, walk_button};
use chaindebug_core::protocol::{Command, Phase};
use leptos::prelude::*;
use pace::Pace;
use player::Player;
pub(crate) use scrubber::Scrubber;

/// The bar.
#[component]
pub(crate) fn Transport() -> impl IntoView {
    let page = Page::get();
    let player = Player::new(page);
    let ends = Memo::new(move |_| {
        page.cursor.with(|cursor| {
            cursor.as_ref().filter(|c| c.moments > 0).map(|c| (c.moment == 0, c.moment + 1 >= c.moments))
        })
    });
    let at_first = move || ends.get().is_none_or(|ends| ends.0);
    let at_last = move || ends.get().is_none_or(|ends| ends.1);
    let errors = Memo::new(move |_| page.cursor.with(|cursor| cursor.as_ref().map_or((0, 0), |c| c.errors)));
    let no_next_error = move || errors.get().0 <= errors.get().1;
    let button = move |words: &'static str, key: &'static str, title: &'static str, command: Command| {
        move |off: Signal<bool>| {
            view! {
                <button type="button" title=title aria-disabled=move || off.get().to_string() on:click=move |_| page.command(command)>
                    <span>{(words == "error").then(|| view! { <span class="wide">"next "</span> })} {words}</span>
                    <kbd>{key}</kbd>
                </button>
            }
        }
    };
    let walk =
        move |walk: Walk,
              label: &'static str,
              key: &'static str,
              command: Command,
              off: Signal<bool>,
              class: &'static str| { walk_button(walk, label, key, off, class, move || page.command(command)) };
    // A dry run is flat, and what happens between its steps is what is looked for.
    let bench = Memo::new(move |_| page.workbench.bench.with(Option::is_some));
    let moments = Memo::new(move |_| page.workbench.decisions());
    let decides = Memo::new(move |_| moments.with(|moments| !moments.is_empty()));
    let now = Memo::new(move |_| page.cursor.with(|cursor| cursor.as_ref().map(|cursor| cursor.moment)));
    let decision = move |words: &'static str, key: &'static str, forward: bool| {
        let off = move || {
            let Some(now) = now.get() else { return true };
            moments.with(|all| !all.iter().any(|&moment| if forward { moment > now } else { moment < now }))
        };
        let (long, short) = words.split_once(' ').unwrap_or((words, ""));
        view! {
            <button type="button" title=format!("{words} of the engine") aria-disabled=move || off().to_string()
                on:click=move |_| { page.workbench.go_to_decision(page, forward); }>
                <span>
                    <span class="wide">{format!("{long} ")}</span>
                    <span class="slim" aria-hidden="true">{if forward { "" } else { "‹ " }}</span>
                    {short}
                    <span class="slim" aria-hidden="true">{if forward { " ›" } else { "" }}</span>
                </span>
                <kbd>{key}</kbd>
            </button>
        }
    };
    let change = move |_| page.workbench.edit_here(page);
    let first = Signal::derive(at_first);
    let last = Signal::derive(at_last);
    let no_error = Signal::derive(no_next_error);
    view! {
        <div class="transport" role="group" aria-label="Move the cursor">
            <div class="group walk">
                {walk(Walk::First, "First moment (Home)", "", Command::First, first, "edge")}
                {walk(Walk::Back, "Back one moment (b)", "b", Command::Back, first, "")}
                {walk(Walk::Forward, "Forward one moment (n)", "n", Command::Forward, last, "main")}
                {walk(Walk::Last, "Last moment (End)", "", Command::Last, last, "edge")}
            </div>
            <Show when=move || decides.get()>
                <div class="group decisions">{decision("previous decision", "⇧ x", false)} {decision("next decision", "x", true)}</div>
            </Show>
            <Show when=move || bench.get()>
                <div class="group amend"><button type="button" title="Edit what stands in for the code of the cursor's step" on:click=change>"change a value here…"</button></div>
            </Show>
            <div class="group inner" hidden=move || bench.get()>
                {button("into", "i", "Into the step (i)", Command::Into)(last)}
                {button("over", "v", "Over the step (v), back over with Shift", Command::Over)(last)}
                {button("out", "o", "Out of the step (o)", Command::Out)(last)}
            </div>
            <div class="group errors">
                {button("error", "e", "Next error (e), previous with Shift", Command::NextError)(no_error)}
            </div>
            <div class="group play">
                <PlayButton player=player />
                <PaceChoice player=player />
            </div>
            <Scrubber page=page />
            <Where page=page />
        </div>
    }
}

/// Plays and pauses.
#[component]
fn PlayButton(
    /// What plays.
    player: Player,
) -> impl IntoView {
    let playing = player.page.playing;
    view! {
        <button
            type="button"
            class="play-button"
            aria-pressed=move || playing.get().to_string()
            title="Play or pause (Space)"
            on:click=move |_| playing.update(|playing| *playing = !*playing)
        >
            <svg width="12" height="12" viewBox="0 0 12 12" fill="currentColor" aria-hidden="true">
                <path d=move || if playing.get() { "M2 1h3v10H2zM7 1h3v10H7z" } else { "M3 1v10l7-5z" } />
            </svg>
            <span class="wide">{move || if playing.get() { "pause" } else { "play" }}</span>
        </button>
    }
}

/// How fast it plays.
#[component]
fn PaceChoice(
    /// What plays.
    player: Player,
) -> impl IntoView {
    let choose = move |event| {
        if let Some(pace) = Pace::from_id(&event_target_value(&event)) {
            player.set_pace(pace);
        }
    };
    view! {
        <select class="pace" aria-label="Speed" title="How fast it plays" on:change=choose prop:value=move || player.pace.get().id()>
            {Pace::ALL
                .into_iter()
                .map(|pace| {
                    view! {
                        <option value=pace.id() selected=move || player.pace.get() == pace>
                            {pace.words()}
                        </option>
                    }
                })
                .collect_view()}
        </select>
    }
}

/// Where the cursor stands, in words.
#[component]
fn Where(
    /// The page.
    page: Page,
) -> impl IntoView {
    let words = Memo::new(move |_| {
        page.cursor.with(|cursor| {
            let Some(cursor) = cursor.as_ref() else { return (String::new(), String::new()) };
            if cursor.moments == 0 {
                return ("no moments".to_owned(), String::new());
            }
            let phase = match cursor.phase {
                Phase::Enter => "enter",
                Phase::Exit => "exit",
            };
            let (at, of) = (count(u64::from(cursor.moment) + 1), count(u64::from(cursor.moments)));
            (format!("moment {at} of {of} · {phase}"), cursor.name.clone())
        })
    });
    // As wide as its widest, so that nothing beside it moves while it counts.
    let room = move || page.cursor.with(|c| c.as_ref().map_or(0, |c| count(u64::from(c.moments)).len()));
    view! {
        <span class="where" style:min-width=move || format!("{}ch", 18 + 2 * room())>
            {move || words.with(|words| words.0.clone())}
            <span class="where-name">{move || words.with(|words| words.1.clone())}</span>
        </span>
        <span class="spoken" role="status">{move || {
            // Said aloud when one steps; while playing it would never end.
            if page.playing.get() { String::new() } else { page.cursor.with(|c| c.as_ref().map(|c| c.spoken.clone()).unwrap_or_default()) }
        }}</span>
    }
}
