//! The names of users in the paths of their home folders.

use super::ascii::{at, before, run};
use super::hit::Hits;
use super::kinds::Kind;

/// Where home folders stand. The separator may be written twice, as in a program's text.
const ROOTS: [&str; 3] = ["home", "Users", "users"];

/// Names that are nobody's.
const NOBODY: [&str; 48] = [
    "user",
    "users",
    "username",
    "root",
    "admin",
    "administrator",
    "runner",
    "runneradmin",
    "ubuntu",
    "debian",
    "centos",
    "ec2-user",
    "azureuser",
    "vagrant",
    "node",
    "app",
    "appuser",
    "web",
    "www",
    "www-data",
    "nobody",
    "shared",
    "public",
    "default",
    "guest",
    "jovyan",
    "vscode",
    "codespace",
    "gitpod",
    "circleci",
    "travis",
    "jenkins",
    "docker",
    "postgres",
    "build",
    "builder",
    "deploy",
    "me",
    "you",
    "name",
    "your-name",
    "yourname",
    "test",
    "linuxbrew",
    "all",
    "all users",
    "sandbox",
    "ci",
];

/// Finds the name after `/home/`, `/Users/` and `C:\Users\`.
pub(crate) fn find(text: &str, hits: &mut Hits) {
    let bytes = text.as_bytes();
    let slash = |byte: u8| matches!(byte, b'/' | b'\\');
    for root in ROOTS {
        for found in memchr::memmem::find_iter(bytes, root.as_bytes()) {
            let separator = before(bytes, found);
            let after = found + root.len();
            let start = run(bytes, after, 4, slash);
            if !slash(separator) || start == after || start - after > 2 && at(bytes, after) == b'/' {
                continue;
            }
            // On Windows a drive or a share stands before; elsewhere `/home` begins a path, or follows a mount.
            let lead = super::ascii::run_back(bytes, found, 4, slash);
            let drive = before(bytes, lead) == b':';
            let begins = !super::ascii::word(before(bytes, lead)) || drive;
            let mounted = text.get(..lead).is_some_and(|head| {
                ["/mnt/c", "/Volumes/Data", "/host", "/private", "file:"].iter().any(|end| head.ends_with(end))
            });
            if !(begins || mounted) || root == "users" && !(drive || separator == b'\\') {
                continue;
            }
            let end = run(bytes, start, 64, |byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'%') || byte >= 0x80
            });
            name(text, (start, end), hits);
        }
    }
    dashed(text, bytes, hits);
}

/// `-Users-NAME-` and `-home-NAME-`: paths that were made into the name of a folder.
fn dashed(text: &str, bytes: &[u8], hits: &mut Hits) {
    for root in ["-Users-", "-home-"] {
        for found in memchr::memmem::find_iter(bytes, root.as_bytes()) {
            if !before(bytes, found).is_ascii_alphanumeric() {
                let start = found + root.len();
                let end = run(bytes, start, 64, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
                name(text, (start, end), hits);
            }
        }
    }
}

fn name(text: &str, (start, end): (usize, usize), hits: &mut Hits) {
    let name = text.get(start..end).unwrap_or_default().trim_end_matches(['.', '-', '%']);
    let lower = name.to_lowercase();
    let letters = lower.chars().any(char::is_alphabetic);
    // `user-1` is what a name was replaced by.
    let replaced = lower.strip_prefix("user-").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    if name.is_empty() || !letters || replaced || NOBODY.contains(&lower.as_str()) || lower.ends_with(".json") {
        return;
    }
    hits.add_as(text, (start, start + name.len()), Kind::UserName, "", Some(format!("user:{lower}")));
}

/// Whether a user's name may be looked for outside of paths: a short one, or a common word, stands for other things.
pub(crate) fn is_telling(name: &str) -> bool {
    const COMMON: [&str; 40] = [
        "data",
        "code",
        "main",
        "file",
        "files",
        "text",
        "name",
        "role",
        "tool",
        "tools",
        "model",
        "agent",
        "input",
        "output",
        "system",
        "message",
        "content",
        "assistant",
        "token",
        "tokens",
        "work",
        "workspace",
        "project",
        "projects",
        "mark",
        "will",
        "grace",
        "hope",
        "rose",
        "dawn",
        "chase",
        "drew",
        "frank",
        "bill",
        "rich",
        "page",
        "june",
        "april",
        "summer",
        "demo",
    ];
    name.chars().count() >= 4 && !COMMON.contains(&name.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::hit::stretches_by;

    fn found(text: &str) -> Vec<&str> {
        stretches_by(text, find)
    }

    #[test]
    fn names_in_paths_of_three_systems() {
        assert_eq!(found("/home/mvogt/src/a.py"), ["mvogt"]);
        assert_eq!(found("open '/Users/ana.lopes/Desktop'"), ["ana.lopes"]);
        assert_eq!(found(r"C:\Users\Jörg\x and D:\\Users\\kim\\y"), ["Jörg", "kim"]);
        assert_eq!(found("file:///home/mvogt/x, -Users-mvogt-code-app"), ["mvogt", "mvogt"]);
        for no in [
            "/home/runner/work",
            "/users/42",
            "https://x.org/users/mvogt",
            "src/home/index.ts",
            "/home",
            "/Users/user-1/x",
            "~/x",
        ] {
            assert_eq!(found(no), Vec::<&str>::new(), "{no}");
        }
    }
}
