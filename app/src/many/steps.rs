//! The table of steps: how often each is there, whether it fails, what goes with failure, and how it is spread.

use super::columns::{Column, Scales, StepCells};
use super::sorting::{Order, SortHead};
use crate::state::Page;
use crate::widgets::list::{ListRole, ListState, VirtualList};
use crate::widgets::scroll::Align;
use leptos::prelude::*;
use std::sync::Arc;

/// Height of a row in pixels.
const ROW: f64 = 30.0;
/// Height of the head that stays in sight.
const HEAD: f64 = 30.0;
/// Width of the button at the end of a row.
const ACT: &str = "148px";

/// What the table is made of, until it is sorted.
#[derive(Clone, PartialEq)]
struct Layout {
    columns: Vec<Column>,
    scales: Scales,
    template: String,
    all: usize,
}

/// The table.
#[component]
pub(super) fn StepsTable() -> impl IntoView {
    let page = Page::get();
    let many = page.many;
    let order = RwSignal::new(Order::default());
    let layout = Memo::new(move |_| {
        let view = many.view.get()?;
        let columns = Column::of(&view.steps);
        let widths: Vec<&str> = columns.iter().map(|column| column.words().2).chain([ACT]).collect();
        let template = widths.join(" ");
        Some(Arc::new(Layout { columns, scales: Scales::of(&view.steps), template, all: view.runs.len() }))
    });
    let places = Memo::new(move |_| {
        let (Some(view), Some(layout)) = (many.view.get(), layout.get()) else { return Arc::default() };
        Arc::new(Column::sorted(&view.steps, &layout.columns, order.get()))
    });
    let state = ListState::new();
    Effect::new(move |before: Option<Order>| {
        let now = order.get();
        if before.is_some_and(|before| before != now) {
            state.go(0, Align::Nearest);
        }
        now
    });
    let total = Memo::new(move |_| places.with(|places| u32::try_from(places.len()).unwrap_or(u32::MAX)));
    let row = Callback::new(move |at: u32| {
        let step = Memo::new(move |_| {
            let place = places.with(|places| places.get(at as usize).copied())?;
            many.view.with(|view| view.as_ref()?.steps.get(place).cloned())
        });
        let cells = move || {
            let (step, layout) = (step.get()?, layout.get()?);
            let nested = order.get() == Order::default();
            let Layout { columns, scales, template, all } = (*layout).clone();
            Some(view! { <StepCells step all columns scales nested template/> })
        };
        cells.into_any()
    });
    let head = move || {
        layout.get().map(|layout| {
            let one = |(column, which): (usize, &Column)| {
                let (word, title, _) = which.words();
                view! { <SortHead order column word title number=which.number()/> }
            };
            let heads = layout.columns.iter().enumerate().map(one).collect_view();
            view! {
                <div role="rowgroup" class="table-head">
                    <div role="row" aria-rowindex="1" class="cells" style:grid-template-columns=layout.template.clone()>
                        {heads}
                        <div role="columnheader" class="cell"><span class="spoken">"Compare"</span></div>
                    </div>
                </div>
            }
        })
    };
    view! {
        <div class="many-panel-head">
            <h2>"Steps"</h2>
            <span class="dim">"time, tokens and cost are of one visit: a line from the least to the most, a box around the middle half, a stroke at the median"</span>
        </div>
        <div class="many-body">
            {move || layout.get().map(|layout| {
                let columns = u32::try_from(layout.columns.len() + 1).unwrap_or(0);
                view! {
                    <VirtualList
                        label="Steps of all runs"
                        role=ListRole::Grid
                        total=total
                        row_height=ROW
                        row=row
                        state=state
                        sticky=HEAD
                        header=head
                        columns=columns
                        class="many-table"
                    />
                }
            })}
        </div>
    }
}
