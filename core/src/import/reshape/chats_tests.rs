//! Conversations in the shapes of programs, opened as files.

use crate::import::testing::open;
use crate::model::Kind;
use crate::session::Session;

const REQUEST: &str = r#"{"requestId":"r1","message":{"text":"fix the loop","parts":[]},"response":[{"kind":"thinking","value":"I look","id":"t"},{"kind":"toolInvocationSerialized","toolId":"copilot_readFile","toolCallId":"c1","isComplete":true,"invocationMessage":{"value":"Reading a.py"},"pastTenseMessage":{"value":"Read a.py"}},{"value":"It ends now, in ","supportHtml":false},{"kind":"inlineReference","inlineReference":{"path":"/a.py"}},{"kind":"undoStop","id":"u"}],"result":{"timings":{"totalElapsed":9000}},"timestamp":1772442904000,"modelId":"copilot/demo-1"}"#;

fn exported(requests: &str) -> String {
    format!(r#"{{"responderUsername":"GitHub Copilot","initialLocation":"panel","requests":[{requests}]}}"#)
}

/// The kinds and names of the only run's steps.
fn steps(text: &str) -> (Session, Vec<(Kind, String)>) {
    let (session, view) = open(text);
    assert_eq!((view.format.as_str(), view.runs.len()), ("messages", 1), "{} {:?}", view.explanation, view.diagnostics);
    let said = view.diagnostics.iter().find(|said| said.code == "reshaped");
    assert!(said.is_some_and(|said| said.message.starts_with("The file is a conversation of ")));
    let document = session.opened[0].as_ref().map(|opened| &opened.document).unwrap();
    let columns = &document.runs[0].steps;
    let name = |at: usize| document.names.get(columns.name[at]).to_owned();
    let all = (0..columns.len()).map(|at| (columns.kind[at], name(at))).collect();
    (session, all)
}

fn list(expected: &[(Kind, &str)]) -> Vec<(Kind, String)> {
    expected.iter().map(|(kind, name)| (*kind, (*name).to_owned())).collect()
}

#[test]
fn a_chat_of_copilot_as_it_is_shown() {
    let (session, read) = steps(&exported(REQUEST));
    let expected = list(&[
        (Kind::Human, "fix the loop"),
        (Kind::Llm, "demo-1"),
        (Kind::Tool, "copilot_readFile"),
        (Kind::Llm, "demo-1"),
    ]);
    assert_eq!(read, expected);
    let answer = format!("{:?}", session.details(0, 3).unwrap().messages);
    assert!(answer.contains("It ends now") && answer.contains("/a.py"), "{answer}");
    assert_eq!(session.document(0).unwrap().runs[0].duration_ns, Some(9_000_000_000));
    // A list of exports, and a request that nobody answered.
    let waits = r#"{"message":"and then","response":[],"timestamp":1772442999000}"#;
    let (_, view) = open(&format!("[{},{}]", exported(REQUEST), exported(waits)));
    assert_eq!(view.runs.iter().map(|run| run.steps).collect::<Vec<_>>(), [4, 1]);
}

#[test]
fn rounds_tell_what_tools_were_given_and_gave_back() {
    let rounds = r#""result":{"metadata":{"promptTokens":20,"outputTokens":7,"toolCallRounds":[{"response":"I look","toolCalls":[{"id":"x","name":"read_file","arguments":"{\"path\":\"a.py\"}"}]},{"response":"Done.","toolCalls":[]}],"toolCallResults":{"x":{"content":[{"value":"while True"}]}}}}"#;
    let (session, read) = steps(&exported(&REQUEST.replace(r#""result":{"timings":{"totalElapsed":9000}}"#, rounds)));
    assert_eq!(read.get(2), Some(&(Kind::Tool, "read_file".to_owned())));
    let output = session.details(0, 2).unwrap().output.unwrap();
    assert!(String::from_utf8(session.bytes(0, output.place).unwrap()).unwrap().contains("while True"));
    let usage = session.document(0).unwrap().runs[0].usage;
    assert_eq!((usage.input, usage.output), (Some(20), Some(7)));
}

#[test]
fn a_journal_of_vs_code_is_one_conversation() {
    let journal = format!(
        "{}\n{}\n{}\n",
        r#"{"kind":0,"v":{"version":3,"responderUsername":"GitHub Copilot","requests":[],"customTitle":"Loop"}}"#,
        format_args!(r#"{{"kind":2,"k":["requests"],"v":[{REQUEST}]}}"#),
        r#"{"kind":2,"k":["requests",0,"response"],"v":[{"value":" More."}]}"#,
    );
    assert_eq!(steps(&journal).1.len(), 4);
    assert_eq!(open(&journal).1.runs[0].name, "Loop");
}

#[test]
fn events_of_copilots_command_line() {
    let line = |second: u32, kind: &str, data: &str| {
        format!(
            r#"{{"type":"{kind}","data":{data},"id":"{second}","timestamp":"2026-03-02T09:15:{second:02}.000Z","parentId":null}}"#
        )
    };
    let text = [
        line(0, "session.start", r#"{"sessionId":"s","selectedModel":"demo-1"}"#),
        line(1, "user.message", r#"{"content":"run the tests","transformedContent":"<date/>run the tests"}"#),
        line(2, "assistant.turn_start", r#"{"turnId":"0"}"#),
        line(5, "assistant.message", r#"{"content":"","reasoningText":"first look","outputTokens":50,"toolRequests":[{"toolCallId":"c","name":"bash","arguments":{"command":"make test"}}]}"#),
        line(6, "tool.execution_start", r#"{"toolCallId":"c","toolName":"bash"}"#),
        line(9, "tool.execution_complete", r#"{"toolCallId":"c","success":false,"error":{"message":"exit 2"}}"#),
        line(12, "assistant.message", r#"{"content":"They fail.","model":"demo-2","outputTokens":7,"toolRequests":[]}"#),
    ]
    .join("\n");
    let (session, read) = steps(&text);
    let expected =
        list(&[(Kind::Human, "run the tests"), (Kind::Llm, "demo-1"), (Kind::Tool, "bash"), (Kind::Llm, "demo-2")]);
    assert_eq!(read, expected);
    let run = &session.document(0).unwrap().runs[0];
    assert_eq!((run.duration_ns, run.usage.output, run.errors), (Some(11_000_000_000), Some(57), 1));
    assert!(format!("{:?}", session.details(0, 2).unwrap().error).contains("exit 2"));
}

#[test]
fn the_selected_version_of_lm_studio_counts() {
    let text = r#"{"name":"Rain","systemPrompt":"Be brief","messages":[
        {"versions":[{"type":"singleStep","role":"user","content":[{"type":"text","text":"Does it rain?"}]}],"currentlySelected":0},
        {"versions":[{"type":"multiStep","role":"assistant","steps":[{"type":"contentBlock","content":[{"type":"text","text":"thrown away"}]}]},
            {"type":"multiStep","role":"assistant","senderInfo":{"senderName":"Demo"},"steps":[
                {"type":"contentBlock","content":[{"type":"toolCallRequest","callId":1,"name":"weather","parameters":{"city":"Ghent"}}],"genInfo":{"identifier":"demo-8b","stats":{"promptTokensCount":20,"predictedTokensCount":8}}},
                {"type":"toolStatus","callId":1},
                {"type":"contentBlock","role":"tool","content":[{"type":"toolCallResult","callId":1,"content":"wet"}]},
                {"type":"contentBlock","style":{"type":"thinking"},"content":[{"type":"text","text":"so it does"}]},
                {"type":"contentBlock","content":[{"type":"text","text":"Yes."}],"genInfo":{"identifier":"demo-8b","stats":{"promptTokensCount":50,"predictedTokensCount":12}}}]}],"currentlySelected":1}]}"#;
    let (session, read) = steps(text);
    let expected = list(&[
        (Kind::Human, "Does it rain?"),
        (Kind::Llm, "demo-8b"),
        (Kind::Tool, "weather"),
        (Kind::Llm, "demo-8b"),
    ]);
    assert_eq!(read, expected);
    let run = &session.document(0).unwrap().runs[0];
    assert_eq!((run.name.as_str(), run.usage.input, run.usage.output), ("Rain", Some(70), Some(20)));
    let last = format!("{:?}", session.details(0, 3).unwrap().messages);
    assert!(last.contains("Yes.") && last.contains("so it does") && !last.contains("thrown away"), "{last}");
}

#[test]
fn the_newest_branch_of_libre_chat_is_read() {
    let said = |id: &str, parent: &str, user: bool, rest: &str| {
        format!(
            r#"{{"messageId":"{id}","parentMessageId":"{parent}","conversationId":"c","isCreatedByUser":{user},"createdAt":"2026-03-02T09:15:0{}Z","model":"demo",{rest}}}"#,
            id.len()
        )
    };
    let called = r#""text":"","tokenCount":5,"content":[{"type":"think","think":"hm"},{"type":"tool_call","tool_call":{"id":"t","name":"search","args":"{}","output":"found"}},{"type":"text","text":"hello"}]"#;
    let flat = [
        said("m", "0", true, r#""text":"hi""#),
        said("mm", "m", false, r#""text":"left behind""#),
        said("mmm", "m", false, called),
    ]
    .join(",");
    let nested = said(
        "m",
        "0",
        true,
        &format!(
            r#""text":"hi","children":[{},{}]"#,
            said("mm", "m", false, r#""text":"left behind","children":[]"#),
            said("mmm", "m", false, called)
        ),
    );
    for messages in [&flat, &nested] {
        let (session, read) = steps(&format!(r#"{{"conversationId":"c","title":"T","messages":[{messages}]}}"#));
        let expected = list(&[(Kind::Human, "hi"), (Kind::Llm, "demo"), (Kind::Tool, "search"), (Kind::Llm, "demo")]);
        assert_eq!(read, expected);
        let said = format!("{:?}", session.details(0, 3).unwrap().messages);
        assert!(said.contains("hello") && !said.contains("left behind"), "{said}");
    }
    assert_eq!(open(&format!("[{flat}]")).1.runs[0].steps, 4, "the answer of its API");
}

#[test]
fn prompts_of_ai_studio_and_sessions_of_the_adk() {
    let studio = r#"{"runSettings":{"model":"models/demo-pro"},"systemInstruction":{},"chunkedPrompt":{"chunks":[{"text":"hi","role":"user","tokenCount":1},{"text":"hm","role":"model","isThought":true,"tokenCount":5},{"text":"yo","role":"model","finishReason":"STOP","tokenCount":3}]}}"#;
    let (session, read) = steps(studio);
    assert_eq!(read, list(&[(Kind::Human, "hi"), (Kind::Llm, "demo-pro")]));
    assert_eq!(session.document(0).unwrap().runs[0].usage.output, Some(3));
    let event = |id: u32, rest: &str| {
        format!(r#"{{"id":"e{id}","invocationId":"i","author":"a","timestamp":177244290{id}.5,{rest}}}"#)
    };
    let events = [
        event(0, r#""content":{"parts":[{"text":"warm?"}],"role":"user"}"#),
        event(
            1,
            r#""content":{"parts":[{"functionCall":{"id":"f","name":"look","args":{}}}],"role":"model"},"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":5}"#,
        ),
        event(
            2,
            r#""content":{"parts":[{"functionResponse":{"id":"f","name":"look","response":{"t":21}}}],"role":"user"}"#,
        ),
        event(3, r#""actions":{"stateDelta":{}}"#),
        event(4, r#""content":{"parts":[{"text":"21"}],"role":"model"},"modelVersion":"demo""#),
    ];
    let (session, read) = steps(&format!(r#"{{"id":"s","appName":"w","state":{{}},"events":[{}]}}"#, events.join(",")));
    let expected = [(Kind::Human, "warm?"), (Kind::Llm, "model call"), (Kind::Tool, "look"), (Kind::Llm, "demo")];
    assert_eq!(read, list(&expected));
    let run = &session.document(0).unwrap().runs[0];
    assert_eq!((run.usage.output, run.duration_ns), (Some(5), Some(4_000_000_000)));
}

#[test]
fn circles_and_empty_chats_do_no_harm() {
    let round = r#"{"messages":[{"messageId":"a","parentMessageId":"a","isCreatedByUser":true,"text":"x"}]}"#;
    assert_eq!(steps(round).1.len(), 1);
    let (_, view) = open(&exported(""));
    assert!(view.explanation.starts_with("This is a chat of Copilot in VS Code"), "{}", view.explanation);
}

#[test]
fn a_chat_that_was_cut_does_no_harm() {
    let text = exported(REQUEST);
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        open(&text[..end]);
    }
}
