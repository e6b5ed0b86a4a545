//! What happened after a step, in sentences for a person. Decides nothing.

use super::judge::{self, Comparison, Condition, Judged, Saw};
use super::{Entry, Next, Run, Writer};
use crate::ia_modules::load::Program;
use crate::ia_modules::python::{Operator, Value};
use crate::protocol::{EngineId, RunEnd, Verdict};

/// Characters of a value that are shown within a sentence.
const SHOWN: usize = 60;

/// The name of an engine in a sentence.
pub(super) fn engine(engine: EngineId) -> &'static str {
    match engine {
        EngineId::IaModules013 => "ia-modules 0.1.3",
        EngineId::IaModules020 => "ia-modules 0.2.0",
    }
}

/// A value as JSON text, shortened for a sentence.
pub(in crate::ia_modules) fn brief(value: &Value) -> String {
    let text = match value {
        Value::Shared => "the shared state itself".to_owned(),
        other => other.to_json(),
    };
    shortened(&text)
}

/// A text, shortened for a sentence.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text.to_owned(),
    }
}

/// A small number at the beginning of a sentence.
pub(super) fn number(count: usize) -> String {
    let words = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];
    words.get(count).map_or_else(|| count.to_string(), |&word| word.to_owned())
}

/// The condition of an edge in one line.
pub(crate) fn condition(program: &Program, edge: usize) -> String {
    let Some(edge) = program.edges.get(edge) else { return String::new() };
    match judge::condition(edge, program.target.engine) {
        Ok(Condition::Always) => "always".to_owned(),
        Ok(Condition::Unknown(kind)) => kind.as_str().map_or_else(|| brief(&kind), str::to_owned),
        Ok(Condition::Expression { source, operator, value }) => {
            let operator = match operator {
                Ok(comparison) => name(comparison).to_owned(),
                Err(given) => given.as_str().map_or_else(|| brief(&given), str::to_owned),
            };
            format!("{source} {operator} {}", brief(&value))
        }
        Err(_) => edge.condition.as_ref().map_or_else(String::new, brief),
    }
}

fn name(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equals => "equals",
        Comparison::NotEquals => "not_equals",
        Comparison::Order(Operator::Greater) => "greater_than",
        Comparison::Order(Operator::Less) => "less_than",
        Comparison::Order(Operator::GreaterOrEqual) => "greater_than_or_equals",
        Comparison::Order(Operator::LessOrEqual) => "less_than_or_equals",
    }
}

/// What an edge's condition reads; empty when it reads nothing.
pub(crate) fn source(program: &Program, edge: usize) -> String {
    let condition = program.edges.get(edge).map(|edge| judge::condition(edge, program.target.engine));
    match condition {
        Some(Ok(Condition::Expression { source, .. })) => source.to_string(),
        _ => String::new(),
    }
}

/// What an edge saw, in a word or two.
pub(crate) fn saw(saw: &Saw) -> String {
    match saw {
        Saw::Nothing => String::new(),
        Saw::Value(value) => brief(value),
        Saw::Missing { .. } => "missing".to_owned(),
        Saw::NoObject { is, .. } => brief(is),
    }
}

/// The part of a source up to and with a part.
fn upto(source: &str, parts: usize) -> String {
    source.split('.').take(parts).collect::<Vec<_>>().join(".")
}

/// The sentences of one decision.
#[derive(Clone, Copy)]
pub(crate) struct Telling<'a> {
    /// The program.
    pub(crate) program: &'a Program,
    /// The run.
    pub(crate) run: &'a Run,
    /// The entry that is told of.
    pub(crate) entry: &'a Entry,
}

