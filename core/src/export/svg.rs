//! A pipeline as a picture that stands alone: the geometry of the page's flowchart, light and dark, no fonts to fetch.

use super::escape::xml;
use super::shortened;
use crate::flow::ADDED;
use crate::model::{EdgeStyle, NodeKind, Status};
use crate::protocol::{FlowEdge, FlowNode, FlowView, Point, Theme};
use std::fmt::Write as _;

/// Space around the drawing, and height of the legend under it, px.
const AROUND: f32 = 24.0;
const LEGEND: f32 = 44.0;
/// Height of one row of the legend, px.
const ROW: f32 = 20.0;
/// Width of one letter of a name (13 px) and of small text (11.5 px), as the flow measures them.
const LETTER: f32 = 8.2;
const SMALL: f32 = 6.95;

const LIGHT: &str = "svg{--bg:#fff;--box:#fff;--fg:#1b1c20;--fg2:#5a5c66;--line:#8b8d98;--edge:#c9c9d1;--mark:#4b4ae0;--bad:#c42b3a;background:#fff}";
const DARK: &str = "svg{--bg:#131418;--box:#212329;--fg:#e6e7ea;--fg2:#a5a8b3;--line:#7c8090;--edge:#40434e;--mark:#8f8dff;--bad:#ff7a86;background:#131418}";

const STYLE: &str = "\
text{font-family:ui-sans-serif,system-ui,\"Segoe UI\",Roboto,sans-serif;font-size:13px;fill:var(--fg)}
.name{font-weight:600}.sub,.label,.key{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:11.5px;fill:var(--fg2)}
.tag{font-size:10px;fill:var(--mark)}.box{fill:var(--box);stroke:var(--edge);stroke-width:1.2}
.human .box,.parallel .box{stroke:var(--mark);stroke-width:2}.missing .box{stroke:var(--bad);stroke-dasharray:3 3}
.unreachable .box{stroke:var(--line);stroke-dasharray:6 4}.start .box,.end .box{stroke:var(--fg2);stroke-width:1.6}
.failed .box{stroke:var(--bad);stroke-width:2}.open .box{stroke:var(--mark);stroke-dasharray:6 4}.undone .box{stroke:var(--line);stroke-dasharray:2 4}
.failed .sub{fill:var(--bad)}.stack{fill:var(--box);stroke:var(--edge);stroke-width:1.2}
.around{fill:var(--fg2);fill-opacity:.05;stroke:var(--edge);stroke-width:1.2}
.line{fill:none;stroke:var(--line);stroke-width:1.4}.conditional{stroke-dasharray:7 3}.never{stroke:var(--bad);stroke-dasharray:1.5 4}
.head{fill:var(--line)}.plate{fill:var(--bg)}.dot{fill:var(--fg2)}";

/// The picture. `title` is said to those who do not see it.
pub fn svg(flow: &FlowView, title: &str, theme: Theme) -> String {
    let marks = [NodeKind::Human, NodeKind::Parallel, NodeKind::Missing];
    let room = flow.width.max(320.0);
    let legend = legend(flow, marks, room);
    let width = room + 2.0 * AROUND;
    let height = flow.height + 2.0 * AROUND + LEGEND + legend.1;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" role=\"img\" aria-labelledby=\"t d\">"
    );
    let name = if title.is_empty() { "Flowchart" } else { title };
    let spoken: Vec<String> = flow.nodes.iter().map(|node| node.spoken.clone()).collect();
    let _ = writeln!(out, "<title id=\"t\">{}</title>\n<desc id=\"d\">{}</desc>", xml(name), xml(&spoken.join("\n")));
    let colours = match theme {
        Theme::System => format!("{LIGHT}\n@media(prefers-color-scheme:dark){{{DARK}}}"),
        Theme::Light => LIGHT.to_owned(),
        Theme::Dark => DARK.to_owned(),
    };
    let _ = writeln!(out, "<style>{colours}\n{STYLE}</style>");
    out.push_str(
        "<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
         markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"head\" d=\"M0 0L8 4L0 8z\"/></marker></defs>\n",
    );
    let _ = writeln!(out, "<rect class=\"plate\" width=\"{width:.0}\" height=\"{height:.0}\"/>");
    let _ = writeln!(out, "<g transform=\"translate({AROUND} {AROUND})\">");
    // A group comes before its members, so inner frames lie on outer ones.
    for node in flow.nodes.iter().filter(|node| node.group) {
        frame(node, &mut out);
    }
    for edge in &flow.edges {
        line(edge, &mut out);
    }
    for node in flow.nodes.iter().filter(|node| !node.group) {
        boxed(node, &mut out);
    }
    for edge in &flow.edges {
        label(edge, &mut out);
    }
    out.push_str("</g>\n");
    let _ = writeln!(out, "<g transform=\"translate({AROUND} {:.0})\">{}</g>", flow.height + 2.0 * AROUND, legend.0);
    if !flow.note.is_empty() {
        let _ = writeln!(
            out,
            "<text class=\"key\" x=\"{AROUND}\" y=\"{:.0}\">{}</text>",
            height - 6.0,
            xml(&shortened(&flow.note, 160))
        );
    }
    out.push_str("</svg>\n");
    out
}

