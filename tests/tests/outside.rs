//! What inputs must not reach: files around them (goal I2), secrets nearby (I5), outputs (O1, O2), the answer by noise beside it (F5).
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::format_collect,
    clippy::too_many_lines,
    reason = "a test makes files, may fail, need not be fast where it writes, and has long lists"
)]
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use interdict_tests::canary::files;
use interdict_tests::{FORMATS, goal, gzip, interdict, interdict_in, needle, put, report, tar};
use serde_json::{Value, json};

/// Everything below a folder, with what tells that it was touched.
fn listed(folder: &Path) -> BTreeMap<String, (u64, std::time::SystemTime, Vec<u8>)> {
    let (mut all, mut open) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let (path, about) = (entry.path(), entry.metadata().unwrap());
            let bytes = if about.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
            all.insert(path.display().to_string(), (about.len(), about.modified().unwrap(), bytes));
            if about.is_dir() {
                open.push(path);
            }
        }
    }
    all
}

fn ways_out() -> Vec<String> {
    let ends = ["canary.txt", "scratch/canary.txt", "etc/passwd", "new"];
    let ups = [
        "../",
        "../../",
        "/",
        "//",
        "./../",
        "a/../../",
        "..\\",
        "C:\\",
        "\\\\host\\share\\",
        "..//..//",
        "%2e%2e/",
        "~/",
        "/proc/self/root/",
        "file:///",
        ".../",
        "..\u{2215}",
    ];
    ups.iter().flat_map(|up| ends.iter().map(move |end| format!("{up}{end}"))).collect()
}

