//! What looks like a secret or like a person's data, found and taken out of runs before they leave.
//!
//! A [`Redactor`] looks at all that is to leave and remembers what it found; [`Chosen`] is that with what somebody wants
//! to keep, and takes the rest out: the same thing gets the same stand-in wherever it stands, so that what belonged
//! together still does. [`second`] looks at the written text once more. Detectors are one file a family, each a walk
//! over the text from what gives a thing away (`@`, `://`, a prefix), in linear time whatever the text; the table of
//! kinds is `kinds`. Which run is read when, and what it is written as, is the session's and `export`'s business.

mod ascii;
mod bank;
mod chosen;
mod hit;
mod home;
mod keys;
mod kinds;
mod known;
mod mail;
mod named;
mod net;
mod own;
mod phone;
mod second;
#[cfg(test)]
mod seeded;
mod stand_in;
mod step;
#[cfg(test)]
mod tests;
mod text;
mod tokens;
mod unescape;
mod urls;
mod value;

pub(crate) use chosen::Chosen;
pub use kinds::kinds;
pub(crate) use second::Second;

use crate::export::full_step::{FullStep, Held};
use crate::protocol::{Find, FindPlace, FindsView, OwnPattern, Redaction, ScanKind, ScanView};
use hit::Hit;
use kinds::{KINDS, Kind};
use known::Known;
use named::{Hint, is_secret};
use own::Own;
use rustc_hash::FxHashMap;
use text::{Wanted, find};
use value::{Change, changed};

/// Places that are remembered of one find.
const PLACES: usize = 12;
/// Characters of an original that are shown.
const SHOWN: usize = 80;
/// Finds one answer holds at most.
const WINDOW: u32 = 1_000;

/// One thing that was found.
struct Found {
    kind: Kind,
    of: &'static str,
    original: String,
    stand_in: String,
    /// Its number among those of its kind.
    number: u32,
    count: u64,
    places: Vec<FindPlace>,
}

/// Looks at what is to leave, and remembers what it found.
pub(crate) struct Redactor {
    own: Own,
    known: Known,
    found: Vec<Found>,
    /// By what a thing is called, whatever its spelling.
    by_normal: FxHashMap<String, u32>,
    /// Finds of each kind and provider.
    numbers: FxHashMap<(Kind, &'static str), u32>,
    /// Long stretches of base64, which are not looked into.
    encoded: u64,
    again: bool,
    /// The resource looked at last: most steps of a run share one.
    resource: Option<Held>,
}

/// The first look at a text: it counts, and changes nothing.
struct Looking<'a> {
    redactor: &'a mut Redactor,
    place: FindPlace,
}

impl Change for Looking<'_> {
    fn part(&mut self, part: &'static str) {
        part.clone_into(&mut self.place.part);
    }

    fn text(&mut self, text: &str, hint: Hint, path: &dyn Fn() -> String) -> Option<String> {
        self.redactor.encoded += u64::from(is_encoded(text));
        let wanted = Wanted { own: &self.redactor.own, known: &self.redactor.known };
        for hit in find(text, hint, wanted) {
            self.redactor.note(text, &hit, &self.place, path);
        }
        None
    }

    fn number(&mut self, number: &str, hint: Hint, path: &dyn Fn() -> String) -> Option<String> {
        if let Some(hit) = number_hit(number, hint, Wanted { own: &self.redactor.own, known: &self.redactor.known }) {
            self.redactor.note(number, &hit, &self.place, path);
        }
        None
    }
}

/// Whether a text is mostly one long stretch of base64: a picture, a file.
fn is_encoded(text: &str) -> bool {
    let body = text.split_once("base64,").map_or(text, |(_, body)| body);
    body.len() >= 512 && body.bytes().take(512).all(ascii::base64)
}

/// What a number is, where it is no quantity: a card, or a value called a secret.
fn number_hit(number: &str, hint: Hint, wanted: Wanted<'_>) -> Option<Hit> {
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let secret = if matches!(hint, Hint::Secret | Hint::Likely) { is_secret(number, hint) } else { None };
    if let Some(kind) = secret {
        return Some(Hit { start: 0, end: number.len(), kind, of: "", normal: number.to_owned() });
    }
    let whole = |hit: &Hit| hit.start == 0 && hit.end == number.len();
    let plain = |hit: &Hit| matches!(hit.kind, Kind::Card | Kind::Own) || hit.kind == Kind::Password;
    (number.len() >= 4).then(|| find(number, Hint::None, wanted).into_iter().find(|hit| whole(hit) && plain(hit)))?
}

impl Redactor {
    /// A redactor that also looks for these patterns.
    ///
    /// # Errors
    /// When one of them is no pattern: a sentence for a person.
    pub(crate) fn new(patterns: &[OwnPattern]) -> Result<Redactor, String> {
        Ok(Redactor {
            own: Own::new(patterns)?,
            known: Known::default(),
            found: Vec::new(),
            by_normal: FxHashMap::default(),
            numbers: FxHashMap::default(),
            encoded: 0,
            again: false,
            resource: None,
        })
    }

