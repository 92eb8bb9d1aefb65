//! A program whose only trace of the vendor is one of five: each is found, each with its own proof at its own place.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test makes files, and may fail")]
use std::fs;

use interdict_testkit::build;
use interdict_tests::{report, workspace};
use serde_json::Value;

const VENDOR: &str = r#"{ kind = "certificate", subject = { O = "AO Kaspersky Lab", CN = "AO Kaspersky Lab", serialNumber = "1027739867473", C = "RU", L = "Moscow" }, issuer = { CN = "Example EV CodeSigning CA" }, usages = ["code-signing"] }"#;
const STRANGER: &str =
    r#"{ kind = "certificate", subject = { O = "Contoso", CN = "Contoso" }, usages = ["code-signing"] }"#;
const MICROSOFT: &str = r#"{ kind = "certificate", subject = { O = "Microsoft Corporation", CN = "Microsoft Windows Hardware Compatibility Publisher" }, usages = ["whql", "code-signing"] }"#;
/// Every form of an answer that gives reasons.
const TELLING: &[&str] = &[
    "table",
    "json",
    "jsonl",
    "html",
    "markdown",
    "csv",
    "sarif",
    "junit",
    "github",
    "gitlab",
    "gitlab-dependency-scanning",
    "openvex",
    "cyclonedx",
    "spdx",
];
/// Everything but the trace: another maker's program, under a name that says nothing.
const BASE: &str = r#"kind = "pe"
imports = [{ dll = "KERNEL32.dll", functions = ["ExitProcess"] }]
"#;

/// A trace, the recipe's lines, and what must be found: relation, certainty, kind of the fact, its value.
fn traces() -> Vec<(&'static str, String, [&'static str; 4])> {
    let signed = |inside: &str| format!("certificates = [[{{ recipe = {{ kind = \"pkcs7\", {inside} }} }}]]\n");
    let block = format!("\r\n:!28401{}%%\r\n;:10{}%%", "A".repeat(87), "B".repeat(86));
    vec![
        (
            "nested",
            signed(&format!(
                "certificates = [{{ recipe = {STRANGER} }}], nested = [{{ recipe = {{ kind = \"pkcs7\", certificates = [{{ recipe = {VENDOR} }}] }} }}]"
            )),
            ["is", "confirmed", "signer-serial", "1027739867473"],
        ),
        (
            "submitter",
            signed(&format!(
                "program-name = \"Kaspersky Lab Switzerland GmbH\", certificates = [{{ recipe = {MICROSOFT} }}]"
            )),
            ["is", "confirmed", "signer-program", "kaspersky lab switzerland gmbh"],
        ),
        (
            "bare",
            format!("sections = [{{ name = \".data\", parts = [\"padding\", {{ recipe = {VENDOR} }}] }}]\n"),
            ["embeds", "probable", "certificate-registry-number", "1027739867473"],
        ),
        (
            "in-file",
            format!("overlay = [{block:?}]\n{}", signed(&format!("certificates = [{{ recipe = {STRANGER} }}]"))),
            ["is", "confirmed", "content", "\r\n:!28401"],
        ),
        (
            "second-language",
            r#"[[version]]
language = 0x409
number = "1.0.0.0"
strings = [{ table = "040904b0", values = { CompanyName = "Contoso", FileDescription = "x" } }]
[[version]]
language = 0x419
number = "1.0.0.0"
strings = [{ table = "041904b0", values = { CompanyName = "АО «Лаборатория Касперского»", FileDescription = "x" } }]
"#
            .to_owned(),
            ["is", "probable", "company-name", "ао лаборатория касперского"],
        ),
    ]
}

fn proof<'r>(finding: &'r Value, kind: &str) -> Vec<&'r Value> {
    let matches = finding["matches"].as_array().unwrap().iter();
    let seen = matches.flat_map(|one| one["proof"].as_array().unwrap());
    seen.filter(|seen| seen.pointer("/fact/kind").is_some_and(|of| of == kind)).collect()
}

#[test]
fn each_trace_alone_is_found_with_its_own_proof() {
    let folder = tempfile::tempdir().unwrap();
    for (name, lines, _) in traces() {
        fs::write(folder.path().join(name), build(&format!("{BASE}{lines}")).unwrap()).unwrap();
    }
    fs::write(folder.path().join("none"), build(BASE).unwrap()).unwrap();
    let (report, status) = report(folder.path(), &["."]);
    assert_eq!(status, 1);
    let findings = report["findings"].as_array().unwrap();
    for (name, _, [relation, certainty, kind, value]) in traces() {
        let of: Vec<&Value> = findings.iter().filter(|f| f["on"].as_str().unwrap().ends_with(name)).collect();
        let strongest = of.first().unwrap_or_else(|| panic!("{name}: nothing found"));
        assert_eq!((&strongest["relation"], &strongest["certainty"]), (&relation.into(), &certainty.into()), "{name}");
        let proof = proof(strongest, kind);
        let seen = proof.iter().find(|seen| seen["fact"]["value"].as_str().is_some_and(|v| v.contains(value.trim())));
        let seen = seen.unwrap_or_else(|| panic!("{name}: no `{value}` in {strongest:#}"));
        let place = &seen["at"]["bytes"];
        let bytes = fs::read(folder.path().join(name)).unwrap();
        let range = place["start"].as_u64().unwrap()..place["end"].as_u64().unwrap();
        assert!(!range.is_empty() && range.end <= bytes.len() as u64, "{name}: {seen}");
    }
    assert!(!findings.iter().any(|finding| finding["on"].as_str().unwrap().ends_with("none")), "{findings:#?}");
}

