//! One decision turned round: which values make the engine follow a wanted edge there, and who writes them.
//!
//! Values are judged by the simulator's own rules. What comes out is a changed case; whether it takes the edge, only
//! running it tells.

use super::case::{Case, Ran, text, with};
use super::values::around;
use crate::ia_modules::load::{Mock, Step};
use crate::ia_modules::python::{Dict, Value};
use crate::ia_modules::simulate::judge::{Condition, condition, judge};
use crate::ia_modules::simulate::{Entry, Next, Writer, mocks};
use crate::order::Order as _;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Edges of one step that are made true or false one after the other.
const ROUNDS: usize = 6;
/// Edges of one step beyond which it is not tried.
const EDGES: usize = 200;
/// Parts of a source beyond which no value is placed there.
const PARTS: usize = 32;

/// A decision that is to go another way.
pub(super) struct Turn<'a> {
    pub(super) ran: &'a Ran,
    /// Position of the entry after which it is made.
    pub(super) at: usize,
    /// The edge that is to be followed.
    pub(super) wanted: usize,
    /// Whether the engine has to go on from there, so that no later edge may be true.
    pub(super) onwards: bool,
}

/// What was changed: the case, and in words.
pub(super) struct Turned {
    pub(super) case: Case,
    pub(super) words: Vec<String>,
}

/// Values as they would be, before they are put into a case.
struct Draft {
    state: Dict,
    /// New results by position of the entry.
    results: FxHashMap<usize, Value>,
    inputs: Vec<(String, Value)>,
    /// By position of the entry that was answered.
    answers: Vec<(usize, String, Value)>,
    words: Vec<String>,
}