    fn note(&mut self, text: &str, hit: &Hit, place: &FindPlace, path: &dyn Fn() -> String) {
        let original = text.get(hit.start..hit.end).unwrap_or_default();
        if stand_in::is_stand_in(original) {
            return;
        }
        let next = self.found.len() as u32;
        let index = *self.by_normal.entry(hit.normal.clone()).or_insert(next);
        if index == next {
            let number = self.numbers.entry((hit.kind, hit.of)).or_insert(0);
            *number = number.saturating_add(1);
            self.found.push(Found {
                kind: hit.kind,
                of: hit.of,
                original: original.to_owned(),
                stand_in: stand_in::stand_in(hit.kind, hit.of, *number),
                number: *number,
                count: 0,
                places: Vec::new(),
            });
        }
        let Some(found) = self.found.get_mut(index as usize) else { return };
        found.count = found.count.saturating_add(1);
        if found.places.len() < PLACES {
            let path: String = path().chars().take(200).collect();
            let place = FindPlace { path, ..place.clone() };
            if !found.places.contains(&place) {
                found.places.push(place);
            }
        }
    }

    fn look(&mut self, text: &str, place: &FindPlace, part: &str) {
        let place = FindPlace { part: part.to_owned(), ..place.clone() };
        changed(text, Hint::None, &mut Looking { redactor: self, place }, &String::new, 0);
    }

    /// Looks at what a run says of itself: id, name, and what the program wrote about itself.
    pub(crate) fn look_at_run(&mut self, run: u32, id: &str, name: &str, attributes: &str) {
        let place = FindPlace { run: Some(run), ..FindPlace::default() };
        self.look(id, &place, "id");
        self.look(name, &place, "name");
        // Its steps name the same resource.
        self.resource = Some(Held::Json(attributes.to_owned()));
        if !attributes.is_empty() {
            self.look(attributes, &place, "run attributes");
        }
    }

    /// Looks at a step.
    pub(crate) fn look_at_step(&mut self, step: &mut FullStep, place: FindPlace) {
        if step.resource.is_some() && step.resource == self.resource {
            step.resource = None;
        } else if step.resource.is_some() {
            self.resource.clone_from(&step.resource);
        }
        step::change(step, &mut Looking { redactor: self, place });
    }

    /// Looks at the text of a document.
    pub(crate) fn look_at_text(&mut self, text: &str) {
        self.look(text, &FindPlace::default(), "text");
    }

    /// Whether all is to be looked at once more: what was found may also stand where nothing gives it away.
    pub(crate) fn look_again(&mut self) -> bool {
        if std::mem::replace(&mut self.again, true) {
            return false;
        }
        for found in &mut self.found {
            found.count = 0;
            found.places.clear();
            let telling = match found.kind {
                Kind::UserName => home::is_telling(&found.original),
                // A weak password is a word of the language.
                Kind::Password | Kind::UrlPassword | Kind::UrlSignature => {
                    let digit = found.original.bytes().any(|byte| !byte.is_ascii_alphabetic());
                    found.original.len() >= 8 && digit || found.original.len() >= 16
                }
                _ => found.original.len() >= 4,
            };
            if found.kind.about().spreads && telling {
                let normal = match found.kind {
                    Kind::UserName => format!("user:{}", found.original.to_lowercase()),
                    _ => found.original.clone(),
                };
                self.known.add(&found.original, found.kind, found.of, &normal);
            }
        }
        self.encoded = 0;
        !self.found.is_empty()
    }

    /// What was found until now.
    pub(crate) fn view(&self, next: Option<u64>, progress: f32) -> ScanView {
        let of = |kind: Kind| self.found.iter().filter(move |found| found.kind == kind && found.count > 0);
        let kinds = KINDS.iter().filter_map(|about| {
            let finds = of(about.kind).count() as u32;
            let places = of(about.kind).map(|found| found.count).sum();
            (finds > 0).then(|| ScanKind { kind: about.id.to_owned(), label: about.label.to_owned(), finds, places })
        });
        ScanView {
            next,
            progress,
            kinds: kinds.collect(),
            finds: self.found.iter().filter(|found| found.count > 0).count() as u32,
            places: self.found.iter().map(|found| found.count).sum(),
            notes: self.notes(),
        }
    }

    /// What is not looked into.
    fn notes(&self) -> Vec<String> {
        if self.encoded == 0 {
            return Vec::new();
        }
        let texts = crate::wording::counted(self.encoded, "text is", "texts are");
        vec![format!("{texts} base64 (a picture, a file) and not looked into.")]
    }

    /// A window of what was found.
    pub(crate) fn finds(&self, kind: Option<&str>, from: u32, count: u32) -> FindsView {
        let wanted = |found: &Found| found.count > 0 && kind.is_none_or(|kind| found.kind.about().id == kind);
        let all = || (0u32..).zip(&self.found).filter(|(_, found)| wanted(found));
        let window = all().skip(from as usize).take(count.min(WINDOW) as usize);
        let finds = window.map(|(index, found)| {
            let mut original: String = found.original.chars().take(SHOWN).collect();
            if found.original.chars().nth(SHOWN).is_some() {
                original.push('…');
            }
            Find {
                find: index,
                kind: found.kind.about().id.to_owned(),
                original,
                stand_in: found.stand_in.clone(),
                count: found.count,
                places: found.places.clone(),
            }
        });
        let finds = finds.collect();
        FindsView { total: all().count() as u32, from, finds }
    }

    /// What was found, with what somebody wants to keep.
    pub(crate) fn chosen(&self, choice: &Redaction) -> Chosen<'_> {
        Chosen::new(self, choice)
    }
}
