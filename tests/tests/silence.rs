//! Readers that take something for theirs and find nothing of it are not believed; archives of nothing are.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test makes bytes by hand, and may fail")]
use interdict_tests::{needle, put, report, tar};

/// Gaps on this file that could matter, of the whole target aside.
fn gaps(name: &str, bytes: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), name, bytes);
    let (report, _) = report(folder.path(), &["."]);
    let gaps = report["gaps"].as_array().unwrap().iter();
    let gaps = gaps.filter(|gap| gap["material"] == true && gap["seems"] != "target");
    gaps.map(|gap| format!("{} {}", gap["by"].as_str().unwrap(), gap["reason"].as_str().unwrap())).collect()
}

/// A cabinet that tells of no folder and no file, with this behind its header.
fn cabinet(behind: &[u8]) -> Vec<u8> {
    let mut bytes = b"MSCF\0\0\0\0".to_vec();
    for word in [36 + behind.len(), 0, 36, 0] {
        bytes.extend(u32::try_from(word).unwrap().to_le_bytes());
    }
    bytes.extend([3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend(behind);
    bytes
}

/// A folder of an old archive, and its end.
fn folders() -> Vec<u8> {
    let mut bytes = tar([("a/", &b""[..])].into_iter());
    bytes[156] = b'5';
    bytes[148..156].fill(b' ');
    let sum: u32 = bytes[..512].iter().map(|byte| u32::from(*byte)).sum();
    bytes[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    bytes
}

#[test]
fn who_finds_nothing_says_so() {
    assert_eq!(gaps("a.cab", &cabinet(&needle())), ["cab malformed"]);
    assert_eq!(gaps("a.dat", &cabinet(b"")), ["cab malformed"]);
}

#[test]
fn archives_of_nothing_hide_nothing() {
    for (name, bytes) in [
        ("folders.tar", folders()),
        ("nothing.zip", [b"PK\x05\x06".as_slice(), &[0; 18]].concat()),
        ("nothing.a", b"!<arch>\n".to_vec()),
        ("zeros.tar", vec![0; 10_240]),
    ] {
        assert!(gaps(name, &bytes).is_empty(), "{name}: {:?}", gaps(name, &bytes));
    }
}

/// What its name says it is and its bytes do not, nobody read.
#[test]
fn names_of_what_it_is_not() {
    let noise: Vec<u8> = (0..2000_u32).flat_map(|number| [0, (number * 7 % 31) as u8]).collect();
    for name in ["a.tar", "a.EXE", "b.7z", "c.vmdk"] {
        assert_eq!(gaps(name, &noise), ["scan malformed"], "{name}");
    }
    for name in ["a.dat", "a.bin", "tar"] {
        assert!(gaps(name, &noise).is_empty(), "{name}");
    }
    let mut program = b"MZ".to_vec();
    program.resize(4096, 1);
    program[24] = 64;
    assert_eq!(gaps("a.dat", &program), ["scan malformed"]);
    program[24] = 28;
    program[25] = 0;
    assert!(gaps("a.dat", &program).is_empty(), "a program for DOS has no other header");
}
