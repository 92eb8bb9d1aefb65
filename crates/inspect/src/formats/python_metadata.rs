//! Metadata of Python's packages: `METADATA` in wheels and installed packages, `PKG-INFO` in source packages and eggs.
use interdict_model::{Declared, FactKind, Head, Malformed, Observer, Part, Scope, Sink, Source, Technique};

use crate::fields::{Value, lines, pair};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "python-metadata",
    revision: 1,
    title: "Metadata of Python packages (METADATA, PKG-INFO), and the lists of files they put in place (RECORD)",
    limitations: &["The description is text to the content observer."],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

const FIRST: &[u8] = b"Metadata-Version:";
/// Packages that one may ask for.
const MOST_NEEDED: usize = 65_536;

fn accepts(head: &Head<'_>) -> bool {
    is_record(head) || is_metadata(head)
}

fn is_metadata(head: &Head<'_>) -> bool {
    head.text().get(..FIRST.len()).is_some_and(|start| start.eq_ignore_ascii_case(FIRST))
}

/// Lines of `path,digest,size`.
fn is_record(head: &Head<'_>) -> bool {
    head.name == "RECORD" && lines(head.bytes).next().is_some_and(|(_, line)| path_of_line(line).is_some())
}

/// How long the path at the start of a line is, with its quotes where it has any.
fn path_of_line(line: &[u8]) -> Option<usize> {
    let line = line.trim_ascii_end();
    let size = line.iter().rposition(|byte| *byte == b',')?;
    let digest = line.get(..size)?.iter().rposition(|byte| *byte == b',')?;
    let is_size = line.get(size + 1..)?.iter().all(u8::is_ascii_digit);
    let stated = line.get(digest + 1..size)?;
    (digest > 0 && is_size && (stated.is_empty() || stated.contains(&b'='))).then_some(digest)
}

fn record(bytes: &[u8], sink: &mut Sink<'_>) {
    let mut odd = 0_u64;
    for (at, line) in lines(bytes).filter(|(_, line)| !line.trim_ascii().is_empty()) {
        let Some(length) = path_of_line(line) else {
            odd += 1;
            continue;
        };
        let path = Value::new(bytes, at, at + length);
        sink.fact(FactKind::OwnedPath, &format!("/{}", path.text.trim_matches('"').trim_start_matches('/')), path.at());
    }
    if odd > 0 {
        sink.repair("", format!("{odd} lines are no path, digest and size"), "they were passed over");
    }
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let bytes = source.bytes;
    if is_record(&source.head()) {
        sink.seen();
        record(bytes, sink);
        return Ok(());
    }
    if !is_metadata(&source.head()) {
        return Err(Malformed::at("offset 0x0", "no `Metadata-Version`"));
    }
    sink.seen();
    let (mut name, mut version, mut needed) = (None::<Value<'_>>, None::<Value<'_>>, 0_usize);
    // The description follows an empty line.
    let header = lines(bytes).skip_while(|(_, line)| line.trim_ascii().is_empty());
    for (at, line) in header.take_while(|(_, line)| !line.is_empty()).filter(|(_, line)| !line.starts_with(b" ")) {
        let Some((key, value)) = pair(bytes, at, line, b':') else { continue };
        match key.to_ascii_lowercase().as_str() {
            "name" => {
                value.tell(Part::WHOLE, FactKind::Name, sink);
                name = Some(value);
            }
            "version" => {
                value.tell(Part::WHOLE, FactKind::Version, sink);
                version = Some(value);
            }
            "author" | "maintainer" => value.tell(Part::WHOLE, FactKind::Author, sink),
            "author-email" | "maintainer-email" => value.tell_people(Part::WHOLE, FactKind::Author, sink),
            "home-page" | "download-url" => value.tell(Part::WHOLE, FactKind::Url, sink),
            "project-url" => {
                let url = value.text.split_once(',').map_or(&*value.text, |(_, url)| url).trim();
                sink.fact(FactKind::Url, url, value.at());
            }
            "requires-dist" | "requires" if needed < MOST_NEEDED => {
                needs(needed, &value, sink);
                needed += 1;
            }
            _ => {}
        }
    }
    let Some(name) = name else { return Err(Malformed::at("offset 0x0", "the metadata names no package")) };
    let version = version.map(|version| format!("@{}", version.text.replace('+', "%2B"))).unwrap_or_default();
    sink.fact(FactKind::Purl, &format!("pkg:pypi/{}{version}", name.text), name.at());
    Ok(())
}

/// `name[extra] (>=1); condition`: what is only for an extra is optional.
fn needs(number: usize, value: &Value<'_>, sink: &mut Sink<'_>) {
    let (what, condition) = value.text.split_once(';').unwrap_or((&value.text, ""));
    let end = what.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(what.len());
    let name = what.get(..end).unwrap_or_default();
    if name.is_empty() {
        return;
    }
    let (pointer, purl) = (format!("/requires/{number}"), format!("pkg:pypi/{name}"));
    let scope = if condition.contains("extra") { Scope::Optional } else { Scope::Required };
    let declared =
        Declared { pointer: &pointer, reference: &pointer, name, purl: Some(&purl), scope, ..Declared::default() };
    let part = sink.component(&declared);
    sink.fact_on(part, FactKind::Name, name, value.at());
    sink.fact_on(part, FactKind::Purl, &purl, value.at());
}
