//! A comparison as text for a person, and as JSON for a program.

use super::Chosen;
use crate::terminal::{Paint, Terminal, columns, count, fit, line};
use chaindebug_core::diff::measures;
use chaindebug_core::protocol::{Answer, ComparisonView, DiffItem, DiffRow, DiffValueRow, Request, Sign, Span};
use chaindebug_core::session::Session;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Differences asked for at a time.
const WINDOW: u32 = 500;
/// Rows of a value that JSON tells.
const ROWS: u32 = 200;
/// Differences that are listed for a person; more are counted.
const LISTED: usize = 100;

/// Calls `each` with all differences, in order.
fn differences<E>(
    session: &mut Session,
    mut each: impl FnMut(&mut Session, DiffRow) -> Result<(), E>,
) -> Result<(), E> {
    let mut from = 0;
    loop {
        let Answer::DiffRows(rows) = session.answer(Request::Differences { from, count: WINDOW }) else {
            return Ok(());
        };
        let read = rows.rows.len() as u32;
        for row in rows.rows {
            each(session, row)?;
        }
        from += read;
        if read == 0 || from >= rows.total {
            return Ok(());
        }
    }
}

fn sign(row: &DiffRow) -> &'static str {
    match row.sign {
        Sign::Same | Sign::Changed => "≠",
        Sign::OnlyA => "A",
        Sign::OnlyB => "B",
    }
}

pub(super) fn print(
    session: &mut Session,
    (a, b): (&Chosen, &Chosen),
    view: &ComparisonView,
    out: &mut dyn Write,
    terminal: Terminal,
) -> io::Result<()> {
    for (letter, chosen, steps) in [("A", a, view.steps.0), ("B", b, view.steps.1)] {
        let facts = format!("{}, {}", line(&chosen.name), count(steps.into(), "step", "steps"));
        writeln!(out, "{letter}  {}  {}", line(&chosen.file), terminal.paint(Paint::Quiet, &facts))?;
    }
    let paint = if view.same { Paint::Good } else { Paint::Strong };
    writeln!(out, "\n{}", terminal.paint(paint, &line(&view.verdict)))?;
    for said in [&view.detail, &view.note] {
        if !said.is_empty() {
            writeln!(out, "{}", line(said))?;
        }
    }
    for measured in measures(view) {
        let told = format!("{:<7} {} → {}  {}", measured.what, measured.both.0, measured.both.1, measured.change);
        writeln!(out, "{}", terminal.paint(Paint::Quiet, told.trim_end()))?;
    }
    if view.differences > 0 {
        writeln!(out)?;
    }
    let mut listed = 0;
    differences(session, |_, row| {
        listed += 1;
        if listed > LISTED {
            return Ok(());
        }
        let number = |step: Option<u32>| step.map_or_else(|| "–".to_owned(), |step| (step + 1).to_string());
        let places = format!("{:>5} {:>5}", number(row.a), number(row.b));
        let name = if row.name_b.is_empty() {
            line(&row.name)
        } else {
            format!("{} → {}", line(&row.name), line(&row.name_b))
        };
        let head = format!("{places}  {} {:<5} {name}", sign(&row), row.kind.tag());
        let what = if row.what.is_empty() { String::new() } else { format!("  {}", line(&row.what)) };
        let room = terminal.width.map(|width| width.saturating_sub(columns(&head)));
        let what = room.map_or_else(|| what.clone(), |room| fit(&what, room, true));
        writeln!(out, "{head}{}", terminal.paint(Paint::Quiet, &what))
    })?;
    if listed > LISTED {
        writeln!(out, "and {} more; --json tells them all.", listed - LISTED)?;
    }
    Ok(())
}

pub(super) fn print_json(
    session: &mut Session,
    (a, b): (&Chosen, &Chosen),
    view: &ComparisonView,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut list = Vec::new();
    differences(session, |session, row| {
        let item = match session.answer(Request::DiffItem { item: row.item }) {
            Answer::DiffItem(item) => Some(item),
            _ => None,
        };
        list.push(difference(session, &row, item.as_deref()));
        Ok::<(), io::Error>(())
    })?;
    let chosen = |chosen: &Chosen| json!({"file": chosen.file, "run": chosen.name, "id": chosen.id});
    let mut whole = serde_json::to_value(view)?;
    if let Value::Object(members) = &mut whole {
        for internal in ["done", "progress", "problems"] {
            members.remove(internal);
        }
        members.insert("a".to_owned(), chosen(a));
        members.insert("b".to_owned(), chosen(b));
        members.insert("list".to_owned(), Value::Array(list));
    }
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}

/// One difference with the values that differ, by path.
fn difference(session: &mut Session, row: &DiffRow, item: Option<&DiffItem>) -> Value {
    let mut told = serde_json::to_value(row).unwrap_or_default();
    let mut values = Vec::new();
    for section in item.map_or(&[][..], |item| &item.sections).iter().filter(|section| section.sign != Sign::Same) {
        let rows = section.value.map_or_else(Vec::new, |value| {
            match session.answer(Request::DiffValueRows { value, from: 0, count: ROWS }) {
                Answer::DiffValueRows(rows) => rows.rows,
                _ => Vec::new(),
            }
        });
        let changes: Vec<Value> = rows.iter().filter(|row| row.sign != Sign::Same && !row.noise).map(change).collect();
        values.push(json!({"value": section.title, "what": section.chips, "changes": changes}));
    }
    if let Value::Object(members) = &mut told {
        for internal in ["item", "folded", "open", "children"] {
            members.remove(internal);
        }
        members.insert("why".to_owned(), json!(item.map_or("", |item| item.why.as_str())));
        members.insert("values".to_owned(), Value::Array(values));
    }
    told
}

fn change(row: &DiffValueRow) -> Value {
    let text = |spans: &[Span]| spans.iter().map(|span| span.text.as_str()).collect::<String>();
    json!({
        "path": row.path,
        "sign": row.sign,
        "moved": row.moved,
        "a": (row.sign != Sign::OnlyB).then(|| text(&row.a)),
        "b": (row.sign != Sign::OnlyA).then(|| text(&row.b)),
    })
}
