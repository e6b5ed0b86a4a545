//! The command line: what was asked for, or a sentence on what is wrong with it. By hand, because it is small.

use chaindebug_core::protocol::{EngineId, Loader, Target};
use std::ffi::OsString;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
chaindebug: looks into runs that already happened.

Usage:
  chaindebug open FILE… [--json]
      Says what each file is, its runs and pipelines, and what is wrong with it.
  chaindebug steps FILE [--run RUN] [--json]
      Lists the steps as a tree. Each line begins with the number of its step.
  chaindebug show FILE STEP [--run RUN] [--input | --output | --raw]
      Shows one step. STEP is a number as `steps` prints it, or the step's own id.
      With --input or --output: that value alone, exactly. With --raw: the step as it stands in the file.
  chaindebug init [NAME] [--template TEMPLATE] [-o FILE]
      Writes a pipeline to begin with, and scenarios beside it. With --list: names the templates.
  chaindebug test PIPELINE SCENARIOS [--engine ENGINE] [--loader LOADER] [--json]
      Runs the scenarios of a pipeline as the real engine would, and says what they reach.
      ENGINE is ia-modules@0.1.3 or ia-modules@0.2.0, LOADER raw or pydantic; else what the scenario file says.
  chaindebug visualize FILE [--to mermaid|dot|svg] [-o OUT]
      Draws a pipeline. Without --to the name of OUT tells the language, else it is Mermaid.
  chaindebug docs FILE [-o OUT.md]
      Writes a Markdown page about a pipeline: chart, steps, parameters, edges in words, findings.
  chaindebug validate FILE --as ia-modules [--strict] [--json] [--findings]
      Says what IA Modules' own validator says of a pipeline, word for word, then what its engine will really do.
      With --json: the validator's {is_valid, errors, warnings, info}; with --findings also our findings.
      --strict makes its warnings errors. --engine ia-modules@0.1.3|ia-modules@0.2.0 and --loader raw|pydantic
      choose what the findings speak of.
  chaindebug format FILE [--check | --write]
      Prints a JSON file with two spaces a level; nothing but its white space changes.
      With --write: changes the file. With --check: ends with 1 when it would change.
  chaindebug dry-run PIPELINE [--input IN] [--mocks MOCKS] [--engine ENGINE] [--loader LOADER] [--json]
      Runs a pipeline as the real engine would, with mocks in the place of its steps' code.
      IN is a JSON object, MOCKS {\"STEP\": {\"returns\": V} | {\"sequence\": [V…]} | {\"raises\": \"ErrorType: message\"}}.
      The engine is ia-modules@0.1.3 unless named, and the loader the one that engine's own `run` uses.

Options:
  --json         Print one JSON document instead of text.
  --run RUN      Only this run: its number from 0, its id, or the beginning of its id.
  --pipeline N   Of a file with several pipelines this one, from 0.
  -o OUT         Write to this file instead of printing.
  -h, --help     Print this.
  -V, --version  Print the version.

FILE may be - for standard input. Files stay where they are and are read by range.
Exit status: 0 when something was read, 1 when nothing could be, 2 for wrong usage.
`test` ends with 0 when all scenarios passed, and with 1 when one did not or none was run.
`validate`: 0 when the validator calls the pipeline valid, else 1.
`dry-run`: 0 completed, 1 failed, 3 dead end, 4 waits for a person.";

/// What follows a complaint.
pub(crate) const SHORT_HELP: &str = "\
Usage: chaindebug open FILE… [--json]
       chaindebug steps FILE [--run RUN] [--json]
       chaindebug show FILE STEP [--run RUN] [--input | --output | --raw]
       chaindebug init [NAME] [--template TEMPLATE] [-o FILE]
       chaindebug test PIPELINE SCENARIOS [--engine ENGINE] [--loader LOADER] [--json]
       chaindebug visualize FILE [--to mermaid|dot|svg] [-o OUT]
       chaindebug docs FILE [-o OUT.md]
       chaindebug validate FILE --as ia-modules [--strict] [--json] [--findings]
       chaindebug format FILE [--check | --write]
       chaindebug dry-run PIPELINE [--input IN] [--mocks MOCKS] [--engine ENGINE] [--loader LOADER] [--json]
More with: chaindebug --help";

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The fields are the arguments of HELP.
pub(crate) enum Command {
    Help,
    Version,
    Open { files: Vec<OsString>, json: bool },
    Steps { file: OsString, run: Option<String>, json: bool },
    Show { file: OsString, step: String, run: Option<String>, what: What },
    Init(crate::init::Asked),
    Test(crate::test::Asked),
    Draw(crate::visualize::Draw),
    Validate { file: OsString, strict: bool, json: bool, findings: bool, target: Target },
    Format(crate::format::Asked),
    DryRun(crate::dry_run::DryRun),
}

/// What of a step to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A page about it.
    Summary,
    /// What went in, exactly.
    Input,
    /// What came out, exactly.
    Output,
    /// The bytes of the file that make it up.
    Raw,
}

