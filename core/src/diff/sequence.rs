//! Which items of one list are found, in the same order, in another. Knows numbers only: who calls gives equal things
//! equal numbers.
//!
//! First what occurs once on both sides (patience), level by level; what lies between by Myers' greedy search, which
//! goes on from the farthest point it reached after [`STEPS`] changes. So the time is at most the length times a
//! constant, whatever the lists are. `imara-diff` was considered: its histogram search scans all that is left after
//! each run it found, and its Myers search looks back over all that is common, so both take the square of the length for
//! lists as plain as every second item changed.

use rustc_hash::FxHashMap;

/// Changes after which Myers' search takes what it has.
const STEPS: usize = 192;
/// Levels of patience.
const LEVELS: u32 = 6;
const NONE: u32 = u32::MAX;

/// Items that are equal: `length` of them, from `a` and from `b` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First in the one list.
    pub a: u32,
    /// First in the other.
    pub b: u32,
    /// How many.
    pub length: u32,
}

/// Gives equal hashes equal numbers, from 0.
#[derive(Debug, Default)]
pub struct Numbers {
    known: FxHashMap<u64, u32>,
}

impl Numbers {
    /// The number of a hash.
    pub fn of(&mut self, hash: u64) -> u32 {
        let next = self.known.len() as u32;
        *self.known.entry(hash).or_insert(next)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

#[derive(Clone, Copy, Debug)]
struct Region {
    a: (usize, usize),
    b: (usize, usize),
    level: u32,
}

/// Where a number occurs: its place, and [`NONE`] where it occurs more than once.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    a: u32,
    b: u32,
    in_a: u32,
    in_b: u32,
}

struct Search<'l> {
    a: &'l [u32],
    b: &'l [u32],
    seen: Vec<Seen>,
    runs: Vec<Run>,
    work: Vec<Region>,
}

/// The runs that two lists have in common, in order. All numbers are below `numbers`.
pub fn common(a: &[u32], b: &[u32], numbers: usize) -> Vec<Run> {
    let mut search = Search { a, b, seen: vec![Seen::default(); numbers], runs: Vec::new(), work: Vec::new() };
    search.work.push(Region { a: (0, a.len()), b: (0, b.len()), level: 0 });
    while let Some(region) = search.work.pop() {
        search.region(region);
    }
    // The last region is worked on first, so what was found comes from the first to the last.
    let mut runs: Vec<Run> = Vec::new();
    for run in search.runs {
        match runs.last_mut() {
            Some(last) if last.a + last.length == run.a && last.b + last.length == run.b => last.length += run.length,
            _ => runs.push(run),
        }
    }
    runs
}

/// The places of equal items of two lists of hashes, in the order of both.
pub fn pairs(a: &[u64], b: &[u64]) -> Vec<(usize, usize)> {
    let mut numbers = Numbers::default();
    let a: Vec<u32> = a.iter().map(|&hash| numbers.of(hash)).collect();
    let b: Vec<u32> = b.iter().map(|&hash| numbers.of(hash)).collect();
    let runs = common(&a, &b, numbers.len());
    runs.iter().flat_map(|run| (0..run.length).map(|step| ((run.a + step) as usize, (run.b + step) as usize))).collect()
}

fn slice(list: &[u32], range: (usize, usize)) -> &[u32] {
    list.get(range.0..range.1).unwrap_or(&[])
}

