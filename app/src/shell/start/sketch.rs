//! The small drawings on the cards: what happens in each sample, in a few strokes on a field of 220 × 66.
//!
//! Colours come by class, so that they follow the theme: `s-line` for lines, `s-box` for nodes, `ghost` for what did
//! not happen, and the status colours for status alone.

use leptos::prelude::*;

fn node(x: f32, y: f32, w: f32) -> AnyView {
    view! { <rect class="s-box" x=x.to_string() y=(y - 6.0).to_string() width=w.to_string() height="12" rx="3.5"/> }
        .into_any()
}

fn ghost(x: f32, y: f32, w: f32) -> AnyView {
    view! { <rect class="s-box ghost" x=x.to_string() y=(y - 6.0).to_string() width=w.to_string() height="12" rx="3.5"/> }.into_any()
}

fn line(d: &'static str) -> AnyView {
    view! { <path class="s-line" d=d/> }.into_any()
}

fn dashed(d: &'static str) -> AnyView {
    view! { <path class="s-line ghost" d=d/> }.into_any()
}

fn stroke(class: &'static str, d: &'static str) -> AnyView {
    view! { <path class=format!("s-stroke {class}") d=d/> }.into_any()
}

fn diamond(x: f32, y: f32, r: f32) -> AnyView {
    let d = format!("M{x} {}l{r} {r}-{r} {r}-{r}-{r}z", y - r);
    view! { <path class="s-fill s-error" d=d/> }.into_any()
}

fn label(x: f32, y: f32, class: &'static str, text: &'static str) -> AnyView {
    view! { <text class=format!("s-text {class}") x=x.to_string() y=y.to_string() text-anchor="middle">{text}</text> }
        .into_any()
}

fn bar(x: f32, y: f32, w: f32, class: &'static str) -> AnyView {
    let (x, y, w) = (x.to_string(), (y - 2.6).to_string(), w.to_string());
    view! { <rect class=format!("s-fill {class}") x=x y=y width=w height="5.2" rx="2"/> }.into_any()
}

/// A list of ingredients, one of them far too large.
fn lines() -> Vec<AnyView> {
    let widths = [54.0, 38.0, 148.0, 46.0, 30.0];
    let mut parts = vec![line("M52 12V60")];
    for (index, width) in (0u8..).zip(widths) {
        let y = 15.0 + f32::from(index) * 10.5;
        parts.push(bar(58.0, y, width, if width > 100.0 { "s-warn" } else { "s-grey" }));
    }
    parts
}

fn rag() -> Vec<AnyView> {
    vec![
        line("M62 37H94M132 37H164M202 37H220"),
        node(32.0, 37.0, 30.0),
        ghost(94.0, 37.0, 38.0),
        label(113.0, 58.0, "s-warn", "0 docs"),
        node(164.0, 37.0, 38.0),
        stroke("s-ok", "M231.5 37a5.5 5.5 0 1 1-11 0a5.5 5.5 0 0 1 11 0M223.4 37l2 2 3.4-4"),
    ]
}

fn looped() -> Vec<AnyView> {
    vec![
        line("M62 40H92M126 40H160M177 33C177 16 109 16 109 33"),
        line("M105.5 28l3.5 5 4-4.6"),
        node(32.0, 40.0, 30.0),
        node(92.0, 40.0, 34.0),
        node(160.0, 40.0, 34.0),
        diamond(177.0, 40.0, 4.2),
        label(143.0, 15.0, "", "×6"),
        dashed("M194 40H216"),
        ghost(216.0, 40.0, 24.0),
    ]
}

fn fanout() -> Vec<AnyView> {
    let mut parts = vec![node(26.0, 37.0, 26.0)];
    let bars = [20.0, 26.0, 17.0, 23.0, 134.0, 19.0];
    for (index, width) in (0u8..).zip(bars) {
        let y = 14.0 + f32::from(index) * 9.2;
        parts.push(view! { <path class="s-line" d=format!("M52 37C62 37 58 {y} 68 {y}")/> }.into_any());
        parts.push(bar(68.0, y, width, if width > 100.0 { "s-warn" } else { "s-grey" }));
    }
    parts.extend([line("M205 11V63M205 37H214"), node(214.0, 37.0, 26.0)]);
    parts
}

fn dead_end() -> Vec<AnyView> {
    vec![
        view! { <circle class="s-fill s-dark" cx="36" cy="37" r="5"/> }.into_any(),
        line("M44 37H62M96 37H114M148 37H152"),
        node(62.0, 37.0, 34.0),
        node(114.0, 37.0, 34.0),
        stroke("s-error s-thick", "M153.5 27V47"),
        dashed("M158 34C172 34 176 18 198 18M158 40C172 40 176 56 198 56"),
        ghost(198.0, 18.0, 38.0),
        ghost(198.0, 56.0, 38.0),
        stroke("s-error", "M172.5 19.5l7 7m0-7l-7 7M172.5 47.5l7 7m0-7l-7 7"),
    ]
}

