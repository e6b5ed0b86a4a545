//! Reading a schema: its keywords, its short forms, its references. Neither checks nor makes values.

use crate::json::{At, NodeKind};
use std::borrow::Cow;

/// References and `allOf`s that are followed without getting further in the value: beyond, they turn in a circle.
pub(super) const HOPS: u8 = 16;

/// Kinds of values, as a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Types(u8);

#[allow(missing_docs)] // JSON Schema's own words.
impl Types {
    pub const NULL: Types = Types(1);
    pub const BOOLEAN: Types = Types(2);
    pub const INTEGER: Types = Types(4);
    /// Any number, whole ones included.
    pub const NUMBER: Types = Types(8 | 4);
    pub const STRING: Types = Types(16);
    pub const ARRAY: Types = Types(32);
    pub const OBJECT: Types = Types(64);
    pub const ANY: Types = Types(127);

    /// Whether one of `other` is among them.
    pub fn has(self, other: Types) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn and(self, other: Types) -> Types {
        Types(self.0 & other.0)
    }

    fn or(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }

    /// The types of a name, JSON Schema's or Python's; `None` for a name that is none.
    pub fn named(name: &str) -> Option<Types> {
        Some(match name.trim().to_ascii_lowercase().as_str() {
            "null" | "none" => Types::NULL,
            "boolean" | "bool" => Types::BOOLEAN,
            "integer" | "int" => Types::INTEGER,
            "number" | "float" | "double" | "decimal" => Types::NUMBER,
            "string" | "str" | "text" => Types::STRING,
            "array" | "list" | "tuple" => Types::ARRAY,
            "object" | "dict" | "dictionary" | "map" => Types::OBJECT,
            "any" => Types::ANY,
            _ => return None,
        })
    }
}

/// The names of a set of types: "string or null".
pub fn type_names(types: Types) -> String {
    let all = [
        (Types::STRING, "string"),
        (Types::NUMBER, "number"),
        (Types::INTEGER, "integer"),
        (Types::BOOLEAN, "boolean"),
        (Types::ARRAY, "array"),
        (Types::OBJECT, "object"),
        (Types::NULL, "null"),
    ];
    let number = types.has(Types::NUMBER);
    let names: Vec<&str> =
        all.iter().filter(|(one, name)| types.has(*one) && !(number && *name == "integer")).map(|one| one.1).collect();
    names.join(" or ")
}

/// Keywords that make an object a schema and not a list of properties.
const KEYWORDS: [&str; 16] = [
    "type",
    "properties",
    "required",
    "items",
    "enum",
    "const",
    "default",
    "examples",
    "oneOf",
    "anyOf",
    "allOf",
    "not",
    "$ref",
    "$defs",
    "additionalProperties",
    "format",
];

/// A schema in its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schema<'a> {
    pub(super) at: At<'a>,
    /// The whole that references are looked up in.
    pub(super) root: At<'a>,
}

impl<'a> Schema<'a> {
    pub(super) fn new(at: At<'a>) -> Self {
        Schema { at, root: at }
    }

    fn below(self, at: At<'a>) -> Self {
        Schema { at, root: self.root }
    }

    /// A keyword's value.
    pub(super) fn get(self, keyword: &str) -> Option<At<'a>> {
        if self.is_short() { None } else { self.at.get(keyword) }
    }

    /// A keyword's value as a schema of its own.
    pub(super) fn sub(self, keyword: &str) -> Option<Self> {
        self.get(keyword).map(|at| self.below(at))
    }

    /// The schemas in a keyword's list.
    pub(super) fn list(self, keyword: &str) -> Vec<Self> {
        self.get(keyword).map(|list| list.items().map(|at| self.below(at)).collect()).unwrap_or_default()
    }

    /// Whether a keyword says `true`.
    pub(super) fn says(self, keyword: &str) -> bool {
        self.get(keyword).is_some_and(|at| at.raw() == b"true")
    }

    /// A number of a keyword, as written.
    pub(super) fn number(self, keyword: &str) -> Option<Cow<'a, str>> {
        self.get(keyword).filter(|at| at.is(NodeKind::Number)).map(At::json)
    }

    /// A size of a keyword.
    pub(super) fn size(self, keyword: &str) -> Option<u64> {
        self.number(keyword)?.parse().ok()
    }

    /// Whether it is `false`, which takes nothing.
    pub(super) fn is_never(self) -> bool {
        self.at.is(NodeKind::Bool) && self.at.raw() == b"false"
    }

    /// Whether it is an object of properties without the word `properties`.
    fn is_short(self) -> bool {
        if !self.at.is(NodeKind::Object) || self.at.count() == 0 || self.at.count() > 1_000 {
            return false;
        }
        self.at.members().all(|member| {
            let word = member.key().is_some_and(|key| KEYWORDS.contains(&key.as_ref()));
            let schema =
                member.is(NodeKind::Object) || member.string().is_some_and(|text| Types::named(&text).is_some());
            !word && schema
        })
    }

    /// The types it states; [`Types::ANY`] when it states none that is known.
    pub(super) fn types(self) -> Types {
        if let Some(name) = self.at.string() {
            return Types::named(&name).unwrap_or(Types::ANY);
        }
        if self.is_short() {
            return Types::OBJECT;
        }
        let Some(stated) = self.get("type") else { return Types::ANY };
        let mut types = Types(0);
        let names = stated.string().into_iter().chain(stated.items().filter_map(At::string));
        for name in names {
            types = types.or(Types::named(&name).unwrap_or(Types::ANY));
        }
        if types == Types(0) {
            return Types::ANY;
        }
        if self.says("nullable") { types.or(Types::NULL) } else { types }
    }

    /// Its properties, in order.
    pub(super) fn properties(self) -> Vec<(Cow<'a, str>, Self)> {
        let object = if self.is_short() { Some(self.at) } else { self.get("properties") };
        let members = object.into_iter().flat_map(At::members);
        members.filter_map(|member| Some((member.key()?, self.below(member)))).collect()
    }

    /// The members of a map of schemas.
    pub(super) fn properties_as_they_stand(self) -> Vec<(Cow<'a, str>, Self)> {
        self.at.members().filter_map(|member| Some((member.key()?, self.below(member)))).collect()
    }

    /// One of its properties.
    pub(super) fn property(self, name: &str) -> Option<Self> {
        let object = if self.is_short() { Some(self.at) } else { self.get("properties") };
        object?.get(name).map(|at| self.below(at))
    }

    /// The keys it requires; also `required: true` in a property, as drafts before 4 had it.
    pub(super) fn required(self) -> Vec<Cow<'a, str>> {
        let listed = self.get("required").into_iter().flat_map(At::items).filter_map(At::string);
        let own = self.properties().into_iter().filter(|(_, property)| property.says("required"));
        listed.chain(own.map(|(name, _)| name)).collect()
    }

    /// The schema its `$ref` leads to: `#` or `#/way/to/it` in the same text.
    pub(super) fn referred(self) -> Option<Self> {
        let reference = self.get("$ref")?.string()?;
        let way = reference.strip_prefix('#')?;
        let mut at = self.root;
        for part in way.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            at = match at.kind() {
                NodeKind::Array => at.items().nth(part.parse().ok()?)?,
                _ => at.get(&part)?,
            };
        }
        (way.is_empty() || way.starts_with('/')).then(|| self.below(at))
    }
}
