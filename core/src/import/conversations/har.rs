//! HAR recordings of a browser or proxy that hold calls of language models; the other requests are left out.
//!
//! Source: HAR 1.2. Bodies stand in it as texts: JSON, or the events of a stream, some as base64.

use super::exchange::{Log, Shown, Told};
use super::{shape, stream};
use crate::base64;
use crate::import::record::{Record, read};
use crate::import::{Builder, Format, Here, Importer, Matched, Probe, ROOT, Reveal, Route, State, time};
use crate::json::{At, Lack, Lexer, Str, Tree};
use crate::model::{Nanos, Severity};
use crate::wording::counted;

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "har",
    name: "HAR recordings with calls of language models",
    detect,
    importer: |file, _| Box::new(Har { log: Log::new(file), calls: 0, others: 0 }),
};

/// What the addresses of calls of language models hold.
const WAYS: [&str; 10] = [
    "/chat/completions",
    "/v1/messages",
    "/responses",
    ":generateContent",
    ":streamGenerateContent",
    "/api/chat",
    "/api/generate",
    "/v1/complete",
    "/converse",
    "/invoke",
];

const RECORDING: State = 1;
const LOG: State = 2;
const ENTRIES: State = 3;

struct Har {
    log: Log,
    calls: u64,
    others: u64,
}

impl Importer for Har {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        match (state, key, lead) {
            (ROOT, None, b'{') => Route::Enter(RECORDING),
            (RECORDING, Some(key), b'{') if key.is("log") => Route::Enter(LOG),
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
        let url = root.at(&["request", "url"]).and_then(At::string).unwrap_or_default();
        let Some(body) = root.at(&["request", "postData", "text"]) else { return false };
        if !WAYS.iter().any(|way| url.contains(way)) {
            return false;
        }
        let request = body.string().unwrap_or_default();
        let tree = Tree::parse(request.as_bytes());
        let asks = At::root(request.as_bytes(), &tree);
        if !asks.is_some_and(|asks| {
            shape::list(asks).is_some() || asks.get("prompt").is_some() || asks.get("input").is_some()
        }) {
            return false;
        }
        let content = root.at(&["response", "content"]);
        let text = content.and_then(|content| content.get("text"));
        let mut answer = text.and_then(At::string).unwrap_or_default().into_owned();
        if content.and_then(|content| content.text_of("encoding")).is_some_and(|encoding| encoding == "base64") {
            answer = String::from_utf8_lossy(&base64::decode_some(&answer)).into_owned();
        }
        if stream::is_stream(&answer) {
            answer = stream::together(&answer).unwrap_or_default();
        }
        let start = read::iso(root, &["startedDateTime"]);
        let took = root.get("time").and_then(read::scalar).and_then(|time| time::scaled(&time, 1_000_000));
        let end = start.zip(took).map(|(start, took)| Nanos(start.0.saturating_add(took.0.max(0))));
        let status = root.get("response").and_then(|response| read::count(response, &["status"])).unwrap_or(0);
        let told = Told {
            request: Some((&request, record.place(body))),
            answer: text.filter(|_| !answer.is_empty()).map(|text| (answer.as_str(), record.place(text))),
            start,
            end,
            failed: status >= 400,
            same: self.calls > 0,
        };
        self.log.add(told, build);
        true
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let found = probe.find(|sample| sample.path(&["log", "entries"]).is_some())?;
    let calls = WAYS.iter().any(|way| memchr::memmem::find(probe.head, way.as_bytes()).is_some());
    // Of a long recording only the beginning is here: the calls may come later.
    (calls || !found.whole).then_some(())?;
    Matched::new("HAR recording", "it has `log.entries` with requests to language models")
}
