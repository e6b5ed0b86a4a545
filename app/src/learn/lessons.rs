//! The lessons: stops with their texts and the conditions under which they are done. Data; what a condition may look at is
//! in `facts`.
//!
//! In texts, what stands between backticks is a key or a word of the page. Ids are kept by browsers and named by the style
//! sheet, which points at the place.

use super::acts;
use super::facts::Facts;
use crate::editor::Desk;
use crate::state::{Page, View};
use chaindebug_core::model::Kind;
use chaindebug_core::protocol::{Phase, RunEnd};

/// One thing to do.
pub(crate) struct Stop {
    /// Its id.
    pub(super) id: &'static str,
    /// The sample it is done on.
    pub(super) sample: &'static str,
    /// Whether that has to be shown as a comparison.
    pub(super) pair: bool,
    /// In two or three words.
    pub(super) title: &'static str,
    /// What to do.
    pub(super) task: &'static str,
    /// What else there is to do where the page is narrow and shows one panel at a time.
    pub(super) narrow: &'static str,
    /// What there was to see, once it is done.
    pub(super) seen: &'static str,
    /// Whether it is done, of a page that shows the sample.
    pub(super) done: fn(&Facts) -> bool,
    /// Does it.
    pub(super) act: fn(Page, Desk),
}

/// Some stops in their order.
pub(crate) struct Lesson {
    /// Its id.
    pub(super) id: &'static str,
    /// What it is called.
    pub(super) title: &'static str,
    /// The words on the button that begins it.
    pub(super) offer: &'static str,
    /// The stops.
    pub(super) stops: &'static [Stop],
    /// What is said at the end.
    pub(super) end: &'static str,
}

impl PartialEq for Lesson {
    fn eq(&self, other: &Lesson) -> bool {
        self.id == other.id
    }
}

const REFUNDS: &str = "six-refunds";
const PAIR: &str = "no-longer-covered";
/// The pipeline of the last stop and of the second lesson.
pub(super) const DESK: &str = "break-and-mend";

/// What the tour searches for.
pub(super) const WANTED: &str = "supervisor_id";
/// The scenario whose mock is changed.
pub(super) const KNOWN: &str = "known: answered";
/// The one that comes by another edge.
pub(super) const UNKNOWN: &str = "not known: a person answers";

/// The tour: less than five minutes.
pub(crate) const TOUR: &Lesson = &Lesson {
    id: "tour",
    title: "Tour",
    offer: "Take the tour, 4 minutes",
    end: "That was the tour. Now drop a run of your own, or break a pipeline and mend it.",
    stops: &[
        Stop {
            id: "tour-error",
            sample: REFUNDS,
            pair: false,
            title: "Find what failed",
            task: "An agent tried to refund a lamp and told the customer that it did. Press `e`: the cursor goes to the first error.",
            narrow: "",
            seen: "A refund above 100 euros needs a supervisor id.",
            done: |facts| facts.at.as_ref().is_some_and(|at| at.failed),
            act: acts::to_the_error,
        },
        Stop {
            id: "tour-input",
            sample: REFUNDS,
            pair: false,
            title: "Read what went in",
            task: "Press `Shift v`: back over the call, to where it began. The inspector shows what it was given.",
            narrow: "Where it is out of sight, it has a tab.",
            seen: "An order and an amount, and no supervisor id.",
            done: |facts| facts.inspector && facts.at.as_ref().is_some_and(|at| at.failed && at.phase == Phase::Enter),
            act: acts::to_its_input,
        },
        Stop {
            id: "tour-cause",
            sample: REFUNDS,
            pair: false,
            title: "Go to who asked for it",
            task: "Press `b`: one moment back. The step before is the model call that asked for this refund.",
            narrow: "",
            seen: "The model asked for it. The tool it was offered has no place for such an id.",
            done: |facts| facts.at.as_ref().is_some_and(|at| at.kind == Kind::Llm && at.phase == Phase::Exit),
            act: acts::to_the_cause,
        },
        Stop {
            id: "tour-search",
            sample: REFUNDS,
            pair: false,
            title: "Search for a value",
            task: "Did anybody know of the rule? Press `/`, type `supervisor_id`, and press `Enter` to go to the first hit.",
            narrow: "",
            seen: "The rule stood in what an earlier step had read.",
            done: |facts| facts.hit && facts.search == WANTED,
            act: acts::search,
        },
        Stop {
            id: "tour-chat",
            sample: REFUNDS,
            pair: false,
            title: "Read it as a conversation",
            task: "`Esc` leaves the search. Press `3` for the chat, and `End` for what was said last.",
            narrow: "",
            seen: "No refund was made, and the customer reads that it has started.",
            done: |facts| facts.view == View::Chat && facts.at.as_ref().is_some_and(|at| at.last),
            act: acts::to_the_last_words,
        },
        Stop {
            id: "tour-compare",
            sample: PAIR,
            pair: true,
            title: "Compare two runs",
            task: "One question on two days, both runs laid on each other. They part where the cursor stands. Press `d`: the next difference.",
            narrow: "",
            seen: "A template went from v7 to v8, and all that differs follows from it.",
            done: |facts| facts.difference > 1,
            act: acts::to_the_next_difference,
        },
        Stop {
            id: "tour-mock",
            sample: DESK,
            pair: false,
            title: "Change what a step returns",
            task: "A pipeline with values in place of its code. Open the step `sort` and make `known` false.",
            narrow: "It is in the tab `Scenario`.",
            seen: "No code ran. The engine's rules took the other edge at once.",
            done: |facts| facts.scenario == KNOWN && facts.entered.iter().any(|step| step == "hand_over"),
            act: acts::change_a_mock,
        },
    ],
};

