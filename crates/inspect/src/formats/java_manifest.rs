//! What the packers of JAR files write about them: `MANIFEST.MF`, and Maven's `pom.properties`.
use std::borrow::Cow;

use interdict_model::{FactKind, Head, Malformed, Observer, Part, Sink, Source, Technique};

use crate::fields::{Value, lines, pair};
use crate::read::{Budget, span, text};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "java-manifest",
    revision: 1,
    title: "Manifests of JAR files and OSGi bundles, Maven's pom.properties",
    limitations: &["Digests of members are not compared with the members."],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

/// Bytes looked at to tell these files from other text.
const LOOK: usize = 4096;
/// What an attribute says of the archive as a whole.
const ATTRIBUTES: &[(&str, FactKind)] = &[
    ("Implementation-Title", FactKind::ProductName),
    ("Implementation-Vendor", FactKind::Supplier),
    ("Implementation-Vendor-Id", FactKind::PackageName),
    ("Implementation-Version", FactKind::Version),
    ("Implementation-URL", FactKind::Url),
    ("Specification-Title", FactKind::Name),
    ("Specification-Vendor", FactKind::Manufacturer),
    ("Bundle-Name", FactKind::Name),
    ("Bundle-SymbolicName", FactKind::PackageName),
    ("Bundle-Vendor", FactKind::Supplier),
    ("Bundle-Version", FactKind::Version),
    ("Bundle-Copyright", FactKind::Copyright),
    ("Bundle-DocURL", FactKind::Url),
    ("Automatic-Module-Name", FactKind::PackageName),
    ("Application-Name", FactKind::ProductName),
    ("Extension-Name", FactKind::PackageName),
    ("Built-By", FactKind::Author),
    ("Created-By", FactKind::Toolchain),
    ("Build-Jdk", FactKind::Toolchain),
    ("Fragment-Host", FactKind::PackageName),
];
/// Attributes that name a class which is run.
const CLASSES: &[&str] =
    &["Main-Class", "Start-Class", "Premain-Class", "Agent-Class", "Launcher-Agent-Class", "Bundle-Activator"];

fn accepts(head: &Head<'_>) -> bool {
    is_manifest(head.bytes) || is_properties(head.bytes)
}

fn is_manifest(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let begins = |key: &[u8]| bytes.get(..key.len()).is_some_and(|start| start.eq_ignore_ascii_case(key));
    begins(b"Manifest-Version:") || begins(b"Signature-Version:")
}

/// Three keys, whatever comments stand before them.
fn is_properties(bytes: &[u8]) -> bool {
    let look = bytes.get(..LOOK.min(bytes.len())).unwrap_or_default();
    let keys = [&b"groupId"[..], b"artifactId", b"version"];
    let has = |key: &[u8]| {
        lines(look)
            .any(|(_, line)| line.strip_prefix(key).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"=")))
    };
    look.first().is_some_and(u8::is_ascii) && keys.iter().all(|key| has(key))
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    if is_manifest(source.bytes) {
        manifest(source.bytes, sink);
    } else if is_properties(source.bytes) {
        properties(source.bytes, sink);
    } else {
        return Err(Malformed::at("offset 0x0", "neither a manifest nor pom.properties"));
    }
    sink.seen();
    Ok(())
}

fn manifest(bytes: &[u8], sink: &mut Sink<'_>) {
    let mut budget = Budget::for_file(bytes.len());
    let mut odd = 0_usize;
    let mut all = lines(bytes).peekable();
    while let Some((at, line)) = all.next() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let Some((key, value)) = pair(bytes, at, line, b':') else {
            odd += 1;
            continue;
        };
        let (mut value, mut end) = (value, at + line.len());
        // A line that begins with a space goes on with the one before.
        while let Some((next, line)) = all.next_if(|(_, line)| line.starts_with(b" ")) {
            let rest = line.get(1..).unwrap_or_default();
            if budget.spend(rest.len()) {
                value.text = Cow::Owned(value.text.into_owned() + &text(rest));
            }
            end = next + line.len();
        }
        value.length = end.saturating_sub(value.start);
        attribute(&key, &value, sink);
    }
    if odd > 0 {
        sink.repair("", format!("{odd} lines are no attributes"), "they were passed over");
    }
}

fn attribute(key: &str, value: &Value<'_>, sink: &mut Sink<'_>) {
    if let Some((_, kind)) = ATTRIBUTES.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)) {
        // `name; directive:=value`
        let first = if key.starts_with("Bundle-SymbolicName") || key.starts_with("Fragment-Host") {
            value.text.split(';').next().unwrap_or_default()
        } else {
            &value.text
        };
        sink.fact(*kind, first.trim(), value.at());
    } else if CLASSES.iter().any(|name| name.eq_ignore_ascii_case(key)) {
        sink.fact(FactKind::ReferencedClass, &value.text.trim().replace('.', "/"), value.at());
    } else if key.eq_ignore_ascii_case("Class-Path") {
        for path in value.text.split_whitespace() {
            sink.fact(FactKind::NeededLibrary, path.rsplit('/').next().unwrap_or(path), value.at());
        }
    } else if key.eq_ignore_ascii_case("Export-Package") || key.eq_ignore_ascii_case("Private-Package") {
        packages(&value.text, &mut |package| sink.fact(FactKind::ManifestName, package, value.at()));
    } else if key.eq_ignore_ascii_case("Import-Package") || key.eq_ignore_ascii_case("DynamicImport-Package") {
        packages(&value.text, &mut |package| {
            sink.fact(FactKind::ReferencedClass, &package.replace('.', "/"), value.at());
        });
    } else if key.eq_ignore_ascii_case("Require-Bundle") {
        packages(&value.text, &mut |bundle| sink.fact(FactKind::NeededLibrary, bundle, value.at()));
    }
}

/// `a.b;version="[1,2)";uses:="c,d",e.f`: the names, without what is said of them.
fn packages(list: &str, each: &mut dyn FnMut(&str)) {
    let mut is_quoted = false;
    for clause in list.split(|c: char| {
        is_quoted ^= c == '"';
        c == ',' && !is_quoted
    }) {
        for name in clause.split(';').map(str::trim).take_while(|part| !part.contains('=')) {
            if !name.is_empty() && name != "*" {
                each(name);
            }
        }
    }
}

fn properties(bytes: &[u8], sink: &mut Sink<'_>) {
    let pairs = lines(bytes).filter(|(_, line)| !line.starts_with(b"#"));
    let pairs: Vec<_> = pairs.filter_map(|(at, line)| pair(bytes, at, line, b'=')).collect();
    let of = |key: &str| pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value);
    let (Some(group), Some(artifact), Some(version)) = (of("groupId"), of("artifactId"), of("version")) else { return };
    artifact.tell(Part::WHOLE, FactKind::Name, sink);
    group.tell(Part::WHOLE, FactKind::PackageName, sink);
    version.tell(Part::WHOLE, FactKind::Version, sink);
    let purl = format!("pkg:maven/{}/{}@{}", group.text, artifact.text, version.text.replace('+', "%2B"));
    sink.fact(FactKind::Purl, &purl, span(artifact.start, artifact.length));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_what_is_said_of_them() {
        let mut told = Vec::new();
        packages("a.b;c.d;version=\"[1,2)\";uses:=\"x,y\", e.f , *,", &mut |name| told.push(name.to_owned()));
        assert_eq!(told, ["a.b", "c.d", "e.f"]);
    }
}
