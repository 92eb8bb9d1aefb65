//! Reads that go wrong (goal F7): the n-th of a file or out of a decoder fails, is interrupted, falls short, ends too early or
//! gives something else. For the whole process: run by its name alone.
use interdict_model::{Outcome, Report};
use interdict_scan::{Fault, Target, Unwatched, break_read, scan};
use interdict_tests::canary::{documents, files};
use interdict_tests::{BOXES, goal, needle, put};

use crate::library::request;

const READS: u64 = 200;

/// One file of each kind that is flagged, and the vendor's library in every box.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let all = files::canaries().into_iter().chain(documents::canaries());
    let mut kinds = std::collections::BTreeSet::new();
    let all = all.filter(|canary| !canary.name.starts_with("pair") && kinds.insert(canary.technique.clone()));
    let mut seeds: Vec<_> = all.map(|canary| (canary.name, canary.bytes)).collect();
    let needle = needle();
    seeds.extend(BOXES.iter().map(|(kind, file, wrap)| (format!("box/{kind}/{file}"), wrap("libscan.so", &needle))));
    seeds
}

#[test]
fn a_read_that_fails_never_clears() {
    let folder = tempfile::tempdir().unwrap();
    let (mut struck, mut tried, mut wrong, mut changed, mut hidden) = (0, 0, Vec::new(), 0, 0);
    let seeds = seeds();
    for (name, bytes) in &seeds {
        put(folder.path(), name, bytes);
        let request = request(Target::Path(folder.path().join(name)));
        let look = || -> Report { scan(&request, 1, &Unwatched).unwrap().report };
        break_read(None);
        let whole = look();
        assert_ne!(whole.outcome, Outcome::Clear, "{name}");
        for fault in [Fault::Fails, Fault::Interrupted, Fault::Short, Fault::Ended, Fault::Changed] {
            for read in 0..READS {
                break_read(Some((read, fault)));
                let told = look();
                tried += 1;
                if !break_read(None) {
                    break;
                }
                struck += 1;
                let is_clear = told.outcome == Outcome::Clear;
                match fault {
                    // Nothing was lost.
                    Fault::Short | Fault::Interrupted if told != whole => {
                        wrong.push(format!("{name}: another answer once read {read} was {fault:?}"));
                    }
                    // It may be the evidence itself.
                    Fault::Changed => {
                        (changed, hidden) = (changed + 1, hidden + u32::from(is_clear));
                        if is_clear {
                            println!("  clear where read {read} gave something else: {name}");
                        }
                    }
                    _ if is_clear => wrong.push(format!("{name}: clear although read {read} {fault:?}")),
                    _ => {}
                }
            }
        }
    }
    for what in wrong.iter().take(40) {
        println!("  {what}");
    }
    let figure = format!(
        "{struck} reads of {} files broken one by one, up to {READS} in each and way, {tried} runs: {} clear or told otherwise; of {changed} that gave something else {hidden} clear",
        seeds.len(),
        wrong.len()
    );
    goal("F7", &figure, wrong.is_empty() && struck > 1000 && hidden * 20 <= changed);
}
