//! Where the objects of an export stand: alone, one a line, in a list, or in the answer of an interface that puts them
//! under a key, several such around each other. What the objects are is their format's.

use crate::import::{Probe, ROOT, Route, Sample, State};
use crate::json::{NodeKind, Str};

/// Most wrappers around an object.
const DEEP: u8 = 6;

/// In a list.
const LIST: State = 1;
/// In the object around everything.
const AROUND: State = 2;

/// The route where objects are told by their content, wherever they stand: what a list holds is taken whole, and so is
/// what an object around everything (`inside`) holds.
pub(super) fn route(inside: bool, state: State, lead: u8) -> Route {
    match (state, lead) {
        (ROOT | LIST | AROUND, b'[') => Route::Enter(LIST),
        (ROOT, b'{') if inside => Route::Enter(AROUND),
        (ROOT | LIST | AROUND, b'{') => Route::Take(0),
        _ => Route::Skip,
    }
}

/// How objects are wrapped in one text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wrapping {
    keys: &'static [&'static str],
    depth: u8,
}

impl Wrapping {
    /// From the first value that holds an object of the format. The keys are those under which objects stand.
    pub(super) fn of(probe: &Probe<'_>, keys: &'static [&'static str], is: fn(&Sample<'_>, u32) -> bool) -> Wrapping {
        let depth = probe.samples.iter().find_map(|sample| find(sample, keys, is)).map_or(0, |(_, depth)| depth);
        Wrapping { keys, depth }
    }

    /// The route: wrappers are entered, what is in them taken. A state is twice the number of wrappers around a value,
    /// plus one in a list.
    pub(super) fn route(self, state: State, key: Option<&Str<'_>>, lead: u8) -> Route {
        let depth = state / 2;
        if let Some(key) = key
            && !self.keys.iter().any(|name| key.is(name))
        {
            return Route::Skip;
        }
        match lead {
            b'{' if depth >= self.depth => Route::Take(0),
            b'{' => Route::Enter(depth.saturating_add(1).saturating_mul(2)),
            b'[' => Route::Enter(state | 1),
            _ => Route::Skip,
        }
    }
}

/// The first object of the format in a sample, and the number of wrappers around it.
pub(super) fn find(sample: &Sample<'_>, keys: &[&str], is: fn(&Sample<'_>, u32) -> bool) -> Option<(u32, u8)> {
    let (mut node, mut depth) = (0u32, 0u8);
    // Lists of lists end where the text does; objects are counted.
    for _ in 0..64 {
        match sample.tree.node(node)?.kind {
            NodeKind::Array => node = sample.tree.first_child(node)?,
            NodeKind::Object if is(sample, node) => return Some((node, depth)),
            NodeKind::Object if depth < DEEP => {
                let inner = keys.iter().filter_map(|key| sample.member(node, key));
                node = inner.into_iter().find(|&inner| {
                    sample.is(inner, NodeKind::Array) && sample.tree.first_child(inner).is_some()
                        || sample.is(inner, NodeKind::Object)
                })?;
                depth += 1;
            }
            _ => return None,
        }
    }
    None
}

/// Whether an object has all of these members.
pub(super) fn has(sample: &Sample<'_>, node: u32, keys: &[&str]) -> bool {
    keys.iter().all(|key| sample.member(node, key).is_some())
}
