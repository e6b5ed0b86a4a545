//! A scenario as the simulator takes it, run, and changed place by place.

use crate::ia_modules::load::{self, Exception, Program};
use crate::ia_modules::python::{Dict, Value};
use crate::ia_modules::simulate::{Answer, Given, Run, mocks, run};
use crate::protocol::{Answered, Mock, Scenario, StepMock, Target};
use crate::scenario::compact;

/// What all scenarios are run on.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) definition: &'a Value,
    pub(super) target: Target,
    /// Name of the pipeline's file without its ending.
    pub(super) pipeline_id: &'a str,
}

/// A scenario: its texts as they are written, and what they mean.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) scenario: Scenario,
    input: Dict,
    mocks: Vec<(String, load::Mock)>,
    answers: Vec<Answer>,
}

/// A run of a case.
pub(super) struct Ran {
    pub(super) program: Program,
    pub(super) run: Run,
}

impl Case {
    /// Reads the texts.
    ///
    /// # Errors
    /// A sentence on the value that is no JSON.
    pub(super) fn new(scenario: &Scenario) -> Result<Case, String> {
        let input = if scenario.input.trim().is_empty() {
            Value::dict(Dict::new())
        } else {
            json(&scenario.input, "The input")?
        };
        let input = input.as_dict().cloned().ok_or("The input has to be a JSON object.")?;
        let mut mocks = Vec::new();
        for StepMock { step, mock } in &scenario.mocks {
            let value = |text: &String| json(text, &format!("The mock of `{step}`"));
            let mock = match mock {
                Mock::Generated => load::Mock::Generated,
                Mock::Returns { value: text } => load::Mock::Returns(value(text)?),
                Mock::Sequence { values } => load::Mock::Sequence(values.iter().map(value).collect::<Result<_, _>>()?),
                Mock::Raises { error } => load::Mock::Raises(error.clone()),
            };
            mocks.push((step.clone(), mock));
        }
        let mut answers = Vec::new();
        for Answered { step, value } in &scenario.answers {
            let value = json(value, &format!("The answer at `{step}`"))?;
            answers.push(Answer { step: step.clone(), value });
        }
        Ok(Case { scenario: scenario.clone(), input, mocks, answers })
    }

    /// Runs it.
    ///
    /// # Errors
    /// The exception with which the loader refuses the definition.
    pub(super) fn run(&self, ground: Ground<'_>) -> Result<Ran, Exception> {
        let stand_ins: load::Mocks = self.mocks.iter().cloned().collect();
        let input = Value::dict(self.input.clone());
        let given = load::Given { target: ground.target, input: &input, mocks: &stand_ins };
        let program = load::load(ground.definition, given)?;
        let given = Given { input: &self.input, answers: &self.answers, pipeline_id: ground.pipeline_id };
        let run = run(&program, &given, &mut mocks::outcome);
        Ok(Ran { program, run })
    }

    /// Sets a value in the input.
    pub(super) fn set_input(&mut self, path: &[&str], value: &Value) {
        let input = with(&Value::dict(self.input.clone()), path, value);
        if let Some(dict) = input.as_dict() {
            self.input = dict.clone();
            self.scenario.input = text(&input);
        }
    }

    /// Sets what a step returns, at each visit from the first on.
    pub(super) fn set_mock(&mut self, step: &str, mut values: Vec<Value>) {
        // A last value that repeats the one before says nothing: the last one comes again anyway.
        while values.len() > 1 && values.last() == values.get(values.len() - 2) {
            values.pop();
        }
        let (mock, written) = if values.len() == 1 {
            let value = values.pop().unwrap_or_default();
            let written = Mock::Returns { value: text(&value) };
            (load::Mock::Returns(value), written)
        } else {
            let written = Mock::Sequence { values: values.iter().map(text).collect() };
            (load::Mock::Sequence(values), written)
        };
        self.mocks.retain(|(id, _)| id != step);
        self.mocks.push((step.to_owned(), mock));
        match self.scenario.mocks.iter_mut().find(|mock| mock.step == step) {
            Some(mock) => mock.mock = written,
            None => self.scenario.mocks.push(StepMock { step: step.to_owned(), mock: written }),
        }
    }

    /// Leaves a step to the value made from its schema.
    pub(super) fn drop_mock(&mut self, step: &str) {
        self.mocks.retain(|(id, _)| id != step);
        self.scenario.mocks.retain(|mock| mock.step != step);
    }

    /// Sets a value in an answer; a new one is put after the others.
    pub(super) fn set_answer(&mut self, at: usize, step: &str, path: &[&str], value: &Value) {
        self.answers.truncate(self.answers.len().max(at));
        if at >= self.answers.len() {
            self.answers.push(Answer { step: step.to_owned(), value: Value::dict(Dict::new()) });
            self.scenario.answers.push(Answered { step: step.to_owned(), value: "{}".to_owned() });
        }
        if let (Some(answer), Some(written)) = (self.answers.get_mut(at), self.scenario.answers.get_mut(at))
            && !path.is_empty()
        {
            answer.value = with(&answer.value, path, value);
            written.value = text(&answer.value);
        }
    }

    /// Drops answers from a position on.
    pub(super) fn keep_answers(&mut self, count: usize) {
        self.answers.truncate(count);
        self.scenario.answers.truncate(count);
    }
}

fn json(text: &str, what: &str) -> Result<Value, String> {
    Value::parse(text.as_bytes()).map_err(|wrong| wrong.sentence(what, text.as_bytes()))
}

/// A value as it is written in a scenario.
pub(super) fn text(value: &Value) -> String {
    let json = value.to_json();
    compact(&json).unwrap_or(json)
}

/// The value with another one at a path; what is no dictionary on the way becomes one.
pub(super) fn with(value: &Value, path: &[&str], new: &Value) -> Value {
    let mut around: Vec<Dict> = Vec::with_capacity(path.len());
    let mut at = Some(value.clone());
    for part in path {
        let dict = at.as_ref().and_then(Value::as_dict).cloned().unwrap_or_default();
        at = dict.get(part).cloned();
        around.push(dict);
    }
    let mut made = new.clone();
    for (part, mut dict) in path.iter().zip(around).rev() {
        dict.set(*part, made);
        made = Value::dict(dict);
    }
    made
}

impl Ran {
    /// Positions of the edges that were passed, with repetitions.
    pub(super) fn taken(&self) -> Vec<usize> {
        self.run.taken()
    }
}
