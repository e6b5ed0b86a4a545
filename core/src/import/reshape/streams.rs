//! Answers of a model saved as they came, in server-sent events: each put together to the answer it would have been.

use super::Reshaped;
use crate::import::conversations::together;
use crate::wording::counted;

/// Whether a text begins as such a stream does.
pub(super) fn begins(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let data = |sign: &[u8]| memchr::memmem::find(head, sign).is_some();
    (head.starts_with(b"data:") || head.starts_with(b"event:")) && (data(b"data: {") || data(b"data:{"))
}

/// The answers of a stream, a line each; `None` when none of it is understood.
pub(super) fn answers(text: &[u8]) -> Option<Reshaped> {
    let text = String::from_utf8_lossy(text);
    let (mut json, mut from, mut at, mut count) = (String::new(), 0, 0, 0u64);
    let mut take = |part: &str| {
        if let Some(answer) = together(part) {
            json.push_str(&answer);
            json.push('\n');
            count += 1;
        }
    };
    for line in text.split_inclusive('\n') {
        let begins = ["\"message_start\"", "\"response.created\""].iter().any(|kind| line.contains(kind));
        if begins && line.trim_start().starts_with("data:") {
            take(text.get(from..at).unwrap_or_default());
            from = at;
        }
        at += line.len();
        if line.contains("[DONE]") {
            take(text.get(from..at).unwrap_or_default());
            from = at;
        }
    }
    take(text.get(from..).unwrap_or_default());
    let says = format!(
        "The file is a stream of events; {} put together, and places are counted in the text of that.",
        counted(count, "answer in it was", "answers in it were")
    );
    (count > 0).then(|| Reshaped { json: json.into_bytes(), says })
}

#[cfg(test)]
mod tests {
    use crate::import::testing::open;

    #[test]
    fn a_saved_stream_is_one_call() {
        let chunk = |delta: &str, rest: &str| {
            format!(
                "data: {{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{{\"index\":0,\"delta\":{delta}}}]{rest}}}\n\n"
            )
        };
        let openai = [
            chunk(r#"{"role":"assistant","content":"Hel"}"#, ""),
            chunk(r#"{"content":"lo"}"#, r#","usage":{"prompt_tokens":3,"completion_tokens":2}"#),
            "data: [DONE]\n\n".to_owned(),
        ]
        .concat();
        let anthropic = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg\",\"model\":\"m\",\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n\n\
            event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}}\n\n\
            event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}\n\n";
        for text in [openai.as_str(), anthropic] {
            let (session, view) = open(text);
            assert_eq!((view.format.as_str(), view.runs.len()), ("model-calls", 1), "{}", view.explanation);
            let run = &view.runs[0];
            assert_eq!((run.steps, run.usage.input, run.usage.output), (1, Some(3), Some(2)), "{text}");
            assert!(format!("{:?}", session.details(0, 0).unwrap().messages).contains("Hello"));
            let twice = open(&text.repeat(2)).1;
            assert_eq!(twice.runs.iter().map(|run| run.steps).sum::<u32>(), 2, "{text}");
        }
        assert_eq!(open("data: {\"a\":1}\n\n").1.format, "");
    }
}