/// The pipeline to break and to mend.
pub(crate) const MEND: &Lesson = &Lesson {
    id: "mend",
    title: "Break and mend",
    offer: "Break a pipeline and mend it",
    end: "Mended. Findings, fixes and dry runs work the same in a pipeline of your own.",
    stops: &[
        Stop {
            id: "mend-break",
            sample: DESK,
            pair: false,
            title: "Break an edge",
            task: "In the text, make `==` of the first `equals`, as one easily writes.",
            narrow: "It is in the tab `Text`.",
            seen: "A finding says so while you type. No edge is true, so the run ends at `sort` and reports a success.",
            done: |facts| facts.wrong.is_some_and(|wrong| wrong > 0) && facts.end == Some(RunEnd::DeadEnd),
            act: acts::break_an_edge,
        },
        Stop {
            id: "mend-other",
            sample: DESK,
            pair: false,
            title: "Try the other scenario",
            task: "The run is no longer as expected. At the left, choose the scenario `not known: a person answers`.",
            narrow: "It is in the tab `Scenario`.",
            seen: "That one still passes: it never comes by the broken edge. Coverage tells what is never tried.",
            done: |facts| {
                facts.wrong.is_some_and(|wrong| wrong > 0) && facts.scenario == UNKNOWN && facts.end.is_some()
            },
            act: acts::choose_the_other,
        },
        Stop {
            id: "mend-fix",
            sample: DESK,
            pair: false,
            title: "Take the fix",
            task: "The finding offers one: press `Use equals` beside it, or `Ctrl .` on it.",
            narrow: "It is in the tab `Findings`.",
            seen: "The edge is taken again.",
            done: |facts| facts.wrong == Some(0) && facts.end == Some(RunEnd::Completed),
            act: acts::take_the_fix,
        },
    ],
};

/// All of them.
pub(super) const LESSONS: [&Lesson; 2] = [TOUR, MEND];

#[cfg(test)]
mod tests {
    use super::super::facts::At;
    use super::*;
    use chaindebug_core::model::Status;

    fn at(kind: Kind, phase: Phase, failed: bool) -> Facts {
        let at = Some(At { name: "sort".to_owned(), kind, phase, failed, last: false });
        Facts { at, inspector: true, ..Facts::default() }
    }

    fn done(id: &str) -> fn(&Facts) -> bool {
        LESSONS.iter().flat_map(|lesson| lesson.stops).find(|stop| stop.id == id).map(|stop| stop.done).unwrap()
    }

    #[test]
    fn nothing_is_done_on_a_page_that_was_just_opened() {
        for stop in LESSONS.iter().flat_map(|lesson| lesson.stops) {
            assert!(!(stop.done)(&Facts::default()), "{}", stop.id);
            assert!(!(stop.done)(&at(Kind::Agent, Phase::Enter, false)), "{}", stop.id);
        }
    }