/// A program that carries one of the vendor's is not itself the vendor's: each is told for what it is.
#[test]
fn a_carrier_embeds_what_its_passenger_is() {
    let folder = tempfile::tempdir().unwrap();
    let block = format!("\r\n:!28401{}%%\r\n;:10{}%%", "A".repeat(87), "B".repeat(86));
    let inner = format!(
        "{{ kind = \"pe\", subsystem = 1, imports = [{{ dll = \"ntoskrnl.exe\", functions = [\"ZwClose\"] }}], overlay = [{block:?}], certificates = [[{{ recipe = {{ kind = \"pkcs7\", certificates = [{{ recipe = {STRANGER} }}] }} }}]] }}"
    );
    let outer = format!("{BASE}sections = [{{ name = \".data\", parts = [\"padding\", {{ recipe = {inner} }}] }}]\n");
    fs::write(folder.path().join("setup.exe"), build(&outer).unwrap()).unwrap();
    let (report, status) = report(folder.path(), &["setup.exe"]);
    assert_eq!(status, 1);
    let findings = report["findings"].as_array().unwrap();
    let relation = |is_inside: bool| {
        let found = findings.iter().find(|finding| finding["on"].as_str().unwrap().contains("!/") == is_inside);
        found.map(|finding| finding["relation"].as_str().unwrap())
    };
    assert_eq!((relation(false), relation(true)), (Some("embeds"), Some("is")), "{findings:#?}");
}

/// A signature that was cut from another file, or left on a file that was changed, is told, and is less sure.
#[test]
fn a_signature_of_other_bytes_is_not_certain() {
    let folder = tempfile::tempdir().unwrap();
    let lines = format!(
        "certificates = [[{{ recipe = {{ kind = \"pkcs7\", digest = \"{}\", certificates = [{{ recipe = {VENDOR} }}] }} }}]]\n",
        "00".repeat(32)
    );
    fs::write(folder.path().join("a.exe"), build(&format!("{BASE}{lines}")).unwrap()).unwrap();
    let (report, status) = report(folder.path(), &["."]);
    assert_eq!(status, 1);
    assert_eq!(report["findings"][0]["certainty"], "probable", "{:#}", report["findings"][0]);
    assert!(report["repairs"][0]["wrong"].as_str().unwrap().starts_with("the signature was made for other bytes"));
    // Whoever is answered, and in whatever form: that it is so stands beside the finding.
    for form in TELLING {
        let told = interdict_tests::interdict(folder.path(), &["scan", "a.exe", "--as-of", "2026-01-01", "-o", form]);
        let told = String::from_utf8(told.stdout).unwrap();
        let words: Vec<&str> = told.split_whitespace().collect();
        assert!(words.join(" ").contains("was changed after it was signed"), "{form}: {told}");
    }
}

/// The recipe of an assembly, with other names of the same length in its heap.
fn assembly(names: &[(&str, &str)]) -> String {
    let recipe = fs::read_to_string(workspace().join("fixtures/inspect/dotnet/good-library/recipe.toml")).unwrap();
    names.iter().fold(recipe, |recipe, (from, to)| {
        assert!(recipe.contains(from) && from.len() == to.len(), "{from}");
        recipe.replace(from, to)
    })
}

/// What a file brings along and what it only asks for are different things: of Android byte code, Java and .NET.
#[test]
fn definitions_embed_and_references_link() {
    let folder = tempfile::tempdir().unwrap();
    let class =
        |defines: &str, calls: &str| format!("kind = \"class\"\ndefines = \"{defines}\"\ncalls = [\"{calls}\"]");
    let jar = |member: &str, class: &str| {
        let inline = class.replace('\n', ", ");
        format!(
            "kind = \"zip\"\nmembers = [{{ path = \"{member}\", method = \"stored\", parts = [{{ recipe = {{ {inline} }} }}] }}]"
        )
    };
    let sdk = class("com/kavsdk/KavSdk", "java/lang/Object.x()V");
    let wrapper = class("com/example/Wrapper", "com/kavsdk/KavSdk.init()V");
    for (name, recipe) in [
        ("defines.dex", "kind = \"dex\"\ndefines = [\"com/kavsdk/KavSdk\"]".to_owned()),
        (
            "refers.dex",
            "kind = \"dex\"\ndefines = [\"com/example/Wrapper\"]\nreferences = [\"com/kavsdk/KavSdk\"]".to_owned(),
        ),
        ("defines.jar", jar("com/kavsdk/KavSdk.class", &sdk)),
        ("refers.jar", jar("com/example/Wrapper.class", &wrapper)),
        (
            "defines.dll",
            assembly(&[("Example.Core", "KasperskyLab"), ("\\u0000Engine\\u0000", "\\u0000UI.Abc\\u0000")]),
        ),
        (
            "refers.dll",
            assembly(&[("\\u0000Scanner\\u0000Vendor.Sdk\\u0000ve", "\\u0000UI.Main\\u0000KasperskyLab\\u0000")]),
        ),
    ] {
        fs::write(folder.path().join(name), build(&recipe).unwrap()).unwrap();
    }
    let (report, _) = report(folder.path(), &["."]);
    let findings = report["findings"].as_array().unwrap();
    for (name, relation, kind) in [
        ("defines.dex", "embeds", "defined-class"),
        ("refers.dex", "links", "referenced-class"),
        ("defines.jar", "embeds", "defined-class"),
        ("refers.jar", "links", "referenced-class"),
        ("defines.dll", "embeds", "defined-class"),
        ("refers.dll", "links", "referenced-class"),
    ] {
        let of = findings.iter().find(|finding| finding["on"].as_str().unwrap().contains(name));
        let of = of.unwrap_or_else(|| panic!("nothing found in {name}"));
        assert_eq!(of["relation"], relation, "{name}: {of:#}");
        assert!(!proof(of, kind).is_empty(), "{name}: {of:#}");
    }
}
