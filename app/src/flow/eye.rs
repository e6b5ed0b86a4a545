//! The eye over the chart: the first look, what a new size or the legend changes in it, moving and zooming. The arithmetic
//! is in `camera`.

use super::camera::{Area, Camera, Margins, Size};
use super::canvas::Canvas;
use super::chart::Chart;
use crate::place::Place;
use leptos::prelude::*;

impl Canvas {
    /// The first look, once the cursor's box is known, unless somebody has moved the eye meanwhile.
    pub(super) fn look_late(self) {
        let waits = self.late.try_update_value(std::mem::take) == Some(true);
        if let Some(chart) = self.chart.get_untracked().filter(|_| waits && !self.moved.get_value()) {
            self.camera.set(self.first(&chart));
        }
    }

    pub(super) fn current_area(self, chart: &Chart) -> Option<Area> {
        chart.area(self.current.get_untracked()?)
    }

    /// The port has another size: keeps the middle where it is, or looks anew when nobody has moved the eye.
    pub(super) fn resized(self, w: f64, h: f64) {
        let Some(old) = self.port.try_get_untracked() else { return };
        let new = Size { w, h };
        if old == new || w < 1.0 || h < 1.0 {
            return;
        }
        self.port.set(new);
        let Some(chart) = self.chart.get_untracked() else { return };
        if self.moved.get_value() && old.w > 0.0 {
            self.camera.update(|camera| *camera = camera.panned((w - old.w) / 2.0, (h - old.h) / 2.0));
        } else {
            self.camera.set(self.first(&chart));
        }
    }

    /// The first look.
    pub(super) fn first(self, chart: &Chart) -> Camera {
        let port = self.room(self.port.get_untracked());
        self.aside(Camera::first(chart.size(), port, margins(), self.current_area(chart)), chart)
    }

    fn aside(self, camera: Camera, chart: &Chart) -> Camera {
        let boxes = chart.view.nodes.iter().map(|node| Area::from(node.rect));
        camera.clear_of(self.legend.get_value(), boxes, chart.size(), self.port.get_untracked())
    }

    /// The legend takes so much of the upper left corner: looks anew when nobody has moved the eye.
    pub(super) fn covered(self, legend: Size) {
        if self.legend.try_update_value(|known| std::mem::replace(known, legend)) == Some(legend)
            || self.moved.get_value()
        {
            return;
        }
        if let Some(chart) = self.chart.get_untracked() {
            self.camera.set(self.first(&chart));
        }
    }

    /// The part of the port that a chart is fitted into: below one of two runs stand its tools.
    fn room(self, port: Size) -> Size {
        if self.compares() { Size { h: (port.h - 36.0).max(1.0), ..port } } else { port }
    }

    pub(super) fn look(self, change: impl FnOnce(Camera, Size, &Chart) -> Camera) {
        let Some(chart) = self.chart.get_untracked() else { return };
        let port = self.port.get_untracked();
        let camera = change(self.camera.get_untracked(), port, &chart);
        self.moved.set_value(true);
        self.camera.set(camera.held(chart.size(), port));
    }

    pub(super) fn pan(self, dx: f64, dy: f64) {
        self.look(|camera, _, _| camera.panned(dx, dy));
    }

    /// Zooms with a point of the port held; its middle when `None`.
    pub(super) fn zoom(self, factor: f64, at: Option<(f64, f64)>) {
        self.look(|camera, port, _| {
            let (x, y) = at.unwrap_or((port.w / 2.0, port.h / 2.0));
            camera.zoomed(factor, x, y)
        });
    }

    /// To 1:1 around the middle.
    pub(super) fn zoom_reset(self) {
        let scale = self.camera.get_untracked().scale;
        self.zoom(1.0 / scale, None);
    }

    /// Everything in sight.
    pub(super) fn fit(self) {
        self.look(|_, port, chart| self.aside(Camera::fit(chart.size(), self.room(port), margins()), chart));
        // What fits stays fitted when the port changes.
        self.moved.set_value(false);
    }

    /// A place of the drawing to the middle.
    pub(super) fn look_at(self, at: (f64, f64)) {
        self.look(|camera, port, _| Camera { scale: camera.scale, ..camera.centered(at, port) });
    }

    /// The cursor's box to the middle; everything, when it is in sight already.
    pub(super) fn find(self) {
        if self.hidden() {
            self.show_current();
        } else {
            self.fit();
        }
    }

    /// The cursor's box to the middle.
    pub(super) fn show_current(self) {
        self.look(|camera, port, chart| match self.current_area(chart) {
            Some(area) => camera.centered((area.center().0, area.y + area.h.min(200.0) / 2.0), port),
            None => camera,
        });
    }

    /// Pans until the cursor's box is in sight: just so far when a part of it is, else to the middle. For a frame: the text
    /// around it moves the cursor, and there is room for a few boxes only.
    pub(super) fn keep_in_sight(self) {
        let Some(chart) = self.chart.get_untracked() else { return };
        let (camera, port) = (self.camera.get_untracked(), self.port.get_untracked());
        if self.hidden_untracked() {
            return self.show_current();
        }
        let kept = self.current_area(&chart).map_or(camera, |area| camera.showing(area, port, 18.0));
        if kept != camera {
            self.look(|_, _, _| kept);
        }
    }
}

/// Space around what is fitted.
fn margins() -> Margins {
    if Place::embedded() { Margins::FRAME } else { Margins::PAGE }
}
