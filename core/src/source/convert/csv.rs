//! Tables to JSON Lines: each row an object of texts under the names of the first row, on the line it begins on.
//!
//! RFC 4180 with the liberties of real files: commas, semicolons or tabs, rows that are too short or too long, a quote
//! that is never closed. Empty cells are left out.

use super::loose;
use crate::json::push_escaped;

/// What became of a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The rows.
    pub json: String,
    /// Number of rows.
    pub rows: u64,
    /// Rows with cells that have no column, which are left out.
    pub ragged: u64,
    /// A quote was open at the end.
    pub cut: bool,
}

/// How a table is told by its first row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looks {
    /// Between cells.
    pub separator: u8,
    /// Whether the columns are those of traces, so that it is no other text.
    pub sure: bool,
}

/// Columns that only traces and runs have.
const TELLING: [&str; 16] = [
    "trace_id",
    "traceid",
    "parent_run_id",
    "run_id",
    "span_id",
    "parent_span_id",
    "context.trace_id",
    "context.span_id",
    "dotted_order",
    "observation_id",
    "parent_observation_id",
    "run_type",
    "op_name",
    "dag_run_id",
    "session_id",
    "trace.id",
];

/// The key of a column without a name.
const UNNAMED: &str = "\"\":";

/// Whether a text looks like a table with a header row.
pub fn looks(head: &[u8]) -> Option<Looks> {
    let first = head.iter().position(|b| !matches!(b, b'\n' | b'\r'))?;
    let head = head.get(first..)?;
    if matches!(head.first()?, b'{' | b'[' | b'<' | b'#' | b'-') {
        return None;
    }
    let mut best = None;
    for separator in [b',', b'\t', b';', b'|'] {
        let mut cells = Cells { text: head, at: 0, separator, cut: false, lines: 0 };
        let (header, second) = (cells.row()?, cells.row());
        // The numbers of rows that pandas writes have no name.
        let (index, rest) = header.split_first()?;
        let named = rest.iter().all(|name| !name.trim().is_empty())
            && header.iter().all(|name| name.len() < 100 && !name.contains(['{', '\n']))
            && (!index.trim().is_empty() || rest.len() > 1);
        let fits = second.is_some_and(|row| row.len() == header.len() || cells.cut);
        // The second line of a text may have as many commas as the first; its next ones hardly.
        let more: Vec<bool> = (0..3).filter_map(|_| cells.row()).map(|row| row.len() >= header.len()).collect();
        if header.len() >= 2 && named && fits && best.as_ref().is_none_or(|(count, _)| header.len() > *count) {
            let telling = |name: &String| TELLING.contains(&name.trim().to_ascii_lowercase().as_str());
            let sure = header.len() >= 3 && header.iter().any(telling);
            if !sure && !cells.cut && !more.is_empty() && !more.contains(&true) {
                continue;
            }
            best = Some((header.len(), Looks { separator, sure }));
        }
    }
    best.map(|(_, looks)| looks)
}

/// Turns a table into JSON Lines.
pub fn to_json(text: &[u8], separator: u8) -> Table {
    let mut cells = Cells { text, at: 0, separator, cut: false, lines: 0 };
    let mut header = None;
    while header.is_none() {
        match cells.row() {
            Some(row) if row.len() == 1 && row.iter().all(String::is_empty) => {}
            Some(row) => header = Some(named(row)),
            None => return Table::default(),
        }
    }
    let header = header.unwrap_or_default();
    let mut table = Table::default();
    let mut line = 0;
    loop {
        let starts = cells.lines;
        let Some(row) = cells.row() else { break };
        if row.iter().all(String::is_empty) {
            continue;
        }
        while line < starts {
            table.json.push('\n');
            line += 1;
        }
        table.rows += 1;
        table.ragged += u64::from(row.len() > header.len());
        let mut lead = '{';
        for (name, cell) in header.iter().zip(&row) {
            // What Python makes of an object is no JSON; that of it which is can be looked into.
            let printed = ["{'", "[{'"].iter().any(|begins| cell.starts_with(begins));
            let strict = if printed {
                loose::to_json(cell.as_bytes()).and_then(|json| String::from_utf8(json).ok())
            } else {
                None
            };
            let cell = strict.as_ref().unwrap_or(cell);
            if !cell.is_empty() && name != UNNAMED {
                table.json.push(lead);
                table.json.push_str(name);
                table.json.push('"');
                push_escaped(&mut table.json, cell);
                table.json.push('"');
                lead = ',';
            }
        }
        table.json.push('}');
    }
    table.json.push('\n');
    table.cut = cells.cut;
    table
}

