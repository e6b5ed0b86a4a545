//! The tree of what the runs did in order: each row a step, or several in a row at which no run parts; below it what came
//! next, the way that most runs take first.

use super::state::{Entry, Many};
use crate::state::Page;
use crate::text::{bare_name, count};
use crate::widgets::icons::{Icon, icon};
use crate::widgets::list::{ListRole, ListState, RowAria, VirtualList};
use crate::widgets::marks::KindTag;
use crate::widgets::scroll::Align;
use chaindebug_core::flow::short_name;
use chaindebug_core::protocol::{ManyView, PathNode};
use leptos::{ev, prelude::*};
use std::collections::HashSet;
use std::sync::Arc;

/// Height of a row in pixels.
const ROW: f64 = 46.0;

/// A node that has a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    node: u32,
    depth: u32,
    children: u32,
    open: bool,
}

/// The tree as it is opened and closed.
#[derive(Clone, Copy)]
pub(super) struct Paths {
    page: Page,
    many: Many,
    closed: RwSignal<HashSet<u32>>,
    rows: Memo<Arc<Vec<Row>>>,
    list: ListState,
}

/// Nodes and the nodes after each.
fn children(paths: &[PathNode]) -> Vec<Vec<u32>> {
    let mut children = vec![Vec::new(); paths.len()];
    for (at, node) in (0u32..).zip(paths) {
        if let Some(below) = node.parent.and_then(|parent| children.get_mut(parent as usize)) {
            below.push(at);
        }
    }
    children
}

/// The rows, from the top.
fn rows(paths: &[PathNode], closed: &HashSet<u32>) -> Vec<Row> {
    let children = children(paths);
    let mut rows = Vec::new();
    let mut waiting: Vec<(u32, u32)> = if paths.is_empty() { Vec::new() } else { vec![(0, 0)] };
    while let Some((node, depth)) = waiting.pop() {
        let below = children.get(node as usize).map_or(&[][..], Vec::as_slice);
        let open = !below.is_empty() && !closed.contains(&node);
        rows.push(Row { node, depth, children: u32::try_from(below.len()).unwrap_or(u32::MAX), open });
        if open {
            waiting.extend(below.iter().rev().map(|&child| (child, depth.saturating_add(1))));
        }
    }
    rows
}

/// Whether a run that ended at `end` came to `node`.
pub(super) fn passes(paths: &[PathNode], end: u32, node: u32) -> bool {
    let mut at = Some(end);
    // A parent stands before its child, so this ends.
    while let Some(here) = at {
        if here <= node {
            return here == node;
        }
        at = paths.get(here as usize).and_then(|node| node.parent).filter(|&parent| parent < here);
    }
    false
}

/// What a node is called in a sentence.
pub(super) fn name_of(node: &PathNode) -> String {
    let last = short_name(&node.name, node.kind);
    match (node.parent, node.first.as_str()) {
        (None, _) => "the start".to_owned(),
        (_, "") => format!("`{last}`"),
        (_, first) => format!("`{last}` by way of `{}`", bare_name(first)),
    }
}

impl Paths {
    pub(super) fn new(page: Page) -> Paths {
        let many = page.many;
        let closed = RwSignal::new(HashSet::new());
        let rows = Memo::new(move |_| {
            let rows = many.view.with(|view| {
                closed.with(|closed| view.as_ref().map(|view| rows(&view.paths, closed)).unwrap_or_default())
            });
            Arc::new(rows)
        });
        Paths { page, many, closed, rows, list: ListState::new() }
    }

    /// Opens or closes every node; whether there was something to do.
    pub(super) fn open_all(self, open: bool) -> bool {
        let all = if open {
            HashSet::new()
        } else {
            // The start stays open: without it nothing is left to see.
            self.many.view.with_untracked(|view| (1..view.as_ref().map_or(0, |view| view.paths.len() as u32)).collect())
        };
        self.closed.set(all);
        self.list.go(0, Align::Nearest);
        true
    }

    fn peek(self, at: u32) -> Option<Row> {
        self.rows.with_untracked(|rows| rows.get(at as usize).copied())
    }

