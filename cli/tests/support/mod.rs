//! Runs the built program, and small files for it to read. Not a test itself.

// Each test program uses its own part of this.
#![allow(dead_code)]
// A helper of tests fails as a test does; clippy knows only functions marked as tests.
#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the program did.
pub(crate) struct Ran {
    /// Exit status.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Ran {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("not JSON ({error}): {}\n{}", self.out, self.err))
    }
}

/// Runs the program with arguments and standard input.
pub(crate) fn chaindebug_with(arguments: &[&str], input: &[u8]) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_chaindebug"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may end before it has read anything.
    let _ = child.stdin.take().unwrap().write_all(input);
    let done = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: done.status.code().unwrap_or(-1), out: text(done.stdout), err: text(done.stderr) }
}

/// Runs the program with arguments.
pub(crate) fn chaindebug(arguments: &[&str]) -> Ran {
    chaindebug_with(arguments, b"")
}

/// A folder of the test's own, removed at the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// A new folder; `name` must be the test's own.
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("chaindebug-cli-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    /// Writes a file and returns its path as an argument.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// A path in the folder as an argument.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The project's own folder.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// A run in ChainDebug's own format: three steps, one of them with an error.
pub(crate) const OWN: &str = r#"{"chaindebug":1,"run":{"id":"q-1042","name":"Return a lamp"}}
{"id":"9007199254740993","name":"answer","kind":"agent","start":"2026-03-02T09:15:04.000000001Z","end":"2026-03-02T09:15:06.95Z","status":"ok","input":"May I return a lamp?","output":{"text":"Yes, within 30 days.","n":9007199254740993}}
{"id":"2","parent":"9007199254740993","name":"write","kind":"llm","start":"2026-03-02T09:15:04.1Z","end":"2026-03-02T09:15:05Z","status":"ok","model":"small-chat-2","usage":{"input_tokens":212,"output_tokens":9}}
{"id":"3","parent":"9007199254740993","name":"refund","kind":"tool","start":"2026-03-02T09:15:05.1Z","end":"2026-03-02T09:15:05.2Z","error":{"type":"Denied","message":"No receipt"},"input":{"order": 7,  "note":"\u00e9 ü\n"}}
"#;

/// Two Jaeger spans, the second with an error.
pub(crate) const JAEGER: &str = r#"{"data":[{"traceID":"5c9b1f00000000a1","spans":[
{"traceID":"5c9b1f00000000a1","spanID":"a1","operationName":"GET /order","references":[],"startTime":1763694942056666,"duration":1500,"tags":[],"logs":[],"processID":"p1"},
{"traceID":"5c9b1f00000000a1","spanID":"b2","operationName":"SELECT","references":[{"refType":"CHILD_OF","traceID":"5c9b1f00000000a1","spanID":"a1"}],"startTime":1763694942056700,"duration":900,"tags":[{"key":"error","type":"bool","value":true}],"logs":[],"processID":"p1"}],
"processes":{"p1":{"serviceName":"shop","tags":[]}}}]}"#;
