//! What the command line says of packs: which are used, and what is asked of the built-in ones.
use std::path::PathBuf;

/// What to recognise with and judge by, beside what is built in.
#[derive(Debug, Default, clap::Args)]
#[expect(clippy::struct_field_names, reason = "`--pack` names packs")]
pub(crate) struct Packs {
    /// A pack of your own; may be given several times
    #[arg(long = "pack", value_name = "FILE")]
    pub(crate) packs: Vec<PathBuf>,
    /// A built-in pack that is off by default; may be given several times. `interdict catalog packs` lists them
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) with: Vec<String>,
    /// Refuse packs of your own that this key did not sign: a public key of minisign, or its file; any one of several does
    #[arg(long, value_name = "KEY")]
    pub(crate) require_signed: Vec<String>,
    /// Remember the versions of packs in this file, and refuse older ones than were used before. What is older than the pack of
    /// its id that is built in or given beside it, or that a baseline was made with, is refused without
    #[arg(long, value_name = "FILE")]
    pub(crate) pack_state: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Catalog {
    #[command(subcommand)]
    pub(crate) command: CatalogCommand,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum CatalogCommand {
    /// Every rule, a line each
    List {
        /// `table` or `json`
        #[arg(short, long, default_value = "table")]
        output: String,
        #[command(flatten)]
        knowledge: Packs,
    },
    /// The built-in packs that are off by default
    Packs,
    /// One rule, entity or organisation, whole: with its maker and the maker's companies
    Show {
        /// Its id
        id: String,
    },
    /// Compile a pack of your own, run its tests, and say what its author should mend
    Lint {
        /// Its files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Scan a labelled folder and say how often each rule is right: precision and recall
    Test {
        /// The folder; its `labels.tsv` names a file and the entities in it on each line, `-` for none
        #[arg(long, value_name = "DIR")]
        corpus: PathBuf,
        /// `table` or `json`
        #[arg(short, long, default_value = "table")]
        output: String,
        #[command(flatten)]
        knowledge: Packs,
    },
    /// Print a built-in pack that is off by default, to begin a pack of your own with
    Export {
        /// Its name
        name: String,
    },
    /// What one pack has that another has not
    Diff {
        /// The earlier one; `built-in` is the built-in one
        old: PathBuf,
        /// The later one
        new: PathBuf,
        /// `table` or `json`
        #[arg(short, long, default_value = "table")]
        output: String,
    },
    /// Make a pair of keys for signing packs
    Keygen {
        /// Where the secret key goes; the public one goes beside it
        file: PathBuf,
    },
    /// Sign a pack; the signature goes beside it
    Sign {
        /// The pack
        file: PathBuf,
        /// The secret key, as `catalog keygen` or `minisign -G -W` wrote it
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
    /// Say whether the signature beside a pack holds
    Verify {
        /// The pack
        file: PathBuf,
        /// A public key, or its file; any one of several does
        #[arg(long = "key", value_name = "KEY", required = true)]
        keys: Vec<String>,
    },
}
