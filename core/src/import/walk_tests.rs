//! The walk over whole, cut and damaged texts.

use super::*;
use crate::import::Reveal;
use crate::source::Memory;
use proptest::prelude::*;

/// Takes every object inside the `list` of each document, and every bare scalar list.
#[derive(Default)]
struct Recorder {
    taken: std::rc::Rc<std::cell::RefCell<Vec<String>>>,
    left: usize,
    entered: usize,
}

impl Importer for Recorder {
    fn route(&mut self, state: State, key: Option<crate::json::Str<'_>>, _lead: u8) -> Route {
        match (state, key) {
            (ROOT, None) => Route::Enter(1),
            (1, Some(key)) if key.is("list") => Route::Enter(2),
            (2, None) => Route::Take(0),
            _ => Route::Skip,
        }
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, _: Here, _: &mut Builder) -> Result<(), Lack> {
        let (start, end) = lexer.skip()?;
        self.taken.borrow_mut().push(String::from_utf8_lossy(&lexer.src()[start..end]).into_owned());
        Ok(())
    }

    fn enter(&mut self, _: State, _: u64) {
        self.entered += 1;
    }

    fn leave(&mut self, _: State, _: u64) {
        self.left += 1;
    }

    fn finish(self: Box<Self>, _: &mut Builder) -> Box<dyn Reveal> {
        unreachable!("not asked for in these tests")
    }
}

fn walk(text: &[u8], budget: u64) -> (Vec<String>, Vec<Diagnostic>) {
    let source = Memory(text.to_vec());
    let mut recorder = Recorder::default();
    let mut build = Builder::default();
    let mut walk = Walk::new(0, 0);
    while !walk.advance(&source, &mut recorder, &mut build, budget).unwrap_or(true) {}
    assert_eq!(recorder.entered, recorder.left);
    (recorder.taken.take(), build.diagnostics)
}

#[test]
fn one_document_lines_and_glued_ones_read_the_same() {
    let one = walk(br#"{"x": {"list": [9]}, "list": [1, {"a": "]"}, "s"]}"#, 1 << 20);
    assert_eq!(one.0, ["1", r#"{"a": "]"}"#, "\"s\""]);
    assert_eq!(one.1, []);
    assert_eq!(walk(b"{\"list\":[1]}\r\n\n{\"list\":[2]}\n", 1).0, ["1", "2"]);
    assert_eq!(walk(b"{\"list\":[1]}{\"list\":[2]} , {\"list\":[3,]}", 3).0, ["1", "2", "3"]);
}

#[test]
fn damage_costs_one_line_and_says_where() {
    let text = b"{\"list\":[1]}\n{\"list\":[\"open}\n{\"list\":[3]}\n{\"list\":[4] oops}\n{\"list\":[5]}\n";
    let (taken, said) = walk(text, 1 << 20);
    assert_eq!(taken, ["1", "3", "4", "5"]);
    assert_eq!(
        said.iter().map(|d| (d.code.as_str(), d.line)).collect::<Vec<_>>(),
        [("damaged-json", Some(2)), ("damaged-json", Some(4))]
    );
}

#[test]
fn a_cut_tail_keeps_what_is_complete() {
    let (taken, said) = walk(b"{\"list\":[1,2,{\"a\":", 1 << 20);
    assert_eq!(taken, ["1", "2"]);
    assert_eq!(said.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(), ["truncated"]);
}

#[test]
fn a_value_of_twenty_megabytes_is_a_value() {
    let long = "x".repeat(20 << 20);
    let (taken, said) = walk(format!("{{\"list\":[\"{long}\", 2]}}").as_bytes(), 1 << 20);
    assert_eq!((taken.len(), said), (2, Vec::new()));
}

#[test]
fn prefixes_and_fences_are_stepped_over() {
    let text = b"```json\n2026-11-21 INFO exporter: {\"list\":[1]}\n[10:02:11] {\"list\":[2]}\n```\n";
    let (taken, said) = walk(text, 1 << 20);
    assert_eq!(taken, ["1", "2"]);
    assert!(said.iter().any(|d| d.code == "log-prefix"));
    assert!(said.iter().any(|d| d.code == "lines-without-json" && d.line == Some(1)));
}

proptest! {
    #[test]
    fn any_bytes_end_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), budget in 1u64..64) {
        walk(&bytes, budget);
    }

    #[test]
    fn any_cut_of_lines_loses_only_the_cut_line(cut in 0usize..60) {
        let text = b"{\"list\":[1]}\n{\"list\":[2]}\n{\"list\":[3]}\n{\"list\":[4]}\n";
        let (taken, _) = walk(&text[..cut.min(text.len())], 1 << 20);
        prop_assert!(taken.len() >= cut / 13 && taken.len() <= cut / 13 + 1);
    }
}

#[test]
fn a_missing_comma_or_colon_costs_nothing() {
    let told = |text: &str| {
        let (taken, said) = walk(text.as_bytes(), 1 << 20);
        (taken.join(" "), said.iter().map(|d| (d.code.clone(), d.line.unwrap_or(0))).collect::<Vec<_>>())
    };
    let damaged = |line| vec![("damaged-json".to_owned(), line)];
    assert_eq!(told("{\"a\": 1\n \"list\": [1, 2]}"), ("1 2".to_owned(), damaged(2)));
    assert_eq!(told("{\"list\" [1, 2], \"a\": 1}"), ("1 2".to_owned(), damaged(1)));
    assert_eq!(told("{\"list\": [1 {\"b\": 2}\n {\"c\": 3}]}").0, "1 {\"b\": 2} {\"c\": 3}");
    // The next line of a file of lines is a value of its own.
    assert_eq!(told("{\"list\": [1\n{\"list\": [2]}\n"), ("1 2".to_owned(), damaged(2)));
}
