//! Every target over its seeds, the parsers of text over 10,000 damaged copies of theirs, and the documents that writers keep over 1,000; the rooms do that for their readers.
#![expect(clippy::disallowed_methods, reason = "a test watches the clock and reads fixtures, and may fail")]
use std::path::Path;
use std::time::{Duration, Instant};

use interdict_fuzz::{seeds, targets};

/// As the fuzzer is told; wide, for machines that are busy.
const SLOW: Duration = Duration::from_secs(20);

#[test]
fn every_target_comes_back() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("fixtures");
    let all = targets();
    let (mut runs, mut slowest) = (0, (Duration::ZERO, String::new()));
    for (number, target) in all.iter().enumerate() {
        let seeds = seeds(&fixtures, &target.name);
        assert!(!seeds.is_empty(), "{} has no seeds", target.name);
        let mut run = |bytes: &[u8]| {
            let start = Instant::now();
            target.run(bytes);
            runs += 1;
            slowest = slowest.clone().max((start.elapsed(), target.name.clone()));
        };
        for seed in &seeds {
            run(seed);
            let damaged = match target.name.split_once('/') {
                Some(("texts", _)) => 10_000,
                Some(("kept", _)) => 1_000,
                _ => 0,
            };
            let rounds = damaged / seeds.len() / (1 + seed.len() / 256);
            interdict_testkit::mutate(number as u64, seed, rounds, &mut run);
        }
    }
    let is_met = all.len() >= 35 && slowest.0 < SLOW;
    let word = if is_met { "pass" } else { "FAIL" };
    println!("{:<4} {word} {} targets, {runs} runs, slowest {:?} of {}", "Z1", all.len(), slowest.0, slowest.1);
    assert!(is_met, "{} targets, {slowest:?}", all.len());
}
