//! `chaindebug html`: one HTML file with the page, the engine and a run in it, which opens where nothing is installed.

use crate::file::{self, name_of};
use crate::leave::{self, Choice, To};
use crate::show::find;
use crate::steps::choose;
use crate::terminal::line;
use crate::{Outcome, open, say};
use chaindebug_core::protocol::{Answer, Command, DocumentView, ExportFormat, Exported, Phase, Request};
use chaindebug_core::session::Session;
use chaindebug_core::source::Memory;
use chaindebug_core::source::one_file::{self, KeptFile};
use clap::Args;
use clap::builder::PossibleValuesParser;
use flate2::{Compression, write::GzEncoder};
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

/// The page without a run, where there was one when this program was built.
#[cfg(with_page)]
const PAGE: Option<&str> = Some(include_str!(env!("CHAINDEBUG_PAGE_FILE")));
#[cfg(not(with_page))]
const PAGE: Option<&str> = None;

/// What was asked for.
#[derive(Debug, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Asked {
    /// The file with the run or the pipeline
    file: OsString,
    /// The HTML file to write
    #[arg(short, long = "output", value_name = "OUT")]
    out: OsString,
    /// Stand at this step: a number as `steps` prints it, or the step's own id
    #[arg(long)]
    step: Option<String>,
    /// Show this view
    #[arg(long, value_parser = PossibleValuesParser::new(["flow", "timeline", "chat", "table", "pipeline"]))]
    view: Option<String>,
    /// Show this run: its number from 0, its id, or the beginning of its id
    #[arg(long)]
    run: Option<String>,
    /// Replace what looks like a secret or a person's data; of the file only what the runs are goes along
    #[arg(long)]
    redact: bool,
    #[command(flatten)]
    choice: Choice,
    /// The page to put it into: the chaindebug.html of a build
    #[arg(long, value_name = "PATH")]
    page: Option<OsString>,
}

/// Writes the file.
pub(crate) fn run(asked: &Asked) -> io::Result<Outcome> {
    if !asked.redact && !asked.choice.is_empty() {
        return Ok(Outcome::Usage("--keep, --pattern and --text say what --redact replaces; add it.".to_owned()));
    }
    if let Err(wrong) = leave::apart(&asked.file, Some(&asked.out)) {
        return Ok(Outcome::Usage(wrong));
    }
    let frame = match frame(asked.page.as_deref()) {
        Ok(frame) => frame,
        Err(wrong) => return Ok(Outcome::Usage(wrong)),
    };
    let Some((before, after)) = one_file::frame(&frame) else {
        let page = asked.page.as_deref().map(name_of).unwrap_or_default();
        return Ok(Outcome::Usage(format!("{page} is not the page as one HTML file, or is one of another version.")));
    };
    let bytes = match file::bytes(&asked.file) {
        Ok(bytes) => bytes,
        Err(error) => {
            say(&format!("{} cannot be opened: {error}.", name_of(&asked.file)));
            return Ok(Outcome::Nothing);
        }
    };
    let mut session = Session::new();
    let view = file::open_held(&mut session, &name_of(&asked.file), Box::new(Memory(bytes.clone())));
    let Some(document) = open::readable(view) else { return Ok(Outcome::Nothing) };
    let (title, state) = match state(&mut session, &document, asked) {
        Ok(state) => state,
        Err(wrong) => return Ok(Outcome::Usage(wrong)),
    };
    let files = if asked.redact {
        match redacted(&mut session, &document, &asked.choice)? {
            Some(file) => vec![file],
            None => return Ok(Outcome::Nothing),
        }
    } else {
        whole(&asked.file, &bytes)?
    };
    let mut page = format!("{before}{}", one_file::opening(&format!("{title} · ChainDebug"), &state));
    for file in &files {
        page.push_str(&one_file::file(&file.name, &file.gzip));
    }
    page.push_str(after);
    match std::fs::write(&asked.out, &page) {
        Ok(()) => {
            let size = page.len() as f64 / 1e6;
            say(&format!("{} was written, {size:.2} MB. Open it in any browser.", line(&name_of(&asked.out))));
            Ok(Outcome::Done)
        }
        Err(error) => {
            say(&format!("{} cannot be written: {error}.", line(&name_of(&asked.out))));
            Ok(Outcome::Nothing)
        }
    }
}

