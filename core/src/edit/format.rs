//! The usual form of a JSON text: two spaces a level, one member a line. Changes white space and nothing else, so a
//! caret in the text keeps its place and every number and string stays as it is written.

use crate::json::{Lack, Lexer, Tree};
use crate::protocol::TextEdit;

/// Levels that are set in; deeper ones stand below each other, so that a hostile text does not grow without bounds.
const DEEP: usize = 64;

/// The edits that give one JSON value its usual form; none when it has it. What stands around it is left alone.
///
/// # Errors
/// When the text is not sound: the first damaged byte, and what was expected there.
pub fn format(text: &[u8]) -> Result<Vec<TextEdit>, (usize, &'static str)> {
    if let Some(damage) = Tree::parse(text).damage {
        return Err(damage);
    }
    let line = if text.windows(2).take(1 << 20).any(|two| two == b"\r\n") { "\r\n" } else { "\n" };
    let mut edits = Vec::new();
    let mut depth = 0usize;
    let mut pos = space(text, 0);
    loop {
        let end = match text.get(pos) {
            None => break,
            Some(b'{' | b'[') => {
                depth += 1;
                pos + 1
            }
            Some(b'}' | b']') => {
                depth = depth.saturating_sub(1);
                pos + 1
            }
            Some(b',' | b':') => pos + 1,
            Some(_) => {
                let mut lexer = Lexer::window(text, pos, true);
                match lexer.skip() {
                    Ok((_, end)) => end,
                    Err(Lack::More) => text.len(),
                    Err(Lack::Bad { at, expected }) => return Err((at, expected)),
                }
            }
        };
        let before = if end == pos + 1 { text.get(pos).copied().unwrap_or(0) } else { 0 };
        if depth == 0 {
            break;
        }
        let next = space(text, end);
        let after = text.get(next).copied().unwrap_or(0);
        let wanted = match (before, after) {
            (b'{', b'}') | (b'[', b']') | (_, b',' | b':') => String::new(),
            (b':', _) => " ".to_owned(),
            (_, b'}' | b']') => new_line(line, depth.saturating_sub(1)),
            (b'{' | b'[' | b',', _) => new_line(line, depth),
            _ => " ".to_owned(),
        };
        if text.get(end..next) != Some(wanted.as_bytes()) {
            edits.push(TextEdit { start: end as u64, end: next as u64, text: wanted });
        }
        pos = next;
    }
    Ok(edits)
}

fn new_line(line: &str, depth: usize) -> String {
    format!("{line}{}", "  ".repeat(depth.min(DEEP)))
}

fn space(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or(&[]);
    from + rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).count()
}

/// The same for a whole file: also the white space around the value goes, but for one line end where it ended with
/// one. A byte order mark stays.
///
/// # Errors
/// When the text is not one sound JSON value: the first damaged byte, and what was expected there.
pub fn format_whole(text: &[u8]) -> Result<Vec<TextEdit>, (usize, &'static str)> {
    let mark = if text.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
    let shift = |(at, expected): (usize, &'static str)| (at + mark, expected);
    let inner = text.get(mark..).unwrap_or(&[]);
    let tree = Tree::parse(inner);
    if let Some(damage) = tree.damage {
        return Err(shift(damage));
    }
    let (start, end) = tree.node(0).map_or((0, 0), |node| (node.start as usize, node.end as usize));
    let rest = space(inner, end);
    if rest < inner.len() {
        return Err((rest + mark, "the end of the file"));
    }
    let mut edits = Vec::new();
    let mut push = |from: usize, to: usize, text: &str| {
        if inner.get(from..to) != Some(text.as_bytes()) {
            edits.push(TextEdit { start: from as u64, end: to as u64, text: text.to_owned() });
        }
    };
    push(0, start, "");
    let behind = inner.get(end..).unwrap_or(&[]);
    let line = match (behind.windows(2).any(|two| two == b"\r\n"), behind.contains(&b'\n')) {
        (true, _) => "\r\n",
        (_, true) => "\n",
        _ => "",
    };
    let mut last = Vec::new();
    if behind != line.as_bytes() {
        last.push(TextEdit { start: end as u64, end: inner.len() as u64, text: line.to_owned() });
    }
    edits.extend(format(inner).map_err(shift)?);
    edits.append(&mut last);
    for edit in &mut edits {
        edit.start += mark as u64;
        edit.end += mark as u64;
    }
    Ok(edits)
}
