//! What the first bytes of a file say, and texts in other codes: UTF-16.
//!
//! Also names the kinds of file that are no text at all, so that they can be refused by name. Packed bytes are
//! unpacked in `inflate`, archives are listed in `archive`.

/// What the first bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// Text; begins at this byte (after a UTF-8 byte order mark).
    Text(u64),
    /// gzip, possibly several members glued.
    Gzip,
    /// Zstandard, possibly several frames glued.
    Zstd,
    /// A zip archive.
    Zip,
    /// A tar archive.
    Tar,
    /// One HTML file of ours, with a run in it.
    Page,
    /// UTF-16, little endian or not; `usize` is the length of the byte order mark.
    Utf16 {
        /// Little endian.
        little: bool,
        /// Bytes of the mark: 0 or 2.
        mark: u64,
    },
    /// No text: what it is, and what to do instead.
    Foreign {
        /// Name of the kind of file.
        name: &'static str,
        /// What to do instead.
        hint: &'static str,
    },
    /// Nothing in it.
    Empty,
}

/// Tells what a file is from its first bytes (a few thousand are enough).
pub fn shell(head: &[u8]) -> Shell {
    if super::one_file::is_one(head) {
        return Shell::Page;
    }
    const EXPORT: &str = "Export the run as JSON and open that.";
    const OTHER: &str = "Open a trace or pipeline file instead.";
    const TABLE: &str = "Write it as JSON Lines (in Python: pandas.read_parquet(file).to_json(\"out.jsonl\", orient=\"records\", \
                         lines=True)) and open that.";
    const DATABASE: &str = "Export what it holds: from MLflow, LangGraph or Phoenix write the traces as JSON, or a table with \
                            sqlite3 -json FILE \"select * from TABLE\".";
    let foreign = |name, hint| Shell::Foreign { name, hint };
    match head {
        [] => Shell::Empty,
        [0x1f, 0x8b, ..] => Shell::Gzip,
        [0xef, 0xbb, 0xbf, ..] => Shell::Text(3),
        [0xff, 0xfe, 0, 0, ..] => foreign("UTF-32 text", "Save it as UTF-8 and open that."),
        [0xff, 0xfe, ..] => Shell::Utf16 { little: true, mark: 2 },
        [0xfe, 0xff, ..] => Shell::Utf16 { little: false, mark: 2 },
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Shell::Zip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Shell::Zstd,
        [b'B', b'Z', b'h', ..] => foreign("bzip2 data", "Unpack it (bunzip2) and open the result."),
        [0xfd, b'7', b'z', b'X', b'Z', ..] => foreign("xz data", "Unpack it (unxz) and open the result."),
        [b'P', b'A', b'R', b'1', ..] => foreign("Parquet", TABLE),
        [0x89, b'P', b'N', b'G', ..] => foreign("a PNG picture", OTHER),
        [0xff, 0xd8, 0xff, ..] => foreign("a JPEG picture", OTHER),
        [b'G', b'I', b'F', b'8', ..] => foreign("a GIF picture", OTHER),
        [b'%', b'P', b'D', b'F', ..] => foreign("a PDF document", EXPORT),
        [0, b'a', b's', b'm', ..] => foreign("a WebAssembly module", OTHER),
        [0x7f, b'E', b'L', b'F', ..] => foreign("an executable", OTHER),
        [b'O', b'R', b'C', ..] if !head.is_ascii() => foreign("an ORC file", EXPORT),
        [b'O', b'b', b'j', 1, ..] => foreign("an Avro file", EXPORT),
        [0x80, 2..=5, ..] => {
            foreign("a Python pickle", "Load it in Python and write it with json.dump(), then open that.")
        }
        [0xd0, 0xcf, 0x11, 0xe0, ..] => foreign("an old Office document", EXPORT),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => foreign("a WebP picture", OTHER),
        [b'B', b'M', ..] if head.get(6..10) == Some(&[0; 4]) => foreign("a BMP picture", OTHER),
        [0, 0, 0, _, b'f', b't', b'y', b'p', ..] => foreign("a video or a HEIC picture", OTHER),
        [0x1a, 0x45, 0xdf, 0xa3, ..] => foreign("a video", OTHER),
        [b'7', b'z', 0xbc, 0xaf, ..] => foreign("a 7z archive", "Unpack it and open the files inside."),
        [b'R', b'a', b'r', b'!', ..] => foreign("a RAR archive", "Unpack it and open the files inside."),
        [0x04, 0x22, 0x4d, 0x18, ..] => foreign("LZ4 data", "Unpack it (lz4 -d) and open the result."),
        [0x89, b'H', b'D', b'F', ..] => foreign("an HDF5 file", EXPORT),
        [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => foreign("a NumPy array", EXPORT),
        [0xca, 0xfe, 0xba, 0xbe, ..] => foreign("a program", OTHER),
        [b'F', b'L', b'R', 0, ..] => foreign("a Java Flight Recorder file", "jfr print --json writes it as JSON."),
        [b'N', b'e', b't', b't', b'r', b'a', b'c', b'e', ..] => {
            foreign("a .NET trace", "dotnet-trace convert --format Chromium writes it as a Chrome trace.")
        }
        [b'b', b'p', b'l', b'i', b's', b't', ..] => foreign("a binary property list", EXPORT),
        [b'F', b'E', b'A', b'1', ..] => foreign("a Feather file", EXPORT),
        _ if head.get(8..12) == Some(b"DUCK") => foreign("a DuckDB database", EXPORT),
        _ if head.starts_with(b"SQLite format 3\0") => foreign("an SQLite database", DATABASE),
        _ if head.get(257..262) == Some(b"ustar") => Shell::Tar,
        _ if head.starts_with(b"ARROW1") => foreign("an Arrow file", EXPORT),
        _ => unmarked(head),
    }
}

fn unmarked(head: &[u8]) -> Shell {
    let sample = head.get(..head.len().min(512)).unwrap_or(head);
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|&&b| b == 0).count();
    let half = sample.len() / 2;
    if half >= 2 && zeros(1) * 10 >= half * 6 && zeros(0) == 0 {
        return Shell::Utf16 { little: true, mark: 0 };
    }
    if half >= 2 && zeros(0) * 10 >= half * 6 && zeros(1) == 0 {
        return Shell::Utf16 { little: false, mark: 0 };
    }
    let odd =
        sample.iter().filter(|&&b| b == 0 || (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b))).count();
    if odd * 20 > sample.len() || sample.contains(&0) {
        let holds = |text: &str| memchr::memmem::find(head, text.as_bytes()).is_some();
        if head.first() == Some(&0x0a) && (holds("service.name") || holds("telemetry.sdk")) {
            return Shell::Foreign {
                name: "OTLP in protobuf",
                hint: "Let the exporter write JSON (OTEL_EXPORTER_OTLP_PROTOCOL=http/json, or the collector's file exporter) and \
                       open that.",
            };
        }
        if head.first() == Some(&0x0a) && holds("nanoseconds") && (holds("cpu") || holds("samples") || holds("wall")) {
            return Shell::Foreign {
                name: "a pprof profile",
                hint: "It holds samples of the stack and no steps; go tool pprof or speedscope shows it.",
            };
        }
        return Shell::Foreign {
            name: "binary data",
            hint: "Open a trace or pipeline as JSON text, plain or gzip-compressed.",
        };
    }
    Shell::Text(0)
}

