//! CPU profiles of V8 (`.cpuprofile`): what DevTools, `node --cpu-prof` and editors write.
//!
//! Source: the `Profiler.Profile` type of the DevTools protocol. A profile holds the tree of functions that were met, and
//! for each sample which of them ran. A step is a stay of a function on the stack from sample to sample, below the one
//! that called it. Where there are too many, the shortest stays are left out. Time in which nothing ran is no step.

use super::sampled::{Function, Stays};
use super::undated;
use crate::import::record::{Record, Shown, read};
use crate::import::{Builder, Draft, Format, Here, Importer, Matched, Probe, Reveal, Revealing, Route, Sample, State};
use crate::json::{At, Lack, Lexer, NodeKind, Str};
use crate::model::{Details, Fact, Kind, Nanos, Status};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// The format.
pub const FORMAT: Format = Format {
    id: "cpu-profile",
    name: "V8 CPU profiles (.cpuprofile)",
    detect,
    importer: |file, _| Box::new(Profile { file, profiles: 0 }),
};

struct Profile {
    file: u16,
    profiles: u32,
}

fn is_profile(sample: &Sample<'_>, node: u32) -> bool {
    let listed = |key: &str| sample.member(node, key).filter(|&list| sample.is(list, NodeKind::Array));
    let first = listed("nodes").and_then(|list| sample.tree.first_child(list));
    first.is_some_and(|first| sample.member(first, "callFrame").is_some())
        && (listed("samples").is_some() || sample.member(node, "startTime").is_some() || !sample.whole)
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    probe.find(|sample| sample.object().is_some_and(|node| is_profile(sample, node)))?;
    Matched::new("V8 CPU profile", "it has `nodes` with a `callFrame`, and `samples` of them")
}

impl Importer for Profile {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        crate::import::each_object(state, key.as_ref(), lead)
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        if record.root().get("nodes").is_some() {
            self.profile(&record, build);
        }
        Ok(())
    }

    fn finish(self: Box<Self>, _: &mut Builder) -> Box<dyn Reveal> {
        Box::new(Shown(shows))
    }
}

/// The functions of a profile with where they stand, and where each id stands among them.
fn functions<'a>(root: At<'a>) -> (Vec<Function>, Vec<At<'a>>, FxHashMap<u64, usize>) {
    let (mut functions, mut places, mut by_id) = (Vec::new(), Vec::new(), FxHashMap::default());
    for at in root.get("nodes").into_iter().flat_map(At::items) {
        if let Some(id) = read::count(at, &["id"]) {
            by_id.entry(id).or_insert(functions.len());
        }
        functions.push(Function::new(&name(at)));
        places.push(at);
    }
    let mut parents = Vec::new();
    for (own, function) in places.iter().enumerate() {
        let children = function.get("children").into_iter().flat_map(At::items);
        let inside = children.filter_map(|id| by_id.get(&read::scalar(id)?.parse().ok()?).copied());
        parents.extend(inside.map(|child| (child, own)));
        let stated = read::count(*function, &["parent"]).and_then(|id| by_id.get(&id).copied());
        parents.extend(stated.map(|parent| (own, parent)));
    }
    for (child, parent) in parents {
        if let Some(function) = functions.get_mut(child).filter(|function| function.parent.is_none() && child != parent)
        {
            function.parent = Some(parent);
        }
    }
    (functions, places, by_id)
}

/// The name of a function, as the file has it.
pub(super) fn name<'a>(function: At<'a>) -> Cow<'a, str> {
    function.get("callFrame").and_then(|frame| frame.text_of("functionName")).unwrap_or_default()
}

/// A time in microseconds.
pub(super) fn micros(at: At<'_>) -> Option<Nanos> {
    read::scalar(at).and_then(|text| crate::import::time::scaled(&text, 1_000))
}

/// What a function is called where it has no name.
pub(super) fn shown_name(name: &str) -> &str {
    if name.is_empty() { "(anonymous)" } else { name }
}

impl Profile {
    fn profile(&mut self, record: &Record<'_>, build: &mut Builder) {
        let root = record.root();
        let (functions, places, by_id) = functions(root);
        let start = root.get("startTime").and_then(micros).unwrap_or_default();
        let end = root.get("endTime").and_then(micros);
        let mut deltas =
            root.get("timeDeltas").into_iter().flat_map(At::items).map(|at| micros(at).unwrap_or_default());
        let samples = root.get("samples").into_iter().flat_map(At::items).map(|sample| {
            let id = read::scalar(sample).and_then(|id| id.parse().ok());
            (id.and_then(|id: u64| by_id.get(&id)).copied(), deltas.next().unwrap_or_default())
        });
        let stays = Stays::new(&functions, samples, start, end);
        let base = build.drafts.len();
        self.push(record, &places, &stays, build);
        undated(self.file, base, build);
        stays.say(self.file, build);
    }

