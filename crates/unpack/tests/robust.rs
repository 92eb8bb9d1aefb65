//! Damaged containers: whatever stands in them, every unpacker comes back, soon, and stops when it is told to.
#![expect(clippy::disallowed_methods, reason = "tests read seeds from disk and watch the clock")]

use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use interdict_model::{Head, Member, Members, Needles, Source, Unseen};
use interdict_testkit::{build, mutate};
use interdict_unpack::UNPACKERS;

/// Damaged copies of each seed, and cuts; fewer of those that take long.
const ROUNDS: usize = 10_000;
const CUTS: usize = 64;
/// Bytes of all damaged copies of one seed.
const COPIED: usize = 256 << 20;
const BUDGET: Duration = Duration::from_millis(120);
/// No answer to a seed of these sizes takes long; the limit is wide for slow machines.
const LARGEST: u64 = 300 * 1024;
const LONGEST: Duration = Duration::from_secs(10);
/// Bytes and members taken from one container.
const CAP: u64 = 256 * 1024;
const MEMBERS: u32 = 2000;

/// Reads a little of everything, and holds unpackers to their word once it has had enough.
#[derive(Default)]
struct Taker {
    bytes: u64,
    members: u32,
    is_full: bool,
    after_full: u32,
}

impl Taker {
    fn flow(&mut self) -> ControlFlow<()> {
        self.after_full += u32::from(self.is_full);
        self.members += 1;
        self.is_full |= self.bytes >= CAP || self.members >= MEMBERS;
        if self.is_full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl Members for Taker {
    fn stored(&mut self, _: &Member<'_>, _: &[u8]) -> ControlFlow<()> {
        self.flow()
    }

    fn streamed(&mut self, _: &Member<'_>, bytes: &mut dyn Read) -> ControlFlow<()> {
        let read = std::io::copy(&mut bytes.take(CAP - self.bytes.min(CAP)), &mut std::io::sink());
        self.bytes += read.unwrap_or(1);
        self.flow()
    }

    fn inside(&mut self, _: &Member<'_>, go: &mut dyn FnMut(&mut dyn Members) -> ControlFlow<()>) -> ControlFlow<()> {
        go(self)
    }

    fn unseen(&mut self, _: &Member<'_>, _: Unseen) {}
    fn gap(&mut self, _: Unseen) {}
    fn asks_hidden(&self) -> bool {
        true
    }
    fn anomaly(&mut self, _: Option<&[u8]>, _: &'static str, _: String) {}
}

fn seeds(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(seeds(&path));
        } else if path.ends_with("recipe.toml")
            || path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("input"))
            || path.parent().is_some_and(|parent| parent.ends_with("input"))
        {
            found.extend(path.metadata().is_ok_and(|meta| meta.len() <= LARGEST).then_some(path));
        }
    }
    found.sort();
    found
}

#[test]
fn whatever_stands_in_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/unpack");
    let mut tried = 0_u64;
    for unpacker in UNPACKERS {
        for seed in seeds(&folder.join(unpacker.id)) {
            let bytes = std::fs::read(&seed).unwrap();
            let is_recipe = seed.ends_with("recipe.toml");
            let bytes = if is_recipe { build(&String::from_utf8(bytes).unwrap()).unwrap() } else { bytes };
            let begun = Instant::now();
            let mut try_one = |damaged: &[u8]| {
                if begun.elapsed() > BUDGET {
                    return;
                }
                let at = Instant::now();
                let name = "damaged.bin";
                let _ = (unpacker.accepts)(&Head { bytes: damaged, name });
                let mut taker = Taker::default();
                let _ = (unpacker.unpack)(&Source { bytes: damaged, name, needles: &Needles::default() }, &mut taker);
                tried += 1;
                assert_eq!(taker.after_full, 0, "{}: goes on after it was told to stop", seed.display());
                assert!(at.elapsed() < LONGEST, "{}: took {:?}", seed.display(), at.elapsed());
            };
            for cut in 0..CUTS {
                try_one(&bytes[..bytes.len() * cut / CUTS]);
            }
            // Making the copies takes time too.
            mutate(0x1d, &bytes, ROUNDS.min(COPIED / bytes.len().max(1)), &mut try_one);
        }
    }
    println!("{tried} damaged containers");
}
