//! What is written of hostile files keeps to the official schemas, and what is written of very many findings stays small and says what it leaves out (goals O3, O4).
use std::fs;
use std::path::Path;
use std::process::Command;

use interdict_tests::{Effort, goal, gzip, hostile, interdict, put, workspace};
use jsonschema::Validator;
use serde_json::Value;

/// Files that are tried: a run each, of which every format is written.
const COUNT: usize = 1_000;

/// What is written of each, but for SARIF and the report itself upon the input where that is a document.
const FORMATS: [&str; 6] = ["json", "sarif", "cyclonedx", "cyclonedx-xml", "spdx", "junit"];

fn schema(path: &str) -> Value {
    let text = fs::read_to_string(workspace().join(path)).unwrap();
    // SARIF's own pattern for languages closes a bracket that it never opened, which strict readers refuse.
    serde_json::from_str(&text.replace("-[a-zA-Z]{2}]?$", "(-[a-zA-Z]{2})?$")).unwrap()
}

/// The official schema of each format in JSON, and the report's own.
fn validators() -> Vec<(&'static str, Validator)> {
    let home = "crates/sbom/schemas/cyclonedx";
    let mut registry = jsonschema::Registry::new();
    for near in ["spdx", "jsf-0.82", "cryptography-defs"] {
        let name = format!("{near}.SNAPSHOT.schema.json");
        registry =
            registry.add(format!("http://cyclonedx.org/schema/{name}"), schema(&format!("{home}/{name}"))).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let of = |path: &str| jsonschema::options().should_validate_formats(true).build(&schema(path)).unwrap();
    let main = schema(&format!("{home}/bom-1.6.SNAPSHOT.schema.json"));
    let bom = jsonschema::options().with_registry(&registry).should_validate_formats(true).build(&main).unwrap();
    vec![
        ("json", of("docs/reference/report.schema.json")),
        ("sarif", of("fixtures/schemas/sarif/sarif-schema-2.1.0.json")),
        ("cyclonedx", bom),
        ("spdx", of("crates/sbom/schemas/spdx/spdx-2.3.schema.json")),
    ]
}

/// What libxml2's tool says against a document; nothing where it is not installed.
fn of_xml(file: &Path, schema: &str) -> Option<String> {
    let mut tool = Command::new("xmllint");
    tool.args(["--noout", "--nonet", "--huge", "--schema"]).arg(workspace().join(schema)).arg(file);
    let output = tool.output().ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(if output.status.success() { String::new() } else { said })
}

#[test]
fn what_is_written_keeps_to_the_official_schemas() {
    let effort = Effort::begun();
    let validators = validators();
    let (mut runs, mut documents, mut inherited, mut bad) = (0, 0, 0, Vec::new());
    for (name, bytes) in hostile(COUNT).into_iter().filter(|(_, bytes)| bytes.len() < 4 << 20) {
        if !effort.is_left() {
            break;
        }
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), &format!("in/{name}"), &bytes);
        let outputs = FORMATS.map(|format| format!("{format}=out.{format}"));
        let mut arguments = vec!["scan", "in", "--profile", "us-vendor", "--as-of", "2026-01-01"];
        arguments.extend(outputs.iter().flat_map(|output| ["-o", output.as_str()]));
        let output = interdict(folder.path(), &arguments);
        if !matches!(output.status.code(), Some(0 | 1 | 3 | 4)) {
            bad.push(format!("{name}: status {:?}", output.status.code()));
            continue;
        }
        runs += 1;
        let mut count = |format: &str, text: &str, fault: Option<String>| match fault {
            None => documents += 1,
            // What is kept of an input that breaks the schema breaks it still.
            Some(_)
                if ["interdict:input-bom", "is kept, in which"].iter().any(|word| text.contains(word))
                    && !text.contains("not kept: ") =>
            {
                inherited += 1;
            }
            Some(fault) => bad.push(format!("{name}, {format}: {}", fault.chars().take(300).collect::<String>())),
        };
        for (format, validator) in &validators {
            let text = fs::read_to_string(folder.path().join(format!("out.{format}"))).unwrap();
            let document: Value = match serde_json::from_str(&text) {
                Ok(document) => document,
                Err(fault) => {
                    // What is kept may be nested deeper than this reader goes.
                    let fault = (!fault.to_string().contains("recursion limit")).then(|| fault.to_string());
                    count(format, "", fault);
                    continue;
                }
            };
            // A document of the newest edition stays one.
            if document["specVersion"] == "1.7" {
                continue;
            }
            let fault = validator.iter_errors(&document).next();
            count(format, &text, fault.map(|fault| format!("{}: {fault}", fault.instance_path())));
        }
        for (format, schema) in [
            ("cyclonedx-xml", "crates/sbom/schemas/cyclonedx/bom-1.6.SNAPSHOT.xsd"),
            ("junit", "fixtures/schemas/junit/junit-10.xsd"),
        ] {
            let file = folder.path().join(format!("out.{format}"));
            let text = fs::read_to_string(&file).unwrap();
            if text.contains("http://cyclonedx.org/schema/bom/1.7") {
                continue;
            }
            if let Some(said) = of_xml(&file, schema) {
                count(format, &text, (!said.is_empty()).then_some(said));
            }
        }
    }
    bad.iter().take(20).for_each(|what| println!("  bad: {what}"));
    let figure = format!(
        "{runs} of {COUNT} hostile files, each as 4 to 6 documents: {documents} valid, {inherited} as broken as the input that they keep, {} bad",
        bad.len()
    );
    goal("O3", &figure, bad.is_empty() && runs > 20);
}