    fn turn(self, node: u32) {
        self.closed.update(|closed| {
            if !closed.remove(&node) {
                closed.insert(node);
            }
        });
    }

    /// Looks at a node: its runs stand in the list. Once more ends that.
    fn look(self, node: u32) {
        self.many.node.update(|now| *now = (*now != Some(node) && node > 0).then_some(node));
    }

    fn compare(self, node: u32) -> bool {
        let example = self.many.view.with_untracked(|view| view.as_ref()?.paths.get(node as usize)?.example);
        if let Some((a, b)) = example {
            self.page.compare_two(a, b);
        }
        example.is_some()
    }

    fn key(self, event: &ev::KeyboardEvent, at: u32) -> bool {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key() {
            return false;
        }
        let Some(row) = self.peek(at) else { return false };
        let last = self.rows.with_untracked(|rows| rows.len()).saturating_sub(1) as u32;
        match event.key().as_str() {
            "ArrowRight" if row.children > 0 && !row.open => self.turn(row.node),
            "ArrowRight" if row.open => self.list.go(at.saturating_add(1).min(last), Align::Nearest),
            "ArrowLeft" if row.open => self.turn(row.node),
            "ArrowLeft" => self.to_parent(at, row.depth),
            "j" => self.list.go(at.saturating_add(1).min(last), Align::Nearest),
            "k" => self.list.go(at.saturating_sub(1), Align::Nearest),
            "c" => return self.compare(row.node),
            _ => return false,
        }
        true
    }

    fn to_parent(self, at: u32, depth: u32) {
        let found = self.rows.with_untracked(|rows| {
            let above = rows.get(..at as usize).unwrap_or_default();
            above.iter().rposition(|row| row.depth < depth)
        });
        if let Some(row) = found {
            self.list.go(row as u32, Align::Nearest);
        }
    }
}

/// The tree.
#[component]
pub(super) fn PathsTree(paths: Paths, entries: Memo<Vec<Entry>>) -> impl IntoView {
    let many = paths.many;
    let total = Memo::new(move |_| paths.rows.with(|rows| rows.len() as u32));
    let at = move |row: u32| paths.rows.with(|rows| rows.get(row as usize).copied());
    let row = Callback::new(move |index: u32| {
        let row = Memo::new(move |_| at(index));
        view! { <Cells row paths/> }.into_any()
    });
    let aria = Callback::new(move |index: u32| {
        let row = at(index);
        RowAria {
            level: row.map(|row| row.depth.saturating_add(1)),
            expanded: row.filter(|row| row.children > 0).map(|row| row.open),
            current: row.is_some_and(|row| many.node.get() == Some(row.node)),
        }
    });
    let label = move || format!("Paths that {} took", count(entries.with(Vec::len) as u64, "run"));
    view! {
        <div class="many-panel-head">
            <h2>"Paths"</h2>
            <span class="dim">"what came after what, the most common way first"</span>
        </div>
        <div class="many-body">
            <VirtualList
                label=Signal::derive(label)
                role=ListRole::Tree
                total=total
                row_height=ROW
                row=row
                state=paths.list
                aria=aria
                on_key=Callback::new(move |(event, at): (ev::KeyboardEvent, u32)| paths.key(&event, at))
                on_open=Callback::new(move |at: u32| if let Some(row) = paths.peek(at) { paths.look(row.node) })
                class="many-tree"
            />
        </div>
    }
}

