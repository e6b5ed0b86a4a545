//! What a name says when the ids and numbers in it are left out.
//!
//! Only texts: which steps answer each other because of it is decided in `level`.

use crate::flow::short_name;
use crate::model::Kind;
use std::hash::Hasher as _;

/// What some conventions put in front of a name or behind it: the operation or the kind, which is known already.
const BEFORE: [&str; 4] = ["execute_tool ", "execute_task ", "invoke_agent ", "create_agent "];
const BEHIND: [&str; 5] = [".workflow", ".task", ".agent", ".tool", ".chat"];

/// Letters of an id: shorter words of `a` to `f` are words ("face", "dead", "added").
const HEX: usize = 6;
/// A word of letters and digits this long is an id, whatever its letters.
const LONG: usize = 16;
/// The pieces of a UUID.
const UUID: [usize; 5] = [8, 4, 4, 4, 12];

/// The part of a name that says what is done. Model calls are named after their model in some conventions, and another
/// model makes no other step of it.
pub(super) fn meant(name: &str, kind: Kind) -> &str {
    let some = |rest: Option<&'_ str>| rest.is_some_and(|rest| !rest.trim().is_empty());
    let behind = BEHIND.iter().map(|word| name.strip_suffix(word)).find(|rest| some(*rest)).flatten();
    let name = behind.unwrap_or(name);
    let before = BEFORE.iter().map(|word| name.strip_prefix(word)).find(|rest| some(*rest)).flatten();
    let name = before.unwrap_or(name);
    match kind {
        Kind::Llm | Kind::Embedding => {
            let model = short_name(name, kind);
            name.strip_suffix(model).filter(|operation| !operation.is_empty()).unwrap_or(name)
        }
        _ => name,
    }
}

/// The name with `#` for each number and each id in it: `step 12` and `step 7` are both `step #`.
pub(super) fn masked(name: &str) -> String {
    let mut masked = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let taken = match uuid(rest) {
            Some(length) => {
                masked.push('#');
                length
            }
            None if first.is_ascii_alphanumeric() => {
                let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
                word(rest.get(..length).unwrap_or_default(), &mut masked);
                length
            }
            None => {
                masked.push(first);
                first.len_utf8()
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    masked
}

/// Length of the UUID a text begins with.
fn uuid(text: &str) -> Option<usize> {
    let mut at = 0;
    for (index, &length) in UUID.iter().enumerate() {
        if index > 0 {
            text.as_bytes().get(at).filter(|&&byte| byte == b'-')?;
            at += 1;
        }
        let piece = text.as_bytes().get(at..at + length)?;
        if !piece.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        at += length;
    }
    Some(at)
}

fn word(word: &str, masked: &mut String) {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let hex = word.len() >= HEX && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    if digits > 0 && (hex || word.len() >= LONG) {
        masked.push('#');
        return;
    }
    let mut number = false;
    for letter in word.chars() {
        if letter.is_ascii_digit() {
            if !number {
                masked.push('#');
            }
            number = true;
        } else {
            masked.push(letter);
            number = false;
        }
    }
}

/// One number for a text.
pub(super) fn hash(text: &str) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text.as_bytes());
    mix(hasher.finish(), text.len() as u64)
}

/// One number for two. The order matters; the result is not 0 but by chance.
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let mut mixed = a.rotate_left(23) ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed ^ (mixed >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ids_are_left_out_and_words_stay() {
        let cases = [
            ("retrieve", "retrieve"),
            ("step 12", "step #"),
            ("step12b", "step#b"),
            ("task-3f9a0c", "task-#"),
            ("task-3f9a0cde-1111-4222-8333-abcdefabcdef/run", "task-#/run"),
            ("feed the added face", "feed the added face"),
            ("call_Abc123Def456Ghi7", "call_#"),
            ("internationalisation", "internationalisation"),
            ("größe 7 → ok", "größe # → ok"),
            ("", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(masked(name), expected, "{name}");
        }
    }

    #[test]
    fn what_the_kind_says_and_the_model_are_no_part_of_what_is_done() {
        let cases = [
            ("chat heron-2-large", Kind::Llm, "chat "),
            ("chat heron-2-large", Kind::Chain, "chat heron-2-large"),
            ("plan", Kind::Llm, "plan"),
            ("execute_tool search", Kind::Tool, "search"),
            ("search.tool", Kind::Tool, "search"),
            ("invoke_agent clerk.agent", Kind::Agent, "clerk"),
            (".task", Kind::Task, ".task"),
            ("execute_task ", Kind::Task, "execute_task "),
        ];
        for (name, kind, expected) in cases {
            assert_eq!(meant(name, kind), expected, "{name}");
        }
    }

    #[test]
    fn the_order_counts_in_a_hash() {
        assert_ne!(mix(1, 2), mix(2, 1));
        assert_ne!(hash("a"), hash("a\0"));
    }
}
