//! JSON on one line.

/// The value with `, ` and `: ` and no other space outside of strings; bytes that are not UTF-8 become U+FFFD.
pub fn compact(value: &[u8]) -> String {
    let mut out = Vec::with_capacity(value.len());
    let mut inside = false;
    let mut escaped = false;
    for &byte in value {
        if inside {
            out.push(byte);
            inside = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b' ' | b'\n' | b'\r' | b'\t' => {}
            b',' | b':' => out.extend([byte, b' ']),
            _ => {
                inside = byte == b'"';
                out.push(byte);
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touches_nothing_within_strings() {
        let text = "{\r\n  \"a , b\\\" : c\" :[ 1 ,\t2.50 ] ,\"d\\\\\": { } }";
        assert_eq!(compact(text.as_bytes()), r#"{"a , b\" : c": [1, 2.50], "d\\": {}}"#);
    }
}
