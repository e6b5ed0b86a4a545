//! JUnit XML: what test runners of all languages report. Suites, nested ones too, and their cases.
//!
//! Source: the schema of Ant's and Maven Surefire's reports, and what pytest, Jest, Gradle, Go, GoogleTest and others
//! write in its name. There is no id and of a case no time but its length, so cases are laid one after another.

use super::common::{fact, first_line, unique};
use super::pytest::laid_out;
use super::xml::{Token, Xml, attributes, decoded, name, text};
use crate::import::{Builder, Draft, Format, Here, Importer, Matched, Piece, Probe, Reveal, Revealing, time};
use crate::model::{
    Attribute, Details, Diagnostic, Error, Kind, Nanos, Place, Severity, Status, Sym, Value, ValueText,
};
use rustc_hash::FxHashMap;

/// The format.
pub(super) const FORMAT: Format =
    Format { id: "junit-xml", name: "JUnit reports (XML)", detect, importer: |_, _| Box::new(Junit::default()) };

/// What a step is, for showing it.
const SUITE: u32 = 0;
const CASE: u32 = 1;
const CLASS: u32 = 2;

#[derive(Debug, Default)]
struct Junit {
    run: Option<Sym>,
    open: Vec<Suite>,
    case: Option<Case>,
    seen: FxHashMap<String, u32>,
    /// Where a suite without a date is laid: the first date of the file.
    zero: Nanos,
    /// A suite of the file has a date.
    dated: bool,
    any: bool,
    failed: bool,
    /// An element beside cases that is shown with its suite: its name and where it begins.
    beside: Option<(Vec<u8>, usize)>,
}

#[derive(Debug)]
struct Suite {
    draft: usize,
    name: String,
    /// Where the next case is laid, and the latest end of those inside.
    cursor: Nanos,
    length: Option<Nanos>,
    /// Cases with their classes.
    cases: Vec<(usize, String)>,
}

#[derive(Debug)]
struct Case {
    draft: usize,
    class: String,
    length: Option<Nanos>,
}

impl Importer for Junit {
    fn whole(&self) -> bool {
        true
    }

    fn read(&mut self, source: &[u8], here: Here, build: &mut Builder) {
        self.zero = first_date(source).unwrap_or_default();
        for token in Xml::new(source) {
            match token {
                Token::Open { start, end, empty } => {
                    let tag = source.get(start..end).unwrap_or(&[]);
                    self.begin(tag, here.place(start, end), start, build);
                    if empty {
                        self.end(name(tag), end, here, build);
                    }
                }
                Token::Close { start, end } => {
                    self.end(name(source.get(start..end).unwrap_or(&[])), end, here, build);
                }
                Token::Text { .. } | Token::Data { .. } => {}
            }
        }
        let end = source.len();
        if let Some(open) = self.open.last() {
            let message = "The report ends inside a suite: its tail was cut off. Everything before it is read.";
            let place = build.drafts.get(open.draft).map(|draft| draft.place).unwrap_or_default();
            build.diagnostics.push(Diagnostic::new(Severity::Warning, "truncated", message).at(place));
        }
        if let Some(draft) = self.case.as_ref().and_then(|case| build.drafts.get_mut(case.draft)) {
            draft.status = if draft.status == Status::Ok { Status::Unset } else { draft.status };
        }
        self.end(b"testcase", end, here, build);
        while !self.open.is_empty() {
            self.end(b"testsuite", end, here, build);
        }
    }

    fn finish(self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        if self.any {
            let file = build.drafts.last().map_or(0, |draft| draft.place.file);
            laid_out(build, file, "a JUnit report", self.dated);
        }
        Box::new(JunitReveal)
    }
}

