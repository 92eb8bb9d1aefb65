//! Compiles and tests the catalog's data; a fault stops the build with its file, line and column.
#![expect(clippy::disallowed_methods, reason = "a build script reads its own crate's data")]
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, error, fs};

use flate2::{Compression, write::DeflateEncoder};
use interdict_policy::{Profiles, Regimes};
use interdict_rules::{Pack, SourceFile};

type Fallible<T> = Result<T, Box<dyn error::Error>>;

fn main() -> Fallible<()> {
    println!("cargo::rerun-if-changed=data");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut files = toml_files(Path::new("data"))?;
    files.extend(toml_files(Path::new("data/rules"))?);
    let sources: Vec<_> = files.iter().map(|(name, text)| SourceFile { name, text }).collect();
    match Pack::compile(&sources) {
        Ok(pack) => store(&out.join("pack.bin"), &postcard::to_stdvec(pack.contents())?)?,
        Err(errors) => refuse(&errors),
    }
    let regimes = toml_files(Path::new("data/regimes"))?;
    match Regimes::compile(&pairs(&regimes)) {
        Ok(regimes) => store(&out.join("regimes.bin"), &postcard::to_stdvec(&regimes)?)?,
        Err(errors) => refuse(&errors),
    }
    let profiles = toml_files(Path::new("data/profiles"))?;
    match Profiles::compile(&pairs(&profiles)) {
        Ok(profiles) => store(&out.join("profiles.bin"), &postcard::to_stdvec(profiles.all())?)?,
        Err(errors) => refuse(&errors),
    }
    Ok(())
}

fn pairs(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

fn refuse<E: std::fmt::Display>(errors: &[E]) {
    for error in errors {
        println!("cargo::error={error}");
    }
}

/// Deflated: small, and the needles do not stand in our own binary.
fn store(path: &Path, bytes: &[u8]) -> Fallible<()> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(fs::write(path, encoder.finish()?)?)
}

/// Every `.toml` of a folder, sorted by name.
fn toml_files(folder: &Path) -> Fallible<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push((path.to_string_lossy().replace('\\', "/"), fs::read_to_string(&path)?));
        }
    }
    files.sort();
    Ok(files)
}
