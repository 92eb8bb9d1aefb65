//! The tool without one of its readers (goal F6): a test fails, and the gate over what that reader reads is not clear.
//! For the whole process: run by its name alone.
use std::collections::BTreeSet;

use interdict_model::{Observer, Outcome, Unpacker};
use interdict_scan::catalog::pack;
use interdict_scan::mute;
use interdict_testkit::{cases, lines, members};
use interdict_tests::{goal, workspace};

use crate::library::in_process;

type Golden = Box<dyn Fn(&str, &[u8]) -> String>;

/// A reader's id, its room, and what its golden test would be told if it said nothing.
struct Reader {
    id: &'static str,
    room: &'static str,
    golden: Golden,
}

fn readers() -> Vec<Reader> {
    let observer = |room: &'static str| {
        move |observer: &'static Observer| {
            let silent = Observer { observe: |_, _| Ok(()), ..*observer };
            let golden = move |name: &str, bytes: &[u8]| lines(&silent, name, bytes, pack().needles());
            Reader { id: observer.id, room, golden: Box::new(golden) }
        }
    };
    let unpacker = |unpacker: &'static Unpacker| {
        let silent = Unpacker { unpack: |_, _| Ok(()), ..*unpacker };
        let golden = move |name: &str, bytes: &[u8]| members(&silent, name, bytes);
        Reader { id: unpacker.id, room: "unpack", golden: Box::new(golden) }
    };
    let documents = interdict_sbom::OBSERVERS.iter().map(observer("sbom"));
    let executables = interdict_inspect::OBSERVERS.iter().map(observer("inspect"));
    documents.chain(executables).chain(interdict_unpack::UNPACKERS.iter().map(unpacker)).collect()
}

#[test]
fn no_reader_can_be_lost_unseen() {
    let (mut untested, mut clear, mut tried) = (Vec::new(), BTreeSet::new(), 0);
    let readers = readers();
    for Reader { id, room, golden } in &readers {
        let home = workspace().join("fixtures").join(room).join(id);
        let (mut is_tested, mut was_open) = (false, false);
        let all = cases(&home);
        for (case, name, bytes) in &all {
            let expected = std::fs::read_to_string(home.join(case).join("expected.txt")).unwrap();
            is_tested |= golden(name, bytes) != expected;
        }
        for (case, name, bytes) in all.iter().filter(|(case, ..)| case.starts_with("good-")) {
            mute("");
            let before = in_process(name, bytes);
            mute(id);
            let after = in_process(name, bytes);
            mute("");
            tried += 1;
            was_open |= after.outcome != Outcome::Clear;
            if before.inputs != after.inputs && after.outcome == Outcome::Clear {
                clear.insert(format!("{room}/{id}/{case}"));
            }
        }
        if !is_tested {
            untested.push(*id);
        }
        if !was_open {
            clear.insert(format!("{room}/{id}: every good case"));
        }
    }
    for what in &clear {
        println!("  clear without it: {what}");
    }
    let figure = format!(
        "{} readers made silent by turns: {} without a test that fails for it {untested:?}; {tried} fixtures looked at without it, {} clear",
        readers.len(),
        untested.len(),
        clear.len()
    );
    goal("F6", &figure, untested.is_empty() && clear.is_empty() && readers.len() > 80);
}
