//! The header of an RPM package: its name, makers, relations, files and their digests.
use interdict_model::{
    Declared, FactKind, GapReason, Head, Malformed, Observer, Scope, Sink, Source, Technique, Unseen,
};

use crate::fields::person_of;
use crate::read::{Budget, be32, span, text};
use crate::rpm_index::{Index, Relation, tag};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "rpm-header",
    revision: 1,
    title: "Headers of RPM packages",
    limitations: &["Signatures are not verified."],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

const LEAD: usize = 96;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"\xed\xab\xee\xdb")
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let bytes = source.bytes;
    if be32(bytes, 0) != Some(0xedab_eedb) {
        return Err(Malformed::NotThis);
    }
    let signature = Index::read(bytes, LEAD).ok_or_else(|| Malformed::at("offset 0x60", "no signature header"))?;
    let at = signature.end().next_multiple_of(8);
    let header = Index::read(bytes, at).ok_or_else(|| Malformed::at(format!("offset {at:#x}"), "no package header"))?;
    let mut budget = Budget::for_file(header.end());
    who(&header, sink);
    relations(&header, &mut budget, sink);
    files(&header, &mut budget, sink);
    if header.first(tag::PAYLOAD_FORMAT).is_some_and(|(format, _)| format == b"drpm") {
        let detail = "a delta package: its payload has only what differs from an older package";
        sink.gap(Unseen::new(GapReason::Missing, detail).needing("the whole package"));
    }
    Ok(())
}

fn who(header: &Index<'_>, sink: &mut Sink<'_>) {
    let mut tell = |tag, kind, person: bool| {
        if let Some((value, at)) = header.first(tag) {
            let value = text(value);
            sink.fact(kind, if person { person_of(&value) } else { &value }, span(at, value.len()));
        }
    };
    tell(tag::NAME, FactKind::PackageName, false);
    tell(tag::LONG_NAME, FactKind::PackageName, false);
    tell(tag::VENDOR, FactKind::Supplier, true);
    tell(tag::PACKAGER, FactKind::Publisher, true);
    tell(tag::DISTRIBUTION, FactKind::Publisher, true);
    tell(tag::URL, FactKind::Url, false);
    if let Some((version, at)) = header.first(tag::VERSION) {
        let release = header.first(tag::RELEASE).map(|(release, _)| format!("-{}", text(release))).unwrap_or_default();
        sink.fact(FactKind::Version, &format!("{}{release}", text(version)), span(at, version.len()));
    }
    // `name-version-release.src.rpm`: the name of the source is what is left without its last two parts.
    if let Some((source, at)) = header.first(tag::SOURCE_RPM) {
        let source = text(source);
        let name = source.rsplitn(3, '-').nth(2).unwrap_or_default();
        if header.first(tag::NAME).is_none_or(|(own, _)| own != name.as_bytes()) {
            sink.fact(FactKind::PackageName, name, span(at, source.len()));
        }
    }
}

/// Names of packages; those of libraries are what a loader is asked for.
fn relations(header: &Index<'_>, budget: &mut Budget, sink: &mut Sink<'_>) {
    let own = header.first(tag::NAME).map(|(name, _)| text(name)).unwrap_or_default();
    header.each(tag::PROVIDES, budget, &mut |_, name, at| {
        if let Some(name) = Relation::of(name).package().filter(|name| **name != *own) {
            sink.fact(FactKind::PackageName, name, span(at, name.len()));
        }
    });
    for (tag, scope) in [(tag::REQUIRES, Scope::Required), (tag::RECOMMENDS, Scope::Optional)] {
        header.each(tag, budget, &mut |index, name, at| {
            let relation = Relation::of(name);
            if let Some(library) = relation.library() {
                sink.fact(FactKind::NeededLibrary, library, span(at, library.len()));
            } else if let Some(name) = relation.package().filter(|_| sink.wants(FactKind::PackageName)) {
                let pointer = format!("/requires/{tag}/{index}");
                let declared = Declared { pointer: &pointer, reference: &pointer, name, scope, ..Declared::default() };
                let part = sink.component(&declared);
                sink.depends(&own, &pointer);
                sink.fact_on(part, FactKind::PackageName, name, span(at, name.len()));
            }
        });
    }
}

fn files(header: &Index<'_>, budget: &mut Budget, sink: &mut Sink<'_>) {
    if sink.wants(FactKind::OwnedPath) {
        let mut folders = Vec::new();
        header.each(tag::DIRECTORIES, budget, &mut |_, name, _| folders.push(text(name).into_owned()));
        header.each(tag::BASE_NAMES, budget, &mut |index, name, at| {
            let folder = header.number(tag::DIRECTORY_OF, index).and_then(|folder| folders.get(folder));
            let path = format!("{}{}", folder.map(String::as_str).unwrap_or_default(), text(name));
            sink.fact(FactKind::OwnedPath, &path, span(at, name.len()));
        });
        header.each(tag::OLD_FILE_NAMES, budget, &mut |_, name, at| {
            sink.fact(FactKind::OwnedPath, &text(name), span(at, name.len()));
        });
    }
    header.each(tag::FILE_DIGESTS, budget, &mut |_, digest, at| {
        let kind = match digest.len() {
            32 => FactKind::Md5,
            40 => FactKind::Sha1,
            64 => FactKind::Sha256,
            _ => return,
        };
        sink.fact(kind, &text(digest), span(at, digest.len()));
    });
    if header.lost() > 0 {
        let detail =
            format!("{} entries of the header lie outside its store, or ask for more than it holds", header.lost());
        sink.gap(Unseen::new(GapReason::Malformed, detail));
    }
    if header.number(tag::DIRECTORY_OF, 0).is_none() && header.first(tag::BASE_NAMES).is_some() {
        sink.gap(Unseen::new(GapReason::Malformed, "the folders of its files are not told"));
    }
}
