//! JSON paths as they are shown and copied: `$.messages[3].content`, and ` → $` where a string was read as JSON.

/// Appends a member: `.name`, or `["a name"]` where it is not a plain word.
pub fn push_key(path: &mut String, key: &str) {
    let mut chars = key.chars();
    let plain = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain {
        path.push('.');
        path.push_str(key);
    } else {
        path.push('[');
        path.push_str(&crate::json::quoted(key));
        path.push(']');
    }
}

/// Appends an item: `[3]`.
pub fn push_index(path: &mut String, index: u32) {
    path.push('[');
    path.push_str(&index.to_string());
    path.push(']');
}

/// Appends the step from a string to the JSON it holds.
pub fn push_decoded(path: &mut String) {
    path.push_str(" → $");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_is_not_a_word() {
        let mut path = "$".to_owned();
        push_key(&mut path, "messages");
        push_index(&mut path, 3);
        push_key(&mut path, "gen_ai.usage");
        push_decoded(&mut path);
        push_key(&mut path, "");
        push_key(&mut path, "a\"b");
        assert_eq!(path, r#"$.messages[3]["gen_ai.usage"] → $[""]["a\"b"]"#);
    }
}
