//! Lines that a container engine or its tools wrapped: what they wrap, line by line.

use crate::json::{Lexer, Scalar};

/// The text in the lines of a container log, when its first lines are such, and who wraps lines like that.
pub fn unwrapped(text: &[u8]) -> Option<(Vec<u8>, &'static str)> {
    let first: Vec<&[u8]> = lines(text).filter(|line| !line.trim_ascii().is_empty()).take(2).collect();
    let (of, by) = WRAPS.into_iter().find(|(of, _)| {
        let parts: Vec<Part<'_>> = first.iter().map_while(|line| of(line)).collect();
        let json = |part: &Part<'_>| part.text.iter().any(|b| matches!(b, b'{' | b'['));
        !parts.is_empty()
            && parts.len() == first.len()
            && (parts.iter().any(json) || parts.iter().any(|part| !part.ends))
    })?;
    let mut out = Vec::with_capacity(text.len());
    for line in lines(text) {
        match of(line) {
            Some(part) => {
                out.extend_from_slice(&part.text);
                if part.ends {
                    out.push(b'\n');
                }
            }
            None => {
                out.extend_from_slice(line);
                out.push(b'\n');
            }
        }
    }
    Some((out, by))
}

/// Whether a text whose first line is longer than what is there of it may be a container log.
pub fn begins(head: &[u8]) -> bool {
    !head.contains(&b'\n')
        && [b"{\"log\":".as_slice(), b"{\"log\" :", b"{ \"log\":"].iter().any(|key| head.starts_with(key))
}

type Wrap = (fn(&[u8]) -> Option<Part<'_>>, &'static str);

/// Who wraps, and how it is undone.
const WRAPS: [Wrap; 5] = [
    (docker, "Docker"),
    (interface, "Kubernetes nodes"),
    (composed, "docker compose"),
    (prefixed, "kubectl logs --prefix"),
    (stamped, "times before the lines"),
];

/// What one line wraps.
struct Part<'a> {
    text: std::borrow::Cow<'a, [u8]>,
    /// Whether the line that was wrapped ends here.
    ends: bool,
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|&b| b == b'\n')
}

/// `{"log":"…\n","stream":"stdout",…}`. A long line is split: only its last part ends with a newline.
fn docker(line: &[u8]) -> Option<Part<'_>> {
    let (mut log, mut stream) = (None, false);
    let mut lexer = Lexer::new(line);
    let object = lexer.members(|lexer, key| {
        match (key.is("log"), lexer.scalar()?) {
            (true, Scalar::Str(s)) => log = Some(s.text().into_owned()),
            (false, Scalar::Str(_)) if key.is("stream") => stream = true,
            _ => {}
        }
        Ok(())
    });
    let log = log.filter(|_| stream && object == Ok(true))?;
    Some(Part { text: log.into_bytes().into(), ends: false })
}

/// `2026-01-02T03:04:05.6Z stdout F …`; a part of a long line has a P for the F.
fn interface(line: &[u8]) -> Option<Part<'_>> {
    let mut words = line.splitn(4, |&b| b == b' ');
    let (time, stream, tag) = (words.next()?, words.next()?, words.next()?);
    let dated = time.len() >= 20 && time.first()?.is_ascii_digit() && time.get(10) == Some(&b'T');
    let text = words.next().unwrap_or(&[]);
    let told = dated && matches!(stream, b"stdout" | b"stderr") && matches!(tag, b"F" | b"P");
    told.then(|| Part { text: text.into(), ends: tag == b"F" })
}

/// `web-1  | …`.
fn composed(line: &[u8]) -> Option<Part<'_>> {
    let at = memchr::memchr(b'|', line.get(..line.len().min(120))?)?;
    let name = line.get(..at)?.strip_suffix(b" ")?.trim_ascii_end();
    let named = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let rest = line.get(at + 1..)?;
    let text = rest.strip_prefix(b" ").unwrap_or(rest);
    (!name.is_empty() && name.iter().all(named)).then(|| Part { text: text.into(), ends: true })
}

/// `[pod/name/container] …`, and the time behind it where each line of a document has one.
fn prefixed(line: &[u8]) -> Option<Part<'_>> {
    let rest = line.strip_prefix(b"[")?;
    let close = memchr::memchr(b']', rest.get(..rest.len().min(300))?)?;
    let name = rest.get(..close)?;
    let told = name.starts_with(b"pod/") && !name.contains(&b' ');
    let after = rest.get(close + 1..)?;
    let text = after.strip_prefix(b" ").unwrap_or(after);
    told.then(|| Part { text: unstamped(text).unwrap_or(text).into(), ends: true })
}

/// `2026-01-02T03:04:05.678901234Z …`: `kubectl logs --timestamps`, `docker logs -t`.
fn stamped(line: &[u8]) -> Option<Part<'_>> {
    unstamped(line).map(|text| Part { text: text.into(), ends: true })
}

/// What follows a time with nanoseconds, as container engines write it.
fn unstamped(line: &[u8]) -> Option<&[u8]> {
    let (time, text) = line.split_at_checked(line.iter().position(|&b| b == b' ')?)?;
    let digits = time.strip_suffix(b"Z")?;
    let stamp = (21..=29).contains(&digits.len()) && digits.get(10) == Some(&b'T') && digits.get(19) == Some(&b'.');
    (stamp && digits.first()?.is_ascii_digit()).then(|| text.get(1..).unwrap_or(&[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(log: &str) -> Option<(String, &'static str)> {
        unwrapped(log.as_bytes()).map(|(text, by)| (String::from_utf8_lossy(&text).into_owned(), by))
    }

    #[test]
    fn lines_are_unwrapped_and_parts_joined() {
        let log = "{\"log\":\"{\\\"a\\\":\",\"stream\":\"stdout\"}\n{\"log\":\"1}\\n\",\"stream\":\"stdout\"}\n";
        assert_eq!(text(log), Some(("{\"a\":1}\n\n".to_owned(), "Docker")));
        let log = "2026-01-02T03:04:05.678Z stdout P {\"a\":\n2026-01-02T03:04:05.679Z stdout F 1}\n";
        assert_eq!(text(log), Some(("{\"a\":1}\n\n".to_owned(), "Kubernetes nodes")));
        let log = "web-1  | {\nweb-1  |   \"a\": 1\ndb_2   | }\nother line\n";
        assert_eq!(text(log), Some(("{\n  \"a\": 1\n}\nother line\n\n".to_owned(), "docker compose")));
        let log = "[pod/a-1/main] {\n[pod/a-1/main] }\n";
        assert_eq!(text(log), Some(("{\n}\n\n".to_owned(), "kubectl logs --prefix")));
        let time = "2026-01-02T03:04:05.678901234Z";
        let log = format!("[pod/a-1/main] {time} {{\n[pod/a-1/main] {time}   \"a\": 1\n[pod/a-1/main] {time} }}\n");
        assert_eq!(text(&log), Some(("{\n  \"a\": 1\n}\n\n".to_owned(), "kubectl logs --prefix")));
        let log = format!("{time} [\n{time} 1]\n");
        assert_eq!(text(&log), Some(("[\n1]\n\n".to_owned(), "times before the lines")));
    }

    #[test]
    fn other_lines_are_left_alone() {
        for log in [
            "{\"log\": 1}",
            "a | b\nno pipe\n",
            "[INFO] {}\n[INFO] {}\n",
            "2026-01-02 stdout F x",
            "",
            "|a|b|\n|-|-|\n",
        ] {
            assert_eq!(text(log), None, "{log}");
        }
    }
}
