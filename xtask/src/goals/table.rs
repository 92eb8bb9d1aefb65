//! The one table: id, how often, what it says, what tries it.
use super::checks;

/// A goal of reliability.
pub(crate) struct Goal {
    pub(crate) id: &'static str,
    pub(crate) level: Level,
    pub(crate) says: &'static str,
    pub(crate) run: Run,
    /// Whether it could go on for ever, and is given a share of the time.
    pub(crate) is_endless: bool,
}

/// How often a goal is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// With every change: by the ordinary test command.
    A,
    /// Every night.
    B,
    /// Before a release.
    C,
}

impl Level {
    pub(crate) fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }
}

/// What tries it.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// A test, which prints the goal's line.
    Test { package: &'static str, target: &'static str, name: &'static str },
    /// Something that is no test; it gives the figure, or why it is missed.
    Chore(fn() -> Result<String, String>),
    /// Nothing, for this reason.
    Nothing(&'static str),
}

const fn test(id: &'static str, says: &'static str, target: &'static str, name: &'static str) -> Goal {
    Goal { id, level: Level::A, says, run: Run::Test { package: "interdict-tests", target, name }, is_endless: false }
}

const fn nightly(id: &'static str, says: &'static str, name: &'static str) -> Goal {
    Goal { level: Level::B, ..test(id, says, "nightly", name) }
}

/// A goal that calls the library or the rooms itself.
const fn library(id: &'static str, level: Level, says: &'static str, name: &'static str) -> Goal {
    let run = Run::Test { package: "interdict-fuzz", target: "nightly", name };
    Goal { id, level, says, run, is_endless: false }
}

const fn endless(id: &'static str, says: &'static str, name: &'static str) -> Goal {
    Goal { is_endless: true, ..nightly(id, says, name) }
}

const fn chore(id: &'static str, level: Level, says: &'static str, run: fn() -> Result<String, String>) -> Goal {
    Goal { id, level, says, run: Run::Chore(run), is_endless: false }
}

const fn nothing(id: &'static str, level: Level, says: &'static str, why: &'static str) -> Goal {
    Goal { id, level, says, run: Run::Nothing(why), is_endless: false }
}

pub(crate) const GOALS: &[Goal] = &[
    test(
        "H1",
        "a hostile file by itself: no panic, no signal, no reader that dies or loops",
        "hostile",
        "hostile_files_one_by_one",
    ),
    endless("H1b", "the same for 5,000 of them, as targets of their own", "one_by_one_and_together"),
    nightly("H2", "the same files as one folder have the same gaps", "a_folder_says_what_its_files_say"),
    nightly("H3", "the same files inside one container have the same findings", "a_container_says_what_its_files_say"),
    endless("H4", "no cut of a flagged file is clear", "cut_files_are_never_clear"),
    endless(
        "H5",
        "flipped bits of flagged files: nothing bad, at most one in twenty clear",
        "flipped_bits_clear_next_to_nothing",
    ),
    endless("H6", "fields of 2, 4, 8 bytes that lie: nothing bad", "lengths_that_lie_harm_nobody"),
    test("H7", "what lies deep is found, or told of", "nesting", "what_lies_deep_is_found_or_told"),
    test("H8", "what asks for too much is found, or told of", "nesting", "what_asks_for_too_much_is_found_or_told"),
    test(
        "H9",
        "a worker killed from outside costs one step",
        "contained",
        "a_worker_killed_from_outside_costs_one_step",
    ),
    test("H10", "hostile packs are refused whole, by name", "hostile", "hostile_packs_are_refused_whole"),
    test("F1", "the vendor, hidden in every way: none clear, 95 % found", "canary", "none_is_clear"),
    test(
        "F2",
        "what only looks like it: none flagged, no material gap",
        "canary",
        "nothing_that_only_looks_like_it_is_flagged",
    ),
    test(
        "F3",
        "where two honest readers differ: found or told of, none clear",
        "ambiguous",
        "either_reading_is_found_or_told_of",
    ),
    nightly("F4", "the vendor in every container in every container is found", "every_container_in_every_container"),
    test(
        "F5",
        "what stands beside it, its name and its number change no finding",
        "outside",
        "what_stands_beside_it_changes_nothing",
    ),
    library(
        "F6",
        Level::B,
        "no reader can be lost without a test that fails, and a gate that is not clear",
        "no_reader_can_be_lost_unseen",
    ),
    library(
        "F7",
        Level::B,
        "a read that fails, is interrupted, falls short or ends too early never clears",
        "a_read_that_fails_never_clears",
    ),
    endless(
        "F7b",
        "a call of the system that fails, falls short or gives other content never clears",
        "a_call_that_fails_never_clears",
    ),
    nothing("F8", Level::A, "explained bytes and gaps add up to the size", "a report has no sums of explained bytes"),
    nightly("F9", "documents hold as many components as others count", "components_are_as_many_as_others_count"),
    test(
        "G1",
        "every combination of finding, gap, flag and error has its status",
        "gate",
        "exit_statuses_are_disjoint",
    ),
    test("G2", "an answer that could not be written is none", "walk", "an_answer_that_nobody_could_read_is_no_answer"),
    nightly(
        "G3",
        "a run killed at any moment leaves no report and nothing in scratch",
        "a_killed_run_leaves_no_report",
    ),
    test("G4", "what holds nothing is not clear", "hostile", "what_holds_nothing_is_not_clear"),
    test(
        "G5",
        "what is shipped for CI servers fails the job, 4 cases of 4",
        "pipelines",
        "what_is_shipped_fails_the_job",
    ),
    nightly(
        "I1",
        "no call to anything but the inputs, over hostile files",
        "nothing_is_run_sent_or_opened_but_the_inputs",
    ),
    test("I2", "names in containers lead nowhere", "outside", "names_in_containers_lead_nowhere"),
    test(
        "I3",
        "a reader that serves somebody else gets nowhere",
        "contained",
        "a_reader_that_serves_somebody_else_gets_nowhere",
    ),
    Goal {
        level: Level::C,
        ..nightly(
            "I4",
            "without Landlock, seccomp or bounds: it is told, and refused where it was required",
            "what_contains_is_told_as_far_as_it_goes",
        )
    },
    test("I5", "secrets nearby are in no output", "outside", "secrets_nearby_stay_there"),
    nightly("S1", "a million files, in one folder and in a thousand", "a_million_files_are_looked_at"),
    Goal {
        level: Level::C,
        ..nightly("S2", "what lies across 2 GiB and behind 4 GiB is found", "what_lies_behind_four_gibibytes_is_found")
    },
    test("S3", "deep folders, long paths, names that are no text", "file_system", "deep_folders_and_long_names"),
    test(
        "S4",
        "links, pipes, sockets, devices: told of, none followed or opened",
        "file_system",
        "links_pipes_and_devices_hold_nobody_up",
    ),
    test(
        "S5",
        "what cannot be read, goes or changes meanwhile is a gap",
        "file_system",
        "what_cannot_be_read_or_changes_is_a_gap",
    ),
    nightly("S6", "with little of everything it works, or says why not", "little_of_everything_is_enough_or_said"),
    nothing("S7", Level::B, "many runs over one cache", "there is no cache"),
    Goal {
        is_endless: true,
        ..library(
            "S8",
            Level::C,
            "over and over in one process, memory and descriptors stay",
            "nothing_grows_over_and_over",
        )
    },
    test(
        "D1",
        "the same bytes on any number of threads, in every format",
        "gate",
        "the_same_bytes_at_any_thread_count",
    ),
    nightly("D2", "where, when and as whom it runs says nothing", "surroundings_say_nothing"),
    Goal { level: Level::C, ..nightly("D3", "debug and release say the same", "debug_and_release_say_the_same") },
    nothing("D4", Level::B, "a cold cache and a warm one", "there is no cache"),
    test(
        "P1",
        "attacks on the update of packs are refused",
        "packs",
        "a_pack_that_is_not_what_it_should_be_is_refused",
    ),
    nothing(
        "P2",
        Level::B,
        "a pack's installation that is killed",
        "packs are files that are given; nothing is installed",
    ),
    chore("P3", Level::B, "dependencies, lock file, unsafe code", checks::dependencies),
    chore("P4", Level::C, "two builds in two folders give one digest", checks::reproducible),
    chore("P5", Level::B, "our own binary, documentation and bill of materials are not flagged", checks::ourselves),
    test(
        "O1",
        "texts that did harm somewhere leave every writer inert",
        "outside",
        "what_comes_out_is_inert_and_can_be_read",
    ),
    test(
        "O2",
        "texts that break parsers leave every output readable",
        "outside",
        "what_comes_out_is_inert_and_can_be_read",
    ),
    endless(
        "O3",
        "what is written of 1,000 hostile files keeps to the official schemas",
        "what_is_written_keeps_to_the_official_schemas",
    ),
    nightly("O4", "100,000 findings fit, and every cut is told", "very_many_findings_fit_and_cuts_are_told"),
    Goal {
        run: Run::Test { package: "interdict-fuzz", target: "seeds", name: "every_target_comes_back" },
        ..test("Z1", "every reader and parser of text is a target, and comes back from its seeds", "", "")
    },
    Goal { level: Level::C, ..chore("Z2", Level::C, "every target under the fuzzer", checks::fuzzed) },
    nothing(
        "Z3",
        Level::C,
        "an hour of the processor for every target before a release",
        "a hundred targets are four days of one processor: `cargo xtask fuzz --minutes 60` on a machine of its own",
    ),
    Goal {
        is_endless: true,
        ..library(
            "Z4",
            Level::B,
            "what other readers list is listed or told of",
            "what_others_list_is_listed_or_told_of",
        )
    },
    Goal {
        is_endless: true,
        ..library(
            "Z5",
            Level::B,
            "folds, locators, certainty and unions of readings hold for any input",
            "what_must_hold_holds",
        )
    },
    chore("Z6", Level::B, "tests, fuzzers and releases check what is added and asserted", checks::checked),
    chore("V1", Level::B, "SECURITY.md states the scope", checks::scope),
];
