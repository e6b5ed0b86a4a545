//! What the condition of an edge says, what the engine makes of it, and a new one in words. No screen: `builder` shows it.

use chaindebug_core::protocol::ConditionDraft;
use serde_json::Value;

/// The condition of an edge as its text has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// What the form is filled with; `None` for an edge that is always taken.
    pub(super) draft: Option<ConditionDraft>,
    /// What the engine does not evaluate in it, in a sentence; else empty.
    pub(super) ignored: String,
}

/// Reads the text of an edge.
pub(super) fn written_in(edge: &str) -> Written {
    let Ok(edge) = serde_json::from_str::<Value>(edge) else { return Written::default() };
    let Some(condition) = edge.get("condition") else { return Written::default() };
    let Some(object) = condition.as_object() else {
        let ignored = format!("`{condition}` is no condition: the loaders stop at it. Writing one here replaces it.");
        return Written { draft: None, ignored };
    };
    let kind = object.get("type").and_then(Value::as_str);
    let config = condition.get("config").filter(|config| config.is_object());
    let told = config.unwrap_or(condition);
    let text = |keys: &[&str]| keys.iter().find_map(|key| told.get(key)?.as_str()).unwrap_or_default().to_owned();
    let draft = ConditionDraft {
        source: text(&["source", "field"]),
        operator: Some(text(&["operator"])).filter(|operator| !operator.is_empty()).unwrap_or("equals".to_owned()),
        value: told.get("value").map(Value::to_string).unwrap_or_default(),
    };
    match kind {
        _ if object.is_empty() => Written::default(),
        Some("always") => Written::default(),
        Some("expression") if config.is_some() => Written { draft: Some(draft), ignored: String::new() },
        Some("expression") => {
            let ignored = "The engine reads `config` only, and this condition has none: it is always true as it stands. \
                           Writing it here puts it where the engine reads it.";
            Written { draft: Some(draft), ignored: ignored.to_owned() }
        }
        other => {
            let what = match other {
                Some(kind) => format!("The engine does not evaluate conditions of the type `{kind}`"),
                None => "The engine does not evaluate a condition without a `type`".to_owned(),
            };
            let ignored = format!("{what}: the edge is never taken as it stands. Writing one here replaces it.");
            Written { draft: Some(draft), ignored }
        }
    }
}

/// What somebody typed as JSON: a word that is no JSON is taken as text.
pub(super) fn as_json(typed: &str) -> String {
    match serde_json::from_str::<Value>(typed) {
        Ok(_) => typed.trim().to_owned(),
        Err(_) => Value::String(typed.to_owned()).to_string(),
    }
}

/// What kind of value it is, in a word.
pub(super) fn kind(json: &str) -> &'static str {
    match serde_json::from_str::<Value>(json) {
        Ok(Value::Null) => "null",
        Ok(Value::Bool(_)) => "true or false",
        Ok(Value::Number(_)) => "number",
        Ok(Value::String(_)) => "text",
        Ok(Value::Array(_)) => "list",
        Ok(Value::Object(_)) => "object",
        Err(_) => "no JSON",
    }
}

/// Whether an operator asks which value is larger.
fn orders(operator: &str) -> bool {
    operator.starts_with("greater_than") || operator.starts_with("less_than")
}

/// What happens where nothing was written at the source.
pub(super) fn when_missing(draft: &ConditionDraft) -> &'static str {
    let null = draft.value == "null";
    match draft.operator.as_str() {
        // A path into a value that is not there is false, whatever is asked.
        _ if draft.source.contains('.') => "the edge is never taken",
        operator if orders(operator) => "the run stops here with a TypeError",
        "equals" if null => "the edge is always taken",
        "not_equals" if !null => "the edge is always taken",
        _ => "the edge is never taken",
    }
}