    #[test]
    fn stops_of_the_cursor_want_the_very_moment() {
        assert!(done("tour-error")(&at(Kind::Tool, Phase::Exit, true)));
        assert!(!done("tour-input")(&at(Kind::Tool, Phase::Exit, true)));
        assert!(done("tour-input")(&at(Kind::Tool, Phase::Enter, true)));
        assert!(!done("tour-input")(&Facts { inspector: false, ..at(Kind::Tool, Phase::Enter, true) }));
        assert!(!done("tour-cause")(&at(Kind::Tool, Phase::Enter, true)));
        assert!(done("tour-cause")(&at(Kind::Llm, Phase::Exit, false)));
    }

    #[test]
    fn looking_for_something_else_or_not_going_there_is_no_search() {
        let found = Facts { search: WANTED.to_owned(), hit: true, ..Facts::default() };
        assert!(done("tour-search")(&found));
        assert!(!done("tour-search")(&Facts { hit: false, ..found.clone() }));
        assert!(!done("tour-search")(&Facts { search: "lamp".to_owned(), ..found }));
    }

    #[test]
    fn the_chat_counts_at_its_end_and_a_difference_after_the_first() {
        let mut chat = Facts { view: View::Chat, ..at(Kind::Agent, Phase::Exit, false) };
        assert!(!done("tour-chat")(&chat));
        chat.at.as_mut().unwrap().last = true;
        assert!(done("tour-chat")(&chat));
        assert!(!done("tour-compare")(&Facts { difference: 1, ..Facts::default() }));
        assert!(done("tour-compare")(&Facts { difference: 2, ..Facts::default() }));
    }

    #[test]
    fn another_scenario_is_no_changed_mock() {
        let run = |scenario: &str, step: &str| Facts {
            scenario: scenario.to_owned(),
            entered: vec!["sort".to_owned(), step.to_owned()],
            ..Facts::default()
        };
        assert!(done("tour-mock")(&run(KNOWN, "hand_over")));
        assert!(!done("tour-mock")(&run(KNOWN, "answer")));
        assert!(!done("tour-mock")(&run(UNKNOWN, "hand_over")));
    }

    #[test]
    fn broken_means_a_finding_and_a_dead_end_and_mended_means_neither() {
        let broken = Facts { wrong: Some(1), end: Some(RunEnd::DeadEnd), ..at(Kind::Task, Phase::Exit, false) };
        assert!(done("mend-break")(&broken) && !done("mend-other")(&broken) && !done("mend-fix")(&broken));
        assert!(!done("mend-break")(&Facts { end: Some(RunEnd::Completed), ..broken.clone() }));
        assert!(done("mend-other")(&Facts { scenario: UNKNOWN.to_owned(), ..broken.clone() }));
        assert!(done("mend-fix")(&Facts { wrong: Some(0), end: Some(RunEnd::Completed), ..broken }));
    }

    #[test]
    fn the_samples_are_as_the_tour_tells_them() {
        use chaindebug_core::protocol::{Answer, Command, Request};
        use chaindebug_core::{session::Session, source::Memory};
        let mut session = Session::new();
        let text = include_bytes!("../../../playground-samples/six-refunds.otlp.jsonl");
        let mut opening = session.open("six-refunds", Box::new(Memory(text.to_vec())), None);
        while session.advance(&mut opening, 64).document.is_none() {}
        let mut go = |command| match session.answer(Request::Move { run: 0, command }) {
            Answer::Cursor(cursor) => cursor,
            other => panic!("{other:?}"),
        };
        let (error, input, cause) = (go(Command::NextError), go(Command::OverBack), go(Command::Back));
        assert_eq!((error.kind, error.phase, error.status), (Kind::Tool, Phase::Exit, Status::Error));
        assert_eq!((input.step, input.phase), (error.step, Phase::Enter));
        assert_eq!((cause.kind, cause.phase), (Kind::Llm, Phase::Exit));
        let last = go(Command::Last);
        assert_eq!(last.moment + 1, last.moments);
        let Answer::Search(found) = session.answer(Request::Search { text: WANTED.to_owned(), from: None, limit: 9 })
        else {
            unreachable!("search")
        };
        assert!(found.hits.first().is_some_and(|hit| hit.step < error.step), "somebody knew before");
    }
}