impl Turn<'_> {
    fn entry(&self) -> Option<&Entry> {
        self.ran.run.entries.get(self.at)
    }

    /// The changed case; `None` when no value was found, or none is needed.
    pub(super) fn solve(&self, case: &Case) -> Option<Turned> {
        let entry = self.entry()?;
        let edges: Vec<usize> = self.ran.program.leaving(&entry.id).collect();
        if edges.len() > EDGES {
            return None;
        }
        let mut draft = Draft {
            state: self.ran.run.state.at(entry.after),
            results: FxHashMap::default(),
            inputs: Vec::new(),
            answers: Vec::new(),
            words: Vec::new(),
        };
        let mut fixed: Vec<usize> = Vec::new();
        while let Some(wrong) = self.wrong(&edges, &draft.state) {
            if fixed.len() >= ROUNDS || fixed.contains(&wrong) {
                return None;
            }
            fixed.push(wrong);
            draft = self.mend(wrong, &edges, &draft)?;
        }
        if draft.words.is_empty() { None } else { Some(self.placed(case, draft)) }
    }

    /// An edge that has to change: the wanted one first.
    fn wrong(&self, edges: &[usize], state: &Dict) -> Option<usize> {
        if self.holds(self.wanted, state) != Some(true) {
            return Some(self.wanted);
        }
        edges.iter().copied().find(|&edge| match self.holds(edge, state) {
            None => true,
            Some(true) => self.onwards && edge > self.wanted,
            Some(false) => false,
        })
    }

    /// Whether an edge is true; `None` when it raises.
    fn holds(&self, edge: usize, state: &Dict) -> Option<bool> {
        let of = self.ran.program.edges.get(edge)?;
        judge(of, self.ran.program.target.engine, state).1.ok()
    }

    fn condition(&self, edge: usize) -> Option<(Rc<str>, Value)> {
        let of = self.ran.program.edges.get(edge)?;
        match condition(of, self.ran.program.target.engine) {
            Ok(Condition::Expression { source, operator: Ok(_), value }) => Some((source, value)),
            _ => None,
        }
    }

    /// Sets the source of one edge so that it is as it has to be, and the fewest others are true.
    fn mend(&self, wrong: usize, edges: &[usize], draft: &Draft) -> Option<Draft> {
        let (source, compared) = self.condition(wrong)?;
        if source.split('.').count() > PARTS {
            return None;
        }
        let mut all = vec![compared];
        let others = edges.iter().filter(|&&edge| edge != wrong).filter_map(|&edge| self.condition(edge));
        all.extend(others.filter(|(other, _)| *other == source).map(|(_, value)| value));
        let mut best: Option<(usize, Draft)> = None;
        for value in around(&all) {
            let Some(tried) = self.set(draft, &source, &value) else { continue };
            let right = match self.holds(wrong, &tried.state) {
                Some(holds) => holds == (wrong == self.wanted),
                None => false,
            };
            if !right {
                continue;
            }
            let cost =
                edges.iter().filter(|&&edge| edge != self.wanted).map(|&edge| match self.holds(edge, &tried.state) {
                    None => 100,
                    Some(true) if self.onwards && edge > self.wanted => 10,
                    Some(holds) => usize::from(holds),
                });
            let cost = cost.sum::<usize>();
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                let done = cost == 0;
                best = Some((cost, tried));
                if done {
                    break;
                }
            }
        }
        best.map(|(_, draft)| draft)
    }

    /// The draft with a value at a source, written by whoever writes it; `None` when it cannot be written there, or a
    /// declared schema forbids it.
    fn set(&self, draft: &Draft, source: &str, value: &Value) -> Option<Draft> {
        let entry = self.entry()?;
        let run = &self.ran.run;
        let path: Vec<&str> = source.split('.').collect();
        let (&head, below) = path.split_first()?;
        let mut draft = Draft {
            state: draft.state.clone(),
            results: draft.results.clone(),
            inputs: draft.inputs.clone(),
            answers: draft.answers.clone(),
            words: draft.words.clone(),
        };
        let whole = with(&draft.state.get(head).cloned().unwrap_or_default(), below, value);
        draft.state.set(head, whole);
        let shown = text(value);
        match run.state.writer(head, entry.after) {
            Some(Writer::Engine) => return None,
            None | Some(Writer::Input) => {
                draft.inputs.push((source.to_owned(), value.clone()));
                draft.words.push(format!("`{source}` = {shown} in the input"));
            }
            Some(Writer::Person(at)) => {
                draft.answers.push((at, source.to_owned(), value.clone()));
                let step = run.entries.get(at).map_or("", |entry| &*entry.id);
                draft.words.push(format!("`{source}` = {shown} answered at `{step}`"));
            }
            Some(Writer::Entry(at)) => {
                let by = run.entries.get(at)?;
                let before = draft.results.get(&at).or(by.result.as_ref()).cloned().unwrap_or_default();
                // A step's result stands under its id, and its members stand beside it.
                let path = if *head == *by.id { below } else { &path };
                let after = with(&before, path, value);
                let (_, step) = self.ran.program.step(&by.id)?;
                if !allowed(step, &after) || after.get("status").and_then(Value::as_str) == Some("human_input_required")
                {
                    return None;
                }
                draft.state.set(Rc::clone(&by.id), after.clone());
                if *head == *by.id
                    && let Some(member) = below.first()
                    && draft.state.contains(member)
                    && run.state.writer(member, entry.after) == Some(Writer::Entry(at))
                {
                    let value = after.get(member).cloned().unwrap_or_default();
                    draft.state.set(*member, value);
                }
                draft.results.insert(at, after);
                draft.words.push(format!("`{source}` = {shown} from `{}`", by.id));
            }
        }
        Some(draft)
    }

    /// Puts a draft into a case.
    fn placed(&self, case: &Case, draft: Draft) -> Turned {
        let mut case = case.clone();
        for (source, value) in &draft.inputs {
            case.set_input(&source.split('.').collect::<Vec<_>>(), value);
        }
        let entries = &self.ran.run.entries;
        for (at, source, value) in &draft.answers {
            let answered = |entry: &&Entry| matches!(entry.next, Next::Answered(_));
            let position = entries.iter().take(*at).filter(answered).count();
            let step = entries.get(*at).map_or("", |entry| &*entry.id);
            case.set_answer(position, step, &source.split('.').collect::<Vec<_>>(), value);
        }
        let mut changed: Vec<(&usize, &Value)> = draft.results.iter().collect();
        changed.order_by_key(|(at, _)| **at);
        for (at, value) in changed {
            self.set_result(&mut case, *at, value);
        }
        Turned { case, words: draft.words }
    }

    /// Changes what one visit returns. Visits before it return what they did; later ones were another run's.
    fn set_result(&self, case: &mut Case, at: usize, value: &Value) {
        let entries = &self.ran.run.entries;
        let Some(entry) = entries.get(at) else { return };
        let empty = || Value::dict(Dict::new());
        let visits = entries.iter().filter(|other| other.id == entry.id);
        let results: Vec<Value> = visits.map(|visit| visit.result.clone().unwrap_or_else(empty)).collect();
        let visit = entry.visit as usize;
        let mut values: Vec<Value> = results.iter().take(visit.saturating_sub(1)).cloned().collect();
        values.push(value.clone());
        let looped = self.ran.program.loops.as_ref().is_some_and(|loops| loops.of(&entry.id).is_some());
        if looped && visit == results.len() {
            // Then it goes on as it did, so that a loop that is entered once more is also left.
            values.extend(results.last().cloned());
        }
        case.set_mock(&entry.id, values);
    }

    /// The case in which the step of this entry does not wait for a person.
    pub(super) fn without_waiting(&self, case: &Case) -> Option<Turned> {
        let entry = self.entry()?;
        let result = entry.result.as_ref()?.as_dict()?;
        let rest = result.iter().filter(|(key, _)| ***key != *"status");
        let rest: Dict = rest.map(|(key, value)| (Rc::clone(key), value.clone())).collect();
        let mut case = case.clone();
        let answered = |entry: &&Entry| matches!(entry.next, Next::Answered(_));
        case.keep_answers(self.ran.run.entries.iter().take(self.at).filter(answered).count());
        self.set_result(&mut case, self.at, &Value::dict(rest));
        Some(Turned { case, words: vec![format!("`{}` does not wait", entry.id)] })
    }
}

/// Whether the schema a step declares allows it to return a value.
fn allowed(step: &Step, value: &Value) -> bool {
    let mut step = step.clone();
    step.mock = Mock::Returns(value.clone());
    mocks::mismatches(&step).is_empty()
}
