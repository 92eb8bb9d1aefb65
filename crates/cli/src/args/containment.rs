//! What the command line says of how other people's parsers are contained.
use std::path::PathBuf;

use clap::ValueEnum;
use interdict_scan::{Error, Workers};

use crate::status::{Fault, Status};

/// How what other people's parsers read is contained.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Containment {
    /// Where other people's parsers run: `auto` in processes of their own, as well contained as the system can; `none` in
    /// this one
    #[arg(long, value_enum, default_value_t = Where::Auto)]
    pub(crate) isolation: Where,
    /// Look at nothing unless they can be contained in full; status 4 otherwise
    #[arg(long)]
    pub(crate) require_sandbox: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Where {
    Auto,
    None,
}

impl Containment {
    /// Where workers come from: this very program, even where its file has gone meanwhile.
    pub(crate) fn workers(self) -> Result<Option<Workers>, Fault> {
        if self.isolation == Where::None {
            let contradicts = "`--require-sandbox` asks for what `--isolation none` turns off";
            return if self.require_sandbox { Err(Fault::new(Status::Usage, contradicts)) } else { Ok(None) };
        }
        Ok(Some(Workers { must_be_full: self.require_sandbox, ..workers() }))
    }
}

/// As well contained as the system can.
pub(crate) fn workers() -> Workers {
    Workers { program: PathBuf::from("/proc/self/exe"), must_be_full: false }
}

/// Why a run could not be made, as a status and a sentence.
pub(crate) fn not_run(error: &Error) -> Fault {
    match error {
        Error::Contained(_) => Fault::new(Status::Unopened, error.to_string())
            .hint("leave out `--require-sandbox` to scan with what there is; the report says with what"),
        _ => Fault::new(Status::Internal, error.to_string()),
    }
}
