//! The last touches to dist/index.html: the Content-Security-Policy, and versions for the files whose names Trunk does
//! not hash. Then the service worker learns which files there are.

use super::hash::Hash;
use crate::Outcome;
use crate::project::Project;
use std::fs;
use std::path::Path;

/// What the page may do. `connect-src 'self'` is the promise that nothing opened here can leave, in a form the browser
/// enforces. The workers come from blob: addresses, because the engine is fetched once and each document gets a worker
/// of its own. The same policy stands in .docker/nginx.conf.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; \
     style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
     base-uri 'self'; form-action 'none'";

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

/// Small scripts of the page, under one version: the page names the first two, and the second the others.
const SCRIPTS: &[&str] = &["boot.js", "install.js", "parcels.js", "open-from.js"];

/// The frame's side, which has a version: the page names it.
const FRAME: &[&str] = &["chaindebug-frame.js"];

const WORKER: &str = "service-worker.js";

/// Finishes the page in dist/.
pub(super) fn finish(project: &Project) -> Outcome {
    let dist = project.dist();
    let versions = Versions {
        engine: hash_of(&dist, &[ENGINE, FULL].concat())?,
        scripts: hash_of(&dist, SCRIPTS)?,
        editor: hash_of(&dist, EDITOR)?,
        frame: hash_of(&dist, FRAME)?,
    };
    let path = dist.join("index.html");
    let html = versioned(&read(&path)?, &versions)?;
    // The worker is hashed without its list, and so is the page without the build's name: both hang on this.
    let names = kept(&dist)?;
    let mut build = Hash::new();
    build.add(html.as_bytes());
    for name in &names {
        build.add(name.as_bytes());
        build.add(&bytes(&dist.join(name))?);
    }
    build.add(&bytes(&dist.join(WORKER))?);
    let build = build.text();
    write(&path, &replace_once(&html, &meta("chaindebug-build", "dev"), &meta("chaindebug-build", &build))?)?;
    let asked: Vec<String> = names.iter().map(|name| versions.asked(name)).collect();
    let worker = dist.join(WORKER);
    write(&worker, &filled(&read(&worker)?, &build, &asked)?)
}

/// What is added to the addresses of files whose names hold no hash.
struct Versions {
    engine: String,
    scripts: String,
    editor: String,
    frame: String,
}

impl Versions {
    /// A file's name as the page asks for it.
    fn asked(&self, name: &str) -> String {
        let parts = [
            (ENGINE, &self.engine),
            (FULL, &self.engine),
            (SCRIPTS, &self.scripts),
            (EDITOR, &self.editor),
            (FRAME, &self.frame),
        ];
        let found = parts.iter().find(|(names, _)| names.contains(&name));
        found.map_or_else(|| name.to_owned(), |(_, version)| format!("{name}?v={version}"))
    }
}

fn versioned(html: &str, versions: &Versions) -> Outcome<String> {
    let charset = "<meta charset=\"utf-8\" />";
    // Before anything the policy governs, and after the one element that must come first.
    let policy = format!("{charset}\n    <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\" />");
    let html = replace_once(html, charset, &policy)?;
    let html = replace_once(&html, &meta("chaindebug-engine", "dev"), &meta("chaindebug-engine", &versions.engine))?;
    let html =
        replace_once(&html, "chaindebug-editor.js?v=dev\"", &format!("{}\"", versions.asked("chaindebug-editor.js")))?;
    let html =
        replace_once(&html, "chaindebug-frame.js?v=dev\"", &format!("{}\"", versions.asked("chaindebug-frame.js")))?;
    let html = replace_once(&html, "\"install.js?v=dev\"", &format!("\"{}\"", versions.asked("install.js")))?;
    replace_once(&html, "boot.js\"", &format!("{}\"", versions.asked("boot.js")))
}

fn meta(name: &str, content: &str) -> String {
    format!("<meta name=\"{name}\" content=\"{content}\" />")
}

