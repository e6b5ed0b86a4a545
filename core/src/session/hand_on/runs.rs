//! The steps of several runs, one after the other, each read once and whole.

use crate::export::full_step::{FullStep, Held, Ids};
use crate::model::{Place, Value, ValueText};
use crate::session::ahead::Ahead;
use crate::session::answer::Shelf;
use crate::session::desk::Key;
use crate::view::Sight;
use rustc_hash::FxHashSet;

/// A run begins.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunHead {
    /// Its id, unlike that of every other run that is written with it.
    pub(crate) id: String,
    pub(crate) name: String,
    /// What the program says of itself: a JSON object on one line, else empty.
    pub(crate) attributes: String,
}

/// What is met while runs are read.
pub(super) enum Met {
    /// A run begins: its number in the session.
    Run(u32, RunHead),
    /// One of its steps: number of the run, and of the step.
    Step(u32, u32, Box<FullStep>),
}

/// Where reading stands.
#[derive(Default)]
pub(super) struct Reading {
    /// Position among the runs, and the next step; `None` before the run has begun.
    run: usize,
    step: Option<u32>,
    ids: Option<Ids>,
    /// Ids of runs that were written.
    taken: FxHashSet<String>,
    /// The resource read last.
    resource: Option<(Place, Held)>,
}

/// A run of the session.
pub(super) fn sight_of<'a>(shelf: &Shelf<'a>, run: u32) -> Result<(Sight<'a>, Key), String> {
    shelf.sight(run)
}

impl Reading {
    /// Reads on until `met` has had enough (`false`). Whether everything was read.
    pub(super) fn on(
        &mut self,
        shelf: &Shelf<'_>,
        runs: &[u32],
        met: &mut dyn FnMut(Met) -> Result<bool, String>,
    ) -> Result<bool, String> {
        while let Some(&run) = runs.get(self.run) {
            let (sight, key) = sight_of(shelf, run)?;
            let ahead = Ahead::new(shelf.document(key.0)?);
            let sight = Sight { reader: &ahead, ..sight };
            if self.ids.is_none() {
                self.ids = Some(Ids::new(sight.run, &sight.document.names));
            }
            let mut at = match self.step {
                Some(at) => at,
                None => {
                    let head = self.head(sight);
                    self.step = Some(0);
                    if !met(Met::Run(run, head))? {
                        return Ok(false);
                    }
                    0
                }
            };
            while (at as usize) < sight.run.steps.len() {
                let step = self.read(sight, at)?;
                at += 1;
                self.step = Some(at);
                if !met(Met::Step(run, at - 1, Box::new(step)))? {
                    return Ok(false);
                }
            }
            (self.run, self.step, self.ids, self.resource) = (self.run + 1, None, None, None);
        }
        Ok(true)
    }

    fn read(&mut self, sight: Sight<'_>, at: u32) -> Result<FullStep, String> {
        let Some(ids) = &self.ids else { return Err("The run was not begun.".to_owned()) };
        let details = sight.details(at)?;
        let mut step = FullStep::of(sight, ids, at, &details)?;
        if let Some(place) = details.resource {
            if self.resource.as_ref().is_none_or(|(read, _)| *read != place) {
                let held = Held::read(sight.reader, &Value { place, text: ValueText::Json })?;
                self.resource = Some((place, held));
            }
            step.resource = self.resource.as_ref().map(|(_, held)| held.clone());
        }
        Ok(step)
    }

    fn head(&mut self, sight: Sight<'_>) -> RunHead {
        let stated = sight.document.names.get(sight.run.id);
        let stated = if stated.is_empty() { "run" } else { stated };
        let mut id = stated.to_owned();
        let mut number = 2u32;
        while !self.taken.insert(id.clone()) {
            id = format!("{stated}#{number}");
            number = number.saturating_add(1);
        }
        let place = sight.details(0).ok().and_then(|details| details.resource);
        let attributes = place.and_then(|place| sight.reader.bytes(place).ok());
        let attributes = attributes.and_then(|bytes| crate::export::json_line::one_line(&bytes));
        let attributes = attributes.filter(|json| json.starts_with('{') && json.len() > 2).unwrap_or_default();
        RunHead { id, name: sight.run.name.clone(), attributes }
    }
}
