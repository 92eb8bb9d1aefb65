//! The input's BOM in the other encoding: over the shared corpus both ways, valid by the official schemas, and equal when carried back.
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use interdict_model::Report;
use serde_json::Value;

use crate::kept::upon;
use crate::repository;
use crate::sample::full;
use crate::sample::parts::input;
use crate::schemas::cyclonedx;

/// A report of one document in which nothing was found.
fn report(format: &str) -> Report {
    let mut report = full();
    report.findings.clear();
    report.verdicts.clear();
    report.waived.clear();
    report.inputs = vec![input("bom", "cyclonedx-json", 0)];
    report.inputs[0].format = Some(format.into());
    report
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// The shared corpus' documents of an encoding; none where it is not at hand.
pub(crate) fn corpus(encoding: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    files(&repository("../shared/corpus/sboms").join(encoding), &mut found);
    found.sort();
    found
}

/// What libxml2 says against it by the official schema; nothing where its tool is not installed.
fn faults_of_xml(text: &str, edition: &str) -> Option<Vec<String>> {
    let schema = repository(&format!("crates/sbom/schemas/cyclonedx/bom-{edition}.SNAPSHOT.xsd"));
    let mut tool = Command::new("xmllint");
    tool.args(["--noout", "--nonet", "--huge", "--schema"]).arg(schema).arg("-");
    let mut child = tool.stdin(Stdio::piped()).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().ok()?;
    let text = text.to_owned();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    Some(said.lines().filter(|line| line.contains("error")).map(str::to_owned).collect())
}

/// Faults that come with the documents: what one schema asks and the other does not.
const THEIRS: &[&str] = &[
    // XML asks that no two references are equal, JSON does not.
    "unique identity-constraint",
    // The patterns of CPE differ.
    "}cpe'",
    // A signatory without a signature, which cannot be carried, must name an organisation.
    "/declarations/affirmation/signatories",
    // Versions' ranges of components that are not external are forbidden in JSON's schema alone.
    "\"versionRange\"",
    // JSON asks that no two components are equal in everything, XML does not.
    "non-unique elements",
];

/// Lists that are empty are as good as none, a property without a value has an empty one, and one identity is a list of one.
fn even(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.values_mut().for_each(even);
            let is_property = object.len() == 1 && object.contains_key("name");
            if is_property || object.get("value").is_some_and(|value| value == "") {
                object.remove("value");
            }
            if let Some(identity) = object.get_mut("identity").filter(|identity| identity.is_object()) {
                *identity = Value::from(vec![identity.take()]);
            }
            object.retain(|name, value| *value != Value::Array(Vec::new()) && !value.is_null() && name != "signature");
        }
        Value::Array(items) => {
            let is_ours = |item: &Value| item["name"].as_str().is_some_and(|name| name.starts_with("interdict:"));
            items.retain(|item| !is_ours(item));
            items.iter_mut().for_each(even);
        }
        _ => {}
    }
}

/// What `interdict:left-out` says in either encoding.
fn left_out(text: &str) -> Option<&str> {
    let said = text.split("has no form for: ").nth(1)?;
    said.split(['"', '<']).next()
}

