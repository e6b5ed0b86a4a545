//! The published JSON Schema of the pipeline format, and what it says of a place in a file.

use super::caret::Way;
use crate::json::{At, NodeKind, Tree};
use crate::schema::Types;
use std::borrow::Cow;

/// The schema as it is published in the docs.
const SCHEMA: &str = include_str!("../../../../docs/ia-modules-pipeline.schema.json");

/// Schemas that may hold for one place, `$ref`s and alternatives counted.
const TOGETHER: usize = 40;

/// The schema, read.
pub(super) struct Keys {
    tree: Tree,
}

impl Keys {
    pub(super) fn new() -> Self {
        Keys { tree: Tree::parse(SCHEMA.as_bytes()) }
    }

    fn root(&self) -> Option<At<'_>> {
        At::root(SCHEMA.as_bytes(), &self.tree)
    }

    /// A schema, what it refers to, and its alternatives.
    fn all_of<'k>(&'k self, from: Vec<At<'k>>) -> Vec<At<'k>> {
        let mut all: Vec<At<'k>> = Vec::new();
        let mut open: Vec<At<'k>> = from.into_iter().rev().collect();
        while let Some(at) = open.pop() {
            if all.len() >= TOGETHER || all.iter().any(|one| one.node == at.node) {
                continue;
            }
            all.push(at);
            for list in ["anyOf", "oneOf", "allOf"] {
                let mut parts: Vec<At<'k>> = at.get(list).into_iter().flat_map(At::items).collect();
                parts.reverse();
                open.extend(parts);
            }
            let name = at.text_of("$ref").and_then(|way| way.strip_prefix("#/$defs/").map(str::to_owned));
            let found = name.and_then(|name| self.root()?.get("$defs")?.get(&name));
            open.extend(found);
        }
        all
    }

    /// The schemas that hold for the value at the end of a way.
    pub(super) fn at(&self, way: &[Way]) -> Vec<At<'_>> {
        let mut here = self.all_of(self.root().into_iter().collect());
        for way in way {
            let below = here.iter().filter_map(|schema| match way {
                Way::Key(key) => schema
                    .get("properties")
                    .and_then(|all| all.get(key))
                    .or_else(|| schema.get("additionalProperties").filter(|one| one.is(NodeKind::Object))),
                Way::Item(_) => schema.get("items"),
            });
            here = self.all_of(below.collect());
        }
        here
    }
}

/// The keys an object with one of these schemas may have; those that are only kept for old files are left out.
pub(super) fn properties<'k>(schemas: &[At<'k>]) -> Vec<(Cow<'k, str>, At<'k>)> {
    let mut found: Vec<(Cow<'k, str>, At<'k>)> = Vec::new();
    for property in schemas.iter().filter_map(|schema| schema.get("properties")).flat_map(At::members) {
        let Some(key) = property.key() else { continue };
        let old = property.get("deprecated").is_some_and(|old| old.raw() == b"true");
        if !old && !found.iter().any(|known| known.0 == key) {
            found.push((key, property));
        }
    }
    found
}

/// The first description among them.
pub(super) fn description(schemas: &[At<'_>]) -> String {
    schemas.iter().find_map(|schema| schema.text_of("description")).map(Cow::into_owned).unwrap_or_default()
}

/// The types among them in words, else empty.
pub(super) fn type_words(schemas: &[At<'_>]) -> String {
    let mut words: Vec<String> = Vec::new();
    for schema in schemas {
        let Some(stated) = schema.get("type") else {
            if schema.get("enum").is_some() && !words.iter().any(|word| word == "string") {
                words.push("string".to_owned());
            }
            continue;
        };
        for name in stated.string().into_iter().chain(stated.items().filter_map(At::string)) {
            if Types::named(&name).is_some() && !words.contains(&name.clone().into_owned()) {
                words.push(name.into_owned());
            }
        }
    }
    words.join(" or ")
}

impl Keys {
    /// The schemas of a property: its own, and what that refers to.
    pub(super) fn of<'k>(&'k self, property: At<'k>) -> Vec<At<'k>> {
        self.all_of(vec![property])
    }
}
