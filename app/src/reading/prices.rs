//! The dialog of the price table: prices that somebody fills in, and the costs that are worked out by them. None are
//! filled in here: they change, and a wrong price is worse than none.

use super::pick::PickText;
use super::price_rows::{Row, Rows, fresh};
use super::{Asked, Reading};
use crate::engine::Failure;
use crate::shell::dialog::Dialog;
use crate::state::{Page, Tone};
use crate::text::{count, grouped};
use crate::widgets::copy::download;
use crate::widgets::format::cost;
use chaindebug_core::protocol::{Answer, PriceTable, PricedModel, PricesView, Request, Unpriced};
use leptos::{prelude::*, task::spawn_local};

/// The dialog.
#[component]
pub(crate) fn PricesDialog() -> impl IntoView {
    let reading = Reading::get();
    let title = Signal::derive(|| "What the models cost".to_owned());
    view! {
        <Dialog open=reading.is_open(Asked::Prices) on_close=move || reading.close(Asked::Prices) title class="prices-dialog">
            <PricesForm/>
        </Dialog>
    }
}

/// What the form holds.
#[derive(Clone, Copy)]
struct Form {
    page: Page,
    reading: Reading,
    date: RwSignal<String>,
    rows: RwSignal<Vec<Row>>,
    /// The models of the file.
    models: RwSignal<Vec<PricedModel>>,
    wrong: RwSignal<Option<String>>,
}

impl Form {
    /// Takes a table over, with an empty row for each model of the file that it does not name.
    fn take(self, table: &PriceTable) {
        let mut rows: Vec<Row> = table.prices.iter().map(Row::of).collect();
        let models = self.models.get_untracked();
        let missing = models.iter().filter(|model| !model.model.is_empty() && table.find(&model.model).is_none());
        rows.extend(missing.map(|model| fresh(&model.model)));
        self.date.set(table.date.clone());
        self.rows.set(rows);
    }

    /// The table as it is filled in: rows without any price are left out.
    fn table(self) -> Result<PriceTable, String> {
        let rows = self.rows.get_untracked();
        let prices = rows.iter().filter(|row| !row.is_empty()).map(Row::price).collect::<Result<Vec<_>, _>>()?;
        Ok(PriceTable { date: self.date.get_untracked(), prices })
    }

    /// Puts a table in force, or none.
    fn set(self, table: Option<PriceTable>) {
        let Some(subject) = self.page.subject.get_untracked() else { return };
        let (page, reading) = (self.page, self.reading);
        let worked_out = table.is_some();
        spawn_local(async move {
            match reading.price(page, subject.group, table).await {
                Ok(models) => {
                    reading.close(Asked::Prices);
                    if worked_out {
                        let (tone, said) = outcome(&models);
                        page.notify(tone, said);
                    }
                }
                Err(failure) => {
                    self.wrong.try_set(Some(failure.to_string()));
                }
            }
        });
    }
}

impl Reading {
    /// Has the costs of a group worked out by a table, or takes them away: its models.
    async fn price(self, page: Page, group: u32, table: Option<PriceTable>) -> Result<Vec<PricedModel>, Failure> {
        let date = table.as_ref().map(|table| table.date.clone());
        let Answer::Prices(view) = page.ask_of(group, Request::SetPrices { table }).await? else {
            return Ok(Vec::new());
        };
        let PricesView { models, documents, .. } = *view;
        self.priced.update(|all| {
            all.retain(|(of, _)| *of != group);
            all.extend(date.map(|date| (group, date)));
        });
        page.set_documents(group, documents);
        Ok(models)
    }

    /// Whether the costs of a group are worked out by the table the browser keeps.
    pub(crate) fn is_priced(self, group: u32) -> bool {
        let date = self.table.with_untracked(|table| table.date.clone());
        self.priced.with_untracked(|all| all.contains(&(group, date)))
    }

    /// Has the costs of a group worked out again by that table, as before a reload.
    pub(crate) async fn price_again(self, page: Page, group: u32) {
        let table = self.table.get_untracked();
        if let Err(failure) = self.price(page, group, Some(table)).await {
            page.tell_failure(&failure);
        }
    }
}

/// What was worked out, and what was not.
fn outcome(models: &[PricedModel]) -> (Tone, String) {
    let priced: u64 = models.iter().map(|model| u64::from(model.priced)).sum();
    let open: u64 = models.iter().map(|model| u64::from(model.steps)).sum::<u64>().saturating_sub(priced);
    let sum: f64 = models.iter().map(|model| model.cost).sum();
    let mut said = match priced {
        0 => "No cost could be worked out.".to_owned(),
        _ => format!("The cost of {} was worked out: ≈{}.", count(priced, "step"), cost(sum)),
    };
    if open > 0 {
        let why = models.iter().find_map(|model| Some((model.unpriced?, &model.model)));
        let why = why.map(|(why, model)| format!(" {}.", why_not(why, model))).unwrap_or_default();
        said.push_str(&format!(" {} without one.{why}", count(open, "step")));
    }
    (if priced == 0 || open > 0 { Tone::Warning } else { Tone::Info }, said)
}

