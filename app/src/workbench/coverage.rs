//! Below the chart: the steps and edges that no scenario reaches, with a scenario for those that one can be found for.

use super::state::{Charted, Workbench};
use crate::state::Page;
use crate::text::grouped;
use crate::widgets::prose::Prose;
use chaindebug_core::model::Place;
use chaindebug_core::protocol::{Coverage, FlowEdge, FlowView, Reached, Suggestion};
use leptos::prelude::*;

/// Width of the count of scenarios beside a condition, in pixels of the drawing.
const COUNT: f32 = 30.0;

/// More lines than this are not shown at once.
const MOST: usize = 100;

/// An edge or a step that no scenario reaches.
#[derive(Clone, Debug, PartialEq)]
struct Missed {
    of: String,
    name: String,
    /// Whether it is an edge.
    edge: bool,
    condition: String,
    suggestion: Option<Suggestion>,
    why: String,
    place: Option<Place>,
}

impl Missed {
    /// What its line says: a line is made anew when that changes.
    fn key(&self) -> (String, String) {
        let said = self.suggestion.as_ref().map_or(&self.why, |suggestion| &suggestion.words);
        (self.of.clone(), said.clone())
    }

    /// How it can be reached, or why it cannot.
    fn said(&self) -> String {
        match (&self.suggestion, self.why.is_empty(), self.edge) {
            (Some(suggestion), ..) => format!("Reached with {}.", suggestion.words),
            (None, false, _) => self.why.clone(),
            (None, true, true) => "Looking for an input that takes it…".to_owned(),
            (None, true, false) => "See the edges that lead to it.".to_owned(),
        }
    }
}

impl Workbench {
    /// Whether the chart shows what the scenarios reach.
    pub(crate) fn charts_coverage(self) -> bool {
        self.charted.get() == Charted::Coverage && self.bench.with(Option::is_some)
    }

    /// Marks what no scenario reaches on a chart that is about to be drawn, while that is what it shows: visits and
    /// passings count scenarios then.
    pub(crate) fn paint(self, chart: &mut FlowView) {
        if self.charted.get_untracked() == Charted::Coverage
            && let Some(coverage) = self.coverage.get_untracked()
        {
            paint(chart, &coverage);
        }
    }
}

fn paint(chart: &mut FlowView, coverage: &Coverage) {
    let count = |all: &[Reached], of: &str| {
        let found = all.iter().find(|one| one.of == of);
        found.map(|one| u32::try_from(one.by.len()).unwrap_or(u32::MAX))
    };
    for edge in &mut chart.edges {
        edge.taken = count(&coverage.edges, &edge.path);
        // Room for the count behind the condition.
        if let Some(rect) = edge.label_rect.as_mut().filter(|_| edge.taken > Some(0) && !edge.label.is_empty()) {
            rect.x -= COUNT / 2.0;
            rect.w += COUNT;
        }
    }
    for node in &mut chart.nodes {
        node.visits = count(&coverage.steps, &node.id);
        match node.visits {
            Some(0) => "no scenario".clone_into(&mut node.sub),
            Some(by) => node.sub = crate::text::count(u64::from(by), "scenario"),
            None => {}
        }
    }
}

