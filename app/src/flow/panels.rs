//! What floats over the chart: what its strokes mean, zoom, folding, where the cursor is, what is not drawn.

use super::camera::Size;
use super::canvas::Canvas;
use super::chart::Chart;
use crate::compare::{character, word};
use chaindebug_core::model::{EdgeStyle, NodeKind};
use chaindebug_core::protocol::{RunEnd, Sign};
use leptos::{html, prelude::*};

/// What a chart holds that needs explaining.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Shown {
    any: bool,
    definition: bool,
    laid: bool,
    taken: bool,
    refused: bool,
    unseen: bool,
    dead_end: bool,
    human: bool,
    beside: bool,
    errors: bool,
    repeats: bool,
    parallel: bool,
    back: bool,
    /// A line back that no laid run passed: it bears a sign.
    again: bool,
    conditional: bool,
    never: bool,
    unreachable: bool,
    missing: bool,
}

fn shown(chart: &Chart) -> Shown {
    let mut shown = Shown { any: !chart.view.nodes.is_empty(), laid: chart.laid(), ..Shown::default() };
    for node in &chart.view.nodes {
        shown.definition |= node.node_kind.is_some();
        shown.errors |= node.errors > 0;
        shown.repeats |= node.count > 1 && node.node_kind.is_none();
        shown.dead_end |= node.end == Some(RunEnd::DeadEnd);
        shown.human |= node.node_kind == Some(NodeKind::Human);
        shown.beside |= node.node_kind == Some(NodeKind::Parallel);
        shown.parallel |= node.count > 1 && node.sub.contains('⇉');
        shown.unreachable |= !node.reachable && node.node_kind != Some(NodeKind::Missing);
        shown.missing |= node.node_kind == Some(NodeKind::Missing);
    }
    for edge in &chart.view.edges {
        shown.back |= edge.back;
        shown.again |= edge.back && edge.taken == Some(0) && edge.refused == 0;
        shown.taken |= edge.taken > Some(0);
        shown.refused |= edge.taken == Some(0) && edge.refused > 0;
        shown.unseen |= edge.taken == Some(0) && edge.refused == 0;
        shown.conditional |= edge.style == EdgeStyle::Conditional;
        shown.never |= edge.style == EdgeStyle::Never;
    }
    shown
}

/// A short stroke as the chart draws it.
fn sample(class: &'static str) -> impl IntoView {
    view! {
        <svg class="stroke" width="28" height="10" viewBox="0 0 28 10" aria-hidden="true">
            <g class=class>
                <path d="M1 5H27" />
            </g>
        </svg>
    }
}

/// What the strokes mean: only those that are there.
#[component]
pub(super) fn Legend(
    /// The chart.
    canvas: Canvas,
) -> impl IntoView {
    let shown = Memo::new(move |_| canvas.chart.with(|chart| chart.as_ref().map(|chart| shown(chart))));
    let narrow = Memo::new(move |_| {
        let port = canvas.port.get();
        port.w < 620.0 || port.h < 430.0
    });
    let legend = NodeRef::<html::Details>::new();
    Effect::new(move |_| {
        let open = !narrow.get() && shown.with(|shown| shown.is_some_and(|shown| shown.definition));
        let size = legend.get().filter(|_| open).map(|legend| {
            // With a little air around it.
            let (right, bottom) =
                (legend.offset_left() + legend.offset_width(), legend.offset_top() + legend.offset_height());
            Size { w: f64::from(right) + 10.0, h: f64::from(bottom) + 6.0 }
        });
        canvas.covered(size.unwrap_or_default());
    });
    move || {
        let shown = shown.get().filter(|shown| shown.any)?;
        let line = |is: bool, class: &'static str, words: &'static str| {
            is.then(|| view! { <span class="means">{sample(class)} {words}</span> })
        };
        let sign = |is: bool, class: &'static str, sign: &'static str, words: &'static str| {
            is.then(|| view! { <span class="means"><b class=class>{sign}</b> {words}</span> })
        };
        let run = !shown.definition;
        if canvas.compares() {
            return Some(of_two(canvas.port.with(|port| port.w >= 340.0 && port.h >= 320.0)).into_any());
        }
        let covers = canvas.page.workbench.charts_coverage();
        let written = shown.definition && !shown.laid && !covers;
        let keys = view! {
            {line(run, "line", "already run")}
            {line(run, "line todo", "still to come")}
            {line(written, "line definition sure", "always")}
            {line(written && shown.conditional, "line if definition", "when its condition is true")}
            {line(written && shown.never, "line never definition", "can never be taken")}
            {line(written && shown.back, "line back definition", "leads back")}
            {line(shown.taken && covers, "line laid taken", "taken in n scenarios")}
            {line(shown.taken && !covers, "line laid taken", "✓ taken, ×n times")}
            {line(shown.taken && !covers, "line laid taken todo", "still to come")}
            {line(shown.refused, "line laid refused", "✗ false")}
            {line(shown.unseen, "line laid unseen", if covers { "in no scenario" } else { "not reached" })}
            {sign(shown.never && !written && !run, "mono", "⊘", "can never be taken")}
            {line(shown.dead_end, "line laid stop", "⊣ dead end")}
            {sign(shown.human, "plain", "‖", "waits for a person")}
            {sign(shown.beside, "plain", "⇉", "marked parallel")}
            {sign(run && shown.back, "plain", "↺", "again")}
            {sign(!run && shown.again, "plain", "↺", "leads back")}
            {sign(shown.repeats, "stacked", "×n", "repeats in one box")}
            {sign(shown.parallel, "plain", "⇉", "at once")}
            {sign(shown.errors, "bad", "▌", "error")}
            {sign(shown.unreachable, "mono", "U", "cannot be reached")}
            {sign(shown.missing, "mono", "?", "not defined in this file")}
            {sign(true, "accent", "▢", if run || shown.laid || covers { "cursor" } else { "chosen" })}
        };
        Some(
            view! {
                <details class="flow-legend" class:wide=!shown.definition prop:open=!narrow.get() node_ref=legend>
                    <summary>"Legend"</summary>
                    <div class="meanings">{keys}</div>
                </details>
            }
            .into_any(),
        )
    }
}