/// What to know of comparing with this value, with code between backticks; else empty.
pub(super) fn caution(draft: &ConditionDraft) -> String {
    if !orders(&draft.operator) {
        return String::new();
    }
    match kind(&draft.value) {
        "null" | "object" => {
            format!("Python cannot order {} values: the run stops here with a TypeError.", kind(&draft.value))
        }
        kind => {
            let kind = if kind == "true or false" { "number" } else { kind };
            format!("Where `{}` is not a {kind}, the run stops here with a TypeError.", draft.source)
        }
    }
}

/// The condition in words, with code between backticks.
pub(super) fn words(from: &str, to: &str, draft: Option<&ConditionDraft>) -> String {
    match draft {
        None => format!("`{from}` always goes on to `{to}`."),
        Some(draft) if draft.source.is_empty() => format!("`{from}` goes on to `{to}` when …"),
        Some(draft) => {
            let operator = match draft.operator.as_str() {
                "equals" => "equals".to_owned(),
                "not_equals" => "does not equal".to_owned(),
                other => format!("is {}", other.replace('_', " ").replace("or equals", "or equal to")),
            };
            format!("`{from}` goes on to `{to}` when `{}` {operator} `{}`.", draft.source, draft.value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(source: &str, operator: &str, value: &str) -> ConditionDraft {
        ConditionDraft { source: source.to_owned(), operator: operator.to_owned(), value: value.to_owned() }
    }

    #[test]
    fn a_condition_is_read_as_the_engine_would() {
        let expression = r#"{"from":"a","condition":{"type":"expression","config":{"source":"x.y","operator":"equals","value":9007199254740993}}}"#;
        let written = written_in(expression);
        assert_eq!((written.draft, written.ignored.as_str()), (Some(draft("x.y", "equals", "9007199254740993")), ""));
        for always in [r#"{"from":"a"}"#, r#"{"condition":{}}"#, r#"{"condition":{"type":"always"}}"#, "{"] {
            assert_eq!(written_in(always), Written::default(), "{always}");
        }
        let flat = written_in(r#"{"condition":{"type":"expression","source":"n","operator":"less_than","value":2}}"#);
        assert_eq!(flat.draft, Some(draft("n", "less_than", "2")));
        assert!(flat.ignored.contains("always true"));
        let other = written_in(r#"{"condition":{"type":"field_equals","field":"ok","value":true}}"#);
        assert_eq!(other.draft, Some(draft("ok", "equals", "true")));
        assert!(other.ignored.contains("`field_equals`") && other.ignored.contains("never taken"));
        assert!(written_in(r#"{"condition":null}"#).ignored.contains("`null` is no condition"));
    }

    #[test]
    fn a_word_that_is_no_json_is_text() {
        assert_eq!(as_json("approve"), "\"approve\"");
        assert_eq!(as_json(" 3 "), "3");
        assert_eq!(as_json("\"3\""), "\"3\"");
        assert_eq!(kind("[1]"), "list");
        assert_eq!(kind(&as_json("")), "text");
    }

    #[test]
    fn what_is_missing_compares_as_python_has_it() {
        for (source, operator, value, told) in [
            ("a.b", "not_equals", "1", "never"),
            ("a", "not_equals", "1", "always"),
            ("a", "not_equals", "null", "never"),
            ("a", "equals", "null", "always"),
            ("a", "equals", "1", "never"),
            ("a", "less_than", "1", "TypeError"),
        ] {
            let said = when_missing(&draft(source, operator, value));
            assert!(said.contains(told), "{source} {operator} {value}: {said}");
        }
        assert_eq!(caution(&draft("a", "equals", "1")), "");
        assert!(caution(&draft("a", "greater_than", "null")).starts_with("Python cannot order null"));
        assert!(caution(&draft("a", "greater_than", "2")).contains("`a` is not a number"));
    }

    #[test]
    fn the_condition_in_words() {
        assert_eq!(words("a", "b", None), "`a` always goes on to `b`.");
        let more = draft("n", "greater_than_or_equals", "2");
        assert_eq!(words("a", "b", Some(&more)), "`a` goes on to `b` when `n` is greater than or equal to `2`.");
    }
}