#[test]
fn the_shared_corpus_both_ways() {
    let mut counts = [0_usize; 4];
    for (encoding, own, other) in
        [("cdx-json", "cyclonedx", "cyclonedx-xml"), ("cdx-xml", "cyclonedx-xml", "cyclonedx")]
    {
        let formats = ["cyclonedx-json", "cyclonedx-xml"];
        let (format, back_format) =
            if own == "cyclonedx" { (formats[0], formats[1]) } else { (formats[1], formats[0]) };
        for (at, path) in corpus(encoding).iter().enumerate() {
            let bytes = std::fs::read(path).unwrap();
            // Editions by turns, to spare time; a document of the newer is not written as the older.
            let is_newest = path.components().any(|step| step.as_os_str() == "1.7");
            let asked = if is_newest || at % 2 == 0 { "1.7" } else { "1.6" };
            let same = upon(own, &report(format), Some(asked), &bytes);
            if same.contains("not kept: ") {
                counts[0] += 1;
                continue;
            }
            let once = upon(other, &report(format), Some(asked), &bytes);
            assert!(!once.contains("not kept: "), "{}", path.display());
            let back = upon(own, &report(back_format), Some(asked), once.as_bytes());
            let (json, xml) = if own == "cyclonedx" { (&same, &once) } else { (&once, &same) };
            let schema = cyclonedx(asked);
            let value: Value = serde_json::from_str(json).unwrap();
            let of_json: Vec<_> =
                schema.iter_errors(&value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
            let of_xml = faults_of_xml(xml, asked).unwrap_or_default();
            let (of_own, of_other) = if own == "cyclonedx" { (&of_json, &of_xml) } else { (&of_xml, &of_json) };
            // What is invalid in its own encoding may be so in the other.
            if of_own.is_empty() {
                let new: Vec<_> =
                    of_other.iter().filter(|fault| !THEIRS.iter().any(|known| fault.contains(known))).collect();
                assert_eq!(new, Vec::<&String>::new(), "{}", path.display());
                counts[1] += 1;
            }
            if own == "cyclonedx" {
                let [mut same, mut back] = [&same, &back].map(|text| serde_json::from_str::<Value>(text).unwrap());
                for bom in [&mut same, &mut back] {
                    let root = bom.as_object_mut().unwrap();
                    root.remove("$schema");
                    root.remove("version");
                    even(bom);
                }
                let is_told = |text: &str| {
                    left_out(text).is_some_and(|left| left != "signature" && !left.starts_with("signature ("))
                };
                if of_own.is_empty() && !is_told(&once) {
                    assert_eq!(same, back, "{}", path.display());
                    counts[2] += 1;
                } else if same != back {
                    assert!(is_told(&once) || !of_own.is_empty(), "{}", path.display());
                }
            } else if left_out(&once).is_none() && of_own.is_empty() {
                assert_eq!(words(&same), words(&back), "{}", path.display());
                counts[3] += 1;
            }
        }
    }
    println!(
        "not kept {}, valid in both {}, JSON equal when carried back {}, XML equal {}",
        counts[0], counts[1], counts[2], counts[3]
    );
    assert!(corpus("cdx-json").is_empty() || (counts[1] > 200 && counts[2] > 140 && counts[3] > 70), "{counts:?}");
}

/// Every element of ours aside, with its attributes and its text, in the document's order.
fn words(text: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(text).unwrap();
    let is_ours = |node: &roxmltree::Node<'_, '_>| {
        node.attribute("name").is_some_and(|name| name.starts_with("interdict:"))
            || (node.tag_name().name() == "properties"
                && node
                    .children()
                    .filter(roxmltree::Node::is_element)
                    .all(|child| child.attribute("name").is_some_and(|name| name.starts_with("interdict:"))))
    };
    let nodes = document.root_element().descendants().skip(1).filter(roxmltree::Node::is_element);
    let words = nodes.filter(|node| !is_ours(node)).map(|node| {
        let mut attributes: Vec<_> = node.attributes().map(|one| format!("{}={}", one.name(), one.value())).collect();
        attributes.sort();
        let text: String = node.children().filter(roxmltree::Node::is_text).filter_map(|child| child.text()).collect();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (node.tag_name().name().to_owned(), attributes, text, node.children().any(|child| child.is_element()))
    });
    // An element that says nothing is as good as none.
    let words = words.filter(|(_, attributes, text, has_more)| !attributes.is_empty() || !text.is_empty() || *has_more);
    let mut words: Vec<_> = words.map(|(name, attributes, text, _)| format!("{name} {attributes:?} {text}")).collect();
    words.sort();
    words
}

#[test]
fn the_kept_documents_in_the_other_encoding() {
    let text =
        upon("cyclonedx-xml", &crate::kept::report("cyclonedx-json"), None, &crate::kept::given("input.cdx.json"));
    crate::hold(&repository("crates/report/tests/kept/carried.cdx.xml"), &text);
    assert_eq!(faults_of_xml(&text, "1.6").unwrap_or_default(), Vec::<String>::new());
    let text = upon("cyclonedx", &crate::kept::report("cyclonedx-xml"), None, &crate::kept::given("input.cdx.xml"));
    crate::hold(&repository("crates/report/tests/kept/carried.cdx.json"), &text);
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        cyclonedx("1.6").iter_errors(&value).map(|fault| fault.to_string()).collect::<Vec<_>>(),
        Vec::<String>::new()
    );
}

