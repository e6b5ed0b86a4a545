//! Which state an event belongs to: each names the event before it, and ids of branches that run at once are mixed.
//!
//! States of a Parallel stand in branches and those of a Map in iterations; a branch of one state needs no step of its
//! own. Several attempts of one state are steps below it; a single one is told by the state.

use super::event::{Event, Sort, What};
use crate::import::workflows::histories::parts;
use crate::import::{Builder, Draft};
use crate::model::{Diagnostic, Interner, Kind, Nanos, Place, Severity, Status, Sym};
use crate::order::Order as _;
use crate::wording::counted;
use rustc_hash::{FxHashMap, FxHashSet};

/// How far up is looked for the state that an event ends. States are not nested deeper.
const DEEP: usize = 64;

/// What a draft's context says its step is.
const STATE: u32 = 0;
/// A branch of a Parallel state.
pub(super) const BRANCH: u32 = 1;
/// A pass of a Map, or the execution itself.
pub(super) const ITERATION: u32 = 2;

/// A step to be.
#[derive(Debug)]
struct Node {
    id: String,
    parent: Option<usize>,
    name: Sym,
    kind: Kind,
    sort: Option<Sort>,
    branch: bool,
    start: Option<Nanos>,
    end: Option<Nanos>,
    status: Status,
    failed: bool,
    waits: bool,
    exited: bool,
    places: Vec<Place>,
    attempts: Vec<Node>,
    children: u32,
}

impl Node {
    fn new(id: String, parent: Option<usize>, name: Sym, kind: Kind, event: &Event) -> Self {
        Node {
            id,
            parent,
            name,
            kind,
            sort: None,
            branch: false,
            start: event.time,
            end: None,
            status: Status::Running,
            failed: false,
            waits: false,
            exited: false,
            places: vec![event.place],
            attempts: Vec::new(),
            children: 0,
        }
    }
}

/// What the next event finds at one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// States that follow stand in the node, each in a branch of its own or not.
    Opens { branches: bool },
    /// States that follow stand beside it.
    Within,
}

struct Chain {
    nodes: Vec<Node>,
    /// Node and role of each event.
    at: FxHashMap<u64, (usize, Role)>,
    lost: u64,
}

/// Ids of runs that are taken, and the next number for a further run of each.
#[derive(Debug, Default)]
pub(super) struct Taken {
    runs: FxHashSet<Sym>,
    next: FxHashMap<Sym, u32>,
}

impl Taken {
    /// What is taken by files that are open.
    pub(super) fn of(build: &Builder) -> Self {
        Taken { runs: build.drafts.iter().map(|draft| draft.run).collect(), next: FxHashMap::default() }
    }
}

/// Builds the steps of one execution.
pub(super) fn build(execution: Sym, mut events: Vec<Event>, taken: &mut Taken, build: &mut Builder) {
    events.order_by_key(|event| event.id);
    let Some(first) = events.first().copied() else { return };
    let started = events.iter().any(|event| event.what == What::Start);
    let run = run_of(execution, taken, build);
    let mut chain = Chain { nodes: Vec::new(), at: FxHashMap::default(), lost: 0 };
    let name = build.run_names.get(&run).cloned().unwrap_or_default();
    let title = build.names.intern(&name);
    chain.nodes.push(Node::new("execution".to_owned(), None, title, Kind::Chain, &first));
    chain.at.insert(0, (0, Role::Opens { branches: false }));
    for event in &events {
        chain.event(event, build);
    }
    let ends = |event: &&Event| matches!(event.what, What::Succeeded | What::Failed | What::Aborted | What::Redriven);
    let over = events.iter().rev().find(ends).is_some_and(|event| event.what != What::Redriven);
    // Of an execution that is named, a page is known by that name.
    if execution == Interner::EMPTY {
        build.parts.extend(parts(events.iter().map(|event| (event.id, event.time)), started, over));
    }
    chain.settle();
    let lost = chain.lost;
    emit(chain, run, build);
    if !started {
        let message = "The beginning of this execution is not in this file: a page is missing.";
        build.diagnostics.push(Diagnostic::new(Severity::Warning, "page-missing", message).at(first.place));
    }
    if lost > 0 {
        let events = counted(lost, "event follows one", "events follow ones");
        let message =
            format!("{events} that is not in this file; put where it most likely belongs. A page may be missing.");
        build.diagnostics.push(Diagnostic::new(Severity::Warning, "page-missing", message));
    }
}

/// A run of its own for each execution.
fn run_of(execution: Sym, taken: &mut Taken, build: &mut Builder) -> Sym {
    let whole =
        if execution == Interner::EMPTY { "execution".to_owned() } else { build.names.get(execution).to_owned() };
    let own = build.names.intern(&whole);
    let (mut run, next) = (own, taken.next.entry(own).or_insert(1));
    while !taken.runs.insert(run) {
        *next = next.saturating_add(1);
        run = build.names.intern(&format!("{whole} {next}"));
    }
    // The name of an execution stands at the end of its ARN; the history itself has none.
    let name = whole.rsplit(':').next().unwrap_or_default();
    let name = if name == "execution" { "Step Functions execution" } else { name };
    build.run_names.insert(run, name.to_owned());
    run
}

