//! What is put in the place of what was found. The same thing gets the same one, and none of them can be taken for a
//! real one.

use super::kinds::Kind;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The address of a number in a range that belongs to nobody and never will.
fn four(number: u32) -> Ipv4Addr {
    Ipv4Addr::from(0xf000_0000u32 | (number & 0x00ff_ffff))
}

/// The stand-in for the find with this number among those of its kind.
pub(crate) fn stand_in(kind: Kind, of: &str, number: u32) -> String {
    let stem = kind.about().stem;
    match kind {
        Kind::Email => format!("email-{number}@redacted.invalid"),
        Kind::Phone => format!("+00-000-{number:04}"),
        Kind::Card => format!("0000-0000-0000-{number:04}"),
        Kind::Iban => format!("XX00-0000-{number:04}"),
        Kind::Ip | Kind::PrivateIp if of == "v6" => {
            let part = if kind == Kind::Ip { 1 } else { 2 };
            Ipv6Addr::new(0x2001, 0xdb8, part, 0, 0, 0, (number >> 16) as u16, number as u16).to_string()
        }
        Kind::Ip => four(number).to_string(),
        Kind::PrivateIp => four(0x0010_0000 | number).to_string(),
        Kind::UserName => format!("user-{number}"),
        Kind::ApiKey if !of.is_empty() => format!("[{stem}:{of}-{number}]"),
        _ => format!("[{stem}-{number}]"),
    }
}

/// How numbers of ours begin; fifteen digits, so that every reader keeps them exactly.
const NUMBER: &str = "9990";

/// The stand-in of a number: a number, which is no phone number and no card.
pub(crate) fn number_for(kind: Kind, number: u32) -> String {
    format!("{NUMBER}{:02}{number:09}", kind as u32)
}

/// Whether a text is one of ours.
pub(crate) fn is_stand_in(text: &str) -> bool {
    if text.len() == 15 && text.starts_with(NUMBER) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let counted = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    let plain = text.strip_prefix("user-").or_else(|| text.strip_prefix("+00-000-"));
    let plain = plain.or_else(|| text.strip_prefix("0000-0000-0000-")).or_else(|| text.strip_prefix("XX00-0000-"));
    let mail = text.strip_prefix("email-").and_then(|rest| rest.strip_suffix("@redacted.invalid"));
    let framed = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).and_then(|rest| rest.rsplit_once('-'));
    let stem = |stem: &str| {
        let stem = stem.split(':').next().unwrap_or_default();
        super::kinds::KINDS.iter().any(|about| about.stem == stem)
    };
    plain.is_some_and(counted)
        || mail.is_some_and(counted)
        || framed.is_some_and(|(name, rest)| stem(name) && counted(rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::kinds::KINDS;
    use crate::redact::known::Known;
    use crate::redact::named::Hint;
    use crate::redact::own::Own;
    use crate::redact::text::{Wanted, find};

    #[test]
    fn no_stand_in_is_found_again() {
        let (own, known) = (Own::default(), Known::default());
        let wanted = Wanted { own: &own, known: &known };
        for about in &KINDS {
            for number in [1, 17, 4_000] {
                for of in ["", "openai", "v6"] {
                    let made = stand_in(about.kind, of, number);
                    for text in
                        [made.clone(), format!("x {made} y"), format!("/home/{made}/z"), number_for(about.kind, number)]
                    {
                        assert_eq!(
                            find(&text, Hint::Secret, wanted)
                                .iter()
                                .filter(|hit| !is_stand_in(&text[hit.start..hit.end]) && hit.kind != Kind::Password)
                                .count(),
                            0,
                            "{text}"
                        );
                    }
                }
            }
        }
    }
}
