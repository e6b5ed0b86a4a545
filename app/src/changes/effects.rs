//! What the changes do: each scenario of the workbench on both definitions, with both ways side by side and the place
//! where they part.

use crate::state::Page;
use crate::text::count;
use crate::widgets::prose::Prose;
use crate::workbench::run_end;
use chaindebug_core::protocol::{Both, RunEnd, RunError, ScenarioEffect};
use leptos::prelude::*;

/// Steps of a way that are shown around the place where it parts; a loop may go round thousands of times.
const BEFORE: usize = 12;
const AFTER: usize = 28;

/// The effects.
#[component]
pub(super) fn Effects() -> impl IntoView {
    let page = Page::get();
    let changes = page.changes;
    let shown = move || {
        let view = changes.view.get()?;
        let other = view.effects.iter().filter(|effect| !effect.same).count();
        let lines = view.effects.iter().cloned().map(|effect| view! { <Effect effect/> }).collect_view();
        Some(if view.effects.is_empty() {
            let why = if view.note.is_empty() {
                "This pipeline has no scenarios. Write some beside its flowchart, and they are run on both here."
            } else {
                "No scenario was run."
            };
            view! { <p class="nothing">{why}</p> }.into_any()
        } else {
            let chip = format!("{} of {} differ", other, count(view.effects.len() as u64, "scenario"));
            view! {
                <p class="changes-lead"><span class="chip">{chip}</span></p>
                <ul class="changes-list">{lines}</ul>
            }
            .into_any()
        })
    };
    view! {
        <div class="changes-column">
            <section class="changes-group">
                <h2>"What that does to the scenarios"</h2>
                {shown}
            </section>
        </div>
    }
}

#[component]
fn Effect(effect: ScenarioEffect) -> impl IntoView {
    let (character, word, sign) =
        if effect.same { ("✓", "as before", "same") } else { ("≠", "differs", "changed") };
    let Both { a: status_a, b: status_b } = effect.status;
    let (entered_a, entered_b, parted) = (effect.entered_a, effect.entered_b, effect.parted);
    let output = (effect.output.a.is_some() || effect.output.b.is_some()).then(|| {
        let side = |letter: &'static str, value: Option<String>| {
            value.map(|value| view! { <dd class="change-value"><span class="change-letter">{letter}</span><code>{value}</code></dd> })
        };
        view! { <dl class="changes-values"><dt>"output"</dt>{side("A", effect.output.a)}{side("B", effect.output.b)}</dl> }
    });
    let ways = if effect.same {
        view! { <Way letter="both" entered=entered_a parted=None status=status_a error=effect.error.a/> }.into_any()
    } else {
        view! {
            <Way letter="A" entered=entered_a parted status=status_a error=effect.error.a/>
            <Way letter="B" entered=entered_b parted status=status_b error=effect.error.b/>
        }
        .into_any()
    };
    view! {
        <li class="change effect" data-sign=sign>
            <p class="change-line">
                <span class="sign" data-sign=sign aria-hidden="true">{character}</span>
                <b class="change-word">{word}</b>
                <code class="code">{effect.name}</code>
            </p>
            {(!effect.same).then(|| view! { <p class="change-what"><Prose text=effect.said/></p> })}
            {ways}
            {output}
        </li>
    }
}

/// One way as a row of steps, with how it ended.
#[component]
fn Way(
    letter: &'static str,
    entered: Vec<String>,
    /// Position from which on the other way is another.
    parted: Option<u32>,
    status: Option<RunEnd>,
    error: Option<RunError>,
) -> impl IntoView {
    let parted = parted.map(|at| at as usize);
    let from = parted.unwrap_or(0).saturating_sub(BEFORE);
    let to = entered.len().min(parted.unwrap_or(0).saturating_add(AFTER));
    let more =
        |n: usize| (n > 0).then(|| view! { <li class="way-more">{format!("… {}", count(n as u64, "step"))}</li> });
    let (before, after) = (more(from), more(entered.len().saturating_sub(to)));
    let one = |(at, step): (usize, &String)| {
        let other = parted.is_some_and(|parted| at >= parted);
        let here = parted == Some(at);
        view! {
            <li class="way-step" class:other=other>
                {here.then(|| view! { <span class="way-parts">"parts here "</span> })}
                <span class="chip">{step.clone()}</span>
            </li>
        }
    };
    let steps = entered.iter().enumerate().skip(from).take(to.saturating_sub(from)).map(one).collect_view();
    // The shorter of two ways parts at its end.
    let ends = parted.is_some_and(|parted| parted >= entered.len());
    let end = status.map(|status| {
        let (sign, word) = run_end(status);
        let error = error.map(|error| {
            if error.message.is_empty() { error.type_name } else { format!("{}: {}", error.type_name, error.message) }
        });
        view! {
            <li class="way-end" class:other=ends>
                {ends.then(|| view! { <span class="way-parts">"parts here "</span> })}
                {format!("{sign} {word}")}{error.map(|error| format!(" · {error}"))}
            </li>
        }
    });
    view! {
        <div class="way">
            <span class="way-letter">{letter}</span>
            <ol class="way-steps" aria-label=format!("Way of {letter}")>{before}{steps}{after}{end}</ol>
        </div>
    }
}
