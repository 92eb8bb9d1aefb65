//! The short way and the long one: leaving out what can matter to nobody changes nothing of what is found, counted or told.
use std::path::{Path, PathBuf};

use interdict_model::{Head, Needles, Sink, Source};
use interdict_sbom::OBSERVERS;

use super::*;
use crate::tape::apart;

/// Hears every fact and holds each against every line.
struct Plain<'r, 'a>(&'r mut Record<'a>);

impl Receiver for Plain<'_, '_> {
    fn wants(&self, _: FactKind) -> bool {
        true
    }
    fn fact(&mut self, by: &'static str, on: Part, kind: FactKind, raw: &str, at: At<'_>) {
        if self.0.pack.wants(kind) {
            self.0.raw_fact(by, on, kind, raw, at);
        }
    }
    fn component(&mut self, by: &'static str, declared: &Declared<'_>) -> Part {
        self.0.component(by, declared)
    }
    fn depends(&mut self, from: &str, to: &str) {
        self.0.depends(from, to);
    }
    fn stated(&mut self, of: &str, statement: &str) {
        self.0.stated(of, statement);
    }
    fn document(&mut self, by: &'static str, document: Document) {
        self.0.document(by, document);
    }
    fn gap(&mut self, by: &'static str, gap: Unseen) {
        self.0.gap(by, gap);
    }
    fn repair(&mut self, by: &'static str, pointer: String, wrong: String, assumed: String) {
        self.0.repair(by, pointer, wrong, assumed);
    }
}

/// How a document is heard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// As a run hears it.
    Short,
    Plainly,
    /// By a reader on a thread of its own.
    Apart,
}

/// Everything that one document gives, line by line.
fn given(bytes: &[u8], name: &str, how: How, without_ways: bool) -> Vec<String> {
    let (pack, needles, locator) = (interdict_catalog::pack(), Needles::default(), Locator::input(name.as_bytes()));
    let mut record = Record::new(pack, &locator, false, without_ways);
    let source = Source { bytes, name, needles: &needles };
    let mut lines = Vec::new();
    for observer in OBSERVERS.iter().filter(|observer| (observer.accepts)(&Head { bytes, name })) {
        let read = |to: &mut dyn Receiver| (observer.observe)(&source, &mut Sink::new(observer.id, to));
        let read = match how {
            How::Short => read(&mut record),
            How::Plainly => read(&mut Plain(&mut record)),
            How::Apart => apart(&mut record, &mut |hearer| Some(read(hearer))).unwrap(),
        };
        lines.push(format!("{} {read:?}", observer.id));
    }
    let mut told: Vec<String> = record.gaps.drain(..).map(|gap| format!("{gap:?}")).collect();
    told.extend(record.repairs.drain(..).map(|repair| format!("{repair:?}")));
    told.sort();
    lines.append(&mut told);
    lines.push(format!("{:?}", record.document.take()));
    let (met, parts, _, graph) = record.into_met();
    lines.push(format!("{} {:?} {:?}", graph.len(), graph.quality(), graph.product(&locator)));
    let (whole, single): (Vec<_>, Vec<_>) = met.into_iter().partition(|one| pack.is_in_container(one.line));
    told.extend(whole.iter().map(|one| format!("{one:?}")));
    let matches = pack.conclude(&single);
    for part in parts {
        let place = graph.locator(&locator, part);
        if matches.iter().any(|one| one.on == place) {
            told.push(format!("{:?}", graph.way(&locator, part, 0)));
        }
    }
    for mut one in matches {
        one.proof.sort();
        told.push(format!("{one:?}"));
    }
    told.sort();
    lines.append(&mut told);
    lines
}

fn hold(bytes: &[u8], name: &str, what: &dyn Fn() -> String) {
    for without_ways in [false, true] {
        let [short, long, apart] =
            [How::Short, How::Plainly, How::Apart].map(|how| given(bytes, name, how, without_ways));
        assert_eq!(short, long, "{}", what());
        assert_eq!(short, apart, "{}", what());
    }
}

