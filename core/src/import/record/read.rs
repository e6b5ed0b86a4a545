//! How members of records are spelled across formats: texts, numbers, times, usage, errors. Decides nothing about
//! what a record is.

use crate::import::time;
use crate::json::{At, NodeKind};
use crate::model::{Error, Nanos, Usage};
use std::borrow::Cow;

/// The first of these members that is there and not null.
pub fn first<'a>(at: At<'a>, keys: &[&str]) -> Option<At<'a>> {
    keys.iter().find_map(|key| at.get(key).filter(|member| !member.is(NodeKind::Null)))
}

/// A scalar as text: a string decoded, a number or a word as written. `None` for an empty string, null, lists, maps.
pub fn scalar(at: At<'_>) -> Option<Cow<'_, str>> {
    match at.kind() {
        NodeKind::String => at.string().filter(|text| !text.is_empty()),
        NodeKind::Number | NodeKind::Bool => Some(at.json()),
        _ => None,
    }
}

/// The first of these members that says something, as text.
pub fn text<'a>(at: At<'a>, keys: &[&str]) -> Option<Cow<'a, str>> {
    keys.iter().find_map(|key| at.get(key).and_then(scalar))
}

/// The first of these members that is a count, as a number or a text of digits.
pub fn count(at: At<'_>, keys: &[&str]) -> Option<u64> {
    keys.iter().find_map(|key| at.get(key).and_then(count_of))
}

/// A value as a count: a whole number or a text of digits.
pub fn count_of(at: At<'_>) -> Option<u64> {
    let text = scalar(at)?;
    text.parse().ok().or_else(|| {
        let (whole, fraction) = text.split_once('.')?;
        fraction.bytes().all(|b| b == b'0').then(|| whole.parse().ok())?
    })
}

/// The first of these members that is an amount that need not be exact (money), zero included.
pub fn amount(at: At<'_>, keys: &[&str]) -> Option<f64> {
    keys.iter().find_map(|key| at.get(key).and_then(amount_of))
}

/// A value as an amount: a number or a text of one.
pub fn amount_of(at: At<'_>) -> Option<f64> {
    scalar(at)?.parse::<f64>().ok().filter(|amount| amount.is_finite())
}

/// Whether a member is `true`.
pub fn flag(at: At<'_>, key: &str) -> bool {
    at.get(key).is_some_and(|member| member.raw() == b"true")
}

/// The first of these members that is an ISO time; without a zone it is UTC.
pub fn iso(at: At<'_>, keys: &[&str]) -> Option<Nanos> {
    keys.iter().find_map(|key| at.text_of(key).and_then(|text| time::iso(&text)).map(|(time, _)| time))
}

/// The first of these members that is a number of `unit` nanoseconds since 1970: 1 for nanoseconds, 1,000 for
/// microseconds, 1,000,000 for milliseconds, 1,000,000,000 for seconds. Exact.
pub fn epoch(at: At<'_>, keys: &[&str], unit: i64) -> Option<Nanos> {
    keys.iter().find_map(|key| at.get(key).and_then(scalar).and_then(|text| time::scaled(&text, unit)))
}

/// Usage in the words of any provider: OpenAI, Anthropic, Gemini, Bedrock, LangChain, the AI SDK. The members may stand
/// in this object or in those that providers put around the details.
///
/// Anthropic counts what came from the cache and what went into it beside the input; here both are part of the input,
/// as with everybody else.
pub fn usage(at: At<'_>) -> Usage {
    let mut usage = Usage {
        input: count(at, &INPUT),
        output: count(at, &OUTPUT),
        cached: count(at, &CACHED),
        written: count(at, &WRITTEN),
        reasoning: count(at, &REASONING),
        total: count(at, &TOTAL),
        cost: amount(at, &["cost_usd", "total_cost", "totalCost", "cost"]),
        computed: false,
    };
    // The AI SDK's newest: `{"inputTokens": {"total": 5, "cacheRead": 1}, "outputTokens": {"total": 2, "reasoning": 1}}`.
    let side = |key: &str| at.get(key).filter(|side| side.is(NodeKind::Object));
    if let Some(side) = side("inputTokens") {
        usage.input = usage.input.or(count(side, &["total"]));
        usage.cached = usage.cached.or(count(side, &["cacheRead"]));
    }
    if let Some(side) = side("outputTokens") {
        usage.output = usage.output.or(count(side, &["total"]));
        usage.reasoning = usage.reasoning.or(count(side, &["reasoning"]));
    }
    for details in DETAILS.iter().filter_map(|key| at.get(key)) {
        usage.cached = usage.cached.or(count(details, &["cached_tokens", "cache_read", "cacheReadTokens"]));
        usage.written = usage.written.or(count(details, &["cache_creation", "cache_write_tokens", "cacheWriteTokens"]));
        usage.reasoning = usage.reasoning.or(count(details, &["reasoning_tokens", "reasoning", "reasoningTokens"]));
    }
    let written = count(at, &["cache_creation_input_tokens"]);
    let read = count(at, &["cache_read_input_tokens"]);
    if let Some(input) = usage.input.filter(|_| written.is_some() || read.is_some()) {
        usage.input = Some(input.saturating_add(written.unwrap_or(0)).saturating_add(read.unwrap_or(0)));
    }
    usage
}

