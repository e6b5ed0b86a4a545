//! The last touches to dist/index.html: the Content-Security-Policy, and versions for the files whose names Trunk does
//! not hash.

use crate::Outcome;
use crate::project::Project;
use std::fs;
use std::path::PathBuf;

/// What the page may do. `connect-src 'self'` is the promise that nothing opened here can leave, in a form the browser
/// enforces. The workers come from blob: addresses, because the engine is fetched once and each document gets a worker
/// of its own. The same policy stands in .docker/nginx.conf.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; \
     style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'self'; \
     form-action 'none'";

/// The files of the engine that reads traces: fetched by the page when it starts, with `?v=` and the version in the page's
/// `chaindebug-engine` element.
pub(super) const ENGINE: &[&str] = &["chaindebug-traces.js", "chaindebug-traces_bg.wasm", "engine-worker.js"];

/// The files of the full engine: fetched in the same way when a file or a question needs it.
pub(super) const FULL: &[&str] = &["chaindebug-wasm.js", "chaindebug-wasm_bg.wasm"];

/// The text editor: fetched ahead under the address in the page's `chaindebug-editor` element, and run when it is needed.
pub(super) const EDITOR: &[&str] = &["chaindebug-editor.js"];

/// The page in a frame: the element for other pages, the same as a module, and the frame's side. The first two have no
/// version in their addresses, because other people write them down.
pub(super) const EMBED: &[&str] = &["chain-debug.js", "chain-debug.mjs", "chaindebug-frame.js"];

/// The page and the full engine in one HTML file: fetched when somebody wants to hand a run on as such a file.
pub(super) const ONE_FILE: &[&str] = &["chaindebug.html"];

/// Finishes the page in dist/.
pub(super) fn finish(project: &Project) -> Outcome {
    let dist = project.dist();
    let read = |path: PathBuf| fs::read(&path).map_err(|error| format!("{} cannot be read: {error}.", path.display()));
    let mut engine = Hash::new();
    for name in ENGINE.iter().chain(FULL) {
        engine.add(&read(dist.join(name))?);
    }
    let mut boot = Hash::new();
    boot.add(&read(dist.join("boot.js"))?);
    let mut editor = Hash::new();
    for name in EDITOR {
        editor.add(&read(dist.join(name))?);
    }
    let mut frame = Hash::new();
    frame.add(&read(dist.join("chaindebug-frame.js"))?);
    let path = dist.join("index.html");
    let html = String::from_utf8_lossy(&read(path.clone())?).into_owned();
    let html = finished(&html, &engine.text(), &boot.text(), &editor.text(), &frame.text())?;
    fs::write(&path, html).map_err(|error| format!("{} cannot be written: {error}.", path.display()))
}

fn finished(html: &str, engine: &str, boot: &str, editor: &str, frame: &str) -> Outcome<String> {
    let charset = "<meta charset=\"utf-8\" />";
    // Before anything the policy governs, and after the one element that must come first.
    let policy = format!("{charset}\n    <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\" />");
    let html = replace_once(html, charset, &policy)?;
    let version = |text: &str| format!("<meta name=\"chaindebug-engine\" content=\"{text}\" />");
    let html = replace_once(&html, &version("dev"), &version(engine))?;
    let html = replace_once(&html, "chaindebug-editor.js?v=dev\"", &format!("chaindebug-editor.js?v={editor}\""))?;
    let html = replace_once(&html, "chaindebug-frame.js?v=dev\"", &format!("chaindebug-frame.js?v={frame}\""))?;
    replace_once(&html, "boot.js\"", &format!("boot.js?v={boot}\""))
}

/// The replacement must find its one place: a page without its policy must not be built in silence.
fn replace_once(text: &str, from: &str, to: &str) -> Outcome<String> {
    match text.matches(from).count() {
        1 => Ok(text.replacen(from, to, 1)),
        count => Err(format!(
            "app/index.html should hold `{from}` once, and holds it {count} times; see xtask/src/build/page.rs."
        )),
    }
}

/// FNV-1a, 64 bits: tells builds apart in an address. Nothing rests on it being hard to forge.
struct Hash(u64);

impl Hash {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn text(&self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = include_str!("../../../app/index.html");
    const TRUNK: &str = include_str!("../../../app/Trunk.toml");

    /// The source page with the script line that Trunk would write into it.
    fn bundled() -> String {
        let line = TRUNK.lines().find_map(|line| line.strip_prefix("pattern_script = ")).unwrap();
        SOURCE.replace("</head>", &format!("{}</head>", line.trim_matches('\'').replace("{base}", "./")))
    }

    #[test]
    fn the_source_page_can_be_finished() {
        let html = finished(&bundled(), "0123", "4567", "89ab", "cdef").unwrap();
        assert!(html.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src"));
        assert!(html.contains("name=\"chaindebug-engine\" content=\"0123\""));
        assert!(html.contains("src=\"./boot.js?v=4567\""));
        assert!(html.contains("href=\"chaindebug-editor.js?v=89ab\""));
        assert!(html.contains("content=\"chaindebug-frame.js?v=cdef\""));
    }

    #[test]
    fn a_page_is_never_finished_twice_or_without_its_places() {
        let once = finished(&bundled(), "0123", "4567", "89ab", "cdef").unwrap();
        assert!(finished(&once, "0123", "4567", "89ab", "cdef").is_err());
        assert!(finished("<html></html>", "0123", "4567", "89ab", "cdef").is_err());
    }

    #[test]
    fn the_server_of_the_image_sends_the_same_policy() {
        let server = include_str!("../../../.docker/nginx.conf");
        assert!(server.contains(&format!("add_header Content-Security-Policy \"{POLICY}\" always;")));
    }

    #[test]
    fn hash_is_the_published_function() {
        let mut hash = Hash::new();
        hash.add(b"foobar");
        assert_eq!(hash.text(), "85944171f73967e8");
    }
}
