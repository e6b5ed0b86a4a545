//! What the values of unknown formats say: status and kind in whatever words, lengths of time with a unit. Which field
//! says it is the mapping's.

use super::TimeUnit;
use crate::import::record::read::scalar;
use crate::import::time;
use crate::json::{At, NodeKind};
use crate::model::{Kind, Nanos, Status};

/// Words that stand for a status beside its own name; lower case, without what is no letter.
const STATUS: [(&str, Status); 42] = [
    ("success", Status::Ok),
    ("succeeded", Status::Ok),
    ("successful", Status::Ok),
    ("complete", Status::Ok),
    ("completed", Status::Ok),
    ("done", Status::Ok),
    ("finished", Status::Ok),
    ("passed", Status::Ok),
    ("pass", Status::Ok),
    ("closed", Status::Ok),
    ("ended", Status::Ok),
    ("info", Status::Ok),
    ("debug", Status::Ok),
    ("fail", Status::Error),
    ("failed", Status::Error),
    ("failure", Status::Error),
    ("errored", Status::Error),
    ("err", Status::Error),
    ("exception", Status::Error),
    ("crashed", Status::Error),
    ("fatal", Status::Error),
    ("critical", Status::Error),
    ("timeout", Status::Error),
    ("timedout", Status::Error),
    ("rejected", Status::Error),
    ("inprogress", Status::Running),
    ("started", Status::Running),
    ("active", Status::Running),
    ("executing", Status::Running),
    ("processing", Status::Running),
    ("open", Status::Running),
    ("pending", Status::Waiting),
    ("queued", Status::Waiting),
    ("scheduled", Status::Waiting),
    ("paused", Status::Waiting),
    ("blocked", Status::Waiting),
    ("suspended", Status::Waiting),
    ("skip", Status::Skipped),
    ("canceled", Status::Cancelled),
    ("aborted", Status::Cancelled),
    ("killed", Status::Cancelled),
    ("terminated", Status::Cancelled),
];

