//! Tables that are neither runs nor pipelines, on a terminal.

use crate::terminal::{Paint, Terminal, columns, count, line};
use chaindebug_core::model::Mark;
use chaindebug_core::protocol::{Answer, DocumentView, Request, SheetView};
use chaindebug_core::session::Session;
use std::io::{self, Write};

/// Most rows and columns that are printed; the others are counted.
const ROWS: u32 = 100;
const COLUMNS: usize = 8;

/// The tables of a document, as much of them as is printed.
pub(crate) fn of(session: &mut Session, document: &DocumentView) -> Vec<SheetView> {
    let mut found = Vec::new();
    for sheet in 0..u32::try_from(document.sheets.len()).unwrap_or(u32::MAX) {
        let request =
            Request::Sheet { document: document.document, sheet, sort: None, descending: false, from: 0, count: ROWS };
        if let Answer::Sheet(view) = session.answer(request) {
            found.push(view);
        }
    }
    found
}

/// A mark in a sign and a word.
fn marked(mark: Mark) -> (&'static str, Option<Paint>) {
    match mark {
        Mark::None => ("", None),
        Mark::Better => (" ✓ better", Some(Paint::Quiet)),
        Mark::Worse => (" ✗ worse", Some(Paint::Bad)),
        Mark::Unchanged => (" = same", Some(Paint::Quiet)),
    }
}

/// Prints a table.
pub(crate) fn print(sheet: &SheetView, out: &mut dyn Write, terminal: Terminal) -> io::Result<()> {
    let rows = count(sheet.total.into(), "row", "rows");
    writeln!(out, "  table {}  {rows}", terminal.paint(Paint::Strong, &line(&sheet.title)))?;
    let shown = sheet.columns.iter().take(COLUMNS);
    let heads = shown.map(|column| match column.unit.as_str() {
        "" => line(&column.name),
        unit => format!("{} [{unit}]", line(&column.name)),
    });
    let heads: Vec<String> = heads.collect();
    // The sign stands where the verdict does, once in a row.
    let body: Vec<Vec<(String, Mark)>> = sheet
        .rows
        .iter()
        .map(|row| row.cells.iter().take(COLUMNS).map(|cell| (line(&cell.text), cell.mark)).collect())
        .collect();
    let text = |cell: &(String, Mark)| format!("{}{}", cell.0, marked(cell.1).0);
    let mut widths: Vec<usize> = heads.iter().map(|head| columns(head)).collect();
    for row in &body {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(columns(&text(cell)));
        }
    }
    let pad = |text: &str, width: usize, right: bool| {
        let space = " ".repeat(width.saturating_sub(columns(text)));
        if right { format!("{space}{text}") } else { format!("{text}{space}") }
    };
    let numeric = |at: usize| sheet.columns.get(at).is_some_and(|column| column.numeric);
    let cells: Vec<String> =
        heads.iter().zip(&widths).enumerate().map(|(at, (head, &width))| pad(head, width, numeric(at))).collect();
    writeln!(out, "    {}", terminal.paint(Paint::Quiet, cells.join("  ").trim_end()))?;
    for row in &body {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(at, (cell, &width))| {
                let padded = pad(&text(cell), width, numeric(at));
                match marked(cell.1).1 {
                    Some(paint) => terminal.paint(paint, &padded).into_owned(),
                    None => padded,
                }
            })
            .collect();
        writeln!(out, "    {}", cells.join("  ").trim_end())?;
    }
    let more = sheet.total.saturating_sub(u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX));
    let wider = sheet.columns.len().saturating_sub(COLUMNS);
    if more > 0 || wider > 0 {
        let rest =
            format!("{} and {} more", count(more.into(), "row", "rows"), count(wider as u64, "column", "columns"));
        writeln!(out, "    {}", terminal.paint(Paint::Quiet, &rest))?;
    }
    Ok(())
}
