//! What the command line says of the law: for whom, on which day, and what fails a gate.
use std::path::PathBuf;

use super::{Containment, FailOn, Form, Layers, Packs, Show};

/// For whom to judge.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Whom {
    /// For whom to judge; may be given several times. `interdict regimes --profiles` lists them
    #[arg(long = "profile", value_name = "NAME", value_delimiter = ',')]
    pub(crate) profiles: Vec<String>,
    /// What you are, beside the profile
    #[arg(long = "role", value_name = "ROLE")]
    pub(crate) roles: Vec<String>,
    /// What you do, beside the profile
    #[arg(long = "act", value_name = "ACT")]
    pub(crate) acts: Vec<String>,
    /// Only these jurisdictions
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(crate) jurisdiction: Vec<String>,
}

/// Everything that a judgement depends on besides what was found.
#[derive(Debug, clap::Args)]
pub(crate) struct Judging {
    #[command(flatten)]
    pub(crate) whom: Whom,
    /// The date or instant to judge for [default: now]
    #[arg(long, value_name = "DATE|INSTANT")]
    pub(crate) as_of: Option<String>,
    /// The mildest outcome that fails the gate
    #[arg(long, value_enum, default_value_t = FailOn::Review)]
    pub(crate) fail_on: FailOn,
    /// Waivers, as `[[waiver]]` in a file; may be given several times. `interdict.toml` may hold them too
    #[arg(long, value_name = "FILE")]
    pub(crate) waivers: Vec<PathBuf>,
    /// Accept the gaps of artifacts whose locator meets this pattern; behind a reason and a colon, `encrypted:dist/*`, those of that
    /// reason alone. They stay in the report
    #[arg(long, value_name = "GLOB")]
    pub(crate) accept_gaps: Vec<String>,
    /// Let a run with open gaps be clear; the report says so
    #[arg(long)]
    pub(crate) allow_incomplete: bool,
    /// Hold every SBOM against the minimum elements of NTIA (2021) and CISA (2026)
    #[arg(long)]
    pub(crate) sbom_quality: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Judge {
    /// A report that `interdict scan -o json` wrote; `-` reads standard input
    pub(crate) report: PathBuf,
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
    #[command(flatten)]
    pub(crate) show: Show,
    #[command(flatten)]
    pub(crate) layers: Layers,
}

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Regimes {
    #[command(subcommand)]
    pub(crate) command: Option<RegimesCommand>,
    /// The date or instant to show [default: now]
    #[arg(long, value_name = "DATE|INSTANT")]
    pub(crate) as_of: Option<String>,
    /// `table` or `json`
    #[arg(short, long, default_value = "table")]
    pub(crate) output: String,
    /// Only these jurisdictions
    #[arg(long = "in", value_name = "CODE", value_delimiter = ',')]
    pub(crate) places: Vec<String>,
    /// Everything that is known of this regime
    #[arg(long, value_name = "REGIME", conflicts_with_all = ["profiles", "matrix", "timeline"])]
    pub(crate) show: Option<String>,
    #[command(flatten)]
    pub(crate) knowledge: Packs,
    /// List the profiles instead
    #[arg(long, conflicts_with_all = ["matrix", "timeline"])]
    pub(crate) profiles: bool,
    /// What each regime says of the five standard situations, by the profile that asks it most often
    #[arg(long, conflicts_with = "timeline")]
    pub(crate) matrix: bool,
    /// Every day on which something begins or ends, in order
    #[arg(long)]
    pub(crate) timeline: bool,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum RegimesCommand {
    /// What begins, ends, is suspended or resumes between two days
    Diff {
        /// The earlier date or instant
        from: String,
        /// The later one
        to: String,
        /// `table` or `json`
        #[arg(short, long, default_value = "table")]
        output: String,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Audit {
    /// A folder in which each folder or file is what one supplier delivered
    pub(crate) folder: PathBuf,
    /// How to answer
    #[arg(short, long, value_enum, default_value_t = Form::Table)]
    pub(crate) output: Form,
    #[command(flatten)]
    pub(crate) judging: Judging,
    #[command(flatten)]
    pub(crate) knowledge: Packs,
    #[command(flatten)]
    pub(crate) containment: Containment,
    #[command(flatten)]
    pub(crate) show: Show,
    #[command(flatten)]
    pub(crate) layers: Layers,
}
