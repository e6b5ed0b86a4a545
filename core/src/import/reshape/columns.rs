//! Tables kept by column, as pandas writes a frame: `{"name": {"0": …, "1": …}, …}`, `{"name": […], …}`, or names and
//! rows apart (`columns` and `data`). Each row becomes an object.

use super::{MOST, Reshaped, whole};
use crate::json::{At, NodeKind};
use crate::wording::counted;

/// Fewer columns than this are no table.
const COLUMNS: u32 = 3;

/// The rows of a text that is one such table.
pub(super) fn rows(text: &[u8]) -> Option<Reshaped> {
    let tree = whole(text)?;
    let root = At::root(text, &tree).filter(|root| root.is(NodeKind::Object))?;
    let mut out = Vec::with_capacity(text.len().saturating_mul(2));
    let rows = split(root, &mut out).or_else(|| by_column(root, &mut out)).filter(|rows| *rows > 0)?;
    let says = format!(
        "The file is a table of {} kept by column, as pandas writes it; each row is read as an object, and places are \
         counted in that.",
        counted(rows, "row", "rows")
    );
    Some(Reshaped { json: out, says })
}

/// Names and rows apart.
fn split(root: At<'_>, out: &mut Vec<u8>) -> Option<u64> {
    let names: Vec<At<'_>> = root.get("columns")?.items().filter(|name| name.is(NodeKind::String)).collect();
    let data = root.get("data").filter(|data| data.items().next().is_some_and(|row| row.is(NodeKind::Array)))?;
    if (names.len() as u32) < COLUMNS {
        return None;
    }
    let mut rows = 0;
    for row in data.items() {
        let cells = names.iter().zip(row.items()).map(|(name, cell)| (name.raw(), cell));
        put(cells, out)?;
        rows += 1;
    }
    Some(rows)
}

/// A member for each column, all with the same keys in the same order, or lists of one length.
fn by_column<'a>(root: At<'a>, out: &mut Vec<u8>) -> Option<u64> {
    let columns: Vec<At<'a>> = root.members().collect();
    let first = columns.first()?;
    let same = |column: &At<'_>| column.kind() == first.kind() && column.count() == first.count();
    let table = matches!(first.kind(), NodeKind::Object | NodeKind::Array) && columns.iter().all(same);
    if !table || root.count() < COLUMNS {
        return None;
    }
    // With its quotes.
    let key = |at: At<'a>| {
        let (start, end) = at.key_range()?;
        at.text.get(start.checked_sub(1)?..end.checked_add(1)?)
    };
    let mut cells: Vec<_> = columns.iter().map(|column| column.children()).collect();
    let mut rows = 0;
    for _ in 0..first.count() {
        let row: Vec<At<'a>> = cells.iter_mut().filter_map(Iterator::next).collect();
        let own = row.first().map(|cell| key(*cell));
        if row.iter().any(|cell| Some(key(*cell)) != own) {
            return None;
        }
        put(columns.iter().zip(row).filter_map(|(column, cell)| Some((key(*column)?, cell))), out)?;
        rows += 1;
    }
    Some(rows)
}

/// Writes a row. `None` when there is too much already.
fn put<'a>(cells: impl Iterator<Item = (&'a [u8], At<'a>)>, out: &mut Vec<u8>) -> Option<()> {
    out.push(b'{');
    for (index, (key, cell)) in cells.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(key);
        out.push(b':');
        out.extend_from_slice(cell.raw());
    }
    out.extend_from_slice(b"}\n");
    (out.len() <= MOST).then_some(())
}
