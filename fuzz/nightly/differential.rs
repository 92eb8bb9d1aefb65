//! Our readers beside those of others (goal Z4): what theirs list, ours list or mark by a gap. Over fixtures, the corpus, and damaged copies.
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use interdict_catalog::pack;
use interdict_model::{Digest, Observer, Unpacker};
use interdict_testkit::{inputs, lines, members, mutate};
use interdict_tests::{Effort, corpus, goal, workspace};
use object::Object as _;

/// What others list, each as it stands in our dump.
type Others = fn(&[u8]) -> BTreeSet<String>;

/// A format, the rooms' fixtures that are tried, our reader, others'.
struct Pair {
    name: &'static str,
    home: &'static str,
    ours: fn(&[u8]) -> String,
    others: Others,
    magics: &'static [&'static [u8]],
}

const PAIRS: &[Pair] = &[
    Pair { name: "zip", home: "unpack/zip", ours: |bytes| opened("zip", bytes), others: zip, magics: &[b"PK\x03\x04"] },
    Pair { name: "tar", home: "unpack/tar", ours: |bytes| opened("tar", bytes), others: tar, magics: &[] },
    Pair { name: "json", home: "sbom/cyclonedx-json", ours: json_components, others: json, magics: &[b"{"] },
    Pair { name: "pe", home: "inspect/pe", ours: |bytes| observed("pe", bytes), others: pe, magics: &[b"MZ"] },
    Pair { name: "elf", home: "inspect/elf", ours: |bytes| observed("elf", bytes), others: elf, magics: &[b"\x7fELF"] },
];

fn unpacker(id: &str) -> &'static Unpacker {
    interdict_unpack::UNPACKERS.iter().find(|unpacker| unpacker.id == id).unwrap()
}

fn observer(id: &str) -> &'static Observer {
    let mut all = interdict_sbom::OBSERVERS.iter().chain(interdict_inspect::OBSERVERS);
    all.find(|observer| observer.id == id).unwrap()
}

fn opened(id: &str, bytes: &[u8]) -> String {
    members(unpacker(id), "input", bytes)
}

fn observed(id: &str, bytes: &[u8]) -> String {
    lines(observer(id), "input", bytes, pack().needles()).to_lowercase()
}

/// Whether our reader says that it did not see everything, or that others may see something else.
fn is_told(ours: &str) -> bool {
    ours.lines().any(|line| {
        ["gap ", "malformed ", "repair ", "anomaly ", "cap", "refused"].iter().any(|word| line.starts_with(word))
    })
}

fn content(bytes: &[u8]) -> String {
    format!("sha256 {}", Digest::of(bytes).hex().get(..16).unwrap_or_default())
}

const MOST: u64 = 1 << 20;

fn zip(bytes: &[u8]) -> BTreeSet<String> {
    let Ok(mut archive) = ::zip::ZipArchive::new(Cursor::new(bytes)) else { return BTreeSet::new() };
    let count = archive.len().min(1000);
    let read = |index| {
        let file = archive.by_index(index).ok()?;
        let is_folder = file.is_dir();
        let mut held = Vec::new();
        let count = file.take(MOST).read_to_end(&mut held).ok()?;
        (!is_folder && (count as u64) < MOST).then(|| content(&held))
    };
    (0..count).filter_map(read).collect()
}

fn tar(bytes: &[u8]) -> BTreeSet<String> {
    // With sparse files as POSIX has them, that reader gives the pieces, and ours the file.
    if bytes.windows(10).any(|window| window == b"GNU.sparse") {
        return BTreeSet::new();
    }
    let mut archive = ::tar::Archive::new(bytes);
    let Ok(entries) = archive.entries() else { return BTreeSet::new() };
    let read = |entry: std::io::Result<::tar::Entry<'_, _>>| {
        let entry = entry.ok()?;
        let (is_file, stated) = (entry.header().entry_type().is_file(), entry.size());
        let mut held = Vec::new();
        let count = entry.take(MOST).read_to_end(&mut held).ok()?;
        (is_file && count as u64 == stated).then(|| content(&held))
    };
    entries.take(1000).map_while(|entry| entry.is_ok().then(|| read(entry))).flatten().collect()
}

/// The components that `serde_json` sees, numbered, so that as many must be told.
fn json(bytes: &[u8]) -> BTreeSet<String> {
    fn below(value: &serde_json::Value) -> usize {
        let list = value.get("components").and_then(serde_json::Value::as_array);
        list.into_iter().flatten().filter(|one| one.is_object()).map(|one| 1 + below(one)).sum()
    }
    let value: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    (0..below(&value)).map(|number| format!("component {number};")).collect()
}

fn json_components(bytes: &[u8]) -> String {
    let told = lines(observer("cyclonedx-json"), "input", bytes, pack().needles());
    let count = told.lines().filter(|line| line.starts_with("component ")).count();
    (0..count).fold(told, |told, number| format!("{told}component {number};\n"))
}

/// Names that are written the same everywhere.
fn plain(name: &str) -> Option<String> {
    let is_plain = name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    is_plain.then(|| format!("\"{}\"", name.to_ascii_lowercase()))
}

