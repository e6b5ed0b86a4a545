//! The dialog: what to look for, or a trace by its id.

use super::list::FoundList;
use super::{Found, OpenFrom, Query, Services};
use crate::engine::Newest;
use crate::shell::dialog::Dialog;
use crate::state::{Landing, Origin, Page};
use leptos::{ev, prelude::*, task::spawn_local};
use std::collections::BTreeSet;

/// How far back, in seconds, and in words.
const RANGES: &[(u32, &str)] =
    &[(900, "15 minutes"), (3_600, "hour"), (21_600, "6 hours"), (86_400, "day"), (604_800, "week")];
const LIMITS: &[u32] = &[20, 50, 100, 200];

/// What the form holds. `Copy`; lives while the dialog is open.
#[derive(Clone, Copy)]
pub(super) struct Form {
    page: Page,
    from: OpenFrom,
    /// Who answers; `None` until it has.
    known: RwSignal<Option<Services>>,
    service: RwSignal<String>,
    seconds: RwSignal<u32>,
    limit: RwSignal<u32>,
    tags: RwSignal<String>,
    errors: RwSignal<bool>,
    id: RwSignal<String>,
    /// What was found; `None` before anything was looked for.
    pub(super) found: RwSignal<Option<Vec<Found>>>,
    /// Ids of those that are to be opened together.
    pub(super) chosen: RwSignal<BTreeSet<String>>,
    /// What is being done, else empty.
    pub(super) busy: RwSignal<&'static str>,
    failed: RwSignal<String>,
    newest: Newest,
}

impl Form {
    fn new(page: Page, from: OpenFrom) -> Form {
        Form {
            page,
            from,
            known: RwSignal::new(None),
            service: RwSignal::new(String::new()),
            seconds: RwSignal::new(3_600),
            limit: RwSignal::new(20),
            tags: RwSignal::new(String::new()),
            errors: RwSignal::new(false),
            id: RwSignal::new(String::new()),
            found: RwSignal::new(None),
            chosen: RwSignal::new(BTreeSet::new()),
            busy: RwSignal::new(""),
            failed: RwSignal::new(String::new()),
            newest: Newest::new(),
        }
    }

    fn kind(self) -> String {
        self.known.with_untracked(|known| known.as_ref().map(|known| known.kind.clone()).unwrap_or_default())
    }

    /// Does one thing after the other: what was begun before has no say any more. The dialog may be closed meanwhile.
    fn run<T: 'static>(
        self,
        busy: &'static str,
        asked: impl Future<Output = Result<T, String>> + 'static,
        then: impl FnOnce(T) + 'static,
    ) {
        let turn = self.newest.begin();
        self.busy.set(busy);
        self.failed.set(String::new());
        spawn_local(async move {
            let answer = asked.await;
            if !self.newest.is(turn) || self.busy.try_set("").is_some() {
                return;
            }
            match answer {
                Ok(answer) => then(answer),
                Err(sentence) => self.failed.set(sentence),
            }
        });
    }

    fn ask_services(self) {
        let from = self.from;
        self.run("Asking which services there are…", async move { from.services().await }, move |known: Services| {
            if let Some(first) = known.services.first().filter(|_| known.kind == "Jaeger") {
                self.service.set(first.clone());
            }
            self.known.set(Some(known));
        });
    }

    fn search(self) {
        let query = Query {
            kind: self.kind(),
            service: self.service.get_untracked(),
            seconds: self.seconds.get_untracked(),
            limit: self.limit.get_untracked(),
            tags: self.tags.get_untracked(),
            errors: self.errors.get_untracked(),
        };
        let (from, page) = (self.from, self.page);
        self.run("Looking for traces…", async move { from.search(page, &query).await }, move |found| {
            self.chosen.set(BTreeSet::new());
            self.found.set(Some(found));
        });
    }

    /// Fetches traces, each as a file with a name, and opens them together.
    pub(super) fn fetch(self, chosen: Vec<(String, String)>) {
        let (from, page, kind) = (self.from, self.page, self.kind());
        let fetched = async move {
            let mut inputs = Vec::new();
            for (id, name) in chosen {
                inputs.push(from.trace(&kind, &id, &name).await?);
            }
            Ok(inputs)
        };
        self.run("Fetching…", fetched, move |inputs| {
            from.open.set(false);
            page.open_files(inputs, Origin::Local, Landing::default());
        });
    }
}

