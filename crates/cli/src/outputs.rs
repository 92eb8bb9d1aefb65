//! Where answers go: the report to standard output or files, everything else to standard error.
#![expect(clippy::disallowed_methods, reason = "the roof writes, and reads the environment (invariant 2)")]
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use interdict_model::Report;
use interdict_report::{Ask, Bill, Look, Original, WRITERS, Writer};

use crate::args::{Show, When};
use crate::original::{self, Given};
use crate::status::{Fault, Status};

/// One `-o FORMAT[@EDITION][=FILE]`.
pub(crate) struct Output {
    writer: &'static Writer,
    /// Of a format that is written in several.
    edition: Option<&'static str>,
    file: Option<PathBuf>,
}

/// Reads every `-o`; a file named there that exists is removed at once, so that no old report is taken for the new one.
pub(crate) fn parse(outputs: &[String], inputs: &[PathBuf]) -> Result<Vec<Output>, Fault> {
    let parsed: Vec<Output> = outputs.iter().map(|text| one(text)).collect::<Result<_, _>>()?;
    if parsed.iter().filter(|output| output.file.is_none()).count() > 1 {
        return Err(Fault::new(Status::Usage, "two outputs want standard output")
            .hint("give all but one a file: -o json=report.json"));
    }
    for file in parsed.iter().filter_map(|output| output.file.as_ref()) {
        let is_input =
            |input: &PathBuf| fs::canonicalize(input).ok().is_some_and(|i| fs::canonicalize(file).ok() == Some(i));
        if inputs.iter().any(is_input) {
            return Err(Fault::new(Status::Usage, format!("`{}` is an input and an output", file.display())));
        }
        if file.is_file() {
            fs::remove_file(file).map_err(|error| unwritten(file, &error))?;
        }
    }
    Ok(parsed)
}

fn one(text: &str) -> Result<Output, Fault> {
    let (id, file) = text.split_once('=').map_or((text, None), |(id, file)| (id, Some(PathBuf::from(file))));
    let (id, edition) = id.split_once('@').map_or((id, None), |(id, edition)| (id, Some(edition)));
    if let Some(writer) = interdict_report::writer(id) {
        let edition = edition.map(|edition| of(writer, edition)).transpose()?;
        return Ok(Output { writer, edition, file });
    }
    let known: Vec<_> = WRITERS.iter().map(|writer| writer.id).collect();
    Err(Fault::new(Status::Usage, format!("unknown output format `{id}`")).hint(format!("known: {}", known.join(", "))))
}

/// The edition of this name.
fn of(writer: &Writer, edition: &str) -> Result<&'static str, Fault> {
    let known = writer.bill.map_or(&[][..], |bill| bill.editions);
    known.iter().copied().find(|known| *known == edition).ok_or_else(|| {
        let fault = Fault::new(Status::Usage, format!("`{}` has no edition `{edition}`", writer.id));
        if known.is_empty() { fault } else { fault.hint(format!("known: {}", known.join(", "))) }
    })
}

/// Writes the report everywhere it is wanted; a report that could not be written in full is a fault. A bill of materials is
/// written upon the input's own, where there is one.
pub(crate) fn write(outputs: &[Output], report: &Report, show: Show, given: Given<'_>) -> Result<(), Fault> {
    let mut originals: BTreeMap<&[&str], Result<Vec<u8>, String>> = BTreeMap::new();
    for bill in outputs.iter().filter_map(|output| output.writer.bill) {
        originals.entry(bill.upon).or_insert_with(|| original::bytes(report, bill.upon, given));
    }
    for output in outputs {
        let into = |look: &Look, out: &mut dyn Write| match output.writer.bill {
            Some(Bill { upon, write, .. }) => {
                let original = originals.get(upon).map(|original| match original {
                    Ok(bytes) => Original::Bytes(bytes),
                    Err(why) => Original::Lost(why),
                });
                write(report, &Ask { edition: output.edition, original }, out)
            }
            None => (output.writer.write)(report, look, out),
        };
        match &output.file {
            None => {
                let look = look(show);
                let mut out = io::BufWriter::new(io::stdout().lock());
                let written = into(&look, &mut out).and_then(|()| out.flush());
                written.map_err(|error| unwritten(Path::new("standard output"), &error))?;
            }
            Some(file) => {
                let look = Look { width: 120, color: show.color == When::Always, verbose: show.verbose };
                let mut bytes = Vec::new();
                let written = into(&look, &mut bytes).and_then(|()| fs::write(file, &bytes));
                written.map_err(|error| unwritten(file, &error))?;
            }
        }
    }
    Ok(())
}

/// How the terminal wants it.
pub(crate) fn look(show: Show) -> Look {
    let terminal = io::stdout().is_terminal();
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    Look {
        width: columns.unwrap_or(if terminal { 100 } else { 120 }).clamp(40, 400),
        color: match show.color {
            When::Always => true,
            When::Never => false,
            When::Auto => terminal && !plain,
        },
        verbose: show.verbose,
    }
}

/// Puts a whole file in the place of another, or none at all.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> Result<(), Fault> {
    placed(file, bytes, fs::OpenOptions::new().write(true).create_new(true))
}

/// The same, for nobody else to read.
pub(crate) fn replace_private(file: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    placed(file, bytes, &options)
}

fn placed(file: &Path, bytes: &[u8], options: &fs::OpenOptions) -> Result<(), Fault> {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{}", std::process::id()));
    let beside = PathBuf::from(name);
    let written = options.open(&beside).and_then(|mut out| out.write_all(bytes).and_then(|()| out.sync_all()));
    let placed = written.and_then(|()| fs::rename(&beside, file));
    placed.map_err(|error| {
        let _ = fs::remove_file(&beside);
        unwritten(file, &error)
    })
}

pub(crate) fn unwritten(file: &Path, error: &io::Error) -> Fault {
    Fault::new(Status::Unwritten, format!("could not write to `{}`: {error}", file.display()))
}

/// A text and a line's end to standard output.
pub(crate) fn print(text: &str) -> Result<(), Fault> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|error| unprinted(&error))
}

/// The same for an answer that a gate may hang on: nobody takes a part of it for the whole.
pub(crate) fn answer(text: &str) -> Result<(), Fault> {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{text}").and_then(|()| out.flush());
    written.map_err(|error| unwritten(Path::new("standard output"), &error))
}

/// What could not be printed. Who looked at the beginning of a page and went away needs no complaint; the status says it all the
/// same, and a report that is cut says it aloud, in `write`.
pub(crate) fn unprinted(error: &io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Fault::new(Status::Unwritten, ""),
        _ => unwritten(Path::new("standard output"), error),
    }
}

/// A message to standard error, and what to do on a second line.
pub(crate) fn complain(message: &str, hint: Option<&str>) {
    let mut err = io::stderr().lock();
    if message.is_empty() {
        return;
    }
    let _ = writeln!(err, "interdict: {message}");
    if let Some(hint) = hint {
        let _ = writeln!(err, "hint: {hint}");
    }
}