    fn push(&mut self, record: &Record<'_>, places: &[At<'_>], stays: &Stays, build: &mut Builder) {
        self.profiles += 1;
        let run = build.names.intern(&format!("profile {} of file {}", self.profiles, self.file + 1));
        build.run_names.insert(run, "CPU profile".to_owned());
        for (number, stay) in stays.shown() {
            let Some(function) = places.get(stay.function).copied() else { continue };
            let id = build.names.intern(&(number + 1).to_string());
            let mut draft = Draft::new(run, id, record.place(function));
            draft.parent = stay.around.map(|around| build.names.intern(&(around + 1).to_string()));
            draft.name = build.names.intern(shown_name(&name(function)));
            (draft.kind, draft.status) = (Kind::Other, Status::Ok);
            (draft.start, draft.end) = (Some(stay.start), Some(stay.end));
            draft.context = u32::try_from(stay.samples).unwrap_or(u32::MAX);
            build.push(draft);
        }
    }
}

/// What is known of a stay's function.
pub(super) fn shows(record: &Record<'_>, about: Revealing<'_>, details: &mut Details) {
    let root = record.root();
    let mut fact = |label: &str, text: String| details.facts.push(Fact { label: label.into(), text });
    fact("samples", about.context.to_string());
    if let Some(frame) = root.get("callFrame") {
        let url = read::text(frame, &["url"]).unwrap_or_default();
        // Lines and columns are counted from 0 in the file.
        let line = read::count(frame, &["lineNumber"]).map(|line| line.saturating_add(1));
        match (url.is_empty(), line) {
            (false, Some(line)) => fact("function at", format!("{url}:{line}")),
            (false, None) => fact("function at", url.into_owned()),
            _ => {}
        }
    }
    details.attributes = record.attributes(root, &["id", "children", "parent", "callFrame"]);
}

#[cfg(test)]
mod tests {
    use crate::import::dump::dump;
    use crate::import::testing::open;

    const FIXTURE: &str = include_str!("fixtures/profile.cpuprofile");

    #[test]
    fn stays_on_the_stack() {
        insta::assert_snapshot!(dump(FIXTURE.as_bytes()));
    }

    #[test]
    fn circles_of_functions_and_samples_of_none_end() {
        let text = r#"{"nodes":[{"id":1,"callFrame":{"functionName":"a"},"children":[2]},{"id":2,"callFrame":{"functionName":"b"},"children":[1]},{"id":2,"callFrame":7}],"startTime":5,"endTime":"x","samples":[1,2,9,"2",null,[1]],"timeDeltas":[1,-5,"y"]}"#;
        let (session, view) = open(text);
        assert_eq!(view.format, "cpu-profile", "{}", view.explanation);
        assert!(view.diagnostics.iter().any(|said| said.code == "sample-without-function"));
        assert!((0..view.runs[0].steps).all(|step| session.details(0, step).is_ok()));
    }

    #[test]
    fn a_long_profile_shows_its_long_stays() {
        let mut samples = Vec::new();
        for round in 0..60_000 {
            samples.push(if round % 2 == 0 { "2" } else { "3" });
        }
        samples.extend(std::iter::repeat_n("4", 100));
        let deltas = vec!["10"; samples.len()];
        let text = format!(
            r#"{{"nodes":[{{"id":1,"callFrame":{{"functionName":"(root)"}},"children":[2,3,4]}},{{"id":2,"callFrame":{{"functionName":"a"}}}},{{"id":3,"callFrame":{{"functionName":"b"}}}},{{"id":4,"callFrame":{{"functionName":"long"}}}}],"startTime":0,"endTime":999999,"samples":[{}],"timeDeltas":[{}]}}"#,
            samples.join(","),
            deltas.join(",")
        );
        let (_, view) = open(&text);
        assert_eq!(view.runs[0].steps, 1);
        assert!(view.diagnostics.iter().any(|said| said.message.contains("60000 stays")), "{:?}", view.diagnostics);
    }
}