#[component]
fn Cells(row: Memo<Option<Row>>, paths: Paths) -> impl IntoView {
    let many = paths.many;
    move || {
        let row = row.get()?;
        let view: Arc<ManyView> = many.view.get()?;
        let node = view.paths.get(row.node as usize)?.clone();
        let all = view.runs.len();
        let share = if all == 0 { 0.0 } else { f64::from(node.runs) / all as f64 * 100.0 };
        let bad = if node.runs == 0 { 0.0 } else { f64::from(node.failed) / f64::from(node.runs) * 100.0 };
        let ways = row.children + u32::from(row.children > 0 && node.ends > 0);
        let start = node.parent.is_none();
        let twist = (row.children > 0).then(|| {
            view! {
                <span class="twist" class:open=row.open title=if row.open { "Close" } else { "Open" } on:click=move |event| {
                    event.prevent_default();
                    paths.turn(row.node);
                }>{icon(Icon::Chevron)}</span>
            }
        });
        let name = short_name(&node.name, node.kind).to_owned();
        let first = (!node.first.is_empty()).then(|| {
            let between = if node.length > 2 { " → … →" } else { " →" };
            view! {
                <span class="step-name" title=node.first.clone()>{bare_name(&node.first).to_owned()}</span>
                <span class="dim many-between">{between}</span>
            }
        });
        let steps = (node.length > 1).then(|| {
            let title = format!("{} in a row at which no run parts", count(node.length.into(), "step"));
            view! { <span class="chip" title=title>{format!("×{} steps", node.length)}</span> }
        });
        let compare = node.example.map(|_| {
            let words = format!("Compare two runs that part after {}", name_of(&node).replace('`', ""));
            view! {
                // With the keyboard it is the key C, and the button below the list.
                <button type="button" class="small many-compare" tabindex="-1" title=words.clone() aria-label=words on:click=move |event| {
                    event.prevent_default();
                    paths.compare(row.node);
                }>"Compare two"</button>
            }
        });
        Some(view! {
            <div class="many-path" class:fork={ways > 1} style=("--depth", row.depth.min(14).to_string())>
                <span class="many-twist">{twist}</span>
                <div class="many-path-words">
                    <div class="many-path-line">
                        {if start {
                            view! { <span class="step-name">"Start"</span> }.into_any()
                        } else {
                            view! { {first}<KindTag kind=node.kind/><span class="step-name" title=node.name.clone()>{name}</span> }.into_any()
                        }}
                        {(ways > 1).then(|| view! { <span class="many-ways">{format!("{ways} ways")}</span> })}
                    </div>
                    <div class="many-path-line many-counts">
                        <span class="many-share" aria-hidden="true">
                            <span class="share-runs" style:width=format!("{share:.1}%")>
                                <span class="share-failed" style:width=format!("{bad:.1}%")></span>
                            </span>
                        </span>
                        <span>{format!("{} of {all}", node.runs)}</span>
                        {(node.failed > 0).then(|| view! { <span class="many-failed">{format!("✗ {} failed", node.failed)}</span> })}
                        {(node.ends > 0).then(|| view! { <span class="many-ends">{format!("■ {}", count_ends(node.ends))}</span> })}
                        {steps}
                    </div>
                </div>
                {compare}
            </div>
        })
    }
}

fn count_ends(ends: u32) -> String {
    format!("{ends} end{} here", if ends == 1 { "s" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Vec<PathNode> {
        let parents = [None, Some(0), Some(1), Some(1), Some(0)];
        parents.into_iter().map(|parent| PathNode { parent, ..PathNode::default() }).collect()
    }

    #[test]
    fn rows_stand_below_their_parents_until_these_are_closed() {
        let shown = |closed: &[u32]| {
            let closed = closed.iter().copied().collect();
            rows(&tree(), &closed).into_iter().map(|row| (row.node, row.depth)).collect::<Vec<_>>()
        };
        assert_eq!(shown(&[]), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 1)]);
        assert_eq!(shown(&[1]), [(0, 0), (1, 1), (4, 1)]);
        assert!(rows(&[], &HashSet::new()).is_empty());
    }

    #[test]
    fn a_run_passes_what_is_before_its_end() {
        let paths = tree();
        assert!(passes(&paths, 3, 1) && passes(&paths, 3, 0) && passes(&paths, 3, 3));
        assert!(!passes(&paths, 3, 2) && !passes(&paths, 4, 1) && !passes(&paths, 1, 3));
        // A circle ends too.
        let circle = vec![
            PathNode { parent: Some(1), ..PathNode::default() },
            PathNode { parent: Some(0), ..PathNode::default() },
        ];
        assert!(!passes(&circle, 1, 7));
        assert!(passes(&circle, 1, 0));
    }
}
