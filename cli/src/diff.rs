//! `chaindebug diff`: two runs laid on each other, for a person, for a program, and for a comment on a change.

use crate::args::input_once;
use crate::terminal::{Paint, Terminal, columns, count, fit, line};
use crate::{Outcome, file, open, say, steps};
use chaindebug_core::protocol::{
    Answer, Both, CompareOptions, ComparisonView, DiffItem, DiffRow, DiffValueRow, Request, RunView, Sign, Span,
};
use chaindebug_core::session::Session;
use clap::Args;
use clap::builder::ValueParser;
use serde_json::{Value, json};
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};

/// Differences asked for at a time.
const WINDOW: u32 = 500;
/// Rows of a value that `--json` tells.
const ROWS: u32 = 200;
/// Differences that are listed for a person; more are counted.
const LISTED: usize = 100;

/// What was asked for.
#[derive(Debug, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Asked {
    /// The file with the run that is compared with
    a: OsString,
    /// The file with the run that is looked at; without it, two runs of the first file are compared
    b: Option<OsString>,
    /// The run of the first file: its number from 0, its id, or the beginning of its id
    #[arg(long)]
    run_a: Option<String>,
    /// The run of the second file
    #[arg(long)]
    run_b: Option<String>,
    /// A path whose differences mean nothing, e.g. $.request_id or $..at; may be given several times
    #[arg(long, value_name = "PATH")]
    ignore: Vec<String>,
    /// Let ids, times and lengths of time count like everything else
    #[arg(long)]
    noise: bool,
    /// What counts for the exit status; anything that differs when not named
    #[arg(long, value_delimiter = ',', value_name = "WHAT", value_parser = ValueParser::new(fail_on), long_help = FAIL_ON)]
    fail_on: Vec<FailOn>,
    /// Print one JSON document instead of text
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Print Markdown, for a comment on a change
    #[arg(long)]
    markdown: bool,
}

const FAIL_ON: &str = "\
What counts for the exit status, with commas between: structure (steps added, removed, repeated, moved or renamed), \
status, input, output, settings (model and parameters), and how much more B takes than A: cost>10%, duration>20%, \
tokens>5%. Without this, anything that differs counts.";

/// One thing that makes the status 1.
#[derive(Clone, Copy, Debug, PartialEq)]
enum FailOn {
    Structure,
    Status,
    Input,
    Output,
    Settings,
    /// More than so many per cent.
    Cost(f64),
    Duration(f64),
    Tokens(f64),
}

fn fail_on(text: &str) -> Result<FailOn, String> {
    let whole = text.trim();
    if let Some((what, limit)) = whole.split_once('>') {
        let percent = limit.trim().trim_end_matches('%').trim().parse::<f64>().ok();
        let percent = percent.filter(|percent| percent.is_finite() && *percent >= 0.0);
        let percent = percent.ok_or_else(|| format!("after `>` a percentage is expected, e.g. {}>10%", what.trim()))?;
        return match what.trim() {
            "cost" => Ok(FailOn::Cost(percent)),
            "duration" | "time" => Ok(FailOn::Duration(percent)),
            "tokens" => Ok(FailOn::Tokens(percent)),
            other => Err(format!("`{other}` is not measured; expected is cost, duration or tokens")),
        };
    }
    match whole {
        "structure" => Ok(FailOn::Structure),
        "status" => Ok(FailOn::Status),
        "input" => Ok(FailOn::Input),
        "output" => Ok(FailOn::Output),
        "settings" => Ok(FailOn::Settings),
        "cost" | "duration" | "tokens" => Err(format!("`{whole}` needs a limit, e.g. {whole}>10%")),
        other => Err(format!(
            "`{other}` is not known; expected is structure, status, input, output, settings, cost>N%, duration>N% or tokens>N%"
        )),
    }
}