const COMMANDS: &[&str] =
    &["open", "steps", "show", "init", "test", "visualize", "docs", "validate", "format", "dry-run"];

/// Arguments sorted by what they are, before it is known whether they fit together.
#[derive(Default)]
struct Sorted {
    words: Vec<OsString>,
    json: bool,
    run: Option<String>,
    what: Option<What>,
    strict: bool,
    findings: bool,
    /// The format named by --as.
    format: Option<String>,
    target: Target,
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Command, String> {
    let mut arguments = arguments;
    let Some(first) = arguments.next() else { return Err("A command is missing.".to_owned()) };
    let name = first.to_string_lossy();
    match name.as_ref() {
        "-h" | "--help" | "help" => return Ok(Command::Help),
        "-V" | "--version" => return Ok(Command::Version),
        command @ ("visualize" | "docs") => {
            return Ok(crate::visualize::parse(command, arguments)?.unwrap_or(Command::Help));
        }
        "dry-run" => return Ok(crate::dry_run::parse(arguments)?.map_or(Command::Help, Command::DryRun)),
        command if COMMANDS.contains(&command) => {}
        option if option.starts_with('-') && option.len() > 1 => {
            return Err(format!(
                "The command comes first; {option} is none.{}",
                meant(option, &["--help", "--version"])
            ));
        }
        other => return Err(format!("There is no command `{other}`.{}", meant(other, COMMANDS))),
    }
    match name.as_ref() {
        "init" => return Ok(crate::init::parse(arguments)?.map_or(Command::Help, Command::Init)),
        "format" => return Ok(crate::format::parse(arguments)?.map_or(Command::Help, Command::Format)),
        "test" => return Ok(crate::test::parse(arguments)?.map_or(Command::Help, Command::Test)),
        _ => {}
    }
    let known: &[&str] = match name.as_ref() {
        "open" => &["--json", "--help"],
        "steps" => &["--json", "--run", "--help"],
        "validate" => &["--as", "--strict", "--json", "--findings", "--engine", "--loader", "--help"],
        _ => &["--input", "--output", "--raw", "--run", "--help"],
    };
    let Some(sorted) = sort(&name, arguments, known)? else { return Ok(Command::Help) };
    fit(&name, sorted)
}

/// `None` when help was asked for.
fn sort(
    command: &str,
    mut arguments: impl Iterator<Item = OsString>,
    known: &[&str],
) -> Result<Option<Sorted>, String> {
    let mut sorted = Sorted::default();
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy().into_owned();
        if text == "--" {
            sorted.words.extend(arguments.by_ref());
            break;
        }
        if !text.starts_with('-') || text == "-" {
            sorted.words.push(argument);
            continue;
        }
        if text == "-h" || text == "--help" {
            return Ok(None);
        }
        let (option, glued) = match text.split_once('=') {
            Some((option, value)) => (option, Some(value)),
            None => (text.as_str(), None),
        };
        if !known.contains(&option) {
            return Err(format!("`chaindebug {command}` has no option {option}.{}", meant(option, known)));
        }
        if glued.is_some() && !matches!(option, "--run" | "--as" | "--engine" | "--loader") {
            return Err(format!("{option} takes no value."));
        }
        let mut value = |needs: &str| {
            let next = || arguments.next().map(|value| value.to_string_lossy().into_owned());
            glued.map(str::to_owned).or_else(next).ok_or_else(|| format!("{option} needs {needs}."))
        };
        match option {
            "--json" => sorted.json = true,
            "--strict" => sorted.strict = true,
            "--findings" => sorted.findings = true,
            "--run" => sorted.run = Some(value("a run: its number from 0, or its id")?),
            "--as" => sorted.format = Some(value("a format: ia-modules")?),
            "--engine" => sorted.target.engine = engine(&value("an engine: ia-modules@0.1.3 or ia-modules@0.2.0")?)?,
            "--loader" => sorted.target.loader = loader(&value("a loader: raw or pydantic")?)?,
            _ => {
                let what = match option {
                    "--input" => What::Input,
                    "--output" => What::Output,
                    _ => What::Raw,
                };
                if sorted.what.is_some_and(|other| other != what) {
                    return Err("Only one of --input, --output and --raw can be shown at a time.".to_owned());
                }
                sorted.what = Some(what);
            }
        }
    }
    Ok(Some(sorted))
}

fn engine(name: &str) -> Result<EngineId, String> {
    match name {
        "ia-modules@0.1.3" => Ok(EngineId::IaModules013),
        "ia-modules@0.2.0" => Ok(EngineId::IaModules020),
        _ => Err(format!("There is no engine `{name}`; there are ia-modules@0.1.3 and ia-modules@0.2.0.")),
    }
}

fn loader(name: &str) -> Result<Loader, String> {
    match name {
        "raw" => Ok(Loader::Raw),
        "pydantic" => Ok(Loader::Pydantic),
        _ => Err(format!("There is no loader `{name}`; there are raw and pydantic.")),
    }
}

