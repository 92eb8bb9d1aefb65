//! Whose product it is: told by packages, installers, images and programs, each source by itself; and the vendor's own is no integration.
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
use interdict_tests::{report, workspace};
use serde_json::Value;

/// A library that calls the SDK: recognised wherever it lies.
const HOOK: &str =
    r#"{ recipe = { kind = "elf", needed = ["libkave8.so"], dynamic = { undefined = ["kaveScanFile"] } } }"#;

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
}

fn recipe(text: &str) -> Vec<u8> {
    build(text).unwrap_or_else(|why| panic!("{why}\n{text}"))
}

/// An archive of one kind that holds the hook at a place, and another text.
fn archive(kind: &str, hook: &str, path: &str, text: &str) -> Vec<u8> {
    recipe(&format!(
        "kind = \"{kind}\"\nmembers = [{{ path = '{path}', parts = ['''{text}'''] }}, {{ path = '{hook}', parts = [{HOOK}] }}]"
    ))
}

fn product_of(folder: &Path) -> Value {
    let (report, _) = report(folder, &["in", "--as-of", "2026-11-24"]);
    let findings = report["findings"].as_array().unwrap().iter();
    let flagged: Vec<&Value> = findings.filter(|one| one["relation"] != "mentions").collect();
    assert!(!flagged.is_empty(), "nothing was found: {:#}", report["gaps"]);
    flagged[0]["product"].clone()
}

fn check(name: &str, bytes: &[u8], want: (&str, Option<&str>, Option<&str>)) {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), &format!("in/{name}"), bytes);
    let product = product_of(folder.path());
    let told = (product["name"].as_str().unwrap(), product["version"].as_str(), product["supplier"].as_str());
    assert_eq!(told, want, "{name}: {product:#}");
    assert!(product["is_makers_own"].is_null(), "{product:#}");
}

fn deb(control: &str) -> Vec<u8> {
    let control = archive("tar", "usr/lib/unused", "./control", control);
    let data = archive("tar", "./usr/lib/acme/libhook.so", "./usr/share/doc/acme/readme", "text");
    let mut deb = b"!<arch>\n".to_vec();
    for (name, bytes) in [("debian-binary", b"2.0\n".as_slice()), ("control.tar", &control), ("data.tar", &data)] {
        deb.extend(format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 100_644, bytes.len()).bytes());
        deb.extend(bytes);
        deb.resize(deb.len().next_multiple_of(2), b'\n');
    }
    deb
}

#[test]
fn packages_name_their_product() {
    let control = "Package: acme-scan\nVersion: 2.3-1\nArchitecture: amd64\nMaintainer: Acme Ltd <pkg@acme.example>\nDescription: scanner\n";
    check("acme.deb", &deb(control), ("acme-scan", Some("2.3-1"), Some("Acme Ltd")));
    let nuspec = r#"<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata><id>Acme.Scan</id><version>1.4.0</version><authors>Acme Ltd</authors></metadata></package>"#;
    let nupkg = archive("zip", "runtimes/linux-x64/native/libhook.so", "Acme.Scan.nuspec", nuspec);
    check("Acme.Scan.1.4.0.nupkg", &nupkg, ("Acme.Scan", Some("1.4.0"), Some("Acme Ltd")));
    let metadata = "Metadata-Version: 2.1\nName: acme-scan\nVersion: 3.1\nAuthor: Acme Ltd\n\nText\n";
    let wheel = archive("zip", "acme_scan/libhook.so", "acme_scan-3.1.dist-info/METADATA", metadata);
    check("acme_scan-3.1-py3-none-any.whl", &wheel, ("acme-scan", Some("3.1"), Some("Acme Ltd")));
    let manifest = r#"{ "name": "@acme/scan", "version": "5.0.1", "author": "Acme Ltd", "dependencies": {} }"#;
    let npm = archive("tar", "package/build/Release/hook.node", "package/package.json", manifest);
    check("acme-scan-5.0.1.tar", &npm, ("@acme/scan", Some("5.0.1"), Some("Acme Ltd")));
    let manifest = "Manifest-Version: 1.0\r\nImplementation-Title: Acme Scan\r\nImplementation-Version: 7.2\r\nImplementation-Vendor: Acme Ltd\r\n\r\n";
    let jar = archive("zip", "native/libhook.so", "META-INF/MANIFEST.MF", manifest);
    check("acme.jar", &jar, ("Acme Scan", Some("7.2"), Some("Acme Ltd")));
    let installer = fs::read(workspace().join("fixtures/unpack/compound/good-wixl/input.msi")).unwrap();
    check("setup.msi", &installer, ("Acme Mail Gateway", Some("4.2.0"), Some("Acme Ltd")));
    let from = workspace().join("fixtures/inspect");
    let rpm = recipe(&fs::read_to_string(from.join("rpm-header/good-rpmbuild/recipe.toml")).unwrap());
    let manifest = recipe(&fs::read_to_string(from.join("android-xml/good-manifest/recipe.toml")).unwrap());
    let manifest = manifest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let application = recipe(&format!(
        "kind = \"zip\"\nmembers = [{{ path = 'AndroidManifest.xml', parts = [{{ hex = \"{manifest}\" }}] }}, {{ path = 'lib/arm64-v8a/libhook.so', parts = [{HOOK}] }}]"
    ));
    check("app.apk", &application, ("com.example.app", Some("1.2"), None));
    check("eng.rpm", &rpm, ("eng", Some("1.0-1"), Some("Example Vendor")));
}

