//! Manifests of packages in XML: NuGet's, Windows applications', Visual Studio's extensions'.
use interdict_model::{
    Declared, FactKind, GapReason, Head, Malformed, Observer, Scope, Sink, Source, Technique, Unseen,
};
use memchr::memmem;

use crate::markup::{self, Tag};
use crate::read::span;

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "package-manifest",
    revision: 1,
    title: "Manifests of NuGet packages, Windows application packages and Visual Studio extensions",
    limitations: &["Names that are references to resources are not looked up."],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

/// How far the beginning is looked at.
const LOOK: usize = 4096;
/// What only these documents have near their beginning.
const MARKS: &[(&[u8], Kind)] = &[
    (b"/packaging/", Kind::Nuget),
    (b"schemas.microsoft.com/appx/", Kind::Appx),
    (b"schemas.microsoft.com/developer/vsx-schema", Kind::Vsix),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Nuget,
    Appx,
    Vsix,
}

fn accepts(head: &Head<'_>) -> bool {
    kind(head).is_some()
}

fn kind(head: &Head<'_>) -> Option<Kind> {
    let text = head.text();
    let look = text.get(..LOOK.min(text.len())).filter(|look| look.starts_with(b"<"))?;
    let has = |mark: &[u8]| memmem::find(look, mark).is_some();
    let known = MARKS.iter().find(|(mark, _)| has(mark)).map(|(_, kind)| *kind);
    // The relations inside a package name its manifest by the same name space.
    let known = known.filter(|kind| *kind != Kind::Nuget || has(b"<package") || has(b":package "));
    // The first packages had no name space.
    known.or_else(|| (has(b"<package") && has(b"<metadata") && has(b"<id>")).then_some(Kind::Nuget))
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let Some(kind) = kind(&source.head()) else { return Err(Malformed::at("offset 0x0", "no manifest of a package")) };
    let mut reader = Reader { kind, sink, id: None, version: None, needed: 0, is_named: false };
    let is_closed = markup::read(source.bytes, 0, source.bytes.len(), &mut |tag| reader.tag(tag));
    if !is_closed {
        reader.sink.gap(Unseen::new(GapReason::Malformed, "the manifest does not end"));
    }
    if !reader.is_named {
        return Err(Malformed::at("offset 0x0", "the manifest names no package"));
    }
    if let (Kind::Nuget, Some((id, at)), version) = (kind, reader.id.take(), reader.version.take()) {
        let version = version.map(|version| format!("@{}", version.replace('+', "%2B"))).unwrap_or_default();
        reader.sink.fact(FactKind::Purl, &format!("pkg:nuget/{id}{version}"), span(at, id.len()));
    }
    Ok(())
}

struct Reader<'a, 's> {
    kind: Kind,
    sink: &'a mut Sink<'s>,
    id: Option<(String, usize)>,
    version: Option<String>,
    needed: usize,
    is_named: bool,
}

impl Reader<'_, '_> {
    fn tag(&mut self, tag: &Tag<'_>) {
        match (self.kind, tag.name) {
            (Kind::Nuget, b"id") if self.id.is_none() => {
                self.id = Some((tag.content().into_owned(), tag.text_at));
                self.is_named = true;
                self.text(tag, FactKind::PackageName);
            }
            (Kind::Nuget, b"version") if self.version.is_none() => {
                self.version = Some(tag.content().into_owned());
                self.text(tag, FactKind::Version);
            }
            (Kind::Nuget, b"authors") => self.list(tag, FactKind::Author),
            (Kind::Nuget, b"owners") => self.list(tag, FactKind::Supplier),
            (Kind::Nuget, b"copyright") => self.text(tag, FactKind::Copyright),
            (Kind::Nuget, b"projectUrl" | b"iconUrl" | b"licenseUrl") | (Kind::Vsix, b"MoreInfo") => {
                self.text(tag, FactKind::Url);
            }
            (Kind::Nuget, b"repository") => self.value(tag, "url", FactKind::Url),
            (Kind::Nuget, b"dependency") => self.dependency(tag),
            (Kind::Appx | Kind::Vsix, b"Identity") => {
                self.is_named = true;
                for (name, kind) in
                    [("Name", FactKind::PackageName), ("Id", FactKind::PackageName), ("Version", FactKind::Version)]
                {
                    self.value(tag, name, kind);
                }
                self.publisher(tag);
            }
            (Kind::Appx, b"PublisherDisplayName") => self.text(tag, FactKind::Publisher),
            (Kind::Nuget, b"title") | (Kind::Appx | Kind::Vsix, b"DisplayName") => self.text(tag, FactKind::Name),
            _ => {}
        }
    }

    fn text(&mut self, tag: &Tag<'_>, kind: FactKind) {
        self.sink.fact(kind, tag.content().trim(), span(tag.text_at, tag.text.len()));
    }

    /// Names with commas between them; commas also stand inside of names, so the whole is told too.
    fn list(&mut self, tag: &Tag<'_>, kind: FactKind) {
        let content = tag.content();
        self.text(tag, kind);
        if content.contains(',') {
            for name in content.split(',') {
                self.sink.fact(kind, name.trim(), span(tag.text_at, tag.text.len()));
            }
        }
    }

    fn value(&mut self, tag: &Tag<'_>, name: &str, kind: FactKind) {
        if let Some((value, at, len)) = tag.attribute(name) {
            self.sink.fact(kind, &value, span(at, len));
        }
    }

    /// A publisher is a distinguished name, `CN=Example Lab, O=Example Lab, C=DE`, or plain.
    fn publisher(&mut self, tag: &Tag<'_>) {
        let Some((value, at, len)) = tag.attribute("Publisher") else { return };
        if !value.contains('=') {
            self.sink.fact(FactKind::Publisher, &value, span(at, len));
        }
        for part in value.split(", ").flat_map(|part| part.split(',')) {
            let name = part.trim().split_once('=').filter(|(key, _)| matches!(key.trim(), "CN" | "O" | "OU"));
            if let Some((_, name)) = name {
                self.sink.fact(FactKind::Publisher, name.trim_matches('"'), span(at, len));
            }
        }
    }

    fn dependency(&mut self, tag: &Tag<'_>) {
        let Some((name, at, len)) = tag.attribute("id") else { return };
        let (pointer, purl) = (format!("/dependency/{}", self.needed), format!("pkg:nuget/{name}"));
        self.needed += 1;
        let declared = Declared {
            pointer: &pointer,
            reference: &pointer,
            name: &name,
            purl: Some(&purl),
            scope: Scope::Required,
            ..Declared::default()
        };
        let part = self.sink.component(&declared);
        self.sink.fact_on(part, FactKind::Name, &name, span(at, len));
        self.sink.fact_on(part, FactKind::Purl, &purl, span(at, len));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_inside_a_package_are_no_manifest() {
        let kind = |text: &str| kind(&Head { name: "x", bytes: text.as_bytes() });
        let nuspec =
            r#"<package xmlns="http://schemas.microsoft.com/packaging/2010/07/nuspec.xsd"><metadata><id>x</id>"#;
        let relations = concat!(
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
            r#"<Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/x.nuspec" Id="R1"/>"#,
            r#"<Relationship Target="/package/services/metadata/core-properties/1.psmdcp" Id="R2" /></Relationships>"#,
        );
        assert_eq!((kind(nuspec), kind(relations)), (Some(Kind::Nuget), None));
    }
}
