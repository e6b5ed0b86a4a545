//! One row of the two trees laid on each other, and the row of sums below them.

use super::marks::{SignMark, mark_word, spoken};
use super::numbers::{cost_delta, large, time_delta, tokens_delta};
use super::tree::Tree;
use crate::state::Page;
use crate::widgets::icons::{Icon, icon};
use crate::widgets::marks::KindTag;
use chaindebug_core::flow::short_name;
use chaindebug_core::model::Nanos;
use chaindebug_core::protocol::{Both, ComparisonView, DiffRow, Mark, Sign};
use leptos::{ev, prelude::*};

/// Depth from which on rows are not indented further.
const DEEPEST: u32 = 12;

/// The number of a step for people; a dash where a side has none.
fn number(step: Option<u32>) -> String {
    step.map_or_else(|| "–".to_owned(), |step| step.saturating_add(1).to_string())
}

/// The cells of a row; empty while the row is on its way.
#[component]
pub(super) fn ItemCells(row: Memo<Option<DiffRow>>, tree: Tree) -> impl IntoView {
    move || {
        let row = row.get()?;
        let whole = tree.page.comparing.view.get();
        let indent = format!("{}px", row.depth.min(DEEPEST) * 13);
        let below = format!("{}px", row.depth.min(DEEPEST) * 13);
        let what = second_line(&row);
        let places = match (row.a, row.b) {
            (Some(a), Some(b)) => format!("step {} in A, step {} in B", a.saturating_add(1), b.saturating_add(1)),
            (Some(a), None) => format!("step {} in A", a.saturating_add(1)),
            (None, Some(b)) => format!("step {} in B", b.saturating_add(1)),
            (None, None) => String::new(),
        };
        Some(view! {
            <div class="diff-row" data-sign=super::marks::word(row.sign) class:two=!what.is_empty() class:folded={row.folded > 0}>
                <span class="at" aria-hidden="true">{number(row.a)}</span>
                <span class="at" aria-hidden="true">{number(row.b)}</span>
                <SignMark sign=row.sign/>
                <span class="diff-name">
                    <span class="indent" style:width=indent></span>
                    <KindTag kind=row.kind/>
                    {twisty(tree, &row)}
                    {name(&row)}
                    {chips(&row)}
                    <span class="spoken">{places}</span>
                </span>
                {quantities(&row, whole.as_deref())}
                {(!what.is_empty()).then(|| view! { <span class="what" title=what.clone() style:padding-left=below>{what.clone()}</span> })}
            </div>
        })
    }
}

/// What differs, or what a folded row stands for.
fn second_line(row: &DiffRow) -> String {
    match row.folded {
        0 => row.what.clone(),
        n => format!("and {} more, the same in both", crate::text::count(u64::from(n), "step")),
    }
}

fn name(row: &DiffRow) -> impl IntoView + use<> {
    let short = short_name(&row.name, row.kind);
    let short = if short.is_empty() { "(no name)".to_owned() } else { short.to_owned() };
    let renamed = (!row.name_b.is_empty()).then(|| format!(" → {}", short_name(&row.name_b, row.kind)));
    let title = if row.name_b.is_empty() { row.name.clone() } else { format!("{} → {}", row.name, row.name_b) };
    view! { <span class="step-name" title=title>{short}{renamed}</span> }
}

/// Marks, and what a closed row holds.
fn chips(row: &DiffRow) -> impl IntoView + use<> {
    let marks = row.marks.iter().filter(|mark| **mark != Mark::Renamed);
    let marks = marks.map(|mark| view! { <span class="chip">{mark_word(*mark)}</span> }).collect_view();
    let inside = (row.inside > 0).then(|| {
        let words = format!("{} inside", crate::text::count(u64::from(row.inside), "difference"));
        view! {
            <span class="chip" title=words.clone()>
                <span aria-hidden="true">{format!("{} ≠", row.inside)}</span>
                <span class="spoken">{words.clone()}</span>
            </span>
        }
    });
    view! { {marks} {inside} }
}

