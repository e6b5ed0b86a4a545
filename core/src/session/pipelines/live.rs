//! The text of a pipeline while somebody types in it: what is to be said of it at once, and the document read anew only
//! when something else is asked.
//!
//! One text is kept with its tree. A change reads the innermost container around it again, and the rules go over the
//! whole tree; so findings of ten thousand steps are there within the frame of the edit. What cannot be done this way
//! is rewritten as ever.

use crate::ia_modules::definition::Text;
use crate::ia_modules::{lint, validate};
use crate::json::{NodeKind, Tree};
use crate::model::Severity;
use crate::protocol::{Amended, Answer, Finding, Target, TextEdit};
use crate::session::Session;

/// Bytes of a file's head in which importers look for what it is.
const HEAD: u32 = 256 << 10;

/// A text in which somebody types.
pub(in crate::session) struct Live {
    document: u32,
    /// As it is now.
    text: Vec<u8>,
    /// As it was when it was JSON last.
    tree: Tree,
    /// What has changed since `tree` was made.
    changed: Option<Changed>,
    /// Whether the document has not been read anew since.
    stale: bool,
}

/// A stretch that holds every change: its bytes in the text of the tree, and its end now.
#[derive(Clone, Copy, Debug)]
struct Changed {
    start: usize,
    end: usize,
    now: usize,
}

impl Live {
    /// The text of a document; `None` where that is not one pipeline and nothing else.
    fn of(session: &Session, document: u32) -> Option<Live> {
        let opened = session.opened.get(document as usize)?.as_ref()?;
        let [pipeline] = &opened.document.pipelines[..] else { return None };
        if opened.document.files.len() != 1 || pipeline.dialect != "ia-modules" || !opened.document.runs.is_empty() {
            return None;
        }
        let text = session.first_file(document).ok()?;
        validate::check_json(&text).ok()?;
        let tree = Tree::parse(&text);
        Some(Live { document, text, tree, changed: None, stale: false })
    }

    /// Makes the edits; `None` when they do not fit the text, which then stays as it was.
    fn edit(&mut self, edits: &[TextEdit]) -> Option<()> {
        let mut places = Vec::with_capacity(edits.len());
        let mut least = 0;
        for edit in edits {
            let (start, end) = (usize::try_from(edit.start).ok()?, usize::try_from(edit.end).ok()?);
            let fits = least <= start && start <= end && self.is_boundary(start) && self.is_boundary(end);
            if !fits {
                return None;
            }
            least = end;
            places.push((start, end, edit));
        }
        // From the last to the first, so that the places stay true.
        for &(start, end, edit) in places.iter().rev() {
            let grown = edit.text.len();
            self.changed = Some(match self.changed {
                None => Changed { start, end, now: start + grown },
                Some(before) => {
                    let now = before.now.max(end);
                    Changed {
                        start: before.start.min(start),
                        end: before.end + (now - before.now),
                        now: now - (end - start) + grown,
                    }
                }
            });
        }
        if let [(start, end, edit)] = places[..] {
            self.text.splice(start..end, edit.text.bytes());
        } else {
            self.text = crate::edit::apply(&self.text, edits)?;
        }
        self.stale |= !edits.is_empty();
        Some(())
    }

    fn is_boundary(&self, at: usize) -> bool {
        at == self.text.len() || self.text.get(at).is_some_and(|byte| byte & 0xc0 != 0x80)
    }

    /// Brings the tree up to date with the text.
    fn read(&mut self) -> Result<(), validate::NotJson> {
        let Some(changed) = self.changed else { return Ok(()) };
        if !self.patch(changed) {
            validate::check_json(&self.text)?;
            self.tree = Tree::parse(&self.text);
        }
        self.changed = None;
        Ok(())
    }

    /// Reads the container around what has changed; whether that was enough.
    fn patch(&mut self, changed: Changed) -> bool {
        let Some(at) = self.tree.around(changed.start, changed.end) else { return false };
        let Some(node) = self.tree.node(at).copied() else { return false };
        let end = (node.end as usize + changed.now).checked_sub(changed.end);
        let Some(text) = end.and_then(|end| self.text.get(node.start as usize..end)) else { return false };
        validate::check_within(text, self.tree.depth(at)).is_ok() && self.tree.replace(at, text)
    }

