//! Where a caret stands in a text that is being typed: in which containers, at a key or a value, in which token.
//!
//! Looks at the text before the caret alone, so whatever is broken behind it does not matter.

/// A step of the way to the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Under a key.
    Key(String),
    /// In a list.
    Item(u32),
}

/// What can be written there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Key,
    Value,
    /// Only punctuation.
    Nothing,
}

/// Where a caret stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caret {
    /// From the root to the value at the caret; for a key, to the object it will stand in.
    pub(super) way: Vec<Way>,
    pub(super) slot: Slot,
    /// The token to replace, quotes included; empty between tokens.
    pub(super) token: (usize, usize),
    /// What of the token stands before the caret, without its quote.
    pub(super) typed: String,
    /// Whether the token begins with a quote.
    pub(super) quoted: bool,
    /// First byte of the innermost container.
    pub(super) around: usize,
}

struct Open {
    at: usize,
    object: bool,
    key: Option<String>,
    index: u32,
    colon: bool,
    value: bool,
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'+') || byte >= 0x80
}

/// The end of the string that begins here, and whether it is closed.
fn string_end(text: &[u8], from: usize) -> (usize, bool) {
    let mut at = from + 1;
    loop {
        match text.get(at) {
            None | Some(b'\n') => return (at.min(text.len()), false),
            Some(b'"') => return (at + 1, true),
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

/// Finds out about the caret at byte `caret`; `None` outside of the outermost value.
pub(super) fn caret(text: &[u8], caret: usize) -> Option<Caret> {
    let caret = caret.min(text.len());
    let mut open: Vec<Open> = Vec::new();
    let mut pos = 0;
    let mut token = None;
    while pos < caret {
        let Some(&byte) = text.get(pos) else { break };
        match byte {
            b'{' | b'[' => {
                open.push(Open { at: pos, object: byte == b'{', key: None, index: 0, colon: false, value: false });
                pos += 1;
            }
            b'}' | b']' => {
                if let Some(place) = open.iter().rposition(|one| one.object == (byte == b'}')) {
                    open.truncate(place);
                }
                open.last_mut()?.value = true;
                pos += 1;
            }
            b',' => {
                if let Some(last) = open.last_mut() {
                    last.index = last.index.saturating_add(1);
                    (last.key, last.colon, last.value) = (None, false, false);
                }
                pos += 1;
            }
            b':' => {
                if let Some(last) = open.last_mut() {
                    last.colon = true;
                }
                pos += 1;
            }
            b'"' => {
                let (end, closed) = string_end(text, pos);
                if caret < end || !closed {
                    token = Some((pos, end, closed));
                    break;
                }
                let last = open.last_mut()?;
                if last.object && !last.colon {
                    let inner = text.get(pos..end).unwrap_or(&[]);
                    let key = crate::json::Lexer::new(inner).text().ok().flatten();
                    last.key = Some(key.unwrap_or_default().into_owned());
                } else {
                    last.value = true;
                }
                pos = end;
            }
            _ if is_word(byte) => {
                let rest = text.get(pos..).unwrap_or(&[]);
                let end = pos + rest.iter().take_while(|&&b| is_word(b)).count();
                if caret <= end {
                    token = Some((pos, end, true));
                    break;
                }
                if let Some(last) = open.last_mut() {
                    last.value |= last.colon || !last.object;
                }
                pos = end;
            }
            _ => pos += 1,
        }
    }
    let last = open.last()?;
    let slot = match (last.object, token.is_some()) {
        (true, true) if !last.colon && last.key.is_some() => Slot::Nothing,
        (true, _) if !last.colon && last.key.is_none() => Slot::Key,
        (true, false) if !last.colon || last.value => Slot::Nothing,
        (false, false) if last.value => Slot::Nothing,
        _ => Slot::Value,
    };
    let quoted = token.is_some_and(|(start, ..)| text.get(start) == Some(&b'"'));
    let range = match token {
        // A string that nobody closed ends with its word.
        Some((start, end, false)) => {
            let rest = text.get(caret..end).unwrap_or(&[]);
            (start, caret + rest.iter().take_while(|&&b| is_word(b)).count())
        }
        Some((start, end, true)) => (start, end),
        None => (caret, caret),
    };
    let typed = text.get(range.0 + usize::from(quoted)..caret).unwrap_or(&[]);
    let ways = if slot == Slot::Key { open.len().saturating_sub(1) } else { open.len() };
    let way = open.iter().take(ways).map(|one| match &one.key {
        _ if !one.object => Way::Item(one.index),
        key => Way::Key(key.clone().unwrap_or_default()),
    });
    Some(Caret {
        way: way.collect(),
        slot,
        token: range,
        typed: String::from_utf8_lossy(typed).into_owned(),
        quoted,
        around: last.at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The caret is where `|` stands.
    fn told(text: &str) -> Option<String> {
        let at = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let caret = caret(text.as_bytes(), at)?;
        let way: Vec<String> = caret
            .way
            .iter()
            .map(|way| match way {
                Way::Key(key) => format!(".{key}"),
                Way::Item(index) => format!("[{index}]"),
            })
            .collect();
        Some(format!("{}{:?} {} {}", way.concat(), caret.slot, &text[caret.token.0..caret.token.1], caret.typed))
    }

    #[test]
    fn knows_what_is_being_typed() {
        for (text, says) in [
            (r#"{"flow": {"start_at": "dr|aft"}}"#, r#".flow.start_atValue "draft" dr"#),
            (r#"{"flow": {"paths": [{}, {"to": |"#, ".flow.paths[1].toValue  "),
            (r#"{"flow": {"paths": [{}, {|}]}}"#, ".flow.paths[1]Key  "),
            (r#"{"a": 1, "na|"#, r#"Key "na na"#),
            ("{\"a\": \"un|closed, \n \"b\": 1}", r#".aValue "unclosed un"#),
            (r#"{"a": tr|, "b": 2}"#, ".aValue tr tr"),
            (r#"{"a": 1 | }"#, ".aNothing  "),
            (r#"{"a"| }"#, ".aNothing  "),
            (r#"{"a": [1, |]}"#, ".a[1]Value  "),
            (r#"{"a": }, st|"#, "none"),
            (r#"{n|}"#, "Key n n"),
        ] {
            assert_eq!(told(text).unwrap_or_else(|| "none".to_owned()), says, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_and_place(text in "[\\[\\]{}:,\"a\\\\\n é|]{0,60}", at in 0usize..80) {
            if let Some(caret) = caret(text.as_bytes(), at) {
                prop_assert!(caret.token.0 <= at && caret.token.1 <= text.len() && caret.token.0 <= caret.token.1);
            }
        }
    }
}
