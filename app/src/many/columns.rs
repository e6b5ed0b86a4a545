//! The columns of the table of steps: their words, their order by a press, and the cells of one row.

use super::sorting::Order;
use super::spread::{Quantity, Scale, SpreadCell};
use crate::state::Page;
use crate::widgets::format::count;
use crate::widgets::marks::KindTag;
use chaindebug_core::flow::short_name;
use chaindebug_core::protocol::ManyStep;
use leptos::prelude::*;

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    Runs,
    Visits,
    Failing,
    Flaky,
    Outputs,
    FailedWith,
    FailedWithout,
    Time,
    Tokens,
    Cost,
}

impl Column {
    /// From left to right.
    const ALL: [Column; 11] = [
        Column::Name,
        Column::Runs,
        Column::Visits,
        Column::Failing,
        Column::Flaky,
        Column::Outputs,
        Column::FailedWith,
        Column::FailedWithout,
        Column::Time,
        Column::Tokens,
        Column::Cost,
    ];

    /// Those that say something of these steps: what none of them states has no column.
    pub(super) fn of(steps: &[ManyStep]) -> Vec<Column> {
        let any = |has: fn(&ManyStep) -> bool| steps.iter().any(has);
        let says = |column: &Column| match column {
            Column::Flaky => any(|step| step.flaky),
            Column::FailedWith => any(|step| step.failed_with.is_some_and(|share| share > 0)),
            Column::FailedWithout => any(|step| step.failed_without.is_some_and(|share| share > 0)),
            Column::Time => any(|step| step.time.count > 0),
            Column::Tokens => any(|step| step.tokens.count > 0),
            Column::Cost => any(|step| step.cost.count > 0),
            _ => true,
        };
        Column::ALL.into_iter().filter(says).collect()
    }

    /// Its word, what it says at length, and its width in the grid.
    pub(super) fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Column::Name => ("Step", "Name of the step, below the steps around it", "minmax(190px, 1.6fr)"),
            Column::Runs => ("Runs", "Runs that have it", "72px"),
            Column::Visits => ("Visits", "How often it was run in all", "64px"),
            Column::Failing => ("Failing", "Runs in which it failed at least once", "70px"),
            Column::Flaky => ("Flaky", "With the same input it failed in some runs and not in others", "84px"),
            Column::Outputs => ("Outputs", "Different outputs seen for one and the same input", "76px"),
            Column::FailedWith => ("Failed with", "Share of the runs with this step that failed in the end", "90px"),
            Column::FailedWithout => {
                ("Failed without", "Share of the runs without this step that failed in the end", "112px")
            }
            Column::Time => (
                "Time",
                "Length of one visit: the median, and how it is spread on a logarithmic scale that all rows share",
                "minmax(150px, 1fr)",
            ),
            Column::Tokens => (
                "Tokens",
                "Tokens of one visit: the median, and how they are spread on a logarithmic scale that all rows share",
                "minmax(140px, 1fr)",
            ),
            Column::Cost => (
                "Cost",
                "US dollars of one visit: the median, and how they are spread on a logarithmic scale that all rows share",
                "minmax(150px, 1fr)",
            ),
        }
    }

    /// Whether numbers stand in it: those begin with the largest.
    pub(super) fn number(self) -> bool {
        self != Column::Name
    }

    /// What a step has there; `None` where it has none.
    fn value(self, step: &ManyStep) -> Option<f64> {
        let median = |spread: chaindebug_core::protocol::Spread| (spread.count > 0).then_some(spread.median);
        match self {
            Column::Name => None,
            Column::Runs => Some(step.runs.into()),
            Column::Visits => Some(step.visits.into()),
            Column::Failing => Some(step.failing.into()),
            Column::Flaky => Some(f64::from(u8::from(step.flaky))),
            Column::Outputs => Some(step.outputs.into()),
            Column::FailedWith => step.failed_with.map(f64::from),
            Column::FailedWithout => step.failed_without.map(f64::from),
            Column::Time => median(step.time),
            Column::Tokens => median(step.tokens),
            Column::Cost => median(step.cost),
        }
    }

    /// The steps by one of the columns shown.
    pub(super) fn sorted(steps: &[ManyStep], columns: &[Column], order: Order) -> Vec<usize> {
        let places: Vec<usize> = (0..steps.len()).collect();
        match columns.get(order.column) {
            None => places,
            Some(Column::Name) => order.by_text(places, |&at| steps.get(at).map(|step| step.name.as_str())),
            Some(column) => order.by_number(places, |&at| steps.get(at).and_then(|step| column.value(step))),
        }
    }
}