/// Letters and digits in lower case: `In Progress`, `in_progress` and `IN-PROGRESS` are one.
pub(super) fn plain(text: &str) -> String {
    text.chars().take(80).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The status that a word, a flag, an exit code or an HTTP status stands for.
pub(super) fn status(at: At<'_>) -> Option<Status> {
    match at.kind() {
        NodeKind::Bool if at.raw() == b"true" => Some(Status::Ok),
        NodeKind::Bool => Some(Status::Error),
        NodeKind::Number => match at.json().parse::<i64>().ok()? {
            0 | 100..=399 => Some(Status::Ok),
            400..=599 => Some(Status::Error),
            _ => None,
        },
        NodeKind::String => status_word(&at.string()?),
        _ => None,
    }
}

fn status_word(text: &str) -> Option<Status> {
    let word = plain(text);
    Status::from_name(&word).or_else(|| STATUS.iter().find(|(name, _)| *name == word).map(|(_, status)| *status))
}

/// Words of kinds, in the order in which they are looked for among the words of a text.
const KIND: [(&str, Kind); 27] = [
    ("llm", Kind::Llm),
    ("generation", Kind::Llm),
    ("completion", Kind::Llm),
    ("chat", Kind::Llm),
    ("model", Kind::Llm),
    ("tool", Kind::Tool),
    ("function", Kind::Tool),
    ("action", Kind::Tool),
    ("agent", Kind::Agent),
    ("retriever", Kind::Retriever),
    ("retrieval", Kind::Retriever),
    ("rerank", Kind::Retriever),
    ("search", Kind::Retriever),
    ("embedding", Kind::Embedding),
    ("embed", Kind::Embedding),
    ("guardrail", Kind::Guardrail),
    ("evaluator", Kind::Evaluator),
    ("eval", Kind::Evaluator),
    ("human", Kind::Human),
    ("approval", Kind::Human),
    ("http", Kind::Http),
    ("db", Kind::Db),
    ("sql", Kind::Db),
    ("chain", Kind::Chain),
    ("workflow", Kind::Chain),
    ("pipeline", Kind::Chain),
    ("task", Kind::Task),
];

/// The kind that a text stands for: its name, else the first of its words that is one of a kind.
pub(super) fn kind(text: &str) -> Option<Kind> {
    Kind::from_name(text).or_else(|| {
        let words: Vec<String> = split(text);
        KIND.iter().find(|(name, _)| words.iter().any(|word| word == name)).map(|(_, kind)| *kind)
    })
}

/// The words of `tool_call`, `toolCall`, `LLM.generate`, in lower case; long texts are looked at in their beginning.
pub(super) fn split(text: &str) -> Vec<String> {
    let (mut words, mut word, mut lower) = (Vec::new(), String::new(), false);
    for c in text.chars().take(80) {
        let ends = !c.is_alphanumeric() || (c.is_uppercase() && lower);
        if ends && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        lower = c.is_lowercase() || c.is_numeric();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// A point in time.
pub(super) fn point(at: At<'_>, unit: TimeUnit) -> Option<Nanos> {
    let text = scalar(at).filter(|_| !at.is(NodeKind::Bool))?;
    if at.is(NodeKind::String)
        && let Some((time, _)) = time::iso(&text)
    {
        return Some(time);
    }
    time::scaled(&text, unit.nanos()?)
}

/// A length of time: a number of `unit`, or a text with a unit of its own.
pub(super) fn length(at: At<'_>, unit: TimeUnit) -> Option<Nanos> {
    let text = scalar(at).filter(|_| !at.is(NodeKind::Bool))?;
    let text = text.trim();
    if let Some(length) = unit.nanos().and_then(|unit| time::scaled(text, unit)) {
        return Some(length);
    }
    let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+'))?;
    let unit = match text.get(end..)?.trim().to_ascii_lowercase().as_str() {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" | "msec" | "millis" => 1_000_000,
        "s" | "sec" | "secs" | "second" | "seconds" => 1_000_000_000,
        "m" | "min" | "mins" | "minute" | "minutes" => 60_000_000_000,
        "h" | "hour" | "hours" => 3_600_000_000_000,
        _ => return None,
    };
    time::scaled(text.get(..end)?, unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::with;

    #[test]
    fn a_status_is_a_word_a_flag_or_a_code() {
        let told = |json: &str| with(json, status);
        for ok in [r#""SUCCESS""#, r#""Completed""#, "true", "0", "204", r#""ok""#] {
            assert_eq!(told(ok), Some(Status::Ok), "{ok}");
        }
        for error in [r#""timed-out""#, "false", "503", r#""FAILED""#, r#""Error""#] {
            assert_eq!(told(error), Some(Status::Error), "{error}");
        }
        assert_eq!(told(r#""In Progress""#), Some(Status::Running));
        assert_eq!(told(r#""QUEUED""#), Some(Status::Waiting));
        for none in [r#""purple""#, "1", "1e400", "[]", "null"] {
            assert_eq!(told(none), None, "{none}");
        }
    }

    #[test]
    fn a_kind_is_found_among_the_words() {
        assert_eq!(kind("toolCall"), Some(Kind::Tool));
        assert_eq!(kind("LLM.generate"), Some(Kind::Llm));
        assert_eq!(kind("db"), Some(Kind::Db));
        assert_eq!(kind("sql_query"), Some(Kind::Db));
        assert_eq!(kind("toolbox"), None);
    }

    #[test]
    fn times_and_lengths_of_time() {
        assert_eq!(with("1700000000.5", |at| point(at, TimeUnit::S)), Some(Nanos(1_700_000_000_500_000_000)));
        assert_eq!(with("1700000000", |at| point(at, TimeUnit::Iso)), None);
        assert_eq!(with(r#""1970-01-01T00:00:01Z""#, |at| point(at, TimeUnit::Ms)), Some(Nanos(1_000_000_000)));
        assert_eq!(with(r#""230ms""#, |at| length(at, TimeUnit::Iso)), Some(Nanos(230_000_000)));
        assert_eq!(with(r#""1.5 s""#, |at| length(at, TimeUnit::Ms)), Some(Nanos(1_500_000_000)));
        assert_eq!(with("12", |at| length(at, TimeUnit::Ms)), Some(Nanos(12_000_000)));
        for none in [r#""""#, r#""soon""#, "true", "[1]"] {
            assert_eq!(with(none, |at| length(at, TimeUnit::Ms)), None, "{none}");
        }
    }
}