impl Search<'_> {
    fn found(&mut self, a: usize, b: usize, length: usize) {
        if length > 0 {
            self.runs.push(Run { a: a as u32, b: b as u32, length: length as u32 });
        }
    }

    fn region(&mut self, mut region: Region) {
        let (a, b) = (slice(self.a, region.a), slice(self.b, region.b));
        let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        self.found(region.a.0, region.b.0, head);
        (region.a.0, region.b.0) = (region.a.0 + head, region.b.0 + head);
        let (a, b) = (slice(self.a, region.a), slice(self.b, region.b));
        if a.is_empty() || b.is_empty() {
            return;
        }
        let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
        if tail > 0 {
            // A region of its own, worked on after what is before it.
            let behind = Region { a: (region.a.1 - tail, region.a.1), b: (region.b.1 - tail, region.b.1), level: 0 };
            (region.a.1, region.b.1) = (behind.a.0, behind.b.0);
            self.work.push(behind);
            self.work.push(region);
            return;
        }
        self.count(region);
        // What is short is searched as a whole: the result is the longest there is.
        let search = region.level < LEVELS && a.len() + b.len() > STEPS;
        let anchors = if search { self.anchors(region) } else { Vec::new() };
        if anchors.is_empty() {
            self.myers(region);
            return;
        }
        // From the last to the first, so that the first is worked on next. Each region begins with its anchor.
        let (mut to_a, mut to_b) = (region.a.1, region.b.1);
        for &(at_a, at_b) in anchors.iter().rev() {
            let (at_a, at_b) = (at_a as usize, at_b as usize);
            self.work.push(Region { a: (at_a, to_a), b: (at_b, to_b), level: region.level + 1 });
            (to_a, to_b) = (at_a, at_b);
        }
        self.work.push(Region { a: (region.a.0, to_a), b: (region.b.0, to_b), level: region.level + 1 });
    }

    /// Counts what occurs in a region.
    fn count(&mut self, region: Region) {
        let (a, b) = (slice(self.a, region.a), slice(self.b, region.b));
        for &number in a.iter().chain(b) {
            if let Some(seen) = self.seen.get_mut(number as usize) {
                *seen = Seen::default();
            }
        }
        for (place, &number) in a.iter().enumerate() {
            if let Some(seen) = self.seen.get_mut(number as usize) {
                (seen.a, seen.in_a) = ((region.a.0 + place) as u32, seen.in_a + 1);
            }
        }
        for (place, &number) in b.iter().enumerate() {
            if let Some(seen) = self.seen.get_mut(number as usize) {
                (seen.b, seen.in_b) = ((region.b.0 + place) as u32, seen.in_b + 1);
            }
        }
    }

    /// Places of what occurs once on both sides, as many as stand in the same order.
    fn anchors(&self, region: Region) -> Vec<(u32, u32)> {
        let once = |number: &u32| {
            let seen = self.seen.get(*number as usize).filter(|seen| seen.in_a == 1 && seen.in_b == 1)?;
            Some((seen.a, seen.b))
        };
        let pairs: Vec<(u32, u32)> = slice(self.a, region.a).iter().filter_map(once).collect();
        ascending(&pairs)
    }

    /// Myers' greedy search over what occurs on both sides.
    fn myers(&mut self, region: Region) {
        let keep = |seen: &Seen| seen.in_a > 0 && seen.in_b > 0;
        let kept = |list: &[u32], from: usize| -> Vec<(u32, u32)> {
            let places = list.iter().enumerate().map(|(place, &number)| (number, (from + place) as u32));
            places.filter(|(number, _)| self.seen.get(*number as usize).is_some_and(keep)).collect()
        };
        let a = kept(slice(self.a, region.a), region.a.0);
        let b = kept(slice(self.b, region.b), region.b.0);
        for (at_a, at_b) in greedy(&a, &b) {
            if let (Some(&(_, a)), Some(&(_, b))) = (a.get(at_a), b.get(at_b)) {
                self.found(a as usize, b as usize, 1);
            }
        }
    }
}

/// The longest ascending choice of pairs, whose first numbers ascend already.
pub(super) fn ascending(pairs: &[(u32, u32)]) -> Vec<(u32, u32)> {
    // The last pair of the best choice of each length, and what comes before each pair.
    let mut ends: Vec<u32> = Vec::new();
    let mut before: Vec<u32> = Vec::with_capacity(pairs.len());
    let second = |at: u32| pairs.get(at as usize).map_or(0, |pair| pair.1);
    for (index, &(_, b)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| second(end) < b);
        before.push(length.checked_sub(1).and_then(|last| ends.get(last)).copied().unwrap_or(NONE));
        match ends.get_mut(length) {
            Some(end) => *end = index as u32,
            None => ends.push(index as u32),
        }
    }
    let mut chosen = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied().unwrap_or(NONE);
    while let Some(&pair) = pairs.get(at as usize) {
        chosen.push(pair);
        at = before.get(at as usize).copied().unwrap_or(NONE);
    }
    chosen.reverse();
    chosen
}

