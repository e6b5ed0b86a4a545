//! What could stand at a caret: keys and values of the format, and names that the file itself has.

use super::caret::{Caret, Slot, Way, caret};
use super::keys::{Keys, description, properties, type_words};
use super::outline::Outline;
use super::sources::{operators, sources};
use super::{declared, words};
use crate::json::{At, Tree, compact, quoted};
use crate::order::Order as _;
use crate::protocol::{Completion, EngineId, Target, TextEdit};

/// Completions that are offered.
const OFFERED: usize = 200;

/// What could stand at byte `at` of a pipeline's text, the most likely first.
pub fn complete(text: &[u8], at: usize, target: Target) -> Vec<Completion> {
    let Some(caret) = caret(text, at) else { return Vec::new() };
    let tree = Tree::forgiving(text);
    let Some(root) = At::root(text, &tree) else { return Vec::new() };
    let offering = Offering { outline: Outline::of(root), keys: Keys::new(), caret: &caret, at, target };
    let mut found = match caret.slot {
        Slot::Key => offering.members(),
        Slot::Value => offering.values(),
        Slot::Nothing => Vec::new(),
    };
    // What begins as it is typed comes first, then what holds it.
    let typed = offering.filter().to_lowercase();
    let rank = |one: &Completion| match one.label.to_lowercase().find(&typed) {
        Some(0) => 0,
        Some(_) => 1,
        None => 2u8,
    };
    found.retain(|one| rank(one) < 2);
    found.order_by_key(rank);
    found.truncate(OFFERED);
    found
}

struct Offering<'a> {
    outline: Outline<'a>,
    keys: Keys,
    caret: &'a Caret,
    at: usize,
    target: Target,
}

/// The names of a way, with `[]` for items.
fn names(way: &[Way]) -> Vec<&str> {
    way.iter()
        .map(|way| match way {
            Way::Key(key) => key.as_str(),
            Way::Item(_) => "[]",
        })
        .collect()
}

