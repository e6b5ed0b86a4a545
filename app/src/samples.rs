//! The sample gallery: its list, read once at load, and opening one. A sample's files are fetched when it is chosen,
//! from beside the page.

use crate::address::{Laid, Target};
use crate::engine::Input;
use crate::place::Place;
use crate::state::{Landing, Origin, Page, Tone};
use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Response, Url};

/// What is known of the gallery.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Gallery {
    /// The list is on its way.
    Loading,
    /// The samples.
    Ready(Vec<Sample>),
    /// Why there is none.
    Missing(String),
}

/// One sample, as `playground-samples/manifest.json` describes it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Sample {
    /// Its id in the address.
    pub(crate) id: String,
    /// Title of the card.
    pub(crate) title: String,
    /// One or two sentences.
    pub(crate) story: String,
    /// Format, for people.
    pub(crate) format: String,
    /// Steps, one number for each run; `None` where there are none to count.
    #[serde(default)]
    steps: Option<Steps>,
    /// What is special about it.
    #[serde(default)]
    pub(crate) badge: Option<Badge>,
    /// Files, relative to the folder of the list.
    pub(crate) files: Vec<String>,
    /// Whether it opens as a comparison: a run of the second file laid on one of the first.
    #[serde(default)]
    compare: bool,
    /// Which drawing the card has.
    #[serde(default)]
    pub(crate) sketch: String,
    /// What to look at first.
    #[serde(default)]
    pub(crate) look_at: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Steps {
    One(u32),
    Several(Vec<u32>),
}

impl Sample {
    /// `9 steps`, `14 / 15 steps`.
    pub(crate) fn steps(&self) -> Option<String> {
        match self.steps.as_ref()? {
            Steps::One(n) => Some(crate::text::count(u64::from(*n), "step")),
            Steps::Several(all) => {
                let all: Vec<_> = all.iter().map(u32::to_string).collect();
                Some(format!("{} steps", all.join(" / ")))
            }
        }
    }
}

/// The mark at the corner of a card.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Badge {
    /// Words.
    pub(crate) text: String,
    /// `info`, `ok`, `warn` or `error`.
    #[serde(default)]
    pub(crate) tone: String,
    /// A sign before the words.
    #[serde(default)]
    pub(crate) mark: String,
}

#[derive(Deserialize)]
struct Manifest {
    version: u32,
    samples: Vec<Sample>,
}

const FOLDER: &str = "samples/";

fn said(error: &JsValue) -> String {
    error.as_string().unwrap_or_else(|| String::from(js_sys::Object::from(error.clone()).to_string()))
}

/// The address of something beside the page, whatever path the page lies under.
pub(crate) fn beside(path: &str) -> Result<Url, String> {
    let base = web_sys::window().and_then(|w| w.document()).and_then(|d| d.base_uri().ok().flatten());
    Url::new_with_base(path, &base.unwrap_or_default()).map_err(|e| said(&e))
}

async fn fetch(url: &Url) -> Result<Response, String> {
    let window = web_sys::window().ok_or("there is no window")?;
    let response = JsFuture::from(window.fetch_with_str(&url.href())).await.map_err(|e| said(&e))?;
    let response: Response = response.dyn_into().map_err(|e| said(&e))?;
    if response.ok() { Ok(response) } else { Err(format!("the server answered {}", response.status())) }
}

pub(crate) async fn blob(url: &Url) -> Result<Blob, String> {
    let read = fetch(url).await?.blob().map_err(|e| said(&e))?;
    JsFuture::from(read).await.map_err(|e| said(&e))?.dyn_into().map_err(|e| said(&e))
}

async fn manifest() -> Result<Vec<Sample>, String> {
    if Place::here() == Place::File {
        return Err("this page is one file, and they are not in it".to_owned());
    }
    let url = beside(&format!("{FOLDER}manifest.json"))?;
    let read = fetch(&url).await?.text().map_err(|e| said(&e))?;
    let text = JsFuture::from(read).await.map_err(|e| said(&e))?.as_string().unwrap_or_default();
    let manifest: Manifest = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    if manifest.version == 1 {
        Ok(manifest.samples)
    } else {
        Err(format!("its list is of version {}, and this page reads version 1", manifest.version))
    }
}