fn fit(command: &str, sorted: Sorted) -> Result<Command, String> {
    let Sorted { words, json, run, what, strict, findings, format, target } = sorted;
    let mut words = words.into_iter();
    match command {
        "open" => {
            let files: Vec<OsString> = words.collect();
            if files.is_empty() {
                return Err("`chaindebug open` needs at least one file.".to_owned());
            }
            if files.iter().filter(|file| *file == "-").count() > 1 {
                return Err("Standard input (-) can be read only once.".to_owned());
            }
            Ok(Command::Open { files, json })
        }
        "steps" => {
            let file = words.next().ok_or("`chaindebug steps` needs a file.")?;
            no_more(command, words.next())?;
            Ok(Command::Steps { file, run, json })
        }
        "validate" => {
            let file = words.next().ok_or("`chaindebug validate` needs a file.")?;
            no_more(command, words.next())?;
            match format.as_deref() {
                Some("ia-modules") => Ok(Command::Validate { file, strict, json, findings, target }),
                Some(other) => Err(format!("`chaindebug validate` knows no format `{other}`. It knows ia-modules.")),
                None => Err("`chaindebug validate` needs to know whose rules: --as ia-modules.".to_owned()),
            }
        }
        _ => {
            let file = words.next().ok_or("`chaindebug show` needs a file and a step.")?;
            let step = words.next().ok_or("`chaindebug show` needs a step after the file: its number, or its id.")?;
            no_more(command, words.next())?;
            let step = step.to_string_lossy().into_owned();
            Ok(Command::Show { file, step, run, what: what.unwrap_or(What::Summary) })
        }
    }
}

/// An option and the value glued to it with `=`.
pub(crate) fn glued(text: &str) -> (&str, Option<&str>) {
    match text.split_once('=') {
        Some((option, value)) if option.starts_with('-') => (option, Some(value)),
        _ => (text, None),
    }
}

fn no_more(command: &str, word: Option<OsString>) -> Result<(), String> {
    match word {
        None => Ok(()),
        Some(word) => Err(format!("`chaindebug {command}` takes one file; {} is too much.", word.to_string_lossy())),
    }
}

/// " Did you mean …?" when a known word is near.
pub(crate) fn meant(word: &str, known: &[&str]) -> String {
    let bare = |word: &str| word.trim_start_matches('-').to_lowercase();
    let word = bare(word);
    let near = known.iter().map(|known| (distance(&word, &bare(known)), known)).min();
    match near {
        Some((distance, known)) if distance <= 2 && distance < word.chars().count() => {
            format!(" Did you mean {known}?")
        }
        _ => String::new(),
    }
}

/// Letters to insert, remove or replace to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut before = i; // The cell up and to the left.
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (other, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let replace = before + usize::from(letter != *other);
            before = *cell;
            left = replace.min(left + 1).min(*cell + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn options_stand_anywhere_after_the_command() {
        let open = Command::Open { files: vec!["a".into(), "b".into()], json: true };
        assert_eq!(parsed("open a --json b"), Ok(open.clone()));
        assert_eq!(parsed("open --json -- a b"), Ok(open));
        assert_eq!(
            parsed("show --run=2 a 7 --raw"),
            Ok(Command::Show { file: "a".into(), step: "7".into(), run: Some("2".into()), what: What::Raw })
        );
        assert_eq!(parsed("steps - --help"), Ok(Command::Help));
        assert_eq!(parsed("open -- --json"), Ok(Command::Open { files: vec!["--json".into()], json: false }));
    }

    #[test]
    fn wrong_usage_is_named_and_mended() {
        let complaints = [
            ("", "A command is missing."),
            ("oepn a", "There is no command `oepn`. Did you mean open?"),
            ("frobnicate a", "There is no command `frobnicate`."),
            ("open a --jsno", "`chaindebug open` has no option --jsno. Did you mean --json?"),
            ("open a --input", "`chaindebug open` has no option --input."),
            ("show a 1 --inputs", "`chaindebug show` has no option --inputs. Did you mean --input?"),
            ("show a 1 --input --raw", "Only one of --input, --output and --raw can be shown at a time."),
            ("steps a --json=yes", "--json takes no value."),
            ("steps a --run", "--run needs a run: its number from 0, or its id."),
            ("steps a b", "`chaindebug steps` takes one file; b is too much."),
            ("open", "`chaindebug open` needs at least one file."),
            ("show a", "`chaindebug show` needs a step after the file: its number, or its id."),
            ("validate a", "`chaindebug validate` needs to know whose rules: --as ia-modules."),
            ("validate a --as kohaku", "`chaindebug validate` knows no format `kohaku`. It knows ia-modules."),
            ("validate a --as ia-modules --loader fast", "There is no loader `fast`; there are raw and pydantic."),
            ("validate a --as ia-modules --strict=1", "--strict takes no value."),
        ];
        for (line, complaint) in complaints {
            assert_eq!(parsed(line), Err(complaint.to_owned()), "{line}");
        }
    }
}
