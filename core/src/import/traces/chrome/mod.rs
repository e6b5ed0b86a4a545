//! Chrome Trace Event files: what DevTools, Node.js, compilers, profilers and PyTorch write.
//!
//! Source: the "Trace Event Format" document of the Chromium project, and what producers do beyond it. A list of
//! events, an object with `traceEvents`, or an event a line; a list without its closing bracket is legal. Events are
//! read one by one (`event`); what stands in what is settled for each thread at the end (`nest`), async spans and flows
//! in `tracks`, CPU profiles in `profiles`, processes and threads in `groups`.

mod event;
mod groups;
mod nest;
mod profiles;
mod reveal;
#[cfg(test)]
mod tests;
mod tracks;

use crate::import::record::Record;
use crate::import::{Builder, Draft, Format, Here, Importer, Matched, Probe, ROOT, Reveal, Route, Sample, State};
use crate::json::{Lack, Lexer, NodeKind, Str};
use crate::model::{Diagnostic, Severity, Sym};
use crate::wording::counted;
use event::Event;
use groups::Groups;

/// The format.
pub const FORMAT: Format = Format { id: "chrome-trace", name: "Chrome trace events", detect, importer };

fn importer(file: u16, probe: &Probe<'_>) -> Box<dyn Importer> {
    Box::new(Chrome::new(file, probe.find(|sample| is_event(sample, 0)).is_some()))
}

const LIST: State = 1;
const TOP: State = 2;
const SAMPLES: State = 3;
const FRAMES: State = 4;

const EVENT: u8 = 0;
const SAMPLE: u8 = 1;
const FRAME: u8 = 2;

/// What is counted and not shown.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    counters: u64,
    objects: u64,
    samples: u64,
    /// Instants on threads without a step to put them on, and those beyond what one step shows.
    instants: u64,
    /// Ends whose beginning is not in the file.
    ends: u64,
    others: u64,
}

struct Chrome {
    file: u16,
    /// Whether each event is a document of its own.
    lines: bool,
    run: Option<Sym>,
    /// Position among the builder's drafts of the first event's.
    base: usize,
    groups: Groups,
    tracks: tracks::Tracks,
    profiles: profiles::Profiles,
    left: LeftOut,
    /// The page that was recorded.
    page: Option<String>,
    /// The id of the stack frame that is read next.
    frame: String,
}

impl Chrome {
    fn new(file: u16, lines: bool) -> Self {
        Chrome {
            file,
            lines,
            run: None,
            base: 0,
            groups: Groups::default(),
            tracks: tracks::Tracks::default(),
            profiles: profiles::Profiles::default(),
            left: LeftOut::default(),
            page: None,
            frame: String::new(),
        }
    }

    fn begin(&mut self, build: &mut Builder) -> Sym {
        if let Some(run) = self.run {
            return run;
        }
        // Files of this format have no id: each is a run of its own.
        let name = if self.file == 0 { "trace".to_owned() } else { format!("trace {}", self.file + 1) };
        let run = build.names.intern(&name);
        self.run = Some(run);
        self.base = build.drafts.len();
        run
    }

    /// Pushes the step of an event.
    fn push(&mut self, event: &Event<'_>, build: &mut Builder) -> u32 {
        let run = self.begin(build);
        let number = build.drafts.len().saturating_sub(self.base);
        let id = build.names.intern(&id(number));
        let mut draft = Draft::new(run, id, event.place);
        draft.name = build.names.intern(if event.name.is_empty() { "unnamed" } else { &event.name });
        draft.start = event.time;
        draft.context = u32::try_from(number).unwrap_or(u32::MAX - 1) + 1;
        u32::try_from(build.push(draft)).unwrap_or(u32::MAX)
    }

    fn event(&mut self, event: &Event<'_>, build: &mut Builder) {
        if event.phase == b'M' {
            return self.groups.describe(event, build);
        }
        if event.name == "CpuProfile" && matches!(event.phase, b'I' | b'i' | b'X' | b'P') && event.told() {
            let thread = self.groups.index(event, build);
            if self.profiles.piece(event, thread, build) {
                self.groups.thread(event, build).samples += 1;
                return;
            }
        }
        if matches!(event.phase, b'B' | b'X' | b'b' | b'S') {
            let draft = self.push(event, build);
            let thread = self.groups.thread(event, build);
            match event.phase {
                b'B' => thread.begin(event, draft, build),
                b'X' => thread.whole(event, draft, build),
                _ => {
                    let thread = self.groups.index(event, build);
                    self.tracks.note(event, draft, thread, build);
                }
            }
            return;
        }
        match event.phase {
            b'E' => self.groups.thread(event, build).end(event, build),
            b'n' | b'e' | b'T' | b'p' | b'F' => {
                self.groups.thread(event, build);
                self.tracks.note(event, u32::MAX, 0, build);
            }
            b's' | b't' | b'f' => {
                let flow = self.tracks.flow(event, build);
                self.groups.thread(event, build).point(event, Some(flow));
            }
            b'i' | b'I' | b'R' => {
                if event.name == "TracingStartedInBrowser" && self.page.is_none() {
                    self.page = event.arg(&["data", "frames", "url"]).filter(|url| !url.is_empty());
                }
                self.groups.thread(event, build).point(event, None);
            }
            b'C' => self.left.counters += 1,
            b'N' | b'O' | b'D' => self.left.objects += 1,
            b'P' if event.name == "ProfileChunk" => {
                let thread = self.groups.index(event, build);
                if !self.profiles.piece(event, thread, build) {
                    self.left.samples += 1;
                }
            }
            b'P' if event.name == "Profile" && event.told() => {
                self.groups.thread(event, build).samples += 1;
                let thread = self.groups.index(event, build);
                self.profiles.begin(event, thread, build);
            }
            b'P' => {
                self.groups.thread(event, build).samples += 1;
                self.left.samples += 1;
            }
            _ => self.left.others += 1,
        }
    }
}

