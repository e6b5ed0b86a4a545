//! Archives and streams: what becomes of the files in them.

use crate::import::testing::open_bytes;
use crate::protocol::DocumentView;
use crate::session::Session;
use crate::source::Memory;
use std::io::Write;

const SPAN: &str = r#"{"name":"a","context":{"trace_id":"0x0af7651916cd43dd8448eb211c80319c","span_id":"0xb7ad6b7169203331"},"parent_id":null,"start_time":"2026-11-21T03:15:42Z","end_time":"2026-11-21T03:15:43Z","status":{"status_code":"OK"},"attributes":{}}"#;

/// What a file of an archive is made of.
pub(super) struct File<'a> {
    name: &'a str,
    text: &'a [u8],
    method: u16,
    flags: u16,
}

pub(super) fn file<'a>(name: &'a str, text: &'a str) -> File<'a> {
    File { name, text: text.as_bytes(), method: 8, flags: 0 }
}

fn deflated(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// A zip archive; with the bit 3 of the flags sizes stand behind the data, as writers to a pipe do.
pub(super) fn zip(files: &[File<'_>]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for file in files {
        let data = if file.method == 8 { deflated(file.text) } else { file.text.to_vec() };
        let mut crc = flate2::Crc::new();
        crc.update(file.text);
        let at = out.len() as u32;
        let late = file.flags & 8 != 0;
        let sizes = [crc.sum(), data.len() as u32, file.text.len() as u32];
        let common = |sizes: [u32; 3]| {
            let mut head = Vec::new();
            for half in [20, file.flags, file.method, 0, 0] {
                head.extend(half.to_le_bytes());
            }
            sizes.iter().for_each(|size| head.extend(size.to_le_bytes()));
            head.extend((file.name.len() as u16).to_le_bytes());
            head.extend(0u16.to_le_bytes());
            head
        };
        out.extend(b"PK\x03\x04");
        out.extend(common(if late { [0; 3] } else { sizes }));
        out.extend(file.name.as_bytes());
        out.extend(&data);
        if late {
            out.extend(b"PK\x07\x08");
            sizes.iter().for_each(|size| out.extend(size.to_le_bytes()));
        }
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(common(sizes));
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(file.name.as_bytes());
    }
    let (at, len) = (out.len() as u32, directory.len() as u32);
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((files.len() as u16).to_le_bytes());
    out.extend((files.len() as u16).to_le_bytes());
    out.extend(len.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0; 2]);
    out
}

fn documents(bytes: &[u8]) -> Vec<DocumentView> {
    open_bytes(bytes).0.documents()
}

fn said(document: &DocumentView, code: &str) -> String {
    let found = document.diagnostics.iter().find(|diagnostic| diagnostic.code == code);
    found.map(|diagnostic| diagnostic.message.clone()).unwrap_or_default()
}

#[test]
fn one_file_of_an_archive_is_the_document() {
    for (method, flags) in [(8, 0), (0, 0), (8, 8)] {
        let bytes = zip(&[File { name: "out/run.json", text: SPAN.as_bytes(), method, flags }]);
        let found = documents(&bytes);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].format.as_str(), found[0].runs.len()), ("otel-console", 1), "{:?}", found[0].diagnostics);
        assert_eq!(found[0].file, "unknown/out/run.json");
        assert!(said(&found[0], "archive").contains("one file"));
    }
}

#[test]
fn several_files_are_several_documents_and_what_is_none_is_named() {
    let other = SPAN.replace("0x0af7651916cd43dd8448eb211c80319c", "0x1af7651916cd43dd8448eb211c80319d");
    let bytes = zip(&[
        file("README.md", "Some words, no data."),
        file("a.json", SPAN),
        file("__MACOSX/._a.json", "x"),
        file("picture.png", "\u{89}PNG\r\n"),
        file("b.json", &other),
    ]);
    let found = documents(&bytes);
    let names: Vec<&str> = found.iter().map(|document| document.file.as_str()).collect();
    assert_eq!(names, ["unknown/a.json", "unknown/b.json"]);
    let note = said(&found[0], "archive-files");
    assert!(note.contains("2 files of the archive are not read") && note.contains("picture.png"), "{note}");
}

