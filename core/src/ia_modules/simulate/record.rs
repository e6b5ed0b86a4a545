//! What a dry run leaves behind: the steps entered, how the engine went on after each, and how it ended.

use super::{Judged, Mark, State};
use crate::ia_modules::load::Exception;
use crate::ia_modules::python::Value;
use crate::protocol::{RunEnd, Verdict};
use std::collections::VecDeque;
use std::rc::Rc;

/// How the engine went on after a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Its edges were looked at; here is the first true one, by position among them.
    Edges(Option<usize>),
    /// Steps of an earlier fan-out were still waiting: the first of them came next, and no edge was looked at.
    Queue,
    /// It waits for a person, and the run ends here.
    Waits,
    /// A person answered. The first edge was followed whatever its condition; `None` when there is none.
    Answered(Option<usize>),
    /// It failed, and the run with it.
    Failed,
}

/// One entry into a step.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Position of the step in the program.
    pub step: usize,
    /// Its id.
    pub id: Rc<str>,
    /// Which visit, from 1.
    pub visit: u32,
    /// The state it was given.
    pub before: Mark,
    /// The state after it.
    pub after: Mark,
    /// What it returned; `None` after an error that ended the run.
    pub result: Option<Value>,
    /// The error, also one that became its result.
    pub error: Option<Exception>,
    /// How often its code was called.
    pub attempts: u64,
    /// Whether the engine lists it among the steps of its result.
    pub recorded: bool,
    /// How the engine went on.
    pub next: Next,
    /// What became of each edge that leaves it, in the order of the file.
    pub edges: Rc<Vec<Judged>>,
}

/// A dry run.
#[derive(Clone, Debug)]
pub struct Run {
    /// The steps entered, in order.
    pub entries: Vec<Entry>,
    /// The shared dictionary and its history.
    pub state: State,
    /// How it ended.
    pub end: RunEnd,
    /// The step that waits for a person.
    pub waiting: Option<Rc<str>>,
    /// What the engine returns as output; `None` of Python after an error.
    pub output: Value,
    /// What ended it.
    pub error: Option<Exception>,
    /// The terminal it came to, or what else stopped it at an edge: the last target.
    pub terminal: Option<String>,
    /// Steps of a fan-out that were never entered because the run ended before.
    pub dropped: Vec<Rc<str>>,
    /// Number of answers that were used.
    pub answered: usize,
}

impl Run {
    /// A run that has not begun.
    pub(crate) fn new(state: State) -> Run {
        Run {
            entries: Vec::new(),
            state,
            end: RunEnd::Completed,
            waiting: None,
            output: Value::None,
            error: None,
            terminal: None,
            dropped: Vec::new(),
            answered: 0,
        }
    }

    /// Positions of the edges that were passed, with repetitions, in the order they were: the first true one after a
    /// step at once, the others when their turn in the queue came, which some never do.
    pub fn taken(&self) -> Vec<usize> {
        let mut taken = Vec::new();
        let mut queue: VecDeque<usize> = VecDeque::new();
        for entry in &self.entries {
            match entry.next {
                Next::Edges(first) => {
                    taken.extend(first);
                    queue.extend(
                        entry.edges.iter().filter(|edge| edge.verdict == Verdict::Queued).map(|edge| edge.edge),
                    );
                }
                Next::Queue => taken.extend(queue.pop_front()),
                Next::Answered(first) => {
                    taken.extend(first);
                    queue.clear();
                }
                Next::Waits | Next::Failed => {}
            }
        }
        taken
    }
}
