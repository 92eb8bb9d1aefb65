//! Executables of every kind that carry the vendor's code or names, renamed, stripped, wrapped and nested.
use std::fmt::Write as _;

use interdict_testkit::build;

use super::Canary;
use crate::boxes::{Wrapper, base64};

/// A file that carries a trace, by what kind of file it is.
const TRACES: &[(&str, &str, &str)] = &[
    (
        "elf",
        "libscan.so",
        "kind = \"elf\"\nneeded = [\"libkave8.so\", \"libc.so.6\"]\ndynamic = { undefined = [\"kaveInitializeEx\", \"kaveScanFile\"] }",
    ),
    (
        "elf-32-big",
        "libscan32.so",
        "kind = \"elf\"\nbits = 32\nendian = \"big\"\nneeded = [\"libkave8.so\"]\ndynamic = { undefined = [\"kaveInitializeEx\", \"kaveScanFile\"] }",
    ),
    (
        "elf-object",
        "scan.o",
        "kind = \"elf\"\ntype = \"rel\"\nstatic-symbols = { undefined = [\"kaveInitializeEx\", \"kaveScanFile\"] }",
    ),
    (
        "pe",
        "engine.dll",
        "kind = \"pe\"\ndll = true\n[[version]]\nlanguage = 0x409\nnumber = \"8.5.1.0\"\nstrings = [{ table = \"040904b0\", values = { CompanyName = \"AO Kaspersky Lab\", FileDescription = \"Anti-Virus engine\", OriginalFilename = \"kave8.dll\" } }]",
    ),
    (
        "pe-32",
        "engine32.dll",
        "kind = \"pe\"\nbits = 32\nmachine = 0x14c\ndll = true\n[[version]]\nlanguage = 0x419\nnumber = \"8.5.1.0\"\nstrings = [{ table = \"041904b0\", values = { CompanyName = \"АО «Лаборатория Касперского»\" } }]",
    ),
    (
        "pe-imports",
        "mailscan.exe",
        "kind = \"pe\"\nimports = [{ dll = \"kave8.dll\", functions = [\"kaveInitializeEx\", \"kaveScanFile\"] }]",
    ),
    (
        "pe-signed",
        "signed.exe",
        "kind = \"pe\"\ncertificates = [[{ recipe = { kind = \"pkcs7\", certificates = [{ recipe = { kind = \"certificate\", subject = { O = \"AO Kaspersky Lab\", CN = \"AO Kaspersky Lab\", C = \"RU\" }, issuer = { CN = \"Example CA\" }, usages = [\"code-signing\"] } }] } }]]",
    ),
    (
        "macho",
        "libscan.dylib",
        "kind = \"macho\"\ntype = \"dylib\"\nlibraries = [\"@rpath/libkave8.dylib\"]\nundefined = [\"_kaveInitializeEx\", \"_kaveScanFile\"]",
    ),
    (
        "fat",
        "libscan-fat.dylib",
        "kind = \"fat\"\nslices = [{ cpu = 0x0100000c, parts = [{ recipe = { kind = \"macho\", cpu = 0x0100000c, undefined = [\"_kaveInitializeEx\", \"_kaveScanFile\"] } }] }]",
    ),
    ("dex", "classes.dex", "kind = \"dex\"\ndefines = [\"com/kavsdk/KavSdk\", \"com/kavsdk/antivirus/Scanner\"]"),
    ("class", "KavSdk.class", "kind = \"class\"\ndefines = \"com/kavsdk/KavSdk\"\ncalls = [\"java/lang/Object.x()V\"]"),
];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn cooked(recipe: &str) -> Vec<u8> {
    build(recipe).expect("the recipe is right")
}

/// Boxes that recipes make.
pub const WRAPPERS: &[(&str, &str, Wrapper)] = &[
    ("zip", "a.zip", |name, inside| {
        cooked(&format!(
            "kind = \"zip\"\nmembers = [{{ path = \"lib/{name}\", parts = [{{ hex = \"{}\" }}] }}]",
            hex(inside)
        ))
    }),
    ("zip-stored", "b.jar", |name, inside| {
        cooked(&format!(
            "kind = \"zip\"\nmembers = [{{ path = \"lib/{name}\", method = \"stored\", parts = [{{ hex = \"{}\" }}] }}]",
            hex(inside)
        ))
    }),
    ("zip-no-directory", "c.zip", |name, inside| {
        cooked(&format!(
            "kind = \"zip\"\ndirectory = false\nmembers = [{{ path = \"lib/{name}\", parts = [{{ hex = \"{}\" }}] }}]",
            hex(inside)
        ))
    }),
    ("zip-unlisted", "d.zip", |name, inside| {
        cooked(&format!(
            "kind = \"zip\"\nmembers = [{{ path = \"readme\", parts = [\"text\"] }}, {{ path = \"lib/{name}\", listed = false, parts = [{{ hex = \"{}\" }}] }}]",
            hex(inside)
        ))
    }),
    ("zip-behind-a-stub", "setup.bin", |name, inside| {
        cooked(&format!(
            "kind = \"zip\"\nprefix = [\"#!/bin/sh\\nexit\\n\"]\nmembers = [{{ path = \"lib/{name}\", parts = [{{ hex = \"{}\" }}] }}]",
            hex(inside)
        ))
    }),
    ("tar", "a.tar", |name, inside| {
        cooked(&format!(
            "kind = \"tar\"\nmembers = [{{ path = \"lib/{name}\", parts = [{{ hex = \"{}\" }}] }}]",
            hex(inside)
        ))
    }),
    ("gzip", "a.gz", |_, inside| cooked(&format!("kind = \"gzip\"\nparts = [{{ hex = \"{}\" }}]", hex(inside)))),
    ("ar", "a.a", ar),
    ("cpio", "a.cpio", cpio),
    ("pe-overlay", "setup.exe", |_, inside| {
        cooked(&format!("kind = \"pe\"\noverlay = [{{ hex = \"{}\" }}]", hex(inside)))
    }),
    ("pe-resource", "loader.exe", |_, inside| {
        cooked(&format!(
            "kind = \"pe\"\nresources = [{{ type = \"BIN\", id = 1, language = 0x409, parts = [{{ hex = \"{}\" }}] }}]",
            hex(inside)
        ))
    }),
    ("elf-overlay", "installer.run", |_, inside| {
        cooked(&format!("kind = \"elf\"\ntype = \"exec\"\noverlay = [{{ hex = \"{}\" }}]", hex(inside)))
    }),
    ("mail", "a.eml", mail),
    ("behind-a-picture", "photo.jpg", |_, inside| {
        let head = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";
        [head.as_slice(), &[0x11; 256], b"\xff\xd9", inside].concat()
    }),
];