#[test]
fn files_of_one_trace_are_one_document() {
    let more = SPAN.replace("0xb7ad6b7169203331", "0xb7ad6b7169203332");
    let other = SPAN.replace("0x0af7651916cd43dd8448eb211c80319c", "0x1af7651916cd43dd8448eb211c80319d");
    let bytes = zip(&[file("a.json", SPAN), file("b.json", &other), file("c.json", &more)]);
    let found = documents(&bytes);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!((found[0].files.join(" ").as_str(), found[0].runs[0].steps), ("unknown/a.json unknown/c.json", 2));
    assert!(said(&found[0], "joined").contains("one document"));
    assert_eq!((found[1].file.as_str(), found[1].runs[0].steps), ("unknown/b.json", 1));
    assert!(found[0].verdicts.iter().all(|verdict| !verdict.asked));
}

#[test]
fn an_archive_of_an_evaluation_is_one_text_with_its_header_first() {
    let bytes = zip(&[
        file("_journal/start.json", "{\"j\":1}"),
        file("samples/a_epoch_1.json", "{\"s\":1}"),
        file("summaries.json", "[1]"),
        file("reductions.json", "[2]"),
        file("header.json", "{\"version\":2,\"status\":\"success\",\"eval\":{}}"),
    ]);
    let (session, _) = open_bytes(&bytes);
    let opened = session.opened[0].as_ref().unwrap();
    let mut text = Vec::new();
    opened.sources[0].read(0, 1000, &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert_eq!(text, "{\"version\":2,\"status\":\"success\",\"eval\":{}}\n{\"s\":1}\n[2]\n[1]");
}

#[test]
fn a_run_that_crashed_has_only_its_journal() {
    let bytes = zip(&[
        file("_journal/summaries/1.json", "[1]"),
        file("samples/a_epoch_1.json", "{\"s\":1}"),
        file("_journal/start.json", "{\"version\":2,\"eval\":{}}"),
    ]);
    // Cut off before the directory too.
    for cut in [0, 150] {
        let (session, view) = open_bytes(&bytes[..bytes.len() - cut]);
        let opened = session.opened[0].as_ref().unwrap();
        let mut text = Vec::new();
        opened.sources[0].read(0, 1000, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text, "{\"version\":2,\"eval\":{}}\n{\"s\":1}\n[1]", "{:?}", view.diagnostics);
        assert_eq!(said(&view, "archive").contains("cut off"), cut > 0);
    }
}

#[test]
fn what_cannot_be_unpacked_is_said_by_name() {
    let locked = zip(&[File { name: "a.json", text: b"xx", method: 0, flags: 1 }]);
    assert!(documents(&locked)[0].explanation.contains("a.json is encrypted"), "{}", documents(&locked)[0].explanation);
    let lzma = zip(&[File { name: "a.json", text: b"xx", method: 14, flags: 0 }]);
    assert!(documents(&lzma)[0].explanation.contains("packed with LZMA"));
    assert!(documents(&zip(&[]))[0].explanation.contains("no file"));
    let office = zip(&[file("[Content_Types].xml", "<x/>"), file("xl/workbook.xml", "<x/>")]);
    assert!(documents(&office)[0].explanation.contains("an Excel workbook"));
}

#[test]
fn damage_in_an_archive_is_said_and_never_panics() {
    let bytes = zip(&[file("a.json", SPAN), file("b/c.json", SPAN)]);
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xff;
        documents(&damaged);
        documents(&bytes[..at]);
    }
    let mut wrong = zip(&[File { name: "a.json", text: SPAN.as_bytes(), method: 0, flags: 0 }]);
    let at = wrong.windows(6).position(|window| window == b"\"name\"").unwrap();
    wrong[at + 8] = b'z';
    assert!(said(&documents(&wrong)[0], "unpacking-damaged").contains("damaged"));
}

#[test]
fn an_archive_in_an_archive_is_opened_but_not_for_ever() {
    let mut bytes = SPAN.as_bytes().to_vec();
    for level in 0..5 {
        bytes = zip(&[File { name: "in.zip", text: &bytes, method: 0, flags: 0 }]);
        let found = documents(&bytes);
        assert_eq!(found[0].format.is_empty(), level >= 3, "{level}");
    }
}

