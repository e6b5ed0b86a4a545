//! What a graph of LangGraph streams in several modes at once, or with its subgraphs: `[mode, data]`,
//! `[namespace, mode, data]`, `[namespace, data]`, and the pieces of messages with what is known of them.
//!
//! An update becomes the result of a task as the mode `tasks` tells it, a state a checkpoint; pieces of messages are put
//! together where nothing else tells what was said.

use super::{MOST, Reshaped, values, whole};
use crate::import::record::read;
use crate::json::{At, NodeKind, Tree, push_escaped, quoted};
use crate::wording::counted;
use rustc_hash::FxHashMap;

/// As much of a text as tells.
const TELLING: usize = 64 << 10;

/// One part of a stream.
struct Told<'a> {
    space: Vec<String>,
    mode: String,
    data: At<'a>,
}

/// A part of a stream; `cut` where its end may be missing.
fn told(at: At<'_>, cut: bool) -> Option<Told<'_>> {
    let items: Vec<At<'_>> = at.items().take(4).collect();
    let (&first, &second) = (items.first()?, items.get(1)?);
    let piece = first.get("content").is_some() && first.get("type").is_some() && second.get("langgraph_node").is_some();
    if piece && items.len() == 2 {
        return Some(Told { space: Vec::new(), mode: "messages".into(), data: at });
    }
    let texts = || first.items().map(|text| Some(text.string()?.into_owned())).collect::<Option<Vec<String>>>();
    let space = if first.is(NodeKind::Array) { Some(texts()?) } else { None };
    let within = space.is_some();
    let (mode, data) = match (first.string(), second.string(), items.get(2)) {
        (Some(mode), _, None) => (mode, second),
        (None, Some(mode), Some(&data)) if within => (mode, data),
        (None, Some(mode), None) if within && cut => (mode, second),
        (None, None, None) if within && updates(second) => ("updates".into(), second),
        _ => return None,
    };
    let known = ["updates", "messages", "values", "custom"].contains(&&*mode);
    let holds = mode == "custom" || cut || matches!(data.kind(), NodeKind::Object | NodeKind::Array);
    (known && holds).then(|| Told { space: space.unwrap_or_default(), mode: mode.into_owned(), data })
}

/// Whether an object is what nodes wrote.
fn updates(at: At<'_>) -> bool {
    at.is(NodeKind::Object) && at.count() > 0 && at.members().all(|node| !matches!(node.kind(), NodeKind::String))
}

/// Whether a text begins as such a stream does: lines of parts, or a list of them.
pub(super) fn begins(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(TELLING)).unwrap_or(head);
    let tree = Tree::parse(head);
    let Some(root) = At::root(head, &tree) else { return false };
    told(root, true).is_some() || root.items().next().is_some_and(|first| told(first, true).is_some())
}

/// The text as tasks with their results.
pub(super) fn tasks(text: &[u8]) -> Option<Reshaped> {
    let mut out = Stream::default();
    let (mut spoken, mut others, mut last, mut parts) = (Vec::new(), 0u64, None, 0u64);
    for (start, end) in values(text) {
        let value = text.get(start..end)?;
        let tree = whole(value)?;
        let root = At::root(value, &tree)?;
        let listed: Vec<At<'_>> = if told(root, false).is_some() { vec![root] } else { root.items().collect() };
        for part in listed {
            let part = told(part, false)?;
            parts += 1;
            match part.mode.as_str() {
                "updates" => out.update(&part),
                "values" => {
                    last = Some(part.data.raw().to_vec());
                    out.state(&part);
                }
                "messages" => piece(&part, &mut spoken),
                _ => others += 1,
            }
        }
        if out.json.len() > MOST {
            return None;
        }
    }
    let states = last.as_deref().is_some_and(|last| memchr::memmem::find(last, b"\"messages\"").is_some());
    match last {
        // The last state holds what was said before it.
        Some(last) if out.tasks == 0 && states => out.json = last,
        _ if out.tasks == 0 => spoken.iter().for_each(|message| message.put(&mut out)),
        _ => {}
    }
    let mut says = format!(
        "{} of LangGraph's stream modes; what nodes wrote is read as their results, and places are counted in that.",
        counted(parts, "part stands in a list, as does any", "parts stand in lists, as do those")
    );
    if others > 0 {
        says.push_str(&format!(
            " {} left out.",
            counted(others, "part of the mode `custom` is", "parts of the mode `custom` are")
        ));
    }
    (parts > 0 && !out.json.is_empty()).then_some(Reshaped { json: out.json, says })
}

/// The stream as it is written.
#[derive(Default)]
struct Stream {
    json: Vec<u8>,
    tasks: u64,
    /// Tasks that subgraphs ran in, by the namespace around them and their node, in the order they were met.
    around: FxHashMap<(String, String), Vec<String>>,
    met: rustc_hash::FxHashSet<String>,
}

