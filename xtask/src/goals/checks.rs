//! Goals that are no test: what is looked at from outside.
use crate::run;
use crate::tree::Tree;

/// What `cargo deny` says, the lock file, and where code is unsafe.
pub(super) fn dependencies() -> Result<String, String> {
    const HOME: &str = "crates/scan/src/ebb.rs";
    let tree = Tree::read(&run::root())?;
    let is_unsafe = |text: &str| {
        let mut lines = text.lines().map(str::trim_start).filter(|line| !line.starts_with("//"));
        lines.any(|line| line.contains("unsafe {") || line.contains("unsafe fn") || line.contains("unsafe impl"))
    };
    let places: Vec<&str> = tree
        .sources()
        .filter(|(path, text)| path.starts_with("crates/") && *path != HOME && is_unsafe(text))
        .map(|(path, _)| path)
        .collect();
    if !places.is_empty() {
        return Err(format!("unsafe code outside `{HOME}`: {}", places.join(", ")));
    }
    let locked = run::kept(&["cargo", "metadata", "--locked", "--format-version", "1", "--no-deps"], &[])?;
    if !locked.status.success() {
        return Err("the lock file is not what the manifests ask for".to_owned());
    }
    let denied = run::kept(&["cargo", "deny", "--version"], &[])?;
    if !denied.status.success() {
        return Ok("unsafe code in one module, lock file as asked; cargo-deny is not installed here".to_owned());
    }
    let denied = run::kept(&["cargo", "deny", "--offline", "check", "licenses", "bans", "sources"], &[])?;
    let said = String::from_utf8_lossy(&denied.stderr).into_owned();
    let last = said.lines().last().unwrap_or_default();
    if denied.status.success() {
        Ok(format!("unsafe code in one module; cargo deny: {last}"))
    } else {
        Err(last.to_owned())
    }
}

/// Our own binary, documentation and bill of materials give mentions only.
pub(super) fn ourselves() -> Result<String, String> {
    run::shown(&["cargo", "build", "--quiet", "--locked", "-p", "interdict-cli"], &[])?;
    let own = crate::bill::written("target/interdict.cdx.json")?;
    let scan = [
        "target/debug/interdict",
        "scan",
        "-q",
        "-o",
        "json",
        "target/debug/interdict",
        "docs",
        "README.md",
        "SECURITY.md",
        &own,
    ];
    let output = run::kept(&scan, &[])?;
    let report: serde_json::Value =
        serde_json::from_slice(&output.stdout).map_err(|error| format!("no report: {error}"))?;
    let list = |name: &str| report.get(name).and_then(serde_json::Value::as_array).map_or(&[][..], Vec::as_slice);
    let relation = |finding: &&serde_json::Value| {
        !matches!(finding.get("relation").and_then(serde_json::Value::as_str), Some("mentions" | "connects"))
    };
    let flagged: Vec<String> = list("findings")
        .iter()
        .filter(relation)
        .filter_map(|finding| Some(format!("{} {}", finding.get("relation")?, finding.get("on")?)))
        .collect();
    let figure = format!(
        "binary, documentation and bill of materials: {} findings, {} flagged",
        list("findings").len(),
        flagged.len()
    );
    if flagged.is_empty() { Ok(figure) } else { Err(format!("{figure}: {}", flagged.join(", "))) }
}

/// Two builds in two folders give one digest.
pub(super) fn reproducible() -> Result<String, String> {
    crate::repro::compared()
}

/// Every way in which we may be reached stands in `SECURITY.md`.
pub(super) fn scope() -> Result<String, String> {
    const WORDS: [&str; 8] = [
        "evasion",
        "false clear",
        "crash",
        "hang",
        "resource exhaustion",
        "injection",
        "private vulnerability reporting",
        "becomes a fixture",
    ];
    let tree = Tree::read(&run::root())?;
    let text = tree.text("SECURITY.md").unwrap_or_default();
    let missing: Vec<&str> = WORDS.into_iter().filter(|word| !text.contains(word)).collect();
    if missing.is_empty() {
        Ok("SECURITY.md names all of it".to_owned())
    } else {
        Err(format!("SECURITY.md lacks {}", missing.join(", ")))
    }
}

/// Assertions and overflow checks are on where things are tried; Miri, where the toolchain has it.
pub(super) fn checked() -> Result<String, String> {
    let tree = Tree::read(&run::root())?;
    let manifest = tree.text("Cargo.toml").unwrap_or_default();
    let is_off = |name: &str| manifest.contains(&format!("{name} = false"));
    if is_off("debug-assertions") || is_off("overflow-checks") || !manifest.contains("overflow-checks = true") {
        return Err("a profile turns them off".to_owned());
    }
    if !["-Cdebug-assertions", "-Coverflow-checks"].iter().all(|flag| crate::fuzz::FLAGS.contains(flag)) {
        return Err("the fuzzer is built without them".to_owned());
    }
    let miri = run::kept(&["cargo", "miri", "--version"], &[])?;
    let word = if miri.status.success() { "Miri is here and was not run" } else { "this toolchain has no Miri" };
    Ok(format!("on in tests and under the fuzzer, overflow in releases too; {word}"))
}

/// Each target for as long as a night has.
pub(super) fn fuzzed() -> Result<String, String> {
    let minutes = std::env::var("INTERDICT_FUZZ_MINUTES").unwrap_or_else(|_| "10".to_owned());
    crate::fuzz::run(&["--minutes".to_owned(), minutes.clone()])?;
    Ok(format!("every target for {minutes} minutes, no fault"))
}
