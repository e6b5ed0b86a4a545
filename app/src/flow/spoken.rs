//! The chart as text: a list of sentences that is read and not seen, one for each box in the order of the flow.

use super::canvas::Canvas;
use super::chart::is_join;
use chaindebug_core::protocol::FlowNode;
use leptos::prelude::*;

/// Sentences in the page; a longer chart is in the steps tree as well.
const MOST: usize = 500;

fn id(key: u32) -> String {
    format!("flow-says-{key}")
}

/// The id of the sentence of the box the arrow keys stand on.
pub(super) fn active(canvas: Canvas) -> Option<String> {
    let key = canvas.walked.get()?;
    canvas.chart.with(|chart| chart.as_ref().and_then(|chart| chart.node(key).map(|node| id(node.key))))
}

fn sentence(canvas: Canvas, node: &FlowNode) -> AnyView {
    let key = node.key;
    let current = move || (canvas.current.get() == Some(key)).then_some("step");
    view! { <li id=id(key) aria-current=current>{node.spoken.clone()}</li> }.into_any()
}

/// The list.
#[component]
pub(super) fn Spoken(
    /// The chart.
    canvas: Canvas,
) -> impl IntoView {
    move || {
        let chart = canvas.chart.get()?;
        let nodes = || chart.view.nodes.iter().filter(|node| !is_join(node));
        let all = nodes().count();
        let one = move |node: &FlowNode| sentence(canvas, node);
        let more = (all > MOST).then(|| {
            let chart = chart.clone();
            // The box walked to has its sentence, wherever it stands.
            let walked = move || {
                let key = canvas.walked.get()?;
                let place = chart.view.nodes.iter().filter(|node| !is_join(node)).position(|node| node.key == key)?;
                (place >= MOST).then(|| chart.node(key).map(|node| sentence(canvas, node))).flatten()
            };
            view! {
                <li>{format!("{} more boxes; the steps tree lists every step.", all - MOST)}</li>
                {walked}
            }
        });
        Some(view! {
            <ol class="spoken" aria-label="The flowchart as text">
                {nodes().take(MOST).map(one).collect_view()}
                {more}
            </ol>
        })
    }
}
