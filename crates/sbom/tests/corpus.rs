//! Every document of the shared corpus against what an independent tool counts in it.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use interdict_model::{
    At, Counts, Declared, Document, FactKind, Head, Malformed, Needles, Part, Receiver, Sink, Source, Unseen,
};
use interdict_sbom::OBSERVERS;

/// Our format ids for the manifest's words.
const FORMATS: &[(&str, &str)] = &[("cdx-json", "cyclonedx-json"), ("spdx-json", "spdx-json")];

#[derive(Default)]
struct Heard {
    parts: u32,
    facts: u64,
    gaps: Vec<String>,
    repairs: Vec<String>,
    document: Option<Document>,
}

impl Receiver for Heard {
    fn wants(&self, _: FactKind) -> bool {
        true
    }
    fn fact(&mut self, _: &'static str, _: Part, _: FactKind, _: &str, _: At<'_>) {
        self.facts += 1;
    }
    fn component(&mut self, _: &'static str, _: &Declared<'_>) -> Part {
        self.parts += 1;
        Part(self.parts - 1)
    }
    fn depends(&mut self, _: &str, _: &str) {}
    fn document(&mut self, _: &'static str, document: Document) {
        assert!(self.document.replace(document).is_none(), "a document is told once");
    }
    fn gap(&mut self, _: &'static str, gap: Unseen) {
        self.gaps.push(gap.detail);
    }
    fn repair(&mut self, _: &'static str, pointer: String, wrong: String, _: String) {
        self.repairs.push(format!("{pointer}: {wrong}"));
    }
}

struct Row {
    path: PathBuf,
    shown: String,
    format: String,
    version: String,
    valid: bool,
    counts: BTreeMap<String, u64>,
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus")
}

#[expect(clippy::disallowed_methods, reason = "tests read the corpus")]
fn bytes(path: &Path) -> Option<Vec<u8>> {
    std::fs::read(path).ok()
}

fn manifest() -> Vec<Row> {
    let Some(text) = bytes(&corpus().join("MANIFEST.tsv")).and_then(|bytes| String::from_utf8(bytes).ok()) else {
        println!("the shared corpus is not here: skipped");
        return Vec::new();
    };
    let row = |line: &str| {
        let column: Vec<&str> = line.split('\t').collect();
        let counts = column[8]
            .split(';')
            .filter_map(|pair| pair.split_once('='))
            .filter_map(|(k, v)| Some((k.to_owned(), v.parse().ok()?)));
        Row {
            path: corpus().join(column[0]),
            shown: column[0].to_owned(),
            format: column[1].to_owned(),
            version: column[2].to_owned(),
            valid: !column[5].starts_with("invalid") && !column[5].starts_with("informal"),
            counts: counts.collect(),
        }
    };
    text.lines().skip(1).map(row).collect()
}

/// The manifest's counts in our words; a column it lacks is not compared.
fn expected(row: &Row, read: &Counts) -> Counts {
    let of = |keys: &[&str], read: u64| keys.iter().find_map(|key| row.counts.get(*key).copied()).unwrap_or(read);
    Counts {
        components: of(&["all", "packages", "artifacts"], read.components),
        services: of(&["services"], read.services),
        files: of(&["files"], read.files),
        snippets: of(&["snippets"], read.snippets),
        relationships: of(&["deps", "relationships"], read.relationships),
        vulnerabilities: of(&["vulns"], read.vulnerabilities),
    }
}

#[test]
fn counts_agree_with_the_manifest() {
    let mut faults = Vec::new();
    let (mut valid, mut other) = (0, 0);
    for row in manifest() {
        let Some((_, id)) = FORMATS.iter().find(|(word, _)| *word == row.format) else { continue };
        let bytes = bytes(&row.path).expect("the manifest names files that are there");
        let name = row.path.file_name().unwrap().to_string_lossy();
        let head = Head { bytes: &bytes, name: &name };
        let takers: Vec<&str> = OBSERVERS.iter().filter(|o| (o.accepts)(&head)).map(|o| o.id).collect();
        let observer = OBSERVERS.iter().find(|o| o.id == *id).unwrap();
        let mut heard = Heard::default();
        let needles = Needles::default();
        let source = Source { bytes: &bytes, name: &name, needles: &needles };
        let told = (observer.observe)(&source, &mut Sink::new(observer.id, &mut heard));
        let document = heard.document.unwrap_or_default();
        let want = expected(&row, &document.counts);
        let same = told.is_ok() && want == document.counts && takers.contains(id);
        let version = document.version.as_deref().unwrap_or("-");
        println!(
            "{} {} {} read {version} {:?} want {:?} {told:?} repairs {:?} gaps {:?} facts {} takers {takers:?} {}",
            if same { "same" } else { "DIFF" },
            row.format,
            row.version,
            document.counts,
            want,
            heard.repairs,
            heard.gaps,
            heard.facts,
            row.shown
        );
        if row.valid {
            valid += 1;
            if !same || (version != row.version && version != format!("SPDX-{}", row.version)) {
                faults.push(row.shown.clone());
            }
        } else {
            other += 1;
            // A document that is not valid is read with the same counts, or says why not.
            if !same
                && !matches!(told, Err(Malformed::Broken { .. }))
                && heard.repairs.is_empty()
                && heard.gaps.is_empty()
            {
                faults.push(format!("silent: {}", row.shown));
            }
        }
    }
    println!("{valid} valid documents and {other} others read");
    assert!(faults.is_empty(), "{} documents differ:\n{}", faults.len(), faults.join("\n"));
}
