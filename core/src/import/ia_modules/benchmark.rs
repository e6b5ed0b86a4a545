//! Benchmark files and their comparison, as tables.
//!
//! Two benchmark files in one document are compared by name, as the engine's own check does it: `mean_time` and
//! `p95_time`, a change below 5 % is none, from 10 % on a slower time is a regression. The earlier file is the baseline.

use crate::import::{Builder, Format, Here, Importer, Matched, Nothing, Probe, ROOT, Reveal, Route, State, time};
use crate::json::{Lack, Lexer, NodeKind, Scalar, Str};
use crate::model::{Cell, Column, Diagnostic, Mark, Nanos, Place, Severity, Sheet};
use rustc_hash::FxHashMap;

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "ia-modules-benchmark",
    name: "IA Modules benchmarks",
    detect,
    importer: |file, _| Box::new(Benchmarks { file, ..Benchmarks::default() }),
};

const TOP: State = 1;
const LIST: State = 2;
const COMPARISONS: State = 3;
const TAKE_ROW: u8 = 0;
const TAKE_COMPARISON: u8 = 1;
const TAKE_TIME: u8 = 2;

/// Columns of a benchmark that come first, with their units; others follow in the order they are met.
const KNOWN: [(&str, &str); 19] = [
    ("name", ""),
    ("iterations", ""),
    ("mean_time", "s"),
    ("median_time", "s"),
    ("std_dev", "s"),
    ("min_time", "s"),
    ("max_time", "s"),
    ("p95_time", "s"),
    ("p99_time", "s"),
    ("total_time", "s"),
    ("operations_per_second", "1/s"),
    ("items_processed", ""),
    ("items_per_second", "1/s"),
    ("api_calls_count", ""),
    ("estimated_cost_usd", "USD"),
    ("cost_per_operation", "USD"),
    ("memory_per_operation_mb", "MB"),
    ("cpu_per_operation_percent", "%"),
    ("timestamp", ""),
];

const COMPARED: [(&str, &str); 7] = [
    ("metric", ""),
    ("baseline_value", ""),
    ("current_value", ""),
    ("delta", ""),
    ("percent_change", "%"),
    ("classification", ""),
    ("is_significant", ""),
];

/// Titles of the tables; the comparison that was worked out has one of its own, and says which file is the baseline.
const TITLE: &str = "Benchmarks";
const GIVEN: &str = "Comparison";
const MADE: &str = "Comparison with the baseline";

/// A change below it is none, percent; and from this on a slower time is a regression.
const SIGNIFICANT: f64 = 5.0;
const REGRESSION: f64 = 10.0;

#[derive(Debug, Default)]
struct Benchmarks {
    file: u16,
    rows: Vec<Vec<(String, String)>>,
    compared: Vec<Vec<(String, String)>>,
    place: Option<Place>,
    time: Option<Nanos>,
}

impl Importer for Benchmarks {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        match (state, key.map(|key| key.raw), lead) {
            (ROOT, None, b'{') => Route::Enter(TOP),
            (TOP, Some(b"benchmarks"), b'[') => Route::Enter(LIST),
            (TOP, Some(b"comparisons"), b'[') => Route::Enter(COMPARISONS),
            (TOP, Some(b"timestamp"), b'"') => Route::Take(TAKE_TIME),
            (LIST, None, b'{') => Route::Take(TAKE_ROW),
            (COMPARISONS, None, b'{') => Route::Take(TAKE_COMPARISON),
            _ => Route::Skip,
        }
    }

    fn take(&mut self, tag: u8, lexer: &mut Lexer<'_>, here: Here, _: &mut Builder) -> Result<(), Lack> {
        lexer.peek()?;
        let from = lexer.pos();
        if tag == TAKE_TIME {
            self.time = lexer.text()?.and_then(|text| time::iso(&text)).map(|(time, _)| time);
            return Ok(());
        }
        let mut cells = Vec::new();
        lexer.members(|lexer, key| {
            let text = match lexer.scalar()? {
                Scalar::Str(text) => text.text().into_owned(),
                Scalar::Number(text) => text.to_owned(),
                Scalar::Bool(value) => if value { "yes" } else { "no" }.to_owned(),
                Scalar::Null => String::new(),
                // Details of the measurement (its settings, each raw time) are no cells.
                Scalar::Container(..) => return Ok(()),
            };
            cells.push((key.text().into_owned(), text));
            Ok(())
        })?;
        let place = here.place(from, lexer.pos());
        self.place = self.place.or(Some(place));
        if tag == TAKE_ROW { &mut self.rows } else { &mut self.compared }.push(cells);
        Ok(())
    }

    fn finish(self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        let place = self.place.unwrap_or(Place { file: self.file, ..Place::default() });
        if !self.compared.is_empty() {
            let mut sheet = table(GIVEN, &COMPARED, &self.compared, place);
            sheet.time = self.time;
            mark(&mut sheet);
            say(&sheet, build);
            build.sheets.push(sheet);
        }
        if !self.rows.is_empty() {
            let mut sheet = table(TITLE, &KNOWN, &self.rows, place);
            sheet.time = self.time;
            // The newest of the earlier ones and this one; the older of the two is the baseline.
            let other = build.sheets.iter().rev().find(|sheet| sheet.title == TITLE).cloned();
            build.sheets.push(sheet.clone());
            if let Some(other) = other {
                let later = matches!((other.time, sheet.time), (Some(other), Some(own)) if other > own);
                let (baseline, current) = if later { (&sheet, &other) } else { (&other, &sheet) };
                compare(baseline, current, build);
            }
        }
        Box::new(Nothing)
    }
}

