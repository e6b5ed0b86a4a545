//! Files on disk for the engine, and the one loop that opens them.

use chaindebug_core::model::{Diagnostic, Severity};
use chaindebug_core::protocol::{DocumentView, Mapping};
use chaindebug_core::session::Session;
use chaindebug_core::source::{Memory, Source, SourceError};
use std::cell::RefCell;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Bytes of work between two looks at the clock of progress.
const SLICE: u64 = 32 << 20;
/// Bytes from which on opening is worth a line on the terminal.
const WORTH_A_LINE: u64 = 256 << 20;

/// A file read by range, at its size when it was opened.
struct FileSource {
    file: RefCell<File>,
    len: u64,
}

impl Source for FileSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn read(&self, at: u64, len: usize, out: &mut Vec<u8>) -> Result<(), SourceError> {
        out.clear();
        let at = at.min(self.len);
        let want = (len as u64).min(self.len - at);
        let mut file = self.file.borrow_mut();
        let mut read = || {
            file.seek(SeekFrom::Start(at))?;
            Read::by_ref(&mut *file).take(want).read_to_end(out)
        };
        match read() {
            Ok(got) if got as u64 == want => Ok(()),
            Ok(_) => Err(SourceError("The file became shorter while it was read. Open it again.".to_owned())),
            Err(error) => Err(SourceError(format!("The file could not be read any further: {error}."))),
        }
    }
}

/// How a file is called in what we print.
pub(crate) fn name_of(file: &OsStr) -> String {
    file.to_string_lossy().into_owned()
}

/// Opens one file in the session. A file that cannot be had at all is a document with nothing but a diagnostic.
pub(crate) fn open(session: &mut Session, file: &OsStr) -> DocumentView {
    open_into(session, file, None)
}

/// What somebody says a file is.
#[derive(Clone, Copy)]
pub(crate) enum As<'a> {
    /// Nothing: its content says it.
    Content,
    /// The format with this id.
    Format(&'a str),
    /// What a mapping makes of its fields.
    Mapping(&'a Mapping),
}

/// Opens one file in the session, as somebody says: several documents when it is an archive.
pub(crate) fn open_all(session: &mut Session, file: &OsStr, what: As<'_>) -> Vec<DocumentView> {
    let first = open_with(session, file, None, what);
    let all = session.documents();
    if all.is_empty() { vec![first] } else { all }
}

/// Opens one file in the session; with `into` it joins that document.
pub(crate) fn open_into(session: &mut Session, file: &OsStr, into: Option<u32>) -> DocumentView {
    open_with(session, file, into, As::Content)
}

fn open_with(session: &mut Session, file: &OsStr, into: Option<u32>, what: As<'_>) -> DocumentView {
    let name = name_of(file);
    match source(file) {
        Ok(source) => read(session, name, source, into, what),
        Err(error) => unreadable(name, &error),
    }
}

/// Opens what is in memory already.
pub(crate) fn open_held(session: &mut Session, name: &str, source: Box<dyn Source>) -> DocumentView {
    read(session, name.to_owned(), source, None, As::Content)
}

fn read(session: &mut Session, name: String, source: Box<dyn Source>, into: Option<u32>, what: As<'_>) -> DocumentView {
    let bytes = source.len();
    let mut progress = Progress::new(&name, bytes);
    let opening = match what {
        As::Content => Ok(session.open(&name, source, into)),
        As::Format(format) => session.open_as(&name, source, into, format),
        As::Mapping(mapping) => Ok(session.open_mapped(&name, source, mapping.clone())),
    };
    let mut opening = match opening {
        Ok(opening) => opening,
        Err(why) => return unreadable(name, &io::Error::other(why)),
    };
    let document = loop {
        let step = session.advance(&mut opening, SLICE);
        if let Some(document) = step.document {
            break document;
        }
        progress.show(step.read);
    };
    progress.done();
    let found = session.document(document);
    found.unwrap_or_else(|| unreadable(name, &io::Error::other("the engine lost it")))
}

fn source(file: &OsStr) -> io::Result<Box<dyn Source>> {
    if file == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(Box::new(Memory(bytes)));
    }
    let mut opened = File::open(file)?;
    let about = opened.metadata()?;
    if about.is_dir() {
        return Err(io::Error::other("it is a folder; name the files in it"));
    }
    if about.is_file() {
        return Ok(Box::new(FileSource { len: about.len(), file: RefCell::new(opened) }));
    }
    // A pipe has no size and no way back.
    let mut bytes = Vec::new();
    opened.read_to_end(&mut bytes)?;
    Ok(Box::new(Memory(bytes)))
}

/// All bytes of a file, or of standard input.
pub(crate) fn bytes(file: &OsStr) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if file == "-" {
        io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        File::open(file)?.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn unreadable(file: String, error: &io::Error) -> DocumentView {
    let message = format!("{file} cannot be opened: {error}.");
    DocumentView {
        document: 0,
        files: Vec::new(),
        format: String::new(),
        label: String::new(),
        dialects: Vec::new(),
        explanation: message.clone(),
        verdicts: Vec::new(),
        wholes: Vec::new(),
        parts: Vec::new(),
        bytes: 0,
        runs: Vec::new(),
        more_runs: 0,
        pipelines: Vec::new(),
        sheets: Vec::new(),
        scenarios: 0,
        dry_run: false,
        diagnostics: vec![Diagnostic::new(Severity::Error, "cannot-open", message)],
        file,
    }
}

/// Whether anything of a file could be read.
pub(crate) fn was_read(document: &DocumentView) -> bool {
    !document.runs.is_empty() || !document.pipelines.is_empty() || !document.sheets.is_empty() || document.scenarios > 0
}

/// A line on the terminal while a large file is opened.
struct Progress<'a> {
    name: &'a str,
    bytes: u64,
    shown: bool,
    on: bool,
}

impl<'a> Progress<'a> {
    fn new(name: &'a str, bytes: u64) -> Self {
        let on = bytes >= WORTH_A_LINE && io::IsTerminal::is_terminal(&io::stderr());
        Progress { name, bytes, shown: false, on }
    }

    fn show(&mut self, read: u64) {
        if self.on {
            let percent = u128::from(read) * 100 / u128::from(self.bytes.max(1));
            let _ = io::Write::write_fmt(&mut io::stderr(), format_args!("\rReading {}: {percent} %", self.name));
            self.shown = true;
        }
    }

    fn done(&self) {
        if self.shown {
            // Back to the start of the line, and wipe it.
            let _ = io::Write::write_all(&mut io::stderr(), b"\r\x1b[K");
        }
    }
}
