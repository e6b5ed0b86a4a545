//! Looks for the page as one HTML file, which `chaindebug html` fills with a run: the file that `CHAINDEBUG_PAGE` names,
//! else the one of a build in dist/. Where there is none, the program asks for it (`--page`).

use std::env;
use std::path::PathBuf;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(with_page)");
    println!("cargo::rerun-if-env-changed=CHAINDEBUG_PAGE");
    println!("cargo::rerun-if-changed=build.rs");
    let beside = env::var_os("CARGO_MANIFEST_DIR").map(|own| PathBuf::from(own).join("../dist/chaindebug.html"));
    let named = env::var_os("CHAINDEBUG_PAGE").map(PathBuf::from);
    let Some(page) = named.or(beside).and_then(|page| page.canonicalize().ok()) else { return };
    println!("cargo::rerun-if-changed={}", page.display());
    println!("cargo::rustc-env=CHAINDEBUG_PAGE_FILE={}", page.display());
    println!("cargo::rustc-cfg=with_page");
}