const INPUT: [&str; 9] = [
    "input_tokens",
    "prompt_tokens",
    "inputTokens",
    "promptTokens",
    "promptTokenCount",
    "prompt_token_count",
    "prompt_eval_count",
    "inputTokenCount",
    "request_tokens",
];
const OUTPUT: [&str; 9] = [
    "output_tokens",
    "completion_tokens",
    "outputTokens",
    "completionTokens",
    "candidatesTokenCount",
    "candidates_token_count",
    "eval_count",
    "outputTokenCount",
    "response_tokens",
];
const CACHED: [&str; 8] = [
    "cached_tokens",
    "cached_input_tokens",
    "cachedInputTokens",
    "cache_read_input_tokens",
    "cacheReadInputTokens",
    "cachedContentTokenCount",
    "cached_content_token_count",
    "cache_read_tokens",
];
const WRITTEN: [&str; 5] = [
    "cache_creation_input_tokens",
    "cacheCreationInputTokens",
    "cache_write_input_tokens",
    "cacheWriteInputTokens",
    "cache_write_tokens",
];
const REASONING: [&str; 7] = [
    "reasoning_tokens",
    "reasoning_output_tokens",
    "reasoningTokens",
    "thoughtsTokenCount",
    "thoughts_token_count",
    "reasoningTokenCount",
    "output_reasoning_tokens",
];
const TOTAL: [&str; 4] = ["total_tokens", "totalTokens", "totalTokenCount", "total_token_count"];
const DETAILS: [&str; 8] = [
    "input_tokens_details",
    "input_token_details",
    "prompt_tokens_details",
    "prompt_token_details",
    "output_tokens_details",
    "output_token_details",
    "completion_tokens_details",
    "completion_token_details",
];

/// An error told as a text or an object. A Python traceback glued to the message becomes the stack.
pub fn error(at: At<'_>) -> Option<Error> {
    let mut error = match at.kind() {
        NodeKind::Null => return None,
        NodeKind::Object => Error {
            kind: text(at, &["type", "name", "error_type", "errorType", "class", "code", "error"])
                .unwrap_or_default()
                .into_owned(),
            message: text(at, &["message", "error_message", "errorMessage", "cause", "description"])
                .unwrap_or_default()
                .into_owned(),
            stack: text(at, &["stack", "traceback", "stack_trace", "stackTrace", "stacktrace"])
                .unwrap_or_default()
                .into_owned(),
        },
        NodeKind::String => Error { message: at.string()?.into_owned(), ..Error::default() },
        _ => Error { message: at.json().into_owned(), ..Error::default() },
    };
    if error == Error::default() {
        return None;
    }
    if let Some(from) = error.message.find("Traceback (most recent call last)").filter(|_| error.stack.is_empty()) {
        error.stack = error.message.split_off(from);
        error.message.truncate(error.message.trim_end().len());
    }
    if let Some(from) = error.message.find("\n    at ").filter(|_| error.stack.is_empty()) {
        error.stack = error.message.split_off(from + 1);
        error.message.truncate(from);
    }
    if let Some((kind, message)) = typed(&error.message).filter(|_| error.kind.is_empty()) {
        (error.kind, error.message) = (kind, message);
    }
    Some(error)
}

/// The type in an error's text as programs print it: `ValueError('no')` or `ValueError: no`.
fn typed(text: &str) -> Option<(String, String)> {
    let word = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')))?;
    let (kind, rest) = (text.get(..word)?, text.get(word..)?);
    let last = kind.rsplit('.').next().unwrap_or(kind);
    if !last.starts_with(char::is_uppercase) {
        return None;
    }
    if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return Some((kind.to_owned(), unquoted(inner.strip_suffix(',').unwrap_or(inner))));
    }
    let named = ["Error", "Exception", "Interrupt", "Timeout", "Warning", "Exit"].iter().any(|end| last.ends_with(end));
    let message = rest.strip_prefix(": ").filter(|_| named)?;
    Some((kind.to_owned(), message.to_owned()))
}

