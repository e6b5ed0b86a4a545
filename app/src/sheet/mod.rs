//! A document that holds tables and nothing to step through: benchmarks, and their comparison with what became worse
//! marked. Sorting is the engine's; the shape of a number is in `number`.

mod number;

use crate::intake::open_file_dialog;
use crate::shell::Diagnostics;
use crate::state::Page;
use crate::text::grouped;
use crate::widgets::icons::{Icon, icon};
use crate::widgets::prose::Prose;
use chaindebug_core::model::{Cell, Column, Mark};
use chaindebug_core::protocol::{Answer, Request, SheetSummary, SheetView};
use leptos::{prelude::*, task::spawn_local};
use number::brief;

/// Rows that are asked for at once.
const ROWS: u32 = 500;

/// By which column, and whether the largest comes first.
type Order = Option<(u32, bool)>;

/// The page of such a document.
#[component]
pub(crate) fn SheetPage() -> impl IntoView {
    let page = Page::get();
    let shown = move || {
        page.document.get().map(|document| {
            let names = if document.files.is_empty() { document.file.clone() } else { document.files.join(" and ") };
            let explanation = document.explanation.clone();
            let any = !document.diagnostics.is_empty();
            let sheets = (0..).zip(document.sheets.clone());
            // Of two files of benchmarks, which table is whose.
            let mut files = document.files.iter().filter(|_| document.sheets.len() > document.files.len());
            let sheets = sheets.map(|(at, summary)| {
                let of = (summary.name == "Benchmarks").then(|| files.next().cloned()).flatten();
                view! { <Table at=at summary=summary of=of.unwrap_or_default()/> }
            });
            let sheets = sheets.collect_view();
            let alone = document.files.len() < 2 && document.sheets.iter().any(|sheet| sheet.name == "Benchmarks");
            view! {
                <header class="sheets-head">
                    <h1><span class="file-name">{names}</span></h1>
                    <p class="dim"><Prose text=explanation/></p>
                    {alone.then(|| view! {
                        <p class="sheets-hint">
                            "Drop a second file of benchmarks, and the two are compared by name. "
                            <button type="button" class="link" on:click=|_| open_file_dialog()>"Open it…"</button>
                        </p>
                    })}
                </header>
                {any.then(|| view! { <Diagnostics document/> })}
                {sheets}
            }
        })
    };
    view! { <main class="plain-page sheets">{shown}</main> }
}

/// The sign of a mark, its word, and its tone.
fn sign(mark: Mark) -> Option<(&'static str, &'static str, &'static str)> {
    match mark {
        Mark::None => None,
        Mark::Better => Some(("✓", "better", "good")),
        Mark::Worse => Some(("✗", "worse", "bad")),
        Mark::Unchanged => Some(("=", "unchanged", "quiet")),
    }
}

/// The order after a press on a column: numbers begin with the largest, words with the first; then turned round, then as
/// in the file.
fn next_order(now: Order, column: u32, numeric: bool) -> Order {
    match now {
        Some((at, descending)) if at == column && descending == numeric => Some((column, !descending)),
        Some((at, _)) if at == column => None,
        _ => Some((column, numeric)),
    }
}

