//! A believable value for a schema: small, and always the same for the same schema.
//!
//! A value is made for several schemas at once, because `allOf`, `$ref` and alternatives add to what stands around
//! them. Whatever the schema gives as an example is taken when it fits.

use super::check::check_below;
use super::keywords::{HOPS, Schema, Types};
use super::number::Decimal;
use super::pattern::Pattern;
use super::{format, number};
use crate::json::{At, NodeKind, Tree, quoted};
use std::borrow::Cow;
use std::cmp::Ordering;

/// Containers within containers; below, they stay empty.
const DEEP: u8 = 12;
/// Values of one generated value; beyond, only what is required is made, as `null`.
const VALUES: u32 = 1_000;
/// Times that a candidate is held against the schema.
const CHECKS: u32 = 200;
/// Schemas that hold for one value at once.
const TOGETHER: usize = 64;
/// Items and characters that a lower bound can ask for.
const LONG: u64 = 1_000;

/// A value for `schema`, as JSON text on one line. Where nothing fits (the schema contradicts itself) it is the
/// nearest that could be made.
pub fn generate(schema: At<'_>) -> String {
    Making { values: VALUES, checks: CHECKS, depth: 0, refs: Vec::new() }.value(vec![Schema::new(schema)], "")
}

struct Making {
    values: u32,
    checks: u32,
    depth: u8,
    /// References that are being followed, by the node they lead to: containers on the way here.
    refs: Vec<u32>,
}

impl Making {
    /// Makes a value that all schemas take. `name` is the key it will stand under, else empty.
    fn value(&mut self, schemas: Vec<Schema<'_>>, name: &str) -> String {
        if self.values == 0 || self.depth > DEEP {
            return "null".to_owned();
        }
        self.values -= 1;
        let before = self.refs.len();
        let parts = self.together(schemas);
        let made = self.given(&parts).unwrap_or_else(|| self.with_alternatives(&parts, name));
        self.refs.truncate(before);
        made
    }

