//! Draws the waterfall on its canvas: axis, names, bars, cursor. It is told everything and asks nothing.

use super::axis::{Stretch, Tick};
use super::palette::Palette;
use crate::widgets::format::{duration, offset};
use chaindebug_core::flow::short_name;
use chaindebug_core::model::Status;
use chaindebug_core::protocol::StepRow;
use std::borrow::Cow;
use web_sys::CanvasRenderingContext2d;

/// Height of a row in pixels.
pub(super) const ROW: f64 = 24.0;

/// Height of the axis at the top.
pub(super) const AXIS: f64 = 26.0;

/// Pixels kept free at the right end, so that what ends last is seen to end.
pub(super) const PAD: f64 = 14.0;

/// Letters of a name that are looked at: it can be a megabyte, and the canvas would measure all of it.
const LONGEST_NAME: usize = 120;

/// Narrowest bar: nothing vanishes.
const LEAST: f64 = 2.0;

/// Indent of a level in the gutter, and the level beyond which it stays.
const INDENT: f64 = 12.0;
const DEEPEST: u32 = 12;

/// One drawing.
pub(super) struct Scene<'a> {
    pub(super) palette: &'a Palette,
    /// Size of the canvas in pixels of the page.
    pub(super) width: f64,
    pub(super) height: f64,
    /// Width of the column of names.
    pub(super) gutter: f64,
    pub(super) stretch: Stretch,
    pub(super) ticks: &'a [Tick],
    /// No times in the file: the unit is moments.
    pub(super) ordered: bool,
    /// Rows in sight: position in the list, its top on the canvas, and the row when it is here.
    pub(super) rows: &'a [(u32, f64, Option<StepRow>)],
    /// The cursor: step, moment, and where on the axis.
    pub(super) cursor: Option<(u32, u32, Option<f64>)>,
    /// The row under the pointer or the keys.
    pub(super) marked: Option<u32>,
}

/// Start and end of a step on the axis; the end is `None` when it has none.
pub(super) fn span(row: &StepRow, ordered: bool) -> Option<(f64, Option<f64>)> {
    if ordered {
        return Some((f64::from(row.enter), Some(f64::from(row.exit))));
    }
    let start = row.start?.0 as f64;
    Some((start, row.duration.map(|d| start + (d.0 as f64).max(0.0))))
}

/// Left end of a name, after its indent.
pub(super) fn name_left(row: &StepRow) -> f64 {
    8.0 + f64::from(row.depth.min(DEEPEST)) * INDENT
}