/// The text of a Python literal; anything else as it is.
fn unquoted(text: &str) -> String {
    let Some(quote) = text.chars().next().filter(|quote| matches!(quote, '\'' | '"')) else { return text.to_owned() };
    let mut out = String::new();
    let mut rest = text.chars().skip(1);
    while let Some(letter) = rest.next() {
        match letter {
            '\\' => match rest.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(other @ ('\\' | '\'' | '"')) => out.push(other),
                Some(other) => out.extend(['\\', other]),
                None => break,
            },
            // More than one value.
            _ if letter == quote && rest.next().is_some() => return text.to_owned(),
            _ if letter == quote => return out,
            _ => out.push(letter),
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::with;

    #[test]
    fn usage_in_each_provider_s_words() {
        let told = |json: &str| {
            let usage = with(json, usage);
            (usage.input, usage.output, usage.cached, usage.reasoning, usage.total)
        };
        let written = |json: &str| with(json, usage).written;
        assert_eq!(written(r#"{"input_tokens":3,"cache_creation_input_tokens":10}"#), Some(10));
        assert_eq!(written(r#"{"input_tokens":30,"input_token_details":{"cache_creation":7}}"#), Some(7));
        assert_eq!(
            told(
                r#"{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":1}}"#
            ),
            (Some(9), Some(4), Some(2), Some(1), Some(13))
        );
        // What Anthropic reads from and writes to its cache is not in its input.
        assert_eq!(
            told(
                r#"{"input_tokens":3,"cache_creation_input_tokens":10,"cache_read_input_tokens":100,"output_tokens":7}"#
            ),
            (Some(113), Some(7), Some(100), None, None)
        );
        assert_eq!(
            told(r#"{"promptTokenCount":5,"candidatesTokenCount":"6","thoughtsTokenCount":1.0,"totalTokenCount":12}"#),
            (Some(5), Some(6), None, Some(1), Some(12))
        );
        assert_eq!(
            told(
                r#"{"input_tokens":5,"output_tokens":6,"input_token_details":{"cache_read":4},"output_token_details":{"reasoning":2}}"#
            ),
            (Some(5), Some(6), Some(4), Some(2), None)
        );
        assert_eq!(
            told(
                r#"{"inputTokens":{"total":5,"noCache":1,"cacheRead":4},"outputTokens":{"total":6,"text":4,"reasoning":2}}"#
            ),
            (Some(5), Some(6), Some(4), Some(2), None)
        );
        assert_eq!(told(r#"{"input_tokens":-5,"output_tokens":"many"}"#), (None, None, None, None, None));
    }

    #[test]
    fn errors_are_texts_or_objects() {
        let told = |json: &str| with(json, error).map(|error| (error.kind, error.message, error.stack));
        let of = |kind: &str, message: &str, stack: &str| Some((kind.into(), message.into(), stack.into()));
        assert_eq!(told("null"), None);
        assert_eq!(told(r#""""#), None);
        assert_eq!(told(r#"{"type":"E","message":"no","traceback":"at"}"#), of("E", "no", "at"));
        assert_eq!(
            told(r#""ValueError('x')Traceback (most recent call last):\n  f""#),
            of("ValueError", "x", "Traceback (most recent call last):\n  f")
        );
        assert_eq!(told(r#""Error: no\n    at f (x.js:1:2)""#), of("Error", "no", "    at f (x.js:1:2)"));
        assert_eq!(told(r#""E.TimeoutError: no answer""#), of("E.TimeoutError", "no answer", ""));
        assert_eq!(told(r#""KeyError('it\\'s\\nso')""#), of("KeyError", "it's\nso", ""));
        assert_eq!(told(r#""Graph((1, 'a'),)""#), of("Graph", "(1, 'a')", ""));
        assert_eq!(told(r#""OSError(2, 'no file')""#), of("OSError", "2, 'no file'", ""));
        assert_eq!(told(r#""Note: see below""#), of("", "Note: see below", ""));
        assert_eq!(told(r#""Failed (twice)""#), of("", "Failed (twice)", ""));
    }

    #[test]
    fn times_and_texts() {
        with(r#"{"a":null,"b":"","c":1.5,"d":"2026-11-21T03:15:42","e":[1]}"#, |at| {
            assert_eq!(text(at, &["a", "b", "e", "c"]).as_deref(), Some("1.5"));
            assert_eq!(epoch(at, &["c"], 1_000_000_000), Some(Nanos(1_500_000_000)));
            assert!(iso(at, &["c", "d"]).is_some() && count(at, &["c", "d"]).is_none());
        });
    }
}
