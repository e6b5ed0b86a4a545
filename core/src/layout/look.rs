//! Pictures of layouts, for the eye: `CHAINDEBUG_LOOK=some/folder cargo test -p chaindebug-core --lib layout::look`
//! writes one SVG for each case. Test code only; the app draws its own.

use std::fmt::Write as _;

use super::*;

/// A request from a compact description; sizes are those of the app's nodes.
#[derive(Default)]
pub(super) struct Sketch {
    pub(super) req: Request,
}

impl Sketch {
    pub(super) fn nodes(n: usize) -> Self {
        let mut s = Self::default();
        for _ in 0..n {
            s.node(None);
        }
        s
    }

    pub(super) fn node(&mut self, parent: Option<usize>) -> usize {
        self.req.nodes.push(NodeBox { w: 200.0, h: 44.0, parent, is_group: false });
        self.req.nodes.len() - 1
    }

    pub(super) fn group(&mut self, parent: Option<usize>) -> usize {
        self.req.nodes.push(NodeBox { w: 120.0, h: 40.0, parent, is_group: true });
        self.req.nodes.len() - 1
    }

    pub(super) fn edge(&mut self, from: usize, to: usize) -> &mut Self {
        self.req.edges.push(EdgeLine { from, to, label: None });
        self
    }

    pub(super) fn labelled(&mut self, from: usize, to: usize, w: f64) -> &mut Self {
        self.req.edges.push(EdgeLine { from, to, label: Some(Size::new(w, 20.0)) });
        self
    }

    pub(super) fn chain(&mut self, nodes: &[usize]) -> &mut Self {
        for w in nodes.windows(2) {
            self.edge(w[0], w[1]);
        }
        self
    }
}

/// A small generator of numbers for reproducible graphs.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n.max(1)
    }
}

/// A random graph, mostly forward.
pub(super) fn random(nodes: usize, edges: usize, back_in: usize, labels: bool, seed: u64) -> Sketch {
    let mut d = Dice(seed);
    let mut s = Sketch::nodes(nodes);
    for _ in 0..edges {
        let (a, b) = (d.below(nodes), d.below(nodes));
        let (a, b) = if d.below(back_in) == 0 { (a.max(b), a.min(b)) } else { (a.min(b), a.max(b)) };
        if labels && d.below(3) == 0 {
            s.labelled(a, b, 60.0 + d.below(90) as f64);
        } else {
            s.edge(a, b);
        }
    }
    s
}

/// The pipeline of the mock-up.
pub(super) fn pipeline() -> Sketch {
    let mut s = Sketch::nodes(11);
    s.req.nodes[0] = NodeBox { w: 80.0, h: 20.0, ..NodeBox::default() };
    s.edge(0, 1).labelled(1, 2, 50.0).labelled(2, 3, 60.0).labelled(3, 4, 130.0).labelled(3, 2, 136.0);
    s.labelled(4, 2, 156.0)
        .labelled(4, 5, 208.0)
        .labelled(4, 7, 200.0)
        .labelled(5, 6, 116.0)
        .edge(6, 9)
        .edge(7, 10)
        .edge(8, 5);
    s
}

/// The run of the mock-up: a fan-out, then a group that loops.
pub(super) fn run() -> Sketch {
    let mut s = Sketch::nodes(5);
    let g = s.group(None);
    let (a, b) = (s.node(Some(g)), s.node(Some(g)));
    let (c, d) = (s.node(None), s.node(None));
    s.chain(&[0, 1, 2, g]).chain(&[1, 3, g]).chain(&[1, 4, g]).chain(&[a, b]).chain(&[g, c, d]);
    s.labelled(b, a, 60.0);
    s
}