impl Stream {
    /// What nodes wrote.
    fn update(&mut self, part: &Told<'_>) {
        // A task that a subgraph runs in is told when it is over: its id is known from the namespace.
        for (at, space) in part.space.iter().enumerate() {
            if let Some((node, task)) = space.split_once(':').filter(|_| self.met.insert(space.clone())) {
                let outer = part.space.get(..at).unwrap_or(&[]).join("|");
                self.around.entry((outer, node.to_owned())).or_default().push(task.to_owned());
            }
        }
        for node in part.data.members() {
            let name = node.key().unwrap_or_default().into_owned();
            let waits = name == "__interrupt__";
            let known = self.around.get_mut(&(part.space.join("|"), name.clone())).filter(|tasks| !tasks.is_empty());
            let id = known.map(|tasks| tasks.remove(0));
            let name = if waits { "interrupt" } else { name.as_str() };
            let (result, interrupts) = if waits { (&b"null"[..], node.raw()) } else { (node.raw(), &b"[]"[..]) };
            self.task(&part.space, id, name, result, interrupts);
        }
    }

    fn task(&mut self, space: &[String], id: Option<String>, name: &str, result: &[u8], interrupts: &[u8]) {
        self.tasks += 1;
        let id = id.unwrap_or_else(|| format!("{name}#{}", self.tasks));
        self.begin("tasks", space);
        let head = format!("\"id\":{},\"name\":{},\"result\":", quoted(&id), quoted(name));
        for part in [head.as_bytes(), result, b",\"interrupts\":", interrupts, b"}}\n"] {
            self.json.extend_from_slice(part);
        }
    }

    /// The state of a graph.
    fn state(&mut self, part: &Told<'_>) {
        self.begin("checkpoints", &part.space);
        for part in [b"\"config\":{},\"values\":", part.data.raw(), b"}}\n"] {
            self.json.extend_from_slice(part);
        }
    }

    fn begin(&mut self, mode: &str, space: &[String]) {
        let space = space.iter().map(|part| quoted(part)).collect::<Vec<_>>().join(",");
        self.json.extend_from_slice(format!("{{\"type\":\"{mode}\",\"ns\":[{space}],\"data\":{{").as_bytes());
    }
}

/// A message put together.
struct Spoken {
    id: String,
    node: String,
    space: Vec<String>,
    model: String,
    text: String,
    usage: Option<String>,
    /// Id, name and arguments of the tools it asks for.
    calls: Vec<[String; 3]>,
    /// A message that was no piece.
    own: Option<String>,
}

/// A piece of a message, to the message it belongs to.
fn piece(part: &Told<'_>, spoken: &mut Vec<Spoken>) {
    let mut pair = part.data.items();
    let (Some(piece), about) = (pair.next(), pair.next()) else { return };
    let member =
        |at: Option<At<'_>>, key: &str| at.and_then(|at| read::text(at, &[key])).unwrap_or_default().into_owned();
    let id = member(Some(piece), "id");
    let grows = piece.text_of("type").is_some_and(|kind| kind.ends_with("Chunk"));
    let at = match spoken.iter().rposition(|message| message.id == id && grows) {
        Some(at) => at,
        None => {
            spoken.push(Spoken {
                node: member(about, "langgraph_node"),
                model: member(about, "ls_model_name"),
                space: part.space.clone(),
                text: String::new(),
                usage: None,
                calls: Vec::new(),
                own: (!grows).then(|| piece.json().into_owned()),
                id,
            });
            spoken.len() - 1
        }
    };
    let Some(message) = spoken.get_mut(at) else { return };
    let words = |at: At<'_>| at.string().or_else(|| at.text_of("text")).unwrap_or_default().into_owned();
    let content = piece.get("content");
    match content {
        Some(list) if list.is(NodeKind::Array) => list.items().for_each(|part| message.text.push_str(&words(part))),
        Some(text) => message.text.push_str(&words(text)),
        None => {}
    }
    if let Some(usage) = piece.get("usage_metadata").filter(|usage| usage.is(NodeKind::Object)) {
        message.usage = Some(usage.json().into_owned());
    }
    for call in piece.get("tool_call_chunks").into_iter().flat_map(At::items) {
        let parts = ["id", "name", "args"].map(|key| member(Some(call), key));
        match message.calls.last_mut().filter(|_| parts.iter().take(2).all(String::is_empty)) {
            Some(begun) => begun.iter_mut().zip(&parts).for_each(|(begun, part)| begun.push_str(part)),
            None => message.calls.push(parts),
        }
    }
}

impl Spoken {
    fn put(&self, out: &mut Stream) {
        let message = self.own.clone().unwrap_or_else(|| {
            let mut json = format!("{{\"type\":\"ai\",\"id\":{},\"content\":\"", quoted(&self.id));
            push_escaped(&mut json, &self.text);
            json.push_str(&format!(
                "\",\"response_metadata\":{{\"model_name\":{}}},\"tool_calls\":[",
                quoted(&self.model)
            ));
            let calls = self.calls.iter().map(|[id, name, args]| {
                let args = if crate::json::whole(args.as_bytes()).is_some() { args.as_str() } else { "{}" };
                format!("{{\"id\":{},\"name\":{},\"args\":{args}}}", quoted(id), quoted(name))
            });
            json.push_str(&calls.collect::<Vec<_>>().join(","));
            json.push(']');
            if let Some(usage) = &self.usage {
                json.push_str(&format!(",\"usage_metadata\":{usage}"));
            }
            json.push('}');
            json
        });
        let result = format!("{{\"messages\":[{message}]}}");
        out.task(&self.space, None, &self.node, result.as_bytes(), b"[]");
    }
}

#[cfg(test)]
#[path = "modes_tests.rs"]
mod tests;
