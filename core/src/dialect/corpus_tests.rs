//! Real traces, where `CHAINDEBUG_CORPUS` names a folder of them, and the project's own samples: tokens and money
//! counted once, and a conversation on each model call that recorded one. The numbers were counted from the files by a
//! program of its own.

// A helper of tests fails as a test does; clippy knows only functions marked as tests.
#![allow(clippy::unwrap_used)]

use crate::import::testing::open_bytes;
use crate::model::{Flags, Kind, Usage};
use std::path::{Path, PathBuf};

/// A file with the tokens sent, written and cached, dollars, model calls, and those of them that tell a conversation.
type Counts = (&'static str, [u64; 3], f64, usize, usize);

const CORPUS: [Counts; 11] = [
    ("jaeger/genaiTestTrace.json", [8280, 1180, 4140], 0.0, 5, 5),
    ("openinference/langchain-openinference.jsonl", [367, 47, 0], 0.0, 4, 4),
    ("openinference/llamaindex-rag.jsonl", [0, 0, 0], 0.0, 4, 4),
    ("openinference/otlp-array-langchain-rag-earnings.json", [629, 19, 0], 0.0, 1, 1),
    ("otel-genai/openllmetry-langchain-batches.jsonl", [367, 47, 0], 0.0, 4, 4),
    // The call that failed recorded nothing but its error.
    ("otel-genai/otlp-genai-pydantic-ai-v5.jsonl", [211, 22, 40], 0.0, 4, 3),
    ("otel-genai/vercel-ai-sdk-otlp.json", [360, 64, 0], 0.0, 7, 7),
    ("otlp/otel-console-exporter.txt", [367, 47, 0], 0.0, 4, 4),
    ("otlp/otel-js-JsonTraceSerializer.json", [360, 64, 0], 0.0, 7, 7),
    ("otlp/otel-proto-example.json", [0, 0, 0], 0.0, 0, 0),
    ("otlp/otel-py-file-exporter.jsonl", [367, 47, 0], 0.0, 4, 4),
];

const SAMPLES: [Counts; 7] = [
    ("eleven-wait.jaeger.json", [900, 230, 0], 0.000_728, 12, 12),
    ("empty-retrieval.otlp.json", [214, 180, 0], 0.001_531_6, 2, 2),
    ("half-a-json.ai-sdk.otlp.json", [3352, 461, 0], 0.0, 4, 4),
    ("research-team.openllmetry.otlp.json", [6834, 522, 0], 0.017_358, 11, 11),
    ("six-refunds.otlp.jsonl", [7730, 448, 5184], 0.011_057_34, 9, 9),
    ("yesterday-it-worked.monday.otlp.json", [232, 82, 0], 0.000_929_6, 2, 2),
    ("yesterday-it-worked.tuesday.otlp.json", [203, 76, 0], 0.000_823_6, 2, 2),
];

/// Where a file differs from what was counted.
fn differences(folder: &Path, counts: &Counts) -> Vec<String> {
    let (name, tokens, cost, calls, told) = counts;
    let bytes = std::fs::read(folder.join(name)).unwrap();
    let (session, view) = open_bytes(&bytes);
    let opened = session.opened.first().and_then(Option::as_ref).unwrap();
    let mut sum = Usage::default();
    let mut wrong = Vec::new();
    let (mut found, mut telling) = (0, 0);
    for (number, run) in (0u32..).zip(&opened.document.runs) {
        sum.add(&run.usage);
        for (step, kind) in (0u32..).zip(&run.steps.kind) {
            let details = session.details(number, step).unwrap();
            let said = !details.messages.is_empty();
            let marked = run.steps.flags.get(step as usize).is_some_and(|flags| flags.has(Flags::MESSAGES));
            if said && !marked {
                wrong.push(format!("{name}: step {step} tells messages that the index does not know of"));
            }
            if *kind == Kind::Llm {
                found += 1;
                telling += usize::from(said);
                let model = run.steps.model.get(step as usize).map(|&model| opened.document.names.get(model));
                if model.is_none_or(str::is_empty) && !name.contains("llamaindex") {
                    wrong.push(format!("{name}: step {step} has no model"));
                }
                let empty = details.messages.iter().any(|message| message.parts.is_empty());
                if empty {
                    wrong.push(format!("{name}: step {step} has a message without anything in it"));
                }
            }
        }
    }
    let counted = [sum.input, sum.output, sum.cached].map(Option::unwrap_or_default);
    if counted != *tokens {
        wrong.push(format!("{name}: tokens {counted:?}, counted {tokens:?}"));
    }
    if (sum.cost.unwrap_or_default() - cost).abs() > 1e-9 {
        wrong.push(format!("{name}: {:?} dollars, counted {cost}", sum.cost));
    }
    if (found, telling) != (*calls, *told) {
        wrong.push(format!("{name}: {found} model calls, {telling} with messages; counted {calls}, {told}"));
    }
    if view.format.is_empty() {
        wrong.push(format!("{name}: not read"));
    }
    wrong
}

fn check(folder: &Path, counts: &[Counts]) {
    let there = counts.iter().filter(|counts| folder.join(counts.0).is_file());
    let wrong: Vec<String> = there.flat_map(|counts| differences(folder, counts)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn real_traces_are_counted_once_and_tell_their_conversations() {
    let Some(folder) = std::env::var_os("CHAINDEBUG_CORPUS").map(PathBuf::from) else { return };
    check(&folder, &CORPUS);
}

#[test]
fn samples_are_counted_once_and_tell_their_conversations() {
    check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../playground-samples"), &SAMPLES);
}