fn cases() -> Vec<(&'static str, Sketch)> {
    let mut out = vec![("pipeline", pipeline()), ("run", run())];
    let mut s = Sketch::nodes(5);
    s.chain(&[0, 1, 2, 3, 4]).labelled(0, 0, 60.0).edge(3, 3);
    out.push(("chain-self", s));
    let mut s = Sketch::nodes(5);
    s.chain(&[0, 1, 3, 4]).chain(&[0, 2, 3]).edge(0, 4).edge(3, 4).edge(3, 4);
    out.push(("diamond", s));
    let mut s = Sketch::nodes(14);
    for i in 1..13 {
        s.edge(0, i).edge(i, 13);
    }
    out.push(("fan-12", s));
    let mut s = Sketch::nodes(9);
    for i in 1..5 {
        s.edge(0, i).edge(i, 5);
    }
    s.edge(5, 6).edge(6, 7).edge(7, 8).edge(6, 6).edge(7, 5).edge(8, 0).edge(7, 6);
    out.push(("loops", s));
    let mut s = Sketch::nodes(11);
    for i in 2..11 {
        s.labelled(1, i, 100.0).edge(i, 1);
    }
    s.edge(0, 1);
    out.push(("agent-tools-9", s));
    let mut s = Sketch::nodes(5);
    for i in 2..5 {
        s.edge(1, i).edge(i, 1);
    }
    s.edge(0, 1);
    out.push(("agent-tools-3", s));
    let mut s = Sketch::default();
    let (a, g) = (s.node(None), s.group(None));
    let (b, h) = (s.node(Some(g)), s.group(Some(g)));
    let (c, k) = (s.node(Some(h)), s.group(Some(h)));
    let (d, e, f) = (s.node(Some(k)), s.node(Some(k)), s.node(Some(k)));
    let (i, j, l) = (s.node(Some(h)), s.node(Some(g)), s.node(None));
    s.chain(&[a, g, l]).chain(&[b, h, j]).chain(&[c, k, i]).chain(&[d, e]).chain(&[d, f]).edge(j, b).edge(a, l);
    s.edge(g, j).edge(e, g).edge(a, d);
    out.push(("nested", s));
    let mut s = Sketch::nodes(8);
    s.chain(&[0, 1, 2]).chain(&[4, 5]).chain(&[6, 7]);
    out.push(("apart", s));
    out.push(("random-40", random(40, 55, 8, true, 7)));
    out.push(("random-20", random(20, 24, 9, false, 3)));
    let mut s = Sketch::nodes(60);
    let ids: Vec<usize> = (0..60).collect();
    s.chain(&ids).edge(50, 2).edge(55, 1).edge(0, 59).edge(30, 20);
    out.push(("around", s));
    let mut s = Sketch::nodes(10);
    s.edge(0, 1).edge(0, 2).edge(1, 3).edge(1, 4).edge(2, 5).edge(2, 6).edge(2, 7).edge(5, 8).edge(4, 9).edge(8, 9);
    out.push(("tree", s));
    let mut s = Sketch::nodes(4);
    let g = s.group(None);
    let t: Vec<usize> = (0..3).map(|_| s.node(Some(g))).collect();
    s.chain(&[0, 1, 2, 3]).labelled(1, g, 70.0).edge(g, 1).labelled(2, 1, 90.0);
    s.edge(t[0], t[1]).edge(t[1], t[2]).labelled(t[2], t[0], 40.0);
    out.push(("agent-group", s));
    let mut s = Sketch::nodes(2);
    for k in 0..6 {
        let v = if k % 2 == 0 { s.node(None) } else { s.group(None) };
        if k % 2 == 1 {
            let inner: Vec<usize> = (0..k).map(|_| s.node(Some(v))).collect();
            s.chain(&inner);
        }
        s.labelled(0, v, 60.0 + 20.0 * k as f64).edge(v, 1);
    }
    out.push(("router", s));
    let mut s = Sketch::nodes(26);
    for i in 1..9 {
        s.chain(&[0, i, i + 8, 25]);
    }
    s.chain(&[0, 17, 18, 19, 25]).edge(20, 20);
    for i in 21..25 {
        s.edge(0, i).edge(i, 25);
    }
    out.push(("strands", s));
    let mut s = run();
    s.req.direction = Direction::Right;
    out.push(("run-right", s));
    out
}

/// The layout as an SVG.
pub(super) fn svg(req: &Request, l: &Layout) -> String {
    let mut o = String::new();
    let _ = write!(
        o,
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='-20 -20 {0} {1}' width='{0}' height='{1}' font-family='sans-serif' font-size='13'><defs><marker id='a' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='7' markerHeight='7' orient='auto'><path d='M0 0L8 4L0 8z' fill='#556'/></marker></defs><rect x='-20' y='-20' width='100%' height='100%' fill='#f7f7f7'/>",
        l.width + 40.0,
        l.height + 40.0
    );
    let group: Vec<bool> =
        (0..req.nodes.len()).map(|i| req.nodes[i].is_group || req.nodes.iter().any(|n| n.parent == Some(i))).collect();
    for (i, r) in l.nodes.iter().enumerate() {
        let fill = if group[i] { "none" } else { "#fff" };
        let _ = write!(
            o,
            "<rect x='{}' y='{}' width='{}' height='{}' rx='7' fill='{fill}' stroke='#c8c8d0' stroke-width='1.2'/><text x='{}' y='{}'>step {i}</text>",
            r.x,
            r.y,
            r.w,
            r.h,
            r.x + 12.0,
            r.y + 18.0
        );
    }
    for e in &l.edges {
        let mut d = String::new();
        for (i, p) in e.points.iter().enumerate() {
            let c = if i == 0 {
                "M"
            } else if i % 3 == 1 {
                "C"
            } else {
                ""
            };
            let _ = write!(d, "{c}{:.1} {:.1} ", p.x, p.y);
        }
        let dash = if e.back { "5 4" } else { "none" };
        let _ = write!(
            o,
            "<path d='{d}' fill='none' stroke='#556' stroke-width='1.5' stroke-dasharray='{dash}' marker-end='url(#a)'/>"
        );
    }
    for r in l.edges.iter().filter_map(|e| e.label) {
        let _ = write!(
            o,
            "<rect x='{}' y='{}' width='{}' height='{}' rx='5' fill='#fff' stroke='#99a'/>",
            r.x, r.y, r.w, r.h
        );
    }
    o.push_str("</svg>");
    o
}

#[test]
fn draw_the_cases() {
    let folder = std::env::var_os("CHAINDEBUG_LOOK").map(std::path::PathBuf::from);
    for (name, s) in cases() {
        let l = layout(&s.req, &Budget::default());
        super::tests::check(&s.req, &l);
        assert_eq!(l.plain, None, "{name}");
        if let Some(f) = &folder {
            std::fs::write(f.join(name).with_extension("svg"), svg(&s.req, &l)).unwrap_or_default();
        }
    }
}