/// The scales of time, tokens and cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scales {
    time: Scale,
    tokens: Scale,
    cost: Scale,
}

impl Scales {
    pub(super) fn of(steps: &[ManyStep]) -> Scales {
        Scales {
            time: Scale::of(steps.iter().map(|step| &step.time)),
            tokens: Scale::of(steps.iter().map(|step| &step.tokens)),
            cost: Scale::of(steps.iter().map(|step| &step.cost)),
        }
    }
}

/// A share in thousandths as whole percent.
fn percent(thousandths: Option<u32>) -> String {
    thousandths.map_or_else(|| "–".to_owned(), |share| format!("{} %", share.saturating_add(5) / 10))
}

/// The cells of a row.
#[component]
pub(super) fn StepCells(
    step: ManyStep,
    /// Runs in all.
    all: usize,
    columns: Vec<Column>,
    scales: Scales,
    /// Whether steps stand below those around them: then they are indented.
    nested: bool,
    template: String,
) -> impl IntoView {
    let page = Page::get();
    let cells = columns.into_iter().map(|column| cell(column, &step, all, scales, nested)).collect_view();
    let name = short_name(&step.name, step.kind).to_owned();
    let compare = step.example.map(|(a, b)| {
        let words = format!("Typical ↔ farthest: compare a run in which {name} went as mostly with the one in which it was farthest");
        view! {
            <button type="button" class="small many-compare" title=words.clone() aria-label=words on:click=move |event| {
                event.prevent_default();
                page.compare_two(a, b);
            }>"Typical ↔ farthest"</button>
        }
    });
    view! {
        <div class="cells" role="presentation" style:grid-template-columns=template>
            {cells}
            <div role="gridcell" class="cell act">{compare}</div>
        </div>
    }
}

fn cell(column: Column, step: &ManyStep, all: usize, scales: Scales, nested: bool) -> AnyView {
    let number = |text: String, class: &'static str| {
        view! { <div role="gridcell" class=format!("cell number {class}")>{text}</div> }.into_any()
    };
    match column {
        Column::Name => {
            let depth = if nested { step.depth.min(12) } else { 0 };
            view! {
                <div role="gridcell" class="cell name" title=step.name.clone() style=("--depth", depth.to_string())>
                    <KindTag kind=step.kind/>
                    <span class="step-name">{short_name(&step.name, step.kind).to_owned()}</span>
                </div>
            }
            .into_any()
        }
        Column::Runs => number(format!("{} of {all}", step.runs), ""),
        Column::Visits => number(count(step.visits.into()), ""),
        Column::Failing if step.failing > 0 => number(format!("✗ {}", step.failing), "many-failed"),
        Column::Failing => number("0".to_owned(), "none"),
        Column::Flaky => {
            let mark = step.flaky.then(|| view! { <span class="flaky">"~ flaky"</span> });
            view! { <div role="gridcell" class="cell">{mark}</div> }.into_any()
        }
        Column::Outputs if step.outputs == 0 => number("–".to_owned(), "none"),
        Column::Outputs => number(step.outputs.to_string(), if step.outputs > 1 { "much" } else { "" }),
        Column::FailedWith => number(percent(step.failed_with), ""),
        Column::FailedWithout => number(percent(step.failed_without), ""),
        Column::Time => view! { <SpreadCell spread=step.time quantity=Quantity::Time scale=scales.time/> }.into_any(),
        Column::Tokens => {
            view! { <SpreadCell spread=step.tokens quantity=Quantity::Tokens scale=scales.tokens/> }.into_any()
        }
        Column::Cost => view! { <SpreadCell spread=step.cost quantity=Quantity::Cost { computed: step.cost_computed } scale=scales.cost/> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_say_nothing_are_left_out_and_the_rest_sort() {
        let step = |name: &str, runs| ManyStep { name: name.to_owned(), runs, ..ManyStep::default() };
        let steps = [step("b", 1), ManyStep { flaky: true, ..step("a", 3) }];
        let columns = Column::of(&steps);
        assert_eq!(
            columns,
            [Column::Name, Column::Runs, Column::Visits, Column::Failing, Column::Flaky, Column::Outputs]
        );
        let by = |column, descending| Column::sorted(&steps, &columns, Order { column, descending });
        assert_eq!(by(0, false), [1, 0]);
        assert_eq!(by(1, true), [1, 0]);
        assert_eq!(by(1, false), [0, 1]);
        assert_eq!(Column::sorted(&steps, &columns, Order::default()), [0, 1]);
    }

    #[test]
    fn shares_are_whole_percent() {
        assert_eq!(percent(Some(666)), "67 %");
        assert_eq!(percent(None), "–");
    }
}
