//! What is measured on: documents from a seed, and programs of this machine, as they lie and packed.
use std::fs;
use std::path::Path;

use super::yardstick::files;
use crate::large;
use crate::run::kept;

#[derive(Clone, Copy)]
pub(super) enum Input {
    /// A shape of `cargo xtask large`, and about how many bytes.
    Document(&'static str, u64),
    /// So many CycloneDX documents of 20 to 200 KB.
    Documents(u64),
    /// Programs and libraries, copied until there are this many bytes of them.
    Programs,
    Packed(Packing),
}

#[derive(Clone, Copy)]
pub(super) enum Packing {
    Gzip,
    Xz,
    Zstd,
    Zip,
}

impl Packing {
    const fn ending(self) -> &'static str {
        match self {
            Self::Gzip => "tar.gz",
            Self::Xz => "tar.xz",
            Self::Zstd => "tar.zst",
            Self::Zip => "zip",
        }
    }

    fn packer(self, folder: &str, out: &str) -> Vec<String> {
        let words: &[&str] = match self {
            Self::Gzip => &["tar", "-czf", out, folder],
            Self::Xz => &["tar", "-I", "xz -2", "-cf", out, folder],
            Self::Zstd => &["tar", "-I", "zstd -3", "-cf", out, folder],
            Self::Zip => &["zip", "-qr", out, folder],
        };
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    /// What writes the content to its output; the archive comes behind.
    pub(super) const fn unpacker(self) -> &'static [&'static str] {
        match self {
            Self::Gzip => &["gzip", "-dc"],
            Self::Xz => &["xz", "-dc", "-T1"],
            Self::Zstd => &["zstd", "-dc"],
            Self::Zip => &["unzip", "-p"],
        }
    }
}

/// An input that is there, and the bytes it has as it lies on the disk.
pub(super) struct Made {
    pub(super) path: String,
    pub(super) bytes: u64,
}

const PROGRAMS: u64 = 500_000_000;
const PACKED: u64 = 200_000_000;

/// Makes the input, or finds it made.
pub(super) fn make(input: Input, folder: &Path, programs: &str) -> Result<Made, String> {
    let name = match input {
        Input::Document(shape, bytes) => format!("{shape}-{bytes}"),
        Input::Documents(count) => format!("documents-{count}"),
        Input::Programs => "programs".to_owned(),
        Input::Packed(packing) => format!("programs.{}", packing.ending()),
    };
    let path = folder.join(name);
    if !path.exists() {
        // zip puts an ending of its own behind a name that has none.
        let half = folder.join("half.zip");
        let made = match input {
            Input::Document(shape, bytes) => large::document(shape, bytes, &half).map(|_| ()),
            Input::Documents(count) => documents(count, &half),
            Input::Programs => copied(programs, PROGRAMS, &half),
            Input::Packed(packing) => packed(packing, folder, programs, &half),
        };
        made.and_then(|()| fs::rename(&half, &path).map_err(|why| format!("`{}`: {why}", path.display())))?;
    }
    let bytes = files(&path).iter().filter_map(|file| fs::metadata(file).ok()).map(|file| file.len()).sum();
    Ok(Made { path: path.display().to_string(), bytes })
}

fn documents(count: u64, folder: &Path) -> Result<(), String> {
    let told = |why: std::io::Error| format!("`{}`: {why}", folder.display());
    fs::create_dir_all(folder).map_err(told)?;
    for index in 0..count {
        let bytes = 20_000 + index * 7919 % 180_000;
        large::document("cyclonedx-json", bytes, &folder.join(format!("{index}.cdx.json")))?;
    }
    Ok(())
}

/// The first regular files of some size below a folder, in the order of their names.
fn copied(from: &str, most: u64, to: &Path) -> Result<(), String> {
    let told = |why: std::io::Error| format!("`{}`: {why}", to.display());
    fs::create_dir_all(to).map_err(told)?;
    let (mut bytes, mut count) = (0, 0_u32);
    for file in files(Path::new(from)) {
        let head = fs::read(&file).unwrap_or_default();
        if bytes < most && (head.starts_with(b"\x7fELF") || head.starts_with(b"MZ")) {
            bytes += head.len() as u64;
            count += 1;
            fs::write(to.join(format!("{count}")), head).map_err(told)?;
        }
    }
    if count == 0 { Err(format!("no programs below `{from}`; name a folder with --programs")) } else { Ok(()) }
}

fn packed(packing: Packing, folder: &Path, programs: &str, out: &Path) -> Result<(), String> {
    let few = folder.join("few-programs");
    if !few.exists() {
        copied(programs, PACKED, &few)?;
    }
    let words = packing.packer(&few.display().to_string(), &out.display().to_string());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let told = kept(&words, &[])?;
    if told.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&told.stderr).into_owned()) }
}
