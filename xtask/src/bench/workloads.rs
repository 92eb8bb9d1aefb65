//! What is measured, against what, and what it should reach: the goals that the project set itself.
use super::inputs::{Input, Packing};

pub(super) struct Workload {
    pub(super) name: &'static str,
    pub(super) input: Input,
    pub(super) options: &'static [&'static str],
    pub(super) against: Against,
    pub(super) goal: Goal,
}

/// What a figure must be; ratios are to the yardstick of the same run.
pub(super) enum Goal {
    Milliseconds(f64),
    MegabytesPerSecond(f64),
    OfTheYardstick(f64),
    FasterInWallTime(f64),
    SameTimePerByte(f64),
}

/// The yardstick that runs by turns with the tool.
pub(super) enum Against {
    /// `serde_json` passing over the document.
    Skipping,
    /// Reading the files and adding their bytes up.
    Reading,
    /// Another program, where it is at hand; the input is its last word.
    Program(&'static str, &'static [&'static str]),
    /// The program that unpacks it, on one thread.
    Unpacking(Packing),
    /// The tool itself with other options.
    Itself(&'static [&'static str]),
    /// The tool itself on something smaller.
    Smaller(Input),
}

impl Against {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Skipping => "serde_json skips it",
            Self::Reading => "reading and summing",
            Self::Program(name, _) => name,
            Self::Unpacking(packing) => packing.unpacker().first().copied().unwrap_or_default(),
            Self::Itself(_) => "itself, one thread",
            Self::Smaller(_) => "itself, smaller",
        }
    }
}

const JQ: Against = Against::Program("jq counts components", &["jq", ".components | length"]);
const YARA: Against = Against::Program("YARA-X, the same texts", &["python3", "benches/yara.py"]);

const ONE: &[&str] = &["--threads", "1"];
const TWO: &[&str] = &["--threads", "2"];

const fn document(name: &'static str, shape: &'static str, against: Against, goal: Goal) -> Workload {
    Workload { name, input: Input::Document(shape, 100_000_000), options: ONE, against, goal }
}

const fn archive(name: &'static str, packing: Packing) -> Workload {
    let (input, against) = (Input::Packed(packing), Against::Unpacking(packing));
    Workload { name, input, options: ONE, against, goal: Goal::OfTheYardstick(0.75) }
}

pub(super) const WORKLOADS: &[Workload] = &[
    Workload {
        name: "a document of 20 KB, whole process",
        input: Input::Document("cyclonedx-json", 20_000),
        options: &[],
        against: Against::Reading,
        goal: Goal::Milliseconds(3.0),
    },
    document("CycloneDX JSON", "cyclonedx-json", Against::Skipping, Goal::MegabytesPerSecond(1000.0)),
    document("CycloneDX JSON, to a skip", "cyclonedx-json", Against::Skipping, Goal::OfTheYardstick(0.6)),
    document("CycloneDX JSON, to jq", "cyclonedx-json", JQ, Goal::OfTheYardstick(20.0)),
    Workload {
        name: "CycloneDX JSON on two cores",
        input: Input::Document("cyclonedx-json", 100_000_000),
        options: TWO,
        against: Against::Itself(ONE),
        goal: Goal::FasterInWallTime(1.7),
    },
    Workload {
        name: "CycloneDX JSON, growth from 10 MB to 500",
        input: Input::Document("cyclonedx-json", 500_000_000),
        options: ONE,
        against: Against::Smaller(Input::Document("cyclonedx-json", 10_000_000)),
        goal: Goal::SameTimePerByte(0.15),
    },
    document("SPDX JSON", "spdx-json", Against::Skipping, Goal::MegabytesPerSecond(1000.0)),
    document("CycloneDX XML", "cyclonedx-xml", Against::Reading, Goal::MegabytesPerSecond(600.0)),
    document("SPDX tag-value", "spdx-tag-value", Against::Reading, Goal::MegabytesPerSecond(800.0)),
    Workload {
        name: "10,000 documents of 20 to 200 KB",
        input: Input::Documents(10_000),
        options: ONE,
        against: Against::Reading,
        goal: Goal::OfTheYardstick(0.6),
    },
    Workload {
        name: "10,000 documents, growth from 1,000",
        input: Input::Documents(10_000),
        options: ONE,
        against: Against::Smaller(Input::Documents(1_000)),
        goal: Goal::SameTimePerByte(0.15),
    },
    Workload {
        name: "programs and libraries",
        input: Input::Programs,
        options: ONE,
        against: Against::Reading,
        goal: Goal::OfTheYardstick(0.4),
    },
    Workload {
        name: "programs and libraries, to YARA-X",
        input: Input::Programs,
        options: ONE,
        against: YARA,
        goal: Goal::OfTheYardstick(4.0),
    },
    archive("programs in a tar.gz", Packing::Gzip),
    archive("programs in a tar.xz", Packing::Xz),
    archive("programs in a tar.zst", Packing::Zstd),
    archive("programs in a zip", Packing::Zip),
];
