//! Where a value differs from a schema. Makes no values.

use super::keywords::{HOPS, Schema, Types, type_names};
use super::number::{self, Decimal};
use super::pattern::Pattern;
use super::{equal, format};
use crate::json::{At, NodeKind};
use crate::view::value::path::push_key;
use std::cmp::Ordering;

/// One place where a value is not what the schema says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// JSON path in the value.
    pub path: String,
    /// A clause for a person, without a full stop: "url: 404, the schema says string".
    pub message: String,
}

/// Mismatches that are told.
const TOLD: usize = 50;
/// Pairs of schema and value that are looked at; beyond, the rest counts as right.
const WORK: u32 = 200_000;
/// Alternatives within alternatives; beyond, they count as right.
const DEEP: u8 = 12;
/// Items of a list that are compared with each other for `uniqueItems`.
const COMPARED: usize = 200;

/// Where `value` differs from `schema`: at most fifty places, in no order that matters. Empty when it fits.
pub fn check(schema: At<'_>, value: At<'_>) -> Vec<Mismatch> {
    check_below(Schema::new(schema), value)
}

/// The same for a schema within another, whose references lead from there.
pub(super) fn check_below<'a>(schema: Schema<'a>, value: At<'a>) -> Vec<Mismatch> {
    let mut work = WORK;
    Checking { told: Vec::new(), most: TOLD, work: &mut work, depth: 0 }.all(schema, value)
}

struct Checking<'w> {
    told: Vec<Mismatch>,
    /// Mismatches after which it stops.
    most: usize,
    work: &'w mut u32,
    depth: u8,
}

/// The types of a value.
fn types_of(value: At<'_>) -> Types {
    match value.kind() {
        NodeKind::Null => Types::NULL,
        NodeKind::Bool => Types::BOOLEAN,
        NodeKind::String => Types::STRING,
        NodeKind::Array => Types::ARRAY,
        NodeKind::Object => Types::OBJECT,
        NodeKind::Number if Decimal::parse(&value.json()).is_some_and(Decimal::is_whole) => Types::INTEGER,
        NodeKind::Number => Types::NUMBER,
    }
}

/// Whether a value of these types is one of `allowed`.
fn is_among(types: Types, allowed: Types) -> bool {
    allowed.has(types)
}