fn line(edge: &FlowEdge, out: &mut String) {
    let Some((first, rest)) = edge.points.split_first() else { return };
    let mut path = format!("M{:.1} {:.1}", first.x, first.y);
    for piece in rest.as_chunks::<3>().0 {
        let [a, b, c]: [Point; 3] = *piece;
        let _ = write!(path, "C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}", a.x, a.y, b.x, b.y, c.x, c.y);
    }
    let style = match edge.style {
        EdgeStyle::Always => "",
        EdgeStyle::Conditional => " conditional",
        EdgeStyle::Never => " never",
    };
    let title = if edge.title.is_empty() { String::new() } else { format!("<title>{}</title>", xml(&edge.title)) };
    let _ = writeln!(out, "<path class=\"line{style}\" marker-end=\"url(#a)\" d=\"{path}\">{title}</path>");
}

fn label(edge: &FlowEdge, out: &mut String) {
    let Some(rect) = edge.label_rect.filter(|_| !edge.label.is_empty()) else { return };
    let _ = write!(
        out,
        "<g><title>{}</title><rect class=\"plate\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"4\"/>",
        xml(&edge.title),
        rect.x,
        rect.y,
        rect.w,
        rect.h
    );
    let rows: Vec<&str> = edge.label.lines().collect();
    for (at, row) in (0u16..).zip(&rows) {
        let never = if edge.style == EdgeStyle::Never && at == 0 { "✗ " } else { "" };
        let _ = write!(
            out,
            "<text class=\"label\" text-anchor=\"middle\" x=\"{:.1}\" y=\"{:.1}\">{never}{}</text>",
            rect.x + rect.w / 2.0,
            rect.y + 14.0 + f32::from(at) * 14.0,
            xml(row)
        );
    }
    out.push_str("</g>\n");
}

/// Letters that fit into a width.
fn fits(width: f32, letter: f32) -> usize {
    // Boxes are a few hundred pixels wide: the number is small and not negative.
    (width / letter).clamp(1.0, 400.0) as usize
}

/// A frame around the members of a group, with its name in the upper corner.
fn frame(node: &FlowNode, out: &mut String) {
    let (w, h) = (node.rect.w, node.rect.h);
    let label = shortened(&node.label, fits(w - 24.0, LETTER));
    let after = 12.0 + label.chars().count() as f32 * LETTER + 8.0;
    let sub = if node.sub.is_empty() { String::new() } else { shortened(&node.sub, fits(w - after - 8.0, SMALL)) };
    let sub = if sub.chars().count() < 3 { "" } else { &sub };
    let _ = writeln!(
        out,
        "<g class=\"frame\" transform=\"translate({:.1} {:.1})\"><title>{}</title>\
         <rect class=\"around\" width=\"{w:.1}\" height=\"{h:.1}\" rx=\"10\"/>\
         <text class=\"name\" x=\"12\" y=\"20\">{}</text><text class=\"sub\" x=\"{after:.1}\" y=\"20\">{}</text></g>",
        node.rect.x,
        node.rect.y,
        xml(&node.spoken),
        xml(&label),
        xml(sub)
    );
}

/// How a step that ran looks, and the sign in its corner.
fn status_look(node: &FlowNode) -> (&'static str, &'static str) {
    match node.status {
        Some(Status::Error) => ("failed", "✗"),
        Some(Status::Running) => ("open", "running"),
        Some(Status::Waiting) => ("open", "waiting"),
        Some(Status::Skipped) => ("undone", "skipped"),
        Some(Status::Cancelled) => ("undone", "cancelled"),
        _ => ("step", ""),
    }
}