#[test]
fn tar_archives_are_unpacked() {
    let mut bytes = Vec::new();
    for (name, text) in [("d/a.json", SPAN), ("d/b.txt", "words")] {
        let mut header = vec![0u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        let size = format!("{:011o}", text.len());
        header[124..135].copy_from_slice(size.as_bytes());
        header[156] = b'0';
        header[257..263].copy_from_slice(b"ustar\0");
        bytes.extend(header);
        bytes.extend(text.as_bytes());
        bytes.resize(bytes.len().div_ceil(512) * 512, 0);
    }
    bytes.extend([0; 1024]);
    let found = documents(&bytes);
    assert_eq!(
        (found.len(), found[0].file.as_str(), found[0].format.as_str()),
        (1, "unknown/d/a.json", "otel-console")
    );
    for cut in 0..bytes.len() / 64 {
        documents(&bytes[..cut * 64]);
    }
}

#[test]
fn progress_is_never_beyond_the_end() {
    // What is in it is larger than the archive: the next file begins anew.
    let large = format!("{SPAN}{}", "\n".repeat(50_000));
    let bytes = zip(&[file("a.json", &large), file("b.json", SPAN), file("c.json", &large)]);
    let mut session = Session::new();
    let mut opening = session.open("x.zip", Box::new(Memory(bytes)), None);
    loop {
        let progress = session.advance(&mut opening, 256);
        assert!(progress.read <= progress.bytes, "{} of {}", progress.read, progress.bytes);
        if progress.document.is_some() {
            break;
        }
    }
}

#[test]
fn zstandard_is_unpacked() {
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0xa0];
    frame.extend((SPAN.len() as u32).to_le_bytes());
    frame.extend(&(((SPAN.len() as u32) << 3) | 1).to_le_bytes()[..3]);
    frame.extend(SPAN.as_bytes());
    let found = documents(&frame);
    assert_eq!(found[0].format, "otel-console");
    assert!(said(&found[0], "zstd").contains("Zstandard"));
}

#[test]
fn a_table_is_read_row_by_row() {
    let text = "trace_id,name,parent_run_id\n1,a,\n2,\"b\nc\",1\n";
    let (session, view) = open_bytes(text.as_bytes());
    assert!(said(&view, "csv").contains("2 rows"));
    let mut read = Vec::new();
    session.opened[0].as_ref().unwrap().sources[0].read(0, 1000, &mut read).unwrap();
    assert_eq!(
        String::from_utf8(read).unwrap(),
        "\n{\"trace_id\":\"1\",\"name\":\"a\"}\n{\"trace_id\":\"2\",\"name\":\"b\\nc\",\"parent_run_id\":\"1\"}\n"
    );
}

#[test]
fn a_person_may_say_what_a_file_is() {
    let mut session = Session::new();
    let text = SPAN.as_bytes().to_vec();
    let run = |session: &mut Session, mut opening: super::Opening| {
        while session.advance(&mut opening, 64).document.is_none() {}
        session.documents().pop().unwrap()
    };
    assert!(session.open_as("x", Box::new(Memory(text.clone())), None, "nonsense").is_err());
    let opening = session.open_as("x", Box::new(Memory(text)), None, "jaeger-json").unwrap();
    let view = run(&mut session, opening);
    assert_eq!((view.format.as_str(), view.runs.len()), ("jaeger-json", 0));
    assert!(said(&view, "no-steps").contains("as was asked for"), "{:?}", view.diagnostics);
    let opening = session.read_as(view.document, Some("otel-console"), None).unwrap();
    let again = run(&mut session, opening);
    assert_eq!((again.document, again.format.as_str(), again.runs.len()), (view.document, "otel-console", 1));
}

#[test]
fn a_page_of_ours_gives_back_the_files_that_were_put_into_it() {
    use crate::source::one_file;
    let gzip = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let frame =
        "<!doctype html>\n<html><!--chaindebug-file 1--><!--/chaindebug-file--><p>{\"not\":\"this\"}</p></html>";
    let (before, after) = one_file::frame(frame).unwrap();
    let other = SPAN.replace("0af7", "0bf7");
    let page = |files: &str| format!("{before}{}{files}{after}", one_file::opening("Two", "v=1")).into_bytes();
    let files = one_file::file("a.json", &gzip(SPAN)) + &one_file::file("b.json", &gzip(&other));

    let found = documents(&page(&files));
    let names: Vec<&str> = found.iter().map(|document| document.file.as_str()).collect();
    assert_eq!(names, ["unknown/a.json", "unknown/b.json"]);
    assert!(found.iter().all(|document| document.runs[0].steps == 1));

    let cut = page(&one_file::file("a.json", &gzip(&format!("{SPAN}\n").repeat(300))));
    let end = cut.len() - after.len() - 30;
    let found = documents(&cut[..end]);
    assert!(found[0].diagnostics.iter().any(|found| found.code == "gzip-damaged" || found.code == "unpacking-damaged"));

    let refused = |bytes: &[u8]| documents(bytes)[0].diagnostics[0].message.clone();
    assert!(refused(frame.as_bytes()).contains("without a run"));
    assert!(refused(frame.replace("file 1", "file 9").as_bytes()).contains("newer ChainDebug"));
}