impl Scene<'_> {
    fn plot(&self) -> f64 {
        (self.width - self.gutter - PAD).max(1.0)
    }

    fn x(&self, at: f64) -> f64 {
        self.gutter + self.stretch.share(at) * self.plot()
    }

    /// Draws it all.
    pub(super) fn draw(&self, c: &CanvasRenderingContext2d) {
        let p = self.palette;
        fill(c, &p.panel, 0.0, 0.0, self.width, self.height);
        for (at, y, row) in self.rows {
            self.background(c, *at, *y, row.as_ref());
        }
        for tick in self.ticks {
            let x = self.x(tick.at).round();
            fill(c, &p.line, x, AXIS, 1.0, self.height - AXIS);
        }
        c.save();
        clip(c, self.gutter, AXIS, self.width - self.gutter, self.height - AXIS);
        for (_, y, row) in self.rows {
            match row {
                Some(row) => self.bar(c, *y, row),
                None => fill(c, &p.sunken, self.gutter + 8.0, y + 10.0, 60.0, 4.0),
            }
        }
        c.restore();
        self.names(c);
        self.cursor_line(c);
        self.axis(c);
    }

    fn background(&self, c: &CanvasRenderingContext2d, at: u32, y: f64, row: Option<&StepRow>) {
        let p = self.palette;
        let current = row.is_some_and(|row| self.cursor.is_some_and(|(step, ..)| step == row.step));
        if current {
            fill(c, &p.soft, 0.0, y, self.width, ROW);
            fill(c, &p.accent, 0.0, y, 2.0, ROW);
        } else if self.marked == Some(at) {
            fill(c, &p.sunken, 0.0, y, self.width, ROW);
        }
    }

    fn bar(&self, c: &CanvasRenderingContext2d, y: f64, row: &StepRow) {
        let p = self.palette;
        let Some((start, end)) = span(row, self.ordered) else {
            text(c, &p.mono, &p.faint, "no time in this file", self.gutter + 8.0, y + 16.0);
            return;
        };
        if start > self.stretch.full && !self.ordered {
            let said = row.start.map(offset).unwrap_or_default();
            let label = format!("beyond the axis: {said} ▸");
            let width = measure(c, &p.mono, &label);
            text(c, &p.mono, &p.warn, &label, self.width - width - 6.0, y + 16.0);
            return;
        }
        let edge = self.width - 1.0;
        let left = self.x(start);
        let right = end.map_or(edge, |end| self.x(end));
        let (top, height) = (y + 6.0, 12.0);
        // Coordinates far outside overflow the canvas; what is out of sight is cut before.
        let x = left.max(self.gutter - 8.0);
        let width = (right.min(self.width + 8.0) - x).max(LEAST);
        if x > self.width || right < self.gutter - 1.0 && left < self.gutter - LEAST {
            self.outside(c, y, right < self.gutter);
            return;
        }
        let done = self.cursor.is_none_or(|(_, moment, _)| row.enter <= moment);
        let current = self.cursor.is_some_and(|(step, ..)| step == row.step);
        let colour = match row.status {
            Status::Error => &p.error,
            _ if current => &p.accent,
            Status::Running => &p.run,
            Status::Waiting | Status::Cancelled => &p.warn,
            _ => &p.faint,
        };
        c.set_fill_style_str(colour);
        c.set_stroke_style_str(colour);
        rounded(c, x, top, width, height);
        if done {
            c.set_global_alpha(if current || row.status == Status::Error { 1.0 } else { 0.62 });
            c.fill();
            c.set_global_alpha(1.0);
        } else if width < 6.0 {
            c.set_global_alpha(0.5);
            c.fill();
            c.set_global_alpha(1.0);
        } else {
            rounded(c, x + 0.5, top + 0.5, width - 1.0, height - 1.0);
            c.stroke();
        }
        if end.is_none() {
            // Open at the end: an arrow that leaves the panel.
            c.begin_path();
            c.move_to(edge - 7.0, top);
            c.line_to(edge, top + height / 2.0);
            c.line_to(edge - 7.0, top + height);
            c.fill();
        }
        if row.status == Status::Error {
            // At its end: that is the moment it failed.
            diamond(c, &p.error, &p.panel, (x + width).clamp(self.gutter + 5.0, edge - 5.0), top + height / 2.0);
        }
        let past = if row.status == Status::Error { 4.0 } else { 0.0 };
        self.bar_label(c, y, row, x, x + width + past);
    }

    fn bar_label(&self, c: &CanvasRenderingContext2d, y: f64, row: &StepRow, left: f64, right: f64) {
        let p = self.palette;
        let mut label = row.duration.map(duration).unwrap_or_default();
        if row.duration.is_none() && row.status == Status::Running {
            label = "not ended".to_owned();
        }
        if row.errors_below > 0 && !row.open {
            label = format!("{label} · {} failed within", row.errors_below);
        }
        let width = measure(c, &p.mono, &label);
        let x = if right + 6.0 + width < self.width {
            right + 6.0
        } else if left - 6.0 - width > self.gutter {
            left - 6.0 - width
        } else {
            return;
        };
        text(c, &p.mono, &p.quiet, &label, x, y + 16.0);
    }

    /// A step that lies outside the stretch: an arrow says on which side.
    fn outside(&self, c: &CanvasRenderingContext2d, y: f64, before: bool) {
        let p = self.palette;
        let (x, arrow) = if before { (self.gutter + 3.0, "‹") } else { (self.width - 11.0, "›") };
        text(c, &p.font, &p.faint, arrow, x, y + 16.0);
    }

    fn names(&self, c: &CanvasRenderingContext2d) {
        let p = self.palette;
        fill(c, &p.line, self.gutter - 1.0, 0.0, 1.0, self.height);
        c.save();
        clip(c, 0.0, AXIS, self.gutter - 6.0, self.height - AXIS);
        for (_, y, row) in self.rows {
            let Some(row) = row else { continue };
            let left = name_left(row);
            if row.children > 0 {
                twist(c, &p.faint, left, y + ROW / 2.0, row.open);
            }
            let to_come = self.cursor.is_some_and(|(_, moment, _)| row.enter > moment);
            let colour = if to_come { &p.faint } else { &p.fg };
            let mut x = left + 14.0;
            if row.status == Status::Error {
                cross(c, &p.error, x + 4.0, y + ROW / 2.0);
                x += 14.0;
            }
            let name = fitted(c, &p.font, short_name(&row.name, row.kind), self.gutter - 6.0 - x);
            text(c, &p.font, colour, &name, x, y + 16.5);
        }
        c.restore();
    }

    fn cursor_line(&self, c: &CanvasRenderingContext2d) {
        let p = self.palette;
        let Some((_, moment, at)) = self.cursor else { return };
        let at = if self.ordered { Some(f64::from(moment)) } else { at };
        let Some(x) = at.map(|at| self.x(at)) else { return };
        if x < self.gutter - 0.5 || x > self.width {
            return;
        }
        fill(c, &p.accent, x.round() - 0.5, AXIS - 6.0, 1.5, self.height);
        c.begin_path();
        c.move_to(x - 5.0, AXIS - 9.0);
        c.line_to(x + 5.0, AXIS - 9.0);
        c.line_to(x, AXIS - 1.0);
        c.set_fill_style_str(&p.accent);
        c.fill();
    }

    fn axis(&self, c: &CanvasRenderingContext2d) {
        let p = self.palette;
        fill(c, &p.line, 0.0, AXIS - 1.0, self.width, 1.0);
        let said = if self.ordered { "order" } else { "from the start" };
        text(c, &p.mono, &p.faint, said, 10.0, 16.0);
        for tick in self.ticks {
            let x = self.x(tick.at);
            let width = measure(c, &p.mono, &tick.label);
            if x + 4.0 + width > self.width {
                continue;
            }
            fill(c, &p.strong, x.round(), AXIS - 6.0, 1.0, 5.0);
            text(c, &p.mono, &p.quiet, &tick.label, x + 4.0, 16.0);
        }
    }
}

