//! n8n: ports, triggers, what serves an agent, and what ran.

use crate::import::pipelines::tests::{edges, pipelines};
use crate::import::testing::open;
use crate::overlay::{Truth, lay, note};

#[test]
fn outputs_are_named_and_helpers_point_at_their_agent() {
    let flow = &pipelines(include_str!("../fixtures/n8n.json"))[0];
    assert_eq!(
        edges(flow),
        [
            "Gmail Trigger -> Wichtig? 🚨",
            "Wichtig? 🚨 ->? AI Agent: subject contains help",
            "Wichtig? 🚨 ->? Route: otherwise",
            "OpenAI -> AI Agent: model",
            "AI Agent -> Send",
            "Route ->? Send: bug",
            "Route ->? Send: n > 3",
            "Route ->? Gone: otherwise"
        ]
    );
    let dead: Vec<&str> = flow.nodes.iter().filter(|node| !node.reachable).map(|node| node.id.as_str()).collect();
    assert_eq!(dead, ["Alone"]);
}

#[test]
fn an_execution_lies_on_its_workflow() -> Result<(), String> {
    let (session, view) = open(include_str!("../fixtures/n8n-execution.json"));
    let run = &view.runs[0];
    assert_eq!((run.steps, run.roots, run.errors, run.orphans), (6, 1, 2, 0));
    assert_eq!((run.usage.input, run.usage.output), (Some(20), Some(5)));
    assert_eq!((run.pipeline, run.duration_ns), (Some(0), Some(3_500_000_000)));
    // The model stands in the agent, and has its conversation.
    let model = session.details(0, 3)?;
    assert_eq!(model.messages.len(), 2);
    Ok(())
}

#[test]
fn pinned_data_are_no_way_through_the_workflow() {
    let text = r#"{"name":"W","nodes":[{"name":"A","type":"n8n-nodes-base.start","typeVersion":1,"position":[0,0],"parameters":{}},
        {"name":"B","type":"n8n-nodes-base.set","typeVersion":1,"position":[1,0],"parameters":{}},
        {"name":"C","type":"n8n-nodes-base.set","typeVersion":1,"position":[2,0],"parameters":{}}],
        "connections":{"A":{"main":[[{"node":"B","type":"main","index":0}]]},"B":{"main":[[{"node":"C","type":"main","index":0}]]}},
        "pinData":{"C":[{"json":{"n":1}}],"B":[{"json":{"n":2}}]}}"#;
    let (session, view) = open(text);
    assert_eq!((view.runs.len(), view.runs[0].pipeline), (1, Some(0)));
    let (opened, run) = session.run(0).unwrap();
    let (document, pipeline) = (&opened.document, &opened.document.pipelines[0]);
    let laid = lay(document, run, pipeline, &mut |_, _| Truth::Unknown, false);
    assert_eq!((laid.visits.len(), laid.unexplained), (2, 0));
    assert!(laid.edges.iter().all(|edge| edge.taken == 0) && laid.nodes.iter().all(|node| node.end.is_none()));
    assert!(note(document, run, pipeline, &laid).starts_with("These are data of some steps"));
}
