//! OTLP JSON: what OpenTelemetry exporters and collectors write.
//!
//! Source: opentelemetry-proto `trace.proto` and its JSON mapping, and the spellings producers really use: one
//! object, JSON Lines, arrays and glued documents, `batches` (Tempo), `result` (Jaeger v3), bare ResourceSpans,
//! snake_case keys, base64 ids, `instrumentationLibrarySpans` (before 2022). The walk makes them one.

mod any_value;
mod reveal;
mod span;

use crate::import::{Builder, Format, Here, Importer, Matched, Probe, ROOT, Reveal, Route, State};
use crate::json::{Lack, Lexer, NodeKind, Str};
use crate::model::{Document, Flags, Place, Severity, Sym};
use crate::order::Order as _;
use crate::wording::counted;
use rustc_hash::{FxHashMap, FxHashSet};

pub use any_value::{any_value, plain_json};

/// The format.
pub const FORMAT: Format =
    Format { id: "otlp-json", name: "OTLP JSON and JSON Lines", detect, importer: |_, _| Box::new(Otlp::default()) };

const TOP: State = 1;
const RESOURCE_SPANS: State = 2;
const SCOPE_SPANS: State = 3;
const SCOPE: State = 4;
const SPANS: State = 5;
const RESOURCE_LOGS: State = 6;
const SCOPE_LOGS: State = 7;
const LOGS: State = 8;
const METRICS: State = 9;
const METRIC_LIST: State = 10;

const TAKE_RESOURCE: u8 = 0;
const TAKE_SCOPE: u8 = 1;
const TAKE_SPAN: u8 = 2;
const TAKE_LOG: u8 = 3;

/// Traces that are named as having steps elsewhere.
const WHOLES: usize = 100;

/// What surrounds a span: which resource, and the scope's name and version.
#[derive(Clone, Debug, Default)]
struct Context {
    resource: usize,
    scope: String,
}

/// A resource: what stands for the program that wrote the spans.
#[derive(Clone, Debug, Default)]
struct Resource {
    service: String,
    place: Option<Place>,
}

#[derive(Debug, Default)]
struct Otlp {
    resources: Vec<Resource>,
    contexts: Vec<Context>,
    /// Log records that name a span, to become its events.
    logs: Vec<span::Log>,
    metrics: u64,
    loose_logs: u32,
    dropped: u64,
}

impl Importer for Otlp {
    fn route(&mut self, state: State, key: Option<Str<'_>>, _lead: u8) -> Route {
        let Some(key) = key else {
            return match state {
                ROOT | TOP => Route::Enter(TOP),
                RESOURCE_SPANS => Route::Enter(TOP),
                SCOPE_SPANS => Route::Enter(SCOPE),
                SPANS => Route::Take(TAKE_SPAN),
                RESOURCE_LOGS => Route::Enter(SCOPE_LOGS),
                SCOPE_LOGS | LOGS => Route::Take(TAKE_LOG),
                METRICS => Route::Enter(METRICS),
                METRIC_LIST => {
                    self.metrics = self.metrics.saturating_add(1);
                    Route::Skip
                }
                _ => Route::Skip,
            };
        };
        match (state, key.raw) {
            (TOP, b"resourceSpans" | b"resource_spans" | b"batches") => Route::Enter(RESOURCE_SPANS),
            (TOP, b"resource") => Route::Take(TAKE_RESOURCE),
            (
                TOP,
                b"scopeSpans" | b"scope_spans" | b"instrumentationLibrarySpans" | b"instrumentation_library_spans",
            ) => Route::Enter(SCOPE_SPANS),
            (TOP, b"resourceLogs" | b"resource_logs") => Route::Enter(TOP),
            (TOP, b"scopeLogs" | b"scope_logs" | b"instrumentationLibraryLogs" | b"instrumentation_library_logs") => {
                Route::Enter(RESOURCE_LOGS)
            }
            (TOP, b"resourceMetrics" | b"resource_metrics") => Route::Enter(METRICS),
            (TOP | METRICS, b"scopeMetrics" | b"scope_metrics" | b"instrumentationLibraryMetrics") => {
                Route::Enter(METRICS)
            }
            (METRICS, b"metrics") => Route::Enter(METRIC_LIST),
            (TOP, b"spans") => Route::Enter(SPANS),
            (TOP, b"result" | b"data" | b"trace" | b"traces" | b"response" | b"request" | b"payload" | b"body") => {
                Route::Enter(TOP)
            }
            (SCOPE, b"scope" | b"instrumentationLibrary" | b"instrumentation_library") => Route::Take(TAKE_SCOPE),
            (SCOPE, b"spans") => Route::Enter(SPANS),
            (SCOPE_LOGS, b"logRecords" | b"log_records") => Route::Enter(LOGS),
            _ => Route::Skip,
        }
    }

    fn enter(&mut self, state: State, _: u64) {
        match state {
            TOP => {
                self.resources.push(Resource::default());
                self.contexts.push(Context { resource: self.resources.len() - 1, scope: String::new() });
            }
            SCOPE => {
                let resource = self.contexts.last().map_or(0, |context| context.resource);
                self.contexts.push(Context { resource, scope: String::new() });
            }
            _ => {}
        }
    }