/// A text without the codes by which a terminal is told to colour it.
pub fn without_colours(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memmem::find(rest, b"\x1b[") {
        out.extend_from_slice(rest.get(..at).unwrap_or(&[]));
        let code = rest.get(at + 2..).unwrap_or(&[]);
        let end = code.iter().position(|byte| !matches!(byte, b' '..=b'?')).map_or(code.len(), |end| end + 1);
        rest = code.get(end..).unwrap_or(&[]);
    }
    out.extend_from_slice(rest);
    out
}

/// UTF-16 to UTF-8; lone surrogates become U+FFFD. Returns the text and how many there were.
pub fn from_utf16(bytes: &[u8], little: bool) -> (Vec<u8>, usize) {
    let units = bytes.chunks_exact(2).map(|pair| match pair {
        [a, b] if little => u16::from_le_bytes([*a, *b]),
        [a, b] => u16::from_be_bytes([*a, *b]),
        _ => 0xFFFD,
    });
    let mut out = String::with_capacity(bytes.len() / 2);
    let mut lone = 0;
    for unit in char::decode_utf16(units) {
        out.push(unit.unwrap_or_else(|_| {
            lone += 1;
            '\u{FFFD}'
        }));
    }
    (out.into_bytes(), lone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_files_apart() {
        assert_eq!(shell(b""), Shell::Empty);
        assert_eq!(shell(b"{\"a\":1}"), Shell::Text(0));
        assert_eq!(shell(b"\xef\xbb\xbf{}"), Shell::Text(3));
        assert_eq!(shell(b"\xff\xfe{\0}\0"), Shell::Utf16 { little: true, mark: 2 });
        assert_eq!(shell(b"{\0}\0"), Shell::Utf16 { little: true, mark: 0 });
        assert_eq!(shell(b"\0{\0}"), Shell::Utf16 { little: false, mark: 0 });
        assert!(matches!(shell(b"PAR1...."), Shell::Foreign { name: "Parquet", .. }));
        for (bytes, name) in [
            (&b"\x80\x04\x95\x10"[..], "a Python pickle"),
            (b"Obj\x01\x04\x14avro", "an Avro file"),
            (b"ORC\x08\xff", "an ORC file"),
            (b"\xd0\xcf\x11\xe0\xa1", "an old Office document"),
            (b"RIFF\x01\0\0\0WEBPVP8 ", "a WebP picture"),
            (b"ARROW1\0\0", "an Arrow file"),
            (b"\x0a\x80\x01\x0a\x1e\x0a\x1c\x0a\x0cservice.name\x12\x0c\0", "OTLP in protobuf"),
            (b"\x0a\x04\x08\x01\x10\x02\x32\x07samples\x32\x03cpu\x32\x0bnanoseconds\0", "a pprof profile"),
        ] {
            assert!(matches!(shell(bytes), Shell::Foreign { name: found, .. } if found == name), "{name}");
        }
        assert_eq!(shell(b"ORCHESTRATION: yes\n"), Shell::Text(0));
        assert!(matches!(shell(b"\x01\x02\x00\x03junk"), Shell::Foreign { name: "binary data", .. }));
    }

    #[test]
    fn recodes_utf16() {
        let units: Vec<u8> = "{\"é\":\"😀\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(from_utf16(&units, true), ("{\"é\":\"😀\"}".as_bytes().to_vec(), 0));
    }

    #[test]
    fn colours_are_left_out() {
        assert_eq!(without_colours(b"\x1b[1;32mok\x1b[0m [\x1b[K1]\x1b["), b"ok [1]");
        assert_eq!(without_colours(b"[1]"), b"[1]");
    }
}
