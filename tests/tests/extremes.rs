//! Containers at the edge of what a format can say: many kinds in each other, many members, deep folders, long names.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test makes files, and may fail")]
use std::fmt::Write as _;
use std::fs;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use interdict_testkit::build;
use interdict_tests::{needle, report, tar};
use serde_json::Value;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        write!(out, "{byte:02x}").unwrap();
        out
    })
}

fn cooked(recipe: &str, inside: &[u8]) -> Vec<u8> {
    build(&recipe.replace("HEX", &hex(inside))).unwrap()
}

fn scanned(name: &str, bytes: &[u8]) -> (Value, i32) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    report(folder.path(), &[name, "--as-of", "2026-01-01"])
}

fn places(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|one| one["relation"] != "mentions").map(|finding| finding["on"].as_str().unwrap()).collect()
}

fn ar(name: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("!<arch>\n{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 100_644, body.len());
    [head.as_bytes(), body].concat()
}

fn cpio(name: &str, body: &[u8]) -> Vec<u8> {
    let head = |name: &str, mode: u32, size: usize| {
        format!("070707{:06o}{:06o}{mode:06o}{:024o}{:011o}{:06o}{size:011o}{name}\0", 1, 1, 1, 0, name.len() + 1)
    };
    [head(name, 0o100_644, body.len()).as_bytes(), body, head("TRAILER!!!", 0, 0).as_bytes()].concat()
}

/// A frame of Zstandard whose blocks are stored as they are (RFC 8878 §3.1.1).
fn zstd(body: &[u8]) -> Vec<u8> {
    let mut out = b"\x28\xb5\x2f\xfd\xa0".to_vec();
    out.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
    let mut blocks = body.chunks(100_000).peekable();
    while let Some(block) = blocks.next() {
        let head = u32::try_from(block.len()).unwrap() << 3 | u32::from(blocks.peek().is_none());
        out.extend(head.to_le_bytes().iter().take(3));
        out.extend(block);
    }
    out
}

fn email(name: &str, body: &[u8]) -> Vec<u8> {
    let lines: Vec<String> = BASE64_STANDARD
        .encode(body)
        .as_bytes()
        .chunks(76)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    format!(
        "From: a@example.org\r\nTo: b@example.org\r\nSubject: delivery\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\ntext\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{}\r\n--b--\r\n",
        lines.join("\r\n")
    )
    .into_bytes()
}

#[test]
fn eight_kinds_of_container_in_each_other() {
    let zip =
        cooked("kind = \"zip\"\nmembers = [{ path = \"lib/engine.so\", parts = [{ hex = \"HEX\" }] }]", &needle());
    let program = cooked(
        "kind = \"pe\"\nresources = [{ type = \"BIN\", id = 1, language = 0x409, parts = [{ hex = \"HEX\" }] }]",
        &zip,
    );
    let tar = cooked("kind = \"tar\"\nmembers = [{ path = \"bin/setup.exe\", parts = [{ hex = \"HEX\" }] }]", &program);
    let gzip = cooked("kind = \"gzip\"\nparts = [{ hex = \"HEX\" }]", &tar);
    let mail = email("parts.ar", &ar("data.tar.gz", &gzip));
    let whole = zstd(&cpio("delivery.eml", &mail));
    let (report, status) = scanned("all.cpio.zst", &whole);
    // The zip in the program's resources is taken for one that extracts itself.
    let place = "all.cpio.zst!/all.cpio!/delivery.eml!/parts.ar!/data.tar.gz!/data.tar!/bin/setup.exe!/lib/engine.so";
    assert_eq!((places(&report), status), (vec![place], 1));
    assert_eq!(report["gaps"].as_array().unwrap().len(), 0, "{:#}", report["gaps"]);
}

#[test]
fn many_members_deep_folders_and_long_names() {
    let needle = needle();
    let names: Vec<String> = (0..2_000).map(|index| format!("share/{index}.txt")).collect();
    let few = names.iter().map(|name| (name.as_str(), b"text\n".as_slice()));
    let (report, status) = scanned("many.tar", &tar(few.chain([("lib/last.so", needle.as_slice())])));
    assert_eq!((places(&report), status), (vec!["many.tar!/lib/last.so"], 1));
    assert_eq!(report["coverage"]["artifacts"], 2_002);

    let deep = "d/".repeat(10_000) + "engine.so";
    let long = "n".repeat((64 << 10) - 3) + ".so";
    for name in [deep, long] {
        let (report, status) = scanned("one.tar", &tar([(name.as_str(), needle.as_slice())].into_iter()));
        assert_eq!((places(&report), status), (vec![format!("one.tar!/{name}").as_str()], 1));
    }
}
