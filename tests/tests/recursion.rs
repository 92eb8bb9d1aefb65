//! What lies in itself, and small inputs that would give more than anybody can look at: told, and not gone on with.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test makes files, and may fail"
)]
use std::fs;
use std::io::Read as _;

use flate2::Compression;
use flate2::read::GzEncoder;
use interdict_tests::report;
use serde_json::Value;

fn scanned(name: &str, bytes: &[u8], flags: &[&str]) -> (Value, i32) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    report(folder.path(), &[&[name, "--as-of", "2026-01-01"], flags].concat())
}

/// A stored block of DEFLATE without its content: five bytes that say `length`.
fn print(length: usize) -> Vec<u8> {
    let length = u16::try_from(length).unwrap();
    [&[0][..], &length.to_le_bytes(), &(!length).to_le_bytes()].concat()
}

/// Five bytes of DEFLATE that repeat the last `length` bytes, 17 to 20 of them: two matches of half of them each.
fn repeat(length: u32) -> Vec<u8> {
    let (mut bits, mut count) = (0_u64, 0);
    let mut put = |value: u32, width: u32, is_code: bool| {
        let value = if is_code { value.reverse_bits() >> (32 - width) } else { value };
        bits |= u64::from(value) << count;
        count += width;
    };
    put(0b010, 3, false);
    for half in [length / 2, length - length / 2] {
        put(half - 2, 7, true);
        put(8, 5, true);
        put(length - 17, 3, false);
    }
    put(0, 7, true);
    assert_eq!(count, 40);
    bits.to_le_bytes()[..5].to_vec()
}

/// A gzip whose content is itself, but for what its sum is said to be.
fn with_sum(sum: u32, size: u32) -> Vec<u8> {
    let head = b"\x1f\x8b\x08\x08\0\0\0\0\0\xffq.gz\0".to_vec();
    let tail = [&b"\x01\0\0\xff\xff"[..], &sum.to_le_bytes(), &size.to_le_bytes()].concat();
    let (p, s) = (head.len() + 5, tail.len() + 5);
    let (one, four, nothing) = (print(5), print(20), print(0));
    let (begin, again) = (repeat(u32::try_from(p).unwrap()), repeat(20));
    let pair = [again.clone(), four.clone()].concat();
    let end = [repeat(u32::try_from(s).unwrap()), tail].concat();
    let lead = [head, print(p)].concat();
    let last = [again.clone(), nothing.clone(), nothing, print(s)].concat();
    let middle = [begin.clone(), one.clone(), one.clone(), four.clone()].concat();
    [lead.clone(), lead, begin.clone(), one.clone(), begin, one.clone(), one, four.clone(), middle]
        .into_iter()
        .chain([again.clone(), four, pair.clone(), pair, again, print(20), last.clone(), last, end.clone(), end])
        .collect::<Vec<_>>()
        .concat()
}

fn sum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// The sum is affine in the sum that is stated: where both agree is the solution of 32 equations.
fn quine() -> Vec<u8> {
    let size = u32::try_from(with_sum(0, 0).len()).unwrap();
    let told = |stated: u32| sum(&with_sum(stated, size));
    let base = told(0);
    let columns: Vec<u32> = (0..32).map(|bit| told(1 << bit) ^ base ^ 1 << bit).collect();
    let mut rows: Vec<u64> = (0..32)
        .map(|row| {
            let known = u64::from(base >> row & 1) << 32;
            columns.iter().enumerate().fold(known, |all, (column, sum)| all | u64::from(sum >> row & 1) << column)
        })
        .collect();
    for column in 0..32 {
        let pivot = (column..32).find(|row| rows[*row] >> column & 1 == 1).unwrap();
        rows.swap(column, pivot);
        for row in (0..32).filter(|row| *row != column) {
            if rows[row] >> column & 1 == 1 {
                rows[row] ^= rows[column];
            }
        }
    }
    let stated = rows.iter().enumerate().fold(0, |all, (bit, row)| all | u32::try_from(row >> 32).unwrap() << bit);
    with_sum(stated, size)
}

#[test]
fn a_quine_is_opened_once() {
    let quine = quine();
    let mut content = Vec::new();
    flate2::read::GzDecoder::new(quine.as_slice()).read_to_end(&mut content).unwrap();
    assert!(content == quine, "no quine");
    let (report, status) = scanned("q.gz", &quine, &[]);
    assert_eq!(report["coverage"]["artifacts"], 2, "{report:#}");
    let odd: Vec<&Value> = report["anomalies"].as_array().unwrap().iter().collect();
    assert_eq!((odd.len(), &odd[0]["kind"], &odd[0]["on"]), (1, &"lies-in-itself".into(), &"q.gz!/q.gz".into()));
    assert_eq!((report["gaps"].as_array().unwrap().len(), status), (0, 0), "{report:#}");
}

fn packed(content: impl std::io::Read) -> Vec<u8> {
    let mut packed = Vec::new();
    GzEncoder::new(content, Compression::best()).read_to_end(&mut packed).unwrap();
    packed
}

#[test]
fn what_a_small_input_costs_goes_by_its_size() {
    let zeros = packed(std::io::repeat(0).take(128 << 20));
    let twice = packed(zeros.as_slice());
    let (report, status) = scanned("twice.gz", &twice, &["--max-depth", "8"]);
    let gaps = report["gaps"].as_array().unwrap().iter().filter_map(|gap| gap["needs"].as_str());
    assert!(gaps.collect::<Vec<_>>().contains(&"raise --max-ratio"), "{report:#}");
    assert_eq!(status, 3);
    let looked_at = report["coverage"]["bytes"].as_u64().unwrap();
    assert!((80 << 20..81 << 20).contains(&looked_at), "{} bytes gave {looked_at}", twice.len());
}
