//! Reports that an earlier run wrote.
#![expect(clippy::disallowed_methods, reason = "the roof reads reports (invariant 2)")]
mod stream;
mod unjudged;

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use interdict_model::{Report, SCHEMA};

use self::unjudged::Unjudged;
use crate::status::{Fault, Status};

/// The report in this file; `-` reads standard input.
pub(crate) fn report(path: &Path) -> Result<Report, Fault> {
    read(path, |bytes| serde_json::from_slice(bytes))
}

/// The same, without its verdicts: for who makes them anew. They are most of a large report.
pub(crate) fn unjudged(path: &Path) -> Result<Report, Fault> {
    let is_file = fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    let file = is_file.then(|| fs::File::open(path).ok()).flatten();
    if let Some(report) = file.and_then(|mut file| stream::unjudged(&mut file).ok()) {
        return of_our_schema(path, report);
    }
    read(path, |bytes| serde_json::from_slice::<Unjudged>(bytes).map(|Unjudged(report)| report))
}

fn read(path: &Path, parse: fn(&[u8]) -> serde_json::Result<Report>) -> Result<Report, Fault> {
    let name = path.display();
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        io::stdin().lock().read_to_end(&mut bytes).map(|_| ())
    } else {
        fs::read(path).map(|read| bytes = read)
    };
    read.map_err(|error| Fault::new(Status::Unopened, format!("could not read `{name}`: {error}")))?;
    let report = parse(&bytes).map_err(|error| {
        Fault::new(Status::Unopened, format!("`{name}` is no report of schema {SCHEMA}: {error}"))
            .hint("write one with: interdict scan -o json=report.json TARGET")
    })?;
    of_our_schema(path, report)
}

fn of_our_schema(path: &Path, report: Report) -> Result<Report, Fault> {
    if report.schema == SCHEMA {
        return Ok(report);
    }
    let name = path.display();
    let stated: String = report.schema.chars().take(80).flat_map(char::escape_default).collect();
    Err(Fault::new(Status::Unopened, format!("`{name}` is of schema `{stated}`, not `{SCHEMA}`")))
}
