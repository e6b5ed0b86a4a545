//! A tool call with its result in one card, or a result whose call is not in the conversation.

use super::text::{Content, ContentKind};
use crate::state::Page;
use crate::widgets::format::bytes;
use crate::widgets::icons::{Icon, icon};
use chaindebug_core::protocol::{Part, ToolOutcome};
use leptos::prelude::*;
use serde_json::Value;

/// Characters of arguments that fit on the card's first line.
const ONE_LINE: usize = 90;

/// A call, and what came back.
#[component]
pub(super) fn Call(
    /// The call's id as the file spells it.
    id: String,
    /// Name of the tool.
    name: String,
    /// Arguments, or their beginning.
    arguments: String,
    /// Bytes of arguments left out.
    cut: u64,
    /// Opens the whole arguments.
    part: Part,
    /// What came back, when the run holds it.
    result: Option<ToolOutcome>,
) -> impl IntoView {
    let brief = if cut == 0 { brief(&arguments) } else { None };
    let (line, below) = match brief {
        Some(pairs) => (Some(view! { <span class="arguments">{pairs}</span> }), None),
        None if arguments.is_empty() => (None, None),
        None => (None, Some(view! { <Content text=pretty(&arguments) cut=cut part=part kind=ContentKind::Plain /> })),
    };
    let below = below.map(|below| view! { <div class="card-text">{below}</div> });
    let result = match result {
        Some(outcome) => view! { <Outcome outcome=outcome /> }.into_any(),
        None => view! {
            <div class="card-line absent">
                <span class="lead" aria-hidden="true">"?"</span>
                <b>"no result in this file"</b>
            </div>
        }
        .into_any(),
    };
    view! {
        <div class="card">
            <div class="card-line call">
                <span class="lead">{icon(Icon::ArrowRight)}<span class="spoken">"calls"</span></span>
                <b>{name}</b>
                {line}
                <span class="call-id" title=id.clone()>{id.clone()}</span>
            </div>
            {below}
            {result}
        </div>
    }
}

/// A result without its call.
#[component]
pub(super) fn Orphan(
    /// The call's id as the file spells it.
    id: String,
    /// Name of the tool, else empty.
    name: String,
    /// What came back.
    outcome: ToolOutcome,
) -> impl IntoView {
    view! {
        <div class="card">
            <div class="card-line call">
                <span class="lead" aria-hidden="true">"?"</span>
                <b>{if name.is_empty() { "result".to_owned() } else { name }}</b>
                <span class="quiet">"its call is not in this conversation"</span>
                <span class="call-id" title=id.clone()>{id.clone()}</span>
            </div>
            <Outcome outcome=outcome />
        </div>
    }
}

#[component]
fn Outcome(outcome: ToolOutcome) -> impl IntoView {
    let page = Page::get();
    let ToolOutcome { text, cut, part, error, step } = outcome;
    let (word, status) = if error { ("error", "error") } else { ("result", "ok") };
    let mark = if error { Icon::Cross } else { Icon::Check };
    let go = step.map(|step| {
        view! {
            <button type="button" class="link" on:click=move |_| page.select_step(step)>"go to its step"</button>
        }
    });
    let size = bytes(text.len() as u64 + cut);
    let empty = text.trim().is_empty() && cut == 0;
    let body = if empty {
        view! { <p class="quiet">"empty"</p> }.into_any()
    } else {
        let text = if cut == 0 { pretty(&text) } else { text };
        view! { <Content text=text cut=cut part=part kind=ContentKind::Plain /> }.into_any()
    };
    view! {
        <div class="card-line came-back">
            <span class="lead">{icon(Icon::ArrowLeft)}<span class="spoken">"gives"</span></span>
            <span class="status" data-status=status>{icon(mark)} <span>{word}</span></span>
            <span class="chip">{size}</span>
            {go}
        </div>
        <div class="card-text">{body}</div>
    }
}

/// JSON laid out over lines; other text as it is. Only for texts that are here whole, which are short.
fn pretty(text: &str) -> String {
    let container = text.trim_start().starts_with(['{', '[']);
    let laid_out = container
        .then(|| serde_json::from_str::<&serde_json::value::RawValue>(text).ok())
        .flatten()
        .map(|raw| lay_out(raw.get()));
    laid_out.unwrap_or_else(|| text.to_owned())
}

/// Puts line ends and indents between the tokens of valid JSON, touching no token: numbers keep their digits.
fn lay_out(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0usize;
    let mut in_string = false;
    let mut escaped = false;
    let mut chars = json.chars().peekable();
    // Past this depth an indent says nothing and costs much.
    let indent = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth.min(40)));
    };
    while let Some(c) = chars.next() {
        if in_string {
            out.push(c);
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                while chars.next_if(char::is_ascii_whitespace).is_some() {}
                if chars.peek().is_some_and(|&next| next == '}' || next == ']') {
                    continue;
                }
                depth += 1;
                indent(&mut out, depth);
            }
            '}' | ']' => {
                if !out.ends_with(['{', '[']) {
                    depth = depth.saturating_sub(1);
                    indent(&mut out, depth);
                }
                out.push(c);
            }
            ',' => {
                out.push(c);
                indent(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ if c.is_ascii_whitespace() => {}
            _ => out.push(c),
        }
    }
    out
}

/// Arguments that fit on one line, as `name: value, …` in the colours of values; `None` when they do not.
fn brief(arguments: &str) -> Option<Vec<AnyView>> {
    if arguments.chars().count() > ONE_LINE * 2 {
        return None;
    }
    let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(arguments) else { return None };
    let mut length = 0;
    let mut pairs = Vec::new();
    for (name, value) in &fields {
        let (class, text) = match value {
            Value::String(text) if !text.contains('\n') => ("v-string", format!("\"{text}\"")),
            Value::Bool(_) | Value::Null => ("v-word", value.to_string()),
            // Numbers would lose digits on their way through a float: such arguments are shown as they stand.
            Value::Number(number) if number.is_i64() || number.is_u64() => ("v-number", number.to_string()),
            _ => return None,
        };
        length += name.chars().count() + text.chars().count() + 4;
        let comma = if pairs.is_empty() { "" } else { ", " };
        let name = format!("{comma}{name}: ");
        pairs.push(view! { {name} <span class=class>{text}</span> }.into_any());
    }
    (length <= ONE_LINE).then_some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_laid_out_without_touching_its_tokens() {
        assert_eq!(
            pretty(r#"{"a":1.10,"b":[],"c":{"d":"x:{,"}}"#),
            "{\n  \"a\": 1.10,\n  \"b\": [],\n  \"c\": {\n    \"d\": \"x:{,\"\n  }\n}"
        );
        assert_eq!(pretty("[ 1 , 2 ]"), "[\n  1,\n  2\n]");
        assert_eq!(pretty("{ }"), "{}");
        assert_eq!(pretty("plain {text}"), "plain {text}");
        assert_eq!(pretty("{\"cut\": "), "{\"cut\": ");
    }
}
