//! Chrome traces: nesting, unbalanced and equal times, async spans, flows, many events.

use crate::import::dump::dump;
use crate::import::testing::open;
use std::fmt::Write as _;

#[test]
fn processes_threads_async_flows_and_a_list_without_end() {
    insta::assert_snapshot!(dump(include_bytes!("../fixtures/chrome.json")));
}

/// Names with their depths, in the order of the tree.
fn tree(text: &str) -> Vec<String> {
    let (session, view) = open(text);
    assert_eq!(view.format, "chrome-trace", "{}", view.explanation);
    let document = &session.opened[0].as_ref().unwrap().document;
    let steps = &document.runs[0].steps;
    let line = |at: usize| format!("{}{}", " ".repeat(steps.depth[at] as usize), document.names.get(steps.name[at]));
    (0..steps.len()).map(line).collect()
}

fn list(events: &[&str]) -> String {
    let events: Vec<String> = events.iter().map(|event| format!(r#"{{"pid":0,"tid":0,{event}}}"#)).collect();
    format!("[{}]", events.join(","))
}

#[test]
fn one_thread_needs_no_step_around_it() {
    let text = list(&[
        r#""ph":"B","name":"a","ts":0"#,
        r#""ph":"B","name":"b","ts":1"#,
        r#""ph":"X","name":"x","ts":2,"dur":5"#,
        r#""ph":"X","name":"y","ts":7,"tdur":4"#,
        r#""ph":"E","name":"b","ts":13"#,
        r#""ph":"E","name":"a","ts":14"#,
    ]);
    assert_eq!(tree(&text), ["a", " b", "  x", "  y"]);
}

#[test]
fn equal_times_keep_the_order_of_the_file() {
    let x = |name: &str, dur: u32| format!(r#""ph":"X","name":"{name}","ts":1,"dur":{dur}"#);
    assert_eq!(tree(&list(&[&x("a", 2), &x("b", 2), &x("c", 3)])), ["c", " a", "  b"]);
    // Without length: what closed before the other began is not around it.
    let b = |phase: &str, name: &str| format!(r#""ph":"{phase}","name":"{name}","ts":1"#);
    let marks = [b("B", "a"), b("E", "a"), b("B", "b"), b("B", "c"), b("E", "c"), b("E", "b")];
    assert_eq!(tree(&list(&marks.each_ref().map(String::as_str))), ["a", "b", " c"]);
}

#[test]
fn an_end_of_another_name_closes_what_is_above_its_begin() {
    let text = list(&[
        r#""ph":"B","name":"a","ts":0"#,
        r#""ph":"B","name":"lost","ts":1"#,
        r#""ph":"E","name":"a","ts":2"#,
        r#""ph":"B","name":"c","ts":3"#,
        r#""ph":"E","ts":4"#,
    ]);
    assert_eq!(tree(&text), ["a", " lost", "c"]);
    let (session, view) = open(&text);
    assert_eq!(session.details(0, 1).unwrap().notes, ["Its end is not in this file."]);
    assert!(view.diagnostics.iter().all(|found| found.code != "end-without-start"));
}

#[test]
fn events_out_of_order_lines_and_odd_types() {
    let text = list(&[r#""ph":"E","name":"a","ts":5"#, r#""ph":"B","name":"a","ts":"1""#]);
    assert_eq!(tree(&text), ["a"]);
    let lines = "{\"ph\":\"X\",\"pid\":1,\"ts\":1,\"name\":\"a\"}\n{\"ph\":\"X\",\"pid\":1,\"ts\":2,\"name\":\"b\"}\n";
    assert_eq!(tree(lines), ["a", "b"]);
    let odd = r#"[null,7,{"ph":"X","ts":null,"pid":{},"tid":[],"name":5,"args":7,"dur":-3},{"ph":"M","pid":1,"name":"process_name","args":[]},
        {"ph":"b","ts":1e30},{"ph":"f","ts":1,"id2":7},{"ph":"","ts":1},{"ph":"X","ts":4,"dur":-1,"name":"back"}]"#;
    assert_eq!(tree(odd), ["5", "unnamed", "back"]);
}

#[test]
fn an_empty_list_is_refused_and_what_stands_before_the_events_may_be_long() {
    let (_, view) = open(r#"{"traceEvents": []}"#);
    assert!(view.format.is_empty() && view.explanation.contains("Chrome trace"), "{}", view.explanation);
    let filler = "x".repeat(1 << 20);
    let text = format!(
        r#"{{"metadata":{{"source":"DevTools","dataOrigin":"TraceEvents","sourceMaps":["{filler}"]}},"traceEvents":[{{"ph":"X","pid":1,"tid":1,"ts":1,"dur":2,"name":"a"}}]}}"#
    );
    assert_eq!(tree(&text), ["a"]);
}

/// Shapes that would take forever where work grows with the square of the events.
#[test]
fn many_events_of_an_awkward_shape() {
    const EVENTS: u64 = 60_000;
    let shapes: [&dyn Fn(u64) -> String; 6] = [
        &|n| format!(r#""ph":"X","name":"stairs","ts":{n},"dur":{EVENTS}"#),
        &|n| format!(r#""ph":"B","name":"deep","ts":{n}"#),
        &|n| format!(r#""ph":"{}","name":"n{n}","ts":1"#, if n % 2 == 0 { "E" } else { "B" }),
        &|n| format!(r#""ph":"b","id":1,"name":"n{n}","ts":{n}"#),
        &|n| format!(r#""ph":"{}","id":1,"name":"flow","ts":{n}"#, if n % 2 == 0 { "t" } else { "s" }),
        &|n| format!(r#""ph":"i","name":"mark","ts":{n},"tid":{n}"#),
    ];
    for shape in shapes {
        let mut text = String::from("[");
        for n in 0..EVENTS {
            let _ = writeln!(text, r#"{{"pid":0,"tid":0,{}}},"#, shape(n));
        }
        let (_, view) = open(&text);
        assert_eq!(view.format, "chrome-trace");
    }
}

#[test]
fn profiles_inside_are_unfolded_on_their_thread() {
    let frame = |id: u8, parent: u8, name: &str| {
        let parent = if parent > 0 { format!(r#","parent":{parent}"#) } else { String::new() };
        format!(r#"{{"callFrame":{{"functionName":"{name}","url":"shop.js","lineNumber":4}},"id":{id}{parent}}}"#)
    };
    let (one, two) = ([frame(1, 0, "(root)"), frame(2, 1, "main")].join(","), frame(3, 2, ""));
    let piece = |nodes: &str, samples: &str, deltas: &str| {
        format!(
            r#""ph":"P","name":"ProfileChunk","id":"0x1","tid":9,"ts":50,"args":{{"data":{{"cpuProfile":{{"nodes":[{nodes}],"samples":[{samples}]}},"timeDeltas":[{deltas}]}}}}"#
        )
    };
    let begin = r#""ph":"P","name":"Profile","id":"0x1","ts":10,"args":{"data":{"startTime":10}}"#;
    let work = r#""ph":"X","name":"work","ts":5,"dur":100"#;
    // The second piece goes on where the first ended; a function without samples of its own stands around another.
    let text = list(&[
        begin,
        work,
        &piece(&one, "2,2", "5,5"),
        &piece(&two, "3,1,7", "5,5,5"),
        r#""ph":"P","name":"ProfileChunk","id":"0x1","ts":60,"args":{}"#,
    ]);
    let (session, view) = open(&text);
    assert_eq!(tree(&text), ["work", "CPU profile", " main", "  (anonymous)"]);
    let steps = &session.opened[0].as_ref().unwrap().document.runs[0].steps;
    let spans: Vec<_> =
        steps.start.iter().zip(&steps.end).map(|(start, end)| (start.unwrap().0, end.unwrap().0)).collect();
    assert_eq!(spans[1..], [(10_000, 35_000), (15_000, 30_000), (25_000, 30_000)]);
    let details = session.details(0, 2).unwrap();
    let facts: Vec<_> = details.facts.iter().map(|fact| fact.text.as_str()).collect();
    assert_eq!(facts, ["3", "shop.js:5"]);
    assert!(view.diagnostics.iter().any(|said| said.code == "sample-without-function"), "{:?}", view.diagnostics);
    assert!(view.diagnostics.iter().any(|said| said.message.contains("1 piece of a CPU profile")));
}

#[test]
fn a_whole_profile_in_one_event_is_unfolded_too() {
    let frame = |id: u8, children: &str, name: &str| {
        format!(
            r#"{{"callFrame":{{"functionName":"{name}","url":"a.js","lineNumber":1}},"id":{id},"children":[{children}]}}"#
        )
    };
    let nodes = [frame(1, "2", "(root)"), frame(2, "3", "main"), frame(3, "", "work")].join(",");
    let profile = |tid: u8| {
        format!(
            r#""ph":"I","name":"CpuProfile","tid":{tid},"ts":90,"args":{{"data":{{"cpuProfile":{{"nodes":[{nodes}],"startTime":10,"endTime":40,"samples":[2,3,2],"timeDeltas":[5,5,10]}}}}}}"#
        )
    };
    assert_eq!(tree(&list(&[&profile(1)])), ["thread 1", " CPU profile", "  main", "   work"]);
    let two = tree(&list(&[&profile(1), &profile(2)]));
    assert_eq!(two.iter().filter(|name| name.trim() == "CPU profile").count(), 2, "{two:?}");
}

#[test]
fn samples_beside_the_events_are_stays_on_their_thread() {
    let sample = |tid: u8, ts: u32, frame: u8| {
        format!(r#"{{"cpu":"-1","name":"","ts":"{ts}","pid":7,"tid":"{tid}","weight":"1","sf":{frame}}}"#)
    };
    let samples = [sample(1, 100, 2), sample(2, 100, 3), sample(1, 150, 1), sample(1, 160, 9), sample(2, 170, 3)];
    let text = format!(
        r#"{{"traceEvents":[{{"name":"thread_name","ph":"M","pid":7,"tid":"1","args":{{"name":"mqt_js"}}}},{{"name":"mqt_js","ph":"X","dur":0,"pid":7,"ts":"50","tid":"1"}}],
        "samples":[{}],"stackFrames":{{"1":{{"name":"[root]","category":"root"}},"2":{{"name":"shop","category":"JavaScript","parent":1}},"3":{{"name":"other"}}}}}}"#,
        samples.join(",")
    );
    let (session, view) = open(&text);
    assert_eq!(view.format, "chrome-trace", "{}", view.explanation);
    let names = tree(&text);
    assert_eq!(
        names,
        ["mqt_js", " mqt_js", " CPU profile", "  [root]", "   shop", "thread 2", " CPU profile", "  other"]
    );
    let steps = &session.opened[0].as_ref().unwrap().document.runs[0].steps;
    let span = |at: usize| (steps.start[at].unwrap().0, steps.end[at].unwrap().0);
    assert_eq!((span(3), span(4), span(7)), ((100_000, 160_000), (100_000, 150_000), (100_000, 170_000)));
    assert!((0..8).all(|step| session.details(0, step).is_ok()));
    assert!(view.diagnostics.iter().any(|said| said.code == "sample-without-function"));
}

#[test]
fn the_process_names_the_run_and_marks_of_the_recording_make_no_thread() {
    let text = list(&[
        r#""ph":"M","name":"process_name","args":{"name":"python"}"#,
        r#""ph":"X","name":"matmul","ts":5,"dur":3"#,
        r#""ph":"i","s":"g","name":"Record Window End","pid":"","tid":"","ts":9"#,
    ]);
    assert_eq!(tree(&text), ["matmul"]);
    let (_, view) = open(&text);
    assert_eq!(view.runs[0].name, "python");
    assert!(view.diagnostics.iter().any(|said| said.message.contains("1 instant that no step is around")));
}
