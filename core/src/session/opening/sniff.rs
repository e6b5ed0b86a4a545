//! The first stage of opening: what the bytes are.

use super::{Opening, Stage, UNPACKED};
use crate::FULL;
use crate::model::Severity;
use crate::session::Session;
use crate::source::inflate::Packing;
use crate::source::unpack::{self, Shell};
use crate::source::{Memory, SourceError, archive};
use std::rc::Rc;

impl Opening {
    pub(super) fn sniff(&mut self, session: &mut Session) -> Result<(), SourceError> {
        let mut head = Vec::new();
        self.source.read(0, 4096, &mut head)?;
        match unpack::shell(&head) {
            Shell::Empty => self.refuse(session, "empty-file", "The file is empty: there is nothing to read in it."),
            // Unpacking is left to the full engine, and telling what else it may be.
            Shell::Foreign { .. } | Shell::Gzip | Shell::Zstd | Shell::Zip | Shell::Tar | Shell::Page if !FULL => {
                self.refuse(session, "foreign-file", "");
            }
            Shell::Foreign { name, hint } => {
                let message = format!("This is {name}, not text; it cannot be read here. {hint}");
                self.refuse(session, "foreign-file", &message);
            }
            Shell::Gzip => {
                self.note(
                    Severity::Info,
                    "gzip",
                    "The file was gzip-compressed; places are counted in the text inside.",
                );
                self.unpack("gzip", Packing::Gzip);
            }
            Shell::Zstd => {
                let message = "The file was compressed with Zstandard; places are counted in the text inside.";
                self.note(Severity::Info, "zstd", message);
                self.unpack("Zstandard", Packing::Zstd);
            }
            Shell::Zip => {
                let listing = archive::zip(self.source.as_ref())?;
                self.open_archive(session, "zip archive", listing);
            }
            Shell::Tar => {
                let listing = archive::tar(self.source.as_ref())?;
                self.open_archive(session, "tar archive", listing);
            }
            Shell::Page => self.open_page(session)?,
            Shell::Utf16 { little, mark } => {
                let mut bytes = Vec::new();
                let len = usize::try_from(self.source.len().saturating_sub(mark)).unwrap_or(usize::MAX).min(UNPACKED);
                self.source.read(mark, len, &mut bytes)?;
                let (text, lone) = unpack::from_utf16(&bytes, little);
                let order = if little { "little" } else { "big" };
                let mut message = format!(
                    "The file is UTF-16 ({order} endian), as PowerShell writes; places are counted in its UTF-8 form."
                );
                if lone > 0 {
                    message.push_str(&format!(" {lone} damaged characters are shown as \u{FFFD}."));
                }
                self.note(Severity::Info, "utf-16", &message);
                self.source = Rc::new(Memory(text));
                self.stage = Stage::Detect { start: 0 };
            }
            Shell::Text(start) => {
                if start > 0 {
                    self.note(
                        Severity::Info,
                        "byte-order-mark",
                        "The file begins with a byte order mark; it is left out.",
                    );
                }
                self.stage = Stage::Detect { start };
            }
        }
        Ok(())
    }
}
