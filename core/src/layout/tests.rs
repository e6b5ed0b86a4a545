//! What every layout must keep: nothing overlaps, members inside, lines end on borders, the same answer every time,
//! bounded work on hostile shapes.

use proptest::prelude::*;

use super::look::{Sketch, pipeline, random, run};
use super::*;

const EPS: f64 = 1e-3;

/// Checks everything that must hold for any request.
pub(super) fn check(req: &Request, l: &Layout) {
    assert_eq!(l.nodes.len(), req.nodes.len());
    assert_eq!(l.edges.len(), req.edges.len());
    let inside = |r: &Rect| {
        [r.x, r.y, r.w, r.h].iter().all(|v| v.is_finite())
            && r.x >= -EPS
            && r.y >= -EPS
            && r.right() <= l.width + EPS
            && r.bottom() <= l.height + EPS
    };
    for r in &l.nodes {
        assert!(inside(r), "{r:?} outside {} × {}", l.width, l.height);
    }
    let mut by_parent: std::collections::BTreeMap<Option<usize>, Vec<usize>> = std::collections::BTreeMap::new();
    for (i, n) in req.nodes.iter().enumerate() {
        by_parent.entry(n.parent).or_default().push(i);
        let Some(p) = n.parent.and_then(|p| l.nodes.get(p)) else {
            continue;
        };
        let r = &l.nodes[i];
        let held = r.x > p.x && r.y > p.y && r.right() < p.right() && r.bottom() < p.bottom();
        assert!(held, "{i} {r:?} outside its group {p:?}");
    }
    for group in by_parent.values_mut() {
        group.sort_by(|&a, &b| l.nodes[a].y.total_cmp(&l.nodes[b].y));
        for (k, &a) in group.iter().enumerate() {
            for &b in &group[k + 1..] {
                let (p, q) = (&l.nodes[a], &l.nodes[b]);
                if q.y >= p.bottom() - EPS {
                    break;
                }
                assert!(p.right() <= q.x + EPS || q.right() <= p.x + EPS, "{a} and {b} overlap: {p:?} {q:?}");
            }
        }
    }
    for (e, r) in req.edges.iter().zip(&l.edges) {
        for p in &r.points {
            assert!(p.x.is_finite() && p.y.is_finite());
        }
        let (Some(a), Some(b)) = (req.nodes.get(e.from), req.nodes.get(e.to)) else {
            assert!(r.points.is_empty());
            continue;
        };
        assert!(r.points.len() >= 4 && r.points.len() % 3 == 1, "{e:?} {r:?}");
        assert_eq!(r.label.is_some(), e.label.is_some(), "{e:?}");
        if let Some(label) = &r.label {
            assert!(inside(label), "label {label:?} outside");
        }
        if a.parent == b.parent {
            for (v, p) in [(e.from, r.points[0]), (e.to, r.points[r.points.len() - 1])] {
                let n = &l.nodes[v];
                let near = |a: f64, b: f64| (a - b).abs() < 0.01;
                let across = p.x > n.x - EPS && p.x < n.right() + EPS;
                let along = p.y > n.y - EPS && p.y < n.bottom() + EPS;
                let on = (near(p.x, n.x) || near(p.x, n.right())) && along
                    || (near(p.y, n.y) || near(p.y, n.bottom())) && across;
                assert!(on, "{e:?}: {p:?} is not on the border of {n:?}");
            }
        }
    }
}

fn done(s: &Sketch) -> Layout {
    let l = layout(&s.req, &Budget::default());
    check(&s.req, &l);
    l
}

/// Points along a route, its curves flattened.
fn flat(r: &Route) -> Vec<Point> {
    let mut out = Vec::new();
    for w in r.points.windows(4).step_by(3) {
        for k in 0..=16 {
            let t = f64::from(k) / 16.0;
            let u = 1.0 - t;
            let c = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
            let x = (0..4).map(|i| c[i] * w[i].x).sum();
            let y = (0..4).map(|i| c[i] * w[i].y).sum();
            out.push(Point::new(x, y));
        }
    }
    out
}