/// Pairs of places of equal items, in order.
fn greedy(a: &[(u32, u32)], b: &[(u32, u32)]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let (mut at_a, mut at_b) = (0, 0);
    let mut reached = vec![0usize; 2 * STEPS + 3];
    let mut trace: Vec<usize> = Vec::new();
    while at_a < a.len() && at_b < b.len() {
        let (rest_a, rest_b) = (a.get(at_a..).unwrap_or(&[]), b.get(at_b..).unwrap_or(&[]));
        let (step, diagonal) = search(rest_a, rest_b, &mut reached, &mut trace);
        let (used_a, used_b) = walk_back(step, diagonal, &trace, (at_a, at_b), &mut pairs);
        if used_a + used_b == 0 {
            break;
        }
        (at_a, at_b) = (at_a + used_a, at_b + used_b);
    }
    pairs
}

/// Goes on until the end or [`STEPS`] changes; the number of changes, and the diagonal that came farthest. `trace` gets,
/// for each number of changes `d`, the `2 d + 1` places reached on the diagonals `-d..=d`.
fn search(a: &[(u32, u32)], b: &[(u32, u32)], reached: &mut [usize], trace: &mut Vec<usize>) -> (usize, isize) {
    let middle = STEPS as isize + 1;
    let place = |reached: &[usize], diagonal: isize| reached.get((diagonal + middle) as usize).copied().unwrap_or(0);
    reached.fill(0);
    trace.clear();
    let mut farthest = (0usize, 0isize);
    for step in 0..=STEPS {
        farthest = (0, 0);
        let most = step as isize;
        let mut diagonal = -most;
        while diagonal <= most {
            let (below, above) = (place(reached, diagonal - 1), place(reached, diagonal + 1));
            let down = diagonal == -most || diagonal != most && below < above;
            let mut x = if step == 0 {
                0
            } else if down {
                above
            } else {
                below + 1
            };
            // Beyond an edge nothing is found any more.
            x = x.min(a.len());
            let mut y = x.saturating_add_signed(-diagonal);
            if y <= b.len() {
                let equal = a.iter().skip(x).zip(b.iter().skip(y)).take_while(|(a, b)| a.0 == b.0).count();
                (x, y) = (x + equal, y + equal);
            }
            if let Some(slot) = reached.get_mut((diagonal + middle) as usize) {
                *slot = x;
            }
            if y <= b.len() && x + y >= farthest.0 {
                farthest = (x + y, diagonal);
            }
            diagonal += 2;
        }
        let from = (middle - most) as usize;
        trace.extend(reached.get(from..=from + 2 * step).unwrap_or(&[]));
        if farthest.0 >= a.len() + b.len() || step == STEPS {
            return (step, farthest.1);
        }
    }
    (STEPS, farthest.1)
}

/// The pairs on the way to the place reached on a diagonal after so many changes, and how much of each list that is.
fn walk_back(
    step: usize,
    diagonal: isize,
    trace: &[usize],
    from: (usize, usize),
    pairs: &mut Vec<(usize, usize)>,
) -> (usize, usize) {
    let place = |step: usize, diagonal: isize| {
        let at = (diagonal + step as isize) as usize;
        trace.get(step * step + at).copied().unwrap_or(0)
    };
    let (mut step, mut diagonal) = (step, diagonal);
    let mut x = place(step, diagonal);
    let used = (x, x.saturating_add_signed(-diagonal));
    let first = pairs.len();
    loop {
        let (start, next) = if step == 0 {
            (0, diagonal)
        } else {
            let most = step as isize;
            let get = |diagonal: isize| if diagonal.abs() < most { place(step - 1, diagonal) } else { 0 };
            let (below, above) = (get(diagonal - 1), get(diagonal + 1));
            let down = diagonal == -most || diagonal != most && below < above;
            if down { (above, diagonal + 1) } else { (below + 1, diagonal - 1) }
        };
        while x > start {
            x -= 1;
            pairs.push((from.0 + x, from.1 + x.saturating_add_signed(-diagonal)));
        }
        if step == 0 {
            break;
        }
        step -= 1;
        diagonal = next;
        x = place(step, diagonal);
    }
    if let Some(added) = pairs.get_mut(first..) {
        added.reverse();
    }
    used
}

#[cfg(test)]
mod tests;
