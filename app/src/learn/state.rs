//! Where somebody stands in a lesson and which first wins are theirs: watched as the page changes, kept by the browser.
//! Where it keeps nothing, it is known for the visit.

use super::facts::Facts;
use super::lessons::{DESK, LESSONS, Lesson, Stop};
use super::wins::{WINS, Watch};
use crate::editor::Desk;
use crate::place::Place;
use crate::state::{Landing, Origin, Page, first_of, read_stored, store};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast as _, closure::Closure};

/// What the browser keeps, and under which name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    /// The lesson that is shown; empty for none.
    pub(super) shown: String,
    /// Ids of stops that were done.
    pub(super) done: Vec<String>,
    /// Ids of stops that were passed over.
    pub(super) skipped: Vec<String>,
    /// Ids of first wins.
    pub(super) wins: Vec<String>,
    /// Whether the wins were put away.
    pub(super) quiet: bool,
}

const KEPT: &str = "learn";

fn has(list: &[String], id: &str) -> bool {
    list.iter().any(|one| one == id)
}

impl Kept {
    fn past(&self, stop: &Stop) -> bool {
        has(&self.done, stop.id) || has(&self.skipped, stop.id)
    }

    /// The first stop of a lesson that was neither done nor passed over.
    pub(super) fn next(&self, lesson: &Lesson) -> Option<usize> {
        lesson.stops.iter().position(|stop| !self.past(stop))
    }

    /// Begins a lesson: where it was left, or anew once it is over.
    pub(super) fn begin(&mut self, lesson: &Lesson) {
        if self.next(lesson).is_none() {
            let of = |id: &String| lesson.stops.iter().any(|stop| stop.id == id);
            self.done.retain(|id| !of(id));
            self.skipped.retain(|id| !of(id));
        }
        lesson.id.clone_into(&mut self.shown);
    }

    /// How a stop is marked in the row of dots.
    pub(super) fn mark(&self, stop: &Stop) -> &'static str {
        match (has(&self.done, stop.id), has(&self.skipped, stop.id)) {
            (true, _) => "done",
            (_, true) => "skipped",
            _ => "open",
        }
    }

    /// How many stops of a lesson were done.
    pub(super) fn count(&self, lesson: &Lesson) -> usize {
        lesson.stops.iter().filter(|stop| has(&self.done, stop.id)).count()
    }

    /// What the page tells: the stop of the lesson shown when it is done now, and new wins. Whether anything came in.
    fn look(&mut self, facts: &Facts, watch: &mut Watch) -> Option<&'static Stop> {
        for win in WINS {
            if !has(&self.wins, win.id) && (win.won)(facts, watch) {
                self.wins.push(win.id.to_owned());
            }
        }
        watch.remember(facts);
        let lesson = LESSONS.into_iter().find(|lesson| lesson.id == self.shown)?;
        let stop = lesson.stops.get(self.next(lesson)?)?;
        let done = stop.sample == facts.sample && (stop.done)(facts);
        done.then(|| self.done.push(stop.id.to_owned()))?;
        Some(stop)
    }
}

/// All of it. `Copy`; one in context, made by the shell.
#[derive(Clone, Copy)]
pub(crate) struct Learn {
    pub(super) page: Page,
    pub(super) desk: Desk,
    pub(super) kept: RwSignal<Kept>,
    /// Id of the sample shown, and whether two runs are compared.
    place: Memo<(String, bool)>,
    /// The stop that was done last in this visit, until the next one is passed.
    pub(super) fresh: RwSignal<Option<&'static str>>,
    /// Whether the strip takes the focus when it comes.
    pub(super) focus: StoredValue<bool>,
    /// Whether the report is open.
    pub(crate) feedback: RwSignal<bool>,
    watch: StoredValue<Watch>,
}

