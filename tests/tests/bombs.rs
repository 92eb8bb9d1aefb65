//! Containers that would give more than anybody can look at: a limit is met, says which, and nothing is called clear.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test makes files, and may fail")]
use std::fs;

use interdict_tests::report;
use serde_json::Value;

fn scanned(name: &str, bytes: &[u8], flags: &[&str]) -> (Value, i32) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    report(folder.path(), &[&[name, "--as-of", "2026-01-01"], flags].concat())
}

fn limits_met(report: &Value) -> Vec<&str> {
    let gaps = report["gaps"].as_array().unwrap().iter().filter(|gap| gap["reason"] == "over-limit");
    gaps.filter_map(|gap| gap["needs"].as_str()).collect()
}

/// A stored zip whose directory lists the one member it holds `times` over, each time under another name.
fn same_bytes_many_times(times: u32, content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len()).unwrap();
    let field = |out: &mut Vec<u8>, number: u32, width: usize| out.extend(number.to_le_bytes().iter().take(width));
    let name = |index: u32| format!("{index:06}");
    let mut out = b"PK\x03\x04".to_vec();
    let (mut crc, table) = (!0_u32, |mut byte: u32| {
        (0..8).for_each(|_| byte = if byte & 1 == 1 { byte >> 1 ^ 0xedb8_8320 } else { byte >> 1 });
        byte
    });
    for byte in content {
        crc = table((crc ^ u32::from(*byte)) & 255) ^ (crc >> 8);
    }
    let described = |out: &mut Vec<u8>, index: u32| {
        for (number, width) in [(20, 2), (0, 2), (0, 2), (0, 4), (!crc, 4), (size, 4), (size, 4), (6, 2), (0, 2)] {
            field(out, number, width);
        }
        name(index)
    };
    let first = described(&mut out, 0);
    out.extend_from_slice(first.as_bytes());
    out.extend_from_slice(content);
    let directory = u32::try_from(out.len()).unwrap();
    for index in 0..times {
        out.extend_from_slice(b"PK\x01\x02\x14\0");
        let own = described(&mut out, index);
        (0..4).for_each(|_| field(&mut out, 0, 4));
        out.truncate(out.len() - 2);
        out.extend_from_slice(own.as_bytes());
    }
    let end = u32::try_from(out.len()).unwrap();
    out.extend_from_slice(b"PK\x05\x06");
    for (number, width) in
        [(0, 4), (times & 0xffff, 2), (times & 0xffff, 2), (end - directory, 4), (directory, 4), (0, 2)]
    {
        field(&mut out, number, width);
    }
    out
}

#[test]
fn stored_members_that_overlap_are_charged() {
    let bomb = same_bytes_many_times(2000, &vec![b'.'; 64 << 10]);
    let (report, status) = scanned("overlapping.zip", &bomb, &["--max-total-bytes", "20000000"]);
    assert_eq!(limits_met(&report).last(), Some(&"raise --max-total-bytes"), "{report:#}");
    assert_eq!(status, 3);
    let looked_at = report["coverage"]["bytes"].as_u64().unwrap();
    assert!((20_000_000..20_300_000).contains(&looked_at), "{looked_at}");
    let odd = report["anomalies"].as_array().unwrap().iter().filter(|one| one["kind"] == "overlapping-members");
    assert!(odd.count() > 100);

    let (report, status) = scanned("overlapping.zip", &bomb, &["--max-ratio", "4"]);
    assert_eq!((limits_met(&report).last(), status), (Some(&"raise --max-ratio"), 3));
    let (report, status) = scanned("overlapping.zip", &bomb, &["--max-members", "3"]);
    assert_eq!((limits_met(&report), status), (vec!["raise --max-members"], 3));
}

/// gzip of so many zeros, whose blocks are all alike.
fn zeros(length: u64) -> Vec<u8> {
    use std::io::Read as _;
    let mut packed = Vec::new();
    let plain = std::io::repeat(0).take(length);
    flate2::read::GzEncoder::new(plain, flate2::Compression::best()).read_to_end(&mut packed).unwrap();
    packed
}

/// A deep nest, each in the next.
fn nested(depth: u32) -> Vec<u8> {
    (0..depth).fold(b"innermost".to_vec(), |inner, _| {
        let mut packed = Vec::new();
        let mut encoder = flate2::read::GzEncoder::new(inner.as_slice(), flate2::Compression::fast());
        std::io::Read::read_to_end(&mut encoder, &mut packed).unwrap();
        packed
    })
}

#[test]
fn every_limit_says_its_name_its_value_and_what_was_seen() {
    let packed = zeros(20 << 20);
    for (name, bytes, flags, needs, says) in [
        (
            "zeros.gz",
            &packed,
            ["--max-member-bytes", "100000"],
            "raise --max-member-bytes",
            "max-member-bytes is 100000",
        ),
        ("zeros.gz", &packed, ["--max-total-bytes", "100000"], "raise --max-total-bytes", "max-total-bytes is 100000"),
        ("zeros.gz", &packed, ["--max-ratio", "2"], "raise --max-ratio", "max-ratio is 2"),
        (
            "nest.gz",
            &nested(5),
            ["--max-depth", "3"],
            "raise --max-depth",
            "max-depth is 3: it is a container, and lies in 3",
        ),
    ] {
        let (report, status) = scanned(name, bytes, &flags);
        assert_eq!((limits_met(&report).first(), status), (Some(&needs), 3), "{flags:?}");
        let gaps = report["gaps"].as_array().unwrap();
        assert!(gaps.iter().any(|gap| gap["detail"].as_str().unwrap().contains(says)), "{flags:?}: {gaps:#?}");
        assert!(gaps.iter().any(|gap| gap["material"] == true));
    }
    // Within its limits nothing is missed, wherever it is held.
    for buffers in ["0", "1000000", "536870912"] {
        let (report, _) = scanned("zeros.gz", &packed, &["--max-buffer-bytes", buffers, "--max-ratio", "100000"]);
        assert_eq!(limits_met(&report), Vec::<&str>::new(), "{buffers}");
        assert_eq!(report["coverage"]["bytes"].as_u64().unwrap(), (20 << 20) + packed.len() as u64);
    }
}

/// What one run took at most, in mebibytes.
#[cfg(target_os = "linux")]
fn peak(name: &str, bytes: &[u8]) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    interdict_tests::peak(folder.path(), &["scan", name, "--threads", "2", "--max-ratio", "100000"]) >> 20
}

#[cfg(target_os = "linux")]
#[test]
fn memory_stays_bounded() {
    let large = zeros(40 << 20);
    let mut twice = Vec::new();
    let mut encoder = flate2::read::GzEncoder::new(large.as_slice(), flate2::Compression::best());
    std::io::Read::read_to_end(&mut encoder, &mut twice).unwrap();
    let peak = peak("twice.gz.gz", &twice);
    assert!(peak < 130, "took {peak} MiB");
}