/// The id of the step of this number.
fn id(number: usize) -> String {
    (number + 1).to_string()
}

impl Importer for Chrome {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        match (state, key, lead) {
            (ROOT, None, b'[') => Route::Enter(LIST),
            (LIST, None, b'{') => Route::Take(EVENT),
            (ROOT, None, b'{') if self.lines => Route::Take(EVENT),
            (ROOT, None, b'{') => Route::Enter(TOP),
            (TOP, Some(key), b'[') if key.is("traceEvents") => Route::Enter(LIST),
            (TOP, Some(key), b'[') if key.is("samples") => Route::Enter(SAMPLES),
            (TOP, Some(key), b'{') if key.is("stackFrames") => Route::Enter(FRAMES),
            (SAMPLES, None, b'{') => Route::Take(SAMPLE),
            (FRAMES, Some(key), b'{') => {
                self.frame = key.text().into_owned();
                Route::Take(FRAME)
            }
            _ => Route::Skip,
        }
    }

    fn take(&mut self, tag: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        if tag == SAMPLE {
            self.profiles.sample(&Record::take(lexer, here)?, &mut self.groups, build);
            return Ok(());
        }
        if tag == FRAME {
            self.profiles.frame(&self.frame, &Record::take(lexer, here)?, build);
            return Ok(());
        }
        if let Some(event) = Event::read(lexer, here)? {
            self.event(&event, build);
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        let run = self.begin(build);
        let empty = build.drafts.len() == self.base;
        let title = self.groups.title();
        self.groups.show(run, empty, build);
        self.profiles.finish(run, self.file, self.base, &self.groups, build);
        let bound = self.groups.nest(build, &mut self.left);
        self.tracks.finish(&self.groups, build, &mut self.left);
        self.groups.widen(self.base, build);
        let links = self.tracks.links(&bound, self.base);
        build.run_names.insert(run, self.page.take().unwrap_or(title));
        self.left.say(self.file, build);
        super::undated(self.file, self.base, build);
        forgive_open_list(self.file, build);
        Box::new(reveal::ChromeReveal { links })
    }
}

impl LeftOut {
    fn say(&self, file: u16, build: &mut Builder) {
        let kinds = [
            (self.counters, "value of a counter", "values of counters"),
            (self.objects, "snapshot of an object", "snapshots of objects"),
            (self.samples, "piece of a CPU profile", "pieces of CPU profiles"),
            (self.instants, "instant that no step is around", "instants that no step is around"),
            (self.others, "event of another phase", "events of other phases"),
        ];
        let told: Vec<String> =
            kinds.iter().filter(|kind| kind.0 > 0).map(|(count, one, many)| counted(*count, one, many)).collect();
        let mut say = |severity, code, message: String| {
            let mut diagnostic = Diagnostic::new(severity, code, message);
            diagnostic.file = file;
            build.diagnostics.push(diagnostic);
        };
        if !told.is_empty() {
            let message = format!("In the file and not shown, because they are no steps: {}.", told.join(", "));
            say(Severity::Info, "events-not-shown", message);
        }
        if self.ends > 0 {
            let ends = counted(self.ends, "event ends", "events end");
            let message = format!("{ends} a step that did not begin in this file; left out.");
            say(Severity::Info, "end-without-start", message);
        }
    }
}

/// A list that is not closed is no damage in this format: recorders may die while they write.
fn forgive_open_list(file: u16, build: &mut Builder) {
    for diagnostic in build.diagnostics.iter_mut().filter(|found| found.code == "truncated" && found.file == file) {
        if diagnostic.place.is_some_and(|place| place.len <= 4) {
            diagnostic.severity = Severity::Info;
            diagnostic.message = "The list of events has no closing bracket, as the format allows.".to_owned();
        }
    }
}

/// Whether a node is an event.
fn is_event(sample: &Sample<'_>, node: u32) -> bool {
    let has = |key: &str| sample.member(node, key).is_some();
    let phase = sample.member(node, "ph").and_then(|phase| sample.text_of(phase));
    phase.is_some_and(|phase| phase.len() == 1 && phase.is_ascii())
        && (has("ts") || has("pid") || has("tid"))
        && (has("name") || has("ts"))
}

/// Whether a list is one of events; its first items may be something else.
fn lists_events(sample: &Sample<'_>, node: u32) -> bool {
    sample.is(node, NodeKind::Array) && sample.tree.children(node).take(10).any(|item| is_event(sample, item))
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    for sample in &probe.samples {
        if lists_events(sample, 0) {
            return Matched::new("Chrome trace events (list)", "it is a list of events with `ph`, `ts` and `pid`");
        }
        if !sample.is(0, NodeKind::Object) {
            continue;
        }
        let listed = sample.member(0, "traceEvents");
        if listed.is_some_and(|node| lists_events(sample, node)) {
            return Matched::new("Chrome trace events", "it holds `traceEvents` with `ph`, `ts` and `pid`");
        }
        // What stands before the events may fill the head of the file.
        let from = |key: &str| sample.path(&["metadata", key]).and_then(|node| sample.text_of(node));
        if !sample.whole && (from("dataOrigin").is_some_and(|text| text == "TraceEvents")) {
            return Matched::new("Chrome trace events", "its `metadata` says that trace events of DevTools follow");
        }
        if probe.many() && is_event(sample, 0) {
            return Matched::new("Chrome trace events (lines)", "its lines are events with `ph`, `ts` and `pid`");
        }
    }
    None
}