    /// The schemas, what they refer to, and all parts of their `allOf`s.
    fn together<'a>(&mut self, schemas: Vec<Schema<'a>>) -> Vec<Schema<'a>> {
        let mut all: Vec<Schema<'a>> = Vec::new();
        let mut open: Vec<(Schema<'a>, u8)> = schemas.into_iter().rev().map(|schema| (schema, 0)).collect();
        while let Some((schema, hops)) = open.pop() {
            if all.len() >= TOGETHER || hops > HOPS || all.iter().any(|one| one.at.node == schema.at.node) {
                continue;
            }
            all.push(schema);
            open.extend(schema.list("allOf").into_iter().rev().map(|part| (part, hops + 1)));
            if let Some(other) = schema.referred() {
                self.refs.push(other.at.node);
                open.push((other, hops + 1));
            }
        }
        all
    }

    fn fits(&mut self, parts: &[Schema<'_>], value: &str) -> bool {
        if self.checks == 0 {
            return true;
        }
        self.checks -= 1;
        let tree = Tree::parse(value.as_bytes());
        let Some(value) = At::root(value.as_bytes(), &tree) else { return false };
        parts.iter().all(|part| check_below(*part, value).is_empty())
    }

    /// What the schemas themselves give: a constant, the default, an example, the first of an `enum`.
    fn given(&mut self, parts: &[Schema<'_>]) -> Option<String> {
        let mut found = Vec::new();
        for keyword in ["const", "default", "examples", "example", "enum"] {
            for part in parts {
                let Some(given) = part.get(keyword) else { continue };
                match keyword {
                    "examples" | "enum" => found.extend(given.items().take(20)),
                    _ => found.push(given),
                }
            }
        }
        let one_line = |at: At<'_>| crate::json::compact(at.raw());
        let first = found.iter().copied().map(one_line).find(|value| value.len() <= 20_000 && self.fits(parts, value));
        first.or_else(|| parts.iter().find_map(|part| part.get("const")).map(one_line))
    }

    fn with_alternatives(&mut self, parts: &[Schema<'_>], name: &str) -> String {
        // The first place with alternatives is settled here, the others when the chosen one is made.
        let place = parts.iter().enumerate().find_map(|(at, part)| {
            let list = ["oneOf", "anyOf"].map(|keyword| part.list(keyword)).concat();
            let settled = list.iter().any(|one| parts.iter().any(|part| part.at.node == one.at.node));
            (!list.is_empty() && !settled).then_some((at, list))
        });
        let Some((_, alternatives)) = place else { return self.plain(parts, name) };
        let mut first = None;
        for alternative in alternatives.into_iter().take(20) {
            if self.values == 0 {
                break;
            }
            let mut with = parts.to_vec();
            with.push(alternative);
            self.values -= 1;
            self.depth += 1;
            let value = if self.depth > DEEP {
                "null".to_owned()
            } else {
                let before = self.refs.len();
                let with = self.together(with);
                let value = self.given(&with).unwrap_or_else(|| self.with_alternatives(&with, name));
                self.refs.truncate(before);
                value
            };
            self.depth -= 1;
            if self.fits(parts, &value) {
                return value;
            }
            first.get_or_insert(value);
        }
        first.unwrap_or_else(|| "null".to_owned())
    }

    fn plain(&mut self, parts: &[Schema<'_>], name: &str) -> String {
        let types = parts.iter().fold(Types::ANY, |types, part| types.and(part.types()));
        let types = if types == Types::ANY { implied(parts) } else { types };
        if types == Types::ANY {
            return by_name(name);
        }
        for (one, make) in [
            (Types::OBJECT, Making::object as fn(&mut Self, &[Schema<'_>], &str) -> String),
            (Types::ARRAY, Making::array),
            (Types::STRING, |_, parts, name| string(parts, name)),
            (Types::NUMBER, |_, parts, name| amount(parts, name, false)),
            (Types::INTEGER, |_, parts, name| amount(parts, name, true)),
            (Types::BOOLEAN, |_, _, _| "true".to_owned()),
        ] {
            if types.has(one) {
                return make(self, parts, name);
            }
        }
        "null".to_owned()
    }

    fn object(&mut self, parts: &[Schema<'_>], _: &str) -> String {
        let required: Vec<Cow<'_, str>> = parts.iter().flat_map(|part| part.required()).collect();
        let mut keys: Vec<Cow<'_, str>> = Vec::new();
        let named = parts.iter().flat_map(|part| part.properties()).map(|(key, _)| key);
        for key in named.chain(required.iter().cloned()).take(VALUES as usize) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let mut out = "{".to_owned();
        self.depth += 1;
        for key in keys {
            let of: Vec<Schema<'_>> = parts.iter().filter_map(|part| part.property(&key)).collect();
            let must = required.contains(&key);
            let circle = of.iter().any(|one| one.referred().is_some_and(|other| self.refs.contains(&other.at.node)));
            if !must && (circle || self.values == 0 || self.depth > DEEP || of.iter().any(|one| one.is_never())) {
                continue;
            }
            if out.len() > 1 {
                out.push_str(", ");
            }
            out.push_str(&quoted(&key));
            out.push_str(": ");
            out.push_str(&self.value(of, &key));
        }
        self.depth -= 1;
        out.push('}');
        out
    }

    fn array(&mut self, parts: &[Schema<'_>], name: &str) -> String {
        let size = |keyword: &'static str| parts.iter().filter_map(move |part| part.size(keyword));
        let least = size("minItems").max().unwrap_or(0).min(LONG);
        let most = size("maxItems").min().unwrap_or(u64::MAX);
        let listed = |part: &Schema<'_>| part.get("items").is_some_and(|items| items.is(NodeKind::Array));
        let first = parts.iter().map(|part| part.list(if listed(part) { "items" } else { "prefixItems" }));
        let first = first.max_by_key(Vec::len).unwrap_or_default();
        let of: Vec<Schema<'_>> =
            parts.iter().filter(|part| !listed(part)).filter_map(|part| part.sub("items")).collect();
        let circle = of.iter().any(|one| one.referred().is_some_and(|other| self.refs.contains(&other.at.node)));
        let usual = if circle || of.is_empty() { 0 } else { 1 };
        let wanted = (first.len() as u64).max(usual).max(least).min(most);
        let mut items = Vec::new();
        self.depth += 1;
        // `texts` holds strings, most likely: an item is named as the list is, in the singular.
        let singular = name.strip_suffix('s').unwrap_or(name);
        for index in 0..usize::try_from(wanted).unwrap_or(0) {
            if self.values == 0 || self.depth > DEEP {
                break;
            }
            items.push(match first.get(index) {
                Some(own) => self.value(vec![*own], singular),
                None => self.value(of.clone(), singular),
            });
        }
        self.depth -= 1;
        format!("[{}]", items.join(", "))
    }
}

/// The types that the keywords of a schema without `type` speak of.
fn implied(parts: &[Schema<'_>]) -> Types {
    let says = |keywords: &[&str]| parts.iter().any(|part| keywords.iter().any(|key| part.get(key).is_some()));
    if says(&["properties", "required", "additionalProperties", "minProperties"]) {
        Types::OBJECT
    } else if says(&["items", "prefixItems", "minItems", "uniqueItems"]) {
        Types::ARRAY
    } else if says(&["minLength", "maxLength", "pattern", "format"]) {
        Types::STRING
    } else if says(&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]) {
        Types::NUMBER
    } else {
        Types::ANY
    }
}

/// Whether a name ends with one of these words.
fn ends(name: &str, words: &[&str]) -> bool {
    let lower = name.to_ascii_lowercase();
    words
        .iter()
        .any(|word| lower == *word || lower.strip_suffix(word).is_some_and(|before| before.ends_with(['_', '-'])))
}

const COUNTS: [&str; 9] = ["count", "total", "index", "number", "size", "length", "iterations", "attempts", "words"];
const SHARES: [&str; 7] = ["score", "confidence", "rate", "ratio", "probability", "threshold", "similarity"];

/// What most likely stands under a name of which nothing is said.
fn by_name(name: &str) -> String {
    let starts = ["is_", "has_", "needs_", "requires_", "should_"].iter().any(|start| name.starts_with(start));
    if starts || ends(name, &["approved", "valid", "success", "passed", "ok", "done", "enabled", "published"]) {
        "true".to_owned()
    } else if ends(name, &SHARES) {
        "0.5".to_owned()
    } else if ends(name, &COUNTS) {
        "1".to_owned()
    } else {
        string(&[], name)
    }
}

fn string(parts: &[Schema<'_>], name: &str) -> String {
    let size = |keyword: &'static str| parts.iter().filter_map(move |part| part.size(keyword));
    let least = usize::try_from(size("minLength").max().unwrap_or(0).min(LONG)).unwrap_or(0);
    let most = usize::try_from(size("maxLength").min().unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
    let of = |keyword: &str| parts.iter().find_map(|part| part.get(keyword).and_then(At::string));
    if let Some(example) = of("format").and_then(|name| format::example(&name)) {
        return quoted(example);
    }
    if let Some(example) = of("pattern").and_then(|text| Pattern::parse(&text)).and_then(|one| one.example(least)) {
        return quoted(&example);
    }
    let text = if ends(name, &["url", "uri", "link"]) {
        "https://example.com/"
    } else if ends(name, &["email"]) {
        "someone@example.com"
    } else if ends(name, &["timestamp", "at", "date"]) {
        "2024-01-01T09:00:00Z"
    } else if name.is_empty() {
        "text"
    } else {
        name
    };
    let mut text: String = text.chars().take(most.min(80)).collect();
    let missing = least.saturating_sub(text.chars().count());
    text.extend(std::iter::repeat_n('x', missing));
    quoted(&text)
}

/// A number within its bounds.
fn amount(parts: &[Schema<'_>], name: &str, whole: bool) -> String {
    let numbers = |keyword: &'static str| {
        parts.iter().filter_map(move |part| part.number(keyword)).filter_map(|text| Decimal::parse(&text))
    };
    let one = Decimal::whole(1);
    let low = numbers("minimum").chain(numbers("exclusiveMinimum")).max_by(|a, b| a.compare(*b));
    let high = numbers("maximum").chain(numbers("exclusiveMaximum")).min_by(|a, b| a.compare(*b));
    let step = numbers("multipleOf").find(|step| step.is_positive()).or(if whole { Some(one) } else { None });
    let half = Decimal::whole(0).middle(one);
    let mut wanted: Vec<Decimal> = Vec::new();
    if ends(name, &SHARES) && !whole {
        wanted.extend(half);
    }
    wanted.extend([one, Decimal::whole(0)]);
    wanted.extend(half);
    wanted.extend([low, high, low.zip(high).and_then(|(low, high)| low.middle(high))].into_iter().flatten());
    wanted.extend(low.and_then(|low| low.plus(one)));
    wanted.extend(high.and_then(|high| high.plus(Decimal::whole(-1))));
    if let Some(step) = step {
        let up: Vec<Decimal> = wanted.iter().filter_map(|number| number.up_to_multiple(step)).collect();
        let next: Vec<Decimal> = up.iter().filter_map(|number| number.plus(step)).collect();
        wanted.extend(up.into_iter().chain(next));
    }
    let fits = |number: &Decimal| {
        let text = number.json();
        let against = |keyword: &str, wrong: &[Ordering]| {
            let bounds = parts.iter().filter_map(|part| part.number(keyword));
            bounds.filter_map(|bound| number::compare(&text, &bound)).all(|order| !wrong.contains(&order))
        };
        (!whole || number.is_whole())
            && against("minimum", &[Ordering::Less])
            && against("maximum", &[Ordering::Greater])
            && against("exclusiveMinimum", &[Ordering::Less, Ordering::Equal])
            && against("exclusiveMaximum", &[Ordering::Greater, Ordering::Equal])
            && numbers("multipleOf").all(|step| number.is_multiple_of(step) != Some(false))
    };
    wanted.iter().find(|number| fits(number)).or(low.as_ref()).map_or_else(|| "1".to_owned(), |number| number.json())
}