pub(super) fn fill(c: &CanvasRenderingContext2d, colour: &str, x: f64, y: f64, w: f64, h: f64) {
    c.set_fill_style_str(colour);
    c.fill_rect(x, y, w, h);
}

fn clip(c: &CanvasRenderingContext2d, x: f64, y: f64, w: f64, h: f64) {
    c.begin_path();
    c.rect(x, y, w, h);
    c.clip();
}

fn text(c: &CanvasRenderingContext2d, font: &str, colour: &str, words: &str, x: f64, y: f64) {
    c.set_font(font);
    c.set_fill_style_str(colour);
    let _ = c.fill_text(words, x, y);
}

/// The words, or as many letters as have room before an ellipsis.
fn fitted<'a>(c: &CanvasRenderingContext2d, font: &str, words: &'a str, room: f64) -> Cow<'a, str> {
    let end = words.char_indices().nth(LONGEST_NAME).map_or(words.len(), |(at, _)| at);
    let head = words.get(..end).unwrap_or(words);
    if end == words.len() && measure(c, font, head) <= room {
        return Cow::Borrowed(words);
    }
    // Halving: each look at a canvas font has its price, and this is done for every row of every frame.
    let ends: Vec<usize> = head.char_indices().map(|(at, _)| at).collect();
    let whole =
        |count: usize| format!("{}…", ends.get(count).and_then(|&at| head.get(..at)).unwrap_or(head).trim_end());
    let (mut fits, mut over) = (0, ends.len());
    while over - fits > 1 {
        let middle = usize::midpoint(fits, over);
        if measure(c, font, &whole(middle)) <= room { fits = middle } else { over = middle }
    }
    Cow::Owned(whole(fits))
}

fn measure(c: &CanvasRenderingContext2d, font: &str, words: &str) -> f64 {
    c.set_font(font);
    c.measure_text(words).map_or(0.0, |m| m.width())
}

fn rounded(c: &CanvasRenderingContext2d, x: f64, y: f64, w: f64, h: f64) {
    let r = 3.0_f64.min(w / 2.0).max(0.0);
    c.begin_path();
    c.move_to(x + r, y);
    let _ = c.arc_to(x + w, y, x + w, y + h, r);
    let _ = c.arc_to(x + w, y + h, x, y + h, r);
    let _ = c.arc_to(x, y + h, x, y, r);
    let _ = c.arc_to(x, y, x + w, y, r);
    c.close_path();
}

/// The shape that marks an error beside its colour.
pub(super) fn diamond(c: &CanvasRenderingContext2d, colour: &str, edge: &str, x: f64, y: f64) {
    c.begin_path();
    c.move_to(x, y - 6.0);
    c.line_to(x + 6.0, y);
    c.line_to(x, y + 6.0);
    c.line_to(x - 6.0, y);
    c.close_path();
    c.set_fill_style_str(colour);
    c.fill();
    c.set_stroke_style_str(edge);
    c.set_line_width(1.0);
    c.stroke();
}

fn cross(c: &CanvasRenderingContext2d, colour: &str, x: f64, y: f64) {
    c.begin_path();
    c.move_to(x - 3.5, y - 3.5);
    c.line_to(x + 3.5, y + 3.5);
    c.move_to(x + 3.5, y - 3.5);
    c.line_to(x - 3.5, y + 3.5);
    c.set_stroke_style_str(colour);
    c.set_line_width(1.8);
    c.stroke();
    c.set_line_width(1.0);
}

fn twist(c: &CanvasRenderingContext2d, colour: &str, x: f64, y: f64, open: bool) {
    c.begin_path();
    if open {
        c.move_to(x, y - 2.5);
        c.line_to(x + 8.0, y - 2.5);
        c.line_to(x + 4.0, y + 3.0);
    } else {
        c.move_to(x + 1.5, y - 4.0);
        c.line_to(x + 7.0, y);
        c.line_to(x + 1.5, y + 4.0);
    }
    c.set_fill_style_str(colour);
    c.fill();
}