    /// Whether the text is still what its importer takes for a pipeline.
    fn is_pipeline(&self) -> bool {
        let text = Text { bytes: &self.text, tree: &self.tree };
        let [steps, flow, name] = text.pick(Text::ROOT, ["steps", "flow", "name"]);
        let Some(steps) = steps.filter(|&steps| text.is(steps, NodeKind::Array)) else { return false };
        let flow = flow.filter(|&flow| text.is(flow, NodeKind::Object));
        let near = flow.filter(|&flow| self.tree.node(flow).is_some_and(|node| node.end < HEAD));
        if near.is_some_and(|flow| text.pick(flow, ["start_at", "paths", "transitions"]).iter().any(Option::is_some)) {
            return true;
        }
        let first = text.children(steps).next();
        let classes = first.is_some_and(|step| {
            let [step_class, class, module] = text.pick(step, ["step_class", "class", "module"]);
            step_class.is_some() || class.is_some() && module.is_some()
        });
        classes && name.is_some() && flow.is_some()
    }

    fn say(&mut self, target: Target) -> Amended {
        let bytes = self.text.len() as u64;
        if let Err(wrong) = self.read() {
            let damage = Some(lint::not_json(&self.text, &wrong));
            return Amended { bytes, findings: Vec::new(), damage, document: None };
        }
        let damage = (!self.is_pipeline()).then(no_pipeline);
        let findings = lint::findings(Text { bytes: &self.text, tree: &self.tree }, target);
        Amended { bytes, findings, damage, document: None }
    }
}

fn no_pipeline() -> Finding {
    let message = "No pipeline is left in this text: it needs `steps`, and a `flow` that says where to start.";
    Finding {
        id: "not-recognised".to_owned(),
        severity: Severity::Error,
        message: message.to_owned(),
        path: "$".to_owned(),
        line: 0,
        column: 0,
        start: 0,
        end: 0,
        step: String::new(),
        edge: String::new(),
        fixes: Vec::new(),
    }
}

pub(super) fn amend(
    session: &mut Session,
    document: u32,
    edits: &[TextEdit],
    target: Target,
) -> Result<Answer, String> {
    let mut live = match session.live.take().filter(|live| live.document == document) {
        Some(live) => Some(live),
        None => {
            session.settle();
            Live::of(session, document)
        }
    };
    if let Some(mut live) = live.take() {
        let made = live.edit(edits);
        let said = made.map(|()| live.say(target));
        session.live = Some(live);
        let said = said.ok_or("These edits do not fit the text: it has changed in the meantime.")?;
        return Ok(Answer::Amended(Box::new(said)));
    }
    match super::edit::rewrite(session, document, edits)? {
        Answer::Rewritten(rewritten) => Ok(Answer::Amended(Box::new(Amended {
            bytes: rewritten.bytes,
            findings: Vec::new(),
            damage: None,
            document: Some(rewritten.document),
        }))),
        other => Ok(other),
    }
}

impl Session {
    /// Reads the document anew in which somebody types, when that has not been done since.
    pub(in crate::session) fn settle(&mut self) {
        let Some(mut live) = self.live.take() else { return };
        if live.stale {
            live.stale = false;
            super::edit::reread(self, live.document, live.text.clone());
        }
        self.live = Some(live);
    }

