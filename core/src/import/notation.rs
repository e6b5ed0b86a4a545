//! Texts that are no JSON and can be turned into it: how they are told by their first lines.

/// Lines looked at.
const LINES: usize = 200;

/// A YAML text, by its top keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct YamlKind {
    /// With its article: `an Argo workflow (YAML)`.
    pub(crate) name: &'static str,
    /// Whether the keys are those of a pipeline, so that the text is YAML without doubt.
    pub(crate) sure: bool,
}

/// Whether a text looks like a mapping in YAML, or a list of them.
pub(crate) fn yaml(text: &str) -> Option<YamlKind> {
    let (mut keys, mut lines, mut listed) = (Vec::new(), 0usize, false);
    let mut texts = text.lines().take(LINES).peekable();
    while let Some(line) = texts.next() {
        let body = line.trim_end();
        // The last line may be cut.
        let cut = texts.peek().is_none() && !text.ends_with('\n') && lines > 2;
        if cut || body.is_empty() || body.starts_with(['#', '%']) || matches!(body, "---" | "...") {
            continue;
        }
        lines += 1;
        if body.starts_with([' ', '\t', '-', '}', ']']) {
            listed |= lines == 1 && body.strip_prefix("- ").and_then(key).is_some();
            if lines == 1 && !listed {
                return None;
            }
            continue;
        }
        // `{{- if x }}` of a template.
        if !body.starts_with("{{") {
            keys.push(key(body.strip_prefix("--- ").unwrap_or(body))?);
        }
    }
    if lines < 2 || keys.is_empty() && !listed {
        return None;
    }
    let has = |name: &str| keys.iter().any(|(key, _)| *key == name);
    // The version may stand below a long `metadata`, whose labels name the engine too.
    let argo = keys.iter().any(|(key, value)| *key == "apiVersion" && value.contains("argoproj.io"))
        || has("metadata") && text.contains("argoproj.io/");
    // Of other tools `stages` is a list of names.
    let stages = text.split_once("stages:").is_some_and(|(_, after)| !after.trim_start().starts_with(['-', '[']));
    let name = if argo {
        "an Argo workflow (YAML)"
    } else if has("jobs") && (has("on") || has("true")) {
        "a GitHub Actions workflow (YAML)"
    } else if has("interactions") || has("http_interactions") {
        "YAML"
    } else if has("components") && has("connections") {
        "a Haystack pipeline (YAML)"
    } else if has("stages") && stages {
        "a DVC pipeline (YAML)"
    } else if has("StartAt") && has("States") {
        "a state machine in Amazon States Language (YAML)"
    } else {
        return Some(YamlKind { name: "YAML", sure: false });
    };
    Some(YamlKind { name, sure: true })
}

/// The key and the value of a line `key: value`.
fn key(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = line.split_once(':')?;
    let key = key.trim_end().trim_matches(['"', '\'']);
    let word = key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/'));
    (!key.is_empty() && word && (rest.is_empty() || rest.starts_with([' ', '\t']))).then(|| (key, rest.trim()))
}

/// The beginning of a head as text.
pub(crate) fn beginning(head: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(head.get(..head.len().min(64 << 10)).unwrap_or(head))
}
