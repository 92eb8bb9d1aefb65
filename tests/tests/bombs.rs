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
