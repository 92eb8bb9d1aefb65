//! Archives in several files: read as one where all lie side by side, be it in a folder or in another archive; what is not there is said.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests write their inputs"
)]
use std::path::Path;

use interdict_tests::{gzip, needle, report, tar, workspace};
use serde_json::Value;

type Files = Vec<(String, Vec<u8>)>;

fn fixture(path: &str) -> Vec<u8> {
    std::fs::read(workspace().join("fixtures/unpack").join(path)).unwrap()
}

/// The bytes in files of these names, each as long as the others but the last.
fn cut(bytes: &[u8], names: &[&str]) -> Files {
    let length = bytes.len().div_ceil(names.len());
    names.iter().zip(bytes.chunks(length)).map(|(name, piece)| ((*name).to_owned(), piece.to_vec())).collect()
}

/// Cut where this mark stands.
fn cut_at(bytes: &[u8], mark: &[u8], names: &[&str]) -> Files {
    let starts: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(mark)).collect();
    assert_eq!(starts.len(), names.len());
    let ends = starts[1..].iter().copied().chain([bytes.len()]);
    names
        .iter()
        .zip(starts.iter().zip(ends))
        .map(|(name, (from, to))| ((*name).to_owned(), bytes[*from..to].to_vec()))
        .collect()
}

/// The sets: what they are called together, their files, where the library lies, and whether what is behind a lost volume shows.
fn sets() -> Vec<(&'static str, Files, &'static str)> {
    let packed = gzip(&tar([("lib/libengine.so", needle().as_slice())].into_iter()));
    let rar5 = fixture("rar/good-volumes-5/input.rar");
    let rar4 = fixture("rar/good-volumes-4-stored/input.rar");
    let zip: Files = fixture("zip/good-volumes/input.zip")
        .chunks(1500)
        .zip(["x.z01", "x.z02", "x.z03", "x.z04", "x.zip"])
        .map(|(bytes, name)| (name.to_owned(), bytes.to_vec()))
        .collect();
    let shield = fixture("install-shield-cab/good-engine-split/input.cab");
    vec![
        (
            "x.7z.{001..003}",
            cut(&fixture("seven-zip/good-library/input.7z"), &["x.7z.001", "x.7z.002", "x.7z.003"]),
            "/lib/libengine.so",
        ),
        ("x.zip.{001..002}", cut(&one_zip(), &["x.zip.001", "x.zip.002"]), "/lib/libengine.so"),
        ("x.{{z01..z04},zip}", zip, "/lib/libengine.so"),
        (
            "x.part{1..3}.rar",
            cut_at(&rar5, b"Rar!\x1a\x07", &["x.part1.rar", "x.part2.rar", "x.part3.rar"]),
            "/lib/libengine.so",
        ),
        (
            "x.{rar,{r00..r02}}",
            cut_at(&rar4, b"Rar!\x1a\x07", &["x.rar", "x.r00", "x.r01", "x.r02"]),
            "/lib/libengine.so",
        ),
        ("x.tar.gz.{aa..ab}", cut(&packed, &["x.tar.gz.aa", "x.tar.gz.ab"]), "/lib/libengine.so"),
        (
            "data{1.hdr,{1..2}.cab}",
            cut_at(&shield, b"ISc(", &["data1.hdr", "data1.cab", "data2.cab"]),
            "/Program Files/bin/x64/libengine.so",
        ),
    ]
}

