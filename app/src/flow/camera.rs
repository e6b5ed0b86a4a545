//! Where the eye is over the drawing: pure arithmetic of zooming, panning and fitting, tested without a browser.
//!
//! The drawing is in pixels of 1:1 (`chaindebug_core::protocol::FlowView`), the port in CSS pixels of the element it is
//! seen through. A point of the drawing is seen at `point × scale + offset`.

use chaindebug_core::protocol::Rect;

/// Nearest and farthest.
pub(super) const MOST: f64 = 4.0;
const LEAST: f64 = 0.04;

/// Smallest scale of a first look at a part of a larger chart: what is seen can be read.
const READABLE: f64 = 0.7;

/// Space kept around what is fitted, for the panels that float over the chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Margins {
    /// Left and right.
    side: f64,
    top: f64,
    bottom: f64,
    /// Smallest scale at which the whole chart is shown at first.
    whole: f64,
}

impl Margins {
    /// On a page of its own: the shape of a chart is worth more than its small print.
    pub(super) const PAGE: Margins = Margins { side: 24.0, top: 74.0, bottom: 28.0, whole: 0.5 };
    /// In a frame of somebody's page: nothing floats over it, and it is for reading.
    pub(super) const FRAME: Margins = Margins { side: 16.0, top: 14.0, bottom: 14.0, whole: 0.68 };
}

/// A width and a height in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Size {
    pub(super) w: f64,
    pub(super) h: f64,
}

/// Scale and offset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Camera {
    pub(super) scale: f64,
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A rectangle in f64, so that far corners of big drawings stay exact.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Area {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) w: f64,
    pub(super) h: f64,
}

impl From<Rect> for Area {
    fn from(rect: Rect) -> Self {
        Area { x: f64::from(rect.x), y: f64::from(rect.y), w: f64::from(rect.w), h: f64::from(rect.h) }
    }
}

