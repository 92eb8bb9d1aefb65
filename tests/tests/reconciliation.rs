//! An SBOM and the shipment it describes: what is declared, under which name and version, and by what it was matched.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test makes files, and may fail"
)]
use std::fs;
use std::path::Path;

use interdict_testkit::build;
use interdict_tests::{interdict, report, workspace};
use serde_json::{Value, json};

const HOOK: &str = "kind = \"elf\"\nneeded = [\"libkave8.so\"]\ndynamic = { undefined = [\"kaveScanFile\"] }\n";
const ENGINE: &str = r#"kind = "pe"
exports = { module = "Kave8.dll", names = ["kaveScanFile"] }
sections = [{ name = ".text", parts = ["kaveInitializeEx kaveScanFile"] }]
[[version]]
number = "8.9.2.595"
strings = [{ table = "040904b0", values = { CompanyName = "AO Kaspersky Lab", ProductName = "Kaspersky Anti-Virus SDK", FileVersion = "8.9.2.595" } }]
"#;

fn recipe(text: &str) -> Vec<u8> {
    build(text).unwrap_or_else(|why| panic!("{why}\n{text}"))
}

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
}

fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

fn sha1(bytes: &[u8]) -> String {
    use sha1::Digest as _;
    hex(&sha1::Sha1::digest(bytes))
}

fn md5(bytes: &[u8]) -> String {
    use md5::Digest as _;
    hex(&md5::Md5::digest(bytes))
}

fn sbom(components: &Value) -> Vec<u8> {
    let subject = json!({ "type": "application", "bom-ref": "root", "name": "acme-gateway", "version": "4.2" });
    json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": { "component": subject }, "components": components })
        .to_string()
        .into_bytes()
}

/// The report over a delivery with this SBOM in it.
fn delivered(files: &[(&str, &[u8])], components: &Value) -> Value {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        put(folder.path(), &format!("in/{name}"), bytes);
    }
    put(folder.path(), "in/bom.cdx.json", &sbom(components));
    report(folder.path(), &["in", "--as-of", "2026-11-24"]).0
}

/// The finding in the file of this name.
fn of<'r>(report: &'r Value, file: &str) -> &'r Value {
    let mut all = report["findings"].as_array().unwrap().iter();
    let flagged = |one: &&Value| one["relation"] != "mentions" && one["on"].as_str().unwrap().ends_with(file);
    all.find(flagged).unwrap_or_else(|| panic!("nothing in {file}: {report:#}"))
}

fn likenesses(finding: &Value) -> Vec<&str> {
    let by = finding["agreement"]["by"].as_array().unwrap().iter();
    by.map(|one| one["of"].as_str().unwrap()).collect()
}

#[test]
fn a_file_declared_under_another_name_stays_undeclared() {
    let hook = recipe(HOOK);
    let components = json!([
        { "type": "library", "bom-ref": "a", "name": "acme-core", "version": "1.0", "hashes": [{ "alg": "SHA-1", "content": sha1(&hook).to_uppercase() }] },
        { "type": "library", "bom-ref": "b", "name": "openssl", "version": "3.5.0" },
    ]);
    let told = delivered(&[("lib/libcore.so", &hook)], &components);
    let finding = of(&told, "libcore.so");
    assert_eq!(
        (&finding["witness"], &finding["agreement"]["state"]),
        (&json!("observed-only"), &json!("under-another-name"))
    );
    assert_eq!(finding["agreement"]["called"], "acme-core 1.0");
    assert_eq!(likenesses(finding), ["digest"]);
    assert_eq!(told["reconciliation"][0]["under_another_name"][0], finding["id"]);
    // Leaving it out makes nothing better, and what was known by another name is not known at all.
    let silent = delivered(&[("lib/libcore.so", &hook)], &json!([components[1]]));
    let finding = of(&silent, "libcore.so");
    assert_eq!((&finding["witness"], &finding["agreement"]["state"]), (&json!("observed-only"), &json!("undeclared")));
    assert_eq!((&told["outcome"], finding["agreement"]["with"].is_null()), (&silent["outcome"], true));
}

