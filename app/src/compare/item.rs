//! The item at which the cursors stand: what it is, why it is a pair, and its values on both sides.

use super::marks::{SignMark, mark_word, word};
use super::numbers::{cost_both, time_both, tokens_both};
use super::pairing::Why;
use super::rules::Aside;
use super::state::Side;
use super::tabs::{Tab, TabRow};
use super::turns::Turns;
use super::value::ValueDiff;
use super::whole::{Whole, WholeDialog};
use crate::engine::Newest;
use crate::state::Page;
use crate::widgets::marks::{KindTag, StatusMark};
use crate::widgets::prose::Prose;
use chaindebug_core::flow::short_name;
use chaindebug_core::protocol::{Answer, DiffItem, DiffRow, DiffSection, Part, Request, Sign};
use leptos::{html, prelude::*, task::spawn_local};

/// The tab of everything that differs; no section is called so.
const ALL: &str = "What differs";
/// Where `tabpanel` and tabs meet.
const PANEL: &str = "diff-item";

/// The item of the cursors, asked for whenever that is another one; the last stays until the next is there.
fn item_of(page: Page) -> Memo<Option<DiffItem>> {
    let comparing = page.comparing;
    let item = RwSignal::new(None::<DiffItem>);
    let at = Memo::new(move |_| {
        let at = comparing.cursor.with(|c| c.as_ref().filter(|c| c.items > 0).map(|c| c.item));
        (comparing.pair.get(), comparing.turn.get(), at)
    });
    let newest = Newest::new();
    Effect::new(move |_| {
        let (Some(pair), turn, Some(number)) = at.get() else {
            item.set(None);
            return;
        };
        // The cursor of the comparison before: its own comes in a moment.
        if turn == 0 || comparing.view.with_untracked(Option::is_none) {
            return;
        }
        let asked = newest.begin();
        spawn_local(async move {
            let answer = page.ask_of(pair.group, Request::DiffItem { item: number }).await;
            if !newest.is(asked) {
                return;
            }
            match answer {
                Ok(Answer::DiffItem(new)) => {
                    let _ = item.try_set(Some(*new));
                }
                Ok(_) => {}
                Err(_) if comparing.progress.get_untracked().is_some() => {}
                Err(failure) => page.tell_failure(&failure),
            }
        });
    });
    Memo::new(move |_| item.get())
}

/// The sections of a tab.
fn shown(item: &DiffItem, tab: &str) -> Vec<DiffSection> {
    let on = |section: &&DiffSection| if tab == ALL { section.sign != Sign::Same } else { section.title == tab };
    item.sections.iter().filter(on).cloned().collect()
}

/// The tab shown: the one picked where the item has it, else what differs, else the first.
fn tab_of(tabs: &[Tab], picked: &str) -> String {
    let tab = tabs.iter().find(|tab| tab.id == picked).or(tabs.first());
    tab.map(|tab| tab.id.clone()).unwrap_or_default()
}

/// The panel.
#[component]
pub(super) fn ItemPanel() -> impl IntoView {
    let page = Page::get();
    let comparing = page.comparing;
    let item = item_of(page);
    let scroller = NodeRef::<html::Div>::new();
    let whole = RwSignal::new(None::<Whole>);
    let tabs = Memo::new(move |_| {
        item.with(|item| {
            let Some(item) = item else { return Vec::new() };
            let differ = item.sections.iter().filter(|section| section.sign != Sign::Same).count();
            let all = (differ > 0).then(|| Tab::plain(ALL, ALL));
            let one = |section: &DiffSection| Tab {
                id: section.title.clone(),
                words: section.title.clone(),
                differs: section.sign != Sign::Same,
            };
            all.into_iter().chain(item.sections.iter().map(one)).collect()
        })
    });
    let tab = Memo::new(move |_| comparing.section.with(|picked| tabs.with(|tabs| tab_of(tabs, picked))));
    let pick = Callback::new(move |id: String| comparing.section.set(if id == ALL { String::new() } else { id }));
    let sections = move || {
        item.with(|item| {
            let item = item.as_ref()?;
            let tab = tab.get();
            let name = short_name(&item.row.name, item.row.kind).to_owned();
            let shown = shown(item, &tab);
            let nothing = shown
                .is_empty()
                .then(|| view! { <p class="nothing">"The file says nothing of what went in and what came out."</p> });
            let sections = shown.into_iter().map(|section| {
                view! { <Section section name=name.clone() scroller whole/> }
            });
            Some(view! { {sections.collect_view()} {nothing} })
        })
    };
    let choice = move |inline: bool, words: &'static str| {
        view! {
            <button type="button" aria-pressed=move || (comparing.inline.get() == inline).to_string() on:click=move |_| comparing.inline.set(inline)>{words}</button>
        }
    };
    let empty = move || comparing.cursor.with(|cursor| cursor.as_ref().is_some_and(|cursor| cursor.items == 0));
    let head = move || item.get().map(|item| view! { <Head item/> });
    view! {
        <div class="diff-item">
            <div class="panel-head">
                <TabRow label="Values of both steps" tabs current=tab pick controls=PANEL/>
                <span class="seg diff-sides" role="group" aria-label="Show both sides">
                    {choice(false, "Side by side")} {choice(true, "Inline")}
                </span>
            </div>
            <div class="diff-item-body" id=PANEL role="tabpanel" aria-label=move || tab.get() tabindex="0" node_ref=scroller>
                {head}
                {sections}
                <Show when=empty><p class="nothing">"There is no step to show: neither run has one."</p></Show>
                <Show when=move || item.with(Option::is_some)><Aside item/></Show>
            </div>
            <WholeDialog whole/>
        </div>
    }
}

