//! One step with everything it holds as text, as the formats of runs write it. Nothing in it points into a file.

use super::json_line::one_line;
use crate::json::quoted;
use crate::model::{
    Attribute, Details, Error, Flags, Interner, Kind, Message, Nanos, Run, Status, StepIx, Sym, Usage, Value, ValueText,
};
use crate::view::{Reader, Sight};
use rustc_hash::{FxHashMap, FxHashSet};

/// A value as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Held {
    /// Strict JSON on one line.
    Json(String),
    /// A text.
    Text(String),
}

impl Held {
    /// As JSON: a text is quoted.
    pub(crate) fn json(&self) -> String {
        match self {
            Held::Json(json) => json.clone(),
            Held::Text(text) => quoted(text),
        }
    }

    /// A value of the file.
    pub(crate) fn read(reader: &dyn Reader, value: &Value) -> Result<Held, String> {
        let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(match &value.text {
            // A lone surrogate or an escape stays as the file has it: the token is written and not its text.
            ValueText::Json | ValueText::JsonString => {
                let bytes = reader.bytes(value.place)?;
                // Where a format's value is no JSON by itself, its bytes are the text.
                let json = one_line(&bytes).filter(|json| !json.starts_with("{\"$repr\"") || bytes.contains(&b'{'));
                json.map_or_else(|| Held::Text(lossy(&bytes)), Held::Json)
            }
            ValueText::Plain => Held::Text(lossy(&reader.bytes(value.place)?)),
            // What is shown with its quotes is a text with quotes.
            ValueText::Made { text, json: true, .. } if !text.starts_with('"') => {
                one_line(text.as_bytes()).map_or_else(|| Held::Text(text.clone()), Held::Json)
            }
            ValueText::Made { text, .. } => Held::Text(text.clone()),
        })
    }
}

/// An event.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FullEvent {
    pub(crate) name: String,
    pub(crate) time: Option<Nanos>,
    pub(crate) attributes: Vec<(String, Held)>,
}

/// A link to another step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FullLink {
    pub(crate) run: String,
    pub(crate) step: String,
    pub(crate) attributes: Vec<(String, Held)>,
}

/// A step.
#[derive(Clone, Debug, Default)]
pub(crate) struct FullStep {
    pub(crate) id: String,
    pub(crate) parent: Option<String>,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) status: Status,
    pub(crate) start: Option<Nanos>,
    pub(crate) end: Option<Nanos>,
    pub(crate) model: String,
    /// As the file states it: without a cost that was worked out.
    pub(crate) usage: Usage,
    pub(crate) input: Option<Held>,
    pub(crate) output: Option<Held>,
    pub(crate) state: Option<Held>,
    pub(crate) state_after: Option<Held>,
    pub(crate) error: Option<Error>,
    pub(crate) messages: Vec<Message>,
    pub(crate) attributes: Vec<(String, Held)>,
    pub(crate) events: Vec<FullEvent>,
    pub(crate) links: Vec<FullLink>,
    /// Where the program that wrote the step describes itself. The reader of runs fills it in.
    pub(crate) resource: Option<Held>,
}

/// Ids that are written for steps: the file's own, made different where several steps share one or have none.
pub(crate) struct Ids {
    other: FxHashMap<StepIx, String>,
}

impl Ids {
    pub(crate) fn new(run: &Run, names: &Interner) -> Ids {
        let mut taken: FxHashSet<Sym> = FxHashSet::default();
        let mut again = Vec::new();
        for (step, &id) in (0u32..).zip(&run.steps.id) {
            if id == Interner::EMPTY || !taken.insert(id) {
                again.push((step, id));
            }
        }
        let mut own: FxHashSet<String> = FxHashSet::default();
        let mut other = FxHashMap::default();
        for (step, id) in again {
            let stem = match names.get(id) {
                "" => format!("step-{}", step.saturating_add(1)),
                id => id.to_owned(),
            };
            let mut number = u32::from(id != Interner::EMPTY) + 1;
            let mut free = if number == 1 { stem.clone() } else { format!("{stem}#{number}") };
            while own.contains(&free) || names.find(&free).is_some_and(|sym| taken.contains(&sym)) {
                number = number.saturating_add(1);
                free = format!("{stem}#{number}");
            }
            own.insert(free.clone());
            other.insert(step, free);
        }
        Ids { other }
    }

