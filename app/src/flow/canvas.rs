//! The state of the chart on show, and what can be done with it. Views read it; events call its methods.

use super::camera::{Camera, Size};
use super::chart::{Chart, is_join};
use super::walk::{Arrow, walk};
use crate::compare::Pair;
use crate::engine::Limiter;
use crate::state::{Page, Subject, What};
use chaindebug_core::protocol::{Answer, Command, DiffMove, Phase, Request};
use leptos::prelude::*;
use std::cell::RefCell;
use std::sync::Arc;

/// The moment of what a laid run never came to.
const NEVER: u32 = u32::MAX;

/// What a chart is of, whatever joined it meanwhile: group, run or pipeline, and the run that is laid on it.
type Of = (u32, What, Option<u32>);

/// What is asked for: the subject, and of a comparison also how often it was made.
type Asked = (Subject, Option<(Pair, u32)>);

fn asked(page: Page) -> Option<Asked> {
    let subject = page.subject.get()?;
    Some((subject, page.comparing.pair.get().map(|pair| (pair, page.comparing.turn.get()))))
}

fn of((subject, pair): Asked) -> Of {
    (subject.group, subject.what, pair.map(|(pair, _)| pair.b.run))
}

/// Whether boxes have the same keys: of two runs they have not once they are compared anew.
fn alike(one: Asked, other: Asked) -> bool {
    of(one) == of(other) && one.1.map(|(_, turn)| turn) == other.1.map(|(_, turn)| turn)
}

/// How far the run has come with a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passed {
    /// Its last step has ended, or the chart is a definition.
    Done,
    /// Entered, and not left yet.
    Entered,
    /// Still to come.
    Not,
}

/// What somebody chose for one chart; kept while another view is shown.
#[derive(Clone, Debug)]
struct Kept {
    of: Of,
    toggled: Option<(Asked, Vec<u32>)>,
    camera: Option<Camera>,
}

thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
    static FOLD: std::cell::Cell<bool> = const { std::cell::Cell::new(true) };
    static DRAWN: RefCell<(bool, Vec<u32>)> = const { RefCell::new((true, Vec::new())) };
}

/// The chart, where it is looked at, and what is chosen in it. `Copy`; lives as long as the component that made it.
#[derive(Clone, Copy)]
pub(super) struct Canvas {
    pub(super) page: Page,
    /// The newest drawing.
    pub(super) chart: RwSignal<Option<Arc<Chart>>>,
    /// Why there is none, when the engine refused.
    pub(super) refused: RwSignal<Option<String>>,
    /// Where the eye is.
    pub(super) camera: RwSignal<Camera>,
    /// Size of what it is seen through.
    pub(super) port: RwSignal<Size>,
    /// Whether repeats are one box.
    pub(super) fold: RwSignal<bool>,
    /// Boxes whose state is not the default, for the run they belong to.
    toggled: RwSignal<Option<(Asked, Vec<u32>)>>,
    /// The box the arrow keys stand on.
    pub(super) walked: RwSignal<Option<u32>>,
    /// The cursor's moment; `None` for a definition.
    moment: Memo<Option<u32>>,
    /// The cursor's box, or the chosen node.
    pub(super) current: Memo<Option<u32>>,
    /// Whether somebody moved the eye: then a new size of the port does not.
    pub(super) moved: StoredValue<bool>,
    /// A box to hold in its place on the screen when the next drawing comes, and where its top middle is.
    anchor: StoredValue<Option<(u32, f64, f64)>>,
    shown: StoredValue<Option<Of>>,
    /// Whether the first look waits for the cursor's box, which the engine names only once the chart was asked for.
    pub(super) late: StoredValue<bool>,
    serial: StoredValue<u32>,
    /// What the legend takes of the upper left corner.
    pub(super) legend: StoredValue<Size>,
}

/// How the flow of a run is drawn now, for a picture of it: folded or not, and the boxes opened or closed by hand.
pub(crate) fn drawn() -> (bool, Vec<u32>) {
    DRAWN.with_borrow(Clone::clone)
}

impl Canvas {
    /// Makes it and asks for the chart of what is shown, now and whenever that changes.
    pub(super) fn new(page: Page) -> Canvas {
        // Two runs have no moment that both have come to: all of them is drawn as run.
        let both = Memo::new(move |_| page.comparing.pair.with(Option::is_some));
        let moment = Memo::new(move |_| {
            if both.get() {
                return None;
            }
            page.cursor.with(|c| c.as_ref().filter(|c| c.moments > 0).map(|c| c.moment))
        });
        let current = Memo::new(move |_| {
            if both.get() {
                return page.comparing.cursor.with(|c| c.as_ref().and_then(|c| c.node));
            }
            if page.charted().is_some() {
                return page.node.get().or_else(|| page.workbench.here(page));
            }
            page.cursor.with(|c| c.as_ref().and_then(|c| c.node))
        });
        let here = untrack(|| asked(page)).map(of);
        let kept = KEPT.with_borrow(Clone::clone).filter(|kept| Some(kept.of) == here);
        let canvas = Canvas {
            page,
            chart: RwSignal::new(None),
            refused: RwSignal::new(None),
            camera: RwSignal::new(kept.as_ref().and_then(|k| k.camera).unwrap_or(Camera {
                scale: 1.0,
                x: 0.0,
                y: 0.0,
            })),
            port: RwSignal::new(Size::default()),
            fold: RwSignal::new(FOLD.get()),
            toggled: RwSignal::new(kept.as_ref().and_then(|k| k.toggled.clone())),
            walked: RwSignal::new(None),
            moment,
            current,
            moved: StoredValue::new(kept.as_ref().is_some_and(|k| k.camera.is_some())),
            anchor: StoredValue::new(None),
            shown: StoredValue::new(kept.filter(|k| k.camera.is_some()).map(|k| k.of)),
            late: StoredValue::new(false),
            serial: StoredValue::new(0),
            legend: StoredValue::new(Size::default()),
        };
        canvas.ask();
        Effect::new(move |_| {
            if current.get().is_some() {
                canvas.look_late();
            }
        });
        on_cleanup(move || canvas.keep());
        canvas
    }

