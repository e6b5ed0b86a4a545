//! Texts that are no JSON, told by their first lines.

use crate::import::notation;

/// Lines looked at.
const LINES: usize = 200;

/// Name and advice for a text that is no JSON.
pub(super) fn recognised(head: &[u8]) -> Option<(String, &'static str)> {
    let text = notation::beginning(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let named = |name: &str, next| Some((name.to_owned(), next));
    let lower: String = text.chars().take(200).collect::<String>().to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") || lower.starts_with("<head") {
        let next = "A page to log in or an error page is often saved in place of a download: open the address in a \
                    browser, log in, and download the file again.";
        return named("an HTML page", next);
    }
    if let Some(root) = super::markup::root(text) {
        let (name, next) = super::markup::named(root);
        return named(name, next);
    }
    if let Some(diagram) = mermaid(text) {
        return Some((diagram, "Of Mermaid flowcharts are read. Open the pipeline or trace it was drawn from."));
    }
    if javascript(text) {
        let next = "It was written with util.inspect, as the ConsoleSpanExporter for JavaScript does, and is no JSON. Use an \
                    OTLP exporter that writes JSON (or the collector's file exporter), or the console exporter for Python.";
        return named("the console output of a JavaScript program", next);
    }
    if text.len() < 4_000 && text.contains("/export") && lower.contains("please run") {
        let next = "It holds no conversation: run /export in Claude Code and open the file that it writes.";
        return named("a reminder to run /export", next);
    }
    if text.starts_with("{'") || text.starts_with("[{'") {
        return named("a Python object as print() writes it", "Write it with json.dumps() and open that.");
    }
    if text.starts_with("TAP version ") || text.starts_with("1..") {
        return named(
            "a TAP report",
            "Of reports of tests JUnit's form is read: `tap-junit` turns one into the other.",
        );
    }
    if let Some(profile) = profile(text) {
        return named(profile, "It holds samples of the stack and no steps; speedscope.app shows it.");
    }
    if let Some(kind) = notation::yaml(text) {
        return Some((
            kind.name.to_owned(),
            "It is none of the pipelines that are read: open one of those, or a trace.",
        ));
    }
    csv(text)
}

/// A profile as text: of Linux perf, Callgrind, or stacks with their counts.
fn profile(text: &str) -> Option<&'static str> {
    if text.starts_with("# callgrind format") || text.starts_with("version: 1\ncreator: callgrind") {
        return Some("a Callgrind profile");
    }
    let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let folded = |line: &str| {
        let (stack, count) = line.rsplit_once(' ').unwrap_or_default();
        stack.contains(';') && !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit())
    };
    let first = lines.next()?;
    if folded(first) && lines.next().is_none_or(folded) {
        return Some("a list of folded stacks");
    }
    // `node 4711 1234.5678: cpu-clock:`, and below it the stack.
    let perf = first.ends_with(':')
        && first.split_whitespace().any(|word| {
            let (seconds, rest) = word.split_once('.').unwrap_or_default();
            rest.ends_with(':') && !seconds.is_empty() && seconds.bytes().all(|b| b.is_ascii_digit())
        });
    perf.then_some("a profile that `perf script` printed")
}

/// The first line that says something, after front matter and comments.
fn mermaid(text: &str) -> Option<String> {
    let fenced = text.find("```mermaid").and_then(|at| text.get(at + 10..));
    let mut lines = fenced.unwrap_or(text).lines().map(str::trim).peekable();
    if lines.peek() == Some(&"---") {
        lines.next();
        lines.by_ref().find(|line| *line == "---")?;
    }
    let first = lines.find(|line| !line.is_empty() && !line.starts_with("%%"))?;
    let word = first.split([' ', ';', '\t', ':', '{']).find(|word| !word.is_empty())?;
    let kind = match word {
        "sequenceDiagram" => "sequence diagram",
        "classDiagram" => "class diagram",
        "stateDiagram" | "stateDiagram-v2" => "state diagram",
        "erDiagram" => "entity diagram",
        "gantt" => "Gantt chart",
        "gitGraph" => "git graph",
        "pie" if first.contains("title") || first == "pie" || first.contains("showData") => "pie chart",
        "xychart" | "xychart-beta" => "chart",
        "C4Context" | "C4Container" | "C4Component" | "C4Dynamic" | "C4Deployment" => "C4 diagram",
        "block-beta" => "block diagram",
        "architecture-beta" => "architecture diagram",
        "packet-beta" => "packet diagram",
        "sankey-beta" => "Sankey diagram",
        "quadrantChart" => "quadrant chart",
        "requirementDiagram" => "requirement diagram",
        "radar-beta" => "radar chart",
        "treemap-beta" => "treemap",
        "zenuml" => "ZenUML diagram",
        "kanban" | "mindmap" | "timeline" | "journey" => word,
        _ => return None,
    };
    Some(format!("a Mermaid {kind}"))
}

/// Objects with keys that have no quotes and texts in single quotes.
pub(super) fn javascript(text: &str) -> bool {
    if !text.contains('{') {
        return false;
    }
    let keys = text.lines().take(LINES).map(str::trim_start).filter(|line| {
        [
            "traceId: '",
            "name: '",
            "id: '",
            "parentId: ",
            "kind: ",
            "timestamp: ",
            "duration: ",
            "attributes: {",
            "status: {",
        ]
        .iter()
        .any(|key| line.starts_with(key))
    });
    // JSON5 has keys without quotes too; texts in double quotes tell it.
    let resource = || text.contains("resource: {") && text.contains(": '");
    keys.count() >= 3 && (text.contains("traceId: '") || text.contains("spanId: '") || resource())
}

/// A table: the first lines have the same number of fields, at least three.
fn csv(text: &str) -> Option<(String, &'static str)> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let (first, second) = (lines.next()?, lines.next()?);
    // A sentence has commas too; the lines after it have as many only by chance.
    let rows: Vec<&str> = std::iter::once(second).chain(lines.by_ref().take(3)).collect();
    if first.contains(['{', '[']) {
        return None;
    }
    let fits = |separator: char, fields: usize| {
        move |row: &&str| row.contains('"') || row.matches(separator).count() + 1 >= fields
    };
    for (separator, kind) in [(',', "a CSV table"), ('\t', "a table with tabs"), (';', "a CSV table")] {
        let fields = first.split(separator).count();
        let names = first.split(separator).all(|field| field.len() < 60 && !field.trim().is_empty());
        if fields >= 3 && names && rows.iter().all(fits(separator, fields)) {
            let traced =
                ["trace_id", "parent_run_id", "observation", "span_id"].iter().any(|name| first.contains(name));
            let next = if traced {
                "It seems to hold traces: export them as JSON instead."
            } else {
                "Export the run as JSON and open that."
            };
            return Some((kind.to_owned(), next));
        }
    }
    None
}
