//! What stands above the tabs' content: the title, the tiles, the error, what is odd about the step.

use super::lines::Lines;
use super::opened::{Opened, Wanted, open};
use crate::reading::{Asked, Reading};
use crate::state::Page;
use crate::text::bare_name;
use crate::widgets::fold::{Fold, cut_at};
use crate::widgets::format::{cost, count, duration, duration_exact, marked, offset, things, usage};
use crate::widgets::marks::{KindTag, StatusMark};
use crate::widgets::prose::Prose;
use chaindebug_core::model::{Error, Status};
use chaindebug_core::protocol::{Part, StepLink, StepView, ValueInfo};
use leptos::prelude::*;

/// Everything above the values.
#[component]
pub(super) fn Head(
    /// The step or node.
    step: StepView,
) -> impl IntoView {
    let detail = (!step.detail.is_empty()).then(|| view! { <span class="detail">{step.detail.clone()}</span> });
    let status = step.status.map(|status| view! { <StatusMark status=status word=true /> });
    let stack = step.values.iter().find(|v| matches!(v.part, Part::Stack { .. })).map(|v| v.part.clone());
    let error = step.error.clone().map(|error| view! { <ErrorBox error=error stack=stack /> });
    let notes = notes(&step);
    view! {
        <div class="step-head">
            <h2 class="step-title">
                <KindTag kind=step.kind />
                <span class="step-name" title=step.name.clone()>{step.name.clone()}</span>
                {detail}
                {status}
            </h2>
            {tiles(&step)}
            {error}
            {notes}
            {facts(&step)}
            {links(&step)}
        </div>
    }
}

fn tile(label: &'static str, text: impl IntoView + 'static, title: String) -> AnyView {
    let wide = matches!(label, "model" | "tokens" | "times" | "called by");
    view! {
        <div class="tile" class:wide=wide title=(!title.is_empty()).then_some(title)>
            <dt>{label}</dt>
            <dd>{text}</dd>
        </div>
    }
    .into_any()
}

fn tiles(step: &StepView) -> impl IntoView + use<> {
    let (page, reading) = (Page::get(), Reading::get());
    let mut tiles = Vec::new();
    if step.status.is_some() {
        let running = step.status == Some(Status::Running);
        match step.start {
            Some(start) => tiles.push(tile("started", offset(start), step.started.clone().unwrap_or_default())),
            // A dry run takes no time.
            None if step.duration.is_none() && page.of_a_dry_run() => {}
            None if step.duration.is_none() => tiles.push(tile("times", missing(), String::new())),
            None => tiles.push(tile("started", missing(), String::new())),
        }
        match step.duration {
            Some(took) => tiles.push(tile("took", duration(took), duration_exact(took))),
            None if running => tiles.push(tile("took", "not ended", String::new())),
            None if step.start.is_none() => {}
            None => tiles.push(tile("took", missing(), String::new())),
        }
    }
    let (visit, visits) = step.visit;
    if visits > 1 {
        tiles.push(tile(
            "visit",
            format!("{} of {}", count(u64::from(visit)), count(u64::from(visits))),
            String::new(),
        ));
    }
    if let Some((parent, name)) = step.parent.clone() {
        let go = move |_| page.select_step(parent);
        let link = view! { <button type="button" class="link" title=format!("Go to {name}") on:click=go>{bare_name(&name).to_owned()}</button> };
        tiles.push(tile("called by", link, String::new()));
    }
    if !step.model.is_empty() {
        tiles.push(tile("model", step.model.clone(), step.model.clone()));
    }
    if let Some(tokens) = step.usage.tokens() {
        let split = match (step.usage.input, step.usage.output) {
            (Some(input), Some(output)) => format!("{} in · {} out", count(input), count(output)),
            _ => count(tokens),
        };
        tiles.push(tile("tokens", split, usage(&step.usage)));
    }
    match step.usage.cost {
        Some(dollars) if step.usage.computed => {
            tiles.push(tile("cost", marked(dollars, true), untrack(|| reading.mark_title(page))));
        }
        Some(dollars) => tiles.push(tile("cost", cost(dollars), format!("${dollars}"))),
        // On request only, and only where there is something to work it out from.
        None if step.usage.tokens().is_some() && !step.model.is_empty() && !step.usage_repeated => {
            let ask = move |_| reading.ask(Asked::Prices);
            let button = view! { <button type="button" class="link" on:click=ask>"work out…"</button> };
            tiles.push(tile(
                "cost",
                button,
                "The file states no cost. It can be worked out from tokens and prices.".to_owned(),
            ));
        }
        None => {}
    }
    (!tiles.is_empty()).then(|| view! { <dl class="tiles">{tiles}</dl> })
}

fn missing() -> impl IntoView {
    view! { <span class="missing">"not in this file"</span> }
}

