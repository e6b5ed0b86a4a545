//! The state along a recorded run, and the program it ran, so that conditions can be judged as the engine judged them.
//!
//! The state after a step is what the file says it was; else the state before the next step; else the state before the
//! step with its result merged in, as the engine does. Where none of these is recorded nothing is known.

use super::Opened;
use crate::ia_modules::load::{Edge, Given, Mocks, Program, load};
use crate::ia_modules::python::{Dict, Value as Python};
use crate::ia_modules::simulate::judge::judge;
use crate::model::{Details, Run, StepIx, Value};
use crate::overlay::Truth;
use crate::protocol::{EngineId, Loader, Target};
use crate::view::value::read as text_of;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Bytes of states that are read to lay one run; what is beyond is laid by the way the run took.
const BUDGET: usize = 48 << 20;

/// The state after a step.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) state: Rc<Dict>,
    /// What the step returned, where that is recorded.
    pub(crate) result: Option<Python>,
}

/// The states of a run's visits, read as they are asked for.
pub(crate) struct Recorded<'a> {
    opened: &'a Opened,
    run: &'a Run,
    /// The visit after each visit.
    next: FxHashMap<StepIx, StepIx>,
    id_of: FxHashMap<StepIx, &'a str>,
    newest: Option<(StepIx, Option<Known>)>,
    spent: usize,
}

impl<'a> Recorded<'a> {
    /// `visits`: step and id of its node, in the order of moments.
    pub(crate) fn new(opened: &'a Opened, run: &'a Run, visits: &[(StepIx, &'a str)]) -> Self {
        let next = visits.windows(2).filter_map(|pair| match pair {
            [a, b] => Some((a.0, b.0)),
            _ => None,
        });
        let (next, id_of) = (next.collect(), visits.iter().copied().collect());
        Recorded { opened, run, next, id_of, newest: None, spent: 0 }
    }

    fn details(&self, step: StepIx) -> Option<Details> {
        self.opened.details(self.run, step).ok()
    }

    fn value(&mut self, value: Option<&Value>) -> Option<Python> {
        let text = text_of(self.opened, value?).ok()?.text;
        self.spent = self.spent.saturating_add(text.len());
        // A text that is no JSON is a string.
        Some(Python::forgiving(text.as_bytes()).unwrap_or_else(|| Python::Str(Rc::from(text.as_str()))))
    }

    fn dict(&mut self, value: Option<&Value>) -> Option<Dict> {
        self.value(value)?.as_dict().cloned()
    }

    /// The state before a step.
    pub(crate) fn before(&mut self, step: StepIx) -> Option<Dict> {
        let details = self.details(step)?;
        self.dict(details.state.as_ref())
    }

    /// The state after a visit; `None` when it is not recorded.
    pub(crate) fn after(&mut self, step: StepIx) -> Option<Known> {
        if let Some((of, known)) = &self.newest
            && *of == step
        {
            return known.clone();
        }
        let known = self.find(step);
        self.newest = Some((step, known.clone()));
        known
    }

    fn find(&mut self, step: StepIx) -> Option<Known> {
        let details = self.details(step)?;
        let result = self.value(details.output.as_ref());
        let known = |state: Dict, result| Some(Known { state: Rc::new(state), result });
        if let Some(state) = self.dict(details.state_after.as_ref()) {
            return known(state, result);
        }
        if let Some(&next) = self.next.get(&step)
            && let Some(state) = self.before(next)
        {
            return known(state, result);
        }
        let mut state = self.dict(details.state.as_ref())?;
        let returned = result.clone()?;
        if let Some(returned) = returned.as_dict() {
            state.update(returned);
        }
        state.set(*self.id_of.get(&step)?, returned);
        known(state, result)
    }

    /// Whether a step's failure became its result, with which the engine goes on.
    pub(crate) fn went_on(&self, step: StepIx) -> bool {
        let Some(text) = self.details(step).and_then(|details| text_of(self.opened, details.output.as_ref()?).ok())
        else {
            return false;
        };
        let result = Python::forgiving(text.text.as_bytes());
        result.and_then(|result| result.get("step_error").cloned()) == Some(Python::Bool(true))
    }

    /// Whether more may be read to lay the run.
    fn affordable(&self) -> bool {
        self.spent < BUDGET
    }
}

/// The program a run ran, as far as that can be told, with its edges by JSON path.
pub(crate) struct Ran {
    pub(crate) program: Program,
    by_path: FxHashMap<String, usize>,
}

impl Ran {
    /// Loads a definition as the engine did that wrote a run: 0.2.0 puts `_execution_id` into the state. Which loader
    /// it used is not recorded; conditions mean the same in both, so the first that takes the file is used. `None` when
    /// neither does.
    pub(crate) fn new(definition: &[u8], first: Option<&Dict>) -> Option<Ran> {
        let definition = Python::forgiving(definition)?;
        let newer = first.is_some_and(|state| state.contains("_execution_id"));
        let engine = if newer { EngineId::IaModules020 } else { EngineId::IaModules013 };
        let input = Python::dict(first.cloned().unwrap_or_default());
        let with = |loader| {
            let target = Target { engine, loader };
            load(&definition, Given { target, input: &input, mocks: &Mocks::default() }).ok()
        };
        let program = with(Loader::Raw).or_else(|| with(Loader::Pydantic))?;
        let by_path = program.edges.iter().enumerate().map(|(at, edge)| (edge.path.clone(), at)).collect();
        Some(Ran { program, by_path })
    }

    /// Position of the edge that is defined at a path.
    pub(crate) fn position(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    fn edge(&self, path: &str) -> Option<&Edge> {
        self.program.edges.get(self.position(path)?)
    }

    /// What the edge at a path was worth after a visit.
    pub(crate) fn truth(&self, path: &str, recorded: &mut Recorded<'_>, step: StepIx) -> Truth {
        let Some(edge) = self.edge(path).filter(|_| recorded.affordable()) else { return Truth::Unknown };
        let Some(known) = recorded.after(step) else { return Truth::Unknown };
        match judge(edge, self.program.target.engine, &known.state).1 {
            Ok(true) => Truth::True,
            Ok(false) => Truth::False,
            Err(_) => Truth::Raises,
        }
    }
}