#[test]
fn what_no_reader_holds_whole_is_said() {
    let text = upon("cyclonedx", &report("cyclonedx-textproto"), None, b"spec_version: \"1.6\"");
    assert!(text.contains("not kept: it is cyclonedx-textproto, which is not carried over"), "{text}");
    let text = upon("cyclonedx", &report("cyclonedx-protobuf"), None, b"\x0a\x03");
    assert!(text.contains("not kept: it is not well formed (a field that does not come to its end)"), "{text}");
}

/// The binary form, made with the official schema's own compiler, and what JSON and XML say of it.
#[test]
fn protobuf_is_carried_over_and_written_upon() {
    let (report, bytes) = (crate::kept::report("cyclonedx-protobuf"), crate::kept::given("input.cdx"));
    let text = upon("cyclonedx", &report, None, &bytes);
    crate::hold(&repository("crates/report/tests/kept/carried-protobuf.cdx.json"), &text);
    let value: Value = serde_json::from_str(&text).unwrap();
    let faults: Vec<_> = cyclonedx("1.6").iter_errors(&value).map(|fault| fault.to_string()).collect();
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(left_out(&text), Some("field 999 of Bom (1)"));
    let identity = |pointer: &str| value.pointer(pointer).unwrap()["evidence"]["identity"].as_array().unwrap().len();
    assert_eq!((identity("/components/3"), identity("/components/1/components/0")), (1, 2));
    let text = upon("cyclonedx-xml", &report, None, &bytes);
    assert_eq!(faults_of_xml(&text, "1.6").unwrap_or_default(), Vec::<String>::new());
    assert!(text.contains("from cyclonedx-protobuf to cyclonedx-xml") && text.contains("CVE-2026-1"));
}

#[test]
fn the_shared_corpus_in_protobuf() {
    let (mut valid, mut files) = (0, 0);
    for path in corpus("cdx-protobuf") {
        let bytes = std::fs::read(&path).unwrap();
        let text = upon("cyclonedx", &report("cyclonedx-protobuf"), None, &bytes);
        assert!(!text.contains("not kept: "), "{}", path.display());
        assert_eq!(left_out(&text), None, "{}", path.display());
        let value: Value = serde_json::from_str(&text).unwrap();
        let schema = cyclonedx(value["specVersion"].as_str().unwrap());
        let faults: Vec<_> =
            schema.iter_errors(&value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        // The specification's own examples: a signatory whose signature protobuf has no field for, and one tool named twice.
        let theirs = ["/declarations/affirmation/signatories", "/evidence/identity"];
        let new: Vec<_> = faults.iter().filter(|fault| !theirs.iter().any(|known| fault.contains(known))).collect();
        assert_eq!(new, Vec::<&String>::new(), "{}", path.display());
        files += 1;
        valid += usize::from(faults.is_empty());
        let xml = upon("cyclonedx-xml", &report("cyclonedx-protobuf"), None, &bytes);
        assert!(!xml.contains("not kept: "), "{}", path.display());
        let edition = if xml.contains("schema/bom/1.7\"") { "1.7" } else { "1.6" };
        let faults = if faults.is_empty() { faults_of_xml(&xml, edition).unwrap_or_default() } else { Vec::new() };
        let new: Vec<_> = faults.iter().filter(|fault| !THEIRS.iter().any(|known| fault.contains(known))).collect();
        assert_eq!(new, Vec::<&String>::new(), "{}", path.display());
    }
    println!("{valid} of {files} are valid as JSON and as XML");
    assert!(files == 0 || valid + 3 >= files, "{valid} of {files}");
}
