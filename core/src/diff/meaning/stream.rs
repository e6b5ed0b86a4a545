//! One pass over a JSON text, without a tree. What is read, and what counts as damage, is what `json::Tree` says.

use super::DEEPEST;
use super::fold::{Fold, Spot};
use super::leaf::{Leaf, Sums, word};
use crate::diff::rules::State;
use crate::json::{self, Lack, Lexer, Scalar, Str};

/// The hashes of a text that is an object or array, whole and sound; else nothing, and the fold is as it was.
pub(super) fn json(fold: &mut Fold<'_>, text: &str, state: State, nested: u32) -> Option<Sums> {
    if !text.trim_ascii_start().starts_with(['{', '[']) || u32::try_from(text.len()).is_err() {
        return None;
    }
    let depth = fold.depth();
    let around = fold.enter(Spot { state, ..Spot::default() });
    let sums = read(fold, text, depth, nested).ok().flatten();
    fold.cut(depth);
    fold.leave(around);
    sums
}

/// A string: a text, or JSON where it holds that and not too many are around it.
fn string(fold: &mut Fold<'_>, string: Str<'_>, nested: u32) -> Leaf {
    let spot = fold.spot();
    // What is plain needs no look at its characters.
    let decoded = if string.plain { None } else { Some(string.text()) };
    let text = decoded.as_ref().map_or(string.raw, |text| text.as_bytes());
    let likely = matches!(text.first(), Some(b'{' | b'[' | b' ' | b'\n' | b'\r' | b'\t'));
    if likely && nested > 0 && json::whole(text).is_some() {
        let text = String::from_utf8_lossy(text);
        if let Some(sums) = json(fold, &text, spot.state, nested - 1) {
            return Fold::decoded(sums);
        }
    }
    fold.text(text, spot.key)
}

fn read(fold: &mut Fold<'_>, text: &str, depth: usize, nested: u32) -> Result<Option<Sums>, Lack> {
    let mut lexer = Lexer::new(text.as_bytes());
    let bad = |lexer: &Lexer<'_>| Err(Lack::Bad { at: lexer.pos(), expected: "" });
    let mut objects: Vec<bool> = Vec::new();
    loop {
        let byte = lexer.peek()?;
        if matches!(byte, b'{' | b'[') {
            lexer.take_if(byte)?;
            if objects.len() >= DEEPEST {
                return Ok(None);
            }
            fold.open(byte == b'{', 0);
            objects.push(byte == b'{');
        } else {
            let leaf = match lexer.scalar()? {
                Scalar::Str(found) => string(fold, found, nested),
                Scalar::Number(number) => fold.number(number),
                Scalar::Bool(value) => word(Some(value)),
                Scalar::Null | Scalar::Container(..) => word(None),
            };
            fold.leaf(leaf, 0);
            if !matches!(lexer.peek()?, b',' | b'}' | b']') {
                return bad(&lexer);
            }
        }
        loop {
            let Some(&object) = objects.last() else { return Ok(None) };
            let close = if object { b'}' } else { b']' };
            let byte = lexer.peek()?;
            if byte == close {
                lexer.take_if(close)?;
                objects.pop();
                let Some((_, sums)) = fold.close() else { return Ok(None) };
                if fold.depth() <= depth {
                    lexer.space();
                    return Ok(lexer.at_end().then_some(sums));
                }
                fold.container(sums, 0);
                if !matches!(lexer.peek()?, b',' | b'}' | b']') {
                    return bad(&lexer);
                }
            } else if byte == b',' {
                lexer.take_if(b',')?;
            } else if object {
                let name = lexer.string()?;
                if !lexer.take_if(b':')? {
                    return bad(&lexer);
                }
                if name.plain {
                    fold.key(name.raw);
                } else {
                    fold.key(name.text().as_bytes());
                }
                break;
            } else if byte == b'}' {
                return bad(&lexer);
            } else {
                fold.item();
                break;
            }
        }
    }
}
