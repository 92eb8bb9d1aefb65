//! The command `interdict`: arguments in; report and exit status out.
mod args;
mod catalog;
mod explain;
mod outputs;
mod progress;
mod regimes;
mod scan;
mod status;

use std::panic::catch_unwind;
use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Args, Command};
use crate::status::Status;

fn main() -> ExitCode {
    // A reader that fails on hostile input costs one artifact and becomes a gap; its message would only confuse.
    std::panic::set_hook(Box::new(|_| {}));
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            let is_fault = error.use_stderr();
            return if is_fault { Status::Usage } else { Status::Clear }.into();
        }
    };
    let done = catch_unwind(|| match &args.command {
        Command::Scan(scan) => scan::run(scan),
        Command::Explain(explain) => explain::run(explain),
        Command::Catalog(catalog) => catalog::run(catalog),
        Command::Regimes(regimes) => regimes::run(regimes),
    });
    match done {
        Ok(Ok(status)) => status.into(),
        Ok(Err(fault)) => {
            outputs::complain(&fault.message, fault.hint.as_deref());
            fault.status.into()
        }
        Err(_) => {
            outputs::complain("interdict failed; this is a fault of ours", Some("please report it with the input"));
            Status::Internal.into()
        }
    }
}