/// A zip archive with the library, stored.
fn one_zip() -> Vec<u8> {
    let (name, bytes) = (b"lib/libengine.so", needle());
    let mut crc = flate2::Crc::new();
    crc.update(&bytes);
    let (size, sum) = (u32::try_from(bytes.len()).unwrap().to_le_bytes(), crc.sum().to_le_bytes());
    let length = [16, 0, 0, 0];
    let local =
        [b"PK\x03\x04\x14\0\0\0\0\0\0\0\x21\x5c".as_slice(), &sum, &size, &size, &length, name, &bytes].concat();
    let entry = [b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\x21\x5c".as_slice(), &sum, &size, &size, &length, &[0; 14], name]
        .concat();
    let count = [1, 0, 1, 0];
    let (entry_size, at) =
        (u32::try_from(entry.len()).unwrap().to_le_bytes(), u32::try_from(local.len()).unwrap().to_le_bytes());
    [local, entry, [b"PK\x05\x06\0\0\0\0".as_slice(), &count, &entry_size, &at, &[0, 0]].concat()].concat()
}

fn write(folder: &Path, files: &Files) {
    std::fs::create_dir_all(folder).unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}

fn places(told: &Value, list: &str) -> Vec<String> {
    told[list].as_array().unwrap().iter().map(|one| one["on"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn volumes_side_by_side_are_one_archive() {
    let home = tempfile::tempdir().unwrap();
    for (number, (name, files, inside)) in sets().into_iter().enumerate() {
        let folder = format!("in{number}/deep");
        write(&home.path().join(&folder), &files);
        let members: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let members: Vec<(String, &[u8])> =
            members.iter().map(|(name, bytes)| (format!("sub/{name}"), *bytes)).collect();
        let archive = tar(members.iter().map(|(name, bytes)| (name.as_str(), *bytes)));
        std::fs::write(home.path().join(format!("in{number}.tar")), &archive).unwrap();
        std::fs::write(home.path().join(format!("in{number}.tgz")), gzip(&archive)).unwrap();
        for (target, place) in [
            (folder.clone(), format!("{folder}/{name}")),
            (format!("in{number}.tar"), format!("in{number}.tar!/sub/{name}")),
            (format!("in{number}.tgz"), format!("in{number}.tgz!/in{number}.tar!/sub/{name}")),
        ] {
            let (told, status) = report(home.path(), &[&target]);
            let found = places(&told, "findings");
            assert_eq!(status, 1, "{target}: {:#}", told["gaps"]);
            assert!(
                found.iter().all(|on| on.starts_with(&place) && on.ends_with(inside)) && !found.is_empty(),
                "{place}: {found:?}"
            );
            let missing: Vec<&Value> =
                told["gaps"].as_array().unwrap().iter().filter(|gap| gap["reason"] == "missing").collect();
            assert!(missing.is_empty(), "{place}: {missing:#?}");
        }
        // As targets of their own, too.
        let named: Vec<String> = files.iter().map(|(name, _)| format!("{folder}/{name}")).collect();
        let named: Vec<&str> = named.iter().map(String::as_str).collect();
        let (told, _) = report(home.path(), &named);
        assert!(places_of_inputs(&told).iter().any(|on| on.ends_with(name)), "{name}");
        assert_eq!(told["coverage"]["files"], named.len(), "{name}");
    }
}

fn places_of_inputs(told: &Value) -> Vec<String> {
    told["inputs"].as_array().unwrap().iter().filter_map(|one| Some(one["locator"].as_str()?.to_owned())).collect()
}

#[test]
fn a_volume_that_is_not_there_is_named() {
    let home = tempfile::tempdir().unwrap();
    for (number, (name, files, _)) in sets().into_iter().enumerate() {
        for lost in 0..files.len() {
            // What lacks its end, or a header, may be a whole archive of another kind by its name; what is inside says more.
            let is_open = name.starts_with("x.tar.gz") || (name.starts_with("data") && lost == 0);
            let gone = files[lost].0.clone();
            let mut rest = files.clone();
            rest.remove(lost);
            let case = format!("lost{number}-{lost}");
            write(&home.path().join(&case), &rest);
            let members: Vec<(&str, &[u8])> =
                rest.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
            std::fs::write(home.path().join(format!("{case}.tar")), tar(members.into_iter())).unwrap();
            for target in [case.clone(), format!("{case}.tar")] {
                let (told, status) = report(home.path(), &[&target]);
                assert!(matches!(status, 1 | 3), "{target}: {status}");
                let gaps = told["gaps"].as_array().unwrap();
                let names = |gap: &Value| gap["reason"] == "missing" && gap.to_string().contains(&gone);
                let says = |gap: &Value| {
                    gap["reason"] == "missing" || gap["reason"] == "malformed" || gap["reason"] == "unsupported"
                };
                assert!(
                    gaps.iter().any(|gap| names(gap) || (is_open && says(gap))),
                    "{target} without {gone}: {gaps:#?}"
                );
            }
        }
    }
}

/// Nobody named what lies beside: it is said, and not read.
#[test]
fn a_volume_that_is_a_target_alone_tells_of_the_others() {
    let home = tempfile::tempdir().unwrap();
    for (number, (_, files, _)) in sets().into_iter().enumerate() {
        let case = format!("alone{number}");
        write(&home.path().join(&case), &files);
        for (index, (name, _)) in files.iter().enumerate() {
            let target = format!("{case}/{name}");
            let (told, status) = report(home.path(), &[&target]);
            assert!(matches!(status, 1 | 3), "{target}: {status}");
            let gaps = told["gaps"].as_array().unwrap();
            let others = files.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, (name, _))| name);
            for other in others {
                let names = |gap: &Value| gap["reason"] == "missing" && gap.to_string().contains(&format!("`{other}`"));
                assert!(gaps.iter().any(names), "{target} without {other}: {gaps:#?}");
            }
            assert_eq!(told["inputs"].as_array().unwrap().len(), 1, "{target}");
        }
    }
}