fn word(name: &[u8]) -> Option<String> {
    plain(std::str::from_utf8(name).ok()?)
}

fn pe(bytes: &[u8]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    if let Ok(Ok(file)) = catch_unwind(|| goblin::pe::PE::parse(bytes)) {
        let names = file.libraries.iter().copied().chain(file.exports.iter().filter_map(|export| export.name));
        all.extend(names.filter_map(plain));
        all.extend(
            file.imports
                .iter()
                .filter(|import| !import.name.starts_with("ORDINAL"))
                .filter_map(|import| plain(&import.name)),
        );
    }
    all.extend(by_object(bytes));
    all
}

fn elf(bytes: &[u8]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    if let Ok(Ok(file)) = catch_unwind(|| goblin::elf::Elf::parse(bytes)) {
        all.extend(file.libraries.iter().copied().filter_map(plain));
        let named = file.dynsyms.iter().filter(|symbol| symbol.st_bind() != 0 && matches!(symbol.st_type(), 0..=2));
        all.extend(named.filter_map(|symbol| plain(file.dynstrtab.get_at(symbol.st_name)?)));
    }
    all.extend(by_object(bytes));
    all
}

fn named(name: object::NameOrOrdinal<&[u8]>) -> Option<String> {
    match name {
        object::NameOrOrdinal::Name(name) => word(name),
        object::NameOrOrdinal::Ordinal(_) => None,
    }
}

fn by_object(bytes: &[u8]) -> BTreeSet<String> {
    let read = AssertUnwindSafe(|| {
        let file = object::File::parse(bytes).ok()?;
        let mut names = BTreeSet::new();
        for import in file.imports().ok()?.take(10_000).map_while(Result::ok) {
            names.extend([named(import.name()), word(import.library())].into_iter().flatten());
        }
        for export in file.exports().ok()?.take(10_000).map_while(Result::ok) {
            names.extend(named(export.name()));
        }
        Some(names)
    });
    catch_unwind(read).ok().flatten().unwrap_or_default()
}

fn files(folder: &Path, out: &mut Vec<Vec<u8>>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, out);
        } else if entry.metadata().is_ok_and(|held| held.len() < 4 << 20) {
            out.extend(std::fs::read(path).ok());
        }
    }
}

#[test]
fn what_others_list_is_listed_or_told_of() {
    let (effort, mut real) = (Effort::begun(), Vec::new());
    if let Some(corpus) = corpus() {
        files(&corpus, &mut real);
    }
    std::panic::set_hook(Box::new(|_| {}));
    let mut table = BTreeMap::new();
    let mut missed = Vec::new();
    let mut seeds = Vec::new();
    for pair in PAIRS {
        let mut own = inputs(&workspace().join("fixtures").join(pair.home));
        let is_one = |bytes: &&Vec<u8>| {
            pair.magics.iter().any(|magic| bytes.starts_with(magic))
                || (pair.name == "tar" && bytes.get(257..262) == Some(b"ustar"))
        };
        own.extend(real.iter().filter(is_one).cloned());
        seeds.push(own);
    }
    let mut tried = |pair: &Pair, bytes: &[u8], missed: &mut Vec<String>| {
        let theirs = (pair.others)(bytes);
        let ours = (pair.ours)(bytes);
        let (runs, listed) = table.entry(pair.name).or_insert((0, 0));
        *runs += 1;
        *listed += theirs.len();
        let lost: Vec<&String> = theirs.iter().filter(|one| !ours.contains(one.as_str())).collect();
        if !lost.is_empty() && !is_told(&ours) {
            let name = format!("{}-{}", pair.name, &Digest::of(bytes).hex()[..12]);
            if missed.len() < 20
                && let Some(folder) = std::env::var_os("INTERDICT_GOAL_KEEP")
            {
                std::fs::write(Path::new(&folder).join(&name), bytes).unwrap();
            }
            missed.push(format!("{name}, {} bytes: {:?}", bytes.len(), &lost[..lost.len().min(3)]));
        }
    };
    for (pair, seeds) in PAIRS.iter().zip(&seeds) {
        for seed in seeds {
            tried(pair, seed, &mut missed);
        }
    }
    let mut round = 0;
    while effort.is_left() {
        for (pair, seeds) in PAIRS.iter().zip(&seeds) {
            for (number, seed) in seeds.iter().enumerate().filter(|(_, seed)| seed.len() <= 1 << 15) {
                mutate(round << 20 | number as u64, seed, 5, &mut |bytes| tried(pair, bytes, &mut missed));
                if !effort.is_left() {
                    break;
                }
            }
        }
        round += 1;
    }
    let _ = std::panic::take_hook();
    for what in missed.iter().take(20) {
        println!("  neither listed nor told of: {what}");
    }
    let told: Vec<String> =
        table.iter().map(|(name, (runs, listed))| format!("{name} {runs} inputs with {listed} listed")).collect();
    goal("Z4", &format!("{}: {} missed", told.join(", "), missed.len()), missed.is_empty());
}
