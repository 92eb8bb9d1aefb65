//! .NET: assemblies by their metadata, with the types they define, the types and libraries they refer to.
mod attributes;
mod schema;
mod tables;

use interdict_model::{FactKind, GapReason, Head, Malformed, Observer, Sink, Source, Technique, Unseen, hex};
use sha1::{Digest as _, Sha1};

use self::tables::{Column, Metadata};
use crate::pe_image::{Directory, Image, is_pe};
use crate::read::{Budget, index, le16, le32, slice, span, text};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "dotnet",
    revision: 2,
    title: ".NET assemblies",
    limitations: &[
        "The token of a key is told; whether the assembly is signed with the key is not checked.",
        "Assemblies bundled into one native program are opened by unpackers, not read here.",
    ],
    technique: Technique::BinaryAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    is_pe(head.bytes) && Image::read(head.bytes).is_ok_and(|image| image.directory(Directory::Clr).is_some())
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let image = Image::read(bytes).map_err(|_| Malformed::NotThis)?;
    let Some((address, _)) = image.directory(Directory::Clr) else { return Err(Malformed::NotThis) };
    let outside = || Malformed::at(format!("address {address:#x}"), "the .NET metadata lies outside the file");
    let header = image.offset_of(address).ok_or_else(outside)?;
    let root = le32(bytes, header + 8).and_then(|address| image.offset_of(address)).ok_or_else(outside)?;
    let metadata = Metadata::read(bytes, root)?;
    let mut teller = Teller { metadata: &metadata, budget: Budget::for_file(bytes.len()), lost: 0 };
    teller.assembly(sink);
    attributes::observe(&metadata, sink);
    teller.libraries(sink);
    teller.types(sink);
    teller.names(schema::RESOURCE, 2, FactKind::Resource, sink);
    if let Some(table) = metadata.cut {
        let detail = format!("metadata table {table:#x} and those behind it reach past the end of the file");
        sink.gap(Unseen::new(GapReason::Malformed, detail));
    }
    if teller.lost > 0 {
        let detail = format!("{} names in the metadata could not be read", teller.lost);
        sink.gap(Unseen::new(GapReason::Malformed, detail));
    }
    Ok(())
}

struct Teller<'a, 'b> {
    metadata: &'b Metadata<'a>,
    budget: Budget,
    lost: usize,
}

impl<'a> Teller<'a, '_> {
    fn assembly(&mut self, sink: &mut Sink<'_>) {
        self.names(schema::MODULE, 1, FactKind::OriginalFileName, sink);
        self.names(schema::ASSEMBLY, 7, FactKind::Name, sink);
        let row = self.metadata.row(schema::ASSEMBLY, 0);
        let parts = row.and_then(|at| slice(self.metadata.bytes, at + 4, 8).map(|parts| (at + 4, parts)));
        if let Some((at, parts)) = parts {
            let numbers: Vec<String> =
                parts.chunks(2).filter_map(|part| le16(part, 0)).map(|n| n.to_string()).collect();
            sink.fact(FactKind::Version, &numbers.join("."), span(at, 8));
        }
        self.token(sink);
    }

    /// The last eight bytes of the digest of the key, turned round.
    fn token(&mut self, sink: &mut Sink<'_>) {
        let number = self.metadata.number(schema::ASSEMBLY, 0, 6, Column::Blob).filter(|number| *number != 0);
        let key = number.and_then(|number| self.metadata.blob(index(number)));
        if let Some((at, key)) = key.filter(|(_, key)| !key.is_empty()) {
            let token: Vec<u8> = Sha1::digest(key).iter().rev().take(8).copied().collect();
            sink.fact(FactKind::PublicKeyToken, &hex(&token), span(at, key.len()));
        }
    }

    fn libraries(&mut self, sink: &mut Sink<'_>) {
        self.names(schema::IMPL_MAP, 2, FactKind::Import, sink);
        self.names(schema::FILE, 1, FactKind::NeededLibrary, sink);
        for (table, column) in [(schema::ASSEMBLY_REF, 6), (schema::MODULE_REF, 0)] {
            for row in 0..self.metadata.rows(table) {
                let Some((at, name)) = self.name(table, row, column) else { continue };
                let has_extension = table == schema::MODULE_REF && name.contains(&b'.');
                let extension = if has_extension { "" } else { ".dll" };
                sink.fact(FactKind::NeededLibrary, &format!("{}{extension}", text(name)), span(at, name.len()));
            }
        }
    }

    fn types(&mut self, sink: &mut Sink<'_>) {
        let kinds = [
            (schema::TYPE_DEF, 1, FactKind::DefinedClass),
            (schema::TYPE_REF, 1, FactKind::ReferencedClass),
            (schema::EXPORTED_TYPE, 2, FactKind::ReferencedClass),
        ];
        for (table, column, kind) in kinds {
            let rows = if sink.wants(kind) { self.metadata.rows(table) } else { 0 };
            for row in 0..rows {
                let Some((at, name)) = self.name(table, row, column) else { continue };
                let namespace = self.name(table, row, column + 1).map_or(&b""[..], |(_, namespace)| namespace);
                // Every module has this one, for what stands outside types.
                if name == b"<Module>" {
                    continue;
                }
                let place = span(at, name.len());
                if namespace.is_empty() {
                    sink.fact(kind, &text(name), place);
                } else {
                    sink.fact(kind, &format!("{}/{}", text(namespace).replace('.', "/"), text(name)), place);
                }
            }
        }
    }

    fn names(&mut self, table: usize, column: usize, kind: FactKind, sink: &mut Sink<'_>) {
        for row in 0..self.metadata.rows(table) {
            if let Some((at, name)) = self.name(table, row, column) {
                sink.fact(kind, &text(name), span(at, name.len()));
            }
        }
    }

    /// A name in a row, and where it stands.
    fn name(&mut self, table: usize, row: usize, column: usize) -> Option<(usize, &'a [u8])> {
        let number = self.metadata.number(table, row, column, Column::String)?;
        let name = self.metadata.string(index(number)).filter(|(_, name)| self.budget.spend(name.len()));
        self.lost += usize::from(name.is_none());
        name
    }
}
