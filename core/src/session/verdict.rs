//! The verdict on each file of a document: by which signs it was told, what was done to it before, what was repaired, what
//! was not understood, and what else it might be. The words are those of the diagnostics.

use crate::model::{Diagnostic, Document};
use crate::protocol::{FileVerdict, FormatView};
use crate::wording::counted;

/// What is done to a file before its text is read.
const PREPARED: [&str; 12] = [
    "gzip",
    "zstd",
    "archive",
    "utf-16",
    "byte-order-mark",
    "container-log",
    "yaml",
    "csv",
    "loose-json",
    "unwrapped",
    "reshaped",
    "log-prefix",
];

/// What came of unpacking and of joining, beside [`PREPARED`]: reading the text anew does not tell it again.
const UNPACKED: [&str; 8] = [
    "gzip-damaged",
    "unpacking-damaged",
    "unpacked-too-large",
    "archive-too-many",
    "archive-files",
    "yaml-damaged",
    "csv-cut",
    "joined",
];

/// Damage, and what was done about it.
const REPAIRED: [&str; 10] = [
    "gzip-damaged",
    "unpacking-damaged",
    "unpacked-too-large",
    "archive-too-many",
    "yaml-damaged",
    "csv-cut",
    "damaged-json",
    "truncated",
    "lines-without-json",
    "unreadable",
];

/// Damaged places that are named one by one.
const NAMED: usize = 5;

/// Keys of attributes that are named.
const KEYS: usize = 8;

/// What was said of the way to the text of a file, but for what reading it once more tells again.
pub(super) fn of_the_way(document: &Document, file: u16) -> Vec<Diagnostic> {
    let mut said = prepared(document);
    said.retain(|said| said.file == file && said.code != "byte-order-mark");
    said
}

/// What was said of the way to the texts.
pub(super) fn prepared(document: &Document) -> Vec<Diagnostic> {
    let known = |code: &str| PREPARED.contains(&code) || UNPACKED.contains(&code);
    let said = document.diagnostics.iter().filter(|said| known(&said.code) && said.place.is_none());
    said.filter(|said| said.code != "log-prefix").cloned().collect()
}

pub(super) fn of(document: &Document) -> Vec<FileVerdict> {
    let one = document.files.len() == 1;
    let verdict = |(index, file): (usize, &crate::model::FileInfo)| {
        let own = |codes: &[&str]| -> Vec<String> {
            let of_file = |said: &&Diagnostic| usize::from(said.file) == index && codes.contains(&said.code.as_str());
            let mut said: Vec<String> =
                document.diagnostics.iter().filter(of_file).map(|said| said.message.clone()).collect();
            if said.len() > NAMED {
                let more = said.len() - NAMED;
                said.truncate(NAMED);
                said.push(format!("{more} more like that."));
            }
            said
        };
        let mut not_understood = Vec::new();
        // What is not understood is counted over the document, and told with its first file.
        if index == 0 && document.unknown_attributes > 0 {
            not_understood.push(attributes(document, one));
        }
        FileVerdict {
            file: file.name.clone(),
            format: file.format.to_owned(),
            label: file.label.clone(),
            because: file.because.clone(),
            asked: file.asked,
            prepared: own(&PREPARED),
            repaired: own(&REPAIRED),
            not_understood,
            also: file.also.iter().map(|(id, name)| FormatView { id: (*id).into(), name: (*name).into() }).collect(),
        }
    };
    document.files.iter().enumerate().map(verdict).collect()
}

/// `3 attributes are not understood: a, b, c.`
fn attributes(document: &Document, one: bool) -> String {
    let count = document.unknown_attributes;
    let mut text = counted(u64::from(count), "attribute is not understood", "attributes are not understood");
    if !one {
        text.push_str(" in all files");
    }
    for (at, key) in document.unknown_keys.iter().take(KEYS).enumerate() {
        text.push_str(if at == 0 { ": " } else { ", " });
        text.push_str(document.names.get(*key));
    }
    let named = document.unknown_keys.len().min(KEYS);
    text.push_str(if named > 0 && (count as usize) > named { ", …" } else { "." });
    text
}
