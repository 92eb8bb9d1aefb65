//! Very many files (goal S1) and very long ones (goal S2), by the release build.
use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use interdict_tests::{goal, needle, peak_of, released, report_of};
use serde_json::Value;

const SCAN: [&str; 6] = ["scan", "-q", "--as-of", "2026-01-01", "-o", "json=out.json"];

fn run(folder: &Path, targets: &[&str]) -> (f64, u64, Option<i32>) {
    let mut command = Command::new(released());
    command.args(SCAN).args(targets).current_dir(folder).env_clear().stdin(Stdio::null());
    let begun = Instant::now();
    let (peak, status) = peak_of(command);
    (begun.elapsed().as_secs_f64(), peak >> 20, status)
}

#[test]
fn a_million_files_are_looked_at() {
    const COUNT: usize = 1_000_000;
    let folder = tempfile::tempdir().unwrap();
    let flat = folder.path().join("flat");
    fs::create_dir(&flat).unwrap();
    for number in 0..COUNT {
        File::create(flat.join(number.to_string())).unwrap();
    }
    fs::write(flat.join("libscan.so"), needle()).unwrap();
    let one = run(folder.path(), &["flat"]);
    let seen = |report: Value| {
        (
            report["coverage"]["artifacts"].as_u64().unwrap_or_default(),
            report["findings"].as_array().map_or(0, Vec::len),
        )
    };
    let (flat_seen, flat_found) = seen(report_of(&folder.path().join("out.json")));
    // The same files, by thousands.
    for number in 0..1000 {
        let below = folder.path().join(format!("tree/{number}"));
        fs::create_dir_all(&below).unwrap();
        for file in 0..1000 {
            fs::rename(flat.join((number * 1000 + file).to_string()), below.join(file.to_string())).unwrap();
        }
    }
    fs::rename(flat.join("libscan.so"), folder.path().join("tree/500/libscan.so")).unwrap();
    let two = run(folder.path(), &["tree"]);
    let (tree_seen, tree_found) = seen(report_of(&folder.path().join("out.json")));
    let figure = format!(
        "one folder: {flat_seen} looked at in {:.0} s and {} MiB; a thousand folders: {tree_seen} in {:.0} s and {} MiB",
        one.0, one.1, two.0, two.1
    );
    let is_met =
        [one, two].iter().all(|(seconds, peak, status)| *seconds <= 120.0 && *peak <= 1024 && *status == Some(1));
    let is_seen = flat_seen > COUNT as u64 && tree_seen > COUNT as u64 && flat_found > 0 && tree_found > 0;
    goal("S1", &figure, is_met && is_seen);
}

/// Zeros, and bytes at these places among them.
fn sparse(path: &Path, length: u64, pieces: &[(u64, &[u8])]) {
    let mut file = File::create(path).unwrap();
    file.set_len(length).unwrap();
    for (at, bytes) in pieces {
        file.seek(SeekFrom::Start(*at)).unwrap();
        file.write_all(bytes).unwrap();
    }
}

/// The CRC-32 of zeros and something behind them.
fn crc(zeros: u64, behind: &[u8]) -> u32 {
    let mut last = flate2::Crc::new();
    last.update(behind);
    let (mut all, mut power) = (flate2::Crc::new(), flate2::Crc::new());
    power.update(&[0]);
    for bit in 0..u64::BITS {
        if zeros >> bit & 1 == 1 {
            all.combine(&power);
        }
        let mut twice = flate2::Crc::new();
        twice.combine(&power);
        twice.combine(&power);
        power = twice;
    }
    all.combine(&last);
    all.sum()
}

/// One member, stored, its sizes in the extra field of zip64.
fn zip64(path: &Path, zeros: u64, canary: &[u8]) {
    let (size, crc) = (zeros + canary.len() as u64, crc(zeros, canary));
    let extra = |with_offset: bool| {
        let mut extra = [1_u16.to_le_bytes(), if with_offset { [24, 0] } else { [16, 0] }].concat();
        extra.extend(size.to_le_bytes());
        extra.extend(size.to_le_bytes());
        extra.extend(if with_offset { 0_u64.to_le_bytes().to_vec() } else { Vec::new() });
        extra
    };
    let fields = |extra: &[u8]| {
        let mut out = [45, 0, 0, 0, 0, 0, 0, 0, 0x41, 0x59].to_vec();
        out.extend(crc.to_le_bytes());
        out.extend([0xff; 8]);
        out.extend([5, 0, u8::try_from(extra.len()).unwrap(), 0]);
        out
    };
    let local = [b"PK\x03\x04".as_slice(), &fields(&extra(false)), b"a.bin", &extra(false)].concat();
    let begin = local.len() as u64;
    let entry =
        [b"PK\x01\x02\x2d\0".as_slice(), &fields(&extra(true)), &[0; 10], &[0xff; 4], b"a.bin", &extra(true)].concat();
    let directory = begin + size;
    let mut end = b"PK\x06\x06".to_vec();
    end.extend(44_u64.to_le_bytes());
    end.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    end.extend([1_u64, 1, entry.len() as u64, directory].into_iter().flat_map(u64::to_le_bytes));
    end.extend(b"PK\x06\x07\0\0\0\0");
    end.extend((directory + entry.len() as u64).to_le_bytes());
    end.extend([1, 0, 0, 0]);
    end.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0");
    let length = directory + (entry.len() + end.len()) as u64;
    let behind = [entry, end].concat();
    sparse(path, length, &[(0, &local), (begin + zeros, canary), (directory, &behind)]);
}

