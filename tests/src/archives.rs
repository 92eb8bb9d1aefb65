//! Small archives, as tests need them.
use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};

/// A library that calls the vendor's engine.
pub fn canary() -> Vec<u8> {
    let recipe = "kind = \"elf\"\nneeded = [\"libkave8.so\"]\ndynamic = { undefined = [\"kaveScanFile\"] }";
    interdict_testkit::build(recipe).expect("the recipe is right")
}

/// Packed by gzip.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

/// A tar archive of these members; a name of more than 100 bytes goes before it, as GNU's does.
pub fn tar<'n>(members: impl Iterator<Item = (&'n str, &'n [u8])>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut put = |name: &str, kind: u8, body: &[u8]| {
        let mut head = [0_u8; 512];
        let mut set = |at: usize, bytes: &[u8]| {
            head.iter_mut().skip(at).zip(bytes).for_each(|(to, from)| *to = *from);
        };
        set(0, name.as_bytes().get(..100).unwrap_or(name.as_bytes()));
        set(100, b"0000644");
        set(124, format!("{:011o}", body.len()).as_bytes());
        set(156, &[kind]);
        set(257, b"ustar  \0");
        set(148, b"        ");
        let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
        head.iter_mut().skip(148).zip(format!("{sum:06o}\0").bytes()).for_each(|(to, from)| *to = from);
        out.extend_from_slice(&head);
        out.extend_from_slice(body);
        out.resize(out.len().next_multiple_of(512), 0);
    };
    for (name, body) in members {
        if name.len() > 100 {
            put("././@LongLink", b'L', name.as_bytes());
        }
        put(name, b'0', body);
    }
    out.resize(out.len() + 1024, 0);
    out
}
