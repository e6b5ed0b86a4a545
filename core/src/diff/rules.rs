//! Rules of the user: paths in values whose differences mean nothing.
//!
//! `$.request_id`, `$.items[*].at`, `$.items[3].at`, `$..trace_id`, `$['odd key']`. A rule speaks of what it names and of
//! all below that. A string that holds JSON is walked through as if the JSON stood in its place. Rules are followed
//! while a value is walked: a [`State`] says how far each of them has come.

/// Most steps of all rules together: one bit each.
const MOST: usize = 256;
const WORDS: usize = MOST / 64;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(u32),
    /// Any item.
    Items,
    /// Any member or item.
    Any,
}

#[derive(Clone, Debug)]
struct Node {
    step: Step,
    /// Reached at any depth: `..`.
    deep: bool,
    /// Whether the rule ends here.
    last: bool,
}

/// Rules, read.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    nodes: Vec<Node>,
    /// Where each rule begins.
    first: Vec<usize>,
}

/// How far the rules have come on the way to one value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Steps that may be taken next.
    next: [u64; WORDS],
    /// Whether a rule names this value or something around it.
    pub ruled: bool,
}

impl State {
    fn add(&mut self, node: usize) {
        if let Some(word) = self.next.get_mut(node / 64) {
            *word |= 1 << (node % 64);
        }
    }

    /// Whether nothing can come of it any more.
    pub fn is_over(&self) -> bool {
        self.next == [0; WORDS]
    }
}

impl Rules {
    /// Reads rules. What is wrong with one is said in a sentence, and the others hold all the same.
    pub fn read(texts: &[String]) -> (Rules, Vec<String>) {
        let mut rules = Rules::default();
        let mut problems = Vec::new();
        for text in texts {
            match steps(text.trim()) {
                Ok(nodes) if rules.nodes.len() + nodes.len() <= MOST => {
                    rules.first.push(rules.nodes.len());
                    rules.nodes.extend(nodes);
                }
                Ok(_) => problems.push(format!("The rule `{text}` is left out: there are too many rules.")),
                Err(problem) => problems.push(problem),
            }
        }
        (rules, problems)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// The state at the root of a value.
    pub fn start(&self) -> State {
        let mut state = State::default();
        for &first in &self.first {
            state.add(first);
        }
        state
    }

    /// The state of a member.
    pub fn member(&self, state: &State, key: &str) -> State {
        self.go(state, &|step| match step {
            Step::Key(wanted) => wanted == key,
            Step::Any => true,
            Step::Index(_) | Step::Items => false,
        })
    }

    /// The state of an item.
    pub fn item(&self, state: &State, index: u32) -> State {
        self.go(state, &|step| match step {
            Step::Index(wanted) => *wanted == index,
            Step::Items | Step::Any => true,
            Step::Key(_) => false,
        })
    }

    fn go(&self, state: &State, fits: &dyn Fn(&Step) -> bool) -> State {
        let mut after = State { ruled: state.ruled, ..State::default() };
        for (word, &bits) in state.next.iter().enumerate() {
            let mut bits = bits;
            while bits != 0 {
                let index = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let Some(node) = self.nodes.get(index) else { continue };
                if node.deep {
                    after.add(index);
                }
                if fits(&node.step) {
                    if node.last {
                        after.ruled = true;
                    } else {
                        after.add(index + 1);
                    }
                }
            }
        }
        after
    }
}

/// What is wrong: the rule, what was expected, and the position of the character, from 1.
fn wrong(text: &str, at: usize, expected: &str) -> String {
    let position = text.get(..at).map_or(0, |head| head.chars().count()).saturating_add(1);
    format!("The rule `{text}` is left out: expected {expected} at character {position}.")
}

fn steps(text: &str) -> Result<Vec<Node>, String> {
    if !text.starts_with('$') {
        return Err(wrong(text, 0, "`$`, the whole value, as in `$.request_id`"));
    }
    let mut nodes: Vec<Node> = Vec::new();
    let mut at = 1;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let deep = rest.starts_with("..");
        let dots = rest.len() - rest.trim_start_matches('.').len();
        let inner = if deep { &rest[2..] } else { rest.strip_prefix('.').unwrap_or(rest) };
        if dots > 2 {
            return Err(wrong(text, at + 2, "a name after `..`"));
        }
        let start = text.len() - inner.len();
        let (step, used) = match inner.as_bytes().first() {
            Some(b'[') if dots != 1 => bracket(text, start, inner)?,
            Some(b'*') if dots > 0 => (Step::Any, 1),
            _ if dots == 0 => return Err(wrong(text, start, "`.` and a name, or `[`")),
            _ => {
                let end = inner.find(['.', '[', ']', '\'', '"', ' ', '*']).unwrap_or(inner.len());
                let (name, behind) = inner.split_at(end);
                if name.is_empty() {
                    return Err(wrong(text, start, "a name"));
                }
                if behind.starts_with([']', '\'', '"', ' ', '*']) {
                    let expected = "`.`, `[` or the end (an odd name is written `['odd name']`)";
                    return Err(wrong(text, start + end, expected));
                }
                (Step::Key(name.to_owned()), end)
            }
        };
        nodes.push(Node { step, deep, last: false });
        at = start + used;
    }
    match nodes.last_mut() {
        Some(node) => node.last = true,
        None => return Err(wrong(text, 1, "`.name`, `[*]` or `..name` behind it")),
    }
    Ok(nodes)
}

/// `[*]`, `[3]`, `['key']` or `["key"]`, and how long it is. Within the quotes `\` keeps the next character as it is.
fn bracket(text: &str, start: usize, inner: &str) -> Result<(Step, usize), String> {
    let rest = inner.get(1..).unwrap_or("");
    let closed = |step: Step, used: usize| match inner.get(used..) {
        Some(behind) if behind.starts_with(']') => Ok((step, used + 1)),
        _ => Err(wrong(text, start + used, "`]`")),
    };
    if rest.starts_with('*') {
        return closed(Step::Items, 2);
    }
    if rest.starts_with('"') {
        // As paths are written where values are shown.
        let mut lexer = crate::json::Lexer::new(rest.as_bytes());
        return match lexer.string() {
            Ok(key) => closed(Step::Key(key.text().into_owned()), key.end() + 1),
            Err(_) => Err(wrong(text, text.len(), "the closing quote of the key")),
        };
    }
    if let Some(quote) = rest.chars().next().filter(|c| *c == '\'') {
        let mut key = String::new();
        let mut chars = rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            if c == quote {
                return closed(Step::Key(key), at + 2);
            }
            key.push(if c == '\\' { chars.next().map_or(c, |(_, kept)| kept) } else { c });
        }
        return Err(wrong(text, text.len(), "the closing quote of the key"));
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    match rest.get(..digits).and_then(|digits| digits.parse().ok()) {
        Some(index) => closed(Step::Index(index), digits + 1),
        None => Err(wrong(text, start + 1, "a position, `*`, or a key in quotes")),
    }
}

#[cfg(test)]
mod tests;
