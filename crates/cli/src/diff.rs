//! `interdict diff`: what became of one report's findings in another; status 1 where something counts as new.
use std::io::{self, Write as _};
use std::path::Path;

use interdict_report::compared;

use crate::args::{Diff, Form};
use crate::outputs::{look, unwritten};
use crate::status::{Fault, Status};
use crate::stored;

pub(crate) fn run(args: &Diff) -> Result<Status, Fault> {
    if args.old.as_os_str() == "-" && args.new.as_os_str() == "-" {
        return Err(Fault::new(Status::Usage, "only one report can come from standard input"));
    }
    let old = stored::report(&args.old)?;
    let mut new = stored::report(&args.new)?;
    let comparison = interdict_scan::policy::compare(&old, &new);
    new.comparison = Some(comparison);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = match args.output {
        Form::Table => compared::table(&old, &new, &look(args.show), &mut out),
        Form::Json => compared::json(&new, &mut out),
    };
    written.and_then(|()| out.flush()).map_err(|error| unwritten(Path::new("standard output"), &error))?;
    Ok(if compared::counts(&new) { Status::Flagged } else { Status::Clear })
}