impl Learn {
    /// Makes the one there is, and lets it watch the page. Call it after the desk was made.
    pub(crate) fn provide(page: Page) {
        let kept = read_stored(KEPT).and_then(|text| serde_json::from_str::<Kept>(&text).ok()).unwrap_or_default();
        let facts = Memo::new(move |_| Facts::of(page));
        let learn = Learn {
            page,
            desk: Desk::get(),
            kept: RwSignal::new(kept),
            place: Memo::new(move |_| facts.with(|facts| (facts.sample.clone(), facts.compared))),
            fresh: RwSignal::new(None),
            focus: StoredValue::new(false),
            feedback: RwSignal::new(false),
            watch: StoredValue::new(Watch::default()),
        };
        provide_context(learn);
        Effect::new(move |_| facts.with(|facts| learn.look(facts)));
        learn.watch_reading();
    }

    /// The one there is. Call it while a component is made.
    pub(crate) fn get() -> Learn {
        expect_context::<Learn>()
    }

    /// Whether there are samples to learn on: not in somebody else's page, and not in a file that holds everything.
    pub(crate) fn offered() -> bool {
        Place::here() == Place::Hosted
    }

    /// The lesson that is shown.
    pub(super) fn lesson(self) -> Option<&'static Lesson> {
        self.kept.with(|kept| LESSONS.into_iter().find(|lesson| lesson.id == kept.shown))
    }

    fn look(self, facts: &Facts) {
        let mut kept = self.kept.get_untracked();
        let stop = self.watch.try_update_value(|watch| kept.look(facts, watch)).flatten();
        if let Some(stop) = stop {
            self.fresh.set(Some(stop.seen));
        }
        self.keep(kept);
    }

    /// Changes what is kept.
    pub(super) fn change(self, change: impl FnOnce(&mut Kept)) {
        let mut kept = self.kept.get_untracked();
        change(&mut kept);
        self.keep(kept);
    }

    fn keep(self, kept: Kept) {
        if self.kept.with_untracked(|now| *now != kept) {
            if let Ok(text) = serde_json::to_string(&kept) {
                store(KEPT, &text);
            }
            self.kept.set(kept);
        }
    }

    /// Shows a lesson, from where it was left.
    pub(crate) fn start(self, lesson: &'static Lesson) {
        self.fresh.set(None);
        self.focus.set_value(true);
        self.change(|kept| kept.begin(lesson));
        match untrack(|| self.stop()) {
            // Its scenarios as they came: what somebody made of them stays beside them.
            Some(stop) if stop.sample == DESK => self.page.open_sample(DESK, Landing::default()),
            _ => self.open_sample(),
        }
    }

    /// The words of the button that begins a lesson.
    pub(crate) fn offer(self, lesson: &'static Lesson) -> String {
        let (next, all) = (self.kept.with(|kept| kept.next(lesson)), lesson.stops.len());
        match next {
            Some(0) => lesson.offer.to_owned(),
            Some(at) => format!("{}: go on at {} of {all}", lesson.offer, at + 1),
            None => format!("{}, once more", lesson.offer),
        }
    }

    /// Puts the lesson away; it goes on from there another time.
    pub(super) fn leave(self) {
        self.fresh.set(None);
        self.change(|kept| kept.shown.clear());
    }

    /// The stop that is to be done.
    pub(super) fn stop(self) -> Option<&'static Stop> {
        let lesson = self.lesson()?;
        lesson.stops.get(self.kept.with(|kept| kept.next(lesson))?)
    }

    /// Passes the stop over.
    pub(super) fn skip(self) {
        if let Some(stop) = untrack(|| self.stop()) {
            self.fresh.set(None);
            self.change(|kept| kept.skipped.push(stop.id.to_owned()));
        }
    }

    /// Whether the page shows what a stop is about.
    pub(super) fn is_at(self, stop: &Stop) -> bool {
        self.place.with(|(sample, compared)| sample == stop.sample && (*compared || !stop.pair))
    }

    /// Shows the sample of the stop: the one that is open, else from the gallery.
    pub(super) fn open_sample(self) {
        let Some(stop) = untrack(|| self.stop().filter(|stop| !self.is_at(stop))) else { return };
        let page = self.page;
        let origin = Origin::Sample(stop.sample.to_owned());
        let open = page.groups.with_untracked(|groups| {
            let group = groups.iter().find(|group| group.origin == origin && group.trouble.is_none())?;
            let document = group.documents.first()?;
            Some((group.id, document.document, first_of(document)))
        });
        match open {
            // The pair is laid on each other again.
            Some((group, document, what)) if !stop.pair => page.show(group, document, what),
            _ => page.open_sample(stop.sample, Landing::default()),
        }
    }

    /// A long value was read to its end when its panel was scrolled there. Scrolling does not bubble, so it is listened
    /// to on its way down.
    fn watch_reading(self) {
        let scrolled = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            let Some(panel) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
                return;
            };
            let end = panel.scroll_top() + panel.client_height() + 4 >= panel.scroll_height();
            let long = panel.scroll_height() > 2 * panel.client_height();
            if long && end && panel.class_list().contains("inspector-body") {
                self.watch.update_value(|watch| watch.read = true);
                self.change(|kept| {
                    if !has(&kept.wins, "read") {
                        kept.wins.push("read".to_owned());
                    }
                });
            }
        });
        if let Some(window) = web_sys::window() {
            let listener = scrolled.as_ref().unchecked_ref();
            let _ = window.add_event_listener_with_callback_and_bool("scroll", listener, true);
        }
        // It lives as long as the page.
        scrolled.forget();
    }
}

