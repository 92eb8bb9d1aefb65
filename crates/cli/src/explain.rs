//! `interdict explain`: everything about one finding of a stored report.
use std::io::{self, Write as _};

use crate::args::Explain;
use crate::outputs::look;
use crate::status::{Fault, Status};
use crate::stored;

pub(crate) fn run(args: &Explain) -> Result<Status, Fault> {
    let report = stored::report(&args.report)?;
    let mut out = io::stdout().lock();
    let explanation = interdict_report::explain(&report, &args.finding);
    let explanation = explanation.map_err(|error| Fault::new(Status::Usage, error.to_string()))?;
    let unwritten = |error| Fault::new(Status::Unwritten, format!("could not write to standard output: {error}"));
    explanation.write(&look(args.show), &mut out).map_err(unwritten)?;
    out.flush().map_err(unwritten)?;
    Ok(Status::Clear)
}
