//! Patterns of somebody's own: a text in any letter case, or a regular expression that takes linear time.

use super::hit::Hits;
use super::kinds::Kind;
use crate::protocol::OwnPattern;
use regex_lite::{Regex, RegexBuilder};

/// Bytes of a compiled expression.
const MOST: usize = 1 << 20;

/// Patterns that can be looked for.
#[derive(Default)]
pub(crate) struct Own {
    texts: Vec<String>,
    expressions: Vec<Regex>,
}

impl Own {
    /// Makes them ready.
    ///
    /// # Errors
    /// When one is empty or is no expression: a sentence for a person.
    pub(crate) fn new(patterns: &[OwnPattern]) -> Result<Own, String> {
        let mut own = Own::default();
        for pattern in patterns {
            if pattern.text.trim().is_empty() {
                return Err("A pattern of your own is empty.".to_owned());
            }
            if !pattern.regex {
                own.texts.push(pattern.text.to_lowercase());
                continue;
            }
            let made = RegexBuilder::new(&pattern.text).size_limit(MOST).build();
            let made = made.map_err(|error| format!("`{}` is no pattern: {error}.", pattern.text))?;
            if made.is_match("") {
                return Err(format!("`{}` is found in an empty text, so it would be found everywhere.", pattern.text));
            }
            own.expressions.push(made);
        }
        Ok(own)
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.expressions.is_empty()
    }

    /// Finds them.
    pub(crate) fn find(&self, text: &str, hits: &mut Hits) {
        if !self.texts.is_empty() {
            let (lower, places) = lowered(text);
            for wanted in &self.texts {
                let found = memchr::memmem::find_iter(lower.as_bytes(), wanted.as_bytes());
                for start in found {
                    let at =
                        |at: usize| places.as_ref().map_or(Some(at), |places| places.get(at).map(|at| *at as usize));
                    if let (Some(start), Some(end)) = (at(start), at(start + wanted.len())) {
                        hits.add(text, (start, end), Kind::Own);
                    }
                }
            }
        }
        for expression in &self.expressions {
            for found in expression.find_iter(text) {
                hits.add(text, (found.start(), found.end()), Kind::Own);
            }
        }
    }
}

/// A text in lower case, and for each of its bytes where it is from; nothing where the places are the same.
fn lowered(text: &str) -> (String, Option<Vec<u32>>) {
    if text.is_ascii() {
        return (text.to_ascii_lowercase(), None);
    }
    let (mut out, mut places) = (String::with_capacity(text.len()), Vec::with_capacity(text.len() + 1));
    for (at, c) in text.char_indices() {
        let from = out.len();
        out.extend(c.to_lowercase());
        places.extend(std::iter::repeat_n(at as u32, out.len() - from));
    }
    places.push(text.len() as u32);
    (out, Some(places))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::hit::stretches_by;

    fn found<'a>(text: &'a str, pattern: &str, regex: bool) -> Vec<&'a str> {
        let own = Own::new(&[OwnPattern { text: pattern.to_owned(), regex }]).unwrap();
        stretches_by(text, |text, hits| own.find(text, hits))
    }

    #[test]
    fn a_text_in_any_case_or_an_expression() {
        assert_eq!(found("Acme and ACME GmbH", "acme", false), ["Acme", "ACME"]);
        assert_eq!(found("İstanbul, MÜNCHEN", "münchen", false), ["MÜNCHEN"]);
        assert_eq!(found("case 4711-A, 12-B", r"\d{4}-[A-Z]", true), ["4711-A"]);
        for bad in ["(", "a*", ""] {
            assert!(Own::new(&[OwnPattern { text: bad.to_owned(), regex: true }]).is_err(), "{bad}");
        }
    }
}