#[cfg(test)]
mod tests {
    use super::super::lessons::{MEND, TOUR};
    use super::*;
    use crate::state::View;

    #[test]
    fn a_stop_is_ticked_on_its_own_sample_only_and_the_next_one_waits_for_a_change() {
        let (mut kept, mut watch) = (Kept::default(), Watch::default());
        kept.begin(TOUR);
        let at = super::super::facts::At {
            name: String::new(),
            kind: chaindebug_core::model::Kind::Tool,
            phase: chaindebug_core::protocol::Phase::Enter,
            failed: true,
            last: false,
        };
        let mut facts = Facts { at: Some(at), inspector: true, ..Facts::default() };
        assert!(kept.look(&facts, &mut watch).is_none());
        facts.sample = "six-refunds".to_owned();
        // It would do for the second stop too, which was not asked for yet.
        assert_eq!(kept.look(&facts, &mut watch).map(|stop| stop.id), Some("tour-error"));
        assert_eq!((kept.next(TOUR), kept.count(TOUR)), (Some(1), 1));
        facts.view = View::Table;
        assert_eq!(kept.look(&facts, &mut watch).map(|stop| stop.id), Some("tour-input"));
        assert_eq!(kept.next(TOUR), Some(2));
        kept.shown.clear();
        assert!(kept.look(&facts, &mut watch).is_none());
    }

    #[test]
    fn a_lesson_goes_on_where_it_was_left_and_begins_anew_when_it_is_over() {
        let mut kept = Kept::default();
        kept.begin(TOUR);
        kept.skipped.push(TOUR.stops[0].id.to_owned());
        kept.done.push(MEND.stops[0].id.to_owned());
        kept.begin(TOUR);
        assert_eq!(
            (kept.next(TOUR), kept.mark(&TOUR.stops[0]), kept.mark(&TOUR.stops[1])),
            (Some(1), "skipped", "open")
        );
        kept.done.extend(TOUR.stops.iter().map(|stop| stop.id.to_owned()));
        assert_eq!((kept.next(TOUR), kept.count(TOUR)), (None, 7));
        kept.begin(TOUR);
        assert_eq!((kept.next(TOUR), kept.mark(&MEND.stops[0])), (Some(0), "done"));
    }

    #[test]
    fn what_another_version_kept_is_read_as_far_as_it_goes() {
        let kept: Kept = serde_json::from_str(r#"{"done":["tour-error","tour-gone"],"later":1}"#).unwrap();
        assert_eq!((kept.next(TOUR), kept.count(TOUR)), (Some(1), 1));
    }
}
