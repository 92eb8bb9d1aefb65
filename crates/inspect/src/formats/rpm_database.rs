//! The database of installed RPM packages: each as a component, with the files that it put in place.
mod berkeley;
mod ndb;
mod sqlite;

use interdict_model::{
    At, Declared, FactKind, GapReason, Head, Malformed, Observer, Part, Sink, Source, Technique, Unseen,
};

use crate::fields::person_of;
use crate::read::{Budget, clamped, text};
use crate::rpm_index::{Index, Relation, tag};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "rpm-database",
    revision: 2,
    title: "Databases of installed RPM packages (`rpmdb.sqlite`, `Packages.db`, `Packages`)",
    limitations: &[
        "Encrypted tables of Berkeley DB, and packages that only its log knows, are not read.",
        "What stands in a write-ahead log beside it (`rpmdb.sqlite-wal`) and not yet in it is not read.",
        "A place is the number of a package.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    // Any other database of SQLite's says nothing here; the first page tells, which is 64 KiB at most.
    let is_sqlite = || memchr::memmem::find(clamped(head.bytes, 0, 1 << 16), b"hnum").is_some();
    head.starts_with(ndb::MAGIC) || (head.starts_with(sqlite::MAGIC) && is_sqlite()) || berkeley::is_hash(head.bytes)
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let mut budget = Budget::for_file(bytes.len());
    let (mut number, mut odd) = (0_u64, 0_u64);
    let mut header = |bytes: &[u8], sink: &mut Sink<'_>| match Index::bare(bytes, 0)
        .map(|header| package(&header, number, &mut budget, sink))
    {
        Some(()) => number += 1,
        None => odd += 1,
    };
    let lost = if bytes.starts_with(ndb::MAGIC) {
        ndb::headers(bytes, &mut |blob| header(blob, sink))
    } else if bytes.starts_with(sqlite::MAGIC) {
        let database = sqlite::Database::of(bytes).ok_or(Malformed::NotThis)?;
        let Some(root) = database.table("Packages") else { return Err(Malformed::NotThis) };
        // The number of the header, which is the row's own, and the header.
        database.rows(root, &mut |row| header(row.blob(1).unwrap_or_default(), sink))
    } else {
        // Beside the headers stands the number of the last.
        let lost = berkeley::values(bytes, &mut |value| {
            if value.len() > 4 {
                header(value, sink);
            }
        });
        // Many a program keeps a table of Berkeley DB.
        if number == 0 && source.name != "Packages" {
            return Err(Malformed::NotThis);
        }
        lost
    };
    if lost + odd > 0 {
        let detail = format!("{} pages or packages of the database are broken or lie outside of it", lost + odd);
        sink.gap(Unseen::new(GapReason::Malformed, detail));
    }
    Ok(())
}

fn package(header: &Index<'_>, number: u64, budget: &mut Budget, sink: &mut Sink<'_>) {
    let get = |tag| header.first(tag).map(|(value, _)| text(value));
    let Some(name) = get(tag::NAME) else { return };
    // What pubkeys are kept as; no package of anybody's.
    if name == "gpg-pubkey" {
        return;
    }
    let release = get(tag::RELEASE).map(|release| format!("-{release}")).unwrap_or_default();
    let version = get(tag::VERSION).map(|version| format!("{version}{release}"));
    let vendor = get(tag::VENDOR);
    let pointer = format!("/packages/{number}");
    let on = sink.component(&Declared {
        pointer: &pointer,
        reference: &name,
        name: &name,
        version: version.as_deref(),
        supplier: vendor.as_deref().map(person_of),
        ..Declared::default()
    });
    let tell = |kind, value: &str, field: &str, sink: &mut Sink<'_>| {
        sink.fact_on(on, kind, value, At::Pointer(&pointer, field));
    };
    tell(FactKind::PackageName, &name, "/name", sink);
    if let Some(version) = &version {
        tell(FactKind::Version, version, "/version", sink);
    }
    for (tag, kind, field) in [
        (tag::VENDOR, FactKind::Supplier, "/vendor"),
        (tag::PACKAGER, FactKind::Publisher, "/packager"),
        (tag::DISTRIBUTION, FactKind::Publisher, "/distribution"),
    ] {
        if let Some(value) = get(tag) {
            tell(kind, person_of(&value), field, sink);
        }
    }
    if let Some(url) = get(tag::URL) {
        tell(FactKind::Url, &url, "/url", sink);
    }
    let source = get(tag::SOURCE_RPM);
    if let Some(source) = source.as_deref().and_then(|source| source.rsplitn(3, '-').nth(2)).filter(|one| *one != name)
    {
        tell(FactKind::PackageName, source, "/sourcerpm", sink);
    }
    header.each(tag::REQUIRES, budget, &mut |_, raw, _| {
        if let Some(needed) = Relation::of(raw).package() {
            sink.depends(&name, needed);
        }
    });
    files(header, on, &pointer, budget, sink);
}

fn files(header: &Index<'_>, on: Part, pointer: &str, budget: &mut Budget, sink: &mut Sink<'_>) {
    if sink.wants(FactKind::OwnedPath) {
        let mut folders = Vec::new();
        header.each(tag::DIRECTORIES, budget, &mut |_, name, _| folders.push(text(name)));
        header.each(tag::BASE_NAMES, budget, &mut |index, name, _| {
            let folder = header.number(tag::DIRECTORY_OF, index).and_then(|folder| folders.get(folder));
            let path = format!("{}{}", folder.map(AsRef::as_ref).unwrap_or_default(), text(name));
            sink.fact_on(on, FactKind::OwnedPath, &path, At::Pointer(pointer, &format!("/files/{index}")));
        });
    }
    header.each(tag::FILE_DIGESTS, budget, &mut |index, digest, _| {
        let kind = match digest.len() {
            32 => FactKind::Md5,
            40 => FactKind::Sha1,
            64 => FactKind::Sha256,
            _ => return,
        };
        sink.fact_on(on, kind, &text(digest), At::Pointer(pointer, &format!("/files/{index}/digest")));
    });
}
