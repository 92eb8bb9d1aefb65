//! What shells and manuals are told of the command line, made from the same table as its help.
use std::io::{self, Write as _};

use clap::Command;
use clap_complete::Shell;

use crate::outputs::unprinted;
use crate::status::{Fault, Status};

pub(crate) fn completions(mut command: Command, shell: Shell) -> Result<Status, Fault> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "interdict", &mut script);
    put(&script)
}

/// The page of a command, `interdict-scan(1)`; of the whole without a name.
pub(crate) fn man(mut command: Command, name: Option<&str>) -> Result<Status, Fault> {
    command.build();
    let page = match name {
        None => command,
        Some(name) => {
            let known: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
            let sub = command.find_subcommand(name).cloned();
            let sub = sub.ok_or_else(|| {
                Fault::new(Status::Usage, format!("no command is called `{}`", name.escape_default()))
                    .hint(format!("known: {}", known.join(", ")))
            })?;
            sub.name(format!("interdict-{name}"))
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text).map_err(|error| unprinted(&error))?;
    put(&text)
}

fn put(bytes: &[u8]) -> Result<Status, Fault> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| unprinted(&error))?;
    Ok(Status::Clear)
}