fn boxed(node: &FlowNode, out: &mut String) {
    let (class, tag) = match node.node_kind {
        Some(NodeKind::Start) => ("start", ""),
        Some(NodeKind::End) => ("end", ""),
        Some(NodeKind::Human) => ("human", "HUMAN ‖"),
        Some(NodeKind::Parallel) => ("parallel", "PARALLEL ⇉"),
        Some(NodeKind::Missing) => ("missing", "?"),
        Some(NodeKind::Step) => ("step", ""),
        None => status_look(node),
    };
    if node.key >= ADDED && node.label.is_empty() {
        let (x, y) = (node.rect.x + node.rect.w / 2.0, node.rect.y + node.rect.h / 2.0);
        let _ = writeln!(out, "<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>");
        return;
    }
    let dashed = if node.reachable || class == "missing" { "" } else { " unreachable" };
    let (w, h) = (node.rect.w, node.rect.h);
    let terminal = matches!(class, "start" | "end");
    let radius = if terminal { h / 2.0 } else { 7.0 };
    // Several steps in one box: a second box behind it.
    let stack = if node.count > 1 {
        format!("<rect class=\"stack\" x=\"4\" y=\"4\" width=\"{w:.1}\" height=\"{h:.1}\" rx=\"{radius:.1}\"/>")
    } else {
        String::new()
    };
    let _ = write!(
        out,
        "<g class=\"{class}{dashed}\" transform=\"translate({:.1} {:.1})\"><title>{}</title>{stack}\
         <rect class=\"box\" width=\"{w:.1}\" height=\"{h:.1}\" rx=\"{radius:.1}\"/>",
        node.rect.x,
        node.rect.y,
        xml(&node.spoken)
    );
    if terminal {
        if class == "start" {
            let _ = write!(out, "<circle class=\"dot\" cx=\"13\" cy=\"{:.1}\" r=\"4.5\"/>", h / 2.0);
        }
        let shift = if class == "start" { 7.0 } else { 0.0 };
        let _ = write!(
            out,
            "<text class=\"sub\" text-anchor=\"middle\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            w / 2.0 + shift,
            h / 2.0 + 4.0,
            xml(&shortened(&node.label, fits(w - 24.0, SMALL)))
        );
    } else {
        let y = if node.sub.is_empty() { h / 2.0 + 4.5 } else { 18.5 };
        let room = w - 24.0 - tag.chars().count() as f32 * 6.5;
        let _ = write!(
            out,
            "<text class=\"name\" x=\"11\" y=\"{y:.1}\">{}</text>",
            xml(&shortened(&node.label, fits(room, LETTER)))
        );
        if !node.sub.is_empty() {
            let sub = xml(&shortened(&node.sub, fits(w - 22.0, SMALL)));
            let _ = write!(out, "<text class=\"sub\" x=\"11\" y=\"35.5\">{sub}</text>");
        }
        if !tag.is_empty() {
            let _ =
                write!(out, "<text class=\"tag\" text-anchor=\"end\" x=\"{:.1}\" y=\"{y:.1}\">{tag}</text>", w - 10.0);
        }
    }
    out.push_str("</g>\n");
}

/// What the looks mean, as far as they occur, in rows of at most this width; and the height of all rows but the first.
fn legend(flow: &FlowView, kinds: [NodeKind; 3], room: f32) -> (String, f32) {
    let mut entries: Vec<(&str, &str, bool)> = Vec::new();
    let run = flow.nodes.iter().any(|node| node.node_kind.is_none() && node.key < ADDED);
    for (style, class, words) in [
        (EdgeStyle::Always, "line", if run { "then" } else { "always" }),
        (EdgeStyle::Conditional, "line conditional", "on a condition"),
        (EdgeStyle::Never, "line never", "✗ never taken"),
    ] {
        if flow.edges.iter().any(|edge| edge.style == style) {
            entries.push((class, words, true));
        }
    }
    for (kind, (class, words)) in kinds.into_iter().zip([
        ("human", "‖ waits for a person"),
        ("parallel", "⇉ parallel"),
        ("missing", "? not defined"),
    ]) {
        if flow.nodes.iter().any(|node| node.node_kind == Some(kind) && !node.group) {
            entries.push((class, words, false));
        }
    }
    if flow.nodes.iter().any(|node| !node.reachable && node.node_kind != Some(NodeKind::Missing)) {
        entries.push(("unreachable", "unreachable", false));
    }
    for (class, words) in [("failed", "✗ failed"), ("open", "running or waiting"), ("undone", "skipped or cancelled")]
    {
        let shown = |node: &FlowNode| !node.group && node.node_kind.is_none() && status_look(node).0 == class;
        if flow.nodes.iter().any(shown) {
            entries.push((class, words, false));
        }
    }
    let (mut out, mut x, mut y) = (String::new(), 0.0f32, 0.0f32);
    for (class, words, edge) in entries {
        let width = 32.0 + words.chars().count() as f32 * SMALL;
        if x > 0.0 && x + width > room {
            (x, y) = (0.0, y + ROW);
        }
        let sign = if edge {
            format!("<path class=\"{class}\" d=\"M{x:.0} {:.0}H{:.0}\"/>", y + 10.0, x + 26.0)
        } else {
            format!(
                "<g class=\"{class}\"><rect class=\"box\" x=\"{x:.0}\" y=\"{:.0}\" width=\"26\" height=\"14\" rx=\"4\"/></g>",
                y + 3.0
            )
        };
        let _ = write!(out, "{sign}<text class=\"key\" x=\"{:.0}\" y=\"{:.0}\">{words}</text>", x + 32.0, y + 14.0);
        x += width + 22.0;
    }
    (out, y)
}
