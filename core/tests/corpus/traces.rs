//! Traces at large: what their files are read as, and what was found in them.

/// What files whose path begins like this are read as; the first that fits counts.
pub const READ: &[(&str, &str)] = &[("zipkin/", "zipkin-json"), ("chrome-trace/", "chrome-trace")];

/// What is said of the files that are refused; the first that fits counts, and it counts before what is read.
pub const REFUSED: &[(&str, &str)] = &[];

#[test]
fn zipkin_traces_have_their_spans() {
    let Some(root) = super::corpus() else { return };
    // Spans, roots and orphans of each, counted apart from this reader; halves that share an id are steps of their own.
    for (name, spans, roots, orphans) in [
        ("ascend", 8, 1, 0),
        ("messaging-kafka", 28, 1, 0),
        ("smartthings-oauth-authorization", 175, 1, 0),
        // Four spans name a parent of which only the server's half is there: that is their parent.
        ("yelp", 16, 1, 0),
    ] {
        let view = super::open(&root.join(format!("zipkin/{name}.json")));
        let run = &view.runs[0];
        assert_eq!((view.runs.len(), run.steps, run.roots, run.orphans), (1, spans, roots, orphans), "{name}");
    }
}

#[test]
fn chrome_traces_have_a_step_for_each_begin_and_each_complete_event() {
    let Some(root) = super::corpus() else { return };
    // Begins of any sort and complete events, stays of profiles; processes and threads that are shown around them.
    for (name, steps, groups) in [
        ("ss-simple", 4, 0),
        ("ss-simple-object", 3, 0),
        ("ss-zero-duration-events", 4, 0),
        ("ss-x-events-matching-start", 9, 0),
        ("ss-multiprocess", 8, 12),
        ("tsc-generateTrace", 458 + 237, 0),
        // One event holds a profile, in which functions stayed 134 times.
        ("chrome65-simple-timeline", 2253 + 437 + 33 + 3 + 1 + 134, u32::MAX),
        ("chrome141-no-arg-data", 60, u32::MAX),
    ] {
        let view = super::open(&root.join(format!("chrome-trace/{name}.json")));
        let run = &view.runs[0];
        if groups == u32::MAX {
            assert!(run.steps > steps && run.steps < steps + 60, "{name}: {}", run.steps);
        } else {
            assert_eq!((view.runs.len(), run.steps, run.errors), (1, steps + groups, 0), "{name}");
        }
    }
}
