//! A definition: what could run, and on which conditions.

use super::{Place, Value};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::Dfs;

/// What a node of a pipeline is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// Where a run enters.
    Start,
    /// Does something.
    #[default]
    Step,
    /// Waits for a person.
    Human,
    /// May run beside its neighbours.
    Parallel,
    /// Where a run ends.
    End,
    /// Named by an edge, defined nowhere.
    Missing,
}

/// One node.
#[derive(Clone, Debug, Default)]
pub struct PipelineNode {
    /// Id as edges name it.
    pub id: String,
    /// What people call it; the id when the file gives no other name.
    pub name: String,
    /// What it is.
    pub kind: NodeKind,
    /// Second line of its box: its class or type.
    pub detail: String,
    /// Whether a run that enters at the entry can reach it along the edges, conditions aside.
    pub reachable: bool,
    /// Where it is defined.
    pub place: Place,
    /// Things to show of it, by name (config, inputs, outputs, the definition itself).
    pub values: Vec<(String, Value)>,
    /// Index of the node it stands in: a state with branches, a subgraph, a job with its steps. Never itself, and never
    /// in a ring.
    pub parent: Option<u32>,
}

/// How an edge is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EdgeStyle {
    /// Always taken.
    #[default]
    Always,
    /// Taken when its condition is true.
    Conditional,
    /// The engine can never take it.
    Never,
}

/// A condition as a person reads it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Condition {
    /// One line: `quality_score > threshold`.
    pub text: String,
    /// What the engine makes of it, when that is not what the line says.
    pub remark: Option<String>,
}

/// One edge.
#[derive(Clone, Debug, Default)]
pub struct PipelineEdge {
    /// Index of the node it leaves.
    pub from: u32,
    /// Index of the node it enters.
    pub to: u32,
    /// The condition, when it has one.
    pub condition: Option<Condition>,
    /// How it is drawn.
    pub style: EdgeStyle,
    /// Where it is defined.
    pub place: Place,
    /// JSON path where it is defined, else empty.
    pub path: String,
}

/// A declared parameter.
#[derive(Clone, Debug, Default)]
pub struct Parameter {
    /// Name.
    pub name: String,
    /// Type as the file states it, else empty.
    pub type_name: String,
    /// Whether the file says it must be given.
    pub required: bool,
    /// Default, when stated.
    pub default: Option<Value>,
    /// Description, else empty.
    pub description: String,
}

/// One pipeline.
#[derive(Clone, Debug, Default)]
pub struct Pipeline {
    /// Name.
    pub name: String,
    /// Dialect id, e.g. `ia-modules`.
    pub dialect: String,
    /// Version as the file states it, else empty.
    pub version: String,
    /// Description, else empty.
    pub description: String,
    /// Nodes, terminals and missing ones included.
    pub nodes: Vec<PipelineNode>,
    /// Edges in file order.
    pub edges: Vec<PipelineEdge>,
    /// Parameters in file order.
    pub parameters: Vec<Parameter>,
    /// Index of the entry node.
    pub entry: Option<u32>,
    /// Where it is defined.
    pub place: Place,
    /// Names of the parts that its steps can call (templates), where its engine has such.
    pub parts: Vec<String>,
    /// Number of nodes and edges the file itself declares, terminals and missing ones aside.
    pub declared: (u32, u32),
}

impl Pipeline {
    /// The definition as a graph; weights are positions among the nodes and the edges. Edges to nowhere are left out.
    pub fn graph(&self) -> DiGraph<u32, u32> {
        let mut graph = DiGraph::with_capacity(self.nodes.len(), self.edges.len());
        for node in 0..self.nodes.len() {
            graph.add_node(node as u32);
        }
        for (at, edge) in self.edges.iter().enumerate() {
            let (from, to) = (edge.from as usize, edge.to as usize);
            if from < self.nodes.len() && to < self.nodes.len() {
                graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), at as u32);
            }
        }
        graph
    }

    /// For each node, whether others stand in it.
    pub fn groups(&self) -> Vec<bool> {
        let mut groups = vec![false; self.nodes.len()];
        for parent in self.nodes.iter().filter_map(|node| node.parent) {
            if let Some(slot) = groups.get_mut(parent as usize) {
                *slot = true;
            }
        }
        groups
    }

    /// Whether a node stands in another, however deep.
    pub fn is_inside(&self, node: u32, group: u32) -> bool {
        let parent = |at: &u32| self.nodes.get(*at as usize).and_then(|node| node.parent);
        // A ring would be a mistake of an importer; it must not keep the walk.
        std::iter::successors(parent(&node), parent).take(self.nodes.len()).any(|at| at == group)
    }

    /// Marks what a run that enters at the entry can come to, conditions aside. Without an entry nothing can be said
    /// of any node, and all count as reachable.
    pub fn mark_reachable(&mut self) {
        let Some(entry) = self.entry.map(|entry| entry as usize).filter(|&entry| entry < self.nodes.len()) else {
            for node in &mut self.nodes {
                node.reachable = true;
            }
            return;
        };
        let graph = self.graph();
        let mut walk = Dfs::new(&graph, NodeIndex::new(entry));
        while let Some(at) = walk.next(&graph) {
            if let Some(node) = self.nodes.get_mut(at.index()) {
                node.reachable = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_and_edges_to_nowhere_do_not_keep_the_walk() {
        let edge = |from, to| PipelineEdge { from, to, ..PipelineEdge::default() };
        let mut pipeline = Pipeline {
            nodes: vec![PipelineNode::default(); 4],
            edges: vec![edge(0, 1), edge(1, 0), edge(1, 2), edge(2, 99), edge(3, 2)],
            entry: Some(0),
            ..Pipeline::default()
        };
        pipeline.mark_reachable();
        let reached: Vec<bool> = pipeline.nodes.iter().map(|node| node.reachable).collect();
        assert_eq!(reached, [true, true, true, false]);
    }
}