/// Opens and closes; hidden from screen readers, which are told by `aria-expanded` and have the arrow keys.
fn twisty(tree: Tree, row: &DiffRow) -> AnyView {
    if !Tree::opens(row) {
        return ().into_any();
    }
    let (item, open) = (row.item, row.open);
    let title = if open { "Close (←)" } else { "Open (→)" };
    let toggle = move |event: ev::MouseEvent| {
        event.prevent_default();
        tree.set_open(Some(item), !open);
    };
    view! {
        <span class="twist" class:open=open aria-hidden="true" title=title on:click=toggle>{icon(Icon::Chevron)}</span>
    }
    .into_any()
}

/// A cost, marked where a part of it was worked out.
fn about(text: Option<String>, computed: bool) -> Option<String> {
    text.map(|text| if computed { format!("≈{text}") } else { text })
}

#[allow(clippy::cast_precision_loss)] // A share of the whole, which nobody reads to its last digit.
fn quantities(row: &DiffRow, whole: Option<&ComparisonView>) -> AnyView {
    if row.folded > 0 {
        let none = |of: &'static str| view! { <span class="much" data-of=of></span> };
        return view! { {none("time")} {none("tokens")} {none("cost")} }.into_any();
    }
    let time = |both: Both<Nanos>| both.b.unwrap_or_default().0 as f64 - both.a.unwrap_or_default().0 as f64;
    let tokens = |both: Both<u64>| both.b.unwrap_or_default() as f64 - both.a.unwrap_or_default() as f64;
    let money = |both: Both<f64>| both.b.unwrap_or_default() - both.a.unwrap_or_default();
    // What is below a row counts there.
    let own = row.sign != Sign::Same && row.children == 0;
    let of = |by: f64, whole: Option<f64>| own && whole.is_some_and(|whole| large(by, whole));
    let cell = |text: Option<String>, large: bool, word: &'static str| {
        let said = text.as_ref().map(|text| format!("{word} {text}"));
        let text = text.unwrap_or_else(|| "–".to_owned());
        view! {
            <span class="much" class:large=large data-of=word>
                <span aria-hidden="true">{text}</span>
                <span class="spoken">{said}</span>
            </span>
        }
    };
    view! {
        {cell(time_delta(row.time, row.sign), of(time(row.time), whole.map(|w| time(w.time))), "time")}
        {cell(tokens_delta(row.tokens, row.sign), of(tokens(row.tokens), whole.map(|w| tokens(w.tokens))), "tokens")}
        {cell(about(cost_delta(row.cost, row.sign), row.cost_computed), of(money(row.cost), whole.map(|w| money(w.cost))), "cost")}
    }
    .into_any()
}

/// B minus A of the whole.
#[component]
pub(super) fn Totals() -> impl IntoView {
    let page = Page::get();
    move || {
        let whole = page.comparing.view.get()?;
        let dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
        Some(view! {
            <div class="diff-total" role="group" aria-label="B minus A">
                <span class="diff-total-name">"B minus A"</span>
                <span class="much" data-of="time"><span class="spoken">"time "</span>{dash(time_delta(whole.time, Sign::Changed))}</span>
                <span class="much" data-of="tokens"><span class="spoken">"tokens "</span>{dash(tokens_delta(whole.tokens, Sign::Changed))}</span>
                <span class="much" data-of="cost"><span class="spoken">"cost in dollars "</span>{dash(about(cost_delta(whole.cost, Sign::Changed), whole.cost_computed))}</span>
            </div>
        })
    }
}

/// The whole of a row in one sentence, for the list of differences.
pub(super) fn sentence(row: &DiffRow) -> String {
    let what = if row.what.is_empty() { String::new() } else { format!(": {}", row.what) };
    format!("{}, {}, {}{what}", short_name(&row.name, row.kind), row.kind.name(), spoken(row.sign))
}
