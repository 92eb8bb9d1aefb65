//! The shared corpus: its manifest, and what an observer says of one of its documents.
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use interdict_model::{
    At, Declared, Document, FactKind, Head, Malformed, Needles, Part, Receiver, Sink, Source, Unseen, canonical,
};
use interdict_sbom::OBSERVERS;

/// Everything one document made an observer say.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(crate) parts: u32,
    /// Components of the document's own list, by their places.
    pub(crate) top: u64,
    /// Name and version of every component that has one, and of what the document describes.
    pub(crate) components: BTreeSet<(String, String)>,
    pub(crate) subjects: BTreeSet<(String, String)>,
    pub(crate) facts: u64,
    /// Every fact by kind and value, the artifact's own and its components'.
    pub(crate) stated: BTreeSet<(FactKind, String)>,
    pub(crate) edges: BTreeSet<(String, String)>,
    /// Every fact as its kind and canonical value, and who depends on whom.
    pub(crate) said: Vec<String>,
    pub(crate) gaps: Vec<String>,
    pub(crate) repairs: Vec<String>,
    pub(crate) document: Document,
    /// Which observers accept it.
    pub(crate) takers: Vec<&'static str>,
    pub(crate) told: Option<Result<(), Malformed>>,
    documents: u32,
}

impl Heard {
    pub(crate) fn of(id: &str, row: &Row) -> Self {
        let name = row.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let said = Self::said_by(id, &name, &row.bytes());
        assert!(said.documents <= 1, "a document is told once: {}", row.shown);
        said
    }

    pub(crate) fn said_by(id: &str, name: &str, bytes: &[u8]) -> Self {
        let needles = Needles::default();
        let head = Head { bytes, name };
        let takers =
            OBSERVERS.iter().filter(|observer| (observer.accepts)(&head)).map(|observer| observer.id).collect();
        let mut said = Self { takers, ..Self::default() };
        if let Some(observer) = OBSERVERS.iter().find(|observer| observer.id == id) {
            let source = Source { bytes, name, needles: &needles };
            said.told = Some((observer.observe)(&source, &mut Sink::new(observer.id, &mut said)));
        }
        said
    }
}

impl Receiver for Heard {
    fn wants(&self, _: FactKind) -> bool {
        true
    }
    fn fact(&mut self, _: &'static str, _: Part, kind: FactKind, raw: &str, _: At<'_>) {
        self.facts += 1;
        self.stated.insert((kind, raw.to_owned()));
        self.said.push(format!("{} {:?}", kind.name(), canonical(kind, raw)));
    }
    fn component(&mut self, _: &'static str, declared: &Declared<'_>) -> Part {
        let index = declared.pointer.strip_prefix("/components/");
        self.top += u64::from(index.is_some_and(|index| index.bytes().all(|byte| byte.is_ascii_digit())));
        if let Some(version) = declared.version.filter(|version| !version.is_empty()) {
            let list = if declared.is_subject { &mut self.subjects } else { &mut self.components };
            list.insert((declared.name.to_owned(), version.to_owned()));
        }
        self.parts += 1;
        Part(self.parts - 1)
    }
    fn depends(&mut self, from: &str, to: &str) {
        // What is only referred to differs with how an encoding writes that nothing is needed.
        if from.is_empty() {
            return;
        }
        self.edges.insert((from.to_owned(), to.to_owned()));
        self.said.push(format!("{from:?} -> {to:?}"));
    }
    fn document(&mut self, _: &'static str, document: Document) {
        self.documents += 1;
        self.document = document;
    }
    fn gap(&mut self, _: &'static str, gap: Unseen) {
        self.gaps.push(gap.detail);
    }
    fn repair(&mut self, _: &'static str, pointer: String, wrong: String, _: String) {
        self.repairs.push(format!("{pointer}: {wrong}"));
    }
}

/// One row of the manifest.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) path: PathBuf,
    pub(crate) shown: String,
    pub(crate) format: String,
    pub(crate) version: String,
    pub(crate) valid: bool,
    /// What upstream says of it, and what an independent validator says.
    pub(crate) expected: String,
    pub(crate) checked: String,
    pub(crate) counts: BTreeMap<String, u64>,
}

impl Row {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        read(&self.path).unwrap_or_default()
    }
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus")
}

#[expect(clippy::disallowed_methods, reason = "tests read the corpus")]
pub(crate) fn read(path: &Path) -> Option<Vec<u8>> {
    std::fs::read(path).ok()
}

/// Every row; none where the corpus is not here.
pub(crate) fn manifest() -> Vec<Row> {
    let text = read(&corpus().join("MANIFEST.tsv")).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    text.lines().skip(1).filter_map(row).collect()
}

fn row(line: &str) -> Option<Row> {
    let column: Vec<&str> = line.split('\t').collect();
    let pairs = column.get(8)?.split(';').filter_map(|pair| pair.split_once('='));
    let expected = column.get(5)?;
    Some(Row {
        path: corpus().join(column.first()?),
        shown: (*column.first()?).to_owned(),
        format: (*column.get(1)?).to_owned(),
        version: (*column.get(2)?).to_owned(),
        expected: (*expected).to_owned(),
        checked: (*column.get(6)?).to_owned(),
        valid: !expected.starts_with("invalid") && !expected.starts_with("informal"),
        counts: pairs.filter_map(|(word, count)| Some((word.to_owned(), count.parse().ok()?))).collect(),
    })
}
