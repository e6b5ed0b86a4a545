//! The moves of the cursor: the one place where a [`Command`] becomes a moment.
//!
//! Each move costs at most the logarithm of the errors or the depth of the tree, whatever the size of the run.

use crate::model::{Flags, Interner, Nanos, Run, Status, StepIx};
use crate::protocol::{Command, Cursor, Phase};

/// The exits of steps with an error, in moment order. Made once for a run and given to [`apply`] and [`describe`].
pub fn error_exits(run: &Run) -> Vec<u32> {
    let failed = |step: StepIx| run.steps.status.get(step as usize) == Some(&Status::Error);
    let positions = run.moments.iter().zip(0u32..);
    positions.filter(|&(&(step, exit), _)| exit && failed(step)).map(|(_, position)| position).collect()
}

/// The sibling before `step` in tree order.
///
/// The step before it in tree order is the parent, or lies in the previous sibling's subtree: climb from there.
pub fn previous_sibling(run: &Run, step: StepIx) -> Option<StepIx> {
    let around = run.steps.parent(step);
    let mut at = step.checked_sub(1).filter(|&before| Some(before) != around)?;
    loop {
        match run.steps.parent(at) {
            parent if parent == around => return Some(at),
            Some(parent) if parent < at => at = parent,
            _ => return None,
        }
    }
}

/// The sibling after `step` in tree order.
pub fn next_sibling(run: &Run, step: StepIx) -> Option<StepIx> {
    let next = run.steps.after(step);
    ((next as usize) < run.steps.len() && run.steps.parent(next) == run.steps.parent(step)).then_some(next)
}

/// Where `command` leads from the moment `at`; `errors` are the run's [`error_exits`].
///
/// Always a moment of the run; 0 for a run without steps. Siblings are those of the tree, so that "over" visits each
/// of several parallel branches, though a later one may have begun before the earlier ended. Around a root is the
/// run itself, whose enter and exit are the first and last moment.
pub fn apply(run: &Run, errors: &[u32], at: u32, command: Command) -> u32 {
    let Some(last) = run.moments.len().checked_sub(1) else {
        return 0;
    };
    let last = u32::try_from(last).unwrap_or(u32::MAX);
    let at = at.min(last);
    let Some(&(step, exit)) = run.moments.get(at as usize) else {
        return at;
    };
    let enter_of = |step: StepIx| run.enter.get(step as usize).copied().unwrap_or(at).min(last);
    let exit_of = |step: StepIx| run.exit.get(step as usize).copied().unwrap_or(at).min(last);
    let forward = at.saturating_add(1).min(last);
    match command {
        Command::Forward => forward,
        Command::Back => at.saturating_sub(1),
        Command::Into => {
            let inside = step.saturating_add(1);
            if !exit && inside < run.steps.after(step) { enter_of(inside) } else { forward }
        }
        Command::Over if !exit => exit_of(step),
        Command::Over => match next_sibling(run, step) {
            Some(next) => enter_of(next),
            None => run.steps.parent(step).map_or(last, exit_of),
        },
        Command::Out => run.steps.parent(step).map_or(last, exit_of),
        Command::OverBack if exit => enter_of(step),
        Command::OverBack => match previous_sibling(run, step) {
            Some(before) => exit_of(before),
            None => run.steps.parent(step).map_or(0, enter_of),
        },
        Command::First => 0,
        Command::Last => last,
        Command::NextError => errors.get(errors.partition_point(|&error| error <= at)).copied().unwrap_or(at),
        Command::PreviousError => {
            let before = errors.partition_point(|&error| error < at).checked_sub(1);
            before.and_then(|index| errors.get(index)).copied().unwrap_or(at)
        }
        Command::To { moment } => moment.min(last),
        Command::ToStep { step, .. } if step as usize >= run.steps.len() => at,
        Command::ToStep { step, phase: Phase::Enter } => enter_of(step),
        Command::ToStep { step, phase: Phase::Exit } => exit_of(step),
    }
}

/// The time of a step's moment as the file states it, from the run's start; `None` when it cannot be told.
fn time_of(run: &Run, step: StepIx, exit: bool) -> Option<Nanos> {
    let index = step as usize;
    if run.steps.flags.get(index)?.has(Flags::ABSURD) {
        return None;
    }
    let start = run.steps.start.get(index).copied().flatten();
    let time = if exit { (*run.steps.end.get(index)?)?.max(start.unwrap_or(Nanos(i64::MIN))) } else { start? };
    Some(time.since(run.start?))
}

