//! Where the project's files are, and the PATH its commands run with.

use crate::Outcome;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The project on this machine.
#[derive(Debug)]
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    /// Finds the project that `cargo xtask` was called in.
    pub(crate) fn find() -> Outcome<Self> {
        // Asked for when running, not when compiling: work trees may share one target folder.
        let manifest = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = manifest.as_deref().and_then(Path::parent).map(Path::to_path_buf);
        root.map(|root| Self { root }).ok_or_else(|| "Call this as `cargo xtask` inside the project.".to_owned())
    }

    /// The top folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside the project.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// The release build.
    pub(crate) fn dist(&self) -> PathBuf {
        self.at("dist")
    }

    /// Tools of this project alone, where installing them for the whole account would replace another version.
    pub(crate) fn tools(&self) -> PathBuf {
        self.at(".tools")
    }

    /// PATH with the project's tools first.
    pub(crate) fn search_path(&self) -> OsString {
        let mut folders = vec![self.tools().join("bin"), self.at("tests/node_modules/.bin")];
        let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
        let cargo_home = cargo_home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
        folders.extend(cargo_home.map(|home| home.join("bin")));
        let given = env::var_os("PATH").unwrap_or_default();
        folders.extend(env::split_paths(&given));
        // Only a folder with a separator in its name cannot be joined; the given PATH is the best there is then.
        env::join_paths(folders).unwrap_or(given)
    }

    /// The full path of a command, when it is on PATH.
    pub(crate) fn which(&self, command: &str) -> Option<PathBuf> {
        env::split_paths(&self.search_path()).map(|folder| folder.join(command)).find(|path| path.is_file())
    }

    /// The version of a crate in `Cargo.lock`.
    pub(crate) fn locked_version(&self, name: &str) -> Outcome<String> {
        let lock = self.at("Cargo.lock");
        let text =
            std::fs::read_to_string(&lock).map_err(|error| format!("{} cannot be read: {error}.", lock.display()))?;
        version_in(&text, name).ok_or_else(|| format!("{} does not name {name}.", lock.display()))
    }
}

fn version_in(lock: &str, name: &str) -> Option<String> {
    let after = lock.split(&format!("name = \"{name}\"\nversion = \"")).nth(1)?;
    after.split('"').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_is_the_one_of_exactly_that_crate() {
        let lock =
            "[[package]]\nname = \"a-b\"\nversion = \"9.0.0\"\n\n[[package]]\nname = \"a\"\nversion = \"1.2.3\"\n";
        assert_eq!(version_in(lock, "a").as_deref(), Some("1.2.3"));
        assert_eq!(version_in(lock, "b"), None);
    }
}