/// The page without a run.
fn frame(named: Option<&OsStr>) -> Result<String, String> {
    match (named, PAGE) {
        (Some(path), _) => {
            std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}.", name_of(path)))
        }
        (None, Some(page)) => Ok(page.to_owned()),
        (None, None) => {
            Err("This chaindebug was built without the page. Build the page (cargo xtask build) and name it: \
                             --page dist/chaindebug.html. A chaindebug that is built after that has it inside."
                .to_owned())
        }
    }
}

/// What the page is called and where it stands, as its address spells it.
fn state(session: &mut Session, document: &DocumentView, asked: &Asked) -> Result<(String, String), String> {
    let mut state = "v=1".to_owned();
    let mut title = short(OsStr::new(&document.file));
    if asked.step.is_some() || asked.run.is_some() {
        let runs = choose(document, asked.run.as_deref())?;
        let (mut shown, mut at) = (runs.first().map(|(_, run)| *run), None);
        if let Some(wanted) = &asked.step {
            let found = find(session, document, &runs, wanted)?;
            let command = Command::ToStep { step: found.step, phase: Phase::Enter };
            if let Answer::Cursor(cursor) = session.answer(Request::Move { run: found.run.run, command }) {
                at = Some(cursor.moment);
            }
            shown = Some(found.run);
        }
        if let Some(run) = shown {
            title = Some(run.name.clone()).filter(|name| !name.is_empty()).unwrap_or(title);
            let _ = write!(state, "&run={}", encoded(&run.id));
        }
        if let Some(at) = at {
            let _ = write!(state, "&at={at}");
        }
    } else if let Some(name) = document.runs.first().map(|run| &run.name).filter(|name| !name.is_empty()) {
        title.clone_from(name);
    }
    if let Some(view) = &asked.view {
        let _ = write!(state, "&view={view}");
    }
    Ok((title, state))
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// A file's name without its folders: those are nobody's business.
fn short(file: &OsStr) -> String {
    if file == "-" {
        return "standard input".to_owned();
    }
    Path::new(file).file_name().map(name_of).unwrap_or_default()
}

fn packed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// The file as it is; of a file that is such a page already, what is in it.
fn whole(name: &OsStr, bytes: &[u8]) -> io::Result<Vec<KeptFile>> {
    if let Some(kept) = one_file::read(bytes).filter(|kept| one_file::is_one(bytes) && !kept.files.is_empty()) {
        return Ok(kept.files);
    }
    Ok(vec![KeptFile { name: short(name), gzip: packed(bytes)? }])
}

/// Everything the file holds, with stand-ins; `None` when a second look finds something left, which has been said.
fn redacted(session: &mut Session, document: &DocumentView, choice: &Choice) -> io::Result<Option<KeptFile>> {
    let runs: Vec<u32> = document.runs.iter().map(|run| run.run).collect();
    let what = if runs.is_empty() {
        Exported { to: ExportFormat::Text, document: Some(document.document), ..Exported::default() }
    } else {
        Exported { to: ExportFormat::Jsonl, runs, ..Exported::default() }
    };
    let mut text = Vec::new();
    let view = match leave::write(session, &what, Some(&choice.redaction()), To::Out(&mut text))? {
        Ok(view) => view,
        Err(why) => {
            say(&line(&why));
            return Ok(None);
        }
    };
    leave::say_report(&view);
    if view.report.as_ref().is_none_or(|report| !report.clean) {
        say("Nothing was written.");
        return Ok(None);
    }
    Ok(Some(KeptFile { name: view.file, gzip: packed(&text)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_folders_and_ids_that_fit_an_address() {
        assert_eq!(short(OsStr::new("/home/somebody/runs/a.json")), "a.json");
        assert_eq!(short(OsStr::new("-")), "standard input");
        assert_eq!(encoded("run 1&at=9</script>é"), "run%201%26at%3D9%3C%2Fscript%3E%C3%A9");
    }
}
