//! `chaindebug html`: what is put into a page, and what is taken out of it again.

mod support;

use support::{Folder, OWN, chaindebug, chaindebug_with};

/// A page as the build writes it, without an engine.
const FRAME: &str = "<!doctype html>\n<html><head><meta charset=\"utf-8\">\n<!--chaindebug-file 1-->\n<title>ChainDebug</title>\n\
                     <!--/chaindebug-file--></head><body>engine</body></html>\n";

#[test]
fn a_run_is_put_into_the_page_at_a_step_and_read_out_again() {
    let folder = Folder::new("html");
    let (page, own, out) = (folder.write("page.html", FRAME), folder.write("own.jsonl", OWN), folder.path("out.html"));
    let ran = chaindebug(&["html", &own, "-o", &out, "--page", &page, "--step", "2", "--view", "table"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(text.starts_with("<!doctype html>") && text.ends_with("<body>engine</body></html>\n"));
    assert!(text.contains("<title>Return a lamp · ChainDebug</title>"), "{text}");
    assert!(text.contains("text/chaindebug-state\">v=1&run=q-1042&at=3&view=table</script>"), "{text}");
    assert!(!text.contains("Yes, within 30 days") && !text.contains(&*own), "{text}");

    let ran = chaindebug(&["open", &out, "--json"]);
    let document = &ran.json()["documents"][0];
    assert_eq!(document["runs"][0]["id"], "q-1042");
    assert_eq!(document["runs"][0]["steps"], 3);

    // Once more, at another step: what is inside goes along and is not packed again.
    let again = folder.path("again.html");
    let ran = chaindebug(&["html", &out, "-o", &again, "--page", &page, "--run", "0"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let files = |text: &str| text.split("data-name=").nth(1).map(str::to_owned);
    assert_eq!(files(&std::fs::read_to_string(&again).unwrap()), files(&text));
}

#[test]
fn what_cannot_be_done_is_said_and_nothing_is_written() {
    let folder = Folder::new("html-wrong");
    let (page, own, out) = (folder.write("page.html", FRAME), folder.write("own.jsonl", OWN), folder.path("out.html"));
    let other = folder.write("other.html", "<!doctype html><p>Hello</p>");
    for (arguments, code, says) in [
        (vec!["html", &own, "-o", &out, "--page", &other], 2, "is not the page as one HTML file"),
        (vec!["html", &own, "-o", &out, "--page", "missing.html"], 2, "missing.html cannot be read"),
        (vec!["html", &own, "-o", &out, "--page", &page, "--step", "99"], 2, "99"),
        (vec!["html", "missing.jsonl", "-o", &out, "--page", &page], 1, "missing.jsonl cannot be opened"),
    ] {
        let ran = chaindebug(&arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
        assert!(!std::path::Path::new(&out).exists());
    }
    let ran = chaindebug_with(&["html", "-", "-o", &out, "--page", &page], OWN.as_bytes());
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn redacted_is_without_what_looks_like_a_secret() {
    let folder = Folder::new("html-redacted");
    let text = OWN.replace("May I return a lamp?", "May I return a lamp? ada.lovelace@example.org");
    let (page, own, out) =
        (folder.write("page.html", FRAME), folder.write("own.jsonl", &text), folder.path("out.html"));
    let ran = chaindebug(&["html", &own, "-o", &out, "--page", &page, "--redact"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("1 replaced"), "{}", ran.err);
    let shown = chaindebug(&["show", &out, "0", "--input"]);
    assert!(shown.out.contains("May I return a lamp?") && !shown.out.contains("ada.lovelace"), "{}", shown.out);
}
