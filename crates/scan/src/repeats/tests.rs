//! What is told again at a second place is held against a second look there.
use std::fmt::Write as _;
use std::path::Path;

use interdict_model::Locator;
use interdict_testkit::inputs;

use super::*;
use crate::held::Store;
use crate::limits::Limits;
use crate::request::Unwatched;
use crate::scratch::Scratch;
use crate::trace::{Cells, Trace};
use crate::watch::Watch;

/// A tar archive of these members.
fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, bytes) in members {
        let mut header = vec![0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..136].copy_from_slice(format!("{:011o}\0", bytes.len()).as_bytes());
        header[148..156].copy_from_slice(b"        ");
        header[156] = b'0';
        header[257..263].copy_from_slice(b"ustar\0");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend(header);
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

fn given(archive: &[u8], repeats: Option<&Repeats>, limits: &Limits) -> String {
    let (cells, store) = (Cells::default(), Store::new(1 << 30, Scratch::within(None)));
    let trace = Trace::new(&cells, &[]);
    let means = Means {
        pack: interdict_catalog::pack(),
        watch: Watch { limits, progress: &Unwatched, trace: &trace },
        store: &store,
        repeats,
        all_evidence: false,
        strict: false,
        in_pairs: false,
        without_ways: false,
        is_compared: true,
    };
    let locator = Locator::input(b"all.tar");
    let subject =
        Subject { locator: &locator, owned_path: "", bytes: archive, renames: &[], around: None, is_target: true };
    let (mut budget, mut out) = (Budget::of(limits, archive.len()), Yielded::default());
    means.examine(&subject, &mut budget, &mut out);
    let mut text = serde_json::to_string_pretty(&out).unwrap();
    let _ = write!(text, "{} {}", budget.bytes, budget.members);
    text
}

fn check(archive: &[u8], limits: &Limits) -> usize {
    let repeats = Repeats::default();
    assert_eq!(given(archive, Some(&repeats), limits), given(archive, None, limits));
    repeats.again()
}

#[test]
fn told_again_is_what_a_second_look_gives() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/unpack");
    let (mut again, limits) = (0, Limits::default());
    for id in ["zip", "gzip", "tar", "xz", "zstd", "cab", "seven_zip", "rar", "dmg", "iso9660", "compound", "pdf"] {
        let all = inputs(&home.join(id));
        for input in all.iter().filter(|input| input.len() < 100_000) {
            let archive =
                tar(&[("a/in.bin", input), ("b\"!/#/in.bin", input), ("c/other.bin", input), ("in.bin", input)]);
            again += check(&archive, &limits);
        }
    }
    assert!(again > 40, "{again}");
}

#[test]
fn findings_gaps_and_limits_at_every_place() {
    let needle = b"\x7fELF\x02\x01\x01 libkave.so kaveInitializeEx AO Kaspersky Lab".repeat(8);
    let inner = tar(&[("lib/libkave.so", &needle), ("notes", b"Kaspersky Lab"), ("kaspersky", &[0xff; 300])]);
    let middle = tar(&[("x/i.tar", &inner), ("y/i.tar", &inner)]);
    let archive = tar(&[("1/m.tar", &middle), ("2/m.tar", &middle), ("3/m.tar", &middle), ("3/i.tar", &inner)]);
    let text = given(&archive, None, &Limits::default());
    assert!(text.contains("all.tar!/3/m.tar!/y/i.tar!/lib/libkave.so"));
    assert_eq!(check(&archive, &Limits::default()), 3);
    for members in 1..24 {
        check(&archive, &Limits { members, ..Limits::default() });
    }
    for total in (1000..80_000).step_by(3001) {
        check(&archive, &Limits { total, ..Limits::default() });
    }
    for depth in 0..5 {
        check(&archive, &Limits { depth, ..Limits::default() });
    }
}