fn tar(path: &Path, zeros: u64, canary: &[u8]) {
    let size = zeros + canary.len() as u64;
    let mut head = interdict_tests::tar([("a.bin", &[][..])].into_iter());
    head.truncate(512);
    head[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    head[148..156].fill(b' ');
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    sparse(path, 512 + size.next_multiple_of(512) + 1024, &[(0, &head), (512 + zeros, canary)]);
}

fn seven_zip(path: &Path, zeros: u64, canary: &[u8]) {
    let size = zeros + canary.len() as u64;
    let number = |number: u64| [&[0xff][..], &number.to_le_bytes()].concat();
    let mut head = [1, 4, 6, 0, 1, 9].to_vec();
    head.extend(number(size));
    head.extend([0, 7, 0x0b, 1, 0, 1, 1, 0, 0x0c]);
    head.extend(number(size));
    head.extend([0x0a, 1]);
    head.extend(crc(zeros, canary).to_le_bytes());
    head.extend([0, 8, 0, 0, 5, 1, 0x11, 13, 0]);
    head.extend("a.bin\0".encode_utf16().flat_map(u16::to_le_bytes));
    head.extend([0, 0]);
    let sum = |bytes: &[u8]| crc(0, bytes).to_le_bytes();
    let mut start = size.to_le_bytes().to_vec();
    start.extend((head.len() as u64).to_le_bytes());
    start.extend(sum(&head));
    let begin = [b"7z\xbc\xaf\x27\x1c\0\x04".as_slice(), &sum(&start), &start].concat();
    let length = 32 + size + head.len() as u64;
    sparse(path, length, &[(0, &begin), (32 + zeros, canary), (32 + size, &head)]);
}

#[test]
fn what_lies_behind_four_gibibytes_is_found() {
    const FOUR: u64 = 1 << 32;
    let (canary, folder) = (needle(), tempfile::tempdir().unwrap());
    let length = canary.len() as u64;
    let at = |name: &str| folder.path().join(name);
    sparse(&at("at-the-end.bin"), FOUR + 1, &[(FOUR + 1 - length, &canary)]);
    sparse(&at("across-two-gib.bin"), FOUR + 1, &[((1 << 31) - 100, &canary)]);
    sparse(&at("behind-four-gib.bin"), FOUR + 5 + length, &[(FOUR + 5, &canary)]);
    zip64(&at("a.zip"), FOUR + 5, &canary);
    tar(&at("a.tar"), FOUR + 5, &canary);
    seven_zip(&at("a.7z"), FOUR + 5, &canary);
    let (mut figures, mut is_met) = (Vec::new(), true);
    // What is decoded is bounded by 4 GiB a member, which is told; what is stored is not.
    let (_, _, bounded) = run(folder.path(), &["a.7z"]);
    for name in ["at-the-end.bin", "across-two-gib.bin", "behind-four-gib.bin", "a.zip", "a.tar", "a.7z"] {
        let flags = if name == "a.7z" { &["--max-member-bytes", "8589934592"][..] } else { &[] };
        let (seconds, peak, status) = run(folder.path(), &[&[name], flags].concat());
        let report = report_of(&at("out.json"));
        let findings = report["findings"].as_array().map_or(&[][..], Vec::as_slice);
        let found = status == Some(1) && findings.iter().any(|finding| finding["relation"] == "links");
        for gap in report["gaps"].as_array().into_iter().flatten() {
            println!("  {name}: {} {}", gap["reason"], gap["detail"]);
        }
        is_met &= found && peak <= 700;
        let word = if found { "found" } else { "not found" };
        figures.push(format!("{name} {word} (status {}, {seconds:.0} s, {peak} MiB)", status.unwrap_or(-1)));
    }
    let told = bounded == Some(3);
    goal("S2", &format!("{}; a.7z within the usual bound told of: {told}", figures.join(", ")), is_met && told);
}
