//! The text of a pipeline while somebody types in it: what is to be said of it at once, and the document read anew only
//! when something else is asked.
//!
//! One text is kept with its tree. A change reads the innermost value around it again, and what is known of the
//! element it is in; the rules go over what is known of all elements. So findings of ten thousand steps are there within the frame of the edit. What cannot be done this way
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
    /// What is known of the elements of that tree, once somebody asked for findings.
    facts: Option<lint::Facts>,
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
        Some(Live { document, text, tree, facts: None, changed: None, stale: false })
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
            self.facts = None;
        }
        self.changed = None;
        Ok(())
    }

    /// Reads the value around what has changed; whether that was enough.
    fn patch(&mut self, changed: Changed) -> bool {
        let nodes = [self.tree.scalar_at(changed.start, changed.end), self.tree.around(changed.start, changed.end)];
        nodes.into_iter().flatten().any(|at| self.replace(at, changed).is_some())
    }

    fn replace(&mut self, at: u32, changed: Changed) -> Option<()> {
        let node = self.tree.node(at).copied()?;
        let end = (node.end as usize + changed.now).checked_sub(changed.end)?;
        let text = self.text.get(node.start as usize..end)?;
        validate::check_within(text, self.tree.depth(at)).ok()?;
        let replaced = self.tree.replace(at, text)?;
        if let Some(facts) = &mut self.facts {
            facts.replaced(Text { bytes: &self.text, tree: &self.tree }, at, replaced);
        }
        Some(())
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
        let text = Text { bytes: &self.text, tree: &self.tree };
        let facts = self.facts.take().filter(|facts| facts.is_for(target));
        let facts = self.facts.insert(facts.unwrap_or_else(|| lint::Facts::read(text, target)));
        let findings = lint::found(text, facts);
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
#[path = "live_tests.rs"]
mod tests;
