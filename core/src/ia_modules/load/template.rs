//! `{{ parameters.x }}` in a step's configuration, and in 0.2.0 in the flow too.
//!
//! 0.1.3 puts in `str()` of the file's own `parameters`; 0.2.0 puts in values of the input, and keeps their type where
//! the placeholder is the whole text. What stands after `parameters.` is one key, dots and all. Other placeholders
//! stay as they are.

use super::exception::{Exception, get};
use crate::ia_modules::python::Value;
use crate::ia_modules::python::is_space;
use crate::protocol::EngineId;
use std::rc::Rc;

/// Deeper than this, resolving meets Python's limit of nested calls. Asked through the engine's own command line; a
/// program that calls the engine from deeper down meets it some levels earlier.
const DEEPEST: usize = 490;

/// Where values come from.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The engine.
    pub engine: EngineId,
    /// The `parameters` of the file for 0.1.3, the input for 0.2.0.
    pub parameters: &'a Value,
}

/// A placeholder in a text: where it stands, and what is between its braces.
struct Placeholder<'a> {
    start: usize,
    end: usize,
    inside: &'a str,
}

/// The next placeholder at or after `from`: two braces, at least one character that is no `}`, two braces.
fn next(text: &str, from: usize) -> Option<Placeholder<'_>> {
    let mut at = from;
    loop {
        let start = at + text.get(at..)?.find("{{")?;
        // Of several braces in a row the first two count; the rest is inside.
        let inside = text.get(start + 2..)?;
        let close = inside.find('}')?;
        if close > 0 && inside.get(close..)?.starts_with("}}") {
            let inside = inside.get(..close)?;
            return Some(Placeholder { start, end: start + 2 + close + 2, inside: inside.trim_matches(is_space) });
        }
        // Nothing that begins before this brace can end at it.
        at = start + 2 + close;
    }
}

/// The value with its placeholders filled in.
///
/// # Errors
/// When a placeholder is there and the parameters are no dictionary, or the value is too deep for Python.
pub fn resolve(value: &Value, context: Context<'_>) -> Result<Value, Exception> {
    if value.depth() > DEEPEST {
        return Err(Exception::recursion(""));
    }
    if !value.any_string(|text| text.contains("{{")) {
        return Ok(value.clone());
    }
    value.map_strings(&mut |text| resolve_text(text, context))
}

fn resolve_text(text: &Rc<str>, context: Context<'_>) -> Result<Value, Exception> {
    if context.engine == EngineId::IaModules020 {
        let trimmed = text.trim_matches(is_space);
        if let Some(whole) = next(trimmed, 0).filter(|found| found.start == 0 && found.end == trimmed.len()) {
            let value = match whole.inside.strip_prefix("parameters.") {
                Some(name) => get(context.parameters, name)?.cloned(),
                None => None,
            };
            return Ok(value.unwrap_or_else(|| Value::Str(Rc::clone(text))));
        }
    }
    let mut out = String::new();
    let mut copied = 0;
    while let Some(found) = next(text, copied) {
        let whole = text.get(found.start..found.end).unwrap_or("");
        out.push_str(text.get(copied..found.start).unwrap_or(""));
        match found.inside.strip_prefix("parameters.") {
            Some(name) => match get(context.parameters, name)? {
                Some(value) => out.push_str(&value.to_string()),
                None => out.push_str(whole),
            },
            None => out.push_str(whole),
        }
        copied = found.end;
    }
    if copied == 0 {
        return Ok(Value::Str(Rc::clone(text)));
    }
    out.push_str(text.get(copied..).unwrap_or(""));
    Ok(Value::from(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value {
        Value::parse(json.as_bytes()).unwrap_or_default()
    }

    #[test]
    fn placeholders_are_found_as_the_engines_pattern_finds_them() {
        let parameters =
            value(r#"{"p": 3, "l": [1, "a", null, true], "p.q": "dot", "": "none", "x{": "brace", "n": null}"#);
        for (text, old, new) in [
            ("{{ parameters.p }}", r#""3""#, "3"),
            (" {{parameters.l}}\n", r#"" [1, 'a', None, True]\n""#, r#"[1,"a",null,true]"#),
            ("a {{ parameters.p }}{{parameters.l}}", r#""a 3[1, 'a', None, True]""#, r#""a 3[1, 'a', None, True]""#),
            ("{{ parameters.p.q }}", r#""dot""#, r#""dot""#),
            ("{{ parameters.missing }} {{ steps.a }} {parameters.p}", "=", "="),
            ("{{ parameters. }}", r#""none""#, r#""none""#),
            ("{{{ parameters.p }}", "=", "="),
            ("{{{{ parameters.p }} {{}} {{ }} {{ parameters.p } }}", "=", "="),
            ("{{}}{{ parameters.p }}", r#""{{}}3""#, r#""{{}}3""#),
            ("{{ parameters.x{ }}", r#""brace""#, r#""brace""#),
            ("{{ parameters.n }}", r#""None""#, "null"),
            ("{{ a } {{ parameters.p }}}", r#""{{ a } 3}""#, r#""{{ a } 3}""#),
        ] {
            let same = Value::from(text).to_json();
            for (engine, expected) in [(EngineId::IaModules013, old), (EngineId::IaModules020, new)] {
                let got = resolve(&Value::from(text), Context { engine, parameters: &parameters });
                let expected = if expected == "=" { &same } else { expected };
                assert_eq!(got.map(|v| v.to_json()), Ok(expected.to_owned()), "{text}");
            }
        }
    }

    #[test]
    fn parameters_that_are_no_dictionary_matter_only_where_they_are_used() {
        let list = value("[1]");
        let context = Context { engine: EngineId::IaModules013, parameters: &list };
        assert_eq!(
            resolve(&value(r#"{"a": "{{ x }}"}"#), context).map(|v| v.to_json()),
            Ok(r#"{"a":"{{ x }}"}"#.into())
        );
        let error = resolve(&value(r#"{"a": ["{{ parameters.x }}"]}"#), context).map(|v| v.to_json());
        assert_eq!(error, Err(Exception::new("AttributeError", "'list' object has no attribute 'get'")));
    }

    #[test]
    fn many_braces_are_read_in_one_pass() {
        let text = Value::from("{".repeat(1_000_000));
        let context = Context { engine: EngineId::IaModules020, parameters: &Value::None };
        assert!(resolve(&text, context).is_ok());
    }
}