fn table(title: &str, known: &[(&str, &str)], rows: &[Vec<(String, String)>], place: Place) -> Sheet {
    let mut columns: Vec<Column> = Vec::new();
    let mut index: FxHashMap<&str, usize> = FxHashMap::default();
    let met: rustc_hash::FxHashSet<&str> = rows.iter().flatten().map(|(name, _)| name.as_str()).collect();
    let first = known.iter().filter(|(name, _)| met.contains(name)).copied();
    let rest = rows.iter().flatten().map(|(name, _)| (name.as_str(), ""));
    for (name, unit) in first.chain(rest) {
        if !index.contains_key(name) {
            index.insert(name, columns.len());
            columns.push(Column { name: name.to_owned(), unit: unit.to_owned(), numeric: true });
        }
    }
    let cells = |row: &Vec<(String, String)>| {
        let mut cells = vec![Cell::default(); columns.len()];
        for (name, text) in row {
            if let Some(cell) = index.get(name.as_str()).and_then(|&at| cells.get_mut(at)) {
                cell.text.clone_from(text);
            }
        }
        cells
    };
    let rows: Vec<Vec<Cell>> = rows.iter().map(cells).collect();
    for (at, column) in columns.iter_mut().enumerate() {
        let mut filled = rows.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.text.is_empty()).peekable();
        column.numeric = filled.peek().is_some() && filled.all(|cell| cell.text.parse::<f64>().is_ok());
    }
    Sheet { title: title.to_owned(), columns, rows, place, time: None }
}

/// Marks what a comparison says became better or worse.
fn mark(sheet: &mut Sheet) {
    let Some(verdict) = sheet.column("classification") else { return };
    let change = sheet.column("percent_change");
    for row in &mut sheet.rows {
        let mark = match row.get(verdict).map(|cell| cell.text.as_str()) {
            Some("improved") => Mark::Better,
            Some("regressed") => Mark::Worse,
            Some("unchanged") => Mark::Unchanged,
            _ => Mark::None,
        };
        for at in [Some(verdict), change].into_iter().flatten() {
            if let Some(cell) = row.get_mut(at) {
                cell.mark = mark;
            }
        }
    }
}

