//! Jaeger JSON: the answer of Jaeger's API and what its page downloads.
//!
//! Source: jaeger-ui `types/trace.ts` and the API's `{data: [{traceID, spans, processes}]}`. Also a bare trace, a bare
//! list of spans (the anonymiser's), and the page's own state (`{data: {spans, …}, id, state}`, processes inlined).

mod reveal;
mod span;

use crate::import::{Builder, Format, Here, Importer, Matched, Probe, ROOT, Reveal, Route, State};
use crate::json::{Lack, Lexer, NodeKind, Str};
use rustc_hash::FxHashMap;

/// The format.
pub const FORMAT: Format =
    Format { id: "jaeger-json", name: "Jaeger JSON", detect, importer: |_, probe| Box::new(Jaeger::new(probe)) };

const TOP: State = 1;
const SPANS: State = 2;
const PROCESSES: State = 3;

const TAKE_SPAN: u8 = 0;
const TAKE_PROCESS: u8 = 1;
const TAKE_ITEM: u8 = 2;

/// Processes of one trace, and the spans' process ids: either may stand first in the file.
#[derive(Debug, Default)]
struct Jaeger {
    /// Number of the trace object being read: process ids are only unique within one.
    trace: u32,
    /// Service by trace and process id.
    services: FxHashMap<(u32, String), String>,
    /// Trace and process id by [`crate::import::Draft::context`].
    contexts: Vec<(u32, String)>,
    known: FxHashMap<(u32, String), u32>,
    key: String,
    /// A list of answers of the API, and not of traces or spans.
    answers: bool,
}

impl Jaeger {
    fn new(probe: &Probe<'_>) -> Jaeger {
        Jaeger { answers: probe.lists(&["data", "result", "traces", "trace"]), ..Jaeger::default() }
    }

    fn context(&mut self, process: String) -> u32 {
        let next = u32::try_from(self.contexts.len()).unwrap_or(u32::MAX);
        let key = (self.trace, process);
        *self.known.entry(key.clone()).or_insert_with(|| {
            self.contexts.push(key);
            next
        })
    }
}

impl Importer for Jaeger {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        let Some(key) = key else {
            return match state {
                // The walk takes its items for documents.
                ROOT if lead == b'[' && self.answers => Route::Skip,
                ROOT => Route::Enter(TOP),
                // An item of a list at the top: a trace, or a span of a bare list.
                TOP if lead == b'{' => Route::Take(TAKE_ITEM),
                TOP => Route::Enter(TOP),
                SPANS => Route::Take(TAKE_SPAN),
                _ => Route::Skip,
            };
        };
        match (state, key.raw) {
            (TOP, b"data" | b"result" | b"traces" | b"trace") => Route::Enter(TOP),
            (TOP, b"spans") => Route::Enter(SPANS),
            (TOP, b"processes") => Route::Enter(PROCESSES),
            (PROCESSES, _) => {
                self.key = key.text().into_owned();
                Route::Take(TAKE_PROCESS)
            }
            _ => Route::Skip,
        }
    }

    fn enter(&mut self, state: State, _: u64) {
        if state == TOP {
            self.trace = self.trace.saturating_add(1);
        }
    }

    fn take(&mut self, tag: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        match tag {
            TAKE_PROCESS => {
                let service = span::service(lexer)?;
                self.services.insert((self.trace, std::mem::take(&mut self.key)), service);
                Ok(())
            }
            TAKE_ITEM => self.item(lexer, here, build),
            _ => self.span(lexer, here, build),
        }
    }

    fn finish(self: Box<Self>, _: &mut Builder) -> Box<dyn Reveal> {
        let services = self.contexts.iter().map(|key| {
            self.services.get(key).cloned().unwrap_or_else(|| match key.1.strip_prefix('=') {
                Some(inline) => inline.to_owned(),
                None => String::new(),
            })
        });
        Box::new(reveal::JaegerReveal { services: services.collect() })
    }
}

impl Jaeger {
    fn span(&mut self, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let Some((mut draft, process)) = span::span(lexer, here, build)? else { return Ok(()) };
        draft.context = self.context(process);
        build.push(draft);
        Ok(())
    }

    /// An item of a top-level list: looks ahead whether it is a trace (has `spans`) or a span, then reads it.
    fn item(&mut self, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let mut ahead = lexer.clone();
        let mut trace = false;
        ahead.members(|ahead, key| {
            trace |= key.is("spans");
            ahead.skip().map(|_| ())
        })?;
        if !trace {
            return self.span(lexer, here, build);
        }
        self.trace = self.trace.saturating_add(1);
        lexer.members(|lexer, key| {
            match key.raw {
                b"spans" => {
                    lexer.items(|lexer| self.span(lexer, here, build))?;
                }
                b"processes" => {
                    lexer.members(|lexer, key| {
                        let service = span::service(lexer)?;
                        self.services.insert((self.trace, key.text().into_owned()), service);
                        Ok(())
                    })?;
                }
                _ => {
                    lexer.skip()?;
                }
            }
            Ok(())
        })?;
        Ok(())
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    for sample in &probe.samples {
        for (path, note) in [
            (&["data", "spans"][..], "`data[].spans`"),
            (&["spans"][..], "`spans`"),
            (&["traces", "spans"][..], "`traces[].spans`"),
            (&["result", "spans"][..], "`result.spans`"),
        ] {
            let Some(spans) = sample.path(path).filter(|&node| sample.is(node, NodeKind::Array)) else { continue };
            let Some(first) = sample.tree.first_child(spans) else { continue };
            if sample.member(first, "traceID").is_some() && sample.member(first, "spanID").is_some() {
                let many = if probe.many() { "Jaeger JSON Lines" } else { "Jaeger JSON" };
                return Matched::new(many, format!("it holds {note} with `traceID` and `operationName`"));
            }
        }
        if sample.get("traceID").is_some() && sample.get("spanID").is_some() && sample.get("operationName").is_some() {
            return Matched::new("Jaeger JSON (bare spans)", "its items have `traceID`, `spanID` and `operationName`");
        }
        // A trace of no spans, or one whose processes come first and fill the head.
        if sample.get("traceID").is_some() && sample.get("processes").is_some()
            || sample.path(&["data", "traceID"]).is_some() && sample.path(&["data", "processes"]).is_some()
        {
            return Matched::new("Jaeger JSON", "it holds `traceID` and `processes`");
        }
    }
    None
}

#[cfg(test)]
mod tests;
