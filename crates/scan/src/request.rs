//! What a run is asked for.
use std::path::PathBuf;

use interdict_model::{Instant, Profile, Report, Waiver};
use interdict_rules::Pack;

use crate::limits::Limits;

/// Everything a run depends on: the same request over the same bytes gives the same report.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// What to look at.
    pub targets: Vec<Target>,
    /// Documents that describe the targets.
    pub documents: Vec<PathBuf>,
    /// What to recognise.
    pub pack: &'a Pack,
    /// The law.
    pub regimes: &'a interdict_policy::Regimes,
    /// For whom to judge.
    pub profile: Profile,
    /// The instant to judge for.
    pub as_of: Instant,
    /// Findings that their owners set aside.
    pub waivers: Vec<Waiver>,
    /// Patterns of locators whose gaps are accepted.
    pub accept_gaps: Vec<String>,
    /// Whether gaps may stand open.
    pub allow_incomplete: bool,
    /// Whether every fact goes into the report.
    pub all_evidence: bool,
    /// Whether documents are held against the official schema of the version they declare.
    pub strict: bool,
    /// Whether the ways by which components got in are left out of the report; a large document then takes little memory.
    pub without_ways: bool,
    /// Whether documents are held against the minimum elements of an SBOM.
    pub sbom_quality: bool,
    /// What was known before: the gate then goes by what is new.
    pub baseline: Option<&'a Report>,
    /// Bounds on what is opened, held and waited for.
    pub limits: Limits,
    /// The folder in which large members find room, in a file without a name.
    pub scratch: Option<PathBuf>,
    /// Processes for what other people's parsers read; without them these run in this one. Linux only.
    pub workers: Option<Workers>,
}

/// Where workers come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workers {
    /// A program that calls `serve` when it is told `worker`: the one that runs.
    pub program: PathBuf,
    /// Whether nothing may be looked at unless they are contained in full.
    pub must_be_full: bool,
}

/// A thing to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file or directory.
    Path(PathBuf),
    /// Bytes that came by other ways, with their name: standard input.
    Bytes(String, Vec<u8>),
}

impl Target {
    pub(crate) fn path(&self) -> Option<&PathBuf> {
        match self {
            Self::Path(path) => Some(path),
            Self::Bytes(..) => None,
        }
    }
}

/// Told how far a run is; called from every thread.
pub trait Progress: Sync {
    /// So many files and bytes are to be looked at.
    fn planned(&self, files: u64, bytes: u64);
    /// One file of this size was looked at; with what lies in it, so many artifacts.
    fn done(&self, bytes: u64, artifacts: u64);
    /// Whether to stop handing out work.
    fn stopped(&self) -> bool {
        false
    }
}

/// Nobody watches.
#[derive(Clone, Copy, Debug)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn planned(&self, _: u64, _: u64) {}
    fn done(&self, _: u64, _: u64) {}
}