fn pair() -> Vec<AnyView> {
    vec![
        line("M54 37H70M100 37H116"),
        node(26.0, 37.0, 28.0),
        node(70.0, 37.0, 30.0),
        node(116.0, 37.0, 30.0),
        label(131.0, 58.0, "", "≠"),
        dashed("M146 34C162 34 156 18 172 18"),
        line("M146 40C162 40 156 56 172 56"),
        ghost(172.0, 18.0, 34.0),
        node(172.0, 56.0, 34.0),
        label(218.0, 22.0, "", "A"),
        label(218.0, 60.0, "", "B"),
    ]
}

/// A broken edge, and its mend.
fn mend() -> Vec<AnyView> {
    vec![
        line("M58 37H86M152 37H172"),
        node(28.0, 37.0, 30.0),
        node(172.0, 37.0, 34.0),
        stroke("s-error", "M90 33l8 8M98 33l-8 8"),
        dashed("M86 37H90M98 37H116"),
        stroke("s-ok s-thick", "M118 37H150"),
        stroke("s-ok", "M223.5 37a5.5 5.5 0 1 1-11 0a5.5 5.5 0 0 1 11 0M215.4 37l2 2 3.4-4"),
    ]
}

/// Many turns, one of them refused, and a stretch that a sub-agent did.
fn session() -> Vec<AnyView> {
    let heights = [7, 12, 9, 16, 6, 11, 8, 14, 10];
    let turns: String = (0..36)
        .filter(|index| *index != 22)
        .zip(heights.into_iter().cycle())
        .map(|(index, height)| format!("M{} {}v{}", 27 + index * 6, 36 - height / 2, height + 2))
        .collect();
    vec![
        line("M24 37H240"),
        view! { <path class="s-turns" d=turns/> }.into_any(),
        diamond(159.0, 37.0, 5.5),
        line("M75 45V53H123V45"),
        label(99.0, 65.0, "", "sub-agent"),
    ]
}

fn paused() -> Vec<AnyView> {
    vec![
        line("M58 37H78M112 37H130"),
        node(28.0, 37.0, 30.0),
        node(78.0, 37.0, 34.0),
        view! { <rect class="s-wait" x="130" y="26" width="38" height="22" rx="4"/> }.into_any(),
        stroke("s-warn s-thick", "M145.5 32v10M152.5 32v10"),
        dashed("M168 33C182 33 178 18 194 18M168 41C182 41 178 56 194 56"),
        ghost(194.0, 18.0, 38.0),
        ghost(194.0, 56.0, 38.0),
    ]
}

/// Braces whose end is missing.
fn halved() -> Vec<AnyView> {
    vec![
        line("M54 37H74"),
        node(24.0, 37.0, 30.0),
        view! { <rect class="s-box" x="74" y="20" width="66" height="34" rx="4"/> }.into_any(),
        label(92.0, 41.0, "", "{ \u{201c}"),
        bar(103.0, 37.0, 28.0, "s-grey"),
        stroke("s-warn", "M140 16v42M146 20l4 4-4 4 4 4-4 4 4 4-4 4 4 4-4 4"),
        label(186.0, 41.0, "s-warn", "… }  ?"),
    ]
}

/// The same two boxes again and again.
fn repeat() -> Vec<AnyView> {
    let mut parts = vec![line("M52 37H220"), node(26.0, 37.0, 26.0)];
    for index in 0u8..5 {
        let x = 64.0 + f32::from(index) * 31.0;
        parts.push(node(x, 37.0, 22.0));
        if index > 0 {
            parts.push(bar(x + 3.0, 54.0, 16.0, "s-warn"));
        }
    }
    parts.extend([line("M75 27C75 14 199 14 199 27M195.5 22l3.5 5 4-4.4"), label(137.0, 13.0, "", "again")]);
    parts
}

fn cut() -> Vec<AnyView> {
    vec![
        line("M58 37H76M106 37H124M154 37H172"),
        node(28.0, 37.0, 30.0),
        node(76.0, 37.0, 30.0),
        node(124.0, 37.0, 30.0),
        stroke("s-warn", "M196 31H175.5a3.5 3.5 0 0 0-3.5 3.5v5a3.5 3.5 0 0 0 3.5 3.5H196l-4-3 4-3-4-3z"),
        stroke("s-warn", "M204 31l4 3-4 3 4 3-4 3"),
    ]
}

/// The drawing of a name; a plain chain for a name that is not known here.
#[component]
pub(super) fn Sketch(
    /// As in the manifest.
    name: String,
) -> impl IntoView {
    let parts = match name.as_str() {
        "lines" => lines(),
        "rag" => rag(),
        "loop" => looped(),
        "fanout" => fanout(),
        "deadend" => dead_end(),
        "pair" => pair(),
        "mend" => mend(),
        "session" => session(),
        "paused" => paused(),
        "halved" => halved(),
        "repeat" => repeat(),
        "cut" => cut(),
        _ => {
            vec![line("M62 37H94M124 37H156"), node(32.0, 37.0, 30.0), node(94.0, 37.0, 30.0), node(156.0, 37.0, 30.0)]
        }
    };
    view! { <svg class="sketch" viewBox="22 4 220 66" aria-hidden="true">{parts}</svg> }
}