impl Junit {
    fn begin(&mut self, tag: &[u8], place: Place, start: usize, build: &mut Builder) {
        let inside = self.case.is_some();
        match name(tag) {
            b"testsuites" | b"testsuite" if !inside => self.suite(tag, place, build),
            b"testcase" if !inside => self.begin_case(tag, place, build),
            b"failure" | b"error" if inside => self.mark(Status::Error, build),
            b"skipped" | b"disabled" | b"ignored" if inside => self.mark(Status::Skipped, build),
            other @ (b"properties" | b"system-out" | b"system-err") if !inside && self.beside.is_none() => {
                self.beside = Some((other.to_vec(), start));
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &[u8], end: usize, here: Here, build: &mut Builder) {
        match name {
            b"testcase" => self.end_case(end, here, build),
            b"testsuite" | b"testsuites" if self.case.is_none() => self.end_suite(build),
            other => {
                let Some((_, start)) = self.beside.take_if(|(open, _)| open == other) else { return };
                let draft = self.open.last().and_then(|suite| build.drafts.get_mut(suite.draft));
                if let Some(draft) = draft {
                    draft.more.push(here.place(start, end));
                }
            }
        }
    }

    fn suite(&mut self, tag: &[u8], place: Place, build: &mut Builder) {
        let held = attributes(tag);
        let stated = value(&held, b"timestamp").and_then(|text| time::iso(&text)).map(|(time, _)| time);
        let called = value(&held, b"name").unwrap_or_default();
        self.dated |= stated.is_some();
        let run = match self.run.filter(|_| !self.open.is_empty()) {
            Some(run) => run,
            None => self.begin_run(&called, stated, build),
        };
        let cursor = stated.or_else(|| self.open.last().map(|suite| suite.cursor)).unwrap_or(self.zero);
        let around = self.open.last().and_then(|suite| build.drafts.get(suite.draft)).map(|draft| draft.id);
        let id = if around.is_none() { run } else { self.id(&called, build) };
        let mut draft = Draft::new(run, id, place);
        let shown = if called.is_empty() { "test suites" } else { &called };
        draft.name = build.names.intern(shown);
        (draft.kind, draft.parent, draft.context) = (Kind::Chain, around, SUITE);
        draft.start = Some(cursor);
        let draft = build.push(draft);
        self.any = true;
        self.open.push(Suite { draft, name: called, cursor, length: seconds(&held), cases: Vec::new() });
    }

    fn begin_run(&mut self, called: &str, stated: Option<Nanos>, build: &mut Builder) -> Sym {
        let called = if called.is_empty() { "tests" } else { called };
        let stated = stated.map(Nanos::to_rfc3339).unwrap_or_default();
        let base = format!("junit {called} {stated}");
        let mut run = build.names.intern(&base);
        let mut number = 2u32;
        // Two reports of the same suite are two runs.
        while build.run_names.contains_key(&run) {
            run = build.names.intern(&format!("{base}#{number}"));
            number = number.saturating_add(1);
        }
        build.run_names.insert(run, called.to_owned());
        self.run = Some(run);
        self.seen.clear();
        self.failed = false;
        run
    }

    fn id(&mut self, stated: &str, build: &mut Builder) -> Sym {
        let id = unique(&mut self.seen, if stated.is_empty() { "unnamed" } else { stated });
        build.names.intern(&id)
    }

    fn begin_case(&mut self, tag: &[u8], place: Place, build: &mut Builder) {
        if self.open.is_empty() {
            // Cases without a suite around them, as a cut report has.
            self.suite(b"<testsuite>", place, build);
        }
        let held = attributes(tag);
        let called = value(&held, b"name").unwrap_or_default();
        let class = value(&held, b"classname").or_else(|| value(&held, b"class")).unwrap_or_default();
        let id = self.id(&if class.is_empty() { called.clone() } else { format!("{class}.{called}") }, build);
        let Some(suite) = self.open.last() else { return };
        let Some(around) = build.drafts.get(suite.draft) else { return };
        let mut draft = Draft::new(around.run, id, place);
        draft.parent = Some(around.id);
        draft.start = Some(suite.cursor);
        draft.name = build.names.intern(if called.is_empty() { "test" } else { &called });
        (draft.kind, draft.context) = (Kind::Evaluator, CASE);
        let stated = value(&held, b"status").or_else(|| value(&held, b"result")).unwrap_or_default();
        draft.status = match stated.to_ascii_lowercase().as_str() {
            "notrun" | "disabled" | "suppressed" | "skipped" => Status::Skipped,
            _ => Status::Ok,
        };
        let draft = build.push(draft);
        self.case = Some(Case { draft, class, length: seconds(&held) });
    }

    /// What an element inside a case says of it. A failure counts more than that it was skipped.
    fn mark(&mut self, status: Status, build: &mut Builder) {
        let Some(draft) = self.case.as_ref().and_then(|case| build.drafts.get_mut(case.draft)) else { return };
        if draft.status != Status::Error {
            draft.status = status;
        }
        self.failed |= status == Status::Error;
    }

    fn end_case(&mut self, end: usize, here: Here, build: &mut Builder) {
        let Some(case) = self.case.take() else { return };
        let (Some(suite), Some(draft)) = (self.open.last_mut(), build.drafts.get_mut(case.draft)) else { return };
        draft.place.len = (here.base + end as u64).saturating_sub(draft.place.start);
        if draft.status == Status::Skipped && case.length.is_none_or(|length| length.0 == 0) {
            draft.start = None;
        } else if let Some(length) = case.length {
            suite.cursor = suite.cursor.plus(length);
            draft.end = Some(suite.cursor);
        }
        suite.cases.push((case.draft, case.class));
    }

    fn end_suite(&mut self, build: &mut Builder) {
        let Some(suite) = self.open.pop() else { return };
        self.beside = None;
        group(&suite, &mut self.seen, build);
        let outermost = self.open.is_empty();
        let Some(draft) = build.drafts.get_mut(suite.draft) else { return };
        let stated = draft.start.zip(suite.length).map(|(start, length)| start.plus(length));
        let end = stated.map_or(suite.cursor, |stated| stated.max(suite.cursor));
        draft.end = Some(end);
        if outermost {
            draft.status = if self.failed { Status::Error } else { Status::Ok };
        }
        if let Some(around) = self.open.last_mut() {
            around.cursor = around.cursor.max(end);
        }
    }
}

/// Puts the cases of a suite below a step for each class, where that makes it shorter to read.
fn group(suite: &Suite, seen: &mut FxHashMap<String, u32>, build: &mut Builder) {
    let mut classes: FxHashMap<&str, Sym> = FxHashMap::default();
    let mut order: Vec<(&str, usize)> = Vec::new();
    for (draft, class) in suite.cases.iter().filter(|(_, class)| !class.is_empty() && *class != suite.name) {
        classes.entry(class).or_insert_with(|| {
            order.push((class, *draft));
            crate::model::Interner::EMPTY
        });
    }
    // Runners that make a class of each test would give a step around each.
    if order.len() < 2 || order.len().saturating_mul(2) > suite.cases.len() {
        if order.len() > 1 {
            tell_apart(suite, build);
        }
        return;
    }
    let Some(around) = build.drafts.get(suite.draft).map(|draft| (draft.run, draft.id)) else { return };
    for (class, first) in order {
        let id = build.names.intern(&unique(seen, class));
        let Some(place) = build.drafts.get(first).map(|draft| draft.place) else { continue };
        let mut draft = Draft::new(around.0, id, place);
        draft.name = build.names.intern(class);
        (draft.parent, draft.kind, draft.context) = (Some(around.1), Kind::Chain, CLASS);
        build.push(draft);
        classes.insert(class, id);
    }
    let mut spans: FxHashMap<Sym, (Option<Nanos>, Option<Nanos>)> = FxHashMap::default();
    for (at, class) in &suite.cases {
        let (Some(&id), Some(draft)) = (classes.get(class.as_str()), build.drafts.get_mut(*at)) else { continue };
        draft.parent = Some(id);
        let span = spans.entry(id).or_default();
        span.0 = span.0.or(draft.start);
        span.1 = span.1.max(draft.end);
    }
    let from = build.drafts.len().saturating_sub(spans.len());
    for draft in build.drafts.get_mut(from..).unwrap_or_default() {
        if let Some(span) = spans.get(&draft.id) {
            (draft.start, draft.end) = *span;
        }
    }
}

/// Puts the class before the names of cases that only their class tells apart.
fn tell_apart(suite: &Suite, build: &mut Builder) {
    let mut names: FxHashMap<Sym, u32> = FxHashMap::default();
    for draft in suite.cases.iter().filter_map(|(at, _)| build.drafts.get(*at)) {
        *names.entry(draft.name).or_default() += 1;
    }
    for (at, class) in suite.cases.iter().filter(|(_, class)| !class.is_empty()) {
        let Some(draft) = build.drafts.get_mut(*at).filter(|draft| names.get(&draft.name).is_some_and(|all| *all > 1))
        else {
            continue;
        };
        let name = format!("{class} {}", build.names.get(draft.name));
        draft.name = build.names.intern(&name);
    }
}

/// The first date of any suite.
fn first_date(source: &[u8]) -> Option<Nanos> {
    Xml::new(source).find_map(|token| match token {
        Token::Open { start, end, .. } => {
            let tag = source.get(start..end).filter(|tag| name(tag).starts_with(b"testsuite"))?;
            time::iso(&value(&attributes(tag), b"timestamp")?).map(|(time, _)| time)
        }
        _ => None,
    })
}

fn value(held: &[(&[u8], &[u8])], key: &[u8]) -> Option<String> {
    held.iter().find(|(name, _)| *name == key).map(|(_, value)| decoded(value).into_owned())
}

/// The length of a suite or case: seconds, with separators of thousands as Surefire writes them.
fn seconds(held: &[(&[u8], &[u8])]) -> Option<Nanos> {
    let text = value(held, b"time").or_else(|| value(held, b"duration"))?.replace(',', "");
    time::scaled(text.trim().trim_end_matches('s'), 1_000_000_000).filter(|length| length.0 >= 0)
}

struct JunitReveal;

impl Reveal for JunitReveal {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        if about.context == CLASS {
            fact(&mut details, "grouped by", "the class of the tests");
            return details;
        }
        for piece in pieces {
            element(piece, &mut details);
        }
        details
    }
}

/// One element being read: its name, its tag, and its texts.
struct Open {
    tag: (usize, usize),
    texts: Vec<(usize, usize, bool)>,
}

/// Shows a suite's tag, a whole case, or something that stands beside cases.
fn element(piece: &Piece, details: &mut Details) {
    let bytes = &piece.bytes;
    let mut open: Option<Open> = None;
    for (index, token) in Xml::new(bytes).enumerate() {
        match token {
            Token::Open { start, end, empty } => {
                let tag = bytes.get(start..end).unwrap_or(&[]);
                match name(tag) {
                    b"testcase" | b"testsuite" | b"testsuites" if index == 0 => head(tag, details),
                    b"property" => property(tag, piece, details),
                    b"properties" => {}
                    _ if open.is_none() => {
                        open = Some(Open { tag: (start, end), texts: Vec::new() });
                        if empty {
                            close(open.take(), piece, details);
                        }
                    }
                    _ => {}
                }
            }
            Token::Text { start, end } | Token::Data { start, end } => {
                if let Some(open) = &mut open {
                    open.texts.push((start, end, matches!(token, Token::Data { .. })));
                }
            }
            Token::Close { start, end } => {
                let ends = name(bytes.get(start..end).unwrap_or(&[]));
                let own = open
                    .as_ref()
                    .is_some_and(|open| bytes.get(open.tag.0..open.tag.1).is_some_and(|tag| name(tag) == ends));
                if own {
                    close(open.take(), piece, details);
                }
            }
        }
    }
    close(open, piece, details);
}

fn head(tag: &[u8], details: &mut Details) {
    for (key, held) in attributes(tag) {
        let (key, held) = (text(key), decoded(held));
        if !held.is_empty() && key != "name" && key != "noNamespaceSchemaLocation" && key != "schemaLocation" {
            fact(details, if key == "classname" { "class" } else { &key }, held);
        }
    }
}

fn property(tag: &[u8], piece: &Piece, details: &mut Details) {
    let held = attributes(tag);
    let Some(name) = value(&held, b"name") else { return };
    let text = value(&held, b"value").unwrap_or_default();
    details.attributes.push(Attribute { name, value: made(piece, text), understood: true });
}

fn made(piece: &Piece, text: String) -> Value {
    Value { place: piece.place, text: ValueText::Made { text, json: false, note: String::new() } }
}

/// An element is read to its end.
fn close(open: Option<Open>, piece: &Piece, details: &mut Details) {
    let Some(open) = open else { return };
    let slice = |(from, to): (usize, usize)| piece.bytes.get(from..to).unwrap_or(&[]);
    let tag = slice(open.tag);
    let mut whole = String::new();
    for &(from, to, data) in &open.texts {
        whole.push_str(&if data { text(slice((from, to))) } else { decoded(slice((from, to))) });
    }
    let held = attributes(tag);
    let stated = value(&held, b"message").unwrap_or_default();
    match name(tag) {
        b"failure" | b"error" => {
            let kind = value(&held, b"type").unwrap_or_default();
            let message = if stated.is_empty() { first_line(&whole, 200) } else { stated };
            match &mut details.error {
                None => {
                    let stack = if whole.trim() == message { String::new() } else { whole.trim().to_owned() };
                    details.error = Some(Error { kind, message, stack });
                }
                Some(first) => first.stack.push_str(&format!("\n\nThen {kind}: {message}\n{}", whole.trim())),
            }
        }
        b"skipped" | b"disabled" | b"ignored" => {
            let why = if stated.is_empty() { first_line(&whole, 200) } else { stated };
            fact(details, "skipped", if why.is_empty() { "no reason given".to_owned() } else { why });
        }
        b"system-out" if details.output.is_none() => {
            // Most are one piece without entities: then what is shown is the file itself.
            let mut pieces = open.texts.iter().filter(|(from, to, _)| !slice((*from, *to)).trim_ascii().is_empty());
            details.output = match (pieces.next(), pieces.next()) {
                (None, _) => None,
                (Some(&(from, to, data)), None) if data || !slice((from, to)).contains(&b'&') => {
                    let place =
                        Place { start: piece.place.start + from as u64, len: (to - from) as u64, ..piece.place };
                    Some(Value { place, text: ValueText::Plain })
                }
                _ => Some(made(piece, whole)),
            };
        }
        other => {
            let label = text(other).into_owned();
            let flaky = matches!(other, b"flakyFailure" | b"flakyError" | b"rerunFailure" | b"rerunError");
            if flaky {
                details.notes.push(format!("An earlier try failed: {}", first_line(&format!("{stated} {whole}"), 200)));
            }
            let shown = if whole.trim().is_empty() { stated } else { whole };
            if !shown.is_empty() {
                details.attributes.push(Attribute { name: label, value: made(piece, shown), understood: true });
            }
        }
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let head = probe.head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(probe.head).trim_ascii_start();
    if head.first() != Some(&b'<') {
        return None;
    }
    let first = Xml::new(head).find_map(|token| match token {
        Token::Open { start, end, .. } => Some(name(head.get(start..end).unwrap_or(&[]))),
        _ => None,
    })?;
    match first {
        b"testsuites" | b"testsuite" => Matched::new("JUnit report", "it is XML that begins with `testsuites`"),
        _ => None,
    }
}
