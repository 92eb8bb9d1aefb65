//! The command line, as clap reads it.
mod containment;
mod knowledge;
mod law;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

pub(crate) use self::containment::{Containment, not_run, workers};
pub(crate) use self::knowledge::{Catalog, CatalogCommand, Packs};
pub(crate) use self::law::{Audit, Judge, Judging, Regimes, RegimesCommand, Whom};
use clap_complete::Shell;

use crate::bounds::Bounds;

/// Finds Kaspersky components inside software that other people ship, and says what the law makes of each one.
#[derive(Debug, Parser)]
#[command(name = "interdict", version, max_term_width = 100, after_help = AFTER)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER: &str = "\
Exit status: 0 clear · 1 flagged (at or above --fail-on) · 2 usage · 3 inconclusive: something that could matter was not examined
             4 an input could not be opened, or is no valid document under --strict · 5 pack invalid, expired or unverified · 70 internal error · 74 report not written
interdict never opens a network connection and never runs what it reads.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look at SBOMs, binaries, archives and directories, and judge what is found
    Scan(Box<Scan>),
    /// Judge a stored report anew, without the files: for another day, for somebody else
    Judge(Box<Judge>),
    /// Look at what many suppliers delivered: declared against observed, and what was not examined, for each
    Audit(Box<Audit>),
    /// Show every witness, path, rule and verdict of one finding of a report
    Explain(Explain),
    /// Show what is new, moved, changed, fixed between two reports
    Diff(Diff),
    /// Show the built-in knowledge: entities and rules
    Catalog(Catalog),
    /// Show the law: as a table, as a time line, as a matrix, and what changes between two days
    Regimes(Regimes),
    /// Write a commented `interdict.toml`
    Init(Init),
    /// Show which settings are in force, and from where; takes what `scan` takes
    Config(Box<Config>),
    /// Print a completion script for a shell
    Completions {
        /// Which
        shell: Shell,
    },
    /// Print a manual page
    Man {
        /// Of which command [default: of interdict itself]
        command: Option<String>,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Scan {
    /// SBOMs, binaries, archives, directories; `-` reads standard input
    #[arg(required = true, value_name = "TARGET")]
    pub(crate) targets: Vec<PathBuf>,
    /// An SBOM that describes the targets; may be given several times
    #[arg(long = "sbom", value_name = "FILE")]
    pub(crate) documents: Vec<PathBuf>,
    /// How to answer, and where: `table`, `json=report.json`, `cyclonedx@1.7=bom.json`; may be given several times
    #[arg(short, long = "output", value_name = "FORMAT[@EDITION][=FILE]", default_value = "table")]
    pub(crate) outputs: Vec<String>,
    #[command(flatten)]
    pub(crate) judging: Judging,
    /// A report of `-o json`: only what is new against it fails the gate
    #[arg(long, value_name = "REPORT")]
    pub(crate) baseline: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) knowledge: Packs,
    /// Hold documents against the official schema of the version they declare; whatever is wrong or had to be repaired ends
    /// in status 4
    #[arg(long)]
    pub(crate) strict: bool,
    /// Which facts the report keeps
    #[arg(long, value_enum, default_value_t = Evidence::Matched)]
    pub(crate) evidence: Evidence,
    /// Leave out the ways by which components got in; a very large SBOM then takes little memory
    #[arg(long)]
    pub(crate) no_paths: bool,
    /// Threads to use [default: all processors]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    #[command(flatten)]
    pub(crate) containment: Containment,
    #[command(flatten)]
    pub(crate) bounds: Bounds,
    #[command(flatten)]
    pub(crate) show: Show,
    #[command(flatten)]
    pub(crate) layers: Layers,
    /// When to show a progress bar on standard error
    #[arg(long, value_enum, default_value_t = When::Auto)]
    pub(crate) progress: When,
    /// Always so: interdict has no other mode
    #[arg(long)]
    pub(crate) offline: bool,
}

#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Show {
    /// When to use colour; `NO_COLOR` is heard
    #[arg(long, value_enum, default_value_t = When::Auto)]
    pub(crate) color: When,
    /// Tell more in the table; twice tells all
    #[arg(short, long, action = clap::ArgAction::Count, conflicts_with = "quiet")]
    pub(crate) verbose: u8,
    /// Say nothing on standard error but what went wrong
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// Read before everything else, so that its values can stand behind flags.
#[derive(Debug, clap::Args)]
pub(crate) struct Layers {
    /// Read settings from this file [default: `interdict.toml`, where it lies here]
    #[arg(long = "config", value_name = "FILE")]
    pub(crate) _file: Option<PathBuf>,
    /// Read no file of settings
    #[arg(long = "no-config", conflicts_with = "_file")]
    pub(crate) _none: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// Where to write; `-` prints it
    #[arg(default_value = crate::settings::FILE)]
    pub(crate) file: PathBuf,
    /// Write over a file that is there
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Config {
    /// Print the JSON Schema of `interdict.toml` instead
    #[arg(long, exclusive = true)]
    pub(crate) schema: bool,
    #[command(flatten)]
    pub(crate) scan: Scan,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// The finding's id, the beginning of it, or its fingerprint
    pub(crate) finding: String,
    /// A report that `interdict scan -o json` wrote; `-` reads standard input
    pub(crate) report: PathBuf,
    #[command(flatten)]
    pub(crate) show: Show,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Diff {
    /// The earlier report, as `interdict scan -o json` wrote it
    pub(crate) old: PathBuf,
    /// The later one; `-` reads standard input
    pub(crate) new: PathBuf,
    /// How to answer
    #[arg(short, long, value_enum, default_value_t = Form::Table)]
    pub(crate) output: Form,
    #[command(flatten)]
    pub(crate) show: Show,
}

/// The two forms of a short answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    Table,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum FailOn {
    Advisory,
    Review,
    Prohibited,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Evidence {
    /// Those that met a rule
    Matched,
    /// Every one
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}