/// Why steps of a model have no cost.
fn why_not(why: Unpriced, model: &str) -> String {
    let missing = |what: &str| format!("{model} has no price for {what}");
    match why {
        Unpriced::Model => format!("The table has no prices for {model}"),
        Unpriced::Unnamed => "Some steps name no model".to_owned(),
        Unpriced::Unsplit => "The file tells only the total of tokens".to_owned(),
        Unpriced::Input => missing("input"),
        Unpriced::Output => missing("output"),
        Unpriced::Cached => missing("cached input"),
        Unpriced::CacheWrite => missing("input written to a cache"),
    }
}

#[component]
fn PricesForm() -> impl IntoView {
    let (page, reading) = (Page::get(), Reading::get());
    let form = Form {
        page,
        reading,
        date: RwSignal::new(String::new()),
        rows: RwSignal::new(Vec::new()),
        models: RwSignal::new(Vec::new()),
        wrong: RwSignal::new(None),
    };
    let Some(subject) = page.subject.get_untracked() else { return ().into_any() };
    spawn_local(async move {
        if let Ok(Answer::Prices(view)) = page.ask_of(subject.group, Request::Prices).await
            && form.models.try_set(view.models).is_none()
        {
            form.take(&reading.table.get_untracked());
        }
    });
    view! {
        <p class="prices-lead">
            "Where a file states no cost, it is worked out from tokens and the prices you fill in: US dollars for a "
            "million tokens, as your provider lists them. None are filled in for you, because prices change. "
            "A price that is missing is not guessed."
        </p>
        <InFile form/>
        <label class="prices-date">
            <span>"Looked up on"</span>
            <input
                type="date"
                class="field"
                prop:value=form.date
                on:input:target=move |event| form.date.set(event.target().value())
            />
        </label>
        <Rows rows=form.rows/>
        <Show when=move || form.wrong.with(Option::is_some)>
            <p class="map-failed" role="alert">{move || form.wrong.get()}</p>
        </Show>
        <Acts form/>
    }
    .into_any()
}

/// The models of the file, and what is known of each.
#[component]
fn InFile(form: Form) -> impl IntoView {
    let one = |model: PricedModel| {
        let name = if model.model.is_empty() { "no model named".to_owned() } else { model.model.clone() };
        let (input, output) = model.tokens;
        let tokens =
            format!("{} · {} in · {} out", count(u64::from(model.steps), "step"), grouped(input), grouped(output));
        let worked = (model.priced > 0).then(|| format!("≈{}", cost(model.cost)));
        view! { <li><b>{name}</b><span>{tokens}</span><span class="prices-worked">{worked}</span></li> }
    };
    view! {
        <Show when=move || form.models.with(|models| !models.is_empty())>
            <ul class="prices-models" aria-label="Models whose cost the open files do not state">
                {move || form.models.get().into_iter().map(one).collect_view()}
            </ul>
        </Show>
    }
}

#[component]
fn Acts(form: Form) -> impl IntoView {
    let Form { page, reading, .. } = form;
    // A table that makes no sense is told and not used.
    let taken = move || match form.table().and_then(|table| table.check().map(|()| table)) {
        Ok(table) => {
            form.wrong.set(None);
            Some(table)
        }
        Err(wrong) => {
            form.wrong.set(Some(wrong));
            None
        }
    };
    let work = move |_| {
        let Some(table) = taken() else { return };
        if table.prices.is_empty() {
            return form.wrong.set(Some("Fill in at least one price.".to_owned()));
        }
        reading.keep_table(table.clone());
        form.set(Some(table));
    };
    let save = move |_| {
        let Some(table) = taken() else { return };
        let saved = serde_json::to_string_pretty(&table).is_ok_and(|text| download("prices.json", &text));
        if !saved {
            page.notify(Tone::Error, "The browser does not let the page save a file.");
        }
    };
    let loaded = move |text: Result<String, String>| match text.and_then(|text| PriceTable::from_json(&text)) {
        Ok(table) => form.take(&table),
        Err(wrong) => form.wrong.set(Some(wrong)),
    };
    let reset = move |_| {
        form.wrong.set(None);
        reading.keep_table(PriceTable::default());
        form.take(&PriceTable::default());
    };
    view! {
        <div class="acts prices-acts">
            <button type="button" class="primary" on:click=work>"Work out the cost"</button>
            <Show when=move || reading.date(page).is_some()>
                <button type="button" class="edged" on:click=move |_| form.set(None)>"Take it away again"</button>
            </Show>
            <span class="push"></span>
            <PickText label="Load a table…" then=Callback::new(loaded)/>
            <button type="button" class="edged" on:click=save>"Save as a file"</button>
            <button type="button" class="edged" on:click=reset>"Empty the table"</button>
        </div>
        <p class="dim">"The table stays in this browser."</p>
    }
}
