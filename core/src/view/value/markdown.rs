//! Whether a text was probably written as Markdown. A guess from its first lines; showing it is the page's work.

/// How much of a text is looked at.
const LOOKED_AT: usize = 16 << 10;

/// Whether a text carries at least two signs of Markdown, or one that nothing else looks like.
pub fn looks_like_markdown(text: &str) -> bool {
    let head = crate::view::cut(text, LOOKED_AT);
    let (mut sure, mut signs) = (0, 0);
    for line in head.lines() {
        let line = line.trim_start();
        let hashes = line.bytes().take_while(|&byte| byte == b'#').count();
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let after_digits = line.get(digits..).unwrap_or("");
        if line.starts_with("```") || line.starts_with("|-") || line.starts_with("| -") || line.starts_with("|:") {
            sure += 1;
        } else {
            let heading = (1..=6).contains(&hashes) && line.get(hashes..).is_some_and(|rest| rest.starts_with(' '));
            let item = ["- ", "* ", "> "].iter().any(|mark| line.starts_with(mark));
            let numbered = (1..=3).contains(&digits) && after_digits.starts_with(". ");
            signs += usize::from(heading || item || numbered);
        }
        signs +=
            usize::from(paired(line, "**")) + usize::from(line.contains("](http")) + usize::from(paired(line, "`"));
    }
    sure >= 1 || signs >= 2
}

/// Whether a mark stands around some text in this line.
fn paired(line: &str, mark: &str) -> bool {
    let mut parts = line.split(mark).skip(1);
    parts.next().is_some_and(|inside| !inside.is_empty() && !inside.starts_with(' ')) && parts.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::looks_like_markdown;

    #[test]
    fn tells_markdown_from_plain_text_and_logs() {
        for yes in [
            "# Title\n\nSome **bold** words.",
            "Steps:\n1. one\n2. two",
            "```rust\nfn main() {}\n```",
            "| a | b |\n|---|---|\n| 1 | 2 |",
        ] {
            assert!(looks_like_markdown(yes), "{yes}");
        }
        for no in [
            "",
            "Just a sentence.",
            "2026-11-21 10:00:01 INFO started\n2026-11-21 10:00:02 INFO done",
            "#!/bin/sh\n# run\nexit 0".split_at(9).0,
            "2 ** 3 ** 2",
        ] {
            assert!(!looks_like_markdown(no), "{no}");
        }
    }
}
