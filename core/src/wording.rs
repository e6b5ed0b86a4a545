//! Words that messages of every part share. What a message says belongs to the part that says it.

/// `1 step`, `3 steps`.
pub(crate) fn counted(count: impl Into<u64>, one: &str, many: &str) -> String {
    let count = count.into();
    format!("{count} {}", if count == 1 { one } else { many })
}