impl Chain {
    /// The node of an event before; the execution, where that event stands on a page that is not here.
    fn before(&mut self, id: u64) -> (usize, Role) {
        self.at.get(&id).copied().unwrap_or_else(|| {
            self.lost += 1;
            (0, Role::Opens { branches: false })
        })
    }

    fn up(&self, from: usize, test: impl Fn(&Node) -> bool) -> Option<usize> {
        let mut at = Some(from);
        for _ in 0..DEEP {
            let node = self.nodes.get(at?)?;
            if test(node) {
                return at;
            }
            at = node.parent;
        }
        None
    }

    fn add(&mut self, node: Node) -> usize {
        if let Some(parent) = node.parent.and_then(|parent| self.nodes.get_mut(parent)) {
            parent.children = parent.children.saturating_add(1);
        }
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn event(&mut self, event: &Event, build: &mut Builder) {
        let (near, role) = self.before(event.before);
        let mut own = (near, Role::Within);
        match event.what {
            What::Start => own = (0, Role::Opens { branches: false }),
            What::Entered(sort) => own.0 = self.enter(event, sort, near, role, build),
            What::Exited | What::StateAborted => {
                own.0 = self.up(near, |node| node.name == event.name && node.exited.eq(&false)).unwrap_or(near);
                let aborted = event.what == What::StateAborted;
                match own.0 {
                    // The state began on a page that is not here: the execution goes on.
                    0 => self.note(0, event),
                    state => self.end(state, event, if aborted { Status::Cancelled } else { Status::Ok }),
                }
            }
            What::Opened => {
                let map = |node: &Node| node.sort == Some(Sort::Map);
                own.1 = Role::Opens { branches: !self.nodes.get(near).is_some_and(map) };
                self.note(near, event);
            }
            What::InsideEnded | What::InsideFailed => {
                let around = |node: &Node| matches!(node.sort, Some(Sort::Map | Sort::Parallel));
                let is_state = |node: &Node| node.sort.is_some();
                let found = self.up(near, |node| around(node) && !node.exited).or_else(|| self.up(near, is_state));
                own.0 = found.unwrap_or(near);
                self.note(own.0, event);
                if let Some(node) = self.nodes.get_mut(own.0) {
                    node.failed = event.what == What::InsideFailed;
                    node.end = event.time;
                }
            }
            What::Iteration => {
                let map = self.up(near, |node| node.sort == Some(Sort::Map)).unwrap_or(near);
                let node = Node::new(event.id.to_string(), Some(map), event.name, Kind::Chain, event);
                own = (self.add(node), Role::Opens { branches: false });
            }
            What::IterationEnded | What::IterationFailed | What::IterationAborted => {
                let iteration = |node: &Node| node.sort.is_none() && !node.branch && node.parent.is_some();
                own.0 = self.up(near, iteration).unwrap_or(near);
                self.end(
                    own.0,
                    event,
                    match event.what {
                        What::IterationEnded => Status::Ok,
                        What::IterationFailed => Status::Error,
                        _ => Status::Cancelled,
                    },
                );
            }
            What::Scheduled | What::Submitted | What::Done | What::Broke => self.attempt(near, event),
            What::Succeeded => self.close(event, Status::Ok),
            What::Failed => self.close(event, Status::Error),
            What::Aborted => self.close(event, Status::Cancelled),
            What::Redriven => {
                self.note(0, event);
                if let Some(root) = self.nodes.first_mut() {
                    (root.status, root.end, root.exited) = (Status::Running, None, false);
                }
                own = (near, role);
            }
            What::Other => {
                let work = self.nodes.get_mut(near).and_then(|node| node.attempts.last_mut());
                match work.filter(|work| work.status == Status::Running) {
                    Some(work) => work.places.push(event.place),
                    None => self.note(near, event),
                }
            }
        }
        self.at.insert(event.id, own);
    }

    fn enter(&mut self, event: &Event, sort: Sort, near: usize, role: Role, build: &mut Builder) -> usize {
        let parent = match role {
            Role::Opens { branches: false } => near,
            Role::Opens { branches: true } => {
                let name = format!("branch {}", build.names.get(event.name));
                let name = build.names.intern(&name);
                let mut branch = Node::new(format!("{} branch", event.id), Some(near), name, Kind::Chain, event);
                branch.branch = true;
                self.add(branch)
            }
            Role::Within => self.nodes.get(near).and_then(|node| node.parent).unwrap_or(0),
        };
        let kind = match sort {
            Sort::Task => Kind::Task,
            Sort::Parallel | Sort::Map => Kind::Chain,
            Sort::Fail | Sort::Plain => Kind::Other,
        };
        let mut node = Node::new(event.id.to_string(), Some(parent), event.name, kind, event);
        node.sort = Some(sort);
        if sort == Sort::Fail {
            // It has no exit: entering it is failing.
            (node.failed, node.end) = (true, event.time);
        }
        self.add(node)
    }

    fn note(&mut self, at: usize, event: &Event) {
        if let Some(node) = self.nodes.get_mut(at) {
            node.places.push(event.place);
        }
    }

    fn end(&mut self, at: usize, event: &Event, status: Status) {
        self.note(at, event);
        if let Some(node) = self.nodes.get_mut(at) {
            node.end = event.time;
            node.status = if node.failed && status == Status::Ok { Status::Error } else { status };
            node.exited = true;
        }
    }

    fn close(&mut self, event: &Event, status: Status) {
        if let Some(root) = self.nodes.first_mut() {
            root.failed = false;
        }
        self.end(0, event, status);
    }

    /// An event of the work of a state.
    fn attempt(&mut self, at: usize, event: &Event) {
        let Some(node) = self.nodes.get_mut(at) else { return };
        if event.what == What::Scheduled {
            node.kind = event.kind.unwrap_or(node.kind);
            let number = node.attempts.len() + 1;
            let id = format!("{} attempt {}", node.id, event.id);
            let mut attempt = Node::new(id, Some(at), node.name, node.kind, event);
            attempt.waits = event.waits;
            attempt.children = u32::try_from(number).unwrap_or(u32::MAX);
            node.attempts.push(attempt);
            (node.failed, node.waits, node.end) = (false, event.waits, None);
            return;
        }
        node.waits |= event.waits;
        let broke = event.what == What::Broke;
        if event.what != What::Submitted {
            (node.failed, node.waits) = (broke, false);
            node.end = event.time.filter(|_| broke);
        }
        let Some(attempt) = node.attempts.last_mut() else {
            node.places.push(event.place);
            return;
        };
        attempt.places.push(event.place);
        if event.what != What::Submitted {
            attempt.end = event.time;
            attempt.status = if broke { Status::Error } else { Status::Ok };
        }
    }

    /// Says how states without an exit stand.
    fn settle(&mut self) {
        let over = self.nodes.first().is_some_and(|root| root.exited);
        for at in (1..self.nodes.len()).rev() {
            let Some(node) = self.nodes.get(at) else { continue };
            let (parent, end, broken) = (node.parent, node.end, node.failed && !node.exited);
            // A branch is as long as its states, and failed where one of them did and nothing caught it.
            let branch = parent.and_then(|parent| self.nodes.get_mut(parent)).filter(|parent| parent.branch);
            if let Some(branch) = branch {
                branch.end = branch.end.max(end);
                branch.failed |= broken;
            }
            let Some(node) = self.nodes.get_mut(at) else { continue };
            if node.exited || !matches!(node.status, Status::Running | Status::Waiting) {
                continue;
            }
            node.status = match (node.failed, over, node.branch) {
                (true, ..) => Status::Error,
                (_, _, true) if node.end.is_some() => Status::Ok,
                (_, true, _) => Status::Cancelled,
                _ if node.waits => Status::Waiting,
                _ => Status::Running,
            };
        }
    }
}

/// Pushes the drafts.
fn emit(chain: Chain, run: Sym, build: &mut Builder) {
    let ids: Vec<Sym> = chain.nodes.iter().map(|node| build.names.intern(&node.id)).collect();
    let single = |node: &Node| node.branch && node.children < 2;
    let parents: Vec<Option<usize>> = chain.nodes.iter().map(|node| node.parent).collect();
    let alone: Vec<bool> = chain.nodes.iter().map(single).collect();
    for (at, node) in chain.nodes.into_iter().enumerate() {
        if single(&node) {
            continue;
        }
        let parent = node.parent.map(|parent| match alone.get(parent) {
            Some(true) => parents.get(parent).copied().flatten().unwrap_or(0),
            _ => parent,
        });
        let parent = parent.and_then(|parent| ids.get(parent)).copied();
        let (several, own) = (node.attempts.len() > 1, ids.get(at).copied().unwrap_or(Interner::EMPTY));
        let mut more: Vec<Place> = node.places.clone();
        if !several {
            more.extend(node.attempts.iter().flat_map(|attempt| &attempt.places));
        } else if let Some(last) = node.attempts.last().and_then(|attempt| attempt.places.last()) {
            // How the last attempt went is how the state did.
            more.push(*last);
        }
        let attempts = node.attempts;
        let mut places = more.into_iter();
        let mut draft = Draft::new(run, own, places.next().unwrap_or_default());
        draft.more = places.collect();
        draft.parent = parent;
        (draft.name, draft.kind, draft.status) = (node.name, node.kind, node.status);
        (draft.start, draft.end) = (node.start, node.end);
        draft.context = match node.sort {
            Some(_) => STATE,
            None if node.branch => BRANCH,
            None => ITERATION,
        };
        build.push(draft);
        for attempt in attempts.into_iter().filter(|_| several) {
            let id = build.names.intern(&attempt.id);
            let name = format!("attempt {}", attempt.children);
            let mut draft = Draft::new(run, id, attempt.places.first().copied().unwrap_or_default());
            draft.more = attempt.places.into_iter().skip(1).collect();
            (draft.parent, draft.name) = (Some(own), build.names.intern(&name));
            (draft.kind, draft.status) = (attempt.kind, attempt.status);
            (draft.start, draft.end) = (attempt.start, attempt.end);
            build.push(draft);
        }
    }
}
