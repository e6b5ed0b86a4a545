//! Two texts: what is the same, what is told, and texts of megabytes with nothing in common.

use super::*;
use proptest::prelude::*;

/// `[-only a-]` and `{+only b+}`.
fn told(a: &str, b: &str) -> String {
    let diff = diff(a, b);
    let mut out = String::new();
    for stretch in &diff.stretches {
        match stretch.sign {
            Sign::OnlyA => out.push_str(&format!("[-{}-]", &a[stretch.a.clone()])),
            Sign::OnlyB => out.push_str(&format!("{{+{}+}}", &b[stretch.b.clone()])),
            _ => out.push_str(&a[stretch.a.clone()]),
        }
    }
    out
}

/// What holds for every comparison.
fn sound(a: &str, b: &str) -> TextDiff {
    let found = diff(a, b);
    let (mut left, mut right) = (String::new(), String::new());
    for stretch in &found.stretches {
        assert_eq!((stretch.a.start, stretch.b.start), (left.len(), right.len()));
        left.push_str(&a[stretch.a.clone()]);
        right.push_str(&b[stretch.b.clone()]);
        match stretch.sign {
            Sign::Same => assert_eq!(a[stretch.a.clone()], b[stretch.b.clone()]),
            Sign::OnlyA => assert!(!stretch.a.is_empty() && stretch.b.is_empty()),
            Sign::OnlyB => assert!(stretch.a.is_empty() && !stretch.b.is_empty()),
            Sign::Changed => panic!("a stretch is never changed"),
        }
    }
    assert_eq!((left.as_str(), right.as_str()), (a, b));
    assert_eq!(found.is_same(), a == b);
    assert_eq!(found.words + found.small == 0, a == b);
    found
}

#[test]
fn by_word() {
    let (a, b) = (
        "AX-200 battery replacement warranty period after purchase in Germany",
        "AX-200 battery replacement price list after purchase in Europe",
    );
    assert_eq!(
        told(a, b),
        "AX-200 battery replacement [-warranty period-]{+price list+} after purchase in [-Germany-]{+Europe+}"
    );
    let diff = sound(a, b);
    assert_eq!((diff.brief().as_str(), diff.shared()), ("3 words", (6, 9)));
    assert_eq!(
        diff.spans(b, Sign::OnlyB, 12).iter().map(|span| span.text.as_str()).collect::<Vec<_>>(),
        ["… replacement ", "price list", " after … se in ", "Europe"]
    );
}

#[test]
fn small_changes_and_their_places() {
    for (a, b, expected) in [
        ("a b", "a b c", "a b{+ c+}"),
        ("a b", "c a b", "{+c +}a b"),
        ("a b c", "a c", "a [-b -]c"),
        ("a  b", "a b", "a [- -]b"),
        ("a, b", "a; b", "a[-,-]{+;+} b"),
        ("", "x", "{+x+}"),
        ("中文字", "中語字", "中[-文-]{+語+}字"),
        ("naïve é", "naïve è", "naïve [-é-]{+è+}"),
        ("0.91", "0.92", "[-0.91-]{+0.92+}"),
        ("one\ntwo\n", "one\nthree\n", "one\n[-two-]{+three+}\n"),
        // What is equal by chance does not shred a sentence.
        ("red, green (blue)", "tall, wide (deep)", "[-red, green (blue-]{+tall, wide (deep+})"),
    ] {
        assert_eq!(told(a, b), expected);
        sound(a, b);
    }
    assert_eq!(diff("a  b", "a b").brief(), "punctuation or spaces");
    assert_eq!(diff("a", "a").brief(), "");
}

#[test]
fn many_lines_first() {
    let line = |index: usize| format!("line {index} says what line {index} says\n");
    let a: String = (0..500).map(line).collect();
    let b: String = (0..500)
        .filter(|&index| index != 77)
        .map(|index| if index == 300 { "another\n".to_owned() } else { line(index) })
        .collect();
    let diff = sound(&a, &b);
    assert_eq!((diff.words, diff.coarse), (14, false));
}

#[test]
fn megabytes_with_nothing_in_common() {
    let text = |seed: u64, sep: &str| -> String {
        let mut state = seed;
        let mut word = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            format!("w{:x}", state >> 40)
        };
        (0..100_000).map(|_| word()).collect::<Vec<_>>().join(sep)
    };
    assert!(diff(&text(1, " "), &text(2, " ")).words > 90_000);
    assert!(diff(&text(1, ", "), &text(2, ", ")).words > 90_000);
    assert!(diff(&text(1, "\n"), &text(2, "\n")).words > 90_000);
    let long = "x".repeat(3_000_000);
    assert_eq!(diff(&long, &format!("{long}y")).words, 1);
    let many = "a ".repeat(MANY_WORDS + 5);
    assert!(diff(&format!("b {many}c"), &format!("d {many}e")).coarse);
}

#[test]
fn spans_are_cut_to_what_is_beside_a_change() {
    let (a, b) = (
        format!("{} one {} two {}", "x ".repeat(50), "y ".repeat(50), "z ".repeat(50)),
        format!("{} uno {} due {}", "x ".repeat(50), "y ".repeat(50), "z ".repeat(50)),
    );
    let found = spans::spans(&a, &b, &diff(&a, &b), 10, 2);
    let text =
        |spans: &[crate::protocol::Span]| spans.iter().map(|span| span.text.as_str()).collect::<Vec<_>>().join("|");
    assert_eq!(text(&found.a), "… x x x x  |on …| y y … y y  |tw …| z z z z z …");
    assert_eq!(text(&found.inline), "… x x x x  |on …|un …| y y … y y  |tw …|du …| z z z z z …");
    assert!(found.cut);
    let found = spans::spans("a b", "a c", &diff("a b", "a c"), 10, 10);
    assert_eq!((text(&found.a), text(&found.b), found.cut), ("a |b".to_owned(), "a |c".to_owned(), false));
}

proptest! {
    #[test]
    fn stretches_are_the_texts(a in "[ab ,.\né中-]{0,30}", b in "[ab ,.\né中-]{0,30}") {
        let diff = sound(&a, &b);
        let spans = spans::spans(&a, &b, &diff, 3, 2);
        prop_assert!(spans.inline.len() == diff.stretches.len());
    }

    #[test]
    fn many_lines_of_anything(
        a in proptest::collection::vec("[ab \u{a0}]{0,3}\n?", 60..90), b in proptest::collection::vec("[ab \u{a0}]{0,3}\n?", 60..90),
    ) {
        sound(&a.join("\n"), &b.join("\n"));
    }
}