    fn keep(self) {
        let Some(Some(of)) = self.shown.try_get_value() else { return };
        let toggled = self.toggled.try_get_untracked().flatten();
        let camera = self.camera.try_get_untracked().filter(|_| self.moved.try_get_value() == Some(true));
        let kept = Kept { of, toggled, camera };
        KEPT.set(Some(kept));
    }

    fn ask(self) {
        let limiter = Limiter::default();
        Effect::new(move |_| {
            let Some(now) = asked(self.page) else { return };
            let subject = now.0;
            let fold = self.fold.get();
            let toggled = self.toggled.with(|t| t.as_ref().filter(|t| alike(t.0, now)).map(|t| t.1.clone()));
            let request = match subject.what {
                _ if now.1.is_some() => Request::DiffFlow { fold, toggled: toggled.unwrap_or_default() },
                What::Run(run) if self.page.charted().is_some() => {
                    let pipeline = self.page.charted().unwrap_or_default();
                    Request::PipelineFlow { pipeline, reader: None, run: Some(run) }
                }
                What::Run(run) => {
                    let toggled = toggled.unwrap_or_default();
                    DRAWN.set((fold, toggled.clone()));
                    Request::Flow { run, fold, toggled }
                }
                What::Pipeline(pipeline) => {
                    let (reader, run) = self.page.workbench.drawn();
                    Request::PipelineFlow { pipeline, reader, run }
                }
                What::Nothing => return,
            };
            limiter.run(async move {
                let answer = self.page.ask_of(subject.group, request).await;
                if untrack(|| asked(self.page)) != Some(now) {
                    return;
                }
                match answer {
                    Ok(Answer::Flow(mut view)) => {
                        self.page.workbench.paint(&mut view);
                        let serial = self.serial.try_update_value(|serial| {
                            *serial += 1;
                            *serial
                        });
                        self.arrived(now, Chart::new(serial.unwrap_or_default(), *view));
                    }
                    Ok(_) => {}
                    Err(failure) => {
                        let _ = self.refused.try_set(Some(failure.message.clone()));
                    }
                }
            });
        });
    }

    fn arrived(self, now: Asked, chart: Chart) {
        let Some(port) = self.port.try_get_untracked() else { return };
        let anchor = self.anchor.try_update_value(Option::take).flatten();
        let held = anchor.and_then(|(key, x, y)| Some((chart.area(key)?, x, y)));
        let same = self.shown.try_get_value() == Some(Some(of(now)));
        let camera = self.camera.get_untracked();
        match held {
            Some((area, x, y)) if same => {
                let (left, top) = (area.center().0 * camera.scale, area.y * camera.scale);
                let camera = Camera { x: x - left, y: y - top, ..camera };
                self.camera.set(camera.held(chart.size(), port));
            }
            _ if same && self.moved.get_value() => self.camera.set(camera.held(chart.size(), port)),
            _ => {
                self.moved.set_value(false);
                self.walked.set(None);
                self.late.set_value(self.compares() && self.current_area(&chart).is_none());
                self.camera.set(self.first(&chart));
            }
        }
        self.shown.set_value(Some(of(now)));
        self.refused.set(None);
        self.chart.set(Some(Arc::new(chart)));
        // Which box the cursor is in depends on the chart that was asked for last.
        if now.1.is_some() {
            self.page.go(DiffMove::Stay);
        } else {
            self.page.find_cursor();
        }
    }

    /// Whether the cursor's box is out of sight.
    pub(super) fn hidden(self) -> bool {
        let area = self.chart.with(|chart| chart.as_ref().and_then(|c| c.area(self.current.get()?)));
        area.is_some_and(|area| {
            let camera = self.camera.get();
            !camera.seen(self.port.get()).meets(area.grown(-2.0))
        })
    }

    /// Opens, closes, unfolds or folds a box, which stays where it is on the screen.
    pub(super) fn toggle(self, key: u32) {
        let Some(now) = untrack(|| asked(self.page)) else { return };
        self.hold(key);
        self.toggled.update(|toggled| {
            let (mine, list) = toggled.get_or_insert_with(|| (now, Vec::new()));
            if !alike(*mine, now) {
                list.clear();
            }
            *mine = now;
            match list.iter().position(|&other| other == key) {
                Some(at) => drop(list.swap_remove(at)),
                None => list.push(key),
            }
        });
    }

