//! Reading JSON where it lies: no copy, no recursion, exact positions, and forgiving where real files are careless.
//!
//! A library would be preferred, and none fits: the engine must know the byte range of every value, go on after
//! damage, read a value cut in two by the end of a window, keep 64-bit numbers exact, take lone surrogates and
//! `NaN`, and walk 100,000 levels without a stack. [`Lexer`] is for importers, [`Tree`] for showing one value, [`At`] for reading in a tree.

mod at;
mod compact;
mod lexer;
mod outline;
mod string;
mod tree;

pub use at::At;
pub use compact::compact;
pub use lexer::{Lack, Lexer, Scalar};
pub use outline::Outline;
pub use string::{Str, push_escaped, quoted};
pub use tree::{Node, NodeKind, Replaced, Tree};

/// The whole of `bytes` as one JSON value, ignoring space around it: its range, or `None` when it is not that.
///
/// Only looks at structure (brackets, strings); what is inside numbers and words is not checked.
pub fn whole(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut lexer = Lexer::new(bytes);
    let start = { lexer.peek().ok().map(|_| lexer.pos())? };
    lexer.skip().ok()?;
    let end = lexer.pos();
    lexer.space();
    lexer.at_end().then_some((start, end))
}

/// Whether a text is worth offering as JSON: an object or array, whole.
pub fn looks_like_container(text: &str) -> bool {
    let bytes = text.as_bytes();
    let first = bytes.iter().find(|b| !b.is_ascii_whitespace());
    matches!(first, Some(b'{' | b'[')) && whole(bytes).is_some()
}
