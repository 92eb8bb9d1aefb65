//! How fast binaries are read for their facts, observer by observer; the search for needles is measured with the model.
//!
//! `cargo bench -p interdict-inspect -- FOLDER…`; without folders, over the programs and libraries of this machine.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a benchmark reads files, takes time and speaks")]
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use interdict_inspect::OBSERVERS;
use interdict_model::{At, Declared, Document, FactKind, Head, Needles, Part, Receiver, Sink, Source, Unseen};

/// Bytes read in all.
const MOST: u64 = 1 << 30;
/// Observers that every file is shown, and that this is not about.
const ANY: [&str; 2] = ["content", "text"];

/// Looks at every fact, keeps none.
#[derive(Default)]
struct Counter {
    facts: u64,
    parts: u32,
}

impl Receiver for Counter {
    fn wants(&self, _: FactKind) -> bool {
        true
    }
    fn fact(&mut self, _: &'static str, _: Part, _: FactKind, raw: &str, _: At<'_>) {
        self.facts += u64::from(!raw.is_empty());
    }
    fn component(&mut self, _: &'static str, _: &Declared<'_>) -> Part {
        self.parts += 1;
        Part(self.parts)
    }
    fn depends(&mut self, _: &str, _: &str) {}
    fn document(&mut self, _: &'static str, _: Document) {}
    fn gap(&mut self, _: &'static str, _: Unseen) {}
    fn repair(&mut self, _: &'static str, _: String, _: String, _: String) {}
}

#[derive(Default)]
struct Sum {
    files: u64,
    bytes: u64,
    facts: u64,
    time: Duration,
}

fn main() {
    let mut folders: Vec<PathBuf> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).map(PathBuf::from).collect();
    if folders.is_empty() {
        folders = vec!["/usr/bin".into(), "/usr/lib".into()];
    }
    let (mut sums, mut left) = (BTreeMap::new(), MOST);
    for folder in &folders {
        below(folder, &mut left, &mut sums);
    }
    println!("{:<16}{:>8}{:>12}{:>12}{:>10}{:>12}", "observer", "files", "MB", "facts", "ms", "MB/s");
    for (id, Sum { files, bytes, facts, time }) in &sums {
        let (megabytes, seconds) = (megabytes(*bytes), time.as_secs_f64());
        let speed = megabytes / seconds.max(1e-9);
        println!("{id:<16}{files:>8}{megabytes:>12.1}{facts:>12}{:>10.0}{speed:>12.0}", seconds * 1e3);
    }
}

#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Reads what lies below a folder, in the order of names, until enough was read.
fn below(folder: &Path, left: &mut u64, sums: &mut BTreeMap<&'static str, Sum>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut entries: Vec<_> = entries.map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries {
        let Ok(metadata) = std::fs::symlink_metadata(&entry) else { continue };
        if metadata.is_dir() {
            below(&entry, left, sums);
        } else if metadata.is_file() && metadata.len() <= *left {
            let Ok(bytes) = std::fs::read(&entry) else { continue };
            let name = entry.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if measure(&bytes, &name, sums) {
                *left -= metadata.len();
            }
        }
    }
}

fn measure(bytes: &[u8], name: &str, sums: &mut BTreeMap<&'static str, Sum>) -> bool {
    let mut is_read = false;
    for observer in OBSERVERS.iter().filter(|observer| !ANY.contains(&observer.id)) {
        let start = Instant::now();
        if !(observer.accepts)(&Head { bytes, name }) {
            continue;
        }
        let mut counter = Counter::default();
        let needles = Needles::default();
        let _ =
            (observer.observe)(&Source { bytes, name, needles: &needles }, &mut Sink::new(observer.id, &mut counter));
        let sum = sums.entry(observer.id).or_default();
        sum.time += start.elapsed();
        sum.files += 1;
        sum.bytes += bytes.len() as u64;
        sum.facts += counter.facts;
        is_read = true;
    }
    is_read
}
