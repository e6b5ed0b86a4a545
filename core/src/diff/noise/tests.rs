//! What counts as noise and what does not, case by case.

use super::*;

/// What is found in a text: the pieces that are left out.
fn found(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut at, mut out) = (0, Vec::new());
    while at < bytes.len() {
        let start = at;
        while bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
            at += 1;
        }
        let digits = bytes[start..at].iter().any(u8::is_ascii_digit);
        if at > start
            && token::possible(bytes, start, at, digits)
            && let Some((end, _)) = token::at_word(bytes, start, at)
        {
            out.push(&text[start..end]);
            at = end;
        }
        at += usize::from(at == start);
    }
    out
}

#[test]
fn ids_times_and_addresses_in_a_text() {
    for (text, pieces) in [
        ("6f1e0c52-8a6b-4a57-9c0e-0f8d5f2a7b11", &["6f1e0c52-8a6b-4a57-9c0e-0f8d5f2a7b11"][..]),
        ("run-6f1e0c52-8a6b-4a57-9c0e-0f8d5f2a7b11 ended", &["6f1e0c52-8a6b-4a57-9c0e-0f8d5f2a7b11"]),
        ("span 00f067aa0ba902b7.", &["00f067aa0ba902b7"]),
        (
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            &["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"],
        ),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", &["01ARZ3NDEKTSV4RRFFQ69G5FAV"]),
        ("call_O17Uplv4lJvD6DVdIvFFeMwG", &["O17Uplv4lJvD6DVdIvFFeMwG"]),
        ("chatcmpl-9x8Y7zAbC1dE2fG3hI4jK5lM6nO7p", &["9x8Y7zAbC1dE2fG3hI4jK5lM6nO7p"]),
        ("toolu_01A09q90qw90lq917835lq9", &["01A09q90qw90lq917835lq9"]),
        ("custom_9x8Y7zAbC1dE2fG3hI4jK5", &["9x8Y7zAbC1dE2fG3hI4jK5"]),
        ("2026-11-21T19:34:54.123Z", &["2026-11-21T19:34:54.123Z"]),
        ("at 2026-11-21 19:34:54+01:00, then", &["2026-11-21 19:34:54+01:00"]),
        ("20261121T193454Z", &["20261121T193454Z"]),
        ("<Agent object at 0x7f3a2c1b4d90>", &["0x7f3a2c1b4d90"]),
        // What people say counts.
        ("order 20261121 of 1234567890123456", &[]),
        ("meet at 2026-11-21T10:00:00Z or on 2026-11-22", &[]),
        ("gpt-4o-2024-08-06 claude-3-5-sonnet-20241022 text-embedding-3-large", &[]),
        ("call_1 call_weather get_weather_by_city step_overview2 item_00000001", &[]),
        ("getUserById2FromDatabase internationalization covid19 AX-200 RFC3339", &[]),
        ("deadbeefdeadbeef 0xff 0x12 #ff8800 192.168.10.20 1.2.3-beta4", &[]),
        ("model_llama70binstruct2 the_quick2brown3fox", &[]),
        ("5f-Größe 中文2026字", &[]),
    ] {
        assert_eq!(found(text), pieces, "{text}");
    }
}

#[test]
fn what_a_key_adds() {
    let told = |key: &str, text: &str| string(text.as_bytes(), Key::of(key));
    for (key, text, noise) in [
        ("startTimeUnixNano", "1700000000123456789", Some(Noise::Time)),
        ("created_at", "2026-11-21T10:00:00Z", Some(Noise::Time)),
        ("time", "2026-11-21 10:00", Some(Noise::Time)),
        ("date", "Sat, 21 Nov 2026 19:34:54 GMT", Some(Noise::Time)),
        ("latency", "12.5 ms", Some(Noise::Length)),
        ("duration", "0:00:01.250", Some(Noise::Length)),
        ("id", "V1StGXR8_Z5jdHi6B3myT7", Some(Noise::Id)),
        ("span_id", "6a9f4c21", Some(Noise::Id)),
        ("departure_time", "2026-11-21T10:00:00Z", None),
        ("due_at", "2026-11-21T10:00:00Z", None),
        ("phone", "1700000000", None),
        ("id", "order-12", None),
        ("id", "international-shipping-2026", None),
        ("title", "V1StGXR8_Z5jdHi6B3myT7", None),
        ("timeout", "30s", None),
        ("latency", "high", None),
        ("duration", "", None),
        ("sha256", "e3b0c44298fc1c149afbf4c8996fb924", None),
    ] {
        assert_eq!(told(key, text), noise, "{key}: {text}");
    }
}

#[test]
fn numbers_under_their_keys() {
    for (key, text, noise) in [
        ("duration", "0.123", Some(Noise::Length)),
        ("latencyMs", "12", Some(Noise::Length)),
        ("total_time", "1.5", Some(Noise::Length)),
        ("eval_duration", "123456789", Some(Noise::Length)),
        ("elapsed", "3", Some(Noise::Length)),
        ("ttft", "0.2", Some(Noise::Length)),
        ("created", "1700000000", Some(Noise::Time)),
        ("timestamp", "1700000000123", Some(Noise::Time)),
        ("ts", "1700000000.25", Some(Noise::Time)),
        ("trace_id", "1234567890123456789", Some(Noise::Id)),
        ("created", "7", None),
        ("order", "1700000000", None),
        ("id", "1700000000", None),
        ("score", "0.93", None),
        ("timeout_ms", "5000", None),
        ("max_latency_ms", "800", None),
        ("duration_minutes", "30", None),
        ("items", "12", None),
        ("steps", "3", None),
        ("price", "89.00", None),
        ("temperature", "0.7", None),
        ("duration", "NaN", None),
        ("times", "3", None),
    ] {
        assert_eq!(number(text, Key::of(key)), noise, "{key}: {text}");
    }
}

#[test]
fn keys_of_any_spelling() {
    for key in ["start_time_unix_nano", "startTimeUnixNano", "start-time.UnixNano", "STARTTimeUnixNano"] {
        assert!(Key::of(key).is(Key::TIME), "{key}");
    }
    assert!(Key::of("").is_plain() && Key::of("größe").is_plain() && Key::of(&"time".repeat(90)).is_plain());
    assert!(Key::of("requestId").is(Key::TRACE) && Key::of("userId").is(Key::ID) && !Key::of("idea").is(Key::ID));
}

proptest::proptest! {
    #[test]
    fn any_text_under_any_key(text in ".{0,40}", key in ".{0,20}", shape in "[0-9T:.+Z -]{0,40}") {
        for text in [&text, &shape] {
            let _ = (string(text.as_bytes(), Key::of(&key)), number(text, Key::of(&key)), found(text));
            for at in 0..=text.len() {
                let _ = token::moment(text.as_bytes(), at);
            }
        }
    }
}