/// Compares, and prints what was found.
pub(crate) fn run(asked: &Asked, out: &mut dyn Write, terminal: Terminal) -> io::Result<Outcome> {
    let named: Vec<&OsStr> = std::iter::once(asked.a.as_os_str()).chain(asked.b.as_deref()).collect();
    if let Err(wrong) = input_once(named) {
        return Ok(Outcome::Usage(wrong));
    }
    let mut session = Session::new();
    let (a, b) = match both(&mut session, asked) {
        Ok(found) => found,
        Err(wrong) => return Ok(Outcome::Usage(wrong)),
    };
    let options = CompareOptions { rules: asked.ignore.clone(), noise: asked.noise, ..CompareOptions::default() };
    let view = match compare(&mut session, a.run, b.run, &options) {
        Ok(view) => view,
        Err(wrong) => return Ok(Outcome::Usage(wrong)),
    };
    for problem in &view.problems {
        say(problem);
    }
    if !view.problems.is_empty() {
        return Ok(Outcome::Status(2));
    }
    if asked.markdown {
        if let Answer::Text { text } = session.answer(Request::DiffReport) {
            out.write_all(text.as_bytes())?;
        }
    } else if asked.json {
        print_json(&mut session, (&a, &b), &view, out)?;
    } else {
        print(&mut session, (&a, &b), &view, out, terminal)?;
    }
    Ok(if fails(&asked.fail_on, &view) { Outcome::Status(1) } else { Outcome::Done })
}

/// A run that was chosen, and the file it is in.
struct Chosen {
    file: String,
    run: u32,
    name: String,
    id: String,
}

fn both(session: &mut Session, asked: &Asked) -> Result<(Chosen, Chosen), String> {
    let a = runs(session, &asked.a)?;
    let Some(file_b) = &asked.b else {
        let wanted = asked.run_a.as_deref().or(Some("0"));
        let second = asked.run_b.as_deref().or(Some("1"));
        if a.0.runs.len() < 2 {
            let has = count(a.0.runs.len() as u64, "run", "runs");
            return Err(format!("{} has {has}: name a second file to compare with.", line(&a.1)));
        }
        return Ok((choose(&a, wanted)?, choose(&a, second)?));
    };
    let b = runs(session, file_b)?;
    // The documents are numbered anew with each that is opened.
    let a = (session.document(a.0.document).unwrap_or(a.0), a.1);
    Ok((choose(&a, asked.run_a.as_deref())?, choose(&b, asked.run_b.as_deref())?))
}

type Opened = (chaindebug_core::protocol::DocumentView, String);

fn runs(session: &mut Session, of: &OsStr) -> Result<Opened, String> {
    let name = file::name_of(of);
    let document = open::one(session, of).ok_or_else(|| format!("{} cannot be compared.", line(&name)))?;
    if document.runs.is_empty() {
        return Err(steps::no_runs(&document));
    }
    Ok((document, name))
}

fn choose((document, file): &Opened, wanted: Option<&str>) -> Result<Chosen, String> {
    let found = steps::choose(document, wanted)?;
    let (_, run): (u64, &RunView) = *found.first().ok_or("There is no run.")?;
    if wanted.is_none() && found.len() > 1 {
        let others = count(found.len() as u64 - 1, "other run", "other runs");
        say(&format!("{} has {others}: the first is compared. --run-a and --run-b choose.", line(file)));
    }
    Ok(Chosen { file: file.clone(), run: run.run, name: run.name.clone(), id: run.id.clone() })
}

fn compare(session: &mut Session, a: u32, b: u32, options: &CompareOptions) -> Result<ComparisonView, String> {
    loop {
        match session.answer(Request::Compare { a, b, options: options.clone() }) {
            Answer::Comparison(view) if view.done => return Ok(*view),
            Answer::Comparison(_) => {}
            Answer::Refused { message } => return Err(message),
            _ => return Err("The runs could not be compared.".to_owned()),
        }
    }
}

/// By how many per cent B takes more; `None` where a side does not state it.
fn more(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    let (a, b) = (a?, b?);
    if a > 0.0 { Some((b - a) / a * 100.0) } else { (b > a).then_some(f64::INFINITY) }
}

