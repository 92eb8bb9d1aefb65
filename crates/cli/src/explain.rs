//! `interdict explain`: everything about one finding of a stored report.
use std::io::{self, Write as _};

use crate::args::Explain;
use crate::outputs::{look, unprinted};
use crate::status::{Fault, Status};
use crate::stored;

pub(crate) fn run(args: &Explain) -> Result<Status, Fault> {
    let report = stored::report(&args.report)?;
    let mut out = io::stdout().lock();
    let explanation = interdict_report::explain(&report, &args.finding);
    let explanation = explanation.map_err(|error| Fault::new(Status::Usage, error.to_string()))?;
    explanation.write(&look(args.show), &mut out).and_then(|()| out.flush()).map_err(|error| unprinted(&error))?;
    Ok(Status::Clear)
}