#[test]
fn an_old_digest_tells_a_file_as_well() {
    let hook = recipe(HOOK);
    for (content, state) in [(md5(&hook), "under-another-name"), (md5(b"another"), "undeclared")] {
        let hashes = json!([{ "alg": "MD5", "content": content }]);
        let components = json!([{ "type": "library", "bom-ref": "a", "name": "acme-core", "hashes": hashes }]);
        let told = delivered(&[("lib/libcore.so", &hook)], &components);
        let finding = of(&told, "libcore.so");
        assert_eq!((&finding["witness"], &finding["agreement"]["state"]), (&json!("observed-only"), &json!(state)));
    }
}

#[test]
fn what_a_build_takes_in_declares_nothing_that_lies_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "in/lib/engine.dll", &recipe(ENGINE));
    put(folder.path(), "in/pom.xml", b"<project><groupId>com.acme</groupId><artifactId>gateway</artifactId><dependencies>\
        <dependency><groupId>com.kavsdk</groupId><artifactId>kavsdk</artifactId><version>5.18.0.215</version></dependency>\
        <dependency><groupId>org.example</groupId><artifactId>http</artifactId></dependency></dependencies></project>");
    let scanned = |with: &[&str]| report(folder.path(), &[&["in", "--as-of", "2026-11-01"], with].concat()).0;
    let alone = scanned(&[]);
    let findings = alone["findings"].as_array().unwrap();
    let asked =
        findings.iter().find(|one| one["on"].as_str().unwrap().starts_with("in/pom.xml#pkg:maven/com.kavsdk")).unwrap();
    assert_eq!(asked["product"]["name"], "gateway", "{asked:#}");
    assert!(findings.iter().any(|one| one["on"] == "in/lib/engine.dll"));
    assert!(alone["reconciliation"].as_array().is_none_or(Vec::is_empty), "{:#}", alone["reconciliation"]);
    // Given as what describes the delivery, it is held against it.
    let given = scanned(&["--sbom", "in/pom.xml"]);
    assert_eq!(given["reconciliation"].as_array().unwrap().len(), 1, "{:#}", given["reconciliation"]);
}

#[test]
fn a_version_that_is_not_the_files_own_is_told() {
    let declared = |version: &str| json!([{ "type": "library", "bom-ref": "a", "name": "Kaspersky Anti-Virus SDK", "version": version, "supplier": { "name": "AO Kaspersky Lab" } }]);
    for (version, state) in
        [("8.5", "in-another-version"), ("8.9", "declared-and-present"), ("8.9.2.595", "declared-and-present")]
    {
        let told = delivered(&[("bin/Kave8.dll", &recipe(ENGINE))], &declared(version));
        let finding = of(&told, "Kave8.dll");
        assert_eq!(
            (&finding["witness"], &finding["agreement"]["state"]),
            (&json!("declared-and-observed"), &json!(state)),
            "{version}"
        );
        let first = if version == "8.9.2.595" { "name-and-version" } else { "name" };
        assert_eq!(likenesses(finding)[0], first, "{finding:#}");
        let other =
            told["findings"].as_array().unwrap().iter().find(|one| one["on"].as_str().unwrap().contains('#')).unwrap();
        assert_eq!((&other["agreement"]["with"], &other["agreement"]["state"]), (&finding["on"], &json!(state)));
    }
    let missing = delivered(&[("bin/tool", b"text")], &declared("8.5"));
    assert_eq!(missing["findings"][0]["agreement"]["state"], "declared-not-seen");
}

/// The package around a file is declared; what is inside is not, and the report says by which package it came.
fn check_owner(files: &[(&str, &[u8])], name: &str, purl: &str, file: &str) {
    let components = json!([{ "type": "library", "bom-ref": "a", "name": name, "version": "3.1", "purl": purl }]);
    let told = delivered(files, &components);
    let finding = of(&told, file);
    let agreement = &finding["agreement"];
    let state = (&finding["witness"], &agreement["state"]);
    assert_eq!(state, (&json!("observed-only"), &json!("undeclared")), "{finding:#}");
    assert!(likenesses(finding).iter().all(|of| *of == "owner") && !likenesses(finding).is_empty(), "{agreement:#}");
    assert_eq!(agreement["with"].as_str().unwrap().split_once('#').unwrap().1, purl);
}