    /// Opens every closed box that is drawn.
    pub(super) fn open_all(self) {
        let Some(now) = untrack(|| asked(self.page)) else { return };
        let closed: Vec<u32> = self.chart.with_untracked(|chart| {
            let nodes = chart.iter().flat_map(|chart| &chart.view.nodes);
            nodes.filter(|node| node.expandable && !node.group && node.inside > 0).map(|node| node.key).collect()
        });
        if let Some(key) = self.current.get_untracked() {
            self.hold(key);
        }
        self.toggled.update(|toggled| {
            let mut list = toggled.take().filter(|mine| alike(mine.0, now)).map(|mine| mine.1).unwrap_or_default();
            let before: std::collections::HashSet<u32> = list.iter().copied().collect();
            // A key stands for "not as usual": what was closed by hand loses its key.
            list.retain(|key| !closed.contains(key));
            list.extend(closed.iter().filter(|key| !before.contains(key)));
            *toggled = Some((now, list));
        });
    }

    /// Keeps a box where it is on the screen through the next drawing.
    fn hold(self, key: u32) {
        let camera = self.camera.get_untracked();
        let area = self.chart.with_untracked(|chart| chart.as_ref().and_then(|c| c.area(key)));
        self.anchor.set_value(
            area.map(|area| (key, area.center().0 * camera.scale + camera.x, area.y * camera.scale + camera.y)),
        );
    }

    /// One box for repeats, or one for each step.
    pub(super) fn set_fold(self, fold: bool) {
        FOLD.set(fold);
        if let Some(key) = self.current.get_untracked().filter(|_| !self.hidden_untracked()) {
            self.hold(key);
            // Everything around it changes its width: it goes to the middle, at its height.
            let middle = self.port.get_untracked().w / 2.0;
            self.anchor.update_value(|anchor| *anchor = anchor.map(|(key, _, y)| (key, middle, y)));
        }
        self.fold.set(fold);
    }

    pub(super) fn hidden_untracked(self) -> bool {
        untrack(|| self.hidden())
    }

    /// Chooses a box: the cursor goes to the enter of its first step, or with `run_to` to the exit of it.
    pub(super) fn choose(self, key: u32, run_to: bool) {
        self.walked.set(Some(key));
        if self.compares() {
            self.page.go(DiffMove::To { item: key });
        } else if untrack(|| self.page.charted().is_some()) {
            self.page.select_node(Some(key));
        } else if run_to {
            self.page.command(Command::ToStep { step: key, phase: Phase::Exit });
        } else if self.current.get_untracked() != Some(key) {
            self.page.select_step(key);
        }
    }

    /// Where the arrow keys start: the box walked to, else the cursor's, else the first.
    pub(super) fn standing(self, chart: &Chart) -> Option<u32> {
        let walked = self.walked.get_untracked().filter(|&key| chart.node(key).is_some());
        let current = || self.current.get_untracked().filter(|&key| chart.node(key).is_some());
        walked.or_else(current).or_else(|| chart.view.nodes.iter().find(|node| !is_join(node)).map(|node| node.key))
    }

    /// Walks to the box an arrow leads to, and brings it into sight.
    pub(super) fn walk(self, arrow: Arrow) {
        let Some(chart) = self.chart.get_untracked() else { return };
        let Some(from) = self.standing(&chart) else { return };
        let to = if self.walked.get_untracked().is_none() && self.current.get_untracked() != Some(from) {
            from
        } else {
            walk(&chart, from, arrow).unwrap_or(from)
        };
        self.walked.set(Some(to));
        if let Some(mut area) = chart.area(to) {
            area.h = area.h.min(80.0);
            self.look(|camera, port, _| camera.showing(area, port, 48.0_f64.min(port.h / 6.0)));
        }
    }

    /// How far the run has come with what is entered and left at these moments.
    pub(super) fn passed(self, enter: u32, exit: u32) -> Passed {
        match self.moment.get() {
            _ if enter == NEVER => Passed::Not,
            Some(moment) if moment < enter => Passed::Not,
            Some(moment) if moment < exit => Passed::Entered,
            _ => Passed::Done,
        }
    }

    /// Whether the cursor is at this moment or after it.
    pub(super) fn reached(self, enter: u32) -> bool {
        enter != NEVER && self.moment.get().is_none_or(|moment| moment >= enter)
    }

    /// Whether a run is laid on the chart of a pipeline.
    pub(super) fn laid(self) -> bool {
        self.chart.with(|chart| chart.as_ref().is_some_and(|chart| chart.laid()))
    }

    /// Whether the chart is of two runs.
    pub(super) fn compares(self) -> bool {
        self.page.comparing.pair.with_untracked(Option::is_some)
    }

    /// Whether the chart is of a pipeline.
    pub(super) fn definition(self) -> bool {
        self.page.charted().is_some()
    }
}
