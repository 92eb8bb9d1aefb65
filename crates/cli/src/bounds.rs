//! The flags of every limit, from the table of limits.
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};
use interdict_scan::{LIMITS, Limits};

/// The limits in force.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bounds(pub(crate) Limits);

impl Args for Bounds {
    fn augment_args(command: Command) -> Command {
        let args = LIMITS.iter().map(|limit| {
            let arg = Arg::new(limit.name).long(limit.name).value_name(limit.unit).help(limit.title);
            arg.value_parser(value_parser!(u64)).default_value(limit.default.to_string()).help_heading("Limits")
        });
        command.args(args)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Bounds {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut bounds = Self::default();
        bounds.update_from_arg_matches(matches)?;
        Ok(bounds)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for limit in LIMITS {
            if let Some(value) = matches.get_one::<u64>(limit.name) {
                *(limit.in_mut)(&mut self.0) = *value;
            }
        }
        Ok(())
    }
}