    /// The id of a step.
    pub(crate) fn of<'a>(&'a self, sight: Sight<'a>, step: StepIx) -> &'a str {
        let own = || sight.run.steps.id.get(step as usize).map_or("", |&id| sight.document.names.get(id));
        self.other.get(&step).map_or_else(own, String::as_str)
    }
}

fn held(reader: &dyn Reader, attributes: &[Attribute]) -> Result<Vec<(String, Held)>, String> {
    attributes.iter().map(|attribute| Ok((attribute.name.clone(), Held::read(reader, &attribute.value)?))).collect()
}

impl FullStep {
    /// Forgets what it holds; what it is stays.
    pub(crate) fn drop_values(&mut self) {
        (self.input, self.output, self.state, self.state_after, self.resource) = (None, None, None, None, None);
        self.error = None;
        self.messages = Vec::new();
        self.attributes = Vec::new();
        self.events = Vec::new();
        self.links = Vec::new();
    }

    /// About how many bytes it holds.
    pub(crate) fn weight(&self) -> usize {
        let text = |held: &Held| match held {
            Held::Json(text) | Held::Text(text) => text.len(),
        };
        let list = |list: &[(String, Held)]| list.iter().map(|(name, held)| name.len() + text(held)).sum::<usize>();
        let values = [&self.input, &self.output, &self.state, &self.state_after];
        let values = values.into_iter().flatten().map(text).sum::<usize>();
        let events = self.events.iter().map(|event| list(&event.attributes)).sum::<usize>();
        values + list(&self.attributes) + events + 200
    }

    /// A step whole, its values read.
    ///
    /// # Errors
    /// When its bytes cannot be had: a sentence for a person.
    pub(crate) fn of(sight: Sight<'_>, ids: &Ids, step: StepIx, details: &Details) -> Result<FullStep, String> {
        let (steps, names, reader, at) = (&sight.run.steps, &sight.document.names, sight.reader, step as usize);
        let value = |value: &Option<Value>| value.as_ref().map(|value| Held::read(reader, value)).transpose();
        let missing = || format!("There is no step {step} in this run.");
        let stated = || {
            let orphan = steps.flags.get(at).is_some_and(|flags| flags.has(Flags::ORPHAN));
            let parent = steps.parent_id.get(at).copied().flatten().filter(|_| orphan);
            parent.map(|parent| names.get(parent).to_owned())
        };
        let mut usage = steps.usage.get(&step).copied().unwrap_or_default();
        if std::mem::take(&mut usage.computed) {
            usage.cost = None;
        }
        let events = details.events.iter().map(|event| {
            let attributes = held(reader, &event.attributes)?;
            Ok(FullEvent { name: event.name.clone(), time: event.time, attributes })
        });
        let links = details.links.iter().map(|link| {
            let attributes = held(reader, &link.attributes)?;
            Ok(FullLink { run: link.run.clone(), step: link.step.clone(), attributes })
        });
        Ok(FullStep {
            id: ids.of(sight, step).to_owned(),
            parent: steps.parent(step).map(|parent| ids.of(sight, parent).to_owned()).or_else(stated),
            name: sight.name(step).to_owned(),
            kind: *steps.kind.get(at).ok_or_else(missing)?,
            status: *steps.status.get(at).ok_or_else(missing)?,
            start: *steps.start.get(at).ok_or_else(missing)?,
            end: *steps.end.get(at).ok_or_else(missing)?,
            model: steps.model.get(at).map_or("", |&model| names.get(model)).to_owned(),
            usage,
            input: value(&details.input)?,
            output: value(&details.output)?,
            state: value(&details.state)?,
            state_after: value(&details.state_after)?,
            error: details.error.clone(),
            messages: details.messages.clone(),
            attributes: held(reader, &details.attributes)?,
            events: events.collect::<Result<_, String>>()?,
            links: links.collect::<Result<_, String>>()?,
            resource: None,
        })
    }
}
