//! What a file declares of its data: parameters, and what steps put out, in all the ways IA Modules files write it.
//!
//! The engine reads none of it, and checks none of it.

use crate::json::{At, NodeKind, compact, quoted};
use std::borrow::Cow;

/// A value that the file declares.
#[derive(Clone, Debug)]
pub struct Declared<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// Its schema, when one is stated.
    pub schema: Option<At<'a>>,
    /// Whether it must be there, as the file says.
    pub required: bool,
    /// The default, or the value where the file gives one in place of a schema.
    pub default: Option<At<'a>>,
    /// Description, else empty.
    pub description: String,
    /// Where it stands.
    pub at: At<'a>,
}

fn one<'a>(name: Cow<'a, str>, at: At<'a>) -> Declared<'a> {
    Declared { name, schema: None, required: false, default: None, description: String::new(), at }
}

/// An entry of a list: `{name, schema, required, default, description}`, or a name alone.
fn entry(at: At<'_>) -> Option<Declared<'_>> {
    if let Some(name) = at.string() {
        return Some(one(name, at));
    }
    let name = at.text_of("name").filter(|name| !name.is_empty())?;
    // `{"name": "x", "type": "string"}` is a schema in itself.
    let schema = at.get("schema").or_else(|| at.get("type").map(|_| at));
    Some(Declared {
        schema,
        required: at.get("required").is_some_and(|required| required.raw() == b"true"),
        default: at.get("default"),
        description: at.text_of("description").map(Cow::into_owned).unwrap_or_default(),
        ..one(name, at)
    })
}

/// The declared parameters: a list of entries, or an object from name to value.
pub fn parameters(root: At<'_>) -> Vec<Declared<'_>> {
    let Some(all) = root.get("parameters") else { return Vec::new() };
    let listed = all.items().filter_map(entry);
    let valued = all.members().filter_map(|value| {
        let name = value.key()?;
        // Some write an entry under its name.
        let described = value.is(NodeKind::Object) && (value.get("schema").is_some() || value.get("type").is_some());
        Some(match described {
            true => Declared {
                schema: value.get("schema").or(Some(value)),
                required: value.get("required").is_some_and(|required| required.raw() == b"true"),
                default: value.get("default"),
                description: value.text_of("description").map(Cow::into_owned).unwrap_or_default(),
                ..one(name, value)
            },
            false => Declared { default: Some(value), ..one(name, value) },
        })
    });
    listed.chain(valued).collect()
}

/// The keys that a step declares to put out: from `outputs` (a list of entries or names, or an object), and from the
/// properties of `output_schema`.
pub fn outputs(step: At<'_>) -> Vec<Declared<'_>> {
    let outputs = step.get("outputs");
    let listed = outputs.into_iter().flat_map(At::items).filter_map(entry);
    let named = outputs.into_iter().flat_map(At::members).filter_map(|value| Some(one(value.key()?, value)));
    let mut all: Vec<Declared<'_>> = listed.chain(named).collect();
    if let Some(schema) = step.get("output_schema") {
        let required: Vec<Cow<'_, str>> =
            schema.get("required").into_iter().flat_map(At::items).filter_map(At::string).collect();
        for property in schema.get("properties").into_iter().flat_map(At::members) {
            let Some(name) = property.key() else { continue };
            if let Some(known) = all.iter_mut().find(|known| known.name == name) {
                known.schema = known.schema.or(Some(property));
                continue;
            }
            let description = property.text_of("description").map(Cow::into_owned).unwrap_or_default();
            let required = required.contains(&name);
            all.push(Declared { schema: Some(property), required, description, ..one(name, property) });
        }
    }
    all
}

/// The schema of what a step returns, as JSON text: its `output_schema`, else one made of its `outputs`; `None` when
/// it declares neither.
pub fn output_schema(step: At<'_>) -> Option<String> {
    if let Some(schema) = step.get("output_schema").filter(|schema| !schema.is(NodeKind::Null)) {
        return Some(schema.json().into_owned());
    }
    let outputs = outputs(step);
    if outputs.is_empty() {
        return None;
    }
    let schema = |one: &Declared<'_>| one.schema.map_or_else(|| "{}".to_owned(), |schema| compact(schema.raw()));
    let properties: Vec<String> = outputs.iter().map(|one| format!("{}: {}", quoted(&one.name), schema(one))).collect();
    let required: Vec<String> = outputs.iter().filter(|one| one.required).map(|one| quoted(&one.name)).collect();
    Some(format!(
        "{{\"type\": \"object\", \"properties\": {{{}}}, \"required\": [{}]}}",
        properties.join(", "),
        required.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Tree;

    fn with<T>(text: &str, read: impl FnOnce(At<'_>) -> T) -> T {
        let tree = Tree::parse(text.as_bytes());
        read(At::root(text.as_bytes(), &tree).unwrap())
    }

    #[test]
    fn all_ways_to_declare() {
        let schema = |text: &str| with(text, output_schema);
        assert_eq!(schema(r#"{"id": "a"}"#), None);
        assert_eq!(
            schema(r#"{"outputs": ["x"], "output_schema": {"type":"string"}}"#).as_deref(),
            Some(r#"{"type":"string"}"#)
        );
        assert_eq!(
            schema(r#"{"outputs": ["x", {"name": "y", "schema": {"type": "integer"}, "required": true}, 7]}"#)
                .as_deref(),
            Some(r#"{"type": "object", "properties": {"x": {}, "y": {"type": "integer"}}, "required": ["y"]}"#)
        );
        let told = |text: &str| {
            with(text, |root| {
                let all = parameters(root).into_iter();
                all.map(|one| format!("{} {:?} {:?}", one.name, one.schema.map(At::json), one.default.map(At::json)))
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(
            told(r#"{"parameters": {"a": 0.8, "b": {"type": "string", "default": "x"}}}"#),
            [r#"a None Some("0.8")"#, r#"b Some("{\"type\": \"string\", \"default\": \"x\"}") Some("\"x\"")"#,]
        );
        assert_eq!(
            told(r#"{"parameters": [{"name": "a", "schema": {"type": "number"}}, {"schema": {}}]}"#),
            [r#"a Some("{\"type\": \"number\"}") None"#]
        );
        assert!(told(r#"{"parameters": 7}"#).is_empty());
    }
}
