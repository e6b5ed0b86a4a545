//! Forms that a file describes: its input, from the declared parameters, and what a person answers at a step.

use super::declared::{Declared, parameters};
use crate::json::{At, NodeKind, compact, quoted};
use crate::protocol::{Field, Form};
use crate::schema::Types;
use std::borrow::Cow;

/// Characters from which on a text gets several lines.
const LONG: u64 = 200;

/// The form for the input of a run.
pub fn input_form(root: At<'_>) -> Form {
    let declared = parameters(root);
    let title = root.text_of("name").map(Cow::into_owned).unwrap_or_default();
    let valued = root.get("parameters").is_some_and(|all| all.is(NodeKind::Object));
    let note = match (declared.is_empty(), valued) {
        (true, _) => "The file declares no parameters: any JSON object can be the input.",
        (false, true) => {
            "From the values in `parameters`. They are not put into the run's data: 0.1.3 fills templates in `config` with \
             them, 0.2.0 fills templates from the input."
        }
        (false, false) => {
            "From the declared parameters. The engine does not check them, and applies no defaults: what is not given is \
             missing."
        }
    };
    Form {
        title,
        description: root.text_of("description").map(Cow::into_owned).unwrap_or_default(),
        fields: declared.iter().map(field).collect(),
        note: note.to_owned(),
    }
}

fn text_of(at: At<'_>) -> String {
    at.string().map_or_else(|| at.brief(80), Cow::into_owned)
}

/// The field of a declared value.
pub(crate) fn field(one: &Declared<'_>) -> Field {
    let schema = one.schema;
    let get = |key: &str| schema.and_then(|schema| schema.get(key));
    let listed = get("enum").or_else(|| get("items").and_then(|items| items.get("enum")));
    let many = get("enum").is_none() && listed.is_some();
    let choices: Vec<At<'_>> = listed.into_iter().flat_map(At::items).collect();
    let control = match (choices.is_empty(), many) {
        (false, true) => "choices",
        (false, false) => "choice",
        (true, _) => control(one),
    };
    let default = one.default.or_else(|| get("default"));
    let description = if one.description.is_empty() {
        get("description").and_then(At::string).map(Cow::into_owned).unwrap_or_default()
    } else {
        one.description.clone()
    };
    Field {
        name: one.name.clone().into_owned(),
        label: get("title").and_then(At::string).map_or_else(|| one.name.clone().into_owned(), Cow::into_owned),
        control: control.to_owned(),
        choices: choices.iter().map(|choice| compact(choice.raw())).collect(),
        choice_labels: choices.iter().map(|choice| text_of(*choice)).collect(),
        required: one.required,
        default: default.map(|default| compact(default.raw())).unwrap_or_default(),
        description,
    }
}

fn control(one: &Declared<'_>) -> &'static str {
    let stated = one.schema.and_then(|schema| {
        let name = schema.string().or_else(|| schema.text_of("type"))?;
        Types::named(&name).filter(|types| *types != Types::ANY)
    });
    let long = |schema: At<'_>| {
        schema.get("maxLength").is_some_and(|most| most.json().parse::<u64>().is_ok_and(|most| most > LONG))
            || matches!(schema.text_of("format").as_deref(), Some("textarea" | "multiline" | "markdown"))
    };
    match stated {
        Some(Types::STRING) if one.schema.is_some_and(long) => "lines",
        Some(Types::STRING) => "text",
        Some(Types::INTEGER) => "integer",
        Some(Types::NUMBER) => "number",
        Some(Types::BOOLEAN) => "flag",
        Some(_) => "json",
        None => match one.default.map(At::kind) {
            Some(NodeKind::String) if one.default.and_then(At::string).is_some_and(|text| text.contains('\n')) => {
                "lines"
            }
            Some(NodeKind::String) => "text",
            Some(NodeKind::Number) => "number",
            Some(NodeKind::Bool) => "flag",
            _ => "json",
        },
    }
}