impl Page {
    /// Reads the gallery's list. Call it once, in the shell.
    pub(crate) fn load_gallery(self) {
        let listed = wasm_bindgen_futures::future_to_promise(async move {
            self.gallery.set(match manifest().await {
                Ok(samples) => Gallery::Ready(samples),
                Err(error) => Gallery::Missing(error),
            });
            Ok(JsValue::UNDEFINED)
        });
        self.listing.set_value(Some(listed));
    }

    /// Fetches and opens a sample by its id. A pair opens as a comparison, unless the landing says a run.
    pub(crate) fn open_sample(self, id: &str, mut landing: Landing) {
        let id = id.to_owned();
        spawn_local(async move {
            match self.fetch_sample(&id).await {
                Ok((sample, inputs)) => {
                    if sample.compare && landing.run.is_none() && landing.laid.is_none() {
                        landing.laid = Some(Laid { first: true, ..Laid::default() });
                    }
                    self.open_files(inputs, Origin::Sample(sample.id), landing);
                }
                Err(error) => self.notify(Tone::Error, error),
            }
        });
    }

    /// Fetches what an address names, without opening it.
    pub(crate) async fn fetch_target(self, target: &Target) -> Result<(Vec<Input>, Origin), String> {
        match target {
            Target::Sample(id) => {
                let (sample, inputs) = self.fetch_sample(id).await?;
                Ok((inputs, Origin::Sample(sample.id)))
            }
            Target::Open(address) => Ok((vec![fetch_address(address).await?], Origin::Address(address.clone()))),
            Target::Given(files) => Ok((crate::share::given_inputs(files).await?, Origin::Given(files.clone()))),
        }
    }

    /// A sample by its id, with its files. Waits for the list when it is still on its way.
    async fn fetch_sample(self, id: &str) -> Result<(Sample, Vec<Input>), String> {
        if let Some(listing) = self.listing.get_value() {
            let _ = JsFuture::from(listing).await;
        }
        let list = match self.gallery.get_untracked() {
            Gallery::Ready(samples) => Ok(samples),
            Gallery::Missing(error) => Err(error),
            Gallery::Loading => Err("the list did not arrive".to_owned()),
        };
        let list = list.map_err(|error| format!("The samples could not be listed: {error}."))?;
        let sample = list.into_iter().find(|sample| sample.id == id);
        let sample = sample.ok_or_else(|| format!("There is no sample “{id}” here."))?;
        let mut inputs = Vec::new();
        for file in &sample.files {
            let fetched = match beside(&format!("{FOLDER}{file}")) {
                Ok(url) => blob(&url).await,
                Err(error) => Err(error),
            };
            let blob = fetched.map_err(|error| format!("The sample {file} could not be fetched: {error}."))?;
            inputs.push(Input { name: file.clone(), blob, modified: Some(0.0) });
        }
        Ok((sample, inputs))
    }

    /// Fetches and opens a file by an address.
    pub(crate) fn open_address(self, address: &str, landing: Landing) {
        let address = address.to_owned();
        spawn_local(async move {
            match fetch_address(&address).await {
                Ok(input) => self.open_files(vec![input], Origin::Address(address), landing),
                Err(error) => self.notify(Tone::Error, error),
            }
        });
    }
}

/// Fetches a file by an address. Only beside this page: another host would learn that it was opened.
async fn fetch_address(address: &str) -> Result<Input, String> {
    let here = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    let url = match beside(address) {
        Ok(url) if url.origin() == here => url,
        Ok(url) => {
            return Err(format!(
                "{} is on another host, and this page asks no host but its own. Download it and drop it here.",
                url.href()
            ));
        }
        Err(_) => return Err(format!("“{address}” is not an address that can be opened.")),
    };
    let name = url.pathname().rsplit('/').next().unwrap_or_default().to_owned();
    let name = js_sys::decode_uri_component(&name).map_or(name, String::from);
    let blob = blob(&url).await.map_err(|error| format!("{name} could not be fetched: {error}."))?;
    Ok(Input { name, blob, modified: Some(0.0) })
}