/// The service worker with the name of the build and its files, as the page asks for them.
fn filled(worker: &str, build: &str, asked: &[String]) -> Outcome<String> {
    let list: Vec<String> = asked.iter().map(|name| format!("\"{name}\"")).collect();
    let worker = replace_once(worker, "const BUILD = \"dev\";", &format!("const BUILD = \"{build}\";"))?;
    replace_once(&worker, "const FILES = [];", &format!("const FILES = [\n  \"./\",\n  {},\n];", list.join(",\n  ")))
}

/// What the service worker keeps, in order: all but the page, which goes by its folder's name, and itself. What lies
/// below other folders is fetched by nobody but a reader of this project.
fn kept(dist: &Path) -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    for folder in ["", "icons", "samples"] {
        let path = dist.join(folder);
        let entries = fs::read_dir(&path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))?;
        let files = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
        names.extend(files.map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            if folder.is_empty() { name } else { format!("{folder}/{name}") }
        }));
    }
    let never = |name: &str| {
        ["index.html", WORKER].contains(&name)
            || ONE_FILE.contains(&name)
            || name.ends_with(".md")
            || super::packed(name)
    };
    names.retain(|name| !never(name));
    names.sort_unstable();
    Ok(names)
}

fn hash_of(dist: &Path, names: &[&str]) -> Outcome<String> {
    let mut hash = Hash::new();
    for name in names {
        hash.add(&bytes(&dist.join(name))?);
    }
    Ok(hash.text())
}

fn bytes(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))
}

fn read(path: &Path) -> Outcome<String> {
    Ok(String::from_utf8_lossy(&bytes(path)?).into_owned())
}

fn write(path: &Path, text: &str) -> Outcome {
    fs::write(path, text).map_err(|error| format!("{} cannot be written: {error}.", path.display()))
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

    fn versions() -> Versions {
        let [engine, scripts, editor, frame] = ["0123", "4567", "89ab", "cdef"].map(str::to_owned);
        Versions { engine, scripts, editor, frame }
    }

    #[test]
    fn the_source_page_can_be_finished() {
        let html = versioned(&bundled(), &versions()).unwrap();
        assert!(html.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src"));
        assert!(html.contains("name=\"chaindebug-engine\" content=\"0123\""));
        assert!(html.contains("src=\"./boot.js?v=4567\""));
        assert!(html.contains("href=\"install.js?v=4567\""));
        assert!(html.contains("href=\"chaindebug-editor.js?v=89ab\""));
        assert!(html.contains("content=\"chaindebug-frame.js?v=cdef\""));
        assert_eq!(html.matches(&meta("chaindebug-build", "dev")).count(), 1);
    }

    #[test]
    fn a_page_is_never_finished_twice_or_without_its_places() {
        let once = versioned(&bundled(), &versions()).unwrap();
        assert!(versioned(&once, &versions()).is_err());
        assert!(versioned("<html></html>", &versions()).is_err());
    }

    #[test]
    fn the_service_worker_asks_as_the_page_does() {
        let source = include_str!("../../../public/service-worker.js");
        let names = ["boot.js", "chaindebug-wasm.js", "icon.svg"].map(|name| versions().asked(name));
        let worker = filled(source, "ab", &names).unwrap();
        assert!(worker.contains("const BUILD = \"ab\";"));
        assert!(
            worker.contains("\"./\",\n  \"boot.js?v=4567\",\n  \"chaindebug-wasm.js?v=0123\",\n  \"icon.svg\",\n];")
        );
        assert!(filled(&worker, "ab", &names).is_err());
    }

    #[test]
    fn the_server_of_the_image_sends_the_same_policy() {
        let server = include_str!("../../../.docker/nginx.conf");
        assert!(server.contains(&format!("add_header Content-Security-Policy \"{POLICY}; frame-ancestors")));
    }
}
