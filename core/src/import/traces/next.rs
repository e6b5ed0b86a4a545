//! What Next.js writes of its own work: `.next/trace`, of each `next build` and `next dev`.
//!
//! Source: `packages/next/src/trace` of Next.js 12 to 15, and files of it that were committed by accident. Each line is
//! a list of spans with a number as their id, written when they end. `timestamp` and `duration` are microseconds of a
//! clock without a date; `startTime`, which older versions leave out, is the date in milliseconds.

use super::undated;
use crate::import::record::{Record, Shown, read};
use crate::import::{Builder, Draft, Format, Here, Importer, Matched, Probe, Reveal, Revealing, Route, Sample, State};
use crate::json::{At, Lack, Lexer, NodeKind, Str};
use crate::model::{Details, Kind, Nanos, Sym};
use rustc_hash::FxHashMap;

/// The format.
pub const FORMAT: Format = Format {
    id: "next-trace",
    name: "Next.js build traces (.next/trace)",
    detect,
    importer: |file, _| Box::new(Next { file, base: 0, offsets: FxHashMap::default() }),
};

struct Next {
    file: u16,
    /// Position among the builder's drafts of this file's first.
    base: usize,
    /// What the clock of each trace is behind the date by, as its first span tells it.
    offsets: FxHashMap<Sym, Option<i64>>,
}

impl Importer for Next {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        crate::import::each_object(state, key.as_ref(), lead)
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        if self.offsets.is_empty() {
            self.base = build.drafts.len();
        }
        self.span(&record, build);
        Ok(())
    }

    fn finish(self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        undated(self.file, self.base, build);
        Box::new(Shown(shows))
    }
}

impl Next {
    fn span(&mut self, record: &Record<'_>, build: &mut Builder) {
        let at = record.root();
        let (Some(trace), Some(id)) = (read::text(at, &["traceId"]), read::text(at, &["id"])) else { return };
        let run = build.names.intern(&trace);
        let clock = read::epoch(at, &["timestamp"], 1_000);
        let date = read::epoch(at, &["startTime"], 1_000_000);
        let offset = *self.offsets.entry(run).or_insert_with(|| date?.0.checked_sub(clock?.0));
        let mut draft = Draft::new(run, build.names.intern(&id), record.whole_place());
        draft.parent = read::text(at, &["parentId"]).map(|parent| build.names.intern(&parent));
        draft.start = clock.and_then(|clock| clock.0.checked_add(offset.unwrap_or(0))).map(Nanos);
        let duration = read::epoch(at, &["duration"], 1_000);
        draft.end = draft.start.zip(duration).map(|(start, duration)| start.plus(duration));
        let name = read::text(at, &["name"]).unwrap_or_default();
        if name == "handle-request" {
            draft.kind = Kind::Http;
        }
        if let Some(command) = name.strip_prefix("next-").filter(|name| matches!(*name, "build" | "dev" | "export")) {
            build.run_names.insert(run, format!("next {command}"));
        } else {
            build.run_names.entry(run).or_insert_with(|| "Next.js".to_owned());
        }
        draft.name = match at.get("tags").and_then(about) {
            Some(about) => build.names.intern(&format!("{name} {about}")),
            None => build.names.intern(&name),
        };
        build.push(draft);
    }
}

/// What a span was about, in a word: a compiler, an address, the last part of the path of a file.
fn about(tags: At<'_>) -> Option<String> {
    let text = read::text(tags, &["name", "url", "page", "inputPage", "trigger"])?;
    if tags.get("name").is_none() {
        return Some(text.chars().take(80).collect());
    }
    // `loader.js?options!path/of/module.tsx`.
    let path = text.trim_end_matches('!').rsplit('!').next()?;
    let path = path.split('?').next()?;
    let file = path.rsplit(['/', '\\']).next()?;
    (!file.is_empty()).then(|| file.chars().take(80).collect())
}

fn shows(record: &Record<'_>, _: Revealing<'_>, details: &mut Details) {
    let at = record.root();
    if let Some(tags) = at.get("tags") {
        details.attributes = record.attributes(tags, &[]);
    }
    let shown = ["traceId", "id", "parentId", "name", "timestamp", "duration", "startTime", "tags"];
    details.attributes.extend(record.attributes(at, &shown));
}

/// Whether a node is a span: its id is a number, which no other format with a `traceId` has.
fn is_span(sample: &Sample<'_>, node: u32) -> bool {
    let number = |key: &str| sample.member(node, key).is_some_and(|member| sample.is(member, NodeKind::Number));
    let tagged = sample.member(node, "tags").is_some_and(|tags| sample.is(tags, NodeKind::Object));
    number("id") && number("timestamp") && number("duration") && tagged && sample.member(node, "traceId").is_some()
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    probe.find(|sample| {
        let first = if sample.is_array() { sample.tree.first_child(0) } else { Some(0) };
        first.is_some_and(|first| is_span(sample, first))
    })?;
    Matched::new("Next.js trace", "it lists spans with `traceId`, a number as `id`, `timestamp`, `duration` and `tags`")
}

#[cfg(test)]
mod tests {
    use crate::import::dump::dump;
    use crate::import::testing::open;

    const FIXTURE: &str = include_str!("fixtures/next-trace.jsonl");

    #[test]
    fn a_build_and_its_compilers() {
        insta::assert_snapshot!(dump(FIXTURE.as_bytes()));
    }

    #[test]
    fn without_dates_distances_are_shown() {
        let text = r#"[{"traceId":"4046a64c","parentId":1,"name":"load-custom-routes","id":5,"timestamp":40484850488,"duration":2430,"tags":{}},{"traceId":"4046a64c","name":"next-build","id":1,"timestamp":40484850000,"duration":9000,"tags":{}}]"#;
        let (session, view) = open(text);
        assert_eq!((view.format.as_str(), view.runs[0].name.as_str()), ("next-trace", "next build"));
        assert!(view.diagnostics.iter().any(|said| said.code == "no-date"));
        let steps = &session.opened[0].as_ref().unwrap().document.runs[0].steps;
        assert_eq!(steps.start[1].unwrap().0 - steps.start[0].unwrap().0, 488_000);
    }
}