impl Offering<'_> {
    fn text(&self) -> &[u8] {
        self.outline.root.text
    }

    /// The next byte behind the token that is not space.
    fn next(&self) -> Option<u8> {
        let rest = self.text().get(self.caret.token.1..).unwrap_or(&[]);
        rest.iter().copied().find(|b| !b.is_ascii_whitespace())
    }

    fn edit(&self, text: String) -> TextEdit {
        TextEdit { start: self.caret.token.0 as u64, end: self.caret.token.1 as u64, text }
    }

    /// What the labels are held against.
    fn filter(&self) -> &str {
        match self.template() {
            Some(open) => open.1,
            None => &self.caret.typed,
        }
    }

    /// An open `{{` before the caret: where it begins, and what was typed behind it.
    fn template(&self) -> Option<(usize, &str)> {
        let typed = self.caret.typed.as_str();
        let open = typed.rfind("{{").filter(|_| self.caret.quoted)?;
        let inside = typed.get(open + 2..).filter(|inside| !inside.contains("}}"))?;
        let start = self.caret.token.0 + 1 + open;
        // Escapes before it would move the place; then nothing is offered.
        (self.text().get(start..start + 2) == Some(b"{{")).then(|| (start, inside.trim_start()))
    }

    fn members(&self) -> Vec<Completion> {
        let object = {
            let tree = self.outline.root.tree;
            (0..tree.len() as u32).find(|&node| {
                tree.node(node).is_some_and(|one| one.start as usize == self.caret.around && one.end > one.start)
            })
        };
        let object = object.map(|node| At { node, ..self.outline.root });
        let own = self.caret.token.0 + 1;
        let has = |key: &str| {
            let named = object.into_iter().flat_map(At::members).filter(|member| member.key().as_deref() == Some(key));
            named.filter_map(At::key_range).any(|(start, _)| start != own)
        };
        let twin = |key: &str| match key {
            "from" => has("from_step") || has("to_step"),
            "to" => has("to_step") || has("from_step"),
            "from_step" => has("from") || has("to"),
            "to_step" => has("to") || has("from"),
            _ => false,
        };
        let schemas = self.keys.at(&self.caret.way);
        let all = properties(&schemas).into_iter().filter(|(key, _)| !has(key) && !twin(key));
        all.map(|(key, property)| {
            let of = self.keys.of(property);
            let mut text = quoted(&key);
            let mut caret = text.len();
            if self.next() != Some(b':') {
                text.push_str(": ");
                let (value, inside) = stub(&of);
                caret = text.len() + inside;
                text.push_str(&value);
                if self.next() == Some(b'"') {
                    text.push(',');
                }
            }
            Completion {
                label: key.into_owned(),
                detail: type_words(&of),
                info: description(&of),
                kind: "key".to_owned(),
                edit: self.edit(text),
                caret: caret as u64,
            }
        })
        .collect()
    }

    fn value(&self, json: String, detail: &str, info: &str, kind: &str) -> Completion {
        let label = Tree::parse(json.as_bytes())
            .string(json.as_bytes(), 0)
            .map_or_else(|| json.clone(), std::borrow::Cow::into_owned);
        Completion {
            label,
            detail: detail.to_owned(),
            info: info.to_owned(),
            kind: kind.to_owned(),
            caret: json.len() as u64,
            edit: self.edit(json),
        }
    }

    fn steps(&self) -> Vec<Completion> {
        let all = self.outline.steps.iter();
        all.map(|step| {
            let class = step.at.text_of("step_class").or_else(|| step.at.text_of("class")).unwrap_or_default();
            self.value(quoted(&step.id), &class, &words::step(step), "step")
        })
        .collect()
    }

    fn values(&self) -> Vec<Completion> {
        let way = names(&self.caret.way);
        match way.as_slice() {
            ["flow", "start_at"] | ["flow", "paths" | "transitions", "[]", "from" | "from_step"] => self.steps(),
            ["flow", "paths" | "transitions", "[]", "to" | "to_step"] => {
                let ends = ["end_with_success", "end_with_failure"]
                    .map(|end| self.value(quoted(end), "end", words::terminal(end), "step"));
                self.steps().into_iter().chain(ends).collect()
            }
            ["flow", "paths" | "transitions", "[]", "condition", "config", "source"] => {
                let all = sources(&self.outline, &self.from(), self.target.engine).into_iter();
                all.map(|source| {
                    let info = if source.example.is_empty() {
                        String::new()
                    } else {
                        format!("For example {}.", source.example)
                    };
                    self.value(quoted(&source.path), &source.by, &info, "source")
                })
                .collect()
            }
            ["flow", "paths" | "transitions", "[]", "condition", "config", "operator"] => {
                let all = operators(self.target.engine).iter();
                all.map(|operator| self.value(quoted(operator), words::operator(operator), "", "operator")).collect()
            }
            ["flow", "paths" | "transitions", "[]", "condition", "config", "value"] => {
                let mut found = self.examples();
                if self.target.engine == EngineId::IaModules020 {
                    found.extend(self.templates());
                }
                found
            }
            ["steps", "[]", "config", ..] => {
                let mut found = self.stated();
                found.extend(self.templates());
                found
            }
            _ => self.stated(),
        }
    }

    /// The edge around the caret.
    fn edge(&self) -> Option<At<'_>> {
        let inside = |edge: &&super::Edge<'_>| edge.at.start() <= self.at && self.at <= edge.at.end();
        self.outline.edges.iter().rfind(inside).map(|edge| edge.at)
    }

    /// The step that the edge around the caret leaves.
    fn from(&self) -> String {
        let text = self.edge().and_then(|edge| edge.text_of("from").or_else(|| edge.text_of("from_step")));
        text.unwrap_or_default().into_owned()
    }

    /// Values that the source of the condition around the caret may have.
    fn examples(&self) -> Vec<Completion> {
        let source = self.edge().and_then(|edge| edge.at(&["condition", "config"])?.text_of("source"));
        let Some(source) = source else { return Vec::new() };
        let key = source.rsplit('.').next().unwrap_or_default();
        let writers = self.outline.steps.iter().filter(|step| {
            source.strip_prefix(step.id.as_ref()).is_some_and(|rest| rest.starts_with('.')) || !source.contains('.')
        });
        let outputs = writers.flat_map(|step| declared::outputs(step.at));
        let all = outputs.chain(declared::parameters(self.outline.root)).filter(|one| one.name == key);
        let mut found: Vec<String> = Vec::new();
        for schema in all.filter_map(|one| one.schema).take(20) {
            found.extend(schema.get("enum").into_iter().flat_map(At::items).map(|item| compact(item.raw())));
            if schema
                .text_of("type")
                .as_deref()
                .or(schema.string().as_deref())
                .is_some_and(|name| name.starts_with("bool"))
            {
                found.extend(["true".to_owned(), "false".to_owned()]);
            }
            if found.is_empty() {
                found.push(crate::schema::generate(schema));
            }
        }
        found.dedup();
        found.into_iter().map(|json| self.value(json, "", "", "value")).collect()
    }

    /// `{{ parameters.x }}` for each declared parameter.
    fn templates(&self) -> Vec<Completion> {
        let open = self.template();
        if open.is_none() && !self.caret.typed.is_empty() {
            return Vec::new();
        }
        let all = declared::parameters(self.outline.root);
        let made = all.iter().map(|one| {
            let template = format!("{{{{ parameters.{} }}}}", one.name);
            let mut completion = self.value(quoted(&template), "parameter", &one.description, "value");
            if let Some((start, _)) = open {
                let mut inner = String::new();
                crate::json::push_escaped(&mut inner, &template);
                // What closes the template already, goes with it.
                let rest = self.text().get(self.at..).unwrap_or(&[]);
                let space = rest.iter().take_while(|b| **b == b' ').count();
                let closed = rest.get(space..space + 2) == Some(b"}}");
                let end = if closed { self.at + space + 2 } else { self.at };
                completion.caret = inner.len() as u64;
                completion.edit = TextEdit { start: start as u64, end: end as u64, text: inner };
                completion.label = format!("parameters.{}", one.name);
            }
            completion
        });
        made.collect()
    }

    /// What the schema itself lists.
    fn stated(&self) -> Vec<Completion> {
        if self.template().is_some() {
            return Vec::new();
        }
        let mut found: Vec<Completion> = Vec::new();
        for schema in self.keys.at(&self.caret.way) {
            let info = schema.text_of("description").unwrap_or_default();
            let one = schema.get("const").or_else(|| schema.get("default"));
            let listed = schema.get("enum").or_else(|| schema.get("examples")).into_iter().flat_map(At::items);
            let mut values: Vec<String> = one.into_iter().chain(listed).map(|value| compact(value.raw())).collect();
            if schema.text_of("type").as_deref() == Some("boolean") {
                values.extend(["true".to_owned(), "false".to_owned()]);
            }
            for json in values {
                let info = if schema.get("const").is_some() { info.as_ref() } else { "" };
                let new = self.value(json, "", info, "value");
                if !found.iter().any(|known| known.label == new.label) {
                    found.push(new);
                }
            }
        }
        found
    }
}

/// A value to begin with under a key, and where the caret stands in it.
fn stub(schemas: &[At<'_>]) -> (String, usize) {
    if let Some(default) = schemas.iter().find_map(|schema| schema.get("default")) {
        let json = compact(default.raw());
        let end = json.len();
        return (json, end);
    }
    let first = |name: &str| schemas.iter().any(|schema| schema.text_of("type").as_deref() == Some(name));
    let listed = schemas.iter().any(|schema| schema.get("enum").is_some());
    if first("array") {
        ("[]".to_owned(), 1)
    } else if first("object") {
        ("{}".to_owned(), 1)
    } else if first("string") || listed {
        ("\"\"".to_owned(), 1)
    } else if first("boolean") {
        ("true".to_owned(), 4)
    } else {
        (String::new(), 0)
    }
}
