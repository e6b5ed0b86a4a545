//! Recordings of requests that hold calls of language models; the other requests are left out.
//!
//! Sources: HAR 1.2 (browsers, proxies); cassettes of VCR and those who write like it (vcrpy, go-vcr, the one of Ruby),
//! which tests of programs keep; lists of pairs of a `request` and its `response`.

use super::body::body;
use super::exchange::{Log, Shown, Told};
use super::shape;
use crate::import::record::{Record, read};
use crate::import::{Builder, Format, Here, Importer, Matched, Probe, ROOT, Reveal, Route, Sample, State, time};
use crate::json::{At, Lack, Lexer, NodeKind, Str, Tree};
use crate::model::{Nanos, Severity};
use crate::wording::counted;

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "har",
    name: "HAR recordings and VCR cassettes with calls of language models",
    detect,
    importer: |file, probe| {
        let recordings = probe.lists(&["log"]) || probe.lists(&CASSETTES);
        Box::new(Har { log: Log::new(file), calls: 0, others: 0, recordings })
    },
};

/// What the addresses of calls of language models hold.
const WAYS: [&str; 11] = [
    "/chat/completions",
    "/v1/messages",
    "/responses",
    ":generateContent",
    ":streamGenerateContent",
    "/api/chat",
    "/api/generate",
    "/v1/complet",
    "/v2/chat",
    "/converse",
    "/invoke",
];

/// Where a request or an answer keeps its body.
const BODIES: [&[&str]; 6] = [
    &["postData", "text"],
    &["content", "text"],
    &["parsed_body"],
    &["body", "string"],
    &["body", "base64_string"],
    &["body"],
];

/// Members that hold the list of a cassette.
const CASSETTES: [&str; 2] = ["interactions", "http_interactions"];

const RECORDING: State = 1;
const LOG: State = 2;
const ENTRIES: State = 3;

struct Har {
    log: Log,
    calls: u64,
    others: u64,
    /// A list of recordings, and not of requests with their responses.
    recordings: bool,
}

impl Importer for Har {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        match (state, key, lead) {
            (ROOT, None, b'{') => Route::Enter(RECORDING),
            (ROOT, None, b'[') if !self.recordings => Route::Enter(ENTRIES),
            (RECORDING, Some(key), b'{') if key.is("log") => Route::Enter(LOG),
            (RECORDING, Some(key), b'[') if CASSETTES.iter().any(|name| key.is(name)) => Route::Enter(ENTRIES),
            (LOG, Some(key), b'[') if key.is("entries") => Route::Enter(ENTRIES),
            (ENTRIES, None, b'{') => Route::Take(0),
            _ => Route::Skip,
        }
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        if self.entry(&record, build) {
            self.calls = self.calls.saturating_add(1);
        } else {
            self.others = self.others.saturating_add(1);
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        self.log.close(build);
        let others = counted(self.others, "other request", "other requests");
        if self.calls == 0 {
            let message =
                "The recording holds no call of a language model. Record while the program or page talks to one.";
            build.diagnostics.push(crate::model::Diagnostic::new(Severity::Warning, "no-model-calls", message));
        } else if self.others > 0 {
            let message = format!("{others} of the recording are no calls of a language model and are left out.");
            build.diagnostics.push(crate::model::Diagnostic::new(Severity::Info, "not-shown", message));
        }
        Box::new(Shown)
    }
}

impl Har {
    /// `false` for what is no call of a model.
    fn entry(&mut self, record: &Record<'_>, build: &mut Builder) -> bool {
        let root = record.root();
        let (Some(sent), response) = (root.get("request"), root.get("response")) else { return false };
        let Some((asked, request)) = held(sent).and_then(|at| Some((at, body(at.raw())?.json))) else { return false };
        let test = |json: &str, test: &dyn Fn(At<'_>) -> bool| {
            let tree = Tree::parse(json.as_bytes());
            At::root(json.as_bytes(), &tree).is_some_and(test)
        };
        let address = read::text(sent, &["url", "uri"]).unwrap_or_default();
        let known = WAYS.iter().any(|way| address.contains(way));
        let asks = |asks: At<'_>| {
            shape::list(asks).is_some() || known && (asks.get("prompt").is_some() || asks.get("input").is_some())
        };
        if !test(&request, &asks) {
            return false;
        }
        let answered = response.and_then(held).and_then(|at| Some((at, body(at.raw())?.json)));
        // A program may call what speaks like them at any address: there the answer must tell.
        if !known && !answered.as_ref().is_some_and(|(_, json)| test(json, &shape::is_answer)) {
            return false;
        }
        let start = read::iso(root, &["startedDateTime", "recorded_at"]);
        let took = root.get("time").and_then(read::scalar).and_then(|time| time::scaled(&time, 1_000_000));
        let end = start.zip(took).map(|(start, took)| Nanos(start.0.saturating_add(took.0.max(0))));
        let status = response.and_then(|response| {
            read::count(response, &["status", "status_code", "code"])
                .or_else(|| read::count(response.get("status")?, &["code"]))
        });
        let told = Told {
            request: Some((&request, record.place(asked))),
            answer: answered.as_ref().map(|(at, json)| (json.as_str(), record.place(*at))),
            start,
            end,
            failed: status.is_some_and(|status| status >= 400),
            same: self.calls > 0,
        };
        self.log.add(told, build);
        true
    }
}

/// The body of a request or an answer.
fn held(at: At<'_>) -> Option<At<'_>> {
    BODIES.iter().find_map(|way| at.at(way)).filter(|body| !body.is(NodeKind::Null))
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let first = |sample: &Sample<'_>, keys: &[&str]| sample.path(keys).is_some();
    let har = |sample: &Sample<'_>| first(sample, &["log", "entries"]);
    let cassette = |sample: &Sample<'_>| CASSETTES.iter().any(|list| first(sample, &[list, "request"]));
    let pairs = |sample: &Sample<'_>| {
        sample.is_array()
            && (first(sample, &["request", "url"]) || first(sample, &["request", "uri"]))
            && first(sample, &["response"])
    };
    let found = probe.find(|sample| har(sample) || cassette(sample) || pairs(sample))?;
    let calls = WAYS.iter().any(|way| memchr::memmem::find(probe.head, way.as_bytes()).is_some());
    // Of a long recording only the beginning is here: the calls may come later.
    (calls || !found.whole).then_some(())?;
    let (label, because) = match (har(found), cassette(found)) {
        (true, _) => ("HAR recording", "it has `log.entries` with requests to language models"),
        (_, true) => ("VCR cassette", "it has `interactions` with requests to language models"),
        _ => ("recorded requests", "it is a list of requests to language models and responses"),
    };
    Matched::new(label, because)
}
