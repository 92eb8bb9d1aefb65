//! Damaged inputs (goals H4, H5, H6): cut, with bits flipped, with lengths that lie; each with a canary that must not get lost in silence.
use interdict_tests::canary::{documents, files};
use interdict_tests::{Case, Effort, Swept, goal, spread, sweep};

/// What one run looks at.
const BATCH: usize = 500;
/// Files longer than this are not cut at so many places.
const SHORT: usize = 64 << 10;

fn seeds() -> Vec<Case> {
    let all = documents::canaries().into_iter().chain(files::canaries());
    let all = all.filter(|canary| canary.bytes.len() < SHORT && !canary.name.starts_with("pair"));
    all.map(|canary| (canary.name, canary.bytes)).collect()
}

/// Looks at as many cases as there is time for, out of so many.
fn swept(count: usize, case: impl Fn(usize) -> Case) -> Swept {
    let (effort, mut order, mut all) = (Effort::begun(), spread(count), Swept::default());
    while effort.is_left() {
        let cases: Vec<Case> = order.by_ref().take(BATCH).map(&case).collect();
        if cases.is_empty() {
            break;
        }
        all.and(sweep(&cases));
    }
    all.print();
    all
}

fn named(index: usize, name: &str) -> String {
    format!("{index}/{}", name.rsplit('/').next().unwrap_or(name))
}

#[test]
fn cut_files_are_never_clear() {
    const CUTS: usize = 64;
    // A carrier that is cut before or in the head of what it carries is a whole carrier, and YAML has no end.
    const WHOLE: [&str; 5] = ["photo.jpg", "installer.run", "setup.exe", "sbom.spdx.yaml", "spdx-yaml/report"];
    let seeds: Vec<Case> =
        seeds().into_iter().filter(|(name, _)| !WHOLE.iter().any(|end| name.ends_with(end))).collect();
    let all = swept(seeds.len() * CUTS, |index| {
        let (name, bytes) = &seeds[index / CUTS];
        let length = bytes.len() * (index % CUTS) / CUTS;
        // What ends between two lines of tag-value, or before the first member of `ar`, is whole as far as it goes.
        let breaks = |length: &usize| !bytes[..*length].ends_with(b"\n") && !bytes[..*length].ends_with(b"\n\0");
        let length = (0..=length).rev().find(breaks).unwrap_or_default();
        (format!("{}/{length}/{}", index / CUTS, named(index, name)), bytes[..length].to_vec())
    });
    let figure = format!(
        "{} of {} cuts of {} files: {} bad, {} clear, {} still flagged",
        all.inputs,
        seeds.len() * CUTS,
        seeds.len(),
        all.bad.len(),
        all.clear.len(),
        all.flagged
    );
    goal("H4", &figure, all.bad.is_empty() && all.clear.is_empty());
}

#[test]
fn flipped_bits_clear_next_to_nothing() {
    const FLIPS: usize = 1000;
    let seeds = seeds();
    let all = swept(seeds.len() * FLIPS, |index| {
        let (name, bytes) = &seeds[index / FLIPS];
        let mut bytes = bytes.clone();
        let bit = (index % FLIPS).wrapping_mul(2_654_435_761) % (bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        (format!("{}/{bit}/{}", index / FLIPS, named(index, name)), bytes)
    });
    let figure = format!(
        "{} flips in {} files: {} bad, {} clear, {} still flagged",
        all.inputs,
        seeds.len(),
        all.bad.len(),
        all.clear.len(),
        all.flagged
    );
    goal("H5", &figure, all.bad.is_empty() && all.clear.len() * 20 <= all.inputs);
}

#[test]
fn lengths_that_lie_harm_nobody() {
    const LIES: usize = 7;
    let seeds = seeds();
    let places: Vec<(usize, usize, usize)> = seeds
        .iter()
        .enumerate()
        .flat_map(|(seed, (_, bytes))| {
            let fields = [2, 4, 8]
                .into_iter()
                .flat_map(|width| (0..bytes.len().min(2048)).step_by(width).map(move |at| (at, width)));
            fields.map(move |(at, width)| (seed, at, width)).collect::<Vec<_>>()
        })
        .collect();
    let all = swept(places.len() * LIES, |index| {
        let (seed, at, width) = places[index / LIES];
        let (name, bytes) = &seeds[seed];
        let (mut bytes, size) = (bytes.clone(), bytes.len() as u64);
        let lie = [0, 1, u64::MAX, u64::MAX - 1, 1 << 31, size + 1, size.wrapping_sub(1)][index % LIES];
        for (to, from) in bytes.iter_mut().skip(at).zip(lie.to_le_bytes()).take(width) {
            *to = from;
        }
        (format!("{seed}/{at}/{width}/{}", named(index, name)), bytes)
    });
    let figure =
        format!("{} lies of {}: {} bad, {} clear", all.inputs, places.len() * LIES, all.bad.len(), all.clear.len());
    goal("H6", &figure, all.bad.is_empty());
}
