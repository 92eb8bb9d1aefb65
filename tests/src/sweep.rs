//! Many inputs looked at together, and what became of each.
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::ambiguous::Case;
use crate::goals::PerFile;
use crate::{interdict, workspace};

/// How long a goal may go on that could go on for ever: `INTERDICT_GOAL_SECONDS`, else half a minute.
#[derive(Debug)]
pub struct Effort(Instant, Duration);

impl Effort {
    /// From now on.
    pub fn begun() -> Self {
        let seconds = std::env::var("INTERDICT_GOAL_SECONDS").ok().and_then(|text| text.parse().ok());
        Self(Instant::now(), Duration::from_secs_f64(seconds.unwrap_or(30.0)))
    }

    /// Whether there is time left.
    pub fn is_left(&self) -> bool {
        self.0.elapsed() < self.1
    }
}

/// All numbers below `count`, in an order that goes over the whole of it early; `INTERDICT_GOAL_SEED` says where it begins.
pub fn spread(count: usize) -> impl Iterator<Item = usize> {
    // Primes far from a round number, so that neighbours come far apart, and so do the shares of two nights.
    const STEP: usize = 1_000_003;
    const SHARE: usize = 104_729;
    let seed =
        std::env::var("INTERDICT_GOAL_SEED").ok().and_then(|text| text.parse::<usize>().ok()).unwrap_or_default();
    let begin = seed.wrapping_mul(SHARE) % count.max(1);
    let step = if count.is_multiple_of(STEP) { 1 } else { STEP };
    (0..count).map(move |index| (index + begin) % count.max(1)).map(move |at| at.wrapping_mul(step) % count.max(1))
}

/// Every input of every fixture: by room, reader and number.
pub fn fixtures() -> Vec<Case> {
    let mut all = Vec::new();
    for room in ["inspect", "sbom", "unpack"] {
        let home = workspace().join("fixtures").join(room);
        let mut readers: Vec<_> =
            fs::read_dir(&home).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        readers.sort();
        for reader in readers.iter().filter(|path| path.is_dir()) {
            let name = reader.file_name().unwrap_or_default().to_string_lossy();
            let inputs = interdict_testkit::inputs(reader).into_iter().enumerate();
            all.extend(inputs.map(|(number, bytes)| (format!("{room}-{name}-{number}"), bytes)));
        }
    }
    all
}

/// So many hostile files: every fixture, and damaged copies of each in turn; the same on every machine.
pub fn hostile(count: usize) -> Vec<Case> {
    let seeds = fixtures();
    let rounds = count.div_ceil(seeds.len().max(1));
    let mut all = seeds.clone();
    let mut damaged = Vec::new();
    for (number, (name, bytes)) in seeds.iter().enumerate().filter(|(_, (_, bytes))| bytes.len() <= 1 << 16) {
        let mut round = 0;
        interdict_testkit::mutate(number as u64, bytes, rounds, &mut |copy| {
            damaged.push((round, format!("{name}-{round}"), copy.to_vec()));
            round += 1;
        });
    }
    damaged.sort_by_key(|(round, ..)| *round);
    all.extend(damaged.into_iter().map(|(_, name, bytes)| (name, bytes)));
    all.truncate(count);
    all
}

/// What became of inputs.
#[derive(Debug, Default)]
pub struct Swept {
    /// How many there were.
    pub inputs: usize,
    /// How many were flagged.
    pub flagged: usize,
    /// Those that somebody read, of which nothing was found and nothing was missing.
    pub clear: Vec<String>,
    /// Those that a reader died, looped or ended on, with what was said; and runs that ended as none should.
    pub bad: Vec<String>,
}

impl Swept {
    /// Adds what became of others.
    pub fn and(&mut self, other: Self) {
        self.inputs += other.inputs;
        self.flagged += other.flagged;
        self.clear.extend(other.clear);
        self.bad.extend(other.bad);
    }

    /// Prints what should not be, up to a few of it.
    pub fn print(&self) {
        let mut kinds: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
        for name in &self.clear {
            let kind = name.rsplit('/').next().unwrap_or(name);
            kinds.entry(kind).or_insert((0, name)).0 += 1;
        }
        for (kind, (count, first)) in kinds {
            println!("  clear: {count} of {kind}, first {first}");
        }
        self.bad.iter().take(20).for_each(|name| println!("  bad: {name}"));
    }
}

/// Looks at all of them in one run, each as a target of its own.
pub fn sweep(cases: &[Case]) -> Swept {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, bytes) in cases {
        put(folder.path(), name, bytes);
    }
    let names = cases.iter().map(|(name, _)| name.as_str());
    let arguments: Vec<&str> = ["scan", "-o", "json", "-q", "--as-of", "2026-01-01"].into_iter().chain(names).collect();
    let output = interdict(folder.path(), &arguments);
    let mut swept = Swept { inputs: cases.len(), ..Swept::default() };
    let said = String::from_utf8_lossy(&output.stderr);
    let Ok(report) = serde_json::from_slice::<Value>(&output.stdout) else {
        // Which of them it was, each half tells.
        if let [(name, _)] = cases {
            swept.bad.push(format!("{name}: {}: {said}", output.status));
        } else {
            let (first, second) = cases.split_at(cases.len() / 2);
            let mut halves = sweep(first);
            halves.and(sweep(second));
            return halves;
        }
        return swept;
    };
    if !matches!(output.status.code(), Some(0 | 1 | 3)) || said.contains("panicked") {
        swept.bad.push(format!("a run with {} inputs: {}: {said}", cases.len(), output.status));
    }
    let seen = PerFile::of(&report);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |name: &str| report.get(name).and_then(Value::as_array).into_iter().flatten();
    let formats: BTreeMap<String, String> =
        list("inputs").map(|input| (text(&input["locator"]), text(&input["format"]))).collect();
    for gap in list("gaps").filter(|gap| gap["reason"] == "crashed" || gap["reason"] == "timed-out") {
        swept.bad.push(format!("{}: {}", text(&gap["on"]), text(&gap["detail"])));
    }
    for (name, _) in cases {
        let is_read = formats.get(name).is_some_and(|format| !matches!(format.as_str(), "text" | "empty" | "unknown"));
        if seen.is_flagged(name) {
            swept.flagged += 1;
        } else if is_read && !seen.gaps.contains(name) {
            swept.clear.push(name.clone());
        }
    }
    swept
}

/// Writes a file, and the folders it lies in.
pub fn put(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap_or(folder)).expect("a folder can be made");
    fs::write(path, bytes).expect("a file can be written");
}
