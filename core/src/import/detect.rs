//! What a detector looks at: the first values of a text, as far as they reach into its head.

use crate::json::{Lack, Lexer, NodeKind, Tree};

/// The head of a text: its first values.
#[derive(Debug)]
pub struct Probe<'a> {
    /// The head itself.
    pub head: &'a [u8],
    /// The first values in it, the last possibly cut by the end of the head.
    pub samples: Vec<Sample<'a>>,
}

/// One value of the head.
#[derive(Debug)]
pub struct Sample<'a> {
    /// The text the tree was built from.
    pub text: &'a [u8],
    /// The value, as much as the head holds of it.
    pub tree: Tree,
    /// Whether it is whole.
    pub whole: bool,
    /// Where it begins in the head.
    pub at: usize,
    /// Whether something in it is not JSON, and not only because the head ends in it.
    pub damaged: bool,
}

/// Brackets stepped over that stand before JSON: a few of the first lines.
const PREFIXES: u32 = 16;

/// Values looked at: enough to see past odd first lines.
const VALUES: usize = 50;

impl<'a> Probe<'a> {
    /// Looks at a head. `last` tells that it is the whole text.
    pub fn new(head: &'a [u8], last: bool) -> Self {
        let mut samples = Vec::new();
        let (mut from, mut stepped) = (0, 0);
        while samples.len() < VALUES {
            let Some(start) = next_bracket(head, from) else { break };
            let rest = head.get(start..).unwrap_or(&[]);
            let mut lexer = Lexer::window(rest, 0, last);
            let (end, whole, cut) = match lexer.skip() {
                Ok((_, end)) => (end, true, false),
                Err(lack) => (rest.len(), false, matches!(lack, Lack::More)),
            };
            let text = rest.get(..end).unwrap_or(rest);
            let mut tree = Tree::parse(text);
            let damaged = tree.damage.is_some_and(|(at, _)| !cut || at < text.len());
            // `[main] [info] sent {`: what stands before the JSON of a line may stand in brackets.
            if damaged
                && stepped < PREFIXES
                && text.first() == Some(&b'[')
                && tree.first_child(0).is_none_or(|first| !holds(&tree, first))
            {
                let line = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                if let Some(next) =
                    rest.get(1..line).and_then(|line| line.iter().position(|b| matches!(b, b'{' | b'[')))
                {
                    from = start + 1 + next;
                    stepped += 1;
                    continue;
                }
            }
            if damaged && !cut {
                // What tells the format may stand behind the damage.
                tree = Tree::forgiving(text);
            }
            samples.push(Sample { text, tree, whole, at: start, damaged });
            if !whole {
                // A damaged value may hide the ones after it: look at the next line that begins one.
                match memchr::memmem::find(rest, b"\n{") {
                    Some(newline) if samples.len() < 4 => from = start + newline + 1,
                    _ => break,
                }
            } else {
                from = start + end;
            }
        }
        Probe { head, samples }
    }

    /// The first sample that satisfies a test.
    pub fn find(&self, test: impl Fn(&Sample<'_>) -> bool) -> Option<&Sample<'a>> {
        self.samples.iter().find(|sample| test(sample))
    }

    /// Whether the text is a list whose first item has one of these members.
    pub fn lists(&self, keys: &[&str]) -> bool {
        let first = self.samples.first().filter(|sample| sample.is_array());
        first.is_some_and(|sample| keys.iter().any(|key| sample.get(key).is_some()))
    }

    /// Whether much of the text is JSON, as far as it was looked at. Of prose with examples in it little is.
    pub fn sound(&self) -> bool {
        let sound = self.samples.iter().filter(|sample| !sample.damaged).map(|sample| sample.text.len()).sum::<usize>();
        let end = self.samples.last().map_or(0, |last| last.at + last.text.len());
        sound > 0 && sound.saturating_mul(4) >= end
    }

    /// Whether the text is several values rather than one.
    pub fn many(&self) -> bool {
        self.samples.len() > 1
    }
}

/// Whether a node is a list or an object.
fn holds(tree: &Tree, node: u32) -> bool {
    tree.node(node).is_some_and(|node| matches!(node.kind, NodeKind::Object | NodeKind::Array))
}

/// The next place a value may begin: a bracket.
fn next_bracket(head: &[u8], from: usize) -> Option<usize> {
    let rest = head.get(from..)?;
    rest.iter().position(|b| matches!(b, b'{' | b'[')).map(|offset| from + offset)
}

impl Sample<'_> {
    /// The member of the root object, or of its first item when the root is an array.
    pub fn get(&self, key: &str) -> Option<u32> {
        self.member(self.object()?, key)
    }

    /// The root object, or the first item of a root array when that is an object.
    pub fn object(&self) -> Option<u32> {
        let is = |node: u32, kind| self.tree.node(node).is_some_and(|n| n.kind == kind);
        if is(0, NodeKind::Object) {
            return Some(0);
        }
        self.tree.first_child(0).filter(|&child| is(0, NodeKind::Array) && is(child, NodeKind::Object))
    }

    /// Whether the root is an array.
    pub fn is_array(&self) -> bool {
        self.tree.node(0).is_some_and(|n| n.kind == NodeKind::Array)
    }

    /// A member of an object node.
    pub fn member(&self, node: u32, key: &str) -> Option<u32> {
        self.tree.member(self.text, node, key)
    }

    /// Follows keys from an object; through an array it goes on with the first item.
    pub fn path(&self, keys: &[&str]) -> Option<u32> {
        let mut node = self.object()?;
        for key in keys {
            while self.tree.node(node).is_some_and(|n| n.kind == NodeKind::Array) {
                node = self.tree.first_child(node)?;
            }
            node = self.member(node, key)?;
        }
        Some(node)
    }

    /// Whether a node is of this kind.
    pub fn is(&self, node: u32, kind: NodeKind) -> bool {
        self.tree.node(node).is_some_and(|n| n.kind == kind)
    }

    /// The text of a string node.
    pub fn text_of(&self, node: u32) -> Option<String> {
        self.tree.string(self.text, node).map(std::borrow::Cow::into_owned)
    }

    /// The keys of the root object, or of the first item of a root array.
    pub fn keys(&self) -> Vec<String> {
        let Some(object) = self.object() else { return Vec::new() };
        self.tree
            .children(object)
            .filter_map(|child| self.tree.key(self.text, child).map(std::borrow::Cow::into_owned))
            .collect()
    }
}
