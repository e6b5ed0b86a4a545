//! The steps of a run as a sorted table. The order is made once for each way of sorting, then answers are windows.

use super::index::RunIndex;
use super::tree::step_row;
use crate::model::{Interner, Run, StepIx};
use crate::order::sort_positions;
use crate::protocol::{TableRow, TableSort, TableView};
use std::cmp::Ordering;

/// The order last asked for.
#[derive(Debug, Default)]
pub struct TableState {
    made: Option<(TableSort, bool)>,
    order: Vec<StepIx>,
}

/// Names shown on each side of the gap when the way to a step is long.
const NAMES_AT_EACH_END: usize = 2;

/// Compares what may be missing: missing values come last, whichever way the rest is sorted.
fn known_first<T>(a: Option<&T>, b: Option<&T>, compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => compare(a, b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

fn sorted<K>(
    count: usize,
    descending: bool,
    key: impl Fn(usize) -> Option<K>,
    compare: impl Fn(&K, &K) -> Ordering,
) -> Vec<StepIx> {
    let keys: Vec<Option<K>> = (0..count).map(&key).collect();
    let mut steps: Vec<usize> = (0..count).collect();
    let turned = |a: &K, b: &K| {
        if descending { compare(b, a) } else { compare(a, b) }
    };
    // Stable: equal keys stay in tree order.
    let key = |step: usize| keys.get(step).and_then(Option::as_ref);
    sort_positions(&mut steps, &mut |a, b| known_first(key(a), key(b), turned));
    steps.into_iter().filter_map(|step| StepIx::try_from(step).ok()).collect()
}

fn order(run: &Run, index: &RunIndex, names: &Interner, sort: TableSort, descending: bool) -> Vec<StepIx> {
    let steps = &run.steps;
    let count = steps.len();
    let text = |sym: crate::model::Sym| Some(names.get(sym)).filter(|text| !text.is_empty());
    let usage = |at: usize| u32::try_from(at).ok().and_then(|step| steps.usage.get(&step));
    match sort {
        TableSort::Order => sorted(count, descending, Some, usize::cmp),
        TableSort::Name => {
            sorted(count, descending, |at| text(*steps.name.get(at)?).map(|name| (name.to_lowercase(), name)), Ord::cmp)
        }
        TableSort::Kind => sorted(count, descending, |at| steps.kind.get(at).map(|kind| kind.name()), Ord::cmp),
        TableSort::Status => sorted(count, descending, |at| steps.status.get(at).map(|status| status.name()), Ord::cmp),
        TableSort::Start => sorted(count, descending, |at| *steps.start.get(at)?, Ord::cmp),
        TableSort::Duration => sorted(count, descending, |at| steps.duration(u32::try_from(at).ok()?), Ord::cmp),
        TableSort::Own => {
            let own = index.own(run);
            sorted(count, descending, |at| own.get(at).copied().flatten(), Ord::cmp)
        }
        TableSort::Model => sorted(count, descending, |at| text(*steps.model.get(at)?), Ord::cmp),
        TableSort::Input => sorted(count, descending, |at| usage(at)?.input, Ord::cmp),
        TableSort::Output => sorted(count, descending, |at| usage(at)?.output, Ord::cmp),
        TableSort::Cost => sorted(count, descending, |at| usage(at)?.cost, f64::total_cmp),
    }
}

/// The names around a step, outermost first, with a gap in the middle when there are many.
fn within(run: &Run, names: &Interner, step: StepIx) -> String {
    let name = |step: StepIx| run.steps.name.get(step as usize).map_or("", |&name| names.get(name));
    let mut near = Vec::new();
    let mut around = run.steps.parent(step);
    let mut far = std::collections::VecDeque::new();
    let mut between = 0usize;
    while let Some(at) = around {
        if near.len() < NAMES_AT_EACH_END {
            near.push(name(at));
        } else {
            far.push_back(name(at));
            if far.len() > NAMES_AT_EACH_END {
                far.pop_front();
                between += 1;
            }
        }
        around = run.steps.parent(at).filter(|&parent| parent < at);
    }
    let gap = (between > 0).then(|| format!("… {between} more …"));
    let outer = far.into_iter().rev().map(str::to_owned);
    let inner = near.into_iter().rev().map(str::to_owned);
    outer.chain(gap).chain(inner).collect::<Vec<_>>().join(" / ")
}

impl TableState {
    /// A window of the table sorted by a column.
    #[allow(clippy::too_many_arguments)] // The request's own fields, and what every view of a run needs.
    pub fn rows(
        &mut self,
        run: &Run,
        index: &RunIndex,
        names: &Interner,
        sort: TableSort,
        descending: bool,
        from: u32,
        count: u32,
    ) -> TableView {
        if self.made != Some((sort, descending)) {
            self.order = order(run, index, names, sort, descending);
            self.made = Some((sort, descending));
        }
        let total = u32::try_from(self.order.len()).unwrap_or(u32::MAX);
        let from = from.min(total);
        let end = from.saturating_add(count).min(total);
        let window = self.order.get(from as usize..end as usize).unwrap_or(&[]);
        let own = index.own(run);
        let rows = window.iter().filter_map(|&step| {
            Some(TableRow {
                row: step_row(run, index, names, step, false)?,
                within: within(run, names, step),
                own: own.get(step as usize).copied().flatten(),
                model: names.get(*run.steps.model.get(step as usize)?).to_owned(),
                usage: run.steps.usage.get(&step).copied().unwrap_or_default(),
            })
        });
        TableView { total, from, rows: rows.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Document;
    use crate::model::build_steps::{document, step};

    fn names(document: &Document, sort: TableSort, descending: bool) -> Vec<String> {
        let run = &document.runs[0];
        let index = RunIndex::new(run);
        let mut table = TableState::default();
        let view = table.rows(run, &index, &document.names, sort, descending, 0, 99);
        view.rows.into_iter().map(|row| row.row.name).collect()
    }

    #[test]
    fn sorts_both_ways_with_the_unknown_last() {
        let document = document(&[
            step(0, "Root").at(0, 100),
            step(1, "b").at(10, 20).usage(5, 1, 0.2),
            step(1, "A").usage(7, 1, 0.1),
            step(1, "c").at(30, 70),
        ]);
        assert_eq!(names(&document, TableSort::Order, true), ["c", "A", "b", "Root"]);
        assert_eq!(names(&document, TableSort::Name, false), ["A", "b", "c", "Root"]);
        assert_eq!(names(&document, TableSort::Duration, true), ["Root", "c", "b", "A"]);
        assert_eq!(names(&document, TableSort::Duration, false), ["b", "c", "Root", "A"]);
        assert_eq!(names(&document, TableSort::Own, true), ["Root", "c", "b", "A"]);
        assert_eq!(names(&document, TableSort::Cost, false), ["A", "b", "Root", "c"]);
        assert_eq!(names(&document, TableSort::Input, true), ["A", "b", "Root", "c"]);
    }

    #[test]
    fn tells_what_is_around_a_step() {
        let deep: Vec<_> = ["a", "b", "c", "d", "e", "f", "g"].iter().zip(0..).map(|(n, d)| step(d, n)).collect();
        let document = document(&deep);
        let run = &document.runs[0];
        assert_eq!(within(run, &document.names, 0), "");
        assert_eq!(within(run, &document.names, 3), "a / b / c");
        assert_eq!(within(run, &document.names, 6), "a / b / … 2 more … / e / f");
    }

    #[test]
    fn windows_are_parts_of_one_order() {
        let document = document(&[step(0, "c"), step(0, "a"), step(0, "b")]);
        let run = &document.runs[0];
        let index = RunIndex::new(run);
        let mut table = TableState::default();
        let mut window = |from, count| table.rows(run, &index, &document.names, TableSort::Name, false, from, count);
        assert_eq!(window(1, 1).rows[0].row.name, "b");
        assert_eq!((window(9, 9).from, window(9, 9).rows.len(), window(9, 9).total), (3, 0, 3));
    }
}