/// Every document of the fixtures and, where it is at hand, of the shared corpus.
fn documents() -> Vec<PathBuf> {
    const LONGEST: u64 = 400_000;
    let house = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders = vec![house.join("fixtures/sbom"), house.join("../shared/corpus/sboms")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        #[expect(clippy::disallowed_methods, reason = "a test reads what lies beside it")]
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            let is_document = entry.file_name() != "expected.txt" && entry.file_name() != "why.md";
            if kind.is_dir() {
                folders.push(entry.path());
            } else if is_document && entry.metadata().is_ok_and(|of| of.len() < LONGEST) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

#[expect(clippy::disallowed_methods, reason = "a test reads what lies beside it")]
fn read(path: &Path) -> (Vec<u8>, String) {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    (std::fs::read(path).unwrap_or_default(), name)
}

/// Numbers from a seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % most.max(1)
    }
}

/// What is looked for, as nobody should write it.
const SPELLINGS: &[&str] = &[
    "Kaspersky Lab",
    "KASPERSKY",
    "k\\u0061spersky lab",
    "\\u006b\\u0061spersky",
    "K\u{430}spersky",
    "Лаборатория Касперского",
    "AO Kas.per,sky L'ab",
    "Kas\u{200b}persky",
    "pkg:npm/%6baspersky-sdk@1.0",
    "pkg:npm/%40kaspersky/hexa-ui@1.0.0",
    "pkg:maven/com.kaspersky.android-components/kaspresso@1.5",
    "cpe:2.3:a:kaspersky:anti-virus:21.3:*:*:*:*:*:*:*",
    "cpe:/a:kaspersky%20lab:anti-virus",
    "cpe:2.3:a:k\\\\aspersky:x",
    "https://support.kaspersky.com/x",
    "https://user@KSN%2ekaspersky.com",
    "Juniper Junos",
    "11.4R7",
    "g data antivirus",
    "2010",
    "3.7.1",
    "klscan.exe",
    "0d3617dde6a284f8c7ea5eedfd8ca93de4f32efc",
    "RU-1027739867473",
    "",
];

/// One change: a value or a stretch that becomes something that is looked for, or damage.
fn changed(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(out.len());
        // To the end of what stands there: a text in quotes, an element, a line.
        let is_end = |byte: &u8| matches!(byte, b'"' | b'<' | b'\n');
        let start =
            out[..at].iter().rposition(|byte| matches!(byte, b'"' | b'>' | b':' | b'\n')).map_or(at, |at| at + 1);
        let end = out[at..].iter().position(is_end).map_or(at, |length| at + length);
        match chance.below(10) {
            0..=5 => drop(out.splice(start..end.max(start), SPELLINGS[chance.below(SPELLINGS.len())].bytes())),
            6 => drop(out.splice(at..at, SPELLINGS[chance.below(SPELLINGS.len())].bytes())),
            // What stands here stands twice.
            7 => {
                let to = (at + chance.below(300)).min(out.len());
                let twice = out[at..to].to_vec();
                drop(out.splice(at..at, twice));
            }
            8 if at < out.len() => out[at] = u8::try_from(chance.below(256)).unwrap_or(0),
            _ => out.truncate(out.len() - chance.below(out.len() / 8)),
        }
        if out.is_empty() {
            return out;
        }
    }
    if chance.below(12) == 0 {
        let text = String::from_utf8_lossy(&out).into_owned();
        out = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    }
    out
}

#[test]
fn documents_as_they_are() {
    let documents = documents();
    assert!(documents.len() > 60, "{}", documents.len());
    for path in &documents {
        let (bytes, name) = read(path);
        hold(&bytes, &name, &|| path.display().to_string());
    }
}

#[test]
fn documents_as_nobody_should_write_them() {
    const ROUNDS: usize = 2;
    let (mut met, mut tried) = (0_usize, 0_usize);
    for (index, path) in documents().iter().enumerate() {
        let (bytes, name) = read(path);
        if bytes.is_empty() || bytes.len() > 60_000 {
            continue;
        }
        for round in 0..ROUNDS {
            let mut chance = Chance((index * ROUNDS + round) as u64);
            let other = changed(&bytes, &mut chance);
            hold(&other, &name, &|| format!("{} round {round}", path.display()));
            tried += 1;
            met += usize::from(given(&other, &name, How::Short, false).iter().any(|line| line.starts_with("Match")));
        }
    }
    // The changes reach what is looked for.
    assert!(met * 25 > tried, "{met} of {tried}");
}
