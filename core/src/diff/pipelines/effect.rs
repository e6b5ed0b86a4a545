//! What a change does: each scenario on both definitions.

use super::Definition;
use crate::diff::meaning::{self, Options};
use crate::ia_modules::simulate::dry_run;
use crate::protocol::{Both, RunEnd, Scenario, ScenarioEffect, Simulation, Target};

/// Runs the scenarios on both; `stems` are the names of the files without their endings.
///
/// # Errors
/// When a scenario makes no sense: a sentence that names it.
pub(crate) fn effects(
    a: Definition<'_>,
    b: Definition<'_>,
    stems: (&str, &str),
    target: Target,
    scenarios: &[Scenario],
) -> Result<Vec<ScenarioEffect>, String> {
    let mut effects = Vec::with_capacity(scenarios.len());
    for scenario in scenarios {
        let ran = |text: &[u8], stem: &str| {
            let dry =
                dry_run(text, target, scenario, stem).map_err(|why| format!("Scenario `{}`: {why}", scenario.name));
            dry.map(|dry| dry.simulation)
        };
        effects.push(effect(&scenario.name, &ran(a.text, stems.0)?, &ran(b.text, stems.1)?));
    }
    Ok(effects)
}

fn effect(name: &str, a: &Simulation, b: &Simulation) -> ScenarioEffect {
    let same_way = a.entered.iter().zip(&b.entered).take_while(|(a, b)| a == b).count();
    let parted = (same_way < a.entered.len().max(b.entered.len())).then_some(same_way as u32);
    let sum = |simulation: &Simulation| meaning::of_json(&simulation.output, &Options::default()).hash;
    let other_output = sum(a) != sum(b);
    let other_error = a.error != b.error;
    let same = parted.is_none() && a.status == b.status && !other_output && !other_error;
    let said = if same {
        format!("`{name}` goes as before.")
    } else {
        let after = same_way.checked_sub(1).and_then(|at| a.entered.get(at));
        let goes = |of: &Simulation| match of.entered.get(same_way) {
            Some(next) => format!("goes to `{next}`"),
            None => ends(of).to_owned(),
        };
        match (parted, after) {
            (Some(_), Some(after)) => format!("`{name}`: after `{after}` A {} and B {}.", goes(a), goes(b)),
            (Some(_), None) => format!("`{name}`: A {} and B {}.", goes(a), goes(b)),
            _ if a.status != b.status || other_error => {
                format!("`{name}`: the same way, but A {} and B {}.", told(a), told(b))
            }
            _ => format!("`{name}`: the same way, with another output."),
        }
    };
    ScenarioEffect {
        name: name.to_owned(),
        same,
        said,
        status: Both { a: Some(a.status), b: Some(b.status) },
        entered_a: a.entered.clone(),
        entered_b: b.entered.clone(),
        parted,
        output: match other_output {
            true => Both { a: Some(a.output.clone()), b: Some(b.output.clone()) },
            false => Both::default(),
        },
        error: Both { a: a.error.clone(), b: b.error.clone() },
    }
}

fn ends(simulation: &Simulation) -> &'static str {
    match simulation.status {
        RunEnd::Completed => "ends there",
        RunEnd::DeadEnd => "ends in a dead end",
        RunEnd::WaitingForHuman => "waits for a person",
        RunEnd::Failed => "fails",
    }
}

fn told(simulation: &Simulation) -> String {
    match &simulation.error {
        Some(error) => format!("fails with {}", error.type_name),
        None => ends(simulation).to_owned(),
    }
}