fn fails(on: &[FailOn], view: &ComparisonView) -> bool {
    if on.is_empty() {
        return !view.same;
    }
    let beyond = |grown: Option<f64>, limit: f64| grown.is_some_and(|grown| grown > limit);
    let time = |time: Option<chaindebug_core::model::Nanos>| time.map(|time| time.0 as f64);
    let tokens = |tokens: Option<u64>| tokens.map(|tokens| tokens as f64);
    on.iter().any(|on| match *on {
        FailOn::Structure => view.only_a + view.only_b + view.repeated + view.moved + view.renamed > 0,
        FailOn::Status => view.statuses > 0,
        FailOn::Input => view.inputs > 0,
        FailOn::Output => view.outputs > 0,
        FailOn::Settings => view.settings > 0,
        FailOn::Cost(limit) => beyond(more(view.cost.a, view.cost.b), limit),
        FailOn::Duration(limit) => beyond(more(time(view.time.a), time(view.time.b)), limit),
        FailOn::Tokens(limit) => beyond(more(tokens(view.tokens.a), tokens(view.tokens.b)), limit),
    })
}

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

fn print(
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
    for measured in view.measures() {
        writeln!(out, "{}", terminal.paint(Paint::Quiet, &measured))?;
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
            line(&row.name).into_owned()
        } else {
            format!("{} → {}", line(&row.name), line(&row.name_b))
        };
        let head = format!("{places}  {} {:<5} {name}", sign(&row), row.kind.tag());
        let what = if row.what.is_empty() { String::new() } else { format!("  {}", line(&row.what)) };
        let room = terminal.width.map(|width| width.saturating_sub(columns(&head)));
        let what = room.map_or_else(|| what.clone(), |room| fit(&what, room));
        writeln!(out, "{head}{}", terminal.paint(Paint::Quiet, &what))
    })?;
    if listed > LISTED {
        writeln!(out, "and {} more; --json tells them all.", listed - LISTED)?;
    }
    Ok(())
}

fn print_json(
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Command, parsed};

    fn on(text: &str) -> Vec<FailOn> {
        match parsed(&format!("diff a b --fail-on {text}")) {
            Ok(Command::Diff(asked)) => asked.fail_on,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_fails_is_named() {
        assert_eq!(on("structure,status,output"), [FailOn::Structure, FailOn::Status, FailOn::Output]);
        assert_eq!(on("cost>10%,duration>20"), [FailOn::Cost(10.0), FailOn::Duration(20.0)]);
        for (text, says) in
            [("cost", "needs a limit"), ("cost>x", "a percentage"), ("speed>1%", "not measured"), ("x", "structure")]
        {
            let complaint = parsed(&format!("diff a b --fail-on {text}")).expect_err(text);
            assert!(complaint.contains(says), "{text}: {complaint}");
        }
    }

    #[test]
    fn limits_are_of_what_b_takes_more() {
        let view = ComparisonView {
            cost: Both { a: Some(2.0), b: Some(2.3) },
            tokens: Both { a: Some(100), b: Some(90) },
            outputs: 1,
            ..ComparisonView::default()
        };
        assert!(fails(&[FailOn::Cost(10.0)], &view) && !fails(&[FailOn::Cost(16.0)], &view));
        assert!(!fails(&[FailOn::Tokens(0.0)], &view), "fewer is no fault");
        assert!(!fails(&[FailOn::Duration(1.0)], &view), "what is not stated is no fault");
        assert!(fails(&[FailOn::Output], &view) && !fails(&[FailOn::Structure, FailOn::Status], &view));
        assert!(fails(&[], &view) && !fails(&[], &ComparisonView { same: true, ..view }));
        assert!(fails(
            &[FailOn::Cost(1e9)],
            &ComparisonView { cost: Both { a: Some(0.0), b: Some(0.1) }, ..ComparisonView::default() }
        ));
    }
}
