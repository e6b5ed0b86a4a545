//! Trees, clocks and sums made from small drafts.

use super::*;

/// A step in shorthand: id, parent, start, end.
fn build(steps: &[(&str, &str, i64, i64)]) -> Document {
    let mut builder = Builder::default();
    let run = builder.names.intern("run");
    for (at, (id, parent, start, end)) in steps.iter().enumerate() {
        let place = Place { file: 0, start: at as u64, len: 1 };
        let id = builder.names.intern(id);
        let mut draft = Draft::new(run, id, place);
        draft.name = id;
        draft.parent = (!parent.is_empty()).then(|| builder.names.intern(parent));
        (draft.start, draft.end) = (Some(Nanos(*start)), Some(Nanos(*end)));
        builder.push(draft);
    }
    builder.finish()
}

fn shape(document: &Document) -> Vec<(String, u32, u32)> {
    let steps = &document.runs[0].steps;
    (0..steps.len()).map(|i| (document.names.get(steps.id[i]).to_owned(), steps.depth[i], steps.after[i])).collect()
}

fn named(rows: &[(&str, u32, u32)]) -> Vec<(String, u32, u32)> {
    rows.iter().map(|(id, depth, after)| ((*id).to_owned(), *depth, *after)).collect()
}

#[test]
fn children_before_parents_come_out_in_tree_order() {
    let document = build(&[("c", "b", 3, 4), ("b", "a", 2, 5), ("d", "a", 1, 2), ("a", "", 0, 9)]);
    assert_eq!(shape(&document), named(&[("a", 0, 4), ("d", 1, 2), ("b", 1, 4), ("c", 2, 4)]));
    assert_eq!((document.runs[0].roots, document.runs[0].orphans), (1, 0));
    assert_eq!(document.runs[0].moments.len(), 8);
}

#[test]
fn orphans_duplicates_and_circles_are_kept_and_said() {
    let document =
        build(&[("lost", "nobody", 5, 6), ("x", "y", 2, 3), ("y", "x", 1, 3), ("self", "self", 4, 5), ("y", "", 7, 8)]);
    let run = &document.runs[0];
    assert_eq!((run.steps.len(), run.roots, run.orphans), (5, 1, 1));
    assert_eq!(shape(&document)[0], ("y".to_owned(), 0, 2));
    assert_eq!(shape(&document)[1].0, "x");
    let codes: Vec<_> = document.diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes, ["orphan", "duplicate-id", "parent-cycle"]);
}

#[test]
fn one_absurd_time_does_not_stretch_the_run() {
    let now = 1_763_694_942_000_000_000;
    let document = build(&[("a", "", now, now + 100), ("b", "a", now + 10, 2 * now), ("c", "a", 0, now + 20)]);
    let run = &document.runs[0];
    assert_eq!(run.start.zip(run.end), Some((Nanos(now), Nanos(now + 100))));
    assert!(document.diagnostics.iter().any(|d| d.code == "absurd-time" && d.message.starts_with("2 steps")));
}

#[test]
fn usage_is_counted_at_the_innermost_step_that_states_it() {
    let mut builder = Builder::default();
    let run = builder.names.intern("run");
    for (id, parent, tokens) in
        [("agent", "", 100), ("call", "agent", 60), ("call2", "agent", 40), ("tool", "agent", 0)]
    {
        let id = builder.names.intern(id);
        let mut draft = Draft::new(run, id, Place::default());
        draft.parent = (!parent.is_empty()).then(|| builder.names.intern(parent));
        if tokens > 0 {
            draft.usage.input = Some(tokens);
        }
        builder.push(draft);
    }
    let document = builder.finish();
    assert_eq!(document.runs[0].usage.input, Some(100));
    assert!(document.runs[0].steps.flags[0].has(Flags::USAGE_REPEATED));
}

#[test]
fn a_document_reopened_and_finished_again_is_the_same() {
    let first = build(&[("c", "b", 3, 4), ("b", "a", 2, 5), ("d", "gone", 1, 2), ("a", "", 0, 9)]);
    let before = shape(&first);
    assert_eq!(shape(&Builder::reopen(first).finish()), before);
}

#[test]
fn a_chain_of_a_hundred_thousand_steps_is_arranged_without_recursion() {
    let mut builder = Builder::default();
    let run = builder.names.intern("run");
    for at in 0..100_000u32 {
        let id = builder.names.intern(&at.to_string());
        let mut draft = Draft::new(run, id, Place::default());
        draft.parent = at.checked_sub(1).map(|before| builder.names.intern(&before.to_string()));
        builder.push(draft);
    }
    let document = builder.finish();
    assert_eq!(document.runs[0].steps.depth.last(), Some(&99_999));
}