/// Where a step describes what it asks a person.
fn asked(step: At<'_>) -> Option<At<'_>> {
    let ways: [&[&str]; 5] = [
        &["config", "ui_schema"],
        &["config", "interaction", "ui_schema"],
        &["config", "interaction"],
        &["ui_schema"],
        &["interaction"],
    ];
    ways.into_iter().find_map(|way| step.at(way)).filter(|at| at.is(NodeKind::Object)).or_else(|| {
        step.get("config").filter(|config| config.get("fields").is_some_and(|fields| fields.is(NodeKind::Array)))
    })
}

/// The form for a person's answer at a step.
pub fn answer_form(step: At<'_>) -> Form {
    let Some(asked) = asked(step) else {
        let note = "The step describes no form. Its answer is any JSON object, and is merged into the run's data.";
        return Form { note: note.to_owned(), ..Form::default() };
    };
    let own = |key: &str| asked.text_of(key).map(Cow::into_owned).unwrap_or_default();
    let listed = asked.get("fields").into_iter().flat_map(At::items).filter_map(asked_field);
    // Some write a JSON Schema there.
    let required: Vec<Cow<'_, str>> =
        asked.get("required").into_iter().flat_map(At::items).filter_map(At::string).collect();
    let described = asked.get("properties").into_iter().flat_map(At::members).filter_map(|schema| {
        let name = schema.key()?;
        let required = required.contains(&name);
        Some(field(&Declared {
            name,
            schema: Some(schema),
            required,
            default: schema.get("default"),
            description: String::new(),
            at: schema,
        }))
    });
    let fields: Vec<Field> = listed.chain(described).collect();
    let note = if fields.is_empty() {
        "The step's form names no fields: the page of the engine decides what is asked. Any JSON object can be the answer."
    } else {
        "From the step's own form. The answer is merged into the run's data."
    };
    let description = own("description");
    Form {
        title: own("title"),
        description: if description.is_empty() { own("prompt") } else { description },
        fields,
        note: note.to_owned(),
    }
}

fn asked_field(at: At<'_>) -> Option<Field> {
    let name = at.text_of("name").or_else(|| at.text_of("id")).filter(|name| !name.is_empty())?.into_owned();
    let options: Vec<At<'_>> = at.get("options").into_iter().flat_map(At::items).collect();
    let value = |option: &At<'_>| match option.get("value") {
        Some(value) => compact(value.raw()),
        None => compact(option.raw()),
    };
    let label = |option: &At<'_>| {
        let own = option.text_of("label").or_else(|| option.text_of("title"));
        own.map_or_else(|| text_of(option.get("value").unwrap_or(*option)), Cow::into_owned)
    };
    let multiple = at.get("multiple").is_some_and(|multiple| multiple.raw() == b"true");
    let control = match at.text_of("type").as_deref() {
        Some("textarea") => "lines",
        Some("radio") => "choice",
        Some("select") if multiple => "choices",
        Some("select" | "dropdown") => "choice",
        // One box is yes or no; a box for each option is any number of them.
        Some("checkbox" | "checkboxes") if !options.is_empty() => "choices",
        Some("checkbox" | "boolean" | "switch" | "toggle") => "flag",
        Some("number" | "float" | "slider") => "number",
        Some("integer") => "integer",
        Some("json" | "object" | "array") => "json",
        _ if !options.is_empty() => "choice",
        _ => "text",
    };
    let mut description =
        at.text_of("description").or_else(|| at.text_of("help")).map(Cow::into_owned).unwrap_or_default();
    if description.is_empty() {
        description = at.text_of("placeholder").map(Cow::into_owned).unwrap_or_default();
    }
    Some(Field {
        label: at.text_of("label").map_or_else(|| name.clone(), Cow::into_owned),
        name,
        control: control.to_owned(),
        choices: options.iter().map(value).collect(),
        choice_labels: options.iter().map(label).collect(),
        required: at.get("required").is_some_and(|required| required.raw() == b"true"),
        default: at.get("default").map(|default| compact(default.raw())).unwrap_or_default(),
        description,
    })
}

