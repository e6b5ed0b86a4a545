//! Regular expressions of the simple kind that schemas hold: letters, classes, repetitions, alternatives.
//!
//! Best effort: what is not understood (groups inside a pattern, look-around, back references) is no pattern, and
//! then any text counts as matching. Matching walks the text once with all positions at the same time, so no pattern
//! takes longer on one text than on another of its length.

/// Parts of a pattern beyond which it is not read.
const PARTS: usize = 1_000;
/// Parts times characters beyond which a text counts as matching.
const WORK: usize = 4_000_000;

/// Characters, as ranges; `out` takes all others instead.
#[derive(Clone, Debug)]
struct Class {
    ranges: Vec<(char, char)>,
    out: bool,
}

impl Class {
    fn one(c: char) -> Self {
        Class { ranges: vec![(c, c)], out: false }
    }

    fn of(letter: char) -> Option<Self> {
        let (ranges, out) = match letter {
            'd' | 'D' => (vec![('0', '9')], letter == 'D'),
            'w' | 'W' => (vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')], letter == 'W'),
            's' | 'S' => (vec![(' ', ' '), ('\t', '\r')], letter == 'S'),
            _ => return None,
        };
        Some(Class { ranges, out })
    }

    fn takes(&self, c: char) -> bool {
        self.ranges.iter().any(|&(from, to)| (from..=to).contains(&c)) != self.out
    }

    fn example(&self) -> Option<char> {
        if self.out {
            return ['a', '1', ' ', '-', 'Z'].into_iter().find(|&c| self.takes(c));
        }
        self.ranges.first().map(|range| range.0)
    }
}

/// One character to match; `skip` when there may be none of it, `again` when there may be more.
#[derive(Clone, Debug)]
struct Part {
    class: Class,
    skip: bool,
    again: bool,
}

#[derive(Clone, Debug, Default)]
struct Line {
    parts: Vec<Part>,
    from_start: bool,
    to_end: bool,
}

/// A pattern that was understood.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// Alternatives.
    lines: Vec<Line>,
}

/// An escape after its backslash: a class of several characters, or one character.
fn escape(c: char) -> Option<Class> {
    if let Some(class) = Class::of(c) {
        return Some(class);
    }
    Some(Class::one(match c {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        c if c.is_ascii_alphanumeric() => return None,
        c => c,
    }))
}

