//! `interdict explain`: everything about one finding of a stored report.
#![expect(clippy::disallowed_methods, reason = "the roof reads reports (invariant 2)")]
use std::io::{self, Read as _, Write as _};

use interdict_model::{Report, SCHEMA};

use crate::args::Explain;
use crate::outputs::look;
use crate::status::{Fault, Status};

pub(crate) fn run(args: &Explain) -> Result<Status, Fault> {
    let name = args.report.display();
    let mut bytes = Vec::new();
    let read = if args.report.as_os_str() == "-" {
        io::stdin().lock().read_to_end(&mut bytes)
    } else {
        std::fs::read(&args.report).map(|read| {
            bytes = read;
            0
        })
    };
    read.map_err(|error| Fault::new(Status::Unopened, format!("could not read `{name}`: {error}")))?;
    let report: Report = serde_json::from_slice(&bytes).map_err(|error| {
        Fault::new(Status::Unopened, format!("`{name}` is no report of schema {SCHEMA}: {error}"))
            .hint("write one with: interdict scan -o json=report.json TARGET")
    })?;
    if report.schema != SCHEMA {
        return Err(Fault::new(Status::Unopened, format!("`{name}` is of schema `{}`, not `{SCHEMA}`", report.schema)));
    }
    let mut out = io::stdout().lock();
    let explanation = interdict_report::explain(&report, &args.finding);
    let explanation = explanation.map_err(|error| Fault::new(Status::Usage, error.to_string()))?;
    let unwritten = |error| Fault::new(Status::Unwritten, format!("could not write to standard output: {error}"));
    explanation.write(&look(args.show), &mut out).map_err(unwritten)?;
    out.flush().map_err(unwritten)?;
    Ok(Status::Clear)
}