/// The dialog. Stands once in the page.
#[component]
pub(crate) fn OpenFromDialog() -> impl IntoView {
    let from = OpenFrom::get();
    view! {
        <Dialog open=from.open on_close=move || from.open.set(false) title="Open from Jaeger or Tempo" class="dialog-wide from-dialog">
            <FromForm/>
        </Dialog>
    }
}

#[component]
fn FromForm() -> impl IntoView {
    let form = Form::new(Page::get(), OpenFrom::get());
    form.ask_services();
    let place = form.from.address.get_value();
    let place = if place.contains("://") { place } else { "the address this page's server was given".to_owned() };
    let lead = move || match form.known.get() {
        Some(known) => format!("{} at {place}. It is asked when you press a button here, and never else.", known.kind),
        None => format!("At {place}."),
    };
    view! {
        <p class="from-lead">{lead}</p>
        <Show when=move || form.known.with(Option::is_some)>
            <SearchForm form/>
            <ById form/>
        </Show>
        <p class="from-busy dim" role="status">{move || form.busy.get()}</p>
        <Show when=move || form.failed.with(|text| !text.is_empty())>
            <p class="from-failed" role="alert">{move || form.failed.get()}</p>
            <Show when=move || form.known.with(Option::is_none)>
                <button class="edged" on:click=move |_| form.ask_services()>"Try again"</button>
            </Show>
        </Show>
        <FoundList form/>
    }
}

#[component]
fn SearchForm(form: Form) -> impl IntoView {
    let tempo = form.kind() == "Tempo";
    let services = form.known.with_untracked(|known| known.as_ref().map(|k| k.services.clone()).unwrap_or_default());
    let none = services.is_empty();
    let services = services
        .into_iter()
        .map(|name| view! { <option value=name.clone() selected=form.service.with_untracked(|s| *s == name)>{name.clone()}</option> })
        .collect_view();
    let ranges = RANGES.iter().map(|(seconds, words)| {
        view! { <option value=seconds.to_string() selected=form.seconds.get_untracked() == *seconds>{format!("last {words}")}</option> }
    });
    let limits = LIMITS.iter().map(|limit| view! { <option value=limit.to_string()>{limit.to_string()}</option> });
    let number = |event: &ev::Event| event_target_value(event).parse::<u32>().unwrap_or_default();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        form.search();
    };
    view! {
        <form class="from-search" on:submit=submit>
            <label><span>"Service"</span>
                <select class="field" on:change=move |event| form.service.set(event_target_value(&event))>
                    {tempo.then(|| view! { <option value="">"any"</option> })}
                    {services}
                </select>
            </label>
            <label><span>"Time"</span>
                <select class="field" on:change=move |event| form.seconds.set(number(&event))>{ranges.collect_view()}</select>
            </label>
            <label><span>"At most"</span>
                <select class="field" on:change=move |event| form.limit.set(number(&event))>{limits.collect_view()}</select>
            </label>
            <label class="from-tags"><span>"Tags"</span>
                <input
                    class="field"
                    type="text"
                    spellcheck="false"
                    placeholder="http.status_code=500 user=\"A B\""
                    on:input=move |event| form.tags.set(event_target_value(&event))
                />
            </label>
            <label class="from-errors">
                <input type="checkbox" on:change=move |event| form.errors.set(event_target_checked(&event))/>
                <span>"Only with errors"</span>
            </label>
            <button class="primary" type="submit" disabled=move || !form.busy.with(|busy| busy.is_empty())>"Find traces"</button>
        </form>
        {none.then(|| view! { <p class="dim">"It knows no services yet: nothing has been sent to it."</p> })}
    }
}

#[component]
fn ById(form: Form) -> impl IntoView {
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let id = form.id.get_untracked();
        form.fetch(vec![(id, String::new())]);
    };
    view! {
        <form class="from-id" on:submit=submit>
            <label><span>"Or a trace by its id"</span>
                <input class="field" type="text" spellcheck="false" autocomplete="off" on:input=move |event| form.id.set(event_target_value(&event))/>
            </label>
            <button class="edged" type="submit" disabled=move || form.id.with(|id| id.trim().is_empty())>"Open"</button>
        </form>
    }
}
