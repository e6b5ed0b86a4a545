//! What `kogine config show FILE` prints: the configurations of KohakuEngine as the engine itself made them, as a table.
//!
//! Source: KohakuEngine 0.4. It is text for people, and the one way to see computed configurations without a recorder.

use super::kohaku::{Setting, table};
use crate::import::workflows::common::{first_line, last_part};
use crate::import::{Builder, Format, Here, Importer, Matched, Nothing, Probe, Reveal};

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "kohaku-configs",
    name: "KohakuEngine configurations (`config show`)",
    detect,
    importer: |_, _| Box::new(Show),
};

struct Show;

impl Importer for Show {
    fn whole(&self) -> bool {
        true
    }

    fn read(&mut self, text: &[u8], here: Here, build: &mut Builder) {
        let whole = String::from_utf8_lossy(text);
        let (mut source, mut rows, mut part): (&str, Vec<Vec<Setting>>, &str) = ("", Vec::new(), "");
        for line in whole.lines() {
            let indent = line.len() - line.trim_start().len();
            let (key, value) = line.trim().split_once(':').unwrap_or((line.trim(), ""));
            match (indent, key) {
                (0, "Config") => source = value.trim(),
                (0, "Lowered to Config") => rows.push(Vec::new()),
                (0, _) if line.starts_with("--- Config ") => rows.push(Vec::new()),
                (0, _) => {}
                (2, "globals_dict") => part = "globals",
                (2, "args" | "kwargs" | "metadata") => {
                    part = "";
                    // The metadata of a sweep repeat what it changed.
                    let said = !matches!(value.trim(), "" | "[]" | "{}") && key != "metadata";
                    if let Some(row) = rows.last_mut().filter(|_| said) {
                        row.push(Setting { part: key.to_owned(), key: String::new(), ..setting(value) });
                    }
                }
                (4, name) if part == "globals" && !value.is_empty() => {
                    if let Some(row) = rows.last_mut() {
                        row.push(Setting { part: part.to_owned(), key: name.to_owned(), ..setting(value) });
                    }
                }
                // A value that goes on in the next line.
                _ => {
                    if let Some(last) = rows.last_mut().and_then(|row| row.last_mut()).filter(|of| of.text.len() < 200)
                    {
                        last.text.push_str(&format!(" {}", first_line(line, 80)));
                    }
                }
            }
        }
        if !rows.is_empty() {
            let sheet = table(last_part(source, '/'), rows, here.place(0, text.len()), None, build);
            build.sheets.push(sheet);
        }
    }

    fn finish(self: Box<Self>, _: &mut Builder) -> Box<dyn Reveal> {
        Box::new(Nothing)
    }
}

/// A value as Python prints it, its type behind it; without the address of a function, which differs each time.
fn setting(value: &str) -> Setting {
    let value = value.trim();
    let (text, kind) = value.rsplit_once("  (").map_or((value, ""), |(text, kind)| (text, kind.trim_end_matches(')')));
    let address = text.find(" at 0x").filter(|_| text.starts_with('<'));
    let text = address.and_then(|at| text.get(..at)).map_or_else(|| text.to_owned(), |text| format!("{text}>"));
    Setting { text: first_line(&text, 80), numeric: matches!(kind, "int" | "float"), ..Setting::default() }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let head = String::from_utf8_lossy(probe.head.get(..4096).unwrap_or(probe.head));
    let mut lines = head.lines().filter(|line| !line.trim().is_empty());
    let begins = lines.next().is_some_and(|line| line.trim_start_matches('\u{feff}').starts_with("Config: "));
    let style = lines.next().is_some_and(|line| line.starts_with("Source style: "));
    (begins && style)
        .then(|| Matched::new("KohakuEngine configurations", "it begins with `Config:` and `Source style:`"))?
}