/// Where the two steps stand: "step 9 in A, step 9 in B".
fn places(row: &DiffRow) -> String {
    match (row.a, row.b) {
        (Some(a), Some(b)) => format!("step {} in A, step {} in B", a.saturating_add(1), b.saturating_add(1)),
        (Some(a), None) => format!("step {} in A", a.saturating_add(1)),
        (None, Some(b)) => format!("step {} in B", b.saturating_add(1)),
        (None, None) => String::new(),
    }
}

#[component]
fn Head(item: DiffItem) -> impl IntoView {
    let row = item.row.clone();
    let marks = row.marks.iter().map(|mark| view! { <span class="chip">{mark_word(*mark)}</span> }).collect_view();
    let renamed = (!row.name_b.is_empty()).then(|| format!(" → {}", short_name(&row.name_b, row.kind)));
    let alone = Side::alone(row.sign).is_some();
    let fact = |word: &'static str, line: Option<String>, share: String| {
        line.map(|line| {
            let share = (!share.is_empty()).then(|| view! { " " <b>{share}</b> });
            view! { <div><dt>{word}</dt><dd>{line}{share}</dd></div> }
        })
    };
    // What one run does not have is no dash: the sign says so.
    let both = |word: &'static str, both: Option<(String, String)>| {
        let (line, share) = both?;
        let own = line.trim_start_matches("– → ").trim_end_matches(" → –").to_owned();
        fact(word, Some(if alone { own } else { line }), share)
    };
    let model = match (&item.model.a, &item.model.b) {
        (Some(a), Some(b)) if a == b => Some(a.clone()),
        (None, None) => None,
        (a, b) => {
            let word = |side: &Option<String>| side.clone().unwrap_or_else(|| "–".to_owned());
            Some(match Side::alone(row.sign) {
                Some(Side::A) => word(a),
                Some(Side::B) => word(b),
                None => format!("{} → {}", word(a), word(b)),
            })
        }
    };
    let status = match (row.status.a, row.status.b) {
        (Some(a), Some(b)) if a != b => Some(
            view! { <span class="diff-status"><StatusMark status=a word=true/> " → " <StatusMark status=b word=true/></span> }.into_any(),
        ),
        (Some(one), _) | (None, Some(one)) => Some(view! { <StatusMark status=one word=true/> }.into_any()),
        (None, None) => None,
    };
    let facts = (
        fact("model", model, String::new()),
        both("time", time_both(row.time)),
        both("tokens", tokens_both(row.tokens)),
        both("cost", cost_both(row.cost, row.cost_computed)),
    );
    view! {
        <div class="diff-head">
            <h2 class="step-title">
                <KindTag kind=row.kind/>
                <span class="step-name" title=row.name.clone()>{short_name(&row.name, row.kind).to_owned()}{renamed}</span>
                <SignMark sign=row.sign/>
                <span class="diff-places">{places(&row)}</span>
                {status}
                {marks}
            </h2>
            <Why item=item.clone()/>
            {(!row.what.is_empty()).then(|| view! { <p class="diff-what"><Prose text=row.what.clone()/></p> })}
            <dl class="diff-facts">{facts.0}{facts.1}{facts.2}{facts.3}</dl>
        </div>
    }
}

/// One value on both sides.
#[component]
fn Section(
    section: DiffSection,
    name: String,
    scroller: NodeRef<html::Div>,
    whole: RwSignal<Option<Whole>>,
) -> impl IntoView {
    let DiffSection { title, sign, chips, part_a, part_b, note, value, rows, turns, .. } = section;
    let chips = chips.into_iter().map(|chip| view! { <span class="chip">{chip}</span> }).collect_view();
    let open = |letter: &'static str, part: Option<Part>| {
        let (title, name) = (title.clone(), name.clone());
        part.map(|part| {
            let label = format!("{title} of {letter} as it stands");
            let wanted = Whole { part, label: format!("{title} of {letter}"), of: name };
            view! {
                <button type="button" class="small" aria-label=label.clone() title=label on:click=move |_| whole.set(Some(wanted.clone()))>
                    {letter}
                </button>
            }
        })
    };
    let (open_a, open_b) = (open("A", part_a), open("B", part_b));
    let any = open_a.is_some() || open_b.is_some();
    let opener = any.then(|| view! { <span class="diff-whole">"open whole " {open_a} {open_b}</span> });
    let body = if turns.is_empty() {
        value.map(|value| view! { <ValueDiff value rows title=title.clone() scroller/> }.into_any())
    } else {
        Some(view! { <Turns turns/> }.into_any())
    };
    view! {
        <section class="diff-section" data-sign=word(sign) aria-label=title.clone()>
            <h3 class="diff-section-head">
                <b>{title.clone()}</b>
                <SignMark sign/>
                {chips}
                {opener}
            </h3>
            {(!note.is_empty()).then(|| view! { <p class="value-note"><Prose text=note.clone()/></p> })}
            {body}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_comes_first_and_a_picked_tab_stays() {
        let section = |title: &str, sign| DiffSection { title: title.to_owned(), sign, ..DiffSection::default() };
        let item = DiffItem {
            sections: vec![
                section("Input", Sign::Changed),
                section("Output", Sign::Same),
                section("Error", Sign::OnlyB),
            ],
            ..DiffItem::default()
        };
        let titles = |tab: &str| shown(&item, tab).into_iter().map(|section| section.title).collect::<Vec<_>>();
        assert_eq!(titles(ALL), ["Input", "Error"]);
        assert_eq!(titles("Output"), ["Output"]);
        let tabs = [Tab::plain(ALL, ALL), Tab::plain("Input", "Input")];
        assert_eq!(
            (tab_of(&tabs, "Input"), tab_of(&tabs, "Events"), tab_of(&[], "x")),
            ("Input".to_owned(), ALL.to_owned(), String::new())
        );
    }
}