impl Checking<'_> {
    fn all<'a>(mut self, schema: Schema<'a>, value: At<'a>) -> Vec<Mismatch> {
        let mut open = vec![(schema, value, 0u8)];
        while let Some((schema, value, hops)) = open.pop() {
            if self.told.len() >= self.most || *self.work == 0 {
                break;
            }
            *self.work -= 1;
            self.one(schema, value, hops, &mut open);
        }
        self.told
    }

    fn say(&mut self, value: At<'_>, says: &str) {
        let path = value.path();
        let message = format!("{}: {}, the schema says {says}", name(&path), value.brief(40));
        self.told.push(Mismatch { path, message });
    }

    fn fits<'a>(&mut self, schema: Schema<'a>, value: At<'a>) -> bool {
        if self.depth >= DEEP {
            return true;
        }
        Checking { told: Vec::new(), most: 1, work: self.work, depth: self.depth + 1 }.all(schema, value).is_empty()
    }

    fn one<'a>(&mut self, schema: Schema<'a>, value: At<'a>, hops: u8, open: &mut Vec<(Schema<'a>, At<'a>, u8)>) {
        if schema.is_never() {
            self.say(value, "that nothing may stand here");
            return;
        }
        if hops < HOPS {
            open.extend(schema.referred().map(|other| (other, value, hops + 1)));
            open.extend(schema.list("allOf").into_iter().map(|other| (other, value, hops + 1)));
        }
        let allowed = schema.types();
        let types = types_of(value);
        if !is_among(types, allowed) {
            self.say(value, &type_names(allowed));
            return;
        }
        if let Some(constant) = schema.get("const")
            && !equal(constant, value)
        {
            self.say(value, &constant.brief(40));
        }
        if let Some(list) = schema.get("enum").filter(|list| list.is(NodeKind::Array))
            && !list.items().any(|item| equal(item, value))
        {
            self.say(value, &format!("one of {}", list.brief(80)));
        }
        self.alternatives(schema, value);
        match value.kind() {
            NodeKind::Number => self.number(schema, value),
            NodeKind::String => self.string(schema, value),
            NodeKind::Array => self.array(schema, value, open),
            NodeKind::Object => self.object(schema, value, open),
            NodeKind::Bool | NodeKind::Null => {}
        }
    }

    fn alternatives<'a>(&mut self, schema: Schema<'a>, value: At<'a>) {
        let any = schema.list("anyOf");
        if !any.is_empty() && !any.into_iter().any(|one| self.fits(one, value)) {
            self.say(value, "that it must fit one of the alternatives in `anyOf`, and it fits none");
        }
        let one = schema.list("oneOf");
        if !one.is_empty() {
            let fitting = one.into_iter().filter(|one| self.fits(*one, value)).take(2).count();
            match fitting {
                1 => {}
                0 => self.say(value, "that it must fit one of the alternatives in `oneOf`, and it fits none"),
                _ if *self.work == 0 || self.depth + 1 >= DEEP => {}
                _ => {
                    self.say(value, "that it must fit exactly one of the alternatives in `oneOf`, and it fits several");
                }
            }
        }
        if self.depth + 1 < DEEP && schema.sub("not").is_some_and(|not| self.fits(not, value)) && *self.work > 0 {
            self.say(value, "that it must not fit what stands in `not`");
        }
    }

    fn number(&mut self, schema: Schema<'_>, value: At<'_>) {
        let own = value.json();
        let bounds: [(&str, &str, &[Ordering]); 4] = [
            ("minimum", "at least", &[Ordering::Less]),
            ("maximum", "at most", &[Ordering::Greater]),
            ("exclusiveMinimum", "more than", &[Ordering::Less, Ordering::Equal]),
            ("exclusiveMaximum", "less than", &[Ordering::Greater, Ordering::Equal]),
        ];
        for (keyword, words, wrong) in bounds {
            if let Some(bound) = schema.number(keyword)
                && number::compare(&own, &bound).is_some_and(|order| wrong.contains(&order))
            {
                self.say(value, &format!("{words} {bound}"));
            }
        }
        let step = schema.number("multipleOf").and_then(|step| Decimal::parse(&step));
        if let (Some(step), Some(number)) = (step, Decimal::parse(&own))
            && number.is_multiple_of(step) == Some(false)
        {
            self.say(value, &format!("a multiple of {}", step.json()));
        }
    }

    fn string(&mut self, schema: Schema<'_>, value: At<'_>) {
        let text = value.string().unwrap_or_default();
        let length = text.chars().count() as u64;
        if let Some(least) = schema.size("minLength").filter(|&least| length < least) {
            self.say(value, &format!("at least {least} characters"));
        }
        if let Some(most) = schema.size("maxLength").filter(|&most| length > most) {
            self.say(value, &format!("at most {most} characters"));
        }
        if let Some(pattern) = schema.get("pattern").and_then(At::string)
            && Pattern::parse(&pattern).is_some_and(|pattern| !pattern.is_in(&text))
        {
            self.say(value, &format!("a text with the pattern {pattern}"));
        }
        if let Some(wanted) = schema.get("format").and_then(At::string).filter(|name| !format::fits(name, &text)) {
            self.say(value, &format!("a text of the format {wanted}"));
        }
    }

    fn array<'a>(&mut self, schema: Schema<'a>, value: At<'a>, open: &mut Vec<(Schema<'a>, At<'a>, u8)>) {
        let count = u64::from(value.count());
        if let Some(least) = schema.size("minItems").filter(|&least| count < least) {
            self.say(value, &format!("at least {least} items"));
        }
        if let Some(most) = schema.size("maxItems").filter(|&most| count > most) {
            self.say(value, &format!("at most {most} items"));
        }
        // Before 2020 the list of the first items stood in `items`.
        let listed = schema.get("items").is_some_and(|items| items.is(NodeKind::Array));
        let first = if listed { schema.list("items") } else { schema.list("prefixItems") };
        let rest = if listed { schema.sub("additionalItems") } else { schema.sub("items") };
        for (index, item) in value.items().enumerate() {
            if let Some(of) = first.get(index).copied().or(rest) {
                open.push((of, item, 0));
            }
        }
        if schema.says("uniqueItems") {
            let items: Vec<At<'_>> = value.items().take(COMPARED).collect();
            let twice = items
                .iter()
                .enumerate()
                .any(|(index, item)| items.iter().skip(index + 1).any(|other| equal(*item, *other)));
            if twice {
                self.say(value, "that no item may stand twice");
            }
        }
    }

    fn object<'a>(&mut self, schema: Schema<'a>, value: At<'a>, open: &mut Vec<(Schema<'a>, At<'a>, u8)>) {
        for key in schema.required() {
            if value.get(&key).is_none() {
                let mut path = value.path();
                push_key(&mut path, &key);
                let message = format!("{}: missing, the schema requires it", name(&path));
                self.told.push(Mismatch { path, message });
            }
        }
        let count = u64::from(value.count());
        if let Some(least) = schema.size("minProperties").filter(|&least| count < least) {
            self.say(value, &format!("at least {least} keys"));
        }
        if let Some(most) = schema.size("maxProperties").filter(|&most| count > most) {
            self.say(value, &format!("at most {most} keys"));
        }
        let patterns: Vec<(Option<Pattern>, Schema<'a>)> = schema
            .sub("patternProperties")
            .map(Schema::properties_as_they_stand)
            .unwrap_or_default()
            .into_iter()
            .map(|(pattern, of)| (Pattern::parse(&pattern), of))
            .collect();
        let others = schema.sub("additionalProperties");
        let known: rustc_hash::FxHashMap<_, _> = schema.properties().into_iter().collect();
        for member in value.members() {
            let Some(key) = member.key() else { continue };
            let mut described = false;
            if let Some(of) = known.get(&key) {
                open.push((*of, member, 0));
                described = true;
            }
            for (pattern, of) in &patterns {
                // A pattern that cannot be read may be meant for any key.
                if pattern.as_ref().is_none_or(|pattern| pattern.is_in(&key)) {
                    described = true;
                    if pattern.is_some() {
                        open.push((*of, member, 0));
                    }
                }
            }
            match others {
                Some(none) if !described && none.is_never() => {
                    let message = format!("{}: not among the keys the schema allows", name(&member.path()));
                    self.told.push(Mismatch { path: member.path(), message });
                }
                Some(of) if !described => open.push((of, member, 0)),
                _ => {}
            }
        }
    }
}

/// A path as a person reads it.
fn name(path: &str) -> &str {
    match path.strip_prefix("$.").or_else(|| path.strip_prefix('$')) {
        Some("") | None => "the value",
        Some(rest) => rest,
    }
}
