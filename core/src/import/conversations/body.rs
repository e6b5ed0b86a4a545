//! Bodies of requests and answers as logs and recordings hold them: JSON, a text that is JSON, the events of a stream,
//! and base64 of any of these, compressed as it was sent or not.

use super::stream;
use crate::base64;
use crate::json::{Lexer, looks_like_container};
use flate2::read::MultiGzDecoder;
use std::io::Read;

/// Most bytes that come of a compressed body.
const MOST: u64 = 64 << 20;

/// A body that could be read.
pub(super) struct Body {
    /// Its JSON; of a stream the answer it comes to.
    pub(super) json: String,
    /// What had to be done beside taking it out of its quotes, for the person who reads it.
    pub(super) done: Option<&'static str>,
}

/// The body in a JSON value; `None` for a text that holds none.
pub(super) fn body(raw: &[u8]) -> Option<Body> {
    if raw.first() != Some(&b'"') {
        return Some(Body { json: String::from_utf8_lossy(raw).into_owned(), done: None });
    }
    let text = Lexer::new(raw).text().ok().flatten()?;
    if let Some(body) = plain(&text, None) {
        return Some(body);
    }
    let bytes = base64::decode_some(&text);
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut out = Vec::new();
        // What could be unpacked of a damaged one is kept.
        let _ = MultiGzDecoder::new(bytes.as_slice()).take(MOST).read_to_end(&mut out);
        return plain(&String::from_utf8_lossy(&out), Some("decoded from base64 and unpacked (gzip)"));
    }
    plain(&String::from_utf8(bytes).ok()?, Some("decoded from base64"))
}

fn plain(text: &str, done: Option<&'static str>) -> Option<Body> {
    if let Some(json) = stream::is_stream(text).then(|| stream::together(text)).flatten() {
        return Some(Body { json, done: Some("put together from the pieces of a stream") });
    }
    looks_like_container(text).then(|| Body { json: text.to_owned(), done })
}
