//! Metadata of Alpine's and Arch's packages: `.PKGINFO` in a package, and the lists of what is installed.
mod installed;

use interdict_model::{Declared, FactKind, Head, Malformed, Observer, Part, Scope, Sink, Source, Technique};

use crate::fields::{Value, lines, pair};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "apk-pkginfo",
    revision: 1,
    title: "Metadata of Alpine and Arch packages, and the lists of those that are installed",
    limitations: &["Libraries and commands that a package provides or needs by name are no facts."],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

/// Which of the kinds these bytes are.
enum Kind {
    Pkginfo,
    Alpine,
    Pacman,
}

/// Bytes looked at to tell these files from other text.
const LOOK: usize = 4096;

fn kind(bytes: &[u8]) -> Option<Kind> {
    let look = bytes.get(..LOOK.min(bytes.len())).unwrap_or_default();
    let mut begun =
        lines(look).map(|(_, line)| line).filter(|line| !line.starts_with(b"#") && !line.trim_ascii().is_empty());
    let first = begun.next()?;
    // A script that builds a package sets a variable, without spaces around the sign.
    if first.starts_with(b"pkgname =") {
        return Some(Kind::Pkginfo);
    }
    if matches!(first, b"%NAME%" | b"%FILES%")
        || (first == b"%FILENAME%" && memchr::memmem::find(look, b"\n%NAME%\n").is_some())
    {
        return Some(Kind::Pacman);
    }
    let is_field = |line: &[u8]| matches!(line, [b'A'..=b'Z' | b'a'..=b'z', b':', ..]);
    let is_alpine = first.starts_with(b"C:Q") || first.starts_with(b"P:");
    (is_alpine && is_field(first) && begun.take(4).all(is_field) && memchr::memmem::find(look, b"\nV:").is_some())
        .then_some(Kind::Alpine)
}

fn accepts(head: &Head<'_>) -> bool {
    kind(head.bytes).is_some()
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    match kind(source.bytes).ok_or(Malformed::NotThis)? {
        Kind::Pkginfo => pkginfo(source.bytes, sink),
        Kind::Alpine => installed::alpine(source.bytes, sink),
        Kind::Pacman => installed::pacman(source.bytes, sink),
    }
    sink.seen();
    Ok(())
}

fn pkginfo(bytes: &[u8], sink: &mut Sink<'_>) {
    let (mut name, mut odd, mut needed) = (String::new(), 0_u64, 0_u64);
    for (at, line) in lines(bytes).filter(|(_, line)| !line.starts_with(b"#") && !line.trim_ascii().is_empty()) {
        let Some((key, value)) = pair(bytes, at, line, b'=') else {
            odd += 1;
            continue;
        };
        match &*key {
            "pkgname" => {
                name = value.text.to_string();
                value.tell(Part::WHOLE, FactKind::PackageName, sink);
            }
            "pkgver" => value.tell(Part::WHOLE, FactKind::Version, sink),
            "url" => value.tell(Part::WHOLE, FactKind::Url, sink),
            "maintainer" => value.tell_people(Part::WHOLE, FactKind::Supplier, sink),
            "packager" => value.tell_people(Part::WHOLE, FactKind::Publisher, sink),
            "pkgbase" | "origin" if *value.text != name => value.tell(Part::WHOLE, FactKind::PackageName, sink),
            "backup" => sink.fact(FactKind::OwnedPath, &format!("/{}", value.text), value.at()),
            "provides" => tell_package(Part::WHOLE, &value, sink),
            "depend" | "optdepend" | "makedepend" => {
                let scope = match &*key {
                    "depend" => Scope::Required,
                    "optdepend" => Scope::Optional,
                    _ => Scope::Build,
                };
                needs(&name, &format!("/depends/{needed}"), scope, &value, sink);
                needed += 1;
            }
            _ => {}
        }
    }
    if odd > 0 {
        sink.repair("", format!("{odd} lines are no fields"), "they were passed over");
    }
}

/// The package that a relation names: `name>=1.0`, `name: why`; nothing for libraries, commands and conflicts.
fn package(relation: &str) -> Option<&str> {
    let name = relation.split_whitespace().next()?;
    let end = name.find(['<', '>', '=', '~', '@']).unwrap_or(name.len());
    let name = name.get(..end)?.trim_end_matches(':');
    let is_package = !name.is_empty() && !name.starts_with(['!', '/']) && !name.contains(':') && !name.contains(".so");
    is_package.then_some(name)
}

fn tell_package(on: Part, value: &Value<'_>, sink: &mut Sink<'_>) {
    if let Some(name) = package(&value.text) {
        sink.fact_on(on, FactKind::PackageName, name, value.at());
    }
}

/// What a package needs is named by it, a component of its own.
fn needs(name: &str, pointer: &str, scope: Scope, value: &Value<'_>, sink: &mut Sink<'_>) {
    if let Some(needed) = package(&value.text).filter(|_| sink.wants(FactKind::PackageName)) {
        let part =
            sink.component(&Declared { pointer, reference: pointer, name: needed, scope, ..Declared::default() });
        sink.depends(name, pointer);
        sink.fact_on(part, FactKind::PackageName, needed, value.at());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_that_build_packages_are_no_metadata() {
        assert!(matches!(kind(b"# by abuild\npkgname = engine\npkgver = 1-r0\n"), Some(Kind::Pkginfo)));
        assert!(kind(b"# Maintainer: x\npkgname=engine\npkgver=1\nbuild() {\n\tmake\n}\n").is_none());
    }
}
