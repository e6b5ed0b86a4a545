//! Texts in other notations on their way to JSON: what is turned into what, and what is said of it.

use super::{Opening, Stage};
use crate::import::{Payload, Probe, refuse, reshape};
use crate::model::Severity;
use crate::source::convert::{csv, loose, unwrap, yaml};
use crate::source::{Memory, SourceError};
use crate::wording::counted;
use std::rc::Rc;

/// Most bytes of a text that is turned into JSON as a whole.
const NOTATION: usize = 64 << 20;

impl Opening {
    /// Reads the text as YAML and goes on with its JSON form. `false` when it is none: where nothing else tells that
    /// it is, all of it must be readable.
    pub(super) fn read_yaml(&mut self, probe: &Probe<'_>, start: u64, sure: bool) -> Result<bool, SourceError> {
        let (bytes, cut) = self.text_from(start)?;
        let text = String::from_utf8_lossy(&bytes);
        let mut yaml = yaml::to_json(&text);
        if cut && yaml.fault.is_none() {
            yaml.fault = Some((text.lines().count() as u64, "this is as much YAML as is read".to_owned()));
        }
        if !yaml.holds_collections || (yaml.fault.is_some() && !sure) {
            return Ok(false);
        }
        self.note(
            Severity::Info,
            "yaml",
            "The file is YAML; it is read in its JSON form, in which places are counted. The lines are those of the YAML.",
        );
        if let Some((line, why)) = yaml.fault {
            let message = format!("The YAML cannot be read on from line {line}: {why}. What is before it is read.");
            self.note(Severity::Warning, "yaml-damaged", &message);
        }
        self.goes_on(probe, yaml.json.into_bytes());
        Ok(true)
    }

    /// Reads the text as a table and goes on with its rows as JSON Lines.
    pub(super) fn read_table(
        &mut self,
        probe: &Probe<'_>,
        start: u64,
        looks: Option<csv::Looks>,
    ) -> Result<bool, SourceError> {
        let Some(looks) = looks else { return Ok(false) };
        let (bytes, cut) = self.text_from(start)?;
        let table = csv::to_json(&bytes, looks.separator);
        let rows = counted(table.rows, "row", "rows");
        let mut message = format!(
            "The file is a table of {rows}; each is read as a JSON object under the names of the first row, in which places \
             are counted. The lines are those of the table."
        );
        if table.ragged > 0 {
            let ragged = counted(table.ragged, "row has", "rows have");
            message.push_str(&format!(" {ragged} more cells than there are names; they are left out."));
        }
        self.note(Severity::Info, "csv", &message);
        if table.cut || cut {
            let message = "The table ends in the middle of a cell, or is longer than what is read of a table (64 MiB): its \
                           end is missing.";
            self.note(Severity::Warning, "csv-cut", message);
        }
        self.goes_on(probe, table.json.into_bytes());
        Ok(true)
    }

    /// The text from `start`, as much as is turned into JSON as a whole, and whether there is more.
    fn text_from(&self, start: u64) -> Result<(Vec<u8>, bool), SourceError> {
        let mut bytes = Vec::new();
        self.source.read(start, NOTATION, &mut bytes)?;
        let cut = start + (bytes.len() as u64) < self.source.len();
        Ok((bytes, cut))
    }

    /// Reads JSON5, or what Python prints, and goes on with its strict form. `false` when it is neither.
    pub(super) fn read_loose(&mut self, probe: &Probe<'_>, start: u64) -> Result<bool, SourceError> {
        let (bytes, cut) = self.text_from(start)?;
        let Some(json) = loose::to_json(&bytes).filter(|_| !cut) else { return Ok(false) };
        let message = "The file is JSON written loosely (comments, keys without quotes, single quotes, commas at the end, or \
                       words of Python); its strict form is read, in which places are counted. The lines are those of the file.";
        self.note(Severity::Info, "loose-json", message);
        self.goes_on(probe, json);
        Ok(true)
    }

    /// Goes on with the usual shape of a text that a program wrote in its own; with `rows` also of a table kept by
    /// column. `false` when it is none.
    pub(super) fn read_reshaped(&mut self, probe: &Probe<'_>, start: u64, rows: bool) -> Result<bool, SourceError> {
        let mut failed = None;
        let mut whole = || match self.text_from(start) {
            Ok((bytes, cut)) => Some(bytes).filter(|_| !cut),
            Err(error) => {
                failed = Some(error);
                None
            }
        };
        let found = if rows { whole().and_then(|text| reshape::rows(&text)) } else { reshape::told(probe.head, whole) };
        if let Some(error) = failed {
            return Err(error);
        }
        let Some(found) = found else { return Ok(false) };
        self.note(Severity::Info, "reshaped", &found.says);
        self.goes_on(probe, found.json);
        Ok(true)
    }

    /// Several objects that each wrap a value: goes on with the values.
    pub(super) fn unwrap(&mut self, probe: &Probe<'_>, start: u64, payload: &Payload) -> Result<(), SourceError> {
        let (bytes, cut) = self.text_from(start)?;
        let (text, found) = unwrap::members(&bytes, payload.key);
        let values = counted(found, "object wraps", "objects wrap");
        let cut = if cut { " Of a text like that the first 64 MiB are read." } else { "" };
        let message = format!(
            "{values} what is read in its `{}`; places are counted in the text of these values, lines are those of the file.{cut}",
            payload.key
        );
        self.note(Severity::Info, "unwrapped", &message);
        self.goes_on(probe, text);
        Ok(())
    }

    /// Goes on with a text that was turned into JSON. What would have been said of the text as it was is kept.
    fn goes_on(&mut self, probe: &Probe<'_>, json: Vec<u8>) {
        self.refusal = Some(refuse(probe));
        self.source = Rc::new(Memory(json));
        self.stage = Stage::Detect { start: 0 };
    }
}