fn ar(name: &str, inside: &[u8]) -> Vec<u8> {
    let short: String = name.chars().take(14).collect();
    let mut out =
        format!("!<arch>\n{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", format!("{short}/"), 0, 0, 0, "100644", inside.len())
            .into_bytes();
    out.extend_from_slice(inside);
    if inside.len() % 2 == 1 {
        out.push(b'\n');
    }
    out
}

pub(crate) fn cpio(name: &str, inside: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, bytes, mode) in [(name, inside, 0o100_644), ("TRAILER!!!", &[][..], 0)] {
        let fields = [1, mode, 0, 0, 1, 0, bytes.len(), 0, 0, 0, 0, name.len() + 1, 0];
        out.extend_from_slice(b"070701");
        out.extend(fields.map(|field| format!("{field:08X}")).concat().bytes());
        out.extend(name.bytes().chain([0]));
        out.resize(out.len().next_multiple_of(4), 0);
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

fn mail(name: &str, inside: &[u8]) -> Vec<u8> {
    let text = base64(inside, "\r\n");
    format!("From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: application/octet-stream; name=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{text}\r\n--b--\r\n").into_bytes()
}

/// Files of other makers that hold a text, bare and in every container.
pub(super) fn strangers(text: &str) -> Vec<(String, Vec<u8>)> {
    let quoted = serde_json::Value::from(text).to_string();
    let program = cooked(&format!(
        "kind = \"pe\"\nsections = [{{ name = \".rdata\", parts = [{quoted}, {{ zeros = 1 }}] }}]\n[[version]]\nlanguage = 0x409\nnumber = \"1.0.0.0\"\nstrings = [{{ table = \"040904b0\", values = {{ CompanyName = \"Contoso\", FileDescription = \"x\" }} }}]"
    ));
    let library = cooked(&format!(
        "kind = \"elf\"\nneeded = [\"libc.so.6\"]\nsections = [{{ name = \".rodata\", parts = [{quoted}, {{ zeros = 1 }}] }}]"
    ));
    let mut all = vec![
        ("tool.exe".to_owned(), program),
        ("libtool.so".to_owned(), library.clone()),
        ("notes.txt".to_owned(), text.as_bytes().to_vec()),
        ("rules.lua".to_owned(), format!("#!/usr/bin/lua\nlocal known = [[{text}]]\nreturn known\n").into_bytes()),
    ];
    let wrapped = WRAPPERS.iter().filter(|(kind, ..)| !matches!(*kind, "zip-no-directory" | "zip-unlisted"));
    all.extend(wrapped.map(|(kind, file, wrap)| (format!("{kind}/{file}"), wrap("libtool.so", &library))));
    all
}

/// Executables of every kind, renamed, grown, wrapped and nested.
pub fn canaries() -> Vec<Canary> {
    let mut all = Vec::new();
    let mut add = |technique: String, name: String, bytes: Vec<u8>| all.push(Canary { technique, name, bytes });
    for (kind, file, recipe) in TRACES {
        let bytes = cooked(recipe);
        for name in [*file, "readme.txt", "a.dat", "x", "LOGO.PNG"] {
            add(format!("file: {kind}"), format!("file/{kind}/{name}"), bytes.clone());
        }
        add(format!("file: {kind}"), format!("file/{kind}/grown"), [&bytes, &[0xa5; 4096][..]].concat());
        for (wrapper, outer, wrap) in WRAPPERS {
            add(format!("inside: {wrapper}"), format!("inside/{wrapper}/{kind}/{outer}"), wrap(file, &bytes));
        }
    }
    for (_, file, recipe) in TRACES.iter().take(1) {
        let bytes = cooked(recipe);
        for (outer_kind, outer_file, outer) in WRAPPERS {
            // What stands in a letter's text is found where the letter is read as one.
            for (inner_kind, inner_file, inner) in WRAPPERS.iter().filter(|(kind, ..)| *kind != "mail") {
                let name = format!("pair/{outer_kind}/{inner_kind}/{outer_file}");
                add(format!("pair: {outer_kind}"), name, outer(inner_file, &inner(file, &bytes)));
            }
        }
    }
    all
}
