//! How a file is read, and what its steps cost, when somebody says: the verdict and other formats, mappings of fields,
//! price tables. What a mapping or a price makes of a file is the engine's to say.

mod fields;
mod mapping;
mod pick;
mod price_rows;
mod prices;
mod refused;
mod verdict;

pub(crate) use mapping::MappingDialog;
pub(crate) use prices::PricesDialog;
pub(crate) use refused::MapRefused;
pub(crate) use verdict::VerdictDialog;

use crate::state::{Page, read_stored, store};
use chaindebug_core::protocol::{Mapping, PriceTable};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

/// Which of its dialogs is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// What a file was recognised as.
    Verdict,
    /// What its fields are.
    Mapping,
    /// What its models cost.
    Prices,
}

/// What is kept of it, and what is asked.
#[derive(Clone, Copy)]
pub(crate) struct Reading {
    /// The dialog that is open.
    pub(crate) asked: RwSignal<Option<Asked>>,
    /// Mappings by name, as the browser keeps them.
    pub(crate) mappings: RwSignal<Vec<Mapping>>,
    /// The price table, as the browser keeps it.
    pub(crate) table: RwSignal<PriceTable>,
    /// Groups whose costs are worked out, with the date of the prices.
    pub(crate) priced: RwSignal<Vec<(u32, String)>>,
    /// Group and document that are read as somebody said.
    said: RwSignal<Vec<((u32, u32), Said)>>,
}

/// As what somebody said a file is to be read.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Said {
    format: Option<String>,
    mapping: Option<Mapping>,
}

const MAPPINGS: &str = "mappings";
const PRICES: &str = "prices";

fn stored<T: serde::de::DeserializeOwned + Default>(key: &str) -> T {
    read_stored(key).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

impl Reading {
    /// Makes the one there is, for the page.
    pub(crate) fn new() -> Reading {
        Reading {
            asked: RwSignal::new(None),
            mappings: RwSignal::new(stored(MAPPINGS)),
            table: RwSignal::new(stored(PRICES)),
            priced: RwSignal::new(Vec::new()),
            said: RwSignal::new(Vec::new()),
        }
    }

    /// From context. Call it while a component is made, not in a callback.
    pub(crate) fn get() -> Reading {
        Page::get().reading
    }

    /// Opens a dialog.
    pub(crate) fn ask(self, what: Asked) {
        self.asked.set(Some(what));
    }

    fn is_open(self, what: Asked) -> Signal<bool> {
        Signal::derive(move || self.asked.get() == Some(what))
    }

    fn close(self, what: Asked) {
        if self.asked.get_untracked() == Some(what) {
            self.asked.set(None);
        }
    }

    /// Keeps a mapping under its name; whether the browser let us.
    fn keep_mapping(self, mapping: &Mapping) -> bool {
        self.mappings.update(|all| {
            all.retain(|one| one.name != mapping.name);
            all.insert(0, mapping.clone());
        });
        self.store_mappings()
    }

    fn forget_mapping(self, name: &str) {
        self.mappings.update(|all| all.retain(|one| one.name != name));
        self.store_mappings();
    }

    fn store_mappings(self) -> bool {
        self.mappings.with_untracked(serde_json::to_string).is_ok_and(|text| store(MAPPINGS, &text))
    }

    fn keep_table(self, table: PriceTable) {
        if let Ok(text) = serde_json::to_string(&table) {
            store(PRICES, &text);
        }
        self.table.set(table);
    }

    /// The mapping that the document shown is read by.
    fn mapping_of(self, page: Page) -> Option<Mapping> {
        let subject = page.subject.get_untracked()?;
        let key = (subject.group, subject.document);
        self.said_of(key).and_then(|said| said.mapping)
    }

    fn said_of(self, key: (u32, u32)) -> Option<Said> {
        self.said.with_untracked(|all| all.iter().find(|(of, _)| *of == key).map(|(_, said)| said.clone()))
    }

    /// What was said of the documents of a group, each with its document.
    pub(crate) fn said_in(self, group: u32) -> Vec<(u32, Said)> {
        let of_group = |(of, said): &((u32, u32), Said)| (of.0 == group).then(|| (of.1, said.clone()));
        self.said.with_untracked(|all| all.iter().filter_map(of_group).collect())
    }

    /// A document was opened once more in another engine: what was said of it holds there too.
    pub(crate) async fn say_again(self, page: Page, from: (u32, u32), to: (u32, u32)) {
        if let Some(said) = self.said_of(from) {
            self.say(page, to, said).await;
        }
    }

    /// Has a document read as it is said. Where that is cancelled, what was said before holds.
    pub(crate) async fn say(self, page: Page, of: (u32, u32), said: Said) {
        if !page.read_anew(of, said.format.as_deref(), said.mapping.as_ref()).await {
            return;
        }
        self.said.update(|all| {
            all.retain(|(other, _)| *other != of);
            if said.format.is_some() || said.mapping.is_some() {
                all.push((of, said));
            }
        });
    }

    /// Reads the document shown anew: as a format, by a mapping, or as its content says.
    fn read_as(self, page: Page, format: Option<String>, mapping: Option<Mapping>) {
        let Some(subject) = page.subject.get_untracked() else { return };
        self.asked.set(None);
        spawn_local(self.say(page, (subject.group, subject.document), Said { format, mapping }));
    }

    /// The date of the prices by which costs of the group shown are worked out; empty when it has none.
    pub(crate) fn date(self, page: Page) -> Option<String> {
        let group = page.subject.get()?.group;
        self.priced.with(|all| all.iter().find(|(of, _)| *of == group).map(|(_, date)| date.clone()))
    }

    /// What the mark at a cost means.
    pub(crate) fn mark_title(self, page: Page) -> String {
        match self.date(page).filter(|date| !date.is_empty()) {
            Some(date) => format!("worked out from your price table of {date}; the file states no cost"),
            None => "worked out from your price table; the file states no cost".to_owned(),
        }
    }
}
