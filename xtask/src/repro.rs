//! `repro`: two release builds in two folders, and whether they are the same to the byte.
use std::path::Path;

use crate::run;

pub(crate) fn run(words: &[String]) -> Result<(), String> {
    if !words.is_empty() {
        return Err("usage: cargo xtask repro".to_owned());
    }
    println!("{}", compared()?);
    Ok(())
}

/// Builds twice, from two copies of the sources, and compares the binaries.
pub(crate) fn compared() -> Result<String, String> {
    let home = run::root().join("target/repro");
    let mut binaries = Vec::new();
    for name in ["one", "another-one"] {
        let folder = home.join(name);
        let _ = std::fs::remove_dir_all(&folder);
        copied(&run::root(), &folder)?;
        let manifest = folder.join("Cargo.toml").display().to_string();
        let target = folder.join("target").display().to_string();
        let remap = format!(
            "--remap-path-prefix={}=/interdict --remap-path-prefix={}=/cargo",
            folder.display(),
            cargo_home().display()
        );
        let line = [
            "cargo",
            "build",
            "--release",
            "--locked",
            "-p",
            "interdict-cli",
            "--manifest-path",
            &manifest,
            "--target-dir",
            &target,
        ];
        run::shown(&line, &[("RUSTFLAGS", &remap), ("CARGO_INCREMENTAL", "0")])?;
        let binary = folder.join("target/release").join(format!("interdict{}", std::env::consts::EXE_SUFFIX));
        binaries.push(std::fs::read(&binary).map_err(|error| format!("`{}`: {error}", binary.display()))?);
        let _ = std::fs::remove_dir_all(folder.join("target"));
    }
    let _ = std::fs::remove_dir_all(&home);
    match binaries.as_slice() {
        [one, other] if one == other => Ok(format!("two builds in two folders, {} bytes, the same", one.len())),
        [one, other] => {
            let differing = one.iter().zip(other).filter(|(a, b)| a != b).count();
            Err(format!("two builds of {} and {} bytes differ in {differing}", one.len(), other.len()))
        }
        _ => Err("no two builds".to_owned()),
    }
}

fn cargo_home() -> std::path::PathBuf {
    let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"));
    std::env::var_os("CARGO_HOME").map(Into::into).or_else(home).unwrap_or_default()
}

/// Copies what is under version control.
fn copied(from: &Path, to: &Path) -> Result<(), String> {
    let listed = run::kept(&["git", "ls-files", "-z"], &[])?;
    if !listed.status.success() {
        return Err("the sources are under no version control".to_owned());
    }
    for name in String::from_utf8_lossy(&listed.stdout).split('\0').filter(|name| !name.is_empty()) {
        let (source, place) = (from.join(name), to.join(name));
        let folder = place.parent().unwrap_or(to);
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::copy(&source, &place).map(|_| ()))
            .map_err(|error| format!("`{name}`: {error}"))?;
    }
    Ok(())
}
