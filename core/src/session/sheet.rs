//! Tables of a document, in windows and in an order.

use crate::model::{Cell, Column, Sheet};
use crate::order::Order as _;
use crate::protocol::{Answer, SheetRow, SheetSummary, SheetView};
use crate::session::Session;
use std::cmp::Ordering;

/// Most rows of one answer.
const WINDOW: u32 = 4096;

/// What faces are told of the tables of a document.
pub(super) fn summaries(sheets: &[Sheet]) -> Vec<SheetSummary> {
    let summary = |sheet: &Sheet| SheetSummary {
        name: sheet.title.clone(),
        rows: u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX),
        columns: u32::try_from(sheet.columns.len()).unwrap_or(u32::MAX),
    };
    sheets.iter().map(summary).collect()
}

/// Numbers before texts, empty cells last; within each kind by value.
fn order(a: &Cell, b: &Cell, column: &Column) -> Ordering {
    let number = |cell: &Cell| cell.text.parse::<f64>().ok().filter(|_| column.numeric);
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.text.cmp(&b.text),
    }
}

/// A window of a table, sorted by a column or as in the file.
pub(super) fn sheet(
    session: &Session,
    document: u32,
    number: u32,
    sort: Option<u32>,
    descending: bool,
    window: (u32, u32),
) -> Result<Answer, String> {
    let opened = session.opened.get(document as usize).and_then(Option::as_ref).ok_or("This document is closed.")?;
    let sheet = opened.document.sheets.get(number as usize);
    let sheet = sheet.ok_or_else(|| format!("There is no table {number} in this document."))?;
    let mut rows: Vec<usize> = (0..sheet.rows.len()).collect();
    if let Some(at) = sort {
        let column = sheet.columns.get(at as usize).ok_or_else(|| format!("There is no column {at} in this table."))?;
        let cell = |row: usize| sheet.rows.get(row).and_then(|row| row.get(at as usize));
        let (empty, mut filled): (Vec<usize>, Vec<usize>) =
            rows.into_iter().partition(|&row| cell(row).is_none_or(|cell| cell.text.is_empty()));
        filled.order_by(|&a, &b| {
            let by = cell(a).zip(cell(b)).map_or(Ordering::Equal, |(a, b)| order(a, b, column));
            (if descending { by.reverse() } else { by }).then(a.cmp(&b))
        });
        rows = filled;
        rows.extend(empty);
    }
    let (from, count) = window;
    let shown = rows.iter().skip(from as usize).take(count.min(WINDOW) as usize).filter_map(|&row| {
        Some(SheetRow { row: u32::try_from(row).unwrap_or(u32::MAX), cells: sheet.rows.get(row)?.clone() })
    });
    Ok(Answer::Sheet(SheetView {
        title: sheet.title.clone(),
        columns: sheet.columns.clone(),
        total: u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX),
        from,
        rows: shown.collect(),
    }))
}