    fn take(&mut self, tag: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        match tag {
            TAKE_RESOURCE => {
                let resource = reveal::resource(lexer, here)?;
                // The newest resource without a place is this container's: scopes are inside, resources are not.
                let slot = self.contexts.last().and_then(|context| self.resources.get_mut(context.resource));
                if let Some(slot) = slot {
                    *slot = resource;
                }
            }
            TAKE_SCOPE => {
                let scope = reveal::scope(lexer)?;
                if let Some(context) = self.contexts.last_mut() {
                    context.scope = scope;
                }
            }
            TAKE_LOG => match span::log(lexer, here, build)? {
                Some(log) => self.logs.push(log),
                None => self.loose_logs = self.loose_logs.saturating_add(1),
            },
            _ => {
                let context = u32::try_from(self.contexts.len().saturating_sub(1)).unwrap_or(u32::MAX);
                self.dropped = self.dropped.saturating_add(span::span(lexer, here, build, context)?);
            }
        }
        Ok(())
    }

    fn together(&self, open: &Document) -> bool {
        // Log records of it may belong to steps of this file.
        !open.wholes.is_empty()
    }

    fn finish(self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        if !self.logs.is_empty() {
            let mut spans: FxHashMap<(Sym, Sym), usize> = FxHashMap::default();
            for (index, draft) in build.drafts.iter().enumerate() {
                spans.entry((draft.run, draft.id)).or_insert(index);
            }
            let (mut loose, mut missing) = (self.loose_logs, FxHashSet::default());
            for log in &self.logs {
                match spans.get(&(log.run, log.span)).and_then(|&index| build.drafts.get_mut(index)) {
                    Some(draft) => {
                        draft.more.push(log.place);
                        if log.message {
                            draft.flags.set(Flags::MESSAGES);
                        }
                    }
                    None => {
                        loose = loose.saturating_add(1);
                        missing.insert(log.run);
                    }
                }
            }
            // The file with their steps belongs to this one.
            let mut missing: Vec<Sym> = missing.into_iter().collect();
            missing.order();
            missing.truncate(WHOLES);
            build.wholes = missing.into_iter().map(|run| build.names.get(run).to_owned()).collect();
            report_loose(build, loose);
        } else {
            report_loose(build, self.loose_logs);
        }
        if self.metrics > 0 {
            let metrics = counted(self.metrics, "metric; it belongs", "metrics; they belong");
            let message = format!("The file also holds {metrics} to no step and are not shown.");
            let message = if self.metrics == 1 { message.replace("and are", "and is") } else { message };
            build.diagnostics.push(crate::model::Diagnostic::new(Severity::Info, "metrics-not-shown", message));
        }
        if self.dropped > 0 {
            let message = format!(
                "The program that wrote the file says it dropped {} attributes, events or links (droppedAttributesCount and the like).",
                self.dropped
            );
            build.diagnostics.push(crate::model::Diagnostic::new(Severity::Info, "dropped-by-producer", message));
        }
        Box::new(reveal::OtlpReveal { resources: self.resources, contexts: self.contexts })
    }
}

fn report_loose(build: &mut Builder, loose: u32) {
    if loose > 0 {
        let records = counted(
            loose,
            "log record names no step of this file and is",
            "log records name no step of this file and are",
        );
        let message = format!(
            "{records} not shown. A program's logs and spans are often exported to two files: open the one with spans, then this one into it."
        );
        build.diagnostics.push(crate::model::Diagnostic::new(Severity::Info, "log-without-step", message));
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    const LISTS: [(&str, &str); 10] = [
        ("resourceSpans", ""),
        ("resource_spans", " (snake_case keys)"),
        ("batches", " (Tempo batches)"),
        ("scopeSpans", " (bare ResourceSpans)"),
        ("scope_spans", " (bare ResourceSpans, snake_case keys)"),
        ("instrumentationLibrarySpans", " (bare ResourceSpans, before 2022)"),
        ("resourceLogs", " (logs)"),
        ("resource_logs", " (logs, snake_case keys)"),
        ("scopeLogs", " (bare ResourceLogs)"),
        ("resourceMetrics", " (metrics)"),
    ];
    const WRAPPERS: [&str; 8] = ["result", "data", "trace", "traces", "response", "request", "payload", "body"];
    for sample in &probe.samples {
        let spelling = if probe.many() {
            "OTLP JSON Lines"
        } else if sample.is_array() {
            "OTLP JSON array"
        } else {
            "OTLP JSON"
        };
        for (key, note) in LISTS {
            let listed = sample.get(key).filter(|&node| sample.is(node, NodeKind::Array));
            let sound = listed.is_some_and(|node| {
                key != "batches"
                    || sample.tree.first_child(node).is_none_or(|item| {
                        ["resource", "scopeSpans", "instrumentationLibrarySpans", "scope_spans"]
                            .iter()
                            .any(|key| sample.member(item, key).is_some())
                    })
            });
            if sound {
                return Matched::new(format!("{spelling}{note}"), format!("it holds `{key}`"));
            }
            for wrapper in WRAPPERS {
                if sample.path(&[wrapper, key]).is_some_and(|node| sample.is(node, NodeKind::Array)) {
                    return Matched::new(format!("{spelling}{note}"), format!("it holds `{wrapper}.{key}`"));
                }
            }
        }
        if sample.path(&["spans", "startTimeUnixNano"]).is_some() && sample.path(&["spans", "spanId"]).is_some() {
            return Matched::new(format!("{spelling} (bare spans)"), "it holds `spans` with `startTimeUnixNano`");
        }
    }
    None
}

#[cfg(test)]
mod tests;
