//! How much is found and how much is taken for what it is not, on a seeded set; and what must hold for any run.

use super::known::Known;
use super::named::Hint;
use super::own::Own;
use super::seeded::{Dice, PLANTED, Planted, look_alike, secret};
use super::text::{Wanted, find};
use crate::import::testing::open;
use crate::json::quoted;
use crate::protocol::{ExportFormat, OwnPattern, Redaction};
use crate::session::Session;
use crate::session::hand_on_tests::{export, of_run};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::time::Instant;

fn hits(text: &str) -> Vec<(String, String)> {
    let (own, known) = (Own::default(), Known::default());
    let found = find(text, Hint::None, Wanted { own: &own, known: &known });
    found.iter().map(|hit| (hit.kind.about().id.to_owned(), text[hit.start..hit.end].to_owned())).collect()
}

/// What is left of a text when what was found is gone.
fn left(text: &str) -> String {
    let (own, known) = (Own::default(), Known::default());
    let found = find(text, Hint::None, Wanted { own: &own, known: &known });
    let mut out = text.to_owned();
    for hit in found.iter().rev() {
        out.replace_range(hit.start..hit.end, "█");
    }
    out
}

#[test]
fn what_is_found_and_what_is_taken_for_a_secret() {
    let mut dice = Dice::new(20_260_302);
    let mut lines = Vec::new();
    for kind in PLANTED {
        let (mut found, mut named, mut missed) = (0, 0, Vec::new());
        const EACH: usize = 120;
        for _ in 0..EACH {
            let Planted { text, secret, .. } = secret(kind, &mut dice);
            if left(&text).contains(&secret) {
                missed.push(text.clone());
            } else {
                found += 1;
            }
            named += usize::from(hits(&text).iter().any(|(id, _)| id == kind));
        }
        let recall = found as f64 / EACH as f64;
        lines.push(format!("{kind:14} recall {recall:.3}, called so {:.3}", named as f64 / EACH as f64));
        assert!(recall >= 0.98, "{}\nmissed: {:#?}", lines.join("\n"), missed);
    }
    let mut wrong = Vec::new();
    const LOOK_ALIKES: usize = 3_400;
    for _ in 0..LOOK_ALIKES {
        let text = look_alike(&mut dice).text;
        wrong.extend(hits(&text).into_iter().map(|hit| (hit, text.clone())));
    }
    let share = wrong.len() as f64 / LOOK_ALIKES as f64;
    println!("{}\nlook-alikes    {} of {LOOK_ALIKES} taken for secrets ({share:.4})", lines.join("\n"), wrong.len());
    assert!(share <= 0.01, "{:#?}", wrong.iter().take(40).collect::<Vec<_>>());
}

/// A text in other spellings: as JSON writes it with every letter escaped, as an address does, as JSON in JSON.
fn spellings(secret: &str) -> Vec<String> {
    let escaped: String = secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    let percent: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let some: String =
        secret.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_string() } else { percent_of(c) }).collect();
    vec![
        secret.to_owned(),
        quoted(secret).trim_matches('"').to_owned(),
        quoted(&quoted(secret)).trim_matches('"').to_owned(),
        escaped,
        percent,
        some,
    ]
}

