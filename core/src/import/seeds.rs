//! Writes what the fuzz targets begin with: a text of every format, before each the bytes by which its target chooses a
//! format and the size of slices. No test of its own; how to run it says `core/fuzz/README.md`.

// A helper of tests fails as a test does; clippy knows only functions marked as tests.
#![allow(clippy::unwrap_used)]

use super::{Format, Probe, damage_tests::fixtures};
use std::fs;
use std::path::{Path, PathBuf};

/// Files larger than this teach a fuzzer nothing that smaller ones do not, and are slow to change.
const LARGEST: usize = 150_000;

/// The targets that read a text as the formats of one family.
const FAMILIES: [(&str, &[Format]); 9] = [
    ("agents", super::agents::FORMATS),
    ("platforms", super::platforms::FORMATS),
    ("frameworks", super::frameworks::FORMATS),
    ("workflows", super::workflows::FORMATS),
    ("pipelines", super::pipelines::FORMATS),
    ("coditect", super::coditect::FORMATS),
    ("conversations", super::conversations::FORMATS),
    ("traces", super::traces::FORMATS),
    ("ia_modules", super::ia_modules::FORMATS),
];

/// Slices of 2 to the power of this: a small text in one, and in many.
const SLICES: [u8; 2] = [20, 6];

#[test]
#[ignore = "writes files: cargo test -p chaindebug-core --lib fuzz_seeds -- --ignored"]
fn fuzz_seeds() {
    let Some(out) = std::env::var_os("CHAINDEBUG_SEEDS").map(PathBuf::from) else {
        panic!("CHAINDEBUG_SEEDS names the folder to write to");
    };
    let mut texts: Vec<Vec<u8>> = fixtures().into_iter().map(|text| text.as_bytes().to_vec()).collect();
    texts.extend(files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../playground-samples")));
    if let Some(own) = std::env::var_os("CHAINDEBUG_CORPUS") {
        texts.extend(files(Path::new(&own)));
    }
    for (number, text) in texts.iter().enumerate() {
        let write = |target: &str, name: String, before: &[u8]| {
            let folder = out.join(target);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(name), [before, text].concat()).unwrap();
        };
        write("sniffer", format!("{number}"), &[]);
        for slice in SLICES {
            write("open", format!("{number}-{slice}"), &[slice]);
        }
        let probe = Probe::new(text, true);
        for (family, formats) in FAMILIES {
            for (which, format) in (0u8..).zip(formats) {
                if (format.detect)(&probe).is_some() {
                    write(family, format!("{number}-{}", format.id), &[which, SLICES[0]]);
                }
            }
        }
    }
}

/// The files of a folder and of those in it, except large ones.
fn files(folder: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if fs::metadata(&path).is_ok_and(|about| about.len() <= LARGEST as u64) {
                found.push(fs::read(&path).unwrap());
            }
        }
    }
    found
}
