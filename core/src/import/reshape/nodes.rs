//! A part that is packed into a string: Argo keeps the nodes of a large workflow gzip-compressed, in Base64, under
//! `compressedNodes`, in place of `nodes`.

use super::{MOST, Reshaped, whole};
use crate::base64;
use crate::json::{Lexer, NodeKind};
use crate::wording::counted;
use flate2::read::MultiGzDecoder;
use std::io::Read;

const KEY: &[u8] = b"\"compressedNodes\"";

/// The text with all such parts unpacked.
pub(super) fn unpacked(text: &[u8]) -> Option<Reshaped> {
    let mut out = Vec::with_capacity(text.len().saturating_mul(2));
    let (mut copied, mut found, mut bad) = (0, 0u64, 0u64);
    for at in memchr::memmem::find_iter(text, KEY) {
        if at < copied {
            continue;
        }
        let mut lexer = Lexer::window(text, at + KEY.len(), true);
        if !lexer.take_if(b':').unwrap_or(false) {
            continue;
        }
        let Ok(Some(packed)) = lexer.text() else { continue };
        let room = MOST.saturating_sub(out.len());
        match gunzipped(&base64::decode_some(&packed), room) {
            Some(nodes) => {
                out.extend_from_slice(text.get(copied..at).unwrap_or(&[]));
                out.extend_from_slice(b"\"nodes\":");
                out.extend_from_slice(&nodes);
                copied = lexer.pos();
                found += 1;
            }
            None => bad += 1,
        }
    }
    if found == 0 {
        return None;
    }
    out.extend_from_slice(text.get(copied..).unwrap_or(&[]));
    let mut says = format!(
        "{} of its nodes under `compressedNodes`; it is unpacked, and places are counted in that.",
        counted(found, "workflow keeps a compressed list", "workflows keep a compressed list")
    );
    if bad > 0 {
        says.push_str(&format!(" {} could not be unpacked.", counted(bad, "more", "more")));
    }
    Some(Reshaped { json: out, says })
}

/// What is inside, when it is one JSON object of no more than `room` bytes.
fn gunzipped(packed: &[u8], room: usize) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    MultiGzDecoder::new(packed).take(room as u64 + 1).read_to_end(&mut text).ok()?;
    let sound = text.len() <= room && whole(&text)?.node(0)?.kind == NodeKind::Object;
    sound.then_some(text)
}
