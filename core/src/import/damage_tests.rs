//! Damage of every sort to a text of every format: nothing panics, whoever reads it.

use super::{Builder, Here, Probe, Walk, dump::dump, formats};
use crate::source::Memory;
use proptest::prelude::*;

/// A text of each format, and texts that are refused.
pub(crate) fn fixtures() -> Vec<&'static str> {
    let families = [
        super::agents::FIXTURES,
        super::platforms::FIXTURES,
        super::frameworks::FIXTURES,
        super::workflows::FIXTURES,
        super::pipelines::FIXTURES,
        super::coditect::FIXTURES,
        super::conversations::FIXTURES,
        super::traces::FIXTURES,
    ];
    let ia = super::ia_modules::fixtures();
    let own = super::chaindebug::EVERYTHING;
    let otlp = r#"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"plan","startTimeUnixNano":"1700000000000000001","endTimeUnixNano":"1700000000000000101","status":{"code":2,"message":"no"},"events":[{"name":"exception","attributes":[{"key":"exception.type","value":{"stringValue":"E"}}]}],"attributes":[{"key":"gen_ai.input.messages","value":{"stringValue":"[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"hi\"}]}]"}}]}]}]}]}"#;
    let jaeger = r#"{"data":[{"traceID":"ab","spans":[{"traceID":"ab","spanID":"1","operationName":"o","startTime":1,"duration":1,"processID":"p1","tags":[{"key":"error","type":"bool","value":true}],"logs":[{"timestamp":1,"fields":[{"key":"event","value":"e"}]}]}],"processes":{"p1":{"serviceName":"s"}}}]}"#;
    let console = r#"{"name":"a","context":{"trace_id":"0x0af7651916cd43dd8448eb211c80319c","span_id":"0xb7ad6b7169203331"},"parent_id":null,"start_time":"2026-11-21T03:15:42Z","end_time":"2026-11-21T03:15:43Z","status":{"status_code":"OK"},"attributes":{"k":1}}"#;
    let refused =
        ["flowchart LR\n a[x] --> b{y}", "a,b,c\n1,2,3\n", "[{\"ph\":\"X\",\"ts\":1,\"pid\":1}]", "a: 1\nb:\n  - c\n"];
    let scenarios = crate::scenario::EVERYTHING;
    ia.into_iter()
        .chain([own, otlp, jaeger, console, scenarios])
        .chain(refused)
        .chain(families.into_iter().flatten().copied())
        .collect()
}

/// Reads the text as every format, whether it is that or not.
fn read_as_all(bytes: &[u8]) {
    for format in formats() {
        let source = Memory(bytes.to_vec());
        let mut importer = (format.importer)(0, &Probe::new(bytes, true));
        let mut build = Builder::default();
        if importer.whole() {
            importer.read(bytes, Here { file: 0, base: 0 }, &mut build);
            importer.finish(&mut build);
            build.finish();
            continue;
        }
        let mut walk = Walk::new(0, 0);
        while !walk.advance(&source, importer.as_mut(), &mut build, 50).unwrap_or(true) {}
        importer.finish(&mut build);
        build.finish();
    }
}

#[test]
fn each_fixture_is_read_as_every_format() {
    for text in fixtures() {
        read_as_all(text.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_cut_never_panics(which in any::<proptest::sample::Index>(), from in 0.0f64..1.0, to in 0.0f64..1.0) {
        let texts = fixtures();
        let bytes = which.get(&texts).as_bytes();
        let at = |share: f64| (bytes.len() as f64 * share) as usize;
        let (from, to) = (at(from.min(to)), at(from.max(to)));
        for part in [&bytes[..to], &bytes[from..], &bytes[from..to]] {
            dump(part);
            read_as_all(part);
        }
    }

    #[test]
    fn a_changed_text_never_panics(
        which in any::<proptest::sample::Index>(),
        changes in proptest::collection::vec((0.0f64..1.0, prop_oneof![
            Just(b'"'), Just(b'{'), Just(b'}'), Just(b'['), Just(b']'), Just(b','), Just(b':'), Just(b'\\'),
            Just(b'0'), Just(b'-'), Just(b'\n'), any::<u8>()
        ]), 1..6),
    ) {
        let texts = fixtures();
        let mut bytes = which.get(&texts).as_bytes().to_vec();
        for (share, byte) in changes {
            let at = (bytes.len() as f64 * share) as usize;
            bytes[at] = byte;
        }
        dump(&bytes);
        read_as_all(&bytes);
    }
}

#[test]
fn a_pipeline_without_one_of_its_commas_is_still_a_pipeline() {
    let text = include_str!("../../../playground-samples/approved-and-forgotten.pipeline.json");
    let mut missed = Vec::new();
    for (at, _) in text.match_indices([',', ':']) {
        let mut damaged = text.to_owned();
        damaged.remove(at);
        let (_, view) = super::testing::open(&damaged);
        if view.pipelines.len() != 1
            || view.diagnostics.is_empty() && serde_json::from_str::<serde::de::IgnoredAny>(&damaged).is_err()
        {
            missed.push(&text[at.saturating_sub(30)..=at]);
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}
