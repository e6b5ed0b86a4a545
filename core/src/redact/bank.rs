//! Payment cards and bank accounts, each told by its checksum.

use super::ascii::{at, before, run};
use super::hit::Hits;
use super::kinds::Kind;

/// Finds both.
pub(crate) fn find(text: &str, hits: &mut Hits) {
    cards(text, hits);
    ibans(text, hits);
}

/// Whether the digits of a card belong to an issuer, and their checksum is right.
pub(crate) fn is_card(digits: &[u8]) -> bool {
    let number = |count: usize| digits.iter().take(count).fold(0u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    let issued = match digits.len() {
        13 | 19 => number(1) == 4 || digits.len() == 19 && number(4) == 6011,
        14 => matches!(number(3), 300..=305) || matches!(number(2), 36 | 38 | 39),
        15 => matches!(number(2), 34 | 37),
        16 => {
            number(1) == 4
                || matches!(number(2), 51..=55 | 65 | 62)
                || matches!(number(4), 2221..=2720 | 3528..=3589 | 6011)
                || matches!(number(3), 644..=649)
        }
        _ => false,
    };
    let luhn = digits.iter().rev().enumerate().fold(0u32, |sum, (at, digit)| {
        let digit = u32::from(digit - b'0');
        let twice = digit * 2;
        sum + if at % 2 == 0 {
            digit
        } else if twice > 9 {
            twice - 9
        } else {
            twice
        }
    });
    let different = digits.iter().any(|digit| Some(digit) != digits.first());
    issued && luhn.is_multiple_of(10) && different
}

/// Digits in one piece, or in groups of four parted by one space or dash.
fn cards(text: &str, hits: &mut Hits) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while from < bytes.len() {
        if !at(bytes, from).is_ascii_digit() {
            from += 1;
            continue;
        }
        let (mut end, mut digits, mut groups) = (from, Vec::new(), Vec::new());
        loop {
            let stop = run(bytes, end, usize::MAX, |byte| byte.is_ascii_digit());
            if digits.len() < 24 {
                digits.extend(bytes.get(end..stop).unwrap_or(&[]).iter().take(24));
            }
            groups.push(stop - end);
            end = stop;
            let parted = matches!(at(bytes, end), b' ' | b'-') && at(bytes, end + 1).is_ascii_digit();
            if !parted || digits.len() >= 19 || groups.len() >= 6 {
                break;
            }
            end += 1;
        }
        let grouped = groups.len() == 1
            || groups.iter().rev().skip(1).all(|group| *group == 4)
            || matches!(groups.as_slice(), [4, 6, 4 | 5]);
        let alone = |byte: u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'.' | b'-' | b'+');
        let after = at(bytes, end);
        let ended = alone(after) || after == b'.' && !at(bytes, end + 1).is_ascii_digit();
        if grouped && ended && alone(before(bytes, from)) && is_card(&digits) {
            let normal = format!("card:{}", String::from_utf8_lossy(&digits));
            hits.add_as(text, (from, end), Kind::Card, "", Some(normal));
        }
        from = end.max(from + 1);
    }
}

/// How long an account's number is in each country that has such numbers.
const LENGTHS: [(&[u8; 2], usize); 76] = [
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NL", 18),
    (b"NO", 15),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"SA", 24),
    (b"SC", 31),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
];

/// Two letters, two digits of a checksum, then letters and digits; spaces in between.
fn ibans(text: &str, hits: &mut Hits) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while from + 15 <= bytes.len() {
        let start = from;
        from += 1;
        let (a, b) = (at(bytes, start), at(bytes, start + 1));
        let begins = a.is_ascii_uppercase()
            && b.is_ascii_uppercase()
            && at(bytes, start + 2).is_ascii_digit()
            && at(bytes, start + 3).is_ascii_digit()
            && !before(bytes, start).is_ascii_alphanumeric();
        let Some((_, length)) = LENGTHS.iter().find(|(country, _)| begins && country[..] == [a, b]) else { continue };
        let mut code = Vec::with_capacity(*length);
        let mut end = start;
        while code.len() < *length {
            let byte = at(bytes, end);
            if byte.is_ascii_uppercase() || byte.is_ascii_digit() {
                code.push(byte);
            } else if !(byte == b' ' && code.len().is_multiple_of(4)) {
                break;
            }
            end += 1;
        }
        if code.len() == *length && !at(bytes, end).is_ascii_alphanumeric() && checks(&code) {
            hits.add_as(text, (start, end), Kind::Iban, "", Some(String::from_utf8_lossy(&code).into_owned()));
            from = end;
        }
    }
}

/// The checksum of ISO 7064: the first four letters moved to the end, the rest of the division by 97 is 1.
fn checks(code: &[u8]) -> bool {
    let (head, tail) = code.split_at(4.min(code.len()));
    let rest = tail.iter().chain(head).fold(0u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    rest == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::hit::found_by;

    fn found(text: &str) -> Vec<(&'static str, &str)> {
        found_by(text, find)
    }

    #[test]
    fn a_checksum_tells_a_card_from_a_number() {
        assert_eq!(found("paid with 4111 1111 1111 1111."), [("card", "4111 1111 1111 1111")]);
        assert_eq!(found("5500-0055-5555-5559"), [("card", "5500-0055-5555-5559")]);
        assert_eq!(found("3782 822463 10005"), [("card", "3782 822463 10005")]);
        for no in [
            "4111 1111 1111 1112",
            "1772442904312004511",
            "1234567812345670",
            "id-4111111111111111",
            "4111111111111111a",
            "0000000000000000",
        ] {
            assert_eq!(found(no), [], "{no}");
        }
    }

    #[test]
    fn a_checksum_tells_an_account() {
        assert_eq!(found("DE89 3704 0044 0532 0130 00"), [("iban", "DE89 3704 0044 0532 0130 00")]);
        assert_eq!(found("to GB82WEST12345698765432, thanks"), [("iban", "GB82WEST12345698765432")]);
        assert_eq!(found("DE89370400440532013001"), []);
    }
}
