//! Chores of the workspace: `cargo xtask help` lists them.
#![expect(clippy::disallowed_methods, reason = "chores read the workspace and run cargo; nothing here ships")]
#![expect(clippy::print_stdout, reason = "chores speak to whoever runs them")]

mod bench;
mod bill;
mod bless;
mod ci;
mod docs;
mod fmt;
mod fuzz;
mod goals;
mod large;
mod pairs;
mod precision;
mod repro;
mod run;
mod tidy;
mod tree;
mod unpack_check;

use std::process::ExitCode;

/// A name, what it does, and how it ends: with a sentence where it failed.
struct Chore {
    name: &'static str,
    run: fn(&[String]) -> Result<(), String>,
    help: &'static str,
}

const CHORES: &[Chore] = &[
    Chore { name: "ci", run: ci::run, help: "everything that must hold before a change lands" },
    Chore {
        name: "large",
        run: large::run,
        help: "write a large SBOM from a seed, for measuring: FORMAT MEGABYTES FILE",
    },
    Chore {
        name: "bench",
        run: bench::run,
        help: "measure the release build against yardsticks, as a table (--rounds N, --programs DIR, WORKLOAD…; no part of ci)",
    },
    Chore { name: "measured", run: bench::measured, help: "what one run of a command line costs; bench calls it" },
    Chore {
        name: "yardstick",
        run: bench::yardstick::run,
        help: "what the least work with the bytes costs; bench calls it",
    },
    Chore {
        name: "pairs",
        run: pairs::run,
        help: "count how rare bytes are behind each other, for the search for needles: FOLDER...",
    },
    Chore { name: "fmt", run: fmt::run, help: "format the workspace (--check: only compare)" },
    Chore {
        name: "fuzz",
        run: fuzz::run,
        help: "every target under LLVM's fuzzer (--minutes N, default 10; TARGET…); needs a C++ compiler, no part of ci",
    },
    Chore {
        name: "nightly",
        run: goals::nightly,
        help: "the goals of assurance of levels A and B, as a table (--minutes N, default 20; GOAL…)",
    },
    Chore {
        name: "release-check",
        run: goals::release_check,
        help: "all goals of assurance, as a table (the same words)",
    },
    Chore { name: "repro", run: repro::run, help: "two release builds in two folders, and whether they are the same" },
    Chore { name: "sbom", run: bill::run, help: "write the tool's own bill of materials (CycloneDX): FILE" },
    Chore { name: "tidy", run: tidy::run, help: "arrows, homes, file shapes, registries, words" },
    Chore {
        name: "bless",
        run: bless::run,
        help: "run the tests and accept what they print (further words go to cargo test)",
    },
    Chore {
        name: "docs",
        run: docs::run,
        help: "write what is generated under docs/ and in README.md (--check: only compare)",
    },
    Chore {
        name: "precision",
        run: precision::run,
        help: "scan ordinary Debian packages and fail on any accusation (FOLDER [BINARY]; downloads, no part of ci)",
    },
    Chore {
        name: "unpack-check",
        run: unpack_check::run,
        help: "hold our unpacking of the Debian packages in a folder against dpkg's",
    },
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (name, rest) = words.split_first().map_or(("help", &[][..]), |(name, rest)| (name.as_str(), rest));
    let Some(chore) = CHORES.iter().find(|chore| chore.name == name) else {
        help();
        return if matches!(name, "help" | "--help" | "-h") { ExitCode::SUCCESS } else { ExitCode::from(2) };
    };
    match (chore.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn help() {
    println!("cargo xtask CHORE\n");
    for Chore { name, help, .. } in CHORES {
        println!("  {name:<14}{help}");
    }
}
