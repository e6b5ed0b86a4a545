//! First wins: a short list that ticks itself off. It stands on the empty page and in the help menu, and can be put away.

use super::facts::Facts;
use super::state::Learn;
use crate::widgets::icons::{Icon, icon};
use chaindebug_core::protocol::RunEnd;
use leptos::prelude::*;

/// What the wins remember of the page before.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Watch {
    /// A pipeline that had something wrong with it, and the revision of its text then.
    broken: Option<((u32, u32), u32)>,
    /// Whether a long value was read to its end.
    pub(super) read: bool,
}

impl Watch {
    pub(super) fn remember(&mut self, facts: &Facts) {
        let wrong = facts.wrong.is_some_and(|wrong| wrong > 0);
        if let Some(bench) = facts.bench.filter(|_| wrong) {
            self.broken = Some((bench, facts.revision));
        }
    }

    fn mended(&self, facts: &Facts) -> bool {
        let well = facts.wrong == Some(0) && facts.end.is_some_and(|end| end != RunEnd::DeadEnd);
        let changed = |(bench, revision)| facts.bench == Some(bench) && facts.revision != revision;
        well && self.broken.is_some_and(changed)
    }
}

/// One of them.
pub(super) struct Win {
    pub(super) id: &'static str,
    words: &'static str,
    pub(super) won: fn(&Facts, &Watch) -> bool,
}

/// All of them, in the order in which they are likely.
pub(super) const WINS: &[Win] = &[
    Win { id: "own", words: "Open a file of your own", won: |facts, _| facts.own },
    Win { id: "failed", words: "Find what failed", won: |facts, _| facts.at.as_ref().is_some_and(|at| at.failed) },
    Win { id: "read", words: "Read a value to its end", won: |_, watch| watch.read },
    Win { id: "compared", words: "Compare two runs", won: |facts, _| facts.compared },
    Win { id: "mock", words: "Change a mock", won: |facts, _| facts.changed && facts.end.is_some() },
    Win { id: "mended", words: "Mend a pipeline", won: |facts, watch| watch.mended(facts) },
    Win { id: "handed", words: "Hand a run on", won: |facts, _| facts.handed },
];

/// `2 of 7`.
fn score(learn: Learn) -> String {
    let won = learn.kept.with(|kept| WINS.iter().filter(|win| kept.wins.iter().any(|id| id == win.id)).count());
    format!("{won} of {}", WINS.len())
}

/// The list itself.
#[component]
pub(crate) fn WinList() -> impl IntoView {
    let learn = Learn::get();
    let lines = WINS.iter().map(|win| {
        let won = Memo::new(move |_| learn.kept.with(|kept| kept.wins.iter().any(|id| id == win.id)));
        view! {
            <li class:won=won>
                <span class="win-mark">{move || won.get().then(|| icon(Icon::Check))}</span>
                <span>{win.words}<span class="spoken">{move || if won.get() { ", done" } else { ", not yet" }}</span></span>
            </li>
        }
    });
    view! {
        <p class="wins-head"><b>"First wins"</b><span class="dim">{move || score(learn)}</span></p>
        <ul class="wins-list">{lines.collect_view()}</ul>
    }
}

/// The list on the empty page, until somebody puts it away or all is won.
#[component]
pub(crate) fn Wins() -> impl IntoView {
    let learn = Learn::get();
    let there = move || learn.kept.with(|kept| !kept.quiet && kept.wins.len() < WINS.len());
    view! {
        <Show when=there>
            <section class="wins" aria-label="First wins">
                <WinList/>
                <button class="subtle" title="They stay in the help menu" on:click=move |_| learn.change(|kept| kept.quiet = true)>"Hide"</button>
            </section>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn won(id: &str, facts: &Facts, watch: &Watch) -> bool {
        let win = WINS.iter().find(|win| win.id == id).unwrap();
        (win.won)(facts, watch)
    }

    #[test]
    fn nothing_is_won_by_coming() {
        let (facts, watch) = (Facts::default(), Watch::default());
        assert!(WINS.iter().all(|win| !(win.won)(&facts, &watch)));
    }

    #[test]
    fn a_sound_pipeline_was_not_mended_and_a_broken_one_is_once_its_text_changed() {
        let facts = |wrong: usize, end: RunEnd, revision: u32| Facts {
            bench: Some((1, 0)),
            wrong: Some(wrong),
            end: Some(end),
            revision,
            ..Facts::default()
        };
        let mut watch = Watch::default();
        watch.remember(&facts(0, RunEnd::Completed, 1));
        assert!(!won("mended", &facts(0, RunEnd::Completed, 2), &watch));
        watch.remember(&facts(2, RunEnd::DeadEnd, 3));
        assert!(!won("mended", &facts(0, RunEnd::DeadEnd, 4), &watch));
        assert!(!won("mended", &facts(1, RunEnd::Completed, 4), &watch));
        assert!(!won("mended", &facts(0, RunEnd::Completed, 3), &watch));
        assert!(won("mended", &facts(0, RunEnd::Completed, 4), &watch));
        let other = Facts { bench: Some((2, 0)), ..facts(0, RunEnd::Completed, 4) };
        assert!(!won("mended", &other, &watch));
    }

    #[test]
    fn scenarios_as_they_came_are_not_ones_own() {
        let run = Facts { end: Some(RunEnd::Completed), ..Facts::default() };
        assert!(!won("mock", &run, &Watch::default()));
        assert!(won("mock", &Facts { changed: true, ..run }, &Watch::default()));
    }
}