#[test]
fn installed_packages_own_what_they_list() {
    let hook = recipe(HOOK);
    let list = b"/.\n/opt\n/opt/acme\n/opt/acme/libhook.so\n";
    check_owner(
        &[("opt/acme/libhook.so", &hook), ("var/lib/dpkg/info/acme-scan:amd64.list", list)],
        "acme-scan",
        "pkg:deb/debian/acme-scan@3.1",
        "libhook.so",
    );
    let record = b"acme_scan/libhook.so,sha256=AAAA,1\nacme_scan-3.1.dist-info/RECORD,,\n";
    check_owner(
        &[
            ("site-packages/acme_scan/libhook.so", &hook),
            ("site-packages/acme_scan-3.1.dist-info/RECORD", record),
            (
                "site-packages/acme_scan-3.1.dist-info/METADATA",
                b"Metadata-Version: 2.1\nName: acme-scan\nVersion: 3.1\n",
            ),
            ("site-packages/other-1.0.dist-info/METADATA", b"Metadata-Version: 2.1\nName: other\nVersion: 1.0\n"),
        ],
        "acme_scan",
        "pkg:pypi/acme-scan@3.1",
        "libhook.so",
    );
}

#[test]
fn databases_of_installed_packages_tell_whose_a_file_is() {
    let hook = recipe(HOOK);
    let installed = b"C:Q1AAAA\nP:acme-scan\nV:3.1\nA:x86_64\nF:opt/acme\nR:libhook.so\n\n";
    check_owner(
        &[("lib/apk/db/installed", installed), ("opt/acme/libhook.so", &hook)],
        "acme-scan",
        "pkg:apk/alpine/acme-scan@3.1",
        "libhook.so",
    );
    let fixture = "fixtures/inspect/rpm-database/good-installed/recipe.toml";
    let database = recipe(&fs::read_to_string(workspace().join(fixture)).unwrap());
    check_owner(
        &[("var/lib/rpm/rpmdb.sqlite", &database), ("opt/x/lib/libeng.so", &hook)],
        "eng",
        "pkg:rpm/example/eng@1.0-1",
        "libeng.so",
    );
}

#[test]
fn folders_and_archives_of_packages_own_what_lies_in_them() {
    let manifest = br#"{ "name": "acme-scan", "version": "3.1", "dependencies": {} }"#;
    check_owner(
        &[("node_modules/acme-scan/build/hook.node", &recipe(HOOK)), ("node_modules/acme-scan/package.json", manifest)],
        "acme-scan",
        "pkg:npm/acme-scan@3.1",
        "hook.node",
    );
    let jar = "kind = \"zip\"\nmembers = [{ path = 'META-INF/maven/example/acme-scan/pom.properties', parts = [\"groupId=example\\nartifactId=acme-scan\\nversion=3.1\\n\"] }, { path = 'native/libhook.so', parts = [{ recipe = { kind = \"elf\", needed = [\"libkave8.so\"] } }] }]";
    let purl = "pkg:maven/example/acme-scan@3.1";
    check_owner(&[("lib/acme-scan-3.1.jar", &recipe(jar))], "acme-scan", purl, "libhook.so");
}

/// An SBOM given beside a target describes it, also where the file lies in archives; and every writer tells what was matched.
#[test]
fn every_writer_tells_by_what_it_was_matched() {
    let folder = tempfile::tempdir().unwrap();
    let hook = recipe(HOOK);
    let hex = hook.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    put(
        folder.path(),
        "delivery.zip",
        &recipe(&format!("kind = \"zip\"\nmembers = [{{ path = 'lib/libcore.so', parts = [{{ hex = \"{hex}\" }}] }}]")),
    );
    let components = json!([{ "type": "library", "bom-ref": "a", "name": "acme-core", "version": "1.0", "hashes": [{ "alg": "SHA-1", "content": sha1(&hook) }] }]);
    put(folder.path(), "bom.cdx.json", &sbom(&components));
    for format in ["table", "json", "html", "markdown"] {
        let output = interdict(
            folder.path(),
            &["scan", "delivery.zip", "--sbom", "bom.cdx.json", "-o", format, "--as-of", "2026-11-24"],
        );
        let text = String::from_utf8(output.stdout).unwrap();
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('\\', "");
        assert!(flat.contains("acme-core 1.0") && flat.contains(&sha1(&hook)), "{format}: {text}");
    }
}
