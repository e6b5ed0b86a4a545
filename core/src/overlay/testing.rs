//! Small pipelines and runs in shorthand, for the tests of this folder.

use crate::import::{Builder, Draft};
use crate::model::{Document, Nanos, Pipeline, Place, Status};
use crate::session::Session;
use crate::source::Memory;

/// Opens texts one after the other, each as a document of its own.
pub(crate) fn session(texts: &[&str]) -> Session {
    let mut session = Session::new();
    for text in texts {
        add(&mut session, text);
    }
    session
}

/// Opens one more text.
pub(crate) fn add(session: &mut Session, text: &str) {
    let mut opening = session.open("unknown", Box::new(Memory(text.as_bytes().to_vec())), None);
    while session.advance(&mut opening, 1 << 20).document.is_none() {}
}

/// A pipeline file. An edge is `a>b` (always) or `a>b?source=value` (true when equal).
pub(crate) fn definition(name: &str, start: &str, edges: &[&str]) -> String {
    let mut ids: Vec<&str> = vec![start];
    let mut paths = Vec::new();
    for edge in edges {
        let (way, condition) = edge.split_once('?').map_or((*edge, None), |(way, rest)| (way, Some(rest)));
        let (from, to) = way.split_once('>').unwrap_or_default();
        ids.extend([from, to]);
        let condition = condition.and_then(|text| text.split_once('=')).map_or_else(String::new, |(source, value)| {
            format!(
                r#", "condition": {{"type": "expression", "config": {{"source": "{source}", "operator": "equals", "value": {value}}}}}"#
            )
        });
        paths.push(format!(r#"{{"from": "{from}", "to": "{to}"{condition}}}"#));
    }
    ids.retain(|id| !id.starts_with("end"));
    let mut seen = Vec::new();
    ids.retain(|id| {
        !seen.contains(id) && {
            seen.push(*id);
            true
        }
    });
    let steps =
        ids.iter().map(|id| format!(r#"{{"id": "{id}", "name": "{id}", "step_class": "Step", "module": "m"}}"#));
    format!(
        r#"{{"name": "{name}", "steps": [{}], "flow": {{"start_at": "{start}", "paths": [{}]}}}}"#,
        steps.collect::<Vec<_>>().join(", "),
        paths.join(", ")
    )
}

/// A pipeline as it is read.
pub(crate) fn pipeline(start: &str, edges: &[&str]) -> Pipeline {
    let text = definition("Test", start, edges);
    let mut session = session(&[&text]);
    let opened = session.opened.remove(0).expect("an open document");
    opened.document.pipelines.into_iter().next().expect("a pipeline")
}

/// A run of steps one after the other, a second each; `name!` failed, `name?` waits, `name~` runs, `.name` is inside
/// the step before.
pub(crate) fn run(steps: &[&str]) -> Document {
    let mut build = Builder::default();
    let run = build.names.intern("run");
    build.run_names.insert(run, "some run".to_owned());
    let mut last = None;
    for (at, step) in steps.iter().enumerate() {
        let inside = step.starts_with('.');
        let name = step.trim_matches(['.', '!', '?', '~']);
        let id = build.names.intern(&format!("{name}#{at}"));
        let mut draft = Draft::new(run, id, Place { file: 0, start: at as u64, len: 1 });
        draft.name = build.names.intern(name);
        draft.parent = last.filter(|_| inside);
        draft.status = match step.chars().last() {
            Some('!') => Status::Error,
            Some('?') => Status::Waiting,
            Some('~') => Status::Running,
            _ => Status::Ok,
        };
        let start = at as i64 * 1_000_000_000;
        (draft.start, draft.end) = (Some(Nanos(start)), Some(Nanos(start + 500_000_000)));
        if inside {
            (draft.start, draft.end) = (None, None);
        } else {
            last = Some(id);
        }
        build.push(draft);
    }
    build.finish()
}