fn cpio(members: &[(String, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let end = [("TRAILER!!!".to_owned(), &b""[..])];
    for (name, bytes) in members.iter().chain(&end) {
        let fields = [1, 0o100_644, 0, 0, 1, 0, bytes.len(), 0, 0, 0, 0, name.len() + 1, 0];
        out.extend_from_slice(b"070701");
        out.extend(fields.map(|field| format!("{field:08X}")).concat().bytes());
        out.extend(name.bytes().chain([0]));
        out.resize(out.len().next_multiple_of(4), 0);
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

fn zip(members: &[(String, &[u8])]) -> Vec<u8> {
    let members: Vec<String> = members
        .iter()
        .map(|(name, bytes)| {
            let hex: String = bytes.iter().fold(String::new(), |out, byte| out + &format!("{byte:02x}"));
            format!("{{ path = {}, parts = [{{ hex = \"{hex}\" }}] }}", Value::from(name.as_str()))
        })
        .collect();
    interdict_testkit::build(&format!("kind = \"zip\"\nmembers = [{}]", members.join(", "))).unwrap()
}

fn ar(members: &[(String, &[u8])]) -> Vec<u8> {
    let mut out = b"!<arch>\n".to_vec();
    for (name, bytes) in members {
        let long = format!("#1/{}", name.len());
        out.extend(
            format!("{long:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 100_644, name.len() + bytes.len()).bytes(),
        );
        out.extend(name.bytes());
        out.extend_from_slice(bytes);
        if out.len() % 2 == 1 {
            out.push(b'\n');
        }
    }
    out
}

fn mail(members: &[(String, &[u8])]) -> Vec<u8> {
    let parts: String = members
        .iter()
        .map(|(name, bytes)| {
            format!(
                "--b\r\nContent-Type: application/octet-stream; name=\"{name}\"\r\n\r\n{}\r\n",
                String::from_utf8_lossy(bytes)
            )
        })
        .collect();
    format!("From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n{parts}--b--\r\n").into_bytes()
}

#[test]
fn names_in_containers_lead_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let names = ways_out();
    let members: Vec<(String, &[u8])> =
        names.iter().map(|name| (name.clone(), &b"written by a container\n"[..])).collect();
    let plain = tar(members.iter().map(|(name, bytes)| (name.as_str(), *bytes)));
    let formats: [(&str, Vec<u8>); 8] = [
        ("a.zip", zip(&members)),
        ("a.tar", plain.clone()),
        ("a.tgz", gzip(&plain)),
        ("a.cpio", cpio(&members)),
        ("a.a", ar(&members)),
        ("a.eml", mail(&members)),
        ("b.zip", zip(&[("../a.tar".to_owned(), &plain)])),
        ("b.tar", tar([("../../a.zip", zip(&members).as_slice())].into_iter())),
    ];
    for (name, bytes) in &formats {
        put(folder.path(), &format!("inner/in/{name}"), bytes);
    }
    for name in ["canary.txt", "scratch/canary.txt", "inner/canary.txt"] {
        put(folder.path(), name, b"as it was");
    }
    let before = listed(folder.path());
    let scratch = folder.path().join("scratch");
    let inner = folder.path().join("inner");
    let output = interdict_in(
        &inner,
        &["scan", "in", "-o", "json", "--max-buffer-bytes", "0"],
        &[("TMPDIR", &scratch.to_string_lossy())],
    );
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let members = report["coverage"]["artifacts"].as_u64().unwrap();
    let after = listed(folder.path());
    let touched =
        before.iter().filter(|(name, was)| after.get(*name) != Some(was)).count() + after.len().abs_diff(before.len());
    let figure = format!(
        "{} names in {} formats, {members} artifacts looked at, {touched} files touched outside",
        names.len(),
        formats.len()
    );
    goal("I2", &figure, touched == 0 && names.len() >= 60 && members >= names.len() as u64 * 6);
}

#[test]
fn secrets_nearby_stay_there() {
    const TOKEN: &str = "tok3n-4f1e9c-never-to-be-seen";
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    for name in ["home/.netrc", "home/.cargo/credentials.toml", "home/.ssh/id_rsa", "secret.txt", "in/../beside.env"] {
        put(folder.path(), name, TOKEN.as_bytes());
    }
    let secret = folder.path().join("secret.txt");
    let entity = format!(
        "<!DOCTYPE bom [<!ENTITY f SYSTEM \"file://{0}\"><!ENTITY % p SYSTEM \"{0}\"> %p;]><bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components><component type=\"library\"><supplier><name>AO Kaspersky Lab</name></supplier><name>&f;</name></component></components></bom>",
        secret.display()
    );
    put(folder.path(), "in/entity.xml", entity.as_bytes());
    put(folder.path(), "in/include.xml", format!("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\" xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include href=\"{}\" parse=\"text\"/></bom>", secret.display()).as_bytes());
    put(folder.path(), "in/link.tar", &tar([("x", &b"y"[..])].into_iter()));
    put(folder.path(), "in/engine.so", &needle());
    #[cfg(unix)]
    std::os::unix::fs::symlink(&secret, folder.path().join("in/link.txt")).unwrap();
    let mut told = 0;
    let home = home.to_string_lossy();
    let environment = [("HOME", &*home), ("SECRET_TOKEN", TOKEN), ("GITHUB_TOKEN", TOKEN), ("CI_JOB_TOKEN", TOKEN)];
    for format in FORMATS {
        let output = interdict_in(folder.path(), &["scan", "in", "-o", format, "--evidence", "all"], &environment);
        let all = [output.stdout, output.stderr].concat();
        told += usize::from(String::from_utf8_lossy(&all).contains(TOKEN));
    }
    goal("I5", &format!("{} formats, 9 places with a secret: told in {told}", FORMATS.len()), told == 0);
}

/// Texts that did harm somewhere, and texts that break what counts characters.
fn payloads() -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let marks = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\u{1b}[31m",
        "\u{1b}]0;x\u{7}",
        "\u{9b}2J",
        "\u{202e}gnp",
        "\u{2066}x\u{2069}",
        "\u{200b}",
        "\u{feff}",
        "::error::x",
        "##vso[task.complete]",
        "##teamcity[x]",
        "section_start:1:x\r",
        "]]>",
        "--> <!--",
        "&lt;&#0;",
        "${jndi:ldap://x}",
        "{{7*7}}",
        "[x](javascript:1)",
        "![x](http://x)",
        "@everyone",
        "`x`",
        "|x|",
        "%0d%0a",
        "\0",
        "\u{1}",
        "\u{7f}",
        "\u{85}",
        "\u{2028}",
        "\u{2029}",
        "\u{fffe}",
        "\u{e0041}",
        "../../x",
        "C:\\x",
        "'; DROP TABLE x; --",
        "null",
        "undefined",
        "NaN",
        "1e400",
        "-0",
        "true",
        "\\u0000",
        "\\",
        "\"",
        "'",
        "\n",
        "\r\n",
        "x\ny",
        "\u{1f468}\u{200d}\u{1f469}",
        "\u{5d0}\u{5d1}",
        "\u{645}\u{631}",
        "Z\u{351}\u{36b}\u{343}",
        "\u{ff1d}1",
        "\u{fe6b}x",
    ];
    for mark in marks {
        all.push(format!("AO Kaspersky Lab {mark}"));
        all.push(format!("{mark} AO Kaspersky Lab"));
    }
    // Every character of a plane's beginning, one by one.
    all.extend((0..400_u32).filter_map(char::from_u32).map(|c| format!("AO Kaspersky Lab{c} x")));
    all
}

#[test]
fn what_comes_out_is_inert_and_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let payloads = payloads();
    let component = |text: &String| json!({ "type": "library", "name": text, "version": text, "supplier": { "name": text }, "copyright": text, "purl": format!("pkg:generic/{text}") });
    let bom = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "components": payloads.iter().map(component).collect::<Vec<_>>() });
    put(folder.path(), "bom.json", bom.to_string().as_bytes());
    let (mut written, mut faults) = (0, Vec::new());
    for format in FORMATS {
        let output =
            interdict(folder.path(), &["scan", "bom.json", "-o", format, "--as-of", "2026-01-01", "--color", "never"]);
        assert_ne!(output.status.code(), Some(2), "`{format}` is known");
        written += 1;
        let Ok(text) = String::from_utf8(output.stdout) else {
            faults.push(format!("{format} is no UTF-8"));
            continue;
        };
        let is_harmful = |c: &char| {
            (c.is_control() && !matches!(c, '\n' | '\r'))
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
        };
        let is_kept = matches!(format, "cyclonedx" | "cyclonedx-xml");
        if let Some(c) = text.chars().find(is_harmful).filter(|_| !is_kept) {
            faults.push(format!("{format} lets {c:?} out"));
        }
        if format == "html" && (text.contains("<script>alert") || text.contains("<img src=x")) {
            faults.push("html holds markup of an input".to_owned());
        }
        if matches!(
            format,
            "json" | "sarif" | "gitlab" | "gitlab-dependency-scanning" | "cyclonedx" | "spdx" | "openvex"
        ) && serde_json::from_str::<Value>(&text).is_err()
        {
            faults.push(format!("{format} is no JSON"));
        }
        if format == "jsonl" && text.lines().any(|line| serde_json::from_str::<Value>(line).is_err()) {
            faults.push("a line of jsonl is no JSON".to_owned());
        }
    }
    let figure = format!("{} payloads in 5 fields, {written} formats: {faults:?}", payloads.len());
    goal("O1", &figure, faults.is_empty() && written >= 12);
    goal("O2", &figure, faults.is_empty() && payloads.len() >= 500);
}

