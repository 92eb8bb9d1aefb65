//! Compiles and tests the catalog's data; a fault stops the build with its file, line and column.
#![expect(clippy::disallowed_methods, reason = "a build script reads its own crate's data")]
use std::path::{Path, PathBuf};
use std::{env, error, fs};

use interdict_model::{Digest, PackId};
use interdict_policy::{Profiles, Regimes, compile_pack};
use interdict_rules::{Pack, SourceFile, lint};

#[path = "src/veil.rs"]
mod veil;

type Fallible<T> = Result<T, Box<dyn error::Error>>;

fn main() -> Fallible<()> {
    println!("cargo::rerun-if-changed=data");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut files = toml_files(Path::new("data"))?;
    files.extend(toml_files(Path::new("data/rules"))?);
    let sources: Vec<_> = files.iter().map(|(name, text)| SourceFile { name, text }).collect();
    let Some(pack) = kept(Pack::compile(&sources)) else { return Ok(()) };
    let regimes = toml_files(Path::new("data/regimes"))?;
    let profiles = toml_files(Path::new("data/profiles"))?;
    let Some(law) = kept(Regimes::compile(&pairs(&regimes))) else { return Ok(()) };
    let Some(known) = kept(Profiles::compile(&pairs(&profiles))) else { return Ok(()) };
    let law = law.pinned(PackId {
        id: "interdict/law".to_owned(),
        version: pack.ids().first().map(|id| id.version.clone()).unwrap_or_default(),
        digest: Digest::of(format!("{regimes:?}").as_bytes()),
    });
    fs::write(out.join("pack.bin"), stored(pack.contents())?)?;
    fs::write(out.join("regimes.bin"), stored(&law)?)?;
    fs::write(out.join("profiles.bin"), stored(&known)?)?;
    let mut further = Vec::new();
    for (name, text) in &toml_files(Path::new("data/packs"))? {
        let Some(own) = kept(Pack::compile_onto(&[SourceFile { name, text }], &pack)) else { return Ok(()) };
        let Some((law, profiles)) = kept(compile_pack(name, text, &known)) else { return Ok(()) };
        let law = own.ids().into_iter().next().map_or(law.clone(), |id| law.pinned(id));
        let faults = lint(&own, &pack);
        if !faults.is_empty() {
            refuse(&faults);
        }
        let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        further.push((stem, own.contents().clone(), law, profiles, text.clone()));
    }
    fs::write(out.join("further.bin"), stored(&further)?)?;
    Ok(())
}

/// The bytes that the binary carries; read back once, so that it can never carry what it cannot read.
fn stored<T: serde::Serialize + serde::de::DeserializeOwned>(what: &T) -> Fallible<Vec<u8>> {
    let bytes = postcard::to_stdvec(what)?;
    let read: T = postcard::from_bytes(&bytes)?;
    if postcard::to_stdvec(&read)? != bytes {
        return Err("what was stored does not read back as it was".into());
    }
    Ok(veil::veiled(&bytes))
}

/// What was compiled; where it could not be, the build is refused.
fn kept<T, E: std::fmt::Display>(compiled: Result<T, Vec<E>>) -> Option<T> {
    compiled.map_err(|errors| refuse(&errors)).ok()
}

fn pairs(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

fn refuse<E: std::fmt::Display>(errors: &[E]) {
    for error in errors {
        println!("cargo::error={error}");
    }
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
