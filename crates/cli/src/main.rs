//! The command `interdict`: arguments in; report and exit status out.
mod args;
mod audit;
mod bounds;
mod catalog;
mod config;
mod diff;
mod explain;
mod init;
mod judge;
mod knowledge;
mod original;
mod outputs;
mod progress;
mod regimes;
mod scan;
mod settings;
mod shell;
mod signed;
mod status;
mod stored;
mod waivers;
mod whom;
mod worker;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _};

use crate::args::{Args, Command};
use crate::settings::Settings;
use crate::status::{Fault, Status};

fn main() -> ExitCode {
    // A reader that fails on hostile input costs one artifact and becomes a gap; its message would only confuse.
    std::panic::set_hook(Box::new(|_| {}));
    let words: Vec<OsString> = std::env::args_os().collect();
    // Before anything is read: no file and no variable has a say in what a worker does.
    if words.len() == 2 && words.get(1).is_some_and(|word| word == worker::WORD) {
        return ended(worker::run());
    }
    let settings = match Settings::load(&words, &Args::command()) {
        Ok(settings) => settings,
        Err(fault) => return ended(Err(fault)),
    };
    let parsed = settings.applied(Args::command()).try_get_matches_from(words);
    let parsed = parsed.and_then(|matches| Args::from_arg_matches(&matches).map(|args| (args, matches)));
    let (args, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            let printed = error.print();
            return match (error.use_stderr(), printed) {
                (true, _) => Status::Usage.into(),
                (false, Ok(())) => Status::Clear.into(),
                (false, Err(error)) => ended(Err(outputs::unprinted(&error))),
            };
        }
    };
    let done = catch_unwind(AssertUnwindSafe(|| run(&args, &settings, &matches)));
    ended(done.unwrap_or_else(|_| {
        let fault = Fault::new(Status::Internal, "interdict failed; this is a fault of ours");
        Err(fault.hint("please report it with the input"))
    }))
}

fn run(args: &Args, settings: &Settings, matches: &ArgMatches) -> Result<Status, Fault> {
    match &args.command {
        Command::Scan(scan) => scan::run(scan, settings),
        Command::Judge(judge) => judge::run(judge, settings),
        Command::Audit(audit) => audit::run(audit, settings),
        Command::Explain(explain) => explain::run(explain),
        Command::Diff(diff) => diff::run(diff),
        Command::Catalog(catalog) => catalog::run(catalog),
        Command::Regimes(regimes) => regimes::run(regimes),
        Command::Init(init) => init::run(init, settings),
        Command::Config(config) => match matches.subcommand() {
            Some((_, matches)) => config::run(config, settings, matches),
            None => Ok(Status::Usage),
        },
        Command::Completions { shell } => shell::completions(Args::command(), *shell),
        Command::Man { command } => shell::man(Args::command(), command.as_deref()),
    }
}

fn ended(done: Result<Status, Fault>) -> ExitCode {
    match done {
        Ok(status) => status.into(),
        Err(fault) => {
            outputs::complain(&fault.message, fault.hint.as_deref());
            fault.status.into()
        }
    }
}