/// Compares two tables of benchmarks by name.
fn compare(baseline: &Sheet, current: &Sheet, build: &mut Builder) {
    let name = |sheet: &Sheet, row: &[Cell]| row.get(sheet.column("name")?).map(|cell| cell.text.clone());
    let mut before: FxHashMap<String, &Vec<Cell>> = FxHashMap::default();
    for row in &baseline.rows {
        before.insert(name(baseline, row).unwrap_or_default(), row);
    }
    let text = |sheet: &Sheet, row: &[Cell], metric: &str| {
        sheet.column(metric).and_then(|at| row.get(at)).map(|cell| cell.text.clone()).unwrap_or_default()
    };
    let mut rows = Vec::new();
    let mut alone: Vec<String> = Vec::new();
    for row in &current.rows {
        let name = name(current, row).unwrap_or_default();
        let Some(old) = before.remove(&name) else {
            alone.push(name);
            continue;
        };
        for metric in ["mean_time", "p95_time"] {
            let (was, is) = (text(baseline, old, metric), text(current, row, metric));
            let (Ok(a), Ok(b)) = (was.parse::<f64>(), is.parse::<f64>()) else { continue };
            let delta = b - a;
            // As the engine computes it: from nothing to something is an endless change, whatever its sign.
            let nothing = a == 0.0;
            let percent = if nothing && delta == 0.0 {
                0.0
            } else if nothing {
                f64::INFINITY
            } else {
                delta / a * 100.0
            };
            let verdict = if percent.abs() < SIGNIFICANT {
                "unchanged"
            } else if percent < 0.0 {
                "improved"
            } else if percent.is_nan() {
                ""
            } else {
                "regressed"
            };
            let number = |value: f64| if value.is_infinite() { "Infinity".to_owned() } else { format!("{value}") };
            rows.push(vec![
                ("name".to_owned(), name.clone()),
                ("metric".to_owned(), metric.to_owned()),
                ("baseline_value".to_owned(), was),
                ("current_value".to_owned(), is),
                ("delta".to_owned(), number(delta)),
                ("percent_change".to_owned(), number((percent * 100.0).round() / 100.0)),
                ("classification".to_owned(), verdict.to_owned()),
                (
                    "regression".to_owned(),
                    if verdict == "regressed" && percent >= REGRESSION { "yes" } else { "no" }.to_owned(),
                ),
            ]);
        }
    }
    let gone = before.len();
    if !alone.is_empty() || gone > 0 {
        let message = format!(
            "The two files name different benchmarks: {} only in the newer one, {gone} only in the baseline. The others are \
             compared.",
            alone.len()
        );
        build.diagnostics.push(Diagnostic::new(Severity::Info, "benchmarks-differ", message));
    }
    if rows.is_empty() {
        return;
    }
    let known = [
        ("name", ""),
        ("metric", ""),
        ("baseline_value", "s"),
        ("current_value", "s"),
        ("delta", "s"),
        ("percent_change", "%"),
    ];
    let number = |sheet: &Sheet| u32::from(sheet.place.file) + 1;
    let title = format!("{MADE}: file {} against file {}", number(current), number(baseline));
    let mut sheet = table(&title, &known, &rows, current.place);
    mark(&mut sheet);
    say(&sheet, build);
    build.sheets.retain(|sheet| !sheet.title.starts_with(MADE));
    build.sheets.insert(0, sheet);
}

/// Says how many values are regressions.
fn say(sheet: &Sheet, build: &mut Builder) {
    let Some(change) = sheet.column("percent_change") else { return };
    let worse = |row: &&Vec<Cell>| {
        let cell = row.get(change);
        cell.is_some_and(|cell| {
            cell.mark == Mark::Worse && cell.text.parse().is_ok_and(|percent: f64| percent.abs() >= REGRESSION)
        })
    };
    let count = sheet.rows.iter().filter(worse).count();
    if count > 0 {
        let values = crate::wording::counted(count as u64, "value is", "values are");
        let message = format!(
            "{values} slower by {REGRESSION} % or more: the engine's own check calls that a regression and fails."
        );
        build.diagnostics.push(Diagnostic::new(Severity::Warning, "regression", message).at(sheet.place));
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let sample = probe.samples.first().filter(|sample| !sample.is_array())?;
    let list = |key: &str| sample.get(key).is_some_and(|node| sample.is(node, NodeKind::Array));
    let inside = |key: &str, field: &str| sample.path(&[key, field]).is_some();
    if list("benchmarks") && (inside("benchmarks", "mean_time") || sample.get("total_benchmarks").is_some()) {
        return Matched::new("IA Modules benchmarks", "it has `benchmarks` with times");
    }
    if list("comparisons") && (inside("comparisons", "percent_change") || sample.get("has_regression").is_some()) {
        return Matched::new("IA Modules benchmark comparison", "it has `comparisons` of metrics");
    }
    None
}

#[cfg(test)]
#[path = "benchmark_tests.rs"]
mod tests;
