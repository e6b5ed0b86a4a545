//! Two values as rows: what is open, what is folded, and what opening does.

use super::*;

fn read(text: &str) -> Read {
    Read { text: text.to_owned(), json: text.starts_with(['{', '[']), ..Read::default() }
}

/// Rows as text: sign, labels, values with what differs in brackets.
fn told(laid: &mut Laid) -> String {
    let total = laid.total();
    let rows = laid.rows(0, u32::MAX);
    assert_eq!(rows.len() as u32, total);
    let mut out = String::new();
    for row in rows {
        let spans = |spans: &[crate::protocol::Span]| -> String {
            spans
                .iter()
                .map(|span| if span.sign == Sign::Same { span.text.clone() } else { format!("<{}>", span.text) })
                .collect()
        };
        let sign = match row.sign {
            Sign::Same => '=',
            Sign::Changed => '#',
            Sign::OnlyA => '-',
            Sign::OnlyB => '+',
        };
        let mut marks = String::new();
        for (is, mark) in [(row.moved, " moved"), (row.noise, " noise"), (row.cut, " cut"), (row.open, " open")] {
            marks.push_str(if is { mark } else { "" });
        }
        if row.folded > 0 {
            marks.push_str(&format!(" {} folded", row.folded));
        }
        out.push_str(&format!(
            "{}{sign} {}|{} {} | {}{marks} {}\n",
            "  ".repeat(row.depth as usize),
            row.label_a,
            row.label_b,
            spans(&row.a),
            spans(&row.b),
            row.path,
        ));
    }
    out
}

fn laid(a: &str, b: &str) -> Laid {
    Laid::new(Some(&read(a)), Some(&read(b)), &Options::default())
}

#[test]
fn json_side_by_side() {
    let a = r#"{"query": "battery warranty period in Germany", "id": "6f1e0c52-8a6b-4a57-9c0e-0f8d5f2a7b11", "k1": 1, "k2": 2, "k3": 3, "k4": 4, "k5": 5, "k6": 6, "docs": [{"t": "One"}, {"t": "Two"}], "n": "1", "args": "{\"x\": 1}"}"#;
    let b = r#"{"query": "battery price list in Europe", "id": "7f1e0c52-8a6b-4a57-9c0e-0f8d5f2a7b12", "k1": 1, "k2": 2, "k3": 3, "k4": 4, "k5": 5, "k6": 6, "docs": [{"t": "Two"}, {"t": "One"}, {"t": "Three"}], "n": 1, "args": "{\"x\": 2}"}"#;
    let mut laid = laid(a, b);
    insta::assert_snapshot!(told(&mut laid));
    // The fold opens into what it stands for, a container and the noise too.
    for folded in [true, false] {
        let rows = laid.rows(0, 99);
        let found = rows.iter().find(|row| row.folded > 0 && row.noise != folded).unwrap().node;
        laid.toggle(found);
    }
    let one = laid.rows(0, 99).iter().find(|row| row.path == "$.docs[2]").unwrap().node;
    laid.toggle(one);
    insta::assert_snapshot!("opened", told(&mut laid));
    laid.toggle(one);
    let docs = laid.rows(0, 99).iter().find(|row| row.path == "$.docs").unwrap().node;
    let before = laid.total();
    laid.toggle(docs);
    assert!(laid.total() < before);
    laid.toggle(docs);
    assert_eq!(laid.total(), before);
}

#[test]
fn texts_line_by_line() {
    let lines = |from: u32, to: u32| (from..to).map(|i| format!("line {i}\n")).collect::<String>();
    let a = format!("{}old words here\nmore\n{}", lines(0, 20), lines(20, 22));
    let b = format!("{}new words here\n{}end", lines(0, 20), lines(20, 22));
    insta::assert_snapshot!(told(&mut laid(&a, &b)));
    insta::assert_snapshot!("in_json", told(&mut laid(r#"{"t": "a\nb", "u": 1}"#, r#"{"t": "a\nc", "u": 1}"#)));
}

#[test]
fn one_side_or_two_sorts() {
    let options = Options::default();
    let one = |a: Option<&str>, b: Option<&str>| {
        let (a, b) = (a.map(read), b.map(read));
        let mut laid = Laid::new(a.as_ref(), b.as_ref(), &options);
        format!("{}{}\n", told(&mut laid), laid.note())
    };
    let out = [
        one(Some(r#"{"a": [1]}"#), None),
        one(None, Some("x\ny")),
        one(Some(r#"{"a": 1}"#), Some("text")),
        one(Some(r#"{"a": [1]}"#), Some(r#"{"a": [1]}"#)),
        one(Some("same\ntext"), Some("same\ntext")),
        one(None, None),
    ]
    .join("--\n");
    insta::assert_snapshot!(out);
}

#[test]
fn large_ones() {
    let deep = |leaf: &str| format!("{}{leaf}{}", "[".repeat(100_000), "]".repeat(100_000));
    let mut deepest = laid(&deep("1"), &deep("2"));
    assert_eq!(deepest.total(), 100_001);
    assert_eq!(deepest.rows(100_000, 5).len(), 1);
    let list = |more: &str| format!("[{}{more}]", "{\"a\": 1},".repeat(100_000));
    let mut wide = laid(&list("1"), &list("2"));
    assert_eq!(wide.total(), 4);
    let fold = wide.rows(0, 9).iter().find(|row| row.folded > 0).unwrap().node;
    wide.toggle(fold);
    assert_eq!(wide.total(), 100_002);
}
