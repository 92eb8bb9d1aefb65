//! How fast documents are read, against what `serde_json` needs to skip the same text in the same run, or what
//! `quick-xml` needs to tell its bare events.
//!
//! `cargo bench -p interdict-sbom --no-default-features -- FILE…`; without files documents are made up.
#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
use std::fmt::Write as _;
use std::sync::OnceLock;
use std::time::Instant;

use interdict_model::{At, Declared, Document, FactKind, Head, Needles, Part, Receiver, Sink, Source, Unseen};
use interdict_sbom::OBSERVERS;
use serde_json::json;

const ROUNDS: usize = 5;

/// Looks at every fact, keeps none.
#[derive(Default)]
struct Counter {
    parts: u32,
    facts: u64,
    bytes: usize,
}

impl Receiver for Counter {
    fn wants(&self, _: FactKind) -> bool {
        true
    }
    fn fact(&mut self, _: &'static str, _: Part, _: FactKind, raw: &str, _: At<'_>) {
        self.facts += 1;
        self.bytes += raw.len();
    }
    fn component(&mut self, _: &'static str, declared: &Declared<'_>) -> Part {
        self.parts += 1;
        self.bytes += declared.name.len();
        Part(self.parts - 1)
    }
    fn depends(&mut self, from: &str, to: &str) {
        self.bytes += from.len() + to.len();
    }
    fn document(&mut self, _: &'static str, _: Document) {}
    fn gap(&mut self, _: &'static str, _: Unseen) {}
    fn repair(&mut self, _: &'static str, _: String, _: String, _: String) {}
}

fn main() {
    let files: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    if files.is_empty() {
        measure("made up", &made_up(50_000));
        measure("made up", &spdx_json(60_000));
        measure("made up", spdx_tag_value(120_000).as_bytes());
        measure("made up", cyclonedx_xml(50_000).as_bytes());
    }
    for file in &files {
        match read(file) {
            Ok(bytes) => measure(file, &bytes),
            Err(why) => println!("`{file}`: {why}"),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads what it is given")]
fn read(file: &str) -> std::io::Result<Vec<u8>> {
    std::fs::read(file)
}

fn made_up(components: usize) -> Vec<u8> {
    let component = |n: usize| {
        json!({
            "type": "library", "bom-ref": format!("pkg:npm/part-{n}@1.{n}.0"), "name": format!("part-{n}"),
            "version": format!("1.{n}.0"), "purl": format!("pkg:npm/part-{n}@1.{n}.0"), "publisher": "Parts & Sons",
            "description": "A part like any other, described in a sentence of the usual length.",
            "licenses": [{"license": {"id": "MIT"}}],
            "hashes": [{"alg": "SHA-256", "content": format!("{n:064x}")}],
            "externalReferences": [{"type": "vcs", "url": format!("https://code.example/parts/part-{n}")}],
            "properties": [{"name": "internal:place", "value": "shelf"}, {"name": "internal:row", "value": "7"}],
        })
    };
    let document = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "components": (0..components).map(component).collect::<Vec<_>>(),
    });
    document.to_string().into_bytes()
}

/// The same in elements.
fn cyclonedx_xml(components: usize) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                   <bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\" version=\"1\">\n  <components>\n"
        .to_owned();
    for n in 0..components {
        let _ = write!(
            out,
            "    <component type=\"library\" bom-ref=\"pkg:npm/part-{n}@1.{n}.0\">\n      <publisher>Parts &amp; Sons</publisher>\n      \
             <name>part-{n}</name>\n      <version>1.{n}.0</version>\n      \
             <description>A part like any other, described in a sentence of the usual length.</description>\n      \
             <hashes>\n        <hash alg=\"SHA-256\">{n:064x}</hash>\n      </hashes>\n      \
             <licenses>\n        <license>\n          <id>MIT</id>\n        </license>\n      </licenses>\n      \
             <purl>pkg:npm/part-{n}@1.{n}.0</purl>\n      \
             <externalReferences>\n        <reference type=\"vcs\">\n          <url>https://code.example/parts/part-{n}</url>\n        \
             </reference>\n      </externalReferences>\n      \
             <properties>\n        <property name=\"internal:place\">shelf</property>\n        \
             <property name=\"internal:row\">7</property>\n      </properties>\n    </component>\n"
        );
    }
    out + "  </components>\n</bom>\n"
}

/// Packages, files in every second one, and what relates them.
fn spdx_json(packages: usize) -> Vec<u8> {
    let package = |n: usize| {
        json!({
            "SPDXID": format!("SPDXRef-Package-{n}"), "name": format!("part-{n}"), "versionInfo": format!("1.{n}.0"),
            "supplier": "Organization: Parts & Sons (desk@parts.example)", "originator": "Person: Jane Doe",
            "downloadLocation": format!("https://code.example/parts/part-{n}.tgz"), "filesAnalyzed": false,
            "licenseConcluded": "MIT", "licenseDeclared": "MIT", "copyrightText": "Copyright 2026 Parts & Sons",
            "checksums": [{"algorithm": "SHA256", "checksumValue": format!("{n:064x}")}],
            "externalRefs": [
                {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                 "referenceLocator": format!("pkg:npm/part-{n}@1.{n}.0")},
                {"referenceCategory": "SECURITY", "referenceType": "cpe23Type",
                 "referenceLocator": format!("cpe:2.3:a:parts:part-{n}:1.{n}.0:*:*:*:*:*:*:*")},
            ],
        })
    };
    let file = |n: usize| {
        json!({
            "SPDXID": format!("SPDXRef-File-{n}"), "fileName": format!("./lib/part-{n}.so"), "fileTypes": ["BINARY"],
            "checksums": [{"algorithm": "SHA1", "checksumValue": format!("{n:040x}")}],
            "licenseConcluded": "NOASSERTION", "licenseInfoInFiles": ["MIT"], "copyrightText": "NOASSERTION",
        })
    };
    let edge = |from: String, word: &str, to: String| json!({"spdxElementId": from, "relationshipType": word, "relatedSpdxElement": to});
    let edges = (0..packages).flat_map(|n| {
        let id = |n: usize| format!("SPDXRef-Package-{n}");
        [edge(id(n / 8), "DEPENDS_ON", id(n)), edge(id(n), "CONTAINS", format!("SPDXRef-File-{}", n / 2))]
    });
    let document = json!({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "made up",
        "documentNamespace": "https://spdx.example/made-up",
        "creationInfo": {"created": "2026-01-02T03:04:05Z", "creators": ["Tool: bench"]},
        "packages": (0..packages).map(package).collect::<Vec<_>>(),
        "files": (0..packages / 2).map(file).collect::<Vec<_>>(),
        "relationships": edges.collect::<Vec<_>>(),
    });
    document.to_string().into_bytes()
}

/// The same in lines.
fn spdx_tag_value(packages: usize) -> String {
    let mut out = "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: made up\n\
                   DocumentNamespace: https://spdx.example/made-up\nCreator: Tool: bench\nCreated: 2026-01-02T03:04:05Z\n"
        .to_owned();
    for n in 0..packages {
        let _ = write!(
            out,
            "\nPackageName: part-{n}\nSPDXID: SPDXRef-Package-{n}\nPackageVersion: 1.{n}.0\n\
             PackageSupplier: Organization: Parts & Sons (desk@parts.example)\nPackageOriginator: Person: Jane Doe\n\
             PackageDownloadLocation: https://code.example/parts/part-{n}.tgz\nFilesAnalyzed: false\n\
             PackageChecksum: SHA256: {n:064x}\nPackageLicenseConcluded: MIT\nPackageLicenseDeclared: MIT\n\
             PackageCopyrightText: <text>Copyright 2026 Parts & Sons</text>\n\
             ExternalRef: PACKAGE-MANAGER purl pkg:npm/part-{n}@1.{n}.0\n\
             ExternalRef: SECURITY cpe23Type cpe:2.3:a:parts:part-{n}:1.{n}.0:*:*:*:*:*:*:*\n"
        );
        if n % 2 == 0 {
            let _ = write!(
                out,
                "\nFileName: ./lib/part-{n}.so\nSPDXID: SPDXRef-File-{n}\nFileType: BINARY\nFileChecksum: SHA1: {n:040x}\n\
                 LicenseConcluded: NOASSERTION\nLicenseInfoInFile: MIT\nFileCopyrightText: NOASSERTION\n"
            );
        }
    }
    for n in 0..packages {
        let _ = write!(
            out,
            "Relationship: SPDXRef-Package-{} DEPENDS_ON SPDXRef-Package-{n}\n\
             Relationship: SPDXRef-Package-{n} CONTAINS SPDXRef-File-{}\n",
            n / 8,
            n - n % 2
        );
    }
    out
}

fn measure(name: &str, bytes: &[u8]) {
    let head = Head { bytes, name };
    let Some(observer) = OBSERVERS.iter().find(|observer| (observer.accepts)(&head)) else {
        println!("`{name}`: no observer accepts it");
        return;
    };
    let needles = Needles::default();
    let mut counter = Counter::default();
    let read = best(&mut || {
        counter = Counter::default();
        let source = Source { bytes, name, needles: &needles };
        if let Err(why) = (observer.observe)(&source, &mut Sink::new(observer.id, &mut counter)) {
            println!("`{name}`: {why}");
        }
    });
    let (is_xml, other) = match bytes.trim_ascii_start().first() {
        Some(b'<') => (true, "quick-xml tells its events"),
        _ => (false, "serde_json skips it"),
    };
    let skip = best(&mut || {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let passed = if is_xml { events(text) } else { u64::from(serde_json::from_str::<IgnoredAny>(text).is_ok()) };
        std::hint::black_box(passed);
    });
    let rate = |seconds: f64| megabytes(bytes) / seconds;
    println!(
        "{} of `{name}`, {:.1} MB: {:.0} MB a CPU-second, {} parts, {} facts of {} bytes; {other} at {:.0}; ratio {:.2}",
        observer.id,
        megabytes(bytes),
        rate(read),
        counter.parts,
        counter.facts,
        counter.bytes,
        rate(skip),
        skip / read
    );
}

/// How many events `quick-xml` makes of a document, looking into none of them.
fn events(text: &str) -> u64 {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut count = 0;
    while let Ok(event) = reader.read_event() {
        count += 1;
        if matches!(event, quick_xml::events::Event::Eof) {
            break;
        }
    }
    count
}

type IgnoredAny = serde::de::IgnoredAny;

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn megabytes(bytes: &[u8]) -> f64 {
    bytes.len() as f64 / 1e6
}

/// Processor seconds of the fastest of a few rounds, which noise can only slow down.
fn best(run: &mut dyn FnMut()) -> f64 {
    let once = |_| {
        let start = now();
        run();
        now() - start
    };
    (0..ROUNDS).map(once).fold(f64::INFINITY, f64::min)
}

/// Processor seconds of this thread where the system tells them, else seconds on the wall.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn now() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = told.as_deref().and_then(|text| text.split(' ').next()).and_then(|word| word.parse().ok());
    spent.map_or_else(|| START.get_or_init(Instant::now).elapsed().as_secs_f64(), |nanoseconds: f64| nanoseconds / 1e9)
}
