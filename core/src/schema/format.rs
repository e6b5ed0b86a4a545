//! The formats of strings that are common beside pipelines: an example of each, and whether a text could be one.

/// An example; `None` for a format that is not known.
pub(super) fn example(format: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => "2024-01-01T09:00:00Z",
        "date" => "2024-01-01",
        "time" => "09:00:00Z",
        "duration" => "PT1H",
        "email" | "idn-email" => "someone@example.com",
        "uri" | "url" | "iri" => "https://example.com/",
        "uri-reference" | "iri-reference" => "/page",
        "hostname" | "idn-hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uuid" => "123e4567-e89b-42d3-a456-426614174000",
        _ => return None,
    })
}

/// Whether a text could be of this format; formats that are not known take any text.
pub(super) fn fits(format: &str, text: &str) -> bool {
    match format {
        "date-time" => {
            let split = text.split_once(['T', 't', ' ']);
            split.is_some_and(|(date, time)| is_date(date) && is_time(time))
        }
        "date" => is_date(text),
        "time" => is_time(text),
        "duration" => text.starts_with('P') && text.len() > 1,
        "email" | "idn-email" => {
            let split = text.rsplit_once('@');
            split
                .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !text.contains(char::is_whitespace))
        }
        "uri" | "url" | "iri" => {
            let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
            let mut letters = scheme.chars();
            letters.next().is_some_and(|first| first.is_ascii_alphabetic())
                && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
                && !text.contains(char::is_whitespace)
        }
        "ipv4" => text.parse::<std::net::Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<std::net::Ipv6Addr>().is_ok(),
        "uuid" => {
            let groups: Vec<&str> = text.split('-').collect();
            groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
                && groups.iter().all(|group| group.chars().all(|c| c.is_ascii_hexdigit()))
        }
        _ => true,
    }
}

/// Whether `text` has the form of `pattern`, where 0 stands for any digit.
fn like(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(a, b)| if b == b'0' { a.is_ascii_digit() } else { a == b })
}

fn is_date(text: &str) -> bool {
    let part = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u8>().ok()).unwrap_or(0);
    like(text, "0000-00-00") && (1..=12).contains(&part(5, 7)) && (1..=31).contains(&part(8, 10))
}

fn is_time(text: &str) -> bool {
    let Some((clock, rest)) = text.split_at_checked(8) else { return false };
    let rest = rest.strip_prefix('.').map_or(rest, |part| part.trim_start_matches(|c: char| c.is_ascii_digit()));
    let zone = rest.strip_prefix(['+', '-']).map(|zone| like(zone, "00:00"));
    like(clock, "00:00:00") && (matches!(rest, "Z" | "z") || zone == Some(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_of_its_format() {
        for format in ["date-time", "date", "time", "duration", "email", "uri", "ipv4", "ipv6", "uuid", "hostname"] {
            assert!(example(format).is_some_and(|text| fits(format, text)), "{format}");
        }
        for (format, text) in [
            ("date-time", "2024-01-01"),
            ("date", "2024-13-01"),
            ("time", "9:00"),
            ("email", "nobody"),
            ("uri", "no scheme"),
            ("ipv4", "1.2.3"),
            ("uuid", "é23e4567-e89b-42d3-a456-426614174000"),
            ("time", "09:00:0é"),
        ] {
            assert!(!fits(format, text), "{format} {text}");
        }
        assert!(fits("date-time", "2024-01-01T09:00:00.123+02:00") && fits("colour", "anything"));
    }
}
