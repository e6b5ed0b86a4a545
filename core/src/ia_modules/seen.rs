//! A definition as one of the three readers sees it: which steps, under which names, and which edges.
//!
//! Made from the pipeline as it was read and from its text; nothing is judged here. Where a reader refuses the file,
//! this is what it would see had it got that far.

use super::definition::Text;
use crate::ia_modules::text::is_terminal;
use crate::json::NodeKind as Json;
use crate::model::{Condition, EdgeStyle, NodeKind, Pipeline, PipelineEdge, PipelineNode};
use crate::protocol::Reader;
use rustc_hash::FxHashMap;

/// The pipeline as a reader sees it.
pub fn seen_by(text: Text<'_>, read: &Pipeline, reader: Reader) -> Pipeline {
    let mut seen = Seen {
        text,
        pipeline: Pipeline { nodes: Vec::new(), edges: Vec::new(), entry: None, ..read.clone() },
        by_key: FxHashMap::default(),
    };
    seen.steps(read, reader);
    seen.edges(read, reader);
    seen.pipeline.mark_reachable();
    seen.pipeline
}

struct Seen<'a> {
    text: Text<'a>,
    pipeline: Pipeline,
    /// The node an edge means.
    by_key: FxHashMap<String, u32>,
}

impl Seen<'_> {
    fn steps(&mut self, read: &Pipeline, reader: Reader) {
        let text = self.text;
        let keys: &[&str] = match reader {
            Reader::Validator => &["name"],
            Reader::Raw => &["id", "name"],
            Reader::Pydantic => &["id"],
        };
        // The steps of the file come first among the nodes, one for each object.
        let objects = text.items(Text::ROOT, "steps").filter(|&step| text.is(step, Json::Object));
        for (step, node) in objects.zip(&read.nodes) {
            let key = keys.iter().find_map(|key| text.get(step, key)).and_then(|key| text.string(key));
            let at = self.pipeline.nodes.len() as u32;
            let id = key.map_or_else(|| "no name for it".to_owned(), std::borrow::Cow::into_owned);
            self.by_key.insert(id.clone(), at);
            let name = if reader == Reader::Validator { id.clone() } else { node.name.clone() };
            self.pipeline.nodes.push(PipelineNode { id, name, reachable: false, ..node.clone() });
        }
        self.pipeline.declared.0 = self.pipeline.nodes.len() as u32;
    }

    /// The node of a name; what is not there is made, as an end or as missing.
    fn node(&mut self, key: &str) -> u32 {
        if let Some(&node) = self.by_key.get(key) {
            return node;
        }
        let node = self.pipeline.nodes.len() as u32;
        let kind = if is_terminal(key) { NodeKind::End } else { NodeKind::Missing };
        self.by_key.insert(key.to_owned(), node);
        self.pipeline.nodes.push(PipelineNode {
            id: key.to_owned(),
            name: key.to_owned(),
            kind,
            ..PipelineNode::default()
        });
        node
    }

    fn edges(&mut self, read: &Pipeline, reader: Reader) {
        let text = self.text;
        let Some(flow) = text.object(Text::ROOT, "flow") else { return };
        let drawn: FxHashMap<&str, &PipelineEdge> = read.edges.iter().map(|edge| (edge.path.as_str(), edge)).collect();
        if let Some(start) = text.text(flow, "start_at").filter(|start| !start.is_empty()) {
            let to = self.node(&start);
            let from = self.pipeline.nodes.len() as u32;
            let path = "$.flow.start_at".to_owned();
            let place = drawn.get(path.as_str()).map(|edge| edge.place).unwrap_or_default();
            let (id, name) = ("START".to_owned(), "Start".to_owned());
            self.pipeline.nodes.push(PipelineNode {
                id,
                name,
                kind: NodeKind::Start,
                place,
                ..PipelineNode::default()
            });
            self.pipeline.entry = Some(from);
            self.pipeline.edges.push(PipelineEdge { from, to, place, path, ..PipelineEdge::default() });
        }
        let (list, from_keys, to_keys): (&str, &[&str], &[&str]) = match reader {
            Reader::Validator if text.get(flow, "paths").is_some() => ("paths", &["from_step"], &["to_step"]),
            Reader::Validator => ("transitions", &["from"], &["to"]),
            Reader::Raw => ("paths", &["from"], &["to"]),
            Reader::Pydantic => ("paths", &["from", "from_step"], &["to", "to_step"]),
        };
        let mut declared = 0;
        for (index, edge) in text.items(flow, list).enumerate() {
            let end =
                |keys: &[&str]| keys.iter().find_map(|key| text.get(edge, key)).and_then(|node| text.string(node));
            let (Some(from), Some(to)) = (end(from_keys), end(to_keys)) else { continue };
            declared += 1;
            let (from, to) = (self.node(&from), self.node(&to));
            let path = format!("$.flow.{list}[{index}]");
            let known = drawn.get(path.as_str());
            let mut condition = known.and_then(|edge| edge.condition.clone());
            let mut style = known.map_or(EdgeStyle::Always, |edge| edge.style);
            if list == "transitions" {
                // The validator does not ask whether the engine follows them.
                style = if text.get(edge, "condition").is_some() { EdgeStyle::Conditional } else { EdgeStyle::Always };
                condition = condition.map(|known| Condition { remark: None, ..known });
            }
            let place = known.map(|edge| edge.place).unwrap_or_default();
            self.pipeline.edges.push(PipelineEdge { from, to, condition, style, place, path });
        }
        self.pipeline.declared.1 = declared;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::open;
    use crate::protocol::{Answer, Request};

    const TEXT: &str = r#"{"name": "p", "steps": [
      {"id": "a", "name": "First", "step_class": "A", "module": "m"},
      {"id": "b", "name": "Second", "step_class": "B", "module": "m"},
      {"name": "Third", "step_class": "C", "module": "m"}],
      "flow": {"start_at": "a", "paths": [
        {"from": "a", "to": "b"},
        {"from_step": "First", "to_step": "Second"},
        {"from_step": "b", "to": "Third"}],
        "transitions": [{"from": "a", "to": "b"}]}}"#;

    /// Ids of the steps it sees, edges by id, and what it calls missing.
    fn drawn(reader: Reader) -> (Vec<String>, Vec<String>, usize) {
        let (session, _) = open(TEXT);
        let read = &session.opened[0].as_ref().unwrap().document.pipelines[0];
        let tree = crate::json::Tree::parse(TEXT.as_bytes());
        let seen = seen_by(Text { bytes: TEXT.as_bytes(), tree: &tree }, read, reader);
        let id = |at: u32| seen.nodes[at as usize].id.clone();
        let steps = seen.nodes.iter().filter(|node| node.kind == NodeKind::Step).map(|node| node.id.clone()).collect();
        let edges = seen.edges.iter().map(|edge| format!("{}>{}", id(edge.from), id(edge.to))).collect();
        (steps, edges, seen.nodes.iter().filter(|node| node.kind == NodeKind::Missing).count())
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn three_readers_see_three_pipelines() {
        let validator = (words(&["First", "Second", "Third"]), words(&["START>a", "First>Second"]), 1);
        assert_eq!(drawn(Reader::Validator), validator);
        assert_eq!(drawn(Reader::Raw), (words(&["a", "b", "Third"]), words(&["START>a", "a>b"]), 0));
        let edges = words(&["START>a", "a>b", "First>Second", "b>Third"]);
        assert_eq!(drawn(Reader::Pydantic), (words(&["a", "b", "no name for it"]), edges, 3));
    }

    #[test]
    fn the_flow_of_a_pipeline_can_be_asked_for_a_reader() {
        let (mut session, _) = open(TEXT);
        let mut boxes = |reader| {
            let request = Request::PipelineFlow { pipeline: 0, reader, run: None };
            let Answer::Flow(flow) = session.answer(request) else { panic!("no flow") };
            flow.nodes.len()
        };
        let (meant, raw, validator) = (boxes(None), boxes(Some(Reader::Raw)), boxes(Some(Reader::Validator)));
        assert!(meant > raw && validator == 5, "{meant} {raw} {validator}");
    }
}