/// An object of the defaults of a form, as JSON text; fields without one are left out.
pub fn defaults(form: &Form) -> String {
    let given = form.fields.iter().filter(|field| !field.default.is_empty());
    let members: Vec<String> = given.map(|field| format!("{}: {}", quoted(&field.name), field.default)).collect();
    format!("{{{}}}", members.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Tree;

    fn made(text: &str, make: fn(At<'_>) -> Form) -> Form {
        let tree = Tree::parse(text.as_bytes());
        make(At::root(text.as_bytes(), &tree).unwrap())
    }

    fn told(form: &Form) -> Vec<String> {
        let line = |field: &Field| {
            let star = if field.required { "*" } else { "" };
            let parts = [
                field.label.as_str(),
                star,
                " ",
                &field.control,
                " ",
                &field.choices.join("|"),
                " ",
                &field.choice_labels.join("|"),
                " = ",
                &field.default,
                " ",
                &field.description,
            ];
            parts.concat()
        };
        form.fields.iter().map(line).collect()
    }

    #[test]
    fn the_input_in_both_shapes() {
        let form = made(
            r#"{"name": "N", "parameters": [
            {"name": "topic", "schema": {"type": "string"}, "required": true, "description": "About"},
            {"name": "n", "schema": {"type": "integer"}, "default": 9007199254740993},
            {"name": "tone", "schema": {"type": "string", "enum": ["dry", "warm"]}},
            {"name": "tags", "schema": {"type": "array", "items": {"enum": [1, "b"]}}},
            {"name": "text", "schema": {"type": "string", "maxLength": 900}},
            {"name": "data", "schema": {"type": "array"}}, {"name": "ok", "schema": "bool"}, 7]}"#,
            input_form,
        );
        assert_eq!(
            told(&form),
            [
                "topic* text   =  About",
                "n integer   = 9007199254740993 ",
                r#"tone choice "dry"|"warm" dry|warm =  "#,
                r#"tags choices 1|"b" 1|b =  "#,
                "text lines   =  ",
                "data json   =  ",
                "ok flag   =  ",
            ]
        );
        assert_eq!(defaults(&form), "{\"n\": 9007199254740993}");
        let form = made(r#"{"parameters": {"threshold": 0.8, "names": ["a"], "on": true, "q": "x"}}"#, input_form);
        assert_eq!(
            told(&form),
            ["threshold number   = 0.8 ", "names json   = [\"a\"] ", "on flag   = true ", "q text   = \"x\" "]
        );
        assert!(made("{}", input_form).note.contains("no parameters"));
    }

    #[test]
    fn what_a_person_is_asked() {
        let form = made(
            r#"{"config": {"ui_schema": {"title": "T", "prompt": "P", "fields": [
            {"name": "decision", "type": "radio", "label": "Decision", "options": [{"value": "approve", "label": "Approve"}, "reject"], "required": true},
            {"name": "why", "type": "textarea", "placeholder": "Why?", "rows": 3},
            {"name": "who", "type": "select", "options": [{"value": 1}], "default": 1},
            {"name": "sure", "type": "checkbox"}, {"name": "parts", "type": "checkbox", "options": ["a"]}, {"type": "text"}]}}}"#,
            answer_form,
        );
        assert_eq!((form.title.as_str(), form.description.as_str()), ("T", "P"));
        assert_eq!(
            told(&form),
            [
                r#"Decision* choice "approve"|"reject" Approve|reject =  "#,
                "why lines   =  Why?",
                "who choice 1 1 = 1 ",
                "sure flag   =  ",
                "parts choices \"a\" a =  ",
            ]
        );
        assert!(made(r#"{"config": {"ui_schema": {"title": "T"}}}"#, answer_form).note.contains("no fields"));
        assert!(made(r#"{"config": null}"#, answer_form).note.contains("no form"));
        let schema = made(
            r#"{"config": {"ui_schema": {"properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}}}"#,
            answer_form,
        );
        assert_eq!(told(&schema), ["ok* flag   =  "]);
    }
}
