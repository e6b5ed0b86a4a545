//! The conversation of a step: which of its messages were given and which are the answer.
//!
//! What a message looks like inside is the dialects' to know: this hands them two lists, as OpenTelemetry names them.

use crate::dialect::{self, Attr, Val};
use crate::json::{Lack, Lexer, Scalar, quoted};
use crate::model::{Details, Message, Place};
use std::borrow::Cow;

/// One message as JSON text, whether the assistant speaks, and whether it is the answer where the message says that.
struct One<'a> {
    text: Cow<'a, str>,
    assistant: bool,
    answer: Option<bool>,
}

fn list<'a>(lexer: &mut Lexer<'a>) -> Result<Vec<One<'a>>, Lack> {
    let mut out = Vec::new();
    lexer.items(|lexer| {
        let (mut role, mut answer) = (None, None);
        lexer.peek()?;
        let start = lexer.pos();
        lexer.members(|lexer, key| {
            match key.raw {
                b"role" => role = lexer.text()?,
                b"side" => answer = lexer.text()?.map(|side| side == "output"),
                _ => {
                    lexer.skip()?;
                }
            }
            Ok(())
        })?;
        // A mark of what was cut has no role: it is not a message.
        if let Some(role) = role {
            let text = String::from_utf8_lossy(lexer.src().get(start..lexer.pos()).unwrap_or(&[]));
            out.push(One { text, assistant: matches!(&*role, "assistant" | "ai" | "model"), answer });
        }
        Ok(())
    })?;
    Ok(out)
}

/// The messages in an `input`: the list itself, or that of its member `messages`.
fn of_input<'a>(lexer: &mut Lexer<'a>) -> Result<Vec<One<'a>>, Lack> {
    if lexer.peek()? != b'{' {
        return list(lexer);
    }
    let mut out = Vec::new();
    lexer.members(|lexer, key| {
        if key.is("messages") {
            out = list(lexer)?;
        } else {
            lexer.skip()?;
        }
        Ok(())
    })?;
    Ok(out)
}

/// The answer in an `output`: a message, a list of them, or anything else as what the assistant says.
fn of_output<'a>(lexer: &mut Lexer<'a>) -> Result<Vec<One<'a>>, Lack> {
    let assistant = true;
    if lexer.peek()? == b'[' {
        return list(lexer);
    }
    let start = lexer.pos();
    Ok(match lexer.clone().scalar()? {
        Scalar::Null => Vec::new(),
        Scalar::Str(s) => {
            let text = Cow::Owned(format!("{{\"role\":\"assistant\",\"content\":{}}}", quoted(&s.text())));
            vec![One { text, assistant, answer: None }]
        }
        Scalar::Container(..) => {
            let mut role = false;
            lexer.members(|lexer, key| {
                role |= key.is("role");
                lexer.skip().map(|_| ())
            })?;
            let text = String::from_utf8_lossy(lexer.src().get(start..lexer.pos()).unwrap_or(&[]));
            if role { vec![One { text, assistant, answer: None }] } else { Vec::new() }
        }
        Scalar::Number(_) | Scalar::Bool(_) => Vec::new(),
    })
}

fn joined(messages: &[One<'_>]) -> String {
    let texts: Vec<&str> = messages.iter().map(|message| &*message.text).collect();
    format!("[{}]", texts.join(","))
}

/// A conversation, and its two sides as JSON lists.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    pub(super) messages: Vec<Message>,
    pub(super) given: String,
    pub(super) answer: String,
}

/// The conversation, from `messages` or, without it, from `input` and `output`. Empty when there is none.
pub(super) fn conversation<'a>(
    messages: Option<Lexer<'a>>,
    input: Option<Lexer<'a>>,
    output: Option<Lexer<'a>>,
) -> Result<Conversation, Lack> {
    let mut given = match (messages, input) {
        (Some(mut messages), _) => list(&mut messages)?,
        (None, Some(mut input)) => of_input(&mut input)?,
        (None, None) => Vec::new(),
    };
    if given.is_empty() {
        return Ok(Conversation::default());
    }
    let stated = given.iter().any(|message| message.answer.is_some());
    let mut answer = if stated {
        let (answer, before) = given.into_iter().partition(|message| message.answer == Some(true));
        given = before;
        answer
    } else {
        let answers = given.iter().rev().take_while(|message| message.assistant).count();
        given.split_off(given.len().saturating_sub(answers))
    };
    if answer.is_empty()
        && !stated
        && let Some(mut output) = output
    {
        answer = of_output(&mut output)?;
    }
    let (given, answer) = (joined(&given), joined(&answer));
    let texts = [("gen_ai.input.messages", &given), ("gen_ai.output.messages", &answer)];
    let attrs: Vec<Attr<'_>> = texts
        .iter()
        .filter(|(_, text)| text.len() > 2)
        .map(|(key, text)| Attr {
            key: Cow::Borrowed(key),
            val: Val::Json(Cow::Borrowed(text)),
            place: Place::default(),
        })
        .collect();
    let mut scratch = Details::default();
    dialect::reveal(&attrs, &mut scratch);
    Ok(Conversation { messages: scratch.messages, given, answer })
}