/// One table.
#[component]
fn Table(
    /// Its position in the document.
    at: u32,
    /// What is known of it.
    summary: SheetSummary,
    /// The file it is from, where there are several; else empty.
    of: String,
) -> impl IntoView {
    let page = Page::get();
    let order = RwSignal::new(None::<(u32, bool)>);
    let wanted = RwSignal::new(ROWS);
    let table = RwSignal::new(None::<SheetView>);
    let failed = RwSignal::new(String::new());
    Effect::new(move |_| {
        let Some(subject) = page.subject.get() else { return };
        let (order, count) = (order.get(), wanted.get());
        let (sort, descending) = (order.map(|order| order.0), order.is_some_and(|order| order.1));
        spawn_local(async move {
            let request = Request::Sheet { document: subject.document, sheet: at, sort, descending, from: 0, count };
            match page.ask_of(subject.group, request).await {
                Ok(Answer::Sheet(view)) => drop(table.try_set(Some(view))),
                Ok(_) => {}
                Err(failure) => drop(failed.try_set(failure.to_string())),
            }
        });
    });
    let press = Callback::new(move |(column, numeric)| order.update(|now| *now = next_order(*now, column, numeric)));
    let rows = grouped(u64::from(summary.rows));
    let of = if of.is_empty() { of } else { format!(" of {of}") };
    let caption = format!("{}{of}, {rows} {}", summary.name, if summary.rows == 1 { "row" } else { "rows" });
    let label = caption.clone();
    let more = move || table.with(|table| table.as_ref().is_some_and(|t| (t.rows.len() as u64) < u64::from(t.total)));
    view! {
        <section class="sheets-table">
            <h2>{caption}</h2>
            <div class="sheets-scroll" tabindex="0" role="region" aria-label=label>
                {move || table.with(|table| table.as_ref().map(|table| grid(table, order, press)))}
            </div>
            {move || Some(failed.get()).filter(|why| !why.is_empty()).map(|why| view! { <p class="sheets-hint" role="alert">{why}</p> })}
            <Show when=more>
                <button type="button" class="edged" on:click=move |_| wanted.update(|count| *count = count.saturating_mul(4))>"Show more rows"</button>
            </Show>
        </section>
    }
}

fn grid(table: &SheetView, order: RwSignal<Order>, press: Callback<(u32, bool)>) -> impl IntoView + use<> {
    let heads = (0..).zip(&table.columns).map(|(at, column)| head(at, column, order, press)).collect_view();
    let numeric: Vec<bool> = table.columns.iter().map(|column| column.numeric).collect();
    let rows = table.rows.iter().map(|row| {
        // A row is as bad as its worst cell.
        let worse = row.cells.iter().any(|cell| cell.mark == Mark::Worse);
        let cells = row.cells.iter().enumerate();
        let cells = cells.map(|(at, one)| cell(one, at, numeric.get(at) == Some(&true))).collect_view();
        view! { <tr class:worse=worse>{cells}</tr> }
    });
    view! {
        <table>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
}

fn head(at: u32, column: &Column, order: RwSignal<Order>, press: Callback<(u32, bool)>) -> impl IntoView + use<> {
    let numeric = column.numeric;
    let on = move || order.get().filter(|order| order.0 == at).map(|order| order.1);
    let sorted = move || match on() {
        Some(true) => "descending",
        Some(false) => "ascending",
        None => "none",
    };
    let unit = (!column.unit.is_empty()).then(|| view! { " " <span class="sheets-unit">{column.unit.clone()}</span> });
    view! {
        <th scope="col" class:number=numeric aria-sort=sorted>
            <button type="button" class="sorter" class:on=move || on().is_some() class:down=move || on() == Some(true) on:click=move |_| press.run((at, numeric))>
                <span>{column.name.clone()}{unit}</span>
                {icon(Icon::Sorted)}
            </button>
        </th>
    }
}

fn cell(cell: &Cell, at: usize, numeric: bool) -> AnyView {
    let (text, rounded) = if numeric { brief(&cell.text) } else { (cell.text.clone(), false) };
    let title = rounded.then(|| format!("{} in the file", cell.text));
    let mark = sign(cell.mark);
    let tone = mark.map(|mark| mark.2);
    let mark = mark.map(|(sign, word, _)| {
        // The word may stand in the cell itself.
        let said = (word != text).then(|| view! { <span class="spoken">{word}</span> });
        view! { <b class="sheets-mark"><span aria-hidden="true">{sign}</span>{said}</b> " " }
    });
    let missing = cell.text.is_empty().then(|| view! { <span class="missing" title="not in the file">"–"</span> });
    let inner = view! { {mark}<span class:rounded=rounded title=title>{text}</span>{missing} };
    if at == 0 {
        view! { <th scope="row" class:number=numeric data-tone=tone>{inner}</th> }.into_any()
    } else {
        view! { <td class:number=numeric data-tone=tone>{inner}</td> }.into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_pressed_through_its_orders() {
        let first = next_order(None, 2, true);
        assert_eq!(first, Some((2, true)));
        assert_eq!(next_order(first, 2, true), Some((2, false)));
        assert_eq!(next_order(Some((2, false)), 2, true), None);
        assert_eq!(next_order(first, 0, false), Some((0, false)));
    }
}