/// What a face shows of the cursor at the moment `at`. `number` is the run's index; `row` and `node` are left out.
pub fn describe(number: u32, run: &Run, names: &Interner, errors: &[u32], at: u32) -> Cursor {
    let moments = u32::try_from(run.moments.len()).unwrap_or(u32::MAX);
    let at = at.min(moments.saturating_sub(1));
    let (step, exit) = run.moments.get(at as usize).copied().unwrap_or_default();
    let index = step as usize;
    let name = run.steps.name.get(index).map_or("", |&name| names.get(name));
    let kind = run.steps.kind.get(index).copied().unwrap_or_default();
    let status = run.steps.status.get(index).copied().unwrap_or_default();
    let (phase, word) = if exit { (Phase::Exit, "exit") } else { (Phase::Enter, "enter") };
    let spoken = if moments == 0 {
        "this run has no steps".to_owned()
    } else {
        let title = if name.is_empty() { "step without a name" } else { name };
        let kind = if kind == crate::model::Kind::Other { "step" } else { kind.name() };
        let status = if status == Status::Unset { "status not stated" } else { status.name() };
        format!("{word} {title}, {kind}, {status}, moment {} of {moments}", u64::from(at) + 1)
    };
    Cursor {
        run: number,
        moment: at,
        moments,
        step,
        phase,
        time: time_of(run, step, exit),
        name: name.to_owned(),
        kind,
        status,
        row: None,
        node: None,
        spoken,
        errors: (
            u32::try_from(errors.len()).unwrap_or(u32::MAX),
            u32::try_from(errors.partition_point(|&error| error <= at)).unwrap_or(u32::MAX),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::build_steps::{any_run, document, step};
    use crate::model::{Document, Kind};
    use proptest::prelude::*;

    /// Walks from a moment by commands and tells where it stands after each, e.g. `(a )a`.
    fn walk(document: &Document, from: u32, commands: &[Command]) -> String {
        let run = &document.runs[0];
        let errors = error_exits(run);
        let mut at = from;
        let told: Vec<_> = commands
            .iter()
            .map(|&command| {
                at = apply(run, &errors, at, command);
                let (step, exit) = run.moments[at as usize];
                let name = document.names.get(run.steps.name[step as usize]);
                format!("{}{name}", if exit { ")" } else { "(" })
            })
            .collect();
        told.join(" ")
    }

    /// Two parallel branches that overlap, then a loop of three.
    fn branches() -> Document {
        document(&[
            step(0, "r").at(0, 100),
            step(1, "a").at(1, 10),
            step(2, "x").at(2, 3),
            step(1, "b").at(2, 9).status(Status::Error),
            step(1, "loop").at(20, 30),
            step(1, "loop").at(30, 40).status(Status::Error),
            step(1, "loop").at(40, 50),
        ])
    }

    use Command::{Back, First, Forward, Into, Last, NextError, Out, Over, OverBack, PreviousError, To, ToStep};

    #[test]
    fn forward_and_back_go_by_moments_and_stop_at_the_ends() {
        assert_eq!(walk(&branches(), 0, &[Forward, Forward, Forward, Back, First, Back]), "(a (x (b (x (r (r");
        assert_eq!(walk(&branches(), 0, &[Last, Forward, Back]), ")r )r )loop");
    }

    #[test]
    fn into_enters_what_is_inside_else_goes_on() {
        assert_eq!(walk(&branches(), 0, &[Into, Into, Into, Into]), "(a (x (b )x");
        assert_eq!(walk(&branches(), 0, &[Last, Into]), ")r )r");
    }

    #[test]
    fn over_visits_each_parallel_branch_and_each_turn_of_a_loop() {
        let over = [Over; 12];
        assert_eq!(walk(&branches(), 1, &over), ")a (b )b (loop )loop (loop )loop (loop )loop )r )r )r");
        assert_eq!(walk(&branches(), 0, &[Over]), ")r");
    }

    #[test]
    fn over_back_is_the_same_way_backwards() {
        let back = [OverBack; 12];
        assert_eq!(
            walk(&branches(), 13, &[&[PreviousError, OverBack][..], &back[..7]].concat()),
            ")loop (loop )loop (loop )b (b )a (a (r"
        );
    }

    #[test]
    fn out_goes_to_the_exit_around() {
        assert_eq!(walk(&branches(), 2, &[Out, Out, Out]), ")a )r )r");
    }

    #[test]
    fn errors_in_moment_order_and_stay_when_there_is_none() {
        assert_eq!(walk(&branches(), 0, &[NextError, NextError, NextError]), ")b )loop )loop");
        assert_eq!(walk(&branches(), 0, &[PreviousError, Last, PreviousError, PreviousError]), "(r )r )loop )b");
    }

    #[test]
    fn to_a_moment_or_a_step_also_out_of_range() {
        let exit_of = |step| ToStep { step, phase: Phase::Exit };
        let moves = [
            To { moment: 1 },
            To { moment: u32::MAX },
            exit_of(2),
            exit_of(99),
            ToStep { step: 3, phase: Phase::Enter },
        ];
        assert_eq!(walk(&branches(), 0, &moves), "(a )r )x )x (b");
        assert_eq!(walk(&branches(), u32::MAX, &[Back]), ")loop");
    }

    #[test]
    fn runs_of_no_step_and_of_one() {
        let all = [Forward, Back, Into, Over, Out, OverBack, First, Last, NextError, PreviousError, To { moment: 3 }];
        let empty = document(&[]);
        assert!(all.iter().all(|&command| apply(&empty.runs[0], &[], 5, command) == 0));
        assert_eq!(describe(0, &empty.runs[0], &empty.names, &[], 3).spoken, "this run has no steps");
        let one = document(&[step(0, "only")]);
        assert_eq!(walk(&one, 0, &[Over, OverBack, Into, Out, OverBack, Out]), ")only (only )only )only (only )only");
    }

    #[test]
    fn speaks_and_counts_errors() {
        let document = document(&[
            step(0, "r").at(5, 100),
            step(1, "refund_order").at(7, 9).kind(Kind::Tool).status(Status::Error),
        ]);
        let run = &document.runs[0];
        let cursor = describe(4, run, &document.names, &error_exits(run), 2);
        assert_eq!(cursor.spoken, "exit refund_order, tool, error, moment 3 of 4");
        assert_eq!((cursor.run, cursor.time, cursor.errors), (4, Some(Nanos(4)), (1, 1)));
        assert_eq!(describe(4, run, &document.names, &error_exits(run), 1).errors, (1, 0));
    }

    fn any_command() -> impl Strategy<Value = Command> {
        prop_oneof![
            Just(Forward),
            Just(Back),
            Just(Into),
            Just(Over),
            Just(Out),
            Just(OverBack),
            Just(First),
            Just(Last),
            Just(NextError),
            Just(PreviousError),
            any::<u32>().prop_map(|moment| To { moment }),
            (0u32..50, any::<bool>())
                .prop_map(|(step, exit)| { ToStep { step, phase: if exit { Phase::Exit } else { Phase::Enter } } }),
        ]
    }

    proptest! {
        #[test]
        fn any_commands_keep_the_cursor_in_range(
            sketches in any_run(30), commands in proptest::collection::vec(any_command(), 0..40), from in any::<u32>(),
        ) {
            let document = document(&sketches);
            let run = &document.runs[0];
            let errors = error_exits(run);
            let mut at = from;
            for command in commands {
                at = apply(run, &errors, at, command);
                prop_assert!(at == 0 || (at as usize) < run.moments.len());
            }
        }

        #[test]
        fn forward_then_back_comes_home(sketches in any_run(30), from in 0u32..60) {
            let document = document(&sketches);
            let run = &document.runs[0];
            let last = (run.moments.len() as u32).saturating_sub(1);
            let at = from.min(last);
            let there = apply(run, &[], at, Forward);
            prop_assert_eq!(apply(run, &[], there, Back), if at == last { at.saturating_sub(1) } else { at });
        }

        #[test]
        fn siblings_look_both_ways(sketches in any_run(30)) {
            let document = document(&sketches);
            let run = &document.runs[0];
            for step in 0..run.steps.len() as u32 {
                if let Some(next) = next_sibling(run, step) {
                    prop_assert_eq!(previous_sibling(run, next), Some(step));
                }
            }
        }
    }
}