#[component]
fn ErrorBox(error: Error, stack: Option<Part>) -> impl IntoView {
    let kind = if error.kind.is_empty() { "Error".to_owned() } else { error.kind.clone() };
    let message = error.message.clone();
    let frames = error.stack.lines().filter(|l| !l.trim().is_empty()).count();
    let size = things(frames as u64, "line");
    let stack = (frames > 0).then(|| {
        let text = StoredValue::new(error.stack.clone());
        let last = crate::widgets::fold::first_line(
            error.stack.lines().rev().find(|l| l.contains(char::is_alphanumeric)).unwrap_or_default(),
        );
        // What came along with the step may be shortened; the part is the whole.
        let whole = stack.clone();
        view! {
            <Fold label="Stack" glimpse=last size=size>
                {match whole.clone() {
                    Some(part) => view! { <WholeText part=part fallback=text label="Stack" /> }.into_any(),
                    None => view! { <pre class="plain" tabindex="0">{text.get_value()}</pre> }.into_any(),
                }}
            </Fold>
        }
    });
    view! {
        <div class="error-box" role="group" aria-label="Error">
            <p class="error-text"><b>{kind}</b> " " <LongText text=message /></p>
            {stack}
        </div>
    }
}

/// A text that is opened whole, with what is known of it already until then.
#[component]
fn WholeText(part: Part, fallback: StoredValue<String>, label: &'static str) -> impl IntoView {
    let page = Page::get();
    let opened = open(page, Signal::derive(move || Some(Wanted::Part(part.clone()))), Signal::derive(|| true));
    move || match opened.get() {
        Opened::Ready(ValueInfo { text: Some(text), .. }) => {
            view! { <pre class="plain" tabindex="0">{text}</pre> }.into_any()
        }
        Opened::Ready(info) => view! { <Lines info=info label=label wrap=Signal::derive(|| false) /> }.into_any(),
        Opened::Opening | Opened::Refused(_) => {
            view! { <pre class="plain" tabindex="0">{fallback.get_value()}</pre> }.into_any()
        }
    }
}

/// A text whose tail is hidden when it is long, and shown by a click.
#[component]
pub(crate) fn LongText(text: String) -> impl IntoView {
    let Some(at) = cut_at(&text) else {
        return view! { <span class="text">{text}</span> }.into_any();
    };
    let open = RwSignal::new(false);
    let head = text.get(..at).unwrap_or_default().to_owned();
    let more = format!("show {} more", crate::widgets::format::bytes((text.len() - at) as u64));
    view! {
        <span class="text">{move || if open.get() { text.clone() } else { format!("{head}…") }}</span>
        " "
        <button type="button" class="link" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|o| *o = !*o)>
            {move || if open.get() { "show less".to_owned() } else { more.clone() }}
        </button>
    }
    .into_any()
}

fn notes(step: &StepView) -> impl IntoView + use<> {
    let mut notes = step.notes.clone();
    if step.usage_repeated {
        notes.push("These tokens repeat what steps below state, so sums leave them out.".to_owned());
    }
    if step.unknown_attributes > 0 {
        let n = u64::from(step.unknown_attributes);
        notes.push(format!("{} not understood: under Attributes as in the file.", things(n, "attribute")));
    }
    (!notes.is_empty()).then(|| {
        let notes = notes.into_iter().map(|note| view! { <li><Prose text=note/></li> }).collect_view();
        view! { <ul class="notes">{notes}</ul> }
    })
}

fn facts(step: &StepView) -> impl IntoView + use<> {
    (!step.facts.is_empty()).then(|| {
        let one = |fact: &chaindebug_core::model::Fact| {
            view! { <div class="fact"><dt>{fact.label.clone()}</dt><dd title=fact.text.clone()><Prose text=fact.text.clone()/></dd></div> }
        };
        let facts = step.facts.iter().map(one).collect_view();
        view! { <dl class="facts">{facts}</dl> }
    })
}

fn links(step: &StepView) -> impl IntoView + use<> {
    let page = Page::get();
    (!step.links.is_empty()).then(|| {
        let one = |link: &StepLink| {
            let name = if link.name.is_empty() { link.step_id.clone() } else { link.name.clone() };
            let here = page.run.get_untracked().map(|run| run.run);
            let what = match link.target {
                Some((run, target)) if Some(run) == here => {
                    let go = move |_| page.select_step(target);
                    view! { <button type="button" class="link" on:click=go>{name}</button> }.into_any()
                }
                Some(_) => view! { <span>{name} " in another run"</span> }.into_any(),
                None => view! { <span class="missing">{name} " (not in this file)"</span> }.into_any(),
            };
            view! { <li>{what}</li> }
        };
        let links = step.links.iter().map(one).collect_view();
        view! { <div class="links"><h3>"Linked steps"</h3><ul>{links}</ul></div> }
    })
}
