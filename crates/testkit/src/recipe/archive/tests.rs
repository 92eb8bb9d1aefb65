//! Archives, read back by the crates that read them elsewhere.
use std::io::{Cursor, Read as _};

use crate::build;

const ZIP: &str = r#"
kind = "zip"
prefix = ["MZ stub"]
comment = "made for a test"
EXTRA
members = [
  { path = "a.txt", parts = [{ repeat = { text = "hello ", times = 100 } }] },
  { path = "lib/b.so", method = "stored", parts = [{ recipe = { kind = "elf", needed = ["libc.so.6"] } }] },
  { path = "ü/c.gz", descriptor = true, parts = [{ recipe = { kind = "gzip", file-name = "c", parts = ["inner"] } }] },
  { path = "hidden", parts = ["not listed"], listed = false },
]
"#;

#[test]
fn the_zip_crate_reads_them() {
    for extra in ["", "zip64 = true"] {
        let bytes = build(&ZIP.replace("EXTRA", extra)).unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut read = |name: &str| {
            let mut out = Vec::new();
            archive.by_name(name).unwrap().read_to_end(&mut out).unwrap();
            out
        };
        assert_eq!(read("a.txt"), "hello ".repeat(100).into_bytes());
        assert!(goblin::elf::Elf::parse(&read("lib/b.so")).unwrap().libraries == ["libc.so.6"]);
        let mut inner = String::new();
        flate2::read::GzDecoder::new(read("ü/c.gz").as_slice()).read_to_string(&mut inner).unwrap();
        assert_eq!(inner, "inner");
        assert_eq!((archive.len(), archive.comment()), (3, b"made for a test".as_slice()));
    }
}

#[test]
fn the_tar_crate_reads_them() {
    for long_names in ["pax", "gnu"] {
        let long = format!("{}/deep.txt", "folder/".repeat(20));
        let recipe = format!(
            "kind = \"tar\"\nlong-names = \"{long_names}\"\nmembers = [{{ path = \"a\", parts = [\"x\"] }}, {{ path = \"{long}\", \
             parts = [\"y\"] }}, {{ path = \"l\", type = \"2\", link = \"a\" }}, {{ path = \"d/\", type = \"5\" }}]"
        );
        let bytes = build(&recipe).unwrap();
        let mut archive = tar::Archive::new(bytes.as_slice());
        let mut told = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            let link = entry.link_name().unwrap().map(|link| link.display().to_string());
            told.push((entry.path().unwrap().display().to_string(), link.unwrap_or(text)));
        }
        let pair = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        assert_eq!(told, [pair("a", "x"), pair(&long, "y"), pair("l", "a"), pair("d/", "")]);
    }
}

#[test]
fn lies_stand_as_written() {
    let recipe = "kind = \"zip\"\nmembers = [{ path = \"a\", local-path = \"b\", parts = [\"x\"], method = \"stored\", \
                  stated-size = 4294967295, encrypted = true }, { path = \"c\", same-as = 0 }, { path = \"d\", method = 99 }]";
    let bytes = build(recipe).unwrap();
    assert_eq!(&bytes[..8], b"PK\x03\x04\x14\0\x01\0");
    assert_eq!(&bytes[22..26], [0xff; 4]);
    assert_eq!(bytes[30], b'b');
    assert_eq!(bytes.windows(4).filter(|window| *window == b"PK\x01\x02").count(), 3);
    let recipe = "kind = \"tar\"\nend = false\nmembers = [{ path = \"a\", stated-size = 99999999999 }]";
    let bytes = build(recipe).unwrap();
    assert_eq!((bytes.len(), bytes[124]), (512, 0x80));
    assert!(build("kind = \"zip\"\nmembers = [{ path = \"a\", same-as = 0 }]").unwrap_err().contains("same-as"));
}