fn percent_of(c: char) -> String {
    c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A run in which each text stands somewhere else: input, attribute, event, error, message, name, key.
fn trace(texts: &[String]) -> String {
    let mut out = format!(
        "{{\"chaindebug\":1,\"run\":{{\"id\":\"r\",\"name\":{}}}}}\n",
        quoted(texts.first().map_or("", String::as_str))
    );
    for (at, text) in texts.iter().enumerate() {
        let (json, inner) = (quoted(text), quoted(&format!("{{\"v\": {}}}", quoted(text))));
        let member = match at % 9 {
            0 => format!("\"input\":{{\"a\":[{json}]}}"),
            1 => format!("\"output\":{json}"),
            2 => format!("\"attributes\":{{\"x\":{json}}}"),
            3 => format!("\"events\":[{{\"name\":\"e\",\"attributes\":{{\"m\":{json}}}}}]"),
            4 => format!("\"error\":{{\"type\":\"E\",\"message\":{json},\"stack\":{json}}},\"status\":\"error\""),
            5 => format!(
                "\"messages\":[{{\"role\":\"user\",\"content\":{json}}},{{\"role\":\"assistant\",\"parts\":[{{\"type\":\"tool_call\",\"id\":\"1\",\"name\":\"t\",\"arguments\":{inner}}}]}}]"
            ),
            6 => format!("\"input\":{inner}"),
            7 => format!("\"input\":{{{json}:1}}"),
            _ => format!("\"state_before\":{{\"s\":{json}}},\"state_after\":{{\"s\":{json}}}"),
        };
        let parent = if at == 0 { String::new() } else { format!("\"parent\":\"s{}\",", at / 3) };
        out.push_str(&format!(
            "{{\"type\":\"step\",\"id\":\"s{}\",{parent}\"name\":\"step {at}\",\"start\":{},\"end\":{},{member}}}\n",
            at + 1,
            1_772_442_904_000_000_000u64 + at as u64,
            1_772_442_905_000_000_000u64
        ));
    }
    out
}

/// The tree of the first run, without texts.
#[allow(clippy::type_complexity)] // A row for each step, only to be compared.
fn tree(session: &Session) -> Vec<(Option<u32>, &'static str, &'static str, Option<i64>, Option<i64>)> {
    let steps = &session.run(0).unwrap().1.steps;
    let time = |time: Option<crate::model::Nanos>| time.map(|time| time.0);
    (0..steps.len())
        .map(|at| {
            (
                steps.parent[at],
                steps.kind[at].name(),
                steps.status[at].name(),
                time(steps.start[at]),
                time(steps.end[at]),
            )
        })
        .collect()
}

/// Redacts a run, checks what must hold for every one, and gives the text.
fn redacted(text: &str, secrets: &[String]) -> String {
    let (mut session, _) = open(text);
    let before = format!("{:?}", tree(&session));
    let (written, view) = export(&mut session, &of_run(ExportFormat::Jsonl), Some(&Redaction::default()));
    let (again, document) = open(&written);
    assert_eq!(document.format, "chaindebug");
    assert_eq!(format!("{:?}", tree(&again)), before);
    for secret in secrets {
        for spelling in spellings(secret) {
            assert!(!written.contains(&spelling), "{secret} as {spelling}\n{written}");
        }
    }
    assert!(view.report.as_ref().is_some_and(|report| report.clean), "{:?}\n{written}", view.report);
    written
}

#[test]
fn nothing_of_a_secret_is_left_wherever_it_stood() {
    let mut dice = Dice::new(7);
    for round in 0..6 {
        let planted: Vec<Planted> =
            (0..36).map(|at| secret(PLANTED[(at + round) % PLANTED.len()], &mut dice)).collect();
        let texts: Vec<String> = planted.iter().map(|planted| planted.text.clone()).collect();
        let secrets: Vec<String> = planted.iter().map(|planted| planted.secret.clone()).collect();
        redacted(&trace(&texts), &secrets);
    }
}

#[test]
fn other_spellings_are_found_as_well() {
    let mail = "ana.lopes@acme.org".to_owned();
    let key = "sk-ant-api03-Zq81Kx0pLmA7Wc2Rt5Yh".to_owned();
    for text in [
        "log: {\\\"to\\\": \\\"ana.lopes\\u0040acme.org\\\"} sent",
        "GET /x?mail=ana.lopes%40acme.org&y=1",
        "<a href=\"mailto:ana.lopes&#64;acme.org\">",
        r#"{"a": "{\"b\": \"{\\\"to\\\": \\\"ana.lopes@acme.org\\\"}\"}"}"#,
    ] {
        let out = redacted(&trace(&[text.to_owned()]), std::slice::from_ref(&mail));
        assert!(out.contains("email-1@redacted.invalid"), "{out}");
    }
    let out = redacted(&trace(&[format!("a {key}"), format!("then %22{key}%22 and \\\"{key}\\\"")]), &[key]);
    assert!(out.contains("[key:anthropic-1]") && !out.contains("anthropic-2"), "{out}");
}

#[test]
fn the_same_thing_is_the_same_stand_in_and_numbers_stay_numbers() {
    let text = "{\"chaindebug\":1}\n{\"name\":\"pay\",\"input\":{\"pan\":4111111111111111,\"pin\":4711,\"amount\":1999,\"user\":\"Ana@Acme.org\",\"pw\":\"x\",\"password\":\"tulpen-77-rot\"},\"output\":\"ana@acme.org paid with 4111 1111 1111 1111, not tulpen-77-rot\"}\n";
    let out = redacted(text, &["tulpen-77-rot".to_owned(), "4111111111111111".to_owned()]);
    let value: serde_json::Value = serde_json::from_str(out.lines().nth(1).unwrap()).unwrap();
    assert!(value["input"]["pan"].is_u64() && value["input"]["pin"].is_u64(), "{out}");
    assert_eq!(value["input"]["amount"], 1999);
    assert_eq!(value["input"]["user"], "email-1@redacted.invalid");
    assert_eq!(value["output"], "email-1@redacted.invalid paid with 0000-0000-0000-0001, not [secret-2]");
}

#[test]
fn own_patterns_are_replaced_like_everything_else() {
    let (mut session, _) =
        open("{\"chaindebug\":1}\n{\"name\":\"ACME intake\",\"input\":{\"case\":\"K-4711\",\"acme\":1}}\n");
    let own = |text: &str, regex| OwnPattern { text: text.to_owned(), regex };
    let redaction = Redaction { patterns: vec![own("acme", false), own("K-[0-9]{4}", true)], ..Redaction::default() };
    let (text, view) = export(&mut session, &of_run(ExportFormat::Jsonl), Some(&redaction));
    assert!(!text.contains("ACME") && !text.contains("acme\"") && !text.contains("K-4711"), "{text}");
    assert!(view.report.unwrap().clean);
}

/// Texts that would take a careless search for ever.
#[test]
#[allow(clippy::disallowed_methods)] // A test may look at the clock.
fn hostile_texts_take_linear_time() {
    let size = 256 << 10;
    let of = |piece: &str| piece.repeat(size / piece.len());
    for (name, text) in [
        ("at", of("@")),
        ("digits", of("7")),
        ("dots", of("a.a")),
        ("mails", of("a@a.")),
        ("ips", of("1.1.")),
        ("colons", of("a:")),
        ("slashes", of("/home/")),
        ("schemes", of("a://")),
        ("equals", of("sig=")),
        ("names", of("password ")),
        ("eyJ", of("eyJ")),
        ("begin", of("-----BEGIN RSA PRIVATE KEY-----")),
        ("escapes", of("\\\\u0040")),
        ("percent", of("%2525")),
        ("brackets", of("[{\"a\":")),
        ("groups", of("1 ")),
        ("plus", of("+1")),
        ("bearer", of("Bearer ")),
        ("iban", of("DE12")),
        ("mail", of("a@b.cd \\n")),
    ] {
        let start = Instant::now();
        let _ = hits(&text);
        let took = start.elapsed().as_secs_f64();
        // A debug build on a busy machine takes about a second a megabyte at worst; quadratic time would take days.
        println!("{name:10} {took:6.2} s");
        assert!(took < 20.0, "{name}: {took:.1} s for {} KB", size >> 10);
    }
}

#[test]
fn what_is_left_around_a_stand_in_is_no_find() {
    for text in ["eyJ://password=%4@1.password=::%4", "password=password=\\u00"] {
        redacted(&trace(&[text.to_owned()]), &[]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn any_text_is_looked_at_without_panic(text in "\\PC{0,60}|(@|://|password=|/home/|eyJ|\\\\u00|%4|\\+4|1\\.|::|[a-c]|é|🦀| ){0,30}") {
        let found = hits(&text);
        let mut counted = BTreeMap::new();
        for (kind, _) in found {
            *counted.entry(kind).or_insert(0) += 1;
        }
        let out = redacted(&trace(std::slice::from_ref(&text)), &[]);
        prop_assert!(!out.is_empty());
    }
}
