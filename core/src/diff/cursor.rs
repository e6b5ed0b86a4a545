//! The two cursors, which walk together: an item is where both of them are.

use super::comparison::Comparison;
use crate::protocol::{DiffCursor, DiffMove, DiffRow, Sign};

/// Where a move leads from an item.
pub(crate) fn go(of: &Comparison, at: u32, to: DiffMove) -> u32 {
    let last = (of.items.len() as u32).saturating_sub(1);
    let next = of.differences.partition_point(|&item| item <= at);
    let before = of.differences.partition_point(|&item| item < at).checked_sub(1);
    let difference = |at: Option<usize>| at.and_then(|at| of.differences.get(at)).copied();
    let of_step = |half: &[u32], step: u32| half.get(step as usize).copied();
    let to = match to {
        DiffMove::Stay => at,
        DiffMove::First => 0,
        DiffMove::Last => last,
        DiffMove::Forward => at.saturating_add(1),
        DiffMove::Back => at.saturating_sub(1),
        DiffMove::Parting => of.parting.unwrap_or(at),
        DiffMove::NextDifference => difference(Some(next)).unwrap_or(at),
        DiffMove::PreviousDifference => difference(before).unwrap_or(at),
        DiffMove::To { item } => item,
        DiffMove::ToStepA { step } => of_step(&of.a.item_of, step).unwrap_or(at),
        DiffMove::ToStepB { step } => of_step(&of.b.item_of, step).unwrap_or(at),
    };
    to.min(last)
}

/// Where the cursors are; `row` is the item they stand at, with what differs in it.
pub(crate) fn describe(of: &Comparison, row: &DiffRow) -> DiffCursor {
    let at = row.item;
    let (upto_a, upto_b) = of.upto(at);
    let differences = of.differences.len() as u32;
    let passed = of.passed(at.saturating_add(1));
    let mut spoken = row.name.clone();
    if !row.name_b.is_empty() {
        spoken.push_str(&format!(", {} in B", row.name_b));
    }
    spoken.push_str(&format!(", {}, ", row.kind.name()));
    spoken.push_str(match row.sign {
        Sign::Same if row.inside > 0 => "the same in itself, differences below",
        Sign::Same => "the same",
        Sign::Changed => "changed",
        Sign::OnlyA => "only in A",
        Sign::OnlyB => "only in B",
    });
    if !row.what.is_empty() {
        spoken.push_str(&format!(": {}", row.what));
    }
    if let Some(number) = row.difference {
        spoken.push_str(&format!("; difference {} of {differences}", number + 1));
    }
    DiffCursor {
        item: at,
        items: of.items.len() as u32,
        a: upto_a.map(|step| (step, row.a.is_some())),
        b: upto_b.map(|step| (step, row.b.is_some())),
        passed,
        here: row.difference.is_some(),
        differences,
        row: None,
        node: None,
        spoken,
    }
}
