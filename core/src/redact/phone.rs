//! Phone numbers: international ones, and national ones in the forms people write.

use super::ascii::{at, before, run};
use super::hit::Hits;
use super::kinds::Kind;

/// Whether a byte parts the groups of a number.
fn parts(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'.' | b'(' | b')' | b'/')
}

/// Finds numbers that begin with `+`, `00`, a bracket or a digit.
pub(crate) fn find(text: &str, hits: &mut Hits) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while from < bytes.len() {
        let byte = at(bytes, from);
        let opens = byte == b'+' || byte == b'(' && at(bytes, from + 1).is_ascii_digit();
        if !opens && !byte.is_ascii_digit() {
            from += 1;
            continue;
        }
        let mut end = from;
        let mut last = from;
        let (mut digits, mut pieces) = (Vec::new(), Vec::new());
        while digits.len() <= 24 {
            let byte = at(bytes, end);
            if byte.is_ascii_digit() {
                let stop = run(bytes, end, usize::MAX, |byte| byte.is_ascii_digit());
                pieces.push(stop - end);
                digits.extend(bytes.get(end..stop).unwrap_or(&[]).iter().take(25));
                (end, last) = (stop, stop);
            } else if end == from && byte == b'+' || parts(byte) && run(bytes, end, 3, parts) - end < 3 {
                end += 1;
            } else {
                break;
            }
        }
        let stands = !before(bytes, from).is_ascii_alphanumeric()
            && !matches!(before(bytes, from), b'_' | b'.' | b'-' | b'/' | b'=' | b'#' | b'$' | b':' | b'%')
            && !at(bytes, last).is_ascii_alphanumeric()
            && !matches!(at(bytes, last), b'_' | b':' | b'%');
        let written = text.get(from..last).unwrap_or_default();
        if stands && (international(written, &digits, &pieces) || national(written, &digits, &pieces)) {
            let normal = format!("phone:{}", String::from_utf8_lossy(&digits));
            hits.add_as(text, (from, last), Kind::Phone, "", Some(normal));
        }
        from = end.max(from + 1);
    }
}

/// `+49 30 1234567`: 8 to 15 digits after the sign, the first of them no zero.
fn international(written: &str, digits: &[u8], pieces: &[usize]) -> bool {
    let after = match digits {
        [b'0', b'0', rest @ ..] if pieces.len() >= 2 && pieces.first().is_some_and(|piece| *piece <= 5) => rest,
        _ if written.starts_with('+') => digits,
        _ => return false,
    };
    (8..=15).contains(&after.len()) && after.first() != Some(&b'0') && pieces.len() <= 8 && !written.contains("..")
}

/// National forms that are hardly anything else: `(415) 555-2671`, `415-555-2671`, `030 1234567`, `01 23 45 67 89`.
fn national(written: &str, digits: &[u8], pieces: &[usize]) -> bool {
    let code = |at: usize| digits.get(at).is_some_and(|digit| (b'2'..=b'9').contains(digit));
    let zero = digits.first() == Some(&b'0') && digits.get(1) != Some(&b'0');
    let bracket = written.starts_with('(') && written.contains(')');
    let plain = |allowed: &[u8]| written.bytes().all(|byte| byte.is_ascii_digit() || allowed.contains(&byte));
    match (digits.len(), pieces) {
        // North America. With dots or dashes throughout, or the area in brackets.
        (10, [3, 3, 4]) if code(0) && code(3) => bracket || plain(b"-") || plain(b".") || plain(b" "),
        (11, [1, 3, 3, 4]) if digits.first() == Some(&b'1') && code(1) && code(4) => true,
        // A leading zero, then an area and a number: Europe and much of the rest.
        (9..=12, [3..=5, rest @ ..]) if zero => {
            let grouped = !rest.is_empty() && rest.len() <= 4 && rest.iter().all(|piece| (2..=8).contains(piece));
            grouped && plain(b" /-()") && rest.iter().sum::<usize>() >= 5
        }
        (10, [2, 2, 2, 2, 2]) if zero => plain(b" ") || plain(b"."),
        (9..=13, [2..=6, ..]) if bracket && zero => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::hit::stretches_by;

    fn found(text: &str) -> Vec<&str> {
        stretches_by(text, find)
    }

    #[test]
    fn numbers_that_people_can_be_called_by() {
        for yes in [
            "+49 30 901820",
            "+1 (415) 555-2671",
            "+44 20 7946 0958",
            "0049 30 901820",
            "+33 1 42 68 53 00",
            "(415) 555-2671",
            "415-555-2671",
            "415.555.2671",
            "1-800-555-0199",
            "030 901820",
            "0171 1234567",
            "020 7946 0958",
            "01 42 68 53 00",
            "+4915112345678",
            "089/123456",
        ] {
            assert_eq!(found(&format!("call {yes}, please")), [yes]);
        }
    }

    #[test]
    fn numbers_that_are_something_else() {
        for no in [
            "1772442904312004511",
            "2026-03-02T09:15:04",
            "2026-03-02 09:15:04",
            "1.2.3",
            "10.20.30.40",
            "v2.14.0",
            "order 100-2000-30",
            "4111 1111 1111 1111",
            "123-45-678",
            "3.14159265358979",
            "12,345,678",
            "+1",
            "+100",
            "0.123456789",
            "00000000",
            "1 000 000",
            "call_0301234567",
            "100 200 300",
            "2024.10.11.123",
            "0 1 2 3 4 5 6 7 8 9",
            "5551234567",
        ] {
            assert_eq!(found(no), Vec::<&str>::new(), "{no}");
        }
    }
}