fn found(report: &Value) -> BTreeSet<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of = |one: &Value| (text(&one["entity"]), text(&one["relation"]), text(&one["certainty"]));
    report["findings"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn what_stands_beside_it_changes_nothing() {
    let mut tried = 0;
    for canary in
        files::canaries().into_iter().filter(|canary| canary.name.starts_with("file/") && canary.name.ends_with('x'))
    {
        let name = canary.name.split('/').nth(1).unwrap_or("x");
        let scanned = |files: &[(&str, &[u8])]| {
            let folder = tempfile::tempdir().unwrap();
            for (name, bytes) in files {
                put(folder.path(), name, bytes);
            }
            found(&report(folder.path(), &[".", "--as-of", "2026-01-01"]).0)
        };
        let plain = scanned(&[("a.bin", &canary.bytes)]);
        let padded = [canary.bytes.as_slice(), &[0; 4096]].concat();
        for (way, files) in [
            ("a benign file added", &[("a.bin", canary.bytes.as_slice()), ("b.txt", b"text")][..]),
            ("in another order", &[("z.bin", &canary.bytes), ("b.txt", b"text")]),
            ("renamed", &[("folder/other.dat", &canary.bytes)]),
            ("padded", &[("a.bin", &padded)]),
            ("twice", &[("a.bin", &canary.bytes), ("b/a.bin", &canary.bytes)]),
        ] {
            assert_eq!(scanned(files), plain, "{name}: {way}");
            tried += 1;
        }
    }
    goal("F5", &format!("{tried} variations, the same findings"), tried >= 50);
}
