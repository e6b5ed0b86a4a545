//! A tree of a text that somebody is typing in: damage costs a value or a bracket, and reading goes on behind it.
//!
//! A sound text gives the same tree as [`Tree::parse`]. A key without a value gets an empty `Null` that begins and
//! ends where the value should stand.

use super::{Building, NONE, NodeKind, Tree};
use crate::json::Str;

impl Tree {
    /// Reads all that can be made out of `text`. [`Tree::damage`] says where it stops being JSON.
    pub fn forgiving(text: &[u8]) -> Tree {
        let strict = Tree::parse(text);
        if strict.damage.is_none() || u32::try_from(text.len()).is_err() {
            return strict;
        }
        let tree = Tree { nodes: Vec::with_capacity(strict.len()), damage: strict.damage };
        let mut reading =
            Reading { text, pos: 0, key: None, build: Building { tree, open: Vec::new(), last: Vec::new() } };
        reading.all();
        reading.build.tree
    }
}

struct Reading<'a> {
    text: &'a [u8],
    pos: usize,
    /// A key whose value has not come yet.
    key: Option<Str<'a>>,
    build: Building,
}

impl<'a> Reading<'a> {
    fn kind(&self, node: u32) -> NodeKind {
        self.build.tree.node(node).map_or(NodeKind::Null, |node| node.kind)
    }

    fn in_object(&self) -> bool {
        self.build.open.last().is_some_and(|&open| self.kind(open) == NodeKind::Object)
    }

    fn space(&mut self) {
        while self.text.get(self.pos).is_some_and(u8::is_ascii_whitespace) {
            self.pos += 1;
        }
    }

    /// The key that waits gets its missing value.
    fn missing(&mut self, at: usize) {
        if let Some(key) = self.key.take() {
            self.build.add(NodeKind::Null, at, at, Some(key), false);
        }
    }