/// The list.
#[component]
pub(crate) fn CoverageList() -> impl IntoView {
    let bench = Page::get().workbench;
    let on = Memo::new(move |_| bench.charted.get() == Charted::Coverage);
    let missed = Memo::new(move |_| {
        let Some(coverage) = bench.coverage.get() else { return Vec::new() };
        let graph = bench.graph.get();
        let edge = |path: &str| graph.as_ref()?.edges.iter().find(|edge| edge.path == path);
        let name = |key: u32| {
            let node = graph.as_ref().and_then(|graph| graph.nodes.iter().find(|node| node.key == key));
            node.map_or_else(String::new, |node| if node.id.is_empty() { node.label.clone() } else { node.id.clone() })
        };
        let one = |of: &Reached, name: String, edge: Option<&FlowEdge>| Missed {
            of: of.of.clone(),
            name,
            edge: edge.is_some(),
            condition: edge.map(|edge| edge.label.clone()).unwrap_or_default(),
            suggestion: of.suggestion.clone(),
            why: of.why.clone(),
            place: edge.and_then(|edge| edge.place),
        };
        let steps =
            coverage.steps.iter().filter(|step| step.by.is_empty()).map(|step| one(step, step.of.clone(), None));
        let edges = coverage.edges.iter().filter(|edge| edge.by.is_empty()).map(|reached| {
            let found = edge(&reached.of);
            let name =
                found.map_or_else(|| reached.of.clone(), |edge| format!("{} → {}", name(edge.from), name(edge.to)));
            one(reached, name, found)
        });
        edges.chain(steps).collect()
    });
    let words = move || {
        bench.coverage.with(|coverage| {
            let coverage = coverage.as_ref()?;
            let reached = |all: &[Reached]| all.iter().filter(|one| !one.by.is_empty()).count();
            Some(format!(
                "{} {} of {} steps and {} of {} edges.",
                match coverage.scenarios.len() {
                    1 => "1 scenario reaches".to_owned(),
                    many => format!("{many} scenarios reach"),
                },
                grouped(reached(&coverage.steps) as u64),
                grouped(coverage.steps.len() as u64),
                grouped(reached(&coverage.edges) as u64),
                grouped(coverage.edges.len() as u64),
            ))
        })
    };
    view! {
        <Show when=move || on.get()>
            <section class="bench-coverage" aria-label="What no scenario reaches" tabindex="0">
                <p class="bench-coverage-head" role="status">{words}</p>
                <ul>
                    <For each=move || missed.with(|missed| missed.iter().take(MOST).cloned().collect::<Vec<_>>()) key=Missed::key let:one>
                        <Line one/>
                    </For>
                </ul>
                <Show when=move || missed.with(|missed| missed.len() > MOST)>
                    <p class="bench-hint bench-pad">{move || format!("{} more.", missed.with(Vec::len) - MOST)}</p>
                </Show>
                <Show when=move || missed.with(Vec::is_empty) && bench.coverage.with(Option::is_some)>
                    <p class="bench-hint bench-pad">"Every step and every edge is reached."</p>
                </Show>
            </section>
        </Show>
    }
}

#[component]
fn Line(one: Missed) -> impl IntoView {
    let bench = Page::get().workbench;
    let text = one.said();
    let Missed { name, condition, suggestion, place, .. } = one;
    let add = suggestion.map(|suggestion| {
        let scenario = StoredValue::new(suggestion.scenario);
        view! { <button type="button" class="edged bench-small" on:click=move |_| bench.add(scenario.get_value())>"Add scenario"</button> }
    });
    let source = place.map(|place| {
        view! { <button type="button" class="subtle bench-small" on:click=move |_| bench.goto.set(Some(place))>"Show in the text"</button> }
    });
    view! {
        <li class="bench-missed">
            <span class="bench-missed-name"><b>{name}</b>{(!condition.is_empty()).then(|| view! { " " <code>{condition}</code> })}</span>
            <span class="bench-missed-why"><Prose text/></span>
            <span class="bench-missed-acts">{source}{add}</span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chaindebug_core::protocol::FlowNode;

    #[test]
    fn what_no_scenario_reaches_is_marked_and_the_rest_counted() {
        let node = |id: &str| FlowNode { id: id.to_owned(), ..FlowNode::default() };
        let edge = |path: &str| FlowEdge { path: path.to_owned(), ..FlowEdge::default() };
        let mut chart = FlowView {
            nodes: vec![node("a"), node("b"), node("")],
            edges: vec![edge("$.p[0]"), edge("$.p[1]"), edge("")],
            ..FlowView::default()
        };
        let reached =
            |of: &str, by: &[u32]| Reached { of: of.to_owned(), by: by.to_vec(), suggestion: None, why: String::new() };
        let coverage = Coverage {
            steps: vec![reached("a", &[0, 2]), reached("b", &[])],
            edges: vec![reached("$.p[0]", &[1]), reached("$.p[1]", &[])],
            ..Coverage::default()
        };
        paint(&mut chart, &coverage);
        let visits: Vec<_> = chart.nodes.iter().map(|node| node.visits).collect();
        assert_eq!(visits, [Some(2), Some(0), None]);
        assert_eq!(chart.nodes[0].sub, "2 scenarios");
        assert_eq!(chart.nodes[1].sub, "no scenario");
        assert_eq!(chart.edges.iter().map(|edge| edge.taken).collect::<Vec<_>>(), [Some(1), Some(0), None]);
    }
}
