//! How JSON files of known kinds are told by their keys. Most specific first.

/// A kind of file and how it is told.
pub(super) struct Rule {
    /// With its article: `a Chrome trace`.
    pub(super) name: &'static str,
    /// Tests that must all hold on one object. `a.b` is a path that exists (through the first items of lists, `*` for
    /// the first member);
    /// `a=x` a text, `a^x` the beginning of a text, `a:[]` a list, `a:[text]` one of texts, `a:{}` an object; `!` before a test negates it.
    pub(super) all: &'static [&'static str],
    /// What to do instead; empty for the list of what is read.
    pub(super) next: &'static str,
}

pub(super) const fn rule(name: &'static str, all: &'static [&'static str], next: &'static str) -> Rule {
    Rule { name, all, next }
}

const RUN: &str = "Of IA Modules the pipeline, the run log (.jsonl), pipeline_result.json, records of the tracker, \
                   checkpoints, benchmarks and spans are read.";
const TRAIL: &str = "It says what was decided and not what each step did: the checkpoints of the same thread, or a tracker \
                     record, tell it.";
const REPLAY: &str = "It holds two outcomes and no steps: open the checkpoints of the run it replayed.";
const ZIPKIN: &str = "Ask Zipkin for version 2: `/api/v2/trace/ID`, or the download of its page.";
const NONE: &str = "";

/// All rules.
pub(super) const RULES: &[Rule] = &[
    // IA Modules
    rule("an IA Modules guardrails configuration", &["rails:[]", "guardrails_config"], RUN),
    rule("an IA Modules decision trail", &["thread_id", "goal", "steps_taken"], TRAIL),
    rule("an IA Modules evidence list", &["type", "source", "content", "confidence", "timestamp"], TRAIL),
    rule("an IA Modules replay result", &["mode", "original_outcome", "replayed_outcome"], REPLAY),
    rule("a set of IA Modules test cases", &["id", "pipeline", "expect"], RUN),
    rule(
        "a report of the IA Modules validator",
        &["is_valid", "errors", "warnings"],
        "Open the pipeline it speaks of.",
    ),
    rule("a report of the IA Modules validator", &["static_no_import.is_valid"], "Open the pipeline it speaks of."),
    // Traces
    rule(
        "a Chrome trace without events",
        &["traceEvents:[]", "!traceEvents.ph"],
        "Record again: there is nothing in it.",
    ),
    rule("a Zipkin v1 trace", &["traceId", "binaryAnnotations"], ZIPKIN),
    rule("a Zipkin v1 trace", &["traceId", "annotations.endpoint"], ZIPKIN),
    // Workflow engines and tests
    rule(
        "an answer of Step Functions without its history",
        &["executionArn", "stateMachineArn"],
        "Ask for `get-execution-history`.",
    ),
    // Pipelines
    rule(
        "an n8n execution without its data",
        &["workflowId", "startedAt", "mode", "!data.resultData"],
        "Ask for it with `includeData=true`.",
    ),
    rule(
        "an object of Argo that is no workflow",
        &["apiVersion^argoproj.io"],
        "Open a Workflow, a WorkflowTemplate or a CronWorkflow.",
    ),
    rule("a dbt artifact", &["metadata.dbt_schema_version"], NONE),
    // Others that turn up
    rule(
        "a HAR recording without calls of a language model",
        &["log.entries"],
        "Record while the page or program talks to one, and save it with the contents.",
    ),
    rule(
        "a cassette of recorded requests without calls of a language model",
        &["interactions.request"],
        "Record while the program talks to one.",
    ),
    rule(
        "a Jupyter notebook",
        &["nbformat", "cells"],
        "Save what a cell printed or returned (a run as JSON, a list of messages) to a file, and open that.",
    ),
    rule(
        "the state of a paused run of the OpenAI Agents SDK",
        &["$schemaVersion", "current_agent"],
        "It holds where the run stands and no steps: open what a trace processor wrote of it.",
    ),
    rule("a recording of Prometheus or OTLP metrics", &["resourceMetrics"], "Open a file with traces."),
];