#[test]
fn very_many_findings_fit_and_cuts_are_told() {
    const FINDINGS: usize = 100_000;
    let folder = tempfile::tempdir().unwrap();
    let component = |at: usize| {
        format!(
            "{{\"type\":\"library\",\"bom-ref\":\"c{at}\",\"name\":\"Kaspersky Anti-Virus SDK\",\"version\":\"8.{at}\",\"supplier\":{{\"name\":\"AO Kaspersky Lab\"}}}}"
        )
    };
    let components: Vec<String> = (0..FINDINGS).map(component).collect();
    let bom =
        format!("{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{}]}}", components.join(","));
    fs::write(folder.path().join("bom.json"), bom).unwrap();
    let output = interdict(
        folder.path(),
        &[
            "scan",
            "bom.json",
            "--profile",
            "us-vendor",
            "--as-of",
            "2026-01-01",
            "-o",
            "html=out.html",
            "-o",
            "sarif=out.sarif",
            "-o",
            "markdown=out.md",
            "-o",
            "junit=out.xml",
            "-o",
            "github=out.txt",
            "-o",
            "gitlab=out.quality.json",
            "-o",
            "gitlab-dependency-scanning=out.scanning.json",
            "-o",
            "csv=out.csv",
        ],
    );
    assert_eq!(output.status.code(), Some(1));
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    let (html, sarif, markdown) = (read("out.html"), read("out.sarif"), read("out.md"));
    let told = |bytes: &[u8], words: &str| String::from_utf8_lossy(bytes).contains(words);
    let log: Value = serde_json::from_slice(&sarif).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap().len();
    let zipped = gzip(&sarif).len();
    let is_told = told(&html, "more findings that this page leaves out")
        && told(&sarif, "findings left out here")
        && told(&markdown, "more findings that this comment has no room for")
        && told(&read("out.txt"), "left out here: GitHub shows")
        && ["out.xml", "out.quality.json", "out.scanning.json"]
            .iter()
            .all(|name| told(&read(name), "findings left out here, where"));
    // A table takes a row a finding: nothing is left out.
    let rows = String::from_utf8_lossy(&read("out.csv")).lines().filter(|line| line.starts_with("\"finding")).count();
    let servers = ["out.xml", "out.quality.json", "out.scanning.json", "out.txt"].map(|name| read(name).len());
    let figure = format!(
        "{FINDINGS} findings: HTML {} bytes, SARIF {results} results in {zipped} bytes packed, Markdown {} bytes, JUnit and GitLab {servers:?} bytes, CSV {rows} rows; cuts told: {is_told}",
        html.len(),
        markdown.len()
    );
    let fits = html.len() <= 20 << 20 && results <= 25_000 && zipped <= 10 << 20 && markdown.len() <= 60_000;
    let fits = fits && servers.iter().all(|bytes| *bytes <= 30 << 20) && rows == FINDINGS;
    goal("O4", &figure, fits && is_told);
}