/// Names as JSON keys with their colon; one that occurs again is numbered.
fn named(row: Vec<String>) -> Vec<String> {
    let mut seen = rustc_hash::FxHashMap::<String, u32>::default();
    let name = |name: String| {
        let name = name.trim().to_owned();
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        let name = if *count > 1 { format!("{name} {count}") } else { name };
        format!("{}:", crate::json::quoted(&name))
    };
    row.into_iter().map(name).collect()
}

struct Cells<'a> {
    text: &'a [u8],
    at: usize,
    separator: u8,
    /// A quote was open at the end.
    cut: bool,
    /// Lines passed.
    lines: u64,
}

impl Cells<'_> {
    /// The cells of the next row.
    fn row(&mut self) -> Option<Vec<String>> {
        if self.at >= self.text.len() {
            return None;
        }
        let mut row = Vec::new();
        loop {
            let cell = if self.text.get(self.at) == Some(&b'"') { self.quoted() } else { self.plain(Vec::new()) };
            row.push(String::from_utf8_lossy(&cell).into_owned());
            match self.text.get(self.at) {
                Some(&byte) if byte == self.separator => self.at += 1,
                Some(_) => {
                    self.at += 1;
                    self.lines += 1;
                    return Some(row);
                }
                None => return Some(row),
            }
        }
    }

    /// Up to the separator or the end of the line.
    fn plain(&mut self, mut cell: Vec<u8>) -> Vec<u8> {
        let rest = self.text.get(self.at..).unwrap_or(&[]);
        let len = memchr::memchr2(self.separator, b'\n', rest).unwrap_or(rest.len());
        let part = rest.get(..len).unwrap_or(rest);
        let ends = rest.get(len) != Some(&self.separator);
        cell.extend_from_slice(if ends { part.strip_suffix(b"\r").unwrap_or(part) } else { part });
        self.at += len;
        cell
    }

    /// From a quote to its end; what follows it up to the separator belongs to the cell too.
    fn quoted(&mut self) -> Vec<u8> {
        let mut cell = Vec::new();
        self.at += 1;
        loop {
            let rest = self.text.get(self.at..).unwrap_or(&[]);
            let Some(len) = memchr::memchr(b'"', rest) else {
                self.cut = true;
                self.take(rest.len(), &mut cell);
                return cell;
            };
            self.take(len, &mut cell);
            self.at += 1;
            if rest.get(len + 1) != Some(&b'"') {
                return self.plain(cell);
            }
            cell.push(b'"');
            self.at += 1;
        }
    }

    fn take(&mut self, len: usize, cell: &mut Vec<u8>) {
        let part = self.text.get(self.at..self.at + len).unwrap_or(&[]);
        self.lines += memchr::memchr_iter(b'\n', part).count() as u64;
        cell.extend_from_slice(part);
        self.at += len;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_newlines_and_separators_of_real_tables() {
        let text = "id;name;\"a \"\"b\"\"\"\r\n1;\"x;y\r\nz\";\r\n\r\n2;\"he said \"\"no\"\"\" ;{\"k\":1};extra\n";
        let looked = looks(text.as_bytes());
        assert_eq!(looked, Some(Looks { separator: b';', sure: false }));
        let table = to_json(text.as_bytes(), b';');
        let rows = [
            "{\"id\":\"1\",\"name\":\"x;y\\r\\nz\"}",
            "{\"id\":\"2\",\"name\":\"he said \\\"no\\\" \",\"a \\\"b\\\"\":\"{\\\"k\\\":1}\"}",
        ];
        assert_eq!(table.json, format!("\n{}\n\n\n{}\n", rows[0], rows[1]));
        assert_eq!((table.rows, table.ragged, table.cut), (2, 1, false));
        for row in rows {
            assert!(serde_json::from_str::<serde_json::Value>(row).is_ok(), "{row}");
        }
    }

    #[test]
    fn a_cut_cell_and_equal_names_are_kept() {
        let table = to_json(b"a,a,b\n1,2,\"x", b',');
        assert_eq!((table.json.trim(), table.cut), (r#"{"a":"1","a 2":"2","b":"x"}"#, true));
    }

    #[test]
    fn tables_are_told_from_prose_and_json() {
        let sure = |text: &str| looks(text.as_bytes()).map(|looks| (looks.separator as char, looks.sure));
        assert_eq!(sure("id,trace_id,parent_run_id\n1,2,3\n"), Some((',', true)));
        assert_eq!(sure("Trace_ID\tb\tc\n1\t2\t3\n"), Some(('\t', true)));
        assert_eq!(sure("a,b\n1,2\n"), Some((',', false)));
        assert_eq!(sure("Well, this is\nsome, text, indeed\n"), None);
        assert_eq!(sure("Well, this is\nsome, text\nthat goes on\nand on\n"), None);
        assert_eq!(sure("a,b\n1,2\n\n3,4\n"), Some((',', false)));
        assert_eq!(sure("{\"a\":1,\n\"b\":2,\n"), None);
    }
}
