//! The steps of a run as a table of comma-separated values (RFC 4180): the columns of the page's table, and ids.
//!
//! A cell that a spreadsheet would take for a formula begins with an apostrophe; numbers of ours never do.

use crate::protocol::TableRow;

/// The names of the columns.
pub(crate) const HEADER: &str = "step,id,name,within,kind,status,start,start_ns,duration_ns,own_ns,model,input_tokens,\
output_tokens,cached_tokens,reasoning_tokens,cost_usd,cost_computed,remarks\r\n";

/// What the file does to cells, for a person.
pub(crate) const NOTE: &str =
    "Cells that begin with =, +, -, @ or a tab have an apostrophe before them, so that no spreadsheet runs them.";

/// Text of a file as a cell.
pub(crate) fn cell(text: &str, out: &mut String) {
    // A spreadsheet may strip white space before it looks.
    let formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || text.starts_with(['\t', '\r', '\n']);
    let quote = formula || text.contains([',', '"', '\n', '\r']) || text.starts_with(' ') || text.ends_with(' ');
    if !quote {
        out.push_str(text);
        return;
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    for c in text.chars() {
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    out.push('"');
}

/// One step. `started` is its start as RFC 3339, and in nanoseconds.
pub(crate) fn row(row: &TableRow, id: &str, started: Option<crate::model::Nanos>, out: &mut String) {
    let number = |value: Option<String>| value.unwrap_or_default();
    let usage = &row.usage;
    let cells = [
        (true, (u64::from(row.row.step) + 1).to_string()),
        (false, id.to_owned()),
        (false, row.row.name.clone()),
        (false, row.within.clone()),
        (true, row.row.kind.name().to_owned()),
        (true, row.row.status.name().to_owned()),
        (true, number(started.map(crate::model::Nanos::to_rfc3339))),
        (true, number(started.map(|time| time.0.to_string()))),
        (true, number(row.row.duration.map(|time| time.0.to_string()))),
        (true, number(row.own.map(|time| time.0.to_string()))),
        (false, row.model.clone()),
        (true, number(usage.input.map(|count| count.to_string()))),
        (true, number(usage.output.map(|count| count.to_string()))),
        (true, number(usage.cached.map(|count| count.to_string()))),
        (true, number(usage.reasoning.map(|count| count.to_string()))),
        (true, number(usage.cost.map(|cost| cost.to_string()))),
        (true, if usage.computed { "true".to_owned() } else { String::new() }),
        (false, row.row.remarks.join("; ")),
    ];
    for (at, (ours, text)) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        if *ours {
            out.push_str(text);
        } else {
            cell(text, out);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut out = String::new();
        cell(text, &mut out);
        out
    }

    #[test]
    fn cells_are_quoted_where_they_must_be_and_never_run() {
        for (text, cell) in [
            ("plain", "plain"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            (" edge", "\" edge\""),
            ("=1+2", "\"'=1+2\""),
            ("  =cmd|' /C calc'!A0", "\"'  =cmd|' /C calc'!A0\""),
            ("+49 30", "\"'+49 30\""),
            ("-5", "\"'-5\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\tx", "\"'\tx\""),
            ("a=b", "a=b"),
        ] {
            assert_eq!(written(text), cell, "{text:?}");
        }
        assert_eq!(HEADER.trim_end().split(',').count(), 18);
    }
}
