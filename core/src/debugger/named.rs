//! A step by what people write of it: its id, its name, or its name and which of that name. How a step that was found is
//! shown belongs elsewhere.

use crate::model::{Interner, StepIx, Steps};
use std::fmt::Write as _;

/// Names told when there is no such step.
const TOLD: usize = 6;

/// The step that `text` means: the one with this id; else the first, in tree order, with this name; else of the name
/// before the last `#` the one with that number, from 1.
pub fn find(names: &Interner, steps: &Steps, text: &str) -> Option<StepIx> {
    let nth = |column: &[_], text: &str, nth: usize| {
        let wanted = names.find(text)?;
        let mut all = column.iter().enumerate().filter(|(_, name)| **name == wanted);
        all.nth(nth).and_then(|(step, _)| u32::try_from(step).ok())
    };
    let counted = || {
        let (name, number) = text.rsplit_once('#')?;
        nth(&steps.name, name, number.parse::<usize>().ok()?.checked_sub(1)?)
    };
    nth(&steps.id, text, 0).or_else(|| nth(&steps.name, text, 0)).or_else(counted)
}

/// The sentence that says that there is no such step, and which there are.
pub fn missing(names: &Interner, steps: &Steps, text: &str) -> String {
    let mut told = Vec::new();
    let mut more = false;
    for &name in &steps.name {
        if told.contains(&name) {
            continue;
        }
        if told.len() == TOLD {
            more = true;
            break;
        }
        told.push(name);
    }
    let mut sentence = format!("There is no step “{text}” in this run. Its steps are ");
    for (at, name) in told.iter().enumerate() {
        let _ = write!(sentence, "{}{}", if at > 0 { ", " } else { "" }, names.get(*name));
    }
    sentence.push_str(if more { " and others." } else { "." });
    sentence
}