impl Telling<'_> {
    fn to(&self, edge: usize) -> String {
        self.program.edges.get(edge).map_or_else(String::new, |edge| edge.to.to_string())
    }

    /// " (written by `rate`)".
    fn writer(&self, source: &str) -> String {
        let head = source.split('.').next().unwrap_or("");
        let id = |at: usize| self.run.entries.get(at).map_or("", |entry| &*entry.id);
        match self.run.state.writer(head, self.entry.after) {
            None => String::new(),
            Some(Writer::Input) => " (from the input)".to_owned(),
            Some(Writer::Engine) => " (written by the engine)".to_owned(),
            Some(Writer::Entry(at)) => format!(" (written by `{}`)", id(at)),
            Some(Writer::Person(at)) => format!(" (answered at `{}`)", id(at)),
        }
    }

    /// What was seen: a clause without a full stop.
    fn seen(&self, source: &str, saw: &Saw) -> String {
        match saw {
            Saw::Nothing => "nothing is read".to_owned(),
            Saw::Value(value) => format!("`{source}` is {}{}", brief(value), self.writer(source)),
            Saw::Missing { found: 0, .. } => {
                let head = upto(source, 1);
                if head.is_empty() && source.is_empty() {
                    return "the condition names no source, which reads as null".to_owned();
                }
                let of = if head == source { String::new() } else { format!("`{source}` is missing: ") };
                if self.program.step(&head).is_some() {
                    let missing = if of.is_empty() { format!("`{head}` is missing: ") } else { of };
                    return format!("{missing}the step `{head}` had not run");
                }
                if of.is_empty() {
                    format!("`{head}` is missing: no step wrote it and it is not in the input")
                } else {
                    format!("{of}no step wrote `{head}`")
                }
            }
            Saw::Missing { found, .. } => {
                let (there, gone) = (upto(source, *found), upto(source, found + 1));
                format!("`{gone}` is missing: `{there}`{} has no such key", self.writer(source))
            }
            Saw::NoObject { found, is } => {
                let there = upto(source, *found);
                format!("`{there}` is {}{}, which is no object", brief(is), self.writer(source))
            }
        }
    }

    /// Why an edge was followed, or was not.
    pub(crate) fn why(&self, judged: &Judged) -> String {
        let program = self.program;
        let Some(edge) = program.edges.get(judged.edge) else { return String::new() };
        match judged.verdict {
            Verdict::Unseen => return self.unseen(judged),
            Verdict::Raised => {
                let error = self.run.error.as_ref().map_or_else(String::new, ToString::to_string);
                return match judge::condition(edge, program.target.engine) {
                    Ok(Condition::Expression { source, value, .. }) => format!(
                        "{}. It cannot be compared with {}, and the run ends with {error}.",
                        sentence(&self.seen(&source, &judged.saw)),
                        brief(&value)
                    ),
                    _ => format!("The engine cannot read this condition, and the run ends with {error}."),
                };
            }
            Verdict::Unknown => return "The state at this point is not recorded.".to_owned(),
            _ => {}
        }
        if let Next::Answered(_) = self.entry.next {
            return "Followed when the answer came: who resumes a run takes the first edge and does not look at its \
                    condition."
                .to_owned();
        }
        let reason = match judge::condition(edge, program.target.engine) {
            Ok(Condition::Always) if edge.condition.is_none() => "It has no condition, so it is true.".to_owned(),
            Ok(Condition::Always) => "Its condition is always true.".to_owned(),
            Ok(Condition::Unknown(kind)) => {
                let kind = kind.as_str().map_or_else(|| brief(&kind), |kind| format!("`{kind}`"));
                format!(
                    "{} does not know conditions of type {kind} and calls them false.",
                    engine(program.target.engine)
                )
            }
            Ok(Condition::Expression { source, operator, value }) => self.compared(&source, operator, &value, judged),
            Err(_) => String::new(),
        };
        match judged.verdict {
            Verdict::Queued => {
                format!("{reason} `{}` waits in the queue until the steps before it are done.", self.to(judged.edge))
            }
            _ => reason,
        }
    }

    fn compared(&self, source: &str, operator: Result<Comparison, Value>, value: &Value, judged: &Judged) -> String {
        let seen = sentence(&self.seen(source, &judged.saw));
        let comparison = match operator {
            Ok(comparison) => comparison,
            Err(given) => {
                let given = given.as_str().map_or_else(|| brief(&given), |given| format!("`{given}`"));
                let engine = engine(self.program.target.engine);
                return format!(
                    "{engine} does not know the operator {given}: the edge is false whatever it reads. {seen}."
                );
            }
        };
        let end = match &judged.saw {
            Saw::Missing { compared: false, found } => {
                let rest: Vec<&str> = source.split('.').skip(found + 1).collect();
                return format!(
                    "{seen}, so `.{}` cannot be read. The engine calls this false, whatever the operator.",
                    rest.join(".")
                );
            }
            Saw::NoObject { found, is } => {
                let rest: Vec<&str> = source.split('.').skip(*found).collect();
                let list = if is.as_list().is_some() { " Items of a list cannot be read." } else { "" };
                return format!(
                    "{seen}, so `.{}` cannot be read.{list} The engine calls this false, whatever the operator.",
                    rest.join(".")
                );
            }
            Saw::Missing { .. } => ". It counts as null, which",
            _ => ", which",
        };
        let holds = matches!(judged.verdict, Verdict::Taken | Verdict::Queued);
        let relation = match (comparison, holds) {
            (Comparison::Equals, true) | (Comparison::NotEquals, false) => "equals",
            (Comparison::Equals, false) | (Comparison::NotEquals, true) => "does not equal",
            (Comparison::Order(Operator::Greater), true) => "is greater than",
            (Comparison::Order(Operator::Greater), false) => "is not greater than",
            (Comparison::Order(Operator::Less), true) => "is less than",
            (Comparison::Order(Operator::Less), false) => "is not less than",
            (Comparison::Order(Operator::GreaterOrEqual), true) => "is at least",
            (Comparison::Order(Operator::GreaterOrEqual), false) => "is not at least",
            (Comparison::Order(Operator::LessOrEqual), true) => "is at most",
            (Comparison::Order(Operator::LessOrEqual), false) => "is not at most",
        };
        format!("{seen}{end} {relation} {}.{}", brief(value), self.mistaken(&judged.saw, value))
    }

    /// What somebody may have taken the compared value for; empty when there is nothing to say.
    fn mistaken(&self, saw: &Saw, value: &Value) -> String {
        let Value::Str(text) = value else {
            return match (saw, value) {
                (Saw::Value(Value::Str(seen)), Value::Int(_) | Value::Float(_)) if **seen == *value.to_json() => {
                    " A text never equals a number.".to_owned()
                }
                _ => String::new(),
            };
        };
        if text.contains("{{") && text.contains("}}") {
            return match self.program.target.engine {
                EngineId::IaModules013 => {
                    " ia-modules 0.1.3 fills in no placeholders in conditions: this is a text like any other."
                        .to_owned()
                }
                EngineId::IaModules020 => {
                    " The placeholder was not filled in: 0.2.0 takes `{{ parameters.NAME }}` from the input, which has \
                     nothing under that name."
                        .to_owned()
                }
            };
        }
        match saw {
            Saw::Value(seen @ (Value::Int(_) | Value::Float(_))) if seen.to_json() == **text => {
                " A number never equals a text.".to_owned()
            }
            _ => String::new(),
        }
    }

    fn unseen(&self, judged: &Judged) -> String {
        match &self.entry.next {
            Next::Queue => {
                let next = self.next_id();
                format!("Not looked at: `{next}` was waiting in the queue and came next.")
            }
            Next::Waits => "Not looked at: the run waits here for a person.".to_owned(),
            Next::Answered(_) => "Not looked at: who resumes a run follows the first edge and no other.".to_owned(),
            Next::Failed if self.entry.recorded => {
                let raised = self.entry.edges.iter().position(|edge| edge.verdict == Verdict::Raised);
                let own = self.entry.edges.iter().position(|edge| edge.edge == judged.edge);
                if raised.is_none() {
                    "Not looked at: the run ended before.".to_owned()
                } else if own < raised {
                    "It is true, but the comparison of a later edge ended the run.".to_owned()
                } else {
                    "Not looked at: the comparison before it ended the run.".to_owned()
                }
            }
            Next::Failed => "Not looked at: the step failed, and the run with it.".to_owned(),
            Next::Edges(_) => "Not looked at.".to_owned(),
        }
    }

    /// The step that was entered next.
    fn next_id(&self) -> String {
        let here = self.run.entries.iter().position(|entry| std::ptr::eq(entry, self.entry));
        let next = here.and_then(|at| self.run.entries.get(at + 1));
        next.map(|next| next.id.to_string()).or_else(|| self.run.terminal.clone()).unwrap_or_default()
    }

    /// Whether the run ended here with edges left and none true.
    pub(crate) fn dead_end(&self) -> bool {
        self.entry.next == Next::Edges(None) && !self.entry.edges.is_empty()
    }

    /// What happened after the step.
    pub(crate) fn summary(&self) -> String {
        let entry = self.entry;
        let leaving = entry.edges.len();
        let engine = engine(self.program.target.engine);
        let error = || entry.error.as_ref().map_or_else(String::new, ToString::to_string);
        let became = match &entry.error {
            Some(_) if entry.result.is_some() => format!("It failed ({}), and the error became its result. ", error()),
            _ => String::new(),
        };
        let rest = match &entry.next {
            Next::Waits => "It waits for a person, and the run pauses here.".to_owned(),
            Next::Answered(None) => "A person answered, and no edge leaves: the run is over.".to_owned(),
            Next::Answered(Some(edge)) => {
                format!("A person answered, and the run goes on at `{}`, along the first edge.", self.to(*edge))
            }
            Next::Queue => format!(
                "`{}` was waiting from a fan-out and comes next{}.",
                self.next_id(),
                match leaving {
                    0 => String::new(),
                    1 => "; the edge of this step is not looked at".to_owned(),
                    count => format!("; the {count} edges of this step are not looked at"),
                }
            ),
            Next::Failed if !entry.recorded => format!("It failed, and the run ends here with {}.", error()),
            Next::Failed => {
                let error = self.run.error.as_ref().map_or_else(String::new, ToString::to_string);
                format!("A comparison on the way out cannot be made. The run ends here with {error}.")
            }
            Next::Edges(None) if leaving == 0 => "No edge leaves, and the run ends here, completed.".to_owned(),
            Next::Edges(None) => format!(
                "{} and the run ends here. {engine} reports it as success.",
                if leaving == 1 {
                    "One edge leaves, it is not true,".to_owned()
                } else {
                    format!("{} edges leave, none is true,", number(leaving))
                }
            ),
            Next::Edges(Some(edge)) => {
                let to = self.to(*edge);
                let queued: Vec<String> = entry
                    .edges
                    .iter()
                    .filter(|edge| edge.verdict == Verdict::Queued)
                    .map(|edge| format!("`{}`", self.to(edge.edge)))
                    .collect();
                let end = if to.starts_with("end_") { ", where the run ends" } else { "" };
                match (queued.len(), leaving) {
                    (0, 1) => format!("The one edge is true, and the run goes on to `{to}`{end}."),
                    (0, _) => {
                        let position = entry.edges.iter().position(|judged| judged.edge == *edge).unwrap_or(0) + 1;
                        format!("Edge {position} of {leaving} is true, and the run goes on to `{to}`{end}.")
                    }
                    (count, _) => format!(
                        "{} edges are true: `{to}` comes first{end}, and {} wait{} in the queue.",
                        number(count + 1),
                        queued.join(", "),
                        if count == 1 { "s" } else { "" }
                    ),
                }
            }
        };
        became + &rest
    }
}

/// A clause as the beginning of a sentence.
fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// One sentence on how a run went.
pub(crate) fn summary(program: &Program, run: &Run) -> String {
    let count = run.entries.len();
    let entered = format!("{} {} entered", number(count), if count == 1 { "step was" } else { "steps were" });
    let last = run.entries.last().map_or("", |entry| &*entry.id);
    match run.end {
        RunEnd::Completed => match run.terminal.as_deref().filter(|terminal| !terminal.is_empty()) {
            Some(terminal) => format!("{entered}; the run ended at `{terminal}`."),
            None => format!("{entered}; the run ended after `{last}`, which nothing follows."),
        },
        RunEnd::DeadEnd => format!(
            "{entered}; after `{last}` no edge was true, and the run ended. {} reports it as success.",
            engine(program.target.engine)
        ),
        RunEnd::WaitingForHuman => format!("{entered}; the run waits at `{last}` for a person."),
        RunEnd::Failed => {
            let error = run.error.as_ref().map_or_else(String::new, ToString::to_string);
            format!("{entered}; the run failed with {}.", error.trim_end_matches('.'))
        }
    }
}
