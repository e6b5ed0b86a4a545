//! A tree after a change of its text: only the value around the change is read anew, all else moves along.
//!
//! Whether the text around the change is still one value is for the caller to know: see [`Tree::around`].

use super::{NONE, Node, NodeKind, Tree};

/// What became of the nodes when a value was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The first node behind the value, as they were numbered before.
    pub after: u32,
    /// By how much the numbers from there on have grown.
    pub more: i32,
    /// Whether it is one text, number or word that was replaced by another.
    pub scalar: bool,
}

impl Tree {
    /// The scalar that the bytes from `start` to `end` stand in, and its first byte does not belong to them.
    pub fn scalar_at(&self, start: usize, end: usize) -> Option<u32> {
        let before = self.nodes.partition_point(|node| (node.start as usize) < start).checked_sub(1)?;
        let node = self.nodes.get(before)?;
        let scalar = !matches!(node.kind, NodeKind::Object | NodeKind::Array);
        (scalar && end <= node.end as usize).then_some(u32::try_from(before).ok()?)
    }

    /// The innermost container whose brackets enclose the bytes from `start` to `end`, and neither of them belongs to
    /// these bytes. `None` when a change of them may change the whole.
    pub fn around(&self, start: usize, end: usize) -> Option<u32> {
        // Nodes stand in the order of their first bytes: the last that begins before, or one of those around it.
        let after = self.nodes.partition_point(|node| (node.start as usize) < start);
        let mut at = u32::try_from(after.checked_sub(1)?).ok()?;
        loop {
            let node = self.node(at)?;
            if matches!(node.kind, NodeKind::Object | NodeKind::Array) && end < node.end as usize {
                return Some(at);
            }
            at = self.parent(at)?;
        }
    }

    /// How many containers are around a node.
    pub fn depth(&self, node: u32) -> usize {
        std::iter::successors(self.parent(node), |&at| self.parent(at)).count()
    }

    /// Puts another value in the place of the value `at`: `text` is its new text, from the first byte to the last.
    /// `None` when that cannot be done, and all is as it was: where `text` is no container of the same kind or, for a
    /// scalar, no scalar, or the whole grows beyond 4 GiB.
    pub fn replace(&mut self, at: u32, text: &[u8]) -> Option<Replaced> {
        let old = self.node(at).copied()?;
        let fresh = Tree::parse(text);
        let root = fresh.node(0).copied()?;
        let container = |kind| matches!(kind, NodeKind::Object | NodeKind::Array);
        let scalar = !container(old.kind);
        let alike = if scalar { !container(root.kind) } else { root.kind == old.kind };
        if fresh.damage.is_some() || !alike || (root.start as usize, root.end as usize) != (0, text.len()) {
            return None;
        }
        let moved = text.len() as i64 - i64::from(old.end - old.start);
        let last = self.nodes.first().map_or(0, |root| i64::from(root.end));
        u32::try_from(last + moved).ok()?;
        // A tree of a text below 4 GiB has fewer nodes than that.
        let from = at as usize + 1;
        let to = self.nodes.partition_point(|node| node.start < old.end).max(from);
        let more = fresh.nodes.len() as i64 - 1 - (to - from) as i64;
        let shift = |value: u32, by: i64| if value == NONE { NONE } else { (i64::from(value) + by) as u32 };
        // What stands behind.
        if moved != 0 || more != 0 {
            for node in self.nodes.iter_mut().skip(to) {
                node.start = shift(node.start, moved);
                node.end = shift(node.end, moved);
                node.key = (shift(node.key.0, moved), shift(node.key.1, moved));
                node.next = shift(node.next, more);
                node.first = shift(node.first, more);
                if node.parent as usize >= to {
                    node.parent = shift(node.parent, more);
                }
            }
            // What is around it.
            let mut around = Some(at);
            while let Some(index) = around {
                around = self.parent(index);
                let Some(node) = self.nodes.get_mut(index as usize) else { break };
                node.end = shift(node.end, moved);
                node.next = shift(node.next, more);
            }
        }
        let inner = fresh.nodes.iter().skip(1).map(|node| {
            let by = i64::from(old.start);
            let index = i64::from(at);
            Node {
                start: shift(node.start, by),
                end: shift(node.end, by),
                key: (shift(node.key.0, by), shift(node.key.1, by)),
                parent: shift(node.parent, index),
                next: shift(node.next, index),
                first: shift(node.first, index),
                ..*node
            }
        });
        if more == 0 {
            for (slot, node) in self.nodes.iter_mut().skip(from).zip(inner) {
                *slot = node;
            }
        } else {
            self.nodes.splice(from..to, inner);
        }
        if let Some(node) = self.nodes.get_mut(at as usize) {
            node.first = shift(root.first, i64::from(at));
            (node.kind, node.escaped, node.children) = (root.kind, root.escaped, root.children);
        }
        Some(Replaced { after: u32::try_from(to).ok()?, more: i32::try_from(more).ok()?, scalar })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Makes a change and compares with reading all of it; whether the change could be made in place.
    fn same(before: &str, start: usize, end: usize, with: &str) -> bool {
        let mut tree = Tree::parse(before.as_bytes());
        assert_eq!(tree.damage, None, "{before}");
        let mut after = before.to_owned();
        after.replace_range(start..end, with);
        let nodes = [tree.scalar_at(start, end), tree.around(start, end)];
        let in_place = nodes.into_iter().flatten().any(|at| {
            let node = *tree.node(at).unwrap();
            let grown = node.end as usize + with.len() - (end - start);
            let Some(text) = after.get(node.start as usize..grown) else { return false };
            crate::ia_modules::validate::check_json(text.as_bytes()).is_ok()
                && tree.replace(at, text.as_bytes()).is_some()
        });
        if !in_place {
            return false;
        }
        let whole = Tree::parse(after.as_bytes());
        assert_eq!(whole.damage, None, "{after}");
        assert_eq!(format!("{:?}", tree.nodes), format!("{:?}", whole.nodes), "{after}");
        true
    }

    #[test]
    fn a_change_in_a_string_a_new_member_and_a_lost_one() {
        let text = r#" {"a": [1, {"b": "x", "c": []}, 3], "d": {"e": null}, "f": {}} "#;
        let at = |what: &str| text.find(what).unwrap();
        assert!(same(text, at("x"), at("x") + 1, "longer"));
        assert!(same(text, at("\"x\"") + 3, at("\"x\"") + 3, ", \"g\": {\"h\": [true]}"));
        assert!(same(text, at(", \"c\""), at("}, 3"), ""));
        assert!(same(text, at("1, "), at("3]"), ""));
        assert!(same(text, at("{}}") + 1, at("{}}") + 1, "\"n\": [[]]"));
        // What touches the outermost brackets may be anything.
        assert!(!same(text, 0, 2, "[{"));
        assert!(!same(text, at("[]") + 1, at("[]") + 2, ""));
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<i8>().prop_map(Into::into),
            "[a-c{}\\[\\]\",:]{0,4}".prop_map(Into::into)
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
                prop::collection::btree_map("[a-d]{1,2}", inner, 0..5)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_change_gives_the_tree_of_the_new_text(
            value in json(),
            (from, len) in (0usize..400, 0usize..12),
            with in prop_oneof![Just("\"k\": [1]".to_owned()), Just(", {\"x\": {}}".to_owned()), "[\\[\\]{}\",:a1 ]{0,6}".prop_map(|s: String| s)],
        ) {
            let text = value.to_string();
            let start = from % (text.len() + 1);
            let end = (start + len).min(text.len());
            same(&text, start, end, &with);
        }
    }
}