impl Area {
    pub(super) fn center(self) -> (f64, f64) {
        (self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    pub(super) fn meets(self, other: Area) -> bool {
        self.x < other.x + other.w
            && other.x < self.x + self.w
            && self.y < other.y + other.h
            && other.y < self.y + self.h
    }

    pub(super) fn grown(self, by: f64) -> Area {
        Area { x: self.x - by, y: self.y - by, w: self.w + 2.0 * by, h: self.h + 2.0 * by }
    }

    /// Grown outwards to whole tiles, so that a small pan asks for nothing new.
    pub(super) fn snapped(self, tile: f64) -> Area {
        let (x, y) = ((self.x / tile).floor() * tile, (self.y / tile).floor() * tile);
        let (right, bottom) = (((self.x + self.w) / tile).ceil() * tile, ((self.y + self.h) / tile).ceil() * tile);
        Area { x, y, w: right - x, h: bottom - y }
    }
}

impl Camera {
    /// Everything in sight, never larger than 1:1, in the middle and nearer to the top.
    pub(super) fn fit(drawing: Size, port: Size, margins: Margins) -> Camera {
        let Margins { side, top, bottom, .. } = margins;
        let room = Size { w: (port.w - 2.0 * side).max(40.0), h: (port.h - top - bottom).max(40.0) };
        let scale = (room.w / drawing.w.max(1.0)).min(room.h / drawing.h.max(1.0)).clamp(LEAST, 1.0);
        let spare = room.h - drawing.h * scale;
        Camera { scale, x: (port.w - drawing.w * scale) / 2.0, y: top + spare.min(spare / 2.0).max(0.0) * 0.6 }
    }

    /// The first look: everything when that can be read, else from the top, or around `at` when that is lower, as wide as
    /// can be read.
    pub(super) fn first(drawing: Size, port: Size, margins: Margins, at: Option<Area>) -> Camera {
        let all = Camera::fit(drawing, port, margins);
        if all.scale >= margins.whole {
            return all;
        }
        let at = at.unwrap_or(Area { x: drawing.w / 2.0, ..Area::default() });
        let (x, y) = at.center();
        let scale = ((port.w - 2.0 * margins.side) / drawing.w.max(1.0)).clamp(READABLE, 1.0);
        // A chart narrower than the port stands in its middle, whatever box is looked for.
        let wide = drawing.w * scale;
        let x = if wide <= port.w { (port.w - wide) / 2.0 } else { port.w / 2.0 - x * scale };
        Camera { scale, x, y: (port.h / 2.0 - y * scale).min(margins.top) }
    }

    /// Moved to the right, as far as there is room, so that no box lies under a panel in the upper left corner of the port.
    pub(super) fn clear_of(self, panel: Size, boxes: impl Iterator<Item = Area>, drawing: Size, port: Size) -> Camera {
        let under = boxes.map(|one| (one.x * self.scale + self.x, one.y * self.scale + self.y));
        let wanted = under.filter(|&(_, y)| y < panel.h).map(|(x, _)| panel.w - x).fold(0.0, f64::max);
        let spare = port.w - Margins::FRAME.side - (drawing.w * self.scale + self.x);
        self.panned(wanted.min(spare).max(0.0), 0.0)
    }

    /// The part of the drawing that is seen.
    pub(super) fn seen(self, port: Size) -> Area {
        Area { x: -self.x / self.scale, y: -self.y / self.scale, w: port.w / self.scale, h: port.h / self.scale }
    }

    /// Zoomed by a factor with the point at (`x`, `y`) of the port held where it is.
    pub(super) fn zoomed(self, factor: f64, x: f64, y: f64) -> Camera {
        let scale = (self.scale * factor).clamp(LEAST, MOST);
        let ratio = scale / self.scale;
        Camera { scale, x: x - (x - self.x) * ratio, y: y - (y - self.y) * ratio }
    }

    /// Moved by pixels of the port.
    pub(super) fn panned(self, dx: f64, dy: f64) -> Camera {
        Camera { x: self.x + dx, y: self.y + dy, ..self }
    }

    /// A place of the drawing in the middle of the port, at the same scale, or at a readable one.
    pub(super) fn centered(self, at: (f64, f64), port: Size) -> Camera {
        let scale = self.scale.max(READABLE);
        Camera { scale, x: port.w / 2.0 - at.0 * scale, y: port.h / 2.0 - at.1 * scale }
    }

    /// Panned just so far that the area is in sight with a margin; the same when it is.
    pub(super) fn showing(self, area: Area, port: Size, margin: f64) -> Camera {
        let one = |at: f64, length: f64, room: f64| {
            if length + 2.0 * margin > room {
                // Larger than the port: its beginning.
                if at < margin || at > room - margin { margin - at } else { 0.0 }
            } else if at < margin {
                margin - at
            } else if at + length > room - margin {
                room - margin - at - length
            } else {
                0.0
            }
        };
        let dx = one(area.x * self.scale + self.x, area.w * self.scale, port.w);
        let dy = one(area.y * self.scale + self.y, area.h * self.scale, port.h);
        self.panned(dx, dy)
    }

    /// Held so that a piece of the drawing always stays in sight.
    pub(super) fn held(self, drawing: Size, port: Size) -> Camera {
        let one = |at: f64, length: f64, room: f64| {
            let keep = 60.0_f64.min(room / 2.0).min(length.max(1.0));
            at.clamp(keep - length, (room - keep).max(keep - length))
        };
        Camera {
            x: one(self.x, drawing.w * self.scale, port.w),
            y: one(self.y, drawing.h * self.scale, port.h),
            ..self
        }
    }

    /// As SVG's `transform`.
    pub(super) fn transform(self) -> String {
        format!("translate({:.2} {:.2}) scale({:.4})", self.x, self.y, self.scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORT: Size = Size { w: 800.0, h: 600.0 };
    const PAGE: Margins = Margins::PAGE;

    #[test]
    fn a_small_chart_is_shown_whole_and_a_tall_one_from_its_top() {
        let small = Camera::first(Size { w: 400.0, h: 300.0 }, PORT, PAGE, None);
        assert_eq!((small.scale, small.x), (1.0, 200.0));
        assert!(small.y >= PAGE.top);
        let tall = Camera::first(
            Size { w: 400.0, h: 9_000.0 },
            PORT,
            PAGE,
            Some(Area { x: 100.0, y: 0.0, w: 200.0, h: 44.0 }),
        );
        assert_eq!((tall.scale, tall.x, tall.y), (1.0, 200.0, PAGE.top));
        let later = Camera::first(
            Size { w: 400.0, h: 9_000.0 },
            PORT,
            PAGE,
            Some(Area { x: 0.0, y: 4_978.0, w: 9.0, h: 44.0 }),
        );
        assert_eq!(later.y, 300.0 - 5_000.0);
    }

    #[test]
    fn what_would_lie_under_the_legend_moves_aside_as_far_as_there_is_room() {
        let drawing = Size { w: 400.0, h: 300.0 };
        let camera = Camera { scale: 1.0, x: 200.0, y: 74.0 };
        let boxes = [Area { x: 40.0, y: 0.0, w: 200.0, h: 44.0 }, Area { x: 0.0, y: 250.0, w: 90.0, h: 44.0 }];
        let x = |w: f64, h: f64| camera.clear_of(Size { w, h }, boxes.into_iter(), drawing, PORT).x;
        assert_eq!(x(180.0, 200.0), 200.0);
        assert_eq!(x(300.0, 200.0), 260.0);
        assert_eq!(x(300.0, 400.0), 300.0);
        assert_eq!(x(700.0, 400.0), 800.0 - 16.0 - 400.0);
        assert_eq!(x(0.0, 0.0), 200.0);
    }

    #[test]
    fn zooming_holds_the_point_under_the_pointer() {
        let camera = Camera { scale: 1.0, x: 30.0, y: -40.0 };
        let point = ((200.0 - camera.x) / camera.scale, (100.0 - camera.y) / camera.scale);
        let zoomed = camera.zoomed(1.7, 200.0, 100.0);
        assert!((point.0 * zoomed.scale + zoomed.x - 200.0).abs() < 1e-9);
        assert!((point.1 * zoomed.scale + zoomed.y - 100.0).abs() < 1e-9);
        assert_eq!(camera.zoomed(1e9, 0.0, 0.0).scale, MOST);
    }

    #[test]
    fn showing_pans_only_when_it_must() {
        let camera = Camera { scale: 1.0, x: 0.0, y: 0.0 };
        let inside = Area { x: 100.0, y: 100.0, w: 200.0, h: 44.0 };
        assert_eq!(camera.showing(inside, PORT, 20.0), camera);
        let below = Area { y: 700.0, ..inside };
        assert_eq!(camera.showing(below, PORT, 20.0).y, 600.0 - 20.0 - 744.0);
        assert!(!camera.seen(PORT).meets(below));
    }

    #[test]
    fn a_chart_cannot_be_lost() {
        let drawing = Size { w: 400.0, h: 300.0 };
        let lost = Camera { scale: 1.0, x: 1e6, y: -1e6 }.held(drawing, PORT);
        assert!(lost.seen(PORT).meets(Area { x: 0.0, y: 0.0, w: 400.0, h: 300.0 }));
    }
}
