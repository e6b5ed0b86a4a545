//! Which lines run against the flow, and in which layer each box stands.
//!
//! Knows boxes only as numbers; widths, order and coordinates come later.

use super::level::Line;

/// Lines by source and by target, as flat lists.
pub(super) struct Adjacent {
    start: Vec<usize>,
    list: Vec<usize>,
}

impl Adjacent {
    /// Lists `lines` under the end that `end` picks, in their order; `end` gives `None` for a line to leave out.
    pub(super) fn new(n: usize, lines: usize, end: impl Fn(usize) -> Option<usize>) -> Self {
        let mut start = vec![0usize; n + 1];
        for i in 0..lines {
            if let Some(v) = end(i) {
                start[v + 1] += 1;
            }
        }
        for v in 0..n {
            start[v + 1] += start[v];
        }
        let mut next = start.clone();
        let mut list = vec![0usize; start[n]];
        for i in 0..lines {
            if let Some(v) = end(i) {
                list[next[v]] = i;
                next[v] += 1;
            }
        }
        Self { start, list }
    }

    pub(super) fn of(&self, v: usize) -> &[usize] {
        &self.list[self.start[v]..self.start[v + 1]]
    }

    pub(super) fn of_mut(&mut self, v: usize) -> &mut [usize] {
        &mut self.list[self.start[v]..self.start[v + 1]]
    }
}

/// For each line whether it closes a cycle, walking depth first from the boxes in their given order. Without these
/// lines (and without those from a box to itself) no cycle is left.
pub(super) fn back_edges(n: usize, lines: &[Line]) -> Vec<bool> {
    let out = Adjacent::new(n, lines.len(), |i| Some(lines[i].a));
    let mut back: Vec<bool> = lines.iter().map(|l| l.a == l.b).collect();
    // 0: not met, 1: on the path, 2: done.
    let mut state = vec![0u8; n];
    let mut path: Vec<(usize, usize)> = Vec::new();
    for root in 0..n {
        if state[root] != 0 {
            continue;
        }
        state[root] = 1;
        path.push((root, 0));
        while let Some(top) = path.last_mut() {
            let (v, k) = *top;
            let Some(&i) = out.of(v).get(k) else {
                state[v] = 2;
                path.pop();
                continue;
            };
            top.1 += 1;
            let w = lines[i].b;
            match state[w] {
                0 => {
                    state[w] = 1;
                    path.push((w, 0));
                }
                1 => back[i] = true,
                _ => {}
            }
        }
    }
    back
}

/// The layer of each box: below all boxes that lead to it, and as near to its neighbours as that allows.
pub(super) fn assign(n: usize, lines: &[Line], back: &[bool]) -> Vec<usize> {
    let out = Adjacent::new(n, lines.len(), |i| (!back[i]).then_some(lines[i].a));
    let into = Adjacent::new(n, lines.len(), |i| (!back[i]).then_some(lines[i].b));
    let mut open: Vec<usize> = (0..n).map(|v| into.of(v).len()).collect();
    let mut order: Vec<usize> = (0..n).filter(|&v| open[v] == 0).collect();
    let entry = order.first().copied();
    let mut layer = vec![0usize; n];
    let mut at = 0;
    while at < order.len() {
        let v = order[at];
        at += 1;
        for &i in out.of(v) {
            let w = lines[i].b;
            layer[w] = layer[w].max(layer[v] + 1);
            open[w] -= 1;
            if open[w] == 0 {
                order.push(w);
            }
        }
    }
    let above = |layer: &[usize], v: usize| into.of(v).iter().map(|&i| layer[lines[i].a] + 1).max();
    let below = |layer: &[usize], v: usize| out.of(v).iter().map(|&i| layer[lines[i].b] - 1).min();
    for _ in 0..4 {
        let mut moved = false;
        // Down, the last first: a box with more lines out than in shortens them by following its targets.
        for &v in order.iter().rev() {
            if Some(v) != entry
                && out.of(v).len() > into.of(v).len()
                && let Some(l) = below(&layer, v)
                && l > layer[v]
            {
                layer[v] = l;
                moved = true;
            }
        }
        // Up: everything else stays close below its sources.
        for &v in &order {
            if out.of(v).len() <= into.of(v).len()
                && let Some(l) = above(&layer, v)
                && l < layer[v]
            {
                layer[v] = l;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    layer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(of: &[(usize, usize)]) -> Vec<Line> {
        of.iter().map(|&(a, b)| Line { a, b, label: None }).collect()
    }

    #[test]
    fn the_line_that_closes_a_cycle_points_back() {
        let l = lines(&[(0, 1), (1, 2), (2, 0), (2, 1), (0, 2)]);
        let back = back_edges(3, &l);
        assert_eq!(back, [false, false, true, true, false]);
        assert_eq!(assign(3, &l, &back), [0, 1, 2]);
    }

    #[test]
    fn a_late_source_stands_next_to_its_target() {
        let l = lines(&[(0, 1), (1, 2), (2, 3), (4, 3)]);
        assert_eq!(assign(5, &l, &[false; 4]), [0, 1, 2, 3, 2]);
    }
}