    /// The text of a document in which somebody types, as it is now.
    pub(super) fn live_text(&self, document: u32) -> Option<&[u8]> {
        self.live.as_ref().filter(|live| live.document == document).map(|live| &live.text[..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::open;
    use crate::protocol::Request;
    use proptest::prelude::*;

    const TEXT: &str = r#" {"name": "p", "steps": [
      {"id": "a", "name": "a", "step_class": "A", "module": "m", "config": {"k": [1, {"x": "é"}]}},
      {"id": "b", "name": "b", "step_class": "B", "module": "m"}],
      "flow": {"start_at": "a", "paths": [{"from": "a", "to": "b"}, {"from": "b", "to": "end"}]}} "#;

    fn amended(session: &mut Session, edits: Vec<TextEdit>) -> Amended {
        match session.answer(Request::Amend { document: 0, edits, target: Target::default() }) {
            Answer::Amended(amended) => *amended,
            other => panic!("{other:?}"),
        }
    }

    fn one(text: &str, what: &str, with: &str) -> Vec<TextEdit> {
        let start = text.find(what).unwrap() as u64;
        vec![TextEdit { start, end: start + what.len() as u64, text: with.to_owned() }]
    }

    #[test]
    fn findings_come_before_the_document_is_read() {
        let (mut session, _) = open(TEXT);
        let said = amended(&mut session, one(TEXT, "\"to\": \"b\"", "\"to\": \"c\""));
        let ids: Vec<&str> = said.findings.iter().map(|finding| finding.id.as_str()).collect();
        assert_eq!(ids, ["edge-to-undefined-step", "terminal-not-found", "unreachable-step"]);
        assert_eq!((said.damage, said.document), (None, None));
        let edges = |session: &Session| {
            let pipeline = &session.opened[0].as_ref().unwrap().document.pipelines[0];
            pipeline.nodes.iter().any(|node| node.id == "c")
        };
        assert!(!edges(&session));
        // Whatever else is asked sees the document as it is now.
        let Answer::Text { text } = session.answer(Request::DocumentText { document: 0 }) else { panic!() };
        assert!(text.contains("\"to\": \"c\"") && edges(&session));
        let Answer::Findings(view) =
            session.answer(Request::Findings { pipeline: 0, target: Target::default(), strict: false })
        else {
            panic!()
        };
        assert_eq!(view.findings, said.findings);
    }

    #[test]
    fn damage_is_told_and_mended() {
        let (mut session, _) = open(TEXT);
        let said = amended(&mut session, one(TEXT, "\"start_at\": \"a\"", "\"start_at\": \"a"));
        assert_eq!(said.damage.unwrap().id, "not-json");
        let damaged = TEXT.replacen("\"start_at\": \"a\"", "\"start_at\": \"a", 1);
        let said = amended(&mut session, one(&damaged, "\"start_at\": \"a", "\"start_at\": \"b\""));
        assert_eq!(said.damage, None);
        let mended = damaged.replacen("\"start_at\": \"a", "\"start_at\": \"b\"", 1);
        assert_eq!(said.findings, lint::findings_of(mended.as_bytes(), Target::default()));
        let said = amended(&mut session, one(&mended, "\"steps\": [", "\"stops\": ["));
        assert_eq!(said.damage.unwrap().id, "not-recognised");
    }

    #[test]
    fn edits_that_do_not_fit_are_refused_and_change_nothing() {
        let (mut session, _) = open(TEXT);
        let inside = TEXT.find('é').unwrap() as u64 + 1;
        for (start, end) in [(inside, inside), (5, 4), (0, 10_000), (u64::MAX, u64::MAX)] {
            let edits = vec![TextEdit { start, end, text: "x".to_owned() }];
            let answer = session.answer(Request::Amend { document: 0, edits, target: Target::default() });
            assert!(matches!(answer, Answer::Refused { .. }), "{start} {end}");
        }
        let Answer::Text { text } = session.answer(Request::DocumentText { document: 0 }) else { panic!() };
        assert_eq!(text, TEXT);
        let answer = session.answer(Request::Amend { document: 7, edits: Vec::new(), target: Target::default() });
        assert!(matches!(answer, Answer::Refused { .. }));
    }

    #[test]
    fn a_file_of_several_pipelines_is_read_anew() {
        let (mut session, _) = open(&format!("{TEXT}\n{TEXT}"));
        let said = amended(&mut session, one(TEXT, "\"to\": \"b\"", "\"to\": \"c\""));
        assert_eq!(said.document.unwrap().pipelines.len(), 2);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn many_edits_say_what_reading_all_of_it_says(
            edits in prop::collection::vec(
                (0usize..600, 0usize..30, prop_oneof![
                    Just("\"".to_owned()), Just("{}".to_owned()), Just(", {\"from\": \"b\", \"to\": \"a\"}".to_owned()),
                    Just(String::new()), "[a-c{}\\[\\]\",: é]{0,4}".prop_map(|s: String| s),
                ]), 1..8),
        ) {
            let (mut session, _) = open(TEXT);
            let mut text = TEXT.to_owned();
            for (at, len, with) in edits {
                let near = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
                let (start, end) = (near(at), near(at + len));
                let before = text.clone();
                text.replace_range(start..end, &with);
                let said = amended(&mut session, vec![TextEdit { start: start as u64, end: end as u64, text: with }]);
                if said.document.is_some() {
                    break;
                }
                prop_assert_eq!(said.bytes, text.len() as u64);
                let whole = lint::view(text.as_bytes(), Target::default(), false);
                if said.damage.as_ref().is_some_and(|damage| damage.id == "not-json") {
                    prop_assert_eq!(&whole.findings[0].id, "not-json", "{} to {}", before, text);
                } else {
                    prop_assert_eq!(&said.findings, &whole.findings, "{} to {}", before, text);
                }
            }
        }
    }
}