/// How often a line runs through a box that is neither its end nor around one of them.
fn pierced(req: &Request, l: &Layout) -> usize {
    let mut count = 0;
    for (e, r) in req.edges.iter().zip(&l.edges) {
        let line = flat(r);
        for (v, n) in l.nodes.iter().enumerate() {
            if v == e.from || v == e.to || req.nodes[v].is_group || req.nodes[v].parent != req.nodes[e.from].parent {
                continue;
            }
            let hit = line
                .iter()
                .any(|p| p.x > n.x + 1.0 && p.x < n.right() - 1.0 && p.y > n.y + 1.0 && p.y < n.bottom() - 1.0);
            count += usize::from(hit);
        }
    }
    count
}

#[test]
fn nothing_gives_nothing() {
    let l = layout(&Request::default(), &Budget::default());
    assert_eq!((l.width, l.height, l.plain), (0.0, 0.0, None));
}

#[test]
fn a_chain_of_50_000_is_one_straight_column() {
    let mut s = Sketch::nodes(50_000);
    let ids: Vec<usize> = (0..50_000).collect();
    s.chain(&ids);
    let l = done(&s);
    assert_eq!(l.plain, None);
    assert!(l.width <= 200.0);
}

#[test]
fn a_chain_with_fan_outs_of_50_000_is_still_layered() {
    let mut s = Sketch::nodes(49_991);
    for i in (0..49_990).step_by(10) {
        s.chain(&[i, i + 1, i + 3, i + 4, i + 5, i + 6, i + 7, i + 8, i + 9, i + 10])
            .chain(&[i, i + 2, i + 3])
            .edge(i + 7, i + 6);
    }
    let l = done(&s);
    assert_eq!(l.plain, None);
    assert!(l.width < 900.0, "{}", l.width);
}

#[test]
fn groups_may_be_10_000_deep() {
    let mut s = Sketch::default();
    for i in 0..10_000usize {
        s.req.nodes.push(NodeBox { w: 50.0, h: 20.0, parent: i.checked_sub(1), is_group: true });
    }
    for i in 0..10_000 {
        s.edge(i, 9_999 - i);
    }
    s.edge(0, 9_999).edge(5_000, 1);
    done(&s);
}

#[test]
fn rings_of_parents_are_cut() {
    let mut s = Sketch::nodes(3);
    for i in 0..3 {
        s.req.nodes[i].parent = Some((i + 1) % 3);
    }
    s.chain(&[0, 1, 2, 0]);
    let l = layout(&s.req, &Budget::default());
    assert!(l.nodes.iter().all(|r| r.w > 0.0));
}

#[test]
fn the_large_random_graph_is_layered_within_the_budget() {
    let s = random(5_000, 10_000, 12, false, 1);
    let l = layout(&s.req, &Budget::default());
    check(&s.req, &l);
    assert_eq!(l.plain, None);
}

#[test]
fn too_much_is_placed_plainly_and_says_so() {
    let s = random(2_000, 8_000, 5, true, 2);
    let l = layout(&s.req, &Budget { ops: 1_000, vertices: 3_000 });
    check(&s.req, &l);
    assert!(matches!(l.plain, Some(Plain::TooLarge { limit: 3_000, .. })));
}

#[test]
fn a_spent_budget_still_gives_a_layered_answer() {
    let s = random(200, 400, 6, true, 5);
    let l = layout(&s.req, &Budget { ops: 0, ..Budget::default() });
    check(&s.req, &l);
    assert_eq!(l.plain, None);
}

#[test]
fn the_same_request_gives_the_same_answer() {
    let s = random(300, 500, 6, true, 11);
    assert_eq!(done(&s), done(&s));
}

#[test]
fn chains_are_straight_through_groups() {
    let s = run();
    let l = done(&s);
    for (e, r) in s.req.edges.iter().zip(&l.edges).filter(|(e, r)| !r.back && e.from >= 5) {
        let x = r.points[0].x;
        assert!(r.points.iter().all(|p| (p.x - x).abs() < 0.01), "{e:?} {r:?}");
    }
}

