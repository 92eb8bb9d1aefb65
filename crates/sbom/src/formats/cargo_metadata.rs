//! The output of `cargo metadata`: packages with the kinds of dependency that lead to them kept as scope.
use std::borrow::Cow;
use std::collections::BTreeMap;

use cargo_metadata::{DependencyKind, Metadata, Package};
use interdict_model::{Counts, Document, FactKind, Head, Malformed, Mark, Observer, Scope, Sink, Source, Technique};

use crate::draft::{Draft, Path};
use crate::encoding::{self, Look};

pub(crate) const ENTRY: Observer = Observer {
    id: "cargo-metadata",
    revision: 1,
    title: "`cargo metadata` output",
    limitations: &["Output made with `--no-deps` names direct dependencies only, and no versions of them."],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    let look = Look::at(head);
    look.text().starts_with(b"{")
        && look.holds(Mark::CargoMembers)
        && look.has("\"packages\"")
        && look.has("\"workspace_root\"")
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let decoded = encoding::decode(source.bytes);
    let metadata: Metadata = serde_json::from_str(&decoded.text).map_err(|why| {
        let place = format!("line {}, column {}", why.line(), why.column());
        Malformed::at(place, format!("not what `cargo metadata` writes: {why}"))
    })?;
    let scopes = scopes(&metadata);
    let root = metadata.resolve.as_ref().and_then(|resolve| resolve.root.as_ref());
    let mut counts = Counts::default();
    for (index, package) in metadata.packages.iter().enumerate() {
        counts.components += 1;
        let mut draft = draft(package);
        let is_member = metadata.workspace_members.contains(&package.id);
        draft.is_subject = root.map_or(is_member, |root| *root == package.id);
        draft.scope = match scopes.get(package.id.repr.as_str()) {
            Some(scope) if !is_member => *scope,
            _ => Scope::Required,
        };
        draft.tell(&format!("/packages/{index}"), sink);
    }
    for node in metadata.resolve.iter().flat_map(|resolve| &resolve.nodes) {
        for needed in &node.dependencies {
            counts.relationships += 1;
            sink.depends(&node.id.repr, &needed.repr);
        }
    }
    // A list without a graph still says what its packages ask for.
    if metadata.resolve.is_none() {
        wanted(&metadata, sink);
    }
    sink.document(Document { version: Some("1".to_owned()), counts, ..Document::default() });
    Ok(())
}

fn draft(package: &Package) -> Draft<'_> {
    let version = package.version.to_string();
    let mut draft = Draft::default();
    draft.reference = Cow::Borrowed(&package.id.repr);
    draft.called(Cow::Borrowed(package.name.as_str()), Path::Field("/name"));
    draft.located(Cow::Owned(format!("pkg:cargo/{}@{version}", package.name)), Path::Field("/id"));
    draft.versioned(Cow::Owned(version), Path::Field("/version"));
    for (index, author) in package.authors.iter().enumerate() {
        draft.by(FactKind::Author, Cow::Borrowed(author), Path::Item("/authors", index, ""));
    }
    for (url, field) in [
        (&package.repository, "/repository"),
        (&package.homepage, "/homepage"),
        (&package.documentation, "/documentation"),
    ] {
        if let Some(url) = url {
            draft.linked(Cow::Borrowed(url), &Path::Field(field));
        }
    }
    if let Some(source) = &package.source {
        let url = source.repr.split_once('+').map_or(source.repr.as_str(), |(_, url)| url);
        draft.linked(Cow::Borrowed(url), &Path::Field("/source"));
    }
    draft
}

/// Says the dependencies that are only asked for, so that a name is not lost with the graph.
fn wanted(metadata: &Metadata, sink: &mut Sink<'_>) {
    for (index, package) in metadata.packages.iter().enumerate() {
        for (at, dependency) in package.dependencies.iter().enumerate() {
            let mut draft = Draft::default();
            draft.reference = Cow::Owned(format!("{} {}", dependency.name, dependency.req));
            draft.scope = scope(dependency.kind);
            draft.called(Cow::Borrowed(dependency.name.as_str()), Path::Field("/name"));
            draft.tell(&format!("/packages/{index}/dependencies/{at}"), sink);
            sink.depends(&package.id.repr, &draft.reference);
        }
    }
}

fn scope(kind: DependencyKind) -> Scope {
    match kind {
        DependencyKind::Development => Scope::Dev,
        DependencyKind::Build => Scope::Build,
        _ => Scope::Required,
    }
}

/// For every package the mildest reason it is there: required where any path from the workspace is a normal one.
fn scopes(metadata: &Metadata) -> BTreeMap<&str, Scope> {
    let Some(resolve) = &metadata.resolve else { return BTreeMap::new() };
    let nodes: BTreeMap<&str, _> = resolve.nodes.iter().map(|node| (node.id.repr.as_str(), node)).collect();
    let mut scopes: BTreeMap<&str, Scope> = BTreeMap::new();
    let mut open: Vec<(&str, Scope)> =
        metadata.workspace_members.iter().map(|id| (id.repr.as_str(), Scope::Required)).collect();
    while let Some((id, reached)) = open.pop() {
        match scopes.get(id) {
            Some(known) if *known <= reached => continue,
            _ => scopes.insert(id, reached),
        };
        for edge in nodes.get(id).into_iter().flat_map(|node| &node.deps) {
            let by = edge.dep_kinds.iter().map(|kind| scope(kind.kind)).min().unwrap_or_default();
            // What a build script needs, it needs at build time, however it needs it.
            open.push((edge.pkg.repr.as_str(), reached.max(by)));
        }
    }
    scopes
}