/// What the boxes and lines of two runs mean.
fn of_two(open: bool) -> impl IntoView {
    let signs = [Sign::Same, Sign::Changed, Sign::OnlyA, Sign::OnlyB];
    let words = ["same", "changed", "only in A", "only in B"];
    let one = |(sign, words): (Sign, &'static str)| {
        view! { <span class="means"><b class="sign" data-sign=word(sign)>{character(sign)}</b> {words}</span> }
    };
    view! {
        <details class="flow-legend wide of-two" prop:open=open>
            <summary>"Legend"</summary>
            <div class="meanings">{signs.into_iter().zip(words).map(one).collect_view()}</div>
        </details>
    }
}

/// Zoom and folding.
#[component]
pub(super) fn Tools(
    /// The chart.
    canvas: Canvas,
) -> impl IntoView {
    let percent = Memo::new(move |_| (canvas.camera.get().scale * 100.0).round());
    let fold = move || {
        (!canvas.definition()).then(|| {
            view! {
                <button
                    type="button"
                    class="fold-repeats"
                    aria-pressed=move || canvas.fold.get().to_string()
                    title=if canvas.compares() { "What is repeated and what is the same in one box" } else { "Steps of one name in one box, with a count" }
                    on:click=move |_| canvas.set_fold(!canvas.fold.get_untracked())
                >
                    {if canvas.compares() { "Fold same" } else { "Fold repeats" }}
                    <span class="tick" aria-hidden="true">{move || if canvas.fold.get() { "✓" } else { "" }}</span>
                </button>
            }
        })
    };
    view! {
        <div class="flow-tools" class:below=canvas.compares()>
            {fold}
            <div class="zoom" role="group" aria-label="Zoom">
                <button type="button" title="Zoom out (−)" aria-label="Zoom out" on:click=move |_| canvas.zoom(0.8, None)>
                    "−"
                </button>
                <button type="button" class="percent" title="Zoom to 100 % (0)" on:click=move |_| canvas.zoom_reset()>
                    {move || format!("{}%", percent.get())}
                </button>
                <button type="button" title="Zoom in (+)" aria-label="Zoom in" on:click=move |_| canvas.zoom(1.25, None)>
                    "+"
                </button>
                <button type="button" title="Show everything (f, again when the cursor is in sight)" on:click=move |_| canvas.fit()>
                    "Fit"
                </button>
            </div>
        </div>
    }
}

/// At the lower edge: what stands folded, and where the cursor is when it is out of sight.
#[component]
pub(super) fn Remarks(
    /// The chart.
    canvas: Canvas,
) -> impl IntoView {
    // Steps that stand in another's box, and whether that is because a box is closed, because repeats are one.
    let folded = Memo::new(move |_| {
        canvas.chart.with(|chart| {
            // Of two runs each box that stands for several says so itself.
            let chart = chart.as_ref().filter(|chart| chart.view.folded > 0 && !canvas.compares())?;
            let nodes = &chart.view.nodes;
            let closed = nodes.iter().any(|node| node.expandable && !node.group && node.inside > 0);
            Some((chart.view.folded, closed, nodes.iter().any(|node| node.count > 1)))
        })
    });
    let note = Memo::new(move |_| {
        let note = canvas.chart.with(|chart| chart.as_ref().map(|chart| chart.view.note.clone()));
        note.filter(|note| !note.is_empty())
    });
    let hidden = Memo::new(move |_| canvas.hidden());
    let word = move || if canvas.definition() && !canvas.laid() { "The chosen node" } else { "The cursor" };
    view! {
        <div class="flow-remarks">
            {move || note.get().map(|note| view! { <p class="flow-note" role="status">{note}</p> })}
            {move || {
                folded.get().map(|(folded, closed, repeats)| {
                    let steps = if folded == 1 { "1 step".to_owned() } else { format!("{folded} steps") };
                    view! {
                        <p class="flow-folded">
                            {steps} <span class="long">" inside boxes"</span>
                            {closed.then(|| view! {
                                " · "
                                <button type="button" on:click=move |_| canvas.open_all()>"open"</button>
                            })}
                            {(repeats && canvas.fold.get_untracked()).then(|| view! {
                                " · "
                                <button type="button" on:click=move |_| canvas.set_fold(false)>
                                    "unfold"
                                    <span class="long">" repeats"</span>
                                </button>
                            })}
                        </p>
                    }
                })
            }}
            {move || {
                hidden.get().then(|| view! {
                    <button type="button" class="flow-find" on:click=move |_| canvas.show_current()>
                        <span class="dot" aria-hidden="true"></span>
                        {word()} " is out of sight · show it " <kbd>"f"</kbd>
                    </button>
                })
            }}
        </div>
    }
}