#[test]
fn a_fan_out_is_even() {
    let mut s = Sketch::nodes(5);
    for i in 1..4 {
        s.edge(0, i).edge(i, 4);
    }
    let l = done(&s);
    let middle = |i: usize| l.nodes[i].x + l.nodes[i].w / 2.0;
    assert!((middle(0) - middle(2)).abs() < 0.01 && (middle(4) - middle(2)).abs() < 0.01);
    assert!((middle(2) - middle(1) - middle(3) + middle(2)).abs() < 0.01);
}

#[test]
fn hundreds_of_siblings_wrap() {
    let mut s = Sketch::nodes(402);
    for i in 1..401 {
        s.edge(0, i).edge(i, 401);
    }
    let l = done(&s);
    assert!(l.width < 2_000.0, "{}", l.width);
    assert_eq!(pierced(&s.req, &l), 0);
}

/// How often a label lies on a box or on another label.
fn covered(req: &Request, l: &Layout) -> usize {
    let over = |p: &Rect, q: &Rect| {
        p.x + 0.5 < q.right() && q.x + 0.5 < p.right() && p.y + 0.5 < q.bottom() && q.y + 0.5 < p.bottom()
    };
    let labels: Vec<&Rect> = l.edges.iter().filter_map(|e| e.label.as_ref()).collect();
    let boxes = l.nodes.iter().zip(&req.nodes).filter(|(_, n)| !n.is_group).map(|(r, _)| r);
    let on_boxes = boxes.map(|b| labels.iter().filter(|p| over(p, b)).count()).sum::<usize>();
    let pairs = labels.iter().enumerate().map(|(k, p)| labels[k + 1..].iter().filter(|q| over(p, q)).count());
    on_boxes + pairs.sum::<usize>()
}

#[test]
fn labels_have_places_of_their_own() {
    for seed in 0..40 {
        let s = random(30, 45, 4, true, seed);
        let l = done(&s);
        assert_eq!(covered(&s.req, &l), 0, "seed {seed}");
    }
    for s in [pipeline(), run()] {
        assert_eq!(covered(&s.req, &done(&s)), 0);
    }
}

#[test]
fn lines_keep_clear_of_boxes() {
    for seed in 0..40 {
        let s = random(30, 45, 4, true, seed);
        assert_eq!(pierced(&s.req, &done(&s)), 0, "seed {seed}");
    }
    for s in [pipeline(), run(), random(40, 55, 8, true, 7), random(60, 100, 6, false, 4)] {
        let l = done(&s);
        assert_eq!(pierced(&s.req, &l), 0);
    }
}

#[test]
fn hostile_numbers_are_survived() {
    let mut s = Sketch::nodes(6);
    for (n, v) in s.req.nodes.iter_mut().zip([f64::NAN, f64::INFINITY, -5.0, 1e300, 0.0, f64::MIN_POSITIVE]) {
        (n.w, n.h) = (v, v);
    }
    s.labelled(0, 1, f64::NAN).labelled(1, 2, 1e300).edge(2, 0).edge(7, 1).edge(usize::MAX, 0).edge(3, 4);
    s.req.gaps.node = f64::NAN;
    s.req.nodes[5].parent = Some(99);
    check(&s.req, &layout(&s.req, &Budget::default()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_graph_keeps_the_rules(
        nodes in prop::collection::vec((1.0..400.0f64, 1.0..200.0f64, prop::option::weighted(0.4, 0usize..40)), 1..40),
        edges in prop::collection::vec((0usize..40, 0usize..40, prop::option::weighted(0.3, (1.0..200.0f64, 1.0..40.0f64))), 0..80),
        right in any::<bool>(),
        vertices in prop_oneof![Just(300_000usize), 0usize..60],
    ) {
        let n = nodes.len();
        let req = Request {
            // A parent always stands before its members, so the nesting is a forest and can be checked.
            nodes: nodes.iter().enumerate().map(|(i, &(w, h, p))| NodeBox { w, h, parent: p.filter(|&p| p < i), is_group: false }).collect(),
            edges: edges.iter().map(|&(a, b, l)| EdgeLine { from: a % n, to: b % n, label: l.map(|(w, h)| Size::new(w, h)) }).collect(),
            direction: if right { Direction::Right } else { Direction::Down },
            gaps: Gaps::default(),
        };
        check(&req, &layout(&req, &Budget { vertices, ..Budget::default() }));
    }
}