    /// The string at the quote here; it ends with its line when it is not closed.
    fn string(&mut self) -> Str<'a> {
        let at = self.pos;
        let mut end = at + 1;
        let mut plain = true;
        loop {
            match self.text.get(end) {
                None | Some(b'\n') => {
                    self.pos = end;
                    break;
                }
                Some(b'"') => {
                    self.pos = end + 1;
                    break;
                }
                Some(b'\\') => {
                    plain = false;
                    end += if matches!(self.text.get(end + 1), None | Some(b'\n')) { 1 } else { 2 };
                }
                Some(_) => end += 1,
            }
        }
        let end = end.min(self.text.len());
        Str { raw: self.text.get(at + 1..end).unwrap_or(&[]), at, plain }
    }

    fn close(&mut self, bracket: u8) {
        let kind = if bracket == b'}' { NodeKind::Object } else { NodeKind::Array };
        let Some(place) = self.build.open.iter().rposition(|&open| self.kind(open) == kind) else { return };
        self.missing(self.pos);
        for (at, open) in self.build.open.drain(place..).enumerate() {
            if let Some(node) = self.build.tree.nodes.get_mut(open as usize) {
                // Only the outermost of them has its bracket here.
                node.end = self.pos as u32 + u32::from(at == 0);
            }
        }
        self.build.last.truncate(place);
    }

    fn all(&mut self) {
        loop {
            self.space();
            let Some(&byte) = self.text.get(self.pos) else { break };
            let start = self.pos;
            match byte {
                b'{' | b'[' => {
                    let kind = if byte == b'{' { NodeKind::Object } else { NodeKind::Array };
                    let key = self.key.take();
                    let index = self.build.add(kind, start, self.text.len(), key, false);
                    self.build.open.push(index);
                    self.build.last.push(NONE);
                    self.pos += 1;
                }
                b'}' | b']' => {
                    self.close(byte);
                    self.pos += 1;
                }
                b',' => {
                    self.missing(start);
                    self.pos += 1;
                }
                b':' => self.pos += 1,
                b'"' => {
                    let string = self.string();
                    let end = self.pos;
                    self.space();
                    let colon = self.text.get(self.pos) == Some(&b':');
                    if self.in_object() && (colon || self.key.is_none()) {
                        self.missing(start);
                        self.key = Some(string);
                        if colon {
                            self.pos += 1;
                        } else if !matches!(self.text.get(self.pos), Some(b'{' | b'[')) {
                            // Before a bracket nothing but the colon is missing.
                            self.missing(end);
                        }
                    } else {
                        let key = self.key.take();
                        self.build.add(NodeKind::String, start, end, key, !string.plain);
                    }
                }
                _ => self.word(start),
            }
            if self.build.open.is_empty() && !self.build.tree.is_empty() {
                return;
            }
        }
        self.missing(self.text.len());
        // What is still open ends with the text, as it was made.
    }

    fn word(&mut self, start: usize) {
        let rest = self.text.get(start..).unwrap_or(&[]);
        let stops = |b: &u8| b.is_ascii_whitespace() || b"{}[],:\"".contains(b);
        let len = rest.iter().position(stops).unwrap_or(rest.len()).max(1);
        self.pos = start + len;
        if self.in_object() && self.key.is_none() {
            return;
        }
        let kind = match rest.get(..len) {
            Some(b"true" | b"false") => NodeKind::Bool,
            Some(b"null") => NodeKind::Null,
            _ => NodeKind::Number,
        };
        let key = self.key.take();
        self.build.add(kind, start, self.pos, key, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::At;
    use proptest::prelude::*;

    fn told(text: &str) -> Vec<(String, String)> {
        let tree = Tree::forgiving(text.as_bytes());
        let at = |node| At { text: text.as_bytes(), tree: &tree, node };
        let leaves = (0..tree.len() as u32).filter(|&node| at(node).count() == 0);
        leaves.map(|node| (at(node).path(), at(node).json().into_owned())).collect()
    }

    #[test]
    fn goes_on_behind_damage() {
        let leaf = |path: &str, json: &str| (path.to_owned(), json.to_owned());
        for (text, leaves) in [
            (r#"{"a": , "b": 1}"#, vec![leaf("$.a", ""), leaf("$.b", "1")]),
            (r#"{"a" "b": 1}"#, vec![leaf("$.a", ""), leaf("$.b", "1")]),
            ("{\"a\": \n \"b\": 1}", vec![leaf("$.a", ""), leaf("$.b", "1")]),
            ("{\"a\": \"cut\n, \"b\": 1}", vec![leaf("$.a", "\"cut"), leaf("$.b", "1")]),
            (
                r#"{"a": [1 2, {"c": 3], "b": 4"#,
                vec![leaf("$.a[0]", "1"), leaf("$.a[1]", "2"), leaf("$.a[2].c", "3"), leaf("$.b", "4")],
            ),
            (r#"{"x": {} } nam: "#, vec![leaf("$.x", "{}")]),
            (r#"{nam, "a": tru}"#, vec![leaf("$.a", "tru")]),
            (r#"{"a"}"#, vec![leaf("$.a", "")]),
            (r#"{"a" [1], "b": 2}"#, vec![leaf("$.a[0]", "1"), leaf("$.b", "2")]),
        ] {
            assert_eq!(told(text), leaves, "{text}");
        }
        let tree = Tree::forgiving(br#"{"a": {"b": }, "c": 1}"#);
        assert_eq!(tree.node(1).map(|node| (node.start, node.end)), Some((6, 13)));
    }

    proptest! {
        #[test]
        fn any_bytes_make_a_sound_tree(bytes in proptest::collection::vec(prop_oneof![Just(b'{'), Just(b'}'), Just(b'['), Just(b']'), Just(b'"'), Just(b':'), Just(b','), Just(b'1'), Just(b'\n'), any::<u8>()], 0..120)) {
            let tree = Tree::forgiving(&bytes);
            let mut before = 0;
            for index in 0..tree.len() as u32 {
                let node = tree.node(index).copied();
                prop_assert!(node.is_some_and(|n| n.start <= n.end && n.end as usize <= bytes.len() && n.start >= before));
                before = node.map_or(0, |n| n.start);
                prop_assert_eq!(tree.children(index).count(), node.map_or(0, |n| n.children as usize));
                let _ = (tree.key(&bytes, index), tree.string(&bytes, index));
            }
        }
    }
}
