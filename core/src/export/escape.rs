//! Text of a file as text of a language, whatever is in it.

use std::fmt::Write as _;

/// A character no language of ours can hold: control characters but line ends and tabs, and what XML forbids.
fn forbidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// Characters one by one, line ends as `\n`, forbidden ones as U+FFFD.
fn clean(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut after_return = false;
    text.chars().filter_map(move |c| {
        let skip = c == '\n' && after_return;
        after_return = c == '\r';
        match c {
            '\n' if skip => None,
            '\r' => Some('\n'),
            c if forbidden(c) => Some('\u{fffd}'),
            c => Some(c),
        }
    })
}

/// Inside a quoted label of Mermaid. Everything its lexer, its directives, its comments or its Markdown could take for
/// their own becomes an entity by number.
pub(super) fn mermaid(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut start = true;
    let mut digits = false;
    let mut letters = clean(text).peekable();
    while let Some(c) = letters.next() {
        let word = out.chars().next_back().is_some_and(char::is_alphanumeric)
            && letters.peek().is_some_and(|next| next.is_alphanumeric());
        // What begins a list or a heading in Markdown.
        let list = start && matches!(c, '-' | '+' | '=') || digits && matches!(c, '.' | ')');
        match c {
            '\n' => out.push_str("<br/>"),
            '\t' => out.push(' '),
            '(' | ')' | '.' | ',' | '-' | '+' | '=' | '/' | '!' | '?' | '\'' | ' ' if !list => out.push(c),
            '_' if word => out.push(c),
            c if c.is_ascii_punctuation() || c == '\u{a0}' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c => out.push(c),
        }
        digits = c.is_ascii_digit() && (start || digits);
        start = c == '\n' || start && c == ' ';
    }
    // A label must not be empty.
    if out.trim().is_empty() { "#160;".to_owned() } else { out }
}

/// A quoted string of DOT, with its quotes.
pub(super) fn dot(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in clean(text) {
        match c {
            '\n' => out.push_str("\\n"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // Graphviz reads HTML entities in any text.
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Text or an attribute of XML.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text) {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Text of Markdown on one line, also inside a table.
pub(super) fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let flat: Vec<char> = clean(text).collect();
    for (at, &c) in flat.iter().enumerate() {
        let next = flat.get(at + 1).copied().unwrap_or(' ');
        let inside = before.is_alphanumeric() && next.is_alphanumeric();
        match c {
            '\n' | '\t' => out.push(' '),
            ',' | '\'' | '/' | ' ' => out.push(c),
            // Inside a word these mean nothing, but after `www` a dot makes a link.
            '-' | '_' => {
                if !inside {
                    out.push('\\');
                }
                out.push(c);
            }
            '.' => {
                let link = out.to_ascii_lowercase().ends_with("www");
                if link || before.is_ascii_digit() && !next.is_ascii_digit() {
                    out.push('\\');
                }
                out.push(c);
            }
            // A backslash before it would be shown by some readers.
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            c if c.is_ascii_punctuation() => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        before = c;
    }
    out.trim().to_owned()
}

/// A name as code of Markdown where that is safe, else as text.
pub(super) fn code(text: &str) -> String {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-. /:=<>{},()'".contains(c));
    // Code holds tags as they are; some readers of Markdown are not careful with that.
    let tag = text.split('<').skip(1).any(|rest| !rest.starts_with([' ', '=', '>']));
    let trimmed = text.trim() == text && !text.contains("  ") && !tag;
    if plain && trimmed { format!("`{text}`") } else { markdown(text) }
}