fn set(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Class> {
    let out = rest.next_if_eq(&'^').is_some();
    let mut ranges: Vec<(char, char)> = Vec::new();
    loop {
        let mut c = rest.next()?;
        if c == ']' && !ranges.is_empty() {
            return Some(Class { ranges, out });
        }
        if c == '\\' {
            let class = escape(rest.next()?)?;
            match class.ranges.as_slice() {
                [(from, to)] if from == to && !class.out => c = *from,
                _ if class.out => return None,
                more => {
                    ranges.extend(more);
                    continue;
                }
            }
        }
        let mut ahead = rest.clone();
        if ahead.next() == Some('-') && ahead.peek().is_some_and(|&to| to != ']' && to != '\\') {
            rest.next();
            let to = rest.next()?;
            if to < c {
                return None;
            }
            ranges.push((c, to));
        } else {
            ranges.push((c, c));
        }
    }
}

/// How often: least, most.
fn repetition(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<(usize, Option<usize>)> {
    let found = match rest.peek() {
        Some('*') => (0, None),
        Some('+') => (1, None),
        Some('?') => (0, Some(1)),
        Some('{') => {
            rest.next();
            let mut inside = String::new();
            loop {
                match rest.next()? {
                    '}' => break,
                    c => inside.push(c),
                }
            }
            let (least, most) = match inside.split_once(',') {
                Some((least, "")) => (least.parse().ok()?, None),
                Some((least, most)) => (least.parse().ok()?, Some(most.parse().ok()?)),
                None => (inside.parse().ok()?, Some(inside.parse().ok()?)),
            };
            return (most.is_none_or(|most| least <= most)).then_some((least, most));
        }
        _ => return Some((1, Some(1))),
    };
    rest.next();
    // Lazy repetitions match the same texts.
    rest.next_if_eq(&'?');
    Some(found)
}

fn line(text: &str) -> Option<Line> {
    let mut line = Line::default();
    let mut rest = text.chars().peekable();
    line.from_start = rest.next_if_eq(&'^').is_some();
    while let Some(c) = rest.next() {
        let class = match c {
            '$' if rest.peek().is_none() => {
                line.to_end = true;
                break;
            }
            '^' | '$' | '(' | ')' | '|' | '*' | '+' | '?' | '{' => return None,
            '.' => Class { ranges: vec![('\n', '\n')], out: true },
            '[' => set(&mut rest)?,
            '\\' => escape(rest.next()?)?,
            c => Class::one(c),
        };
        let (least, most) = repetition(&mut rest)?;
        if least > PARTS || most.is_some_and(|most| most > PARTS) {
            return None;
        }
        let part = |skip, again| Part { class: class.clone(), skip, again };
        line.parts.extend((0..least).map(|_| part(false, false)));
        match most {
            None => line.parts.push(part(true, true)),
            Some(most) => line.parts.extend((least..most).map(|_| part(true, false))),
        }
        if line.parts.len() > PARTS {
            return None;
        }
    }
    Some(line)
}

impl Pattern {
    /// Reads a pattern; `None` when it is more than can be read here.
    pub(super) fn parse(text: &str) -> Option<Self> {
        // `^(a|b)$` is the one group that is common.
        let inner = text.strip_prefix("^(").and_then(|rest| rest.strip_suffix(")$"));
        let lines = match inner {
            Some(inner) => {
                let inner = inner.strip_prefix("?:").unwrap_or(inner);
                let both = |mut line: Line| {
                    (line.from_start, line.to_end) = (true, true);
                    line
                };
                inner.split('|').map(|part| line(part).map(both)).collect::<Option<Vec<_>>>()?
            }
            None => text.split('|').map(line).collect::<Option<Vec<_>>>()?,
        };
        Some(Pattern { lines })
    }

    /// Whether it is found in a text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.lines.iter().any(|line| line.is_in(text))
    }

    /// A text it is found in, of at least `least` characters where its repetitions allow.
    pub(super) fn example(&self, least: usize) -> Option<String> {
        let line = self.lines.first()?;
        let fixed = line.parts.iter().filter(|part| !part.skip).count();
        let mut missing = least.min(PARTS).saturating_sub(fixed);
        let mut out = String::new();
        for part in &line.parts {
            let c = part.class.example()?;
            if !part.skip {
                out.push(c);
            } else if missing > 0 {
                let times = if part.again { missing } else { 1 };
                out.extend(std::iter::repeat_n(c, times));
                missing -= times;
            }
        }
        Some(out)
    }
}

impl Line {
    fn is_in(&self, text: &str) -> bool {
        let end = self.parts.len();
        if text.len().saturating_mul(end) > WORK {
            return true;
        }
        // The positions in the pattern that the text so far can have come to.
        let mut at = vec![false; end + 1];
        let reach = |at: &mut Vec<bool>| {
            for (index, part) in self.parts.iter().enumerate() {
                if part.skip
                    && at.get(index) == Some(&true)
                    && let Some(next) = at.get_mut(index + 1)
                {
                    *next = true;
                }
            }
        };
        if let Some(first) = at.first_mut() {
            *first = true;
        }
        reach(&mut at);
        for c in text.chars() {
            if !self.to_end && at.last() == Some(&true) {
                return true;
            }
            let mut next = vec![false; end + 1];
            for (index, part) in self.parts.iter().enumerate() {
                if at.get(index) != Some(&true) || !part.class.takes(c) {
                    continue;
                }
                let to = if part.again { index } else { index + 1 };
                if let Some(slot) = next.get_mut(to) {
                    *slot = true;
                }
            }
            if !self.from_start
                && let Some(first) = next.first_mut()
            {
                *first = true;
            }
            reach(&mut next);
            at = next;
        }
        at.last() == Some(&true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn finds_what_regular_expressions_find() {
        for (pattern, yes, no) in [
            ("^[a-z_][a-z0-9_]*$", "step_1", "1step"),
            (r"^\d{3}-\d{2,}$", "123-456", "123-4"),
            ("^(approve|reject)$", "reject", "rejected"),
            ("ab+c?", "xxabbyy", "ac"),
            ("^a|b$", "cb", "ca"),
            (r"^[^\s@]+@[^\s@]+\.[a-z]+$", "a@b.de", "a@b"),
            ("^.{2,3}$", "é😀", "abcd"),
        ] {
            let found = Pattern::parse(pattern).unwrap();
            assert!(found.is_in(yes) && !found.is_in(no), "{pattern}");
            let example = found.example(0).unwrap();
            assert!(found.is_in(&example), "{pattern}: {example}");
        }
        assert_eq!(Pattern::parse("^[A-Z]+$").and_then(|p| p.example(4)).as_deref(), Some("AAAA"));
        for beyond in ["(a)(b)", "(?=x)", r"\1", "a{9999}", "[z-a]", "[", "a{"] {
            assert!(Pattern::parse(beyond).is_none(), "{beyond}");
        }
    }

    proptest! {
        #[test]
        fn any_pattern_on_any_text(pattern in r"[a-c\\d.*+?{}0-9,\[\]^$|()-]{0,20}", text in "[a-c0-9]{0,20}") {
            if let Some(pattern) = Pattern::parse(&pattern) {
                pattern.is_in(&text);
                if let Some(example) = pattern.example(5) {
                    prop_assert!(pattern.is_in(&example), "{:?} {}", pattern, example);
                }
            }
        }
    }
}