#[test]
fn an_image_names_its_product_by_its_labels() {
    let config = r#"{ "architecture": "amd64", "os": "linux", "config": { "Labels": { "org.opencontainers.image.title": "Acme Gateway", "org.opencontainers.image.version": "9.1", "org.opencontainers.image.vendor": "Acme Ltd" } }, "rootfs": { "type": "layers", "diff_ids": [] } }"#;
    let layer = format!(
        "{{ recipe = {{ kind = \"tar\", members = [{{ path = 'opt/acme/libhook.so', parts = [{HOOK}] }}] }} }}"
    );
    let manifest = r#"[{"Config":"c.json","RepoTags":["acme/gateway:9.1"],"Layers":["a/layer.tar"]}]"#;
    let image = recipe(&format!(
        "kind = \"tar\"\nmembers = [{{ path = 'a/layer.tar', parts = [{layer}] }}, {{ path = 'c.json', parts = ['''{config}'''] }}, {{ path = 'manifest.json', parts = ['''{manifest}'''] }}]"
    ));
    check("gateway.tar", &image, ("Acme Gateway", Some("9.1"), Some("Acme Ltd")));
}

/// A package within an archive that says nothing of itself; and the archive's own word goes before that of what lies in it.
#[test]
fn the_outermost_word_counts_and_the_way_shows_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let jar = format!(
        "{{ recipe = {{ kind = \"zip\", members = [{{ path = 'META-INF/MANIFEST.MF', parts = [\"Manifest-Version: 1.0\\nBundle-SymbolicName: acme.engine\\nBundle-Version: 2.0\\n\"] }}, {{ path = 'libhook.so', parts = [{HOOK}] }}] }} }}"
    );
    let war = recipe(&format!(
        "kind = \"zip\"\nmembers = [{{ path = 'META-INF/MANIFEST.MF', parts = [\"Manifest-Version: 1.0\\nImplementation-Title: Acme Portal\\nImplementation-Vendor: Acme Ltd\\n\"] }}, {{ path = 'WEB-INF/lib/engine.jar', parts = [{jar}] }}]"
    ));
    put(folder.path(), "in/delivery.zip", &recipe("kind = \"zip\"\nmembers = [{ path = 'readme', parts = ['text'] }]"));
    put(folder.path(), "in/portal.war", &war);
    let (report, _) = report(folder.path(), &["in", "--as-of", "2026-11-24"]);
    let finding = &report["findings"][0];
    assert_eq!(finding["product"]["name"], "Acme Portal");
    let names: Vec<&str> =
        finding["path"].as_array().unwrap().iter().map(|step| step["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Acme Portal", "engine.jar (acme.engine 2.0)", "libhook.so"]);
}

fn program(product: &str, company: &str, more: &str) -> Vec<u8> {
    recipe(&format!(
        "kind = \"pe\"\nsections = [{{ name = \".text\", parts = [\"code\"] }}]\n{more}\n[[version]]\nnumber = \"6.5.0.0\"\nstrings = [{{ table = \"040904b0\", values = {{ CompanyName = \"{company}\", ProductName = \"{product}\", FileVersion = \"6.5.0.0\" }} }}]\n"
    ))
}

#[test]
fn a_program_names_the_product_by_its_version_resource() {
    let calls = "imports = [{ dll = \"Kave8.dll\", functions = [\"kavef00\"] }]";
    check("scan.exe", &program("Acme Suite", "Acme Ltd", calls), ("Acme Suite", Some("6.5.0.0"), Some("Acme Ltd")));
    // A part without words of its own lies beside the programs that it serves.
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "in/suite/acme.exe", &program("Acme Suite", "Acme Ltd", ""));
    put(folder.path(), "in/suite/runtime.dll", &program("Microsoft Visual Studio", "Microsoft Corporation", ""));
    put(folder.path(), "in/suite/lib/libhook.so", &recipe("kind = \"elf\"\nneeded = [\"libkave8.so\"]\n"));
    put(folder.path(), "in/other/tool.exe", &program("Globex Tool", "Globex", ""));
    assert_eq!(product_of(folder.path())["name"], "Acme Suite");
}

