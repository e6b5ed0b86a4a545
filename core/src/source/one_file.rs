//! One HTML file: the page, the engine and what was open, in a file that opens with nothing beside it. Here: where in
//! such a file the run stands, how it is put there, and how it is taken out again.
//!
//! The frame is a file without a run, which the build writes beside the page (`app/single-file`). What it holds stands
//! between two comments near its beginning: the title, the state as the page's address spells it, and each file as
//! base64 of gzip. So nothing of a file can be taken for markup. Packing and unpacking belong to whoever calls.

use crate::base64;
use memchr::memmem;

/// Stands before what a file holds, with the version of its form.
const BEGIN: &str = "<!--chaindebug-file 1-->";
/// The same in any version.
const ANY: &str = "<!--chaindebug-file ";
/// Stands after it.
const END: &str = "<!--/chaindebug-file-->";
const STATE: &str = "<script type=\"text/chaindebug-state\">";
const FILE: &str = "<script type=\"text/chaindebug-file\" data-name=\"";
const CLOSE: &str = "</script>";
/// First bytes among which `BEGIN` stands.
pub const HEAD: usize = 4096;

/// What one HTML file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The page's state, as its address spells it.
    pub state: String,
    /// The files that were open.
    pub files: Vec<KeptFile>,
    /// Whether the end is missing.
    pub cut: bool,
}

/// A file in one HTML file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    /// Its name.
    pub name: String,
    /// Its bytes in gzip.
    pub gzip: Vec<u8>,
}

/// Whether a file that begins like this is one of ours, of any version.
pub fn is_one(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(HEAD)).unwrap_or(head);
    let start = head.trim_ascii_start();
    let html = start.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"<!doctype"));
    html && memmem::find(head, ANY.as_bytes()).is_some()
}

/// Takes out what a file holds; `None` when it is none of ours, or of a newer version.
pub fn read(text: &[u8]) -> Option<Kept> {
    let from = memmem::find(text.get(..text.len().min(HEAD))?, BEGIN.as_bytes())? + BEGIN.len();
    let rest = text.get(from..)?;
    let end = memmem::find(rest, END.as_bytes());
    // All of it is ASCII but the title, which nobody reads here.
    let inside = String::from_utf8_lossy(rest.get(..end.unwrap_or(rest.len()))?);
    let mut kept = Kept { cut: end.is_none(), ..Kept::default() };
    if let Some((_, state)) = inside.split_once(STATE) {
        kept.state = until_close(state).to_owned();
    }
    for part in inside.split(FILE).skip(1) {
        let Some((name, rest)) = part.split_once("\">") else { continue };
        let name = base64::decode(name).unwrap_or_default();
        let digits = until_close(rest);
        // A cut file ends anywhere: what is whole of it is kept.
        let whole = digits.find(|c: char| !c.is_ascii_alphanumeric() && !"+/=".contains(c)).unwrap_or(digits.len());
        let gzip = digits.get(..whole).and_then(base64::decode).unwrap_or_default();
        kept.files.push(KeptFile { name: String::from_utf8_lossy(&name).into_owned(), gzip });
    }
    Some(kept)
}

fn until_close(text: &str) -> &str {
    text.split_once('<').map_or(text, |(inside, _)| inside)
}

/// The frame before and after what it holds; `None` when it is none of ours. What it held is left out.
pub fn frame(text: &str) -> Option<(&str, &str)> {
    let from = text.get(..text.floor_char_boundary(HEAD))?.find(BEGIN)? + BEGIN.len();
    let to = from + text.get(from..)?.find(END)?;
    Some((text.get(..from)?, text.get(to..)?))
}

/// What stands in the frame, but for the files: title and state.
pub fn opening(title: &str, state: &str) -> String {
    let mut escaped = String::with_capacity(title.len());
    for c in title.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    // An address holds no `<`; if it did, it would end the element.
    let state = state.replace('<', "%3C");
    format!("\n    <title>{escaped}</title>\n    {STATE}{state}{CLOSE}\n    ")
}

/// A file as it stands in the frame.
pub fn file(name: &str, gzip: &[u8]) -> String {
    let (name, digits) = (base64::encode(name.as_bytes()), base64::encode(gzip));
    format!("{FILE}{name}\">{digits}{CLOSE}\n    ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: &str = "<!doctype html>\n<html><head><meta charset=\"utf-8\">\n<!--chaindebug-file 1-->\n<title>ChainDebug</title>\n\
                         <!--/chaindebug-file--></head><body>engine</body></html>";

    fn filled(title: &str, state: &str, files: &[(&str, &[u8])]) -> String {
        let (before, after) = frame(FRAME).unwrap();
        let files: String = files.iter().map(|(name, gzip)| file(name, gzip)).collect();
        format!("{before}{}{files}{after}", opening(title, state))
    }

    #[test]
    fn what_is_put_in_is_taken_out() {
        let text = filled("Run", "v=1&at=7", &[("día \"1\"</script>.json", b"\x1f\x8b\x08\0"), ("b", b"")]);
        assert!(is_one(text.as_bytes()));
        let kept = read(text.as_bytes()).unwrap();
        let file = |name: &str, gzip: &[u8]| KeptFile { name: name.to_owned(), gzip: gzip.to_vec() };
        let files = vec![file("día \"1\"</script>.json", b"\x1f\x8b\x08\0"), file("b", b"")];
        assert_eq!(kept, Kept { state: "v=1&at=7".to_owned(), files, cut: false });
        // Filling a filled one gives the same as filling the frame.
        let (before, after) = frame(&text).unwrap();
        assert_eq!(format!("{before}|{after}"), frame(FRAME).map(|(a, b)| format!("{a}|{b}")).unwrap());
        assert_eq!(read(FRAME.as_bytes()), Some(Kept::default()));
    }

    #[test]
    fn no_title_and_no_state_ends_its_element() {
        let text = filled("</title><script>alert(1)</script>&\n", "v=1&run=</script><b>", &[]);
        assert!(!text.contains("<script>alert") && !text.contains("</script><b>"), "{text}");
        assert!(text.contains("<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp; </title>"));
    }

    #[test]
    fn a_cut_file_gives_what_is_whole() {
        let text = filled("Run", "v=1", &[("a.json", &[7; 300])]);
        let cut = text.find("BwcHBw").unwrap() + 101;
        let kept = read(&text.as_bytes()[..cut]).unwrap();
        assert!(kept.cut);
        assert_eq!(kept.files[0].gzip, vec![7; 75]);
        assert_eq!(read(&text.as_bytes()[..80]).map(|kept| kept.files.len()), Some(0));
    }

    #[test]
    fn other_pages_and_newer_ones_are_none() {
        for text in
            ["<!doctype html><p>ChainDebug</p>", "<!--chaindebug-file 1-->", "{\"a\":\"<!--chaindebug-file 1-->\"}", ""]
        {
            assert!(!is_one(text.as_bytes()), "{text}");
        }
        let newer = FRAME.replace("file 1", "file 2");
        assert!(is_one(newer.as_bytes()) && read(newer.as_bytes()).is_none() && frame(&newer).is_none());
    }
}