/// A program that only its signature tells of, around a member; also where what it holds is the vendor's own package.
#[test]
fn the_signer_of_what_is_around_names_who_ships_it() {
    let signed = |signer: &str, overlay: &str| {
        let signer =
            format!("{{ recipe = {{ kind = \"certificate\", subject = {{ CN = \"{signer}\", O = \"{signer}\" }} }} }}");
        recipe(&format!(
            "kind = \"pe\"\nsections = [{{ name = \".text\", parts = [\"code\"] }}]\noverlay = [{overlay}]\ncertificates = [[{{ recipe = {{ kind = \"pkcs7\", certificates = [{signer}] }} }}]]\n"
        ))
    };
    let member = |name: &str, bytes: &str| {
        format!("{{ recipe = {{ kind = \"zip\", members = [{{ path = '{name}', parts = [{bytes}] }}] }} }}")
    };
    let own = program("Kaspersky Module", "AO Kaspersky Lab", "");
    let own = own.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    for inside in [member("lib/libhook.so", HOOK), member("klhk.dll", &format!("{{ hex = \"{own}\" }}"))] {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "in/setup.exe", &signed("Acme Ltd", &inside));
        let product = product_of(folder.path());
        let told = (product["name"].as_str(), product["supplier"].as_str(), product["known_from"].as_str());
        assert_eq!(told, (Some("setup.exe"), Some("Acme Ltd"), Some("in/setup.exe")), "{inside:.80}");
        assert!(product["is_makers_own"].is_null());
    }
    // The vendor's own setup program is no integration.
    let folder = tempfile::tempdir().unwrap();
    put(
        folder.path(),
        "in/setup.exe",
        &signed("AO Kaspersky Lab", &member("klhk.dll", &format!("{{ hex = \"{own}\" }}"))),
    );
    assert_eq!(product_of(folder.path())["is_makers_own"], true);
}

/// What a builder of a distribution leaves in a program tells of itself, and of what lies beside it.
#[test]
fn a_program_names_its_package_by_its_note() {
    let note = r#"[[notes]]
section = ".note.package"
owner = "FDO"
type = 0xcafe1a7e
parts = ['{"type":"rpm","os":"fedora","name":"acme-scan","version":"8.9-1.fc41","architecture":"x86_64","vendor":"Acme Ltd"}']
"#;
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "in/bin/acme-scand", &recipe(&format!("kind = \"elf\"\nneeded = [\"libc.so.6\"]\n{note}")));
    put(folder.path(), "in/bin/libhook.so", &recipe("kind = \"elf\"\nneeded = [\"libkave8.so\"]\n"));
    let product = product_of(folder.path());
    let told = (product["name"].as_str(), product["version"].as_str(), product["supplier"].as_str());
    assert_eq!(told, (Some("acme-scan"), Some("8.9-1.fc41"), Some("Acme Ltd")));
    let hook = format!("kind = \"elf\"\nneeded = [\"libkave8.so\"]\n{note}");
    check("libhook.so", &recipe(&hook), ("acme-scan", Some("8.9-1.fc41"), Some("Acme Ltd")));
}

/// What the vendor ships itself is said to be that, by its package's word or by being the whole of what was looked at.
#[test]
fn the_vendors_own_product_is_no_integration() {
    for (name, bytes) in [
        (
            "kesl.deb",
            deb(
                "Package: kesl\nVersion: 12.0\nArchitecture: amd64\nMaintainer: AO Kaspersky Lab <x@kaspersky.example>\nDescription: x\n",
            ),
        ),
        ("klhk.dll", program("Kaspersky Module", "AO Kaspersky Lab", "")),
    ] {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), &format!("in/{name}"), &bytes);
        let (report, _) = report(&folder.path().join("in"), &[name, "--as-of", "2026-11-24"]);
        assert_eq!(report["findings"][0]["product"]["is_makers_own"], true, "{name}: {:#}", report["findings"][0]);
    }
    // In somebody else's delivery it is an integration.
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "in/klhk.dll", &program("Kaspersky Module", "AO Kaspersky Lab", ""));
    put(folder.path(), "in/acme.exe", &program("Acme Suite", "Acme Ltd", ""));
    let product = product_of(folder.path());
    assert_eq!((product["name"].as_str(), product["is_makers_own"].is_null()), (Some("Acme Suite"), true));
}

fn bom(subject: &str, supplier: &str) -> String {
    let metadata = if subject.is_empty() {
        String::new()
    } else {
        format!(r#""metadata": {{"component": {{"type": "application", "name": "{subject}"}}}},"#)
    };
    format!(
        r#"{{"bomFormat": "CycloneDX", "specVersion": "1.5", {metadata}
        "components": [{{"type": "library", "name": "engine", "supplier": {{"name": "{supplier}"}}}}]}}"#
    )
}

#[test]
fn a_document_of_one_product_does_not_name_that_of_another() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "in/a.cdx.json", bom("Acme Mail", "Acme").as_bytes());
    put(folder.path(), "in/b.cdx.json", bom("", "AO Kaspersky Lab").as_bytes());
    put(folder.path(), "in/README.txt", b"two deliveries");
    assert_eq!(product_of(folder.path())["name"], "b.cdx.json");

    put(folder.path(), "in/b.cdx.json", bom("Basic Mail", "Basic").as_bytes());
    put(
        folder.path(),
        "in/libhook.so",
        &recipe("kind = \"elf\"\nneeded = [\"libkave8.so\"]\ndynamic = { undefined = [\"kaveScanFile\"] }"),
    );
    assert_eq!(product_of(folder.path())["name"], "in", "two documents, two products");
    fs::remove_file(folder.path().join("in/b.cdx.json")).unwrap();
    assert_eq!(product_of(folder.path())["name"], "Acme Mail", "one document, one product");
}
