//! Configurations and manifests of container images: labels, history, what is run, what they are called.
mod history;
mod labels;
mod reference;
mod tree;

use interdict_model::{At, FactKind, GapReason, Head, Malformed, Mark, Observer, Sink, Source, Technique, Unseen};
use memchr::memmem;

use self::tree::Tree;

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "oci-config",
    revision: 1,
    title: "Configurations, manifests and indexes of container images (OCI, Docker)",
    limitations: &[
        "Of commands in the history, only addresses and packages that a package manager is asked for are facts.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

/// Registries refuse larger ones.
const LARGEST: usize = 8 << 20;
/// What marks each kind: the keys it cannot do without, the one first that nothing else has.
const MARKS: &[(Mark, &[u8])] = &[
    (Mark::OciRootFileSystem, b"\"architecture\""),
    (Mark::OciSchemaVersion, b"\"layers\""),
    (Mark::OciSchemaVersion, b"\"manifests\""),
    (Mark::OciSchemaVersion, b"\"fsLayers\""),
    (Mark::DockerConfig, b"\"Layers\""),
    (Mark::DockerContainerConfig, b"\"architecture\""),
];

fn accepts(head: &Head<'_>) -> bool {
    let text = head.text();
    let look = text.get(..text.len().min(LARGEST)).unwrap_or_default();
    matches!(text.first(), Some(b'{' | b'['))
        && MARKS.iter().any(|(mark, key)| head.holds(*mark) && memmem::find(look, key).is_some())
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let text = source.head().text();
    if text.len() > LARGEST {
        let detail = format!("{} bytes; no more than {LARGEST} of a configuration are read", text.len());
        sink.gap(Unseen::new(GapReason::OverLimit, detail));
        return Ok(());
    }
    let tree: Tree = serde_json::from_slice(text)
        .map_err(|why| Malformed::at(format!("line {}, column {}", why.line(), why.column()), why.to_string()))?;
    sink.seen();
    image(&tree, "", sink);
    for (at, one) in tree.items().iter().enumerate() {
        image(one, &format!("/{at}"), sink);
    }
    Ok(())
}

fn image(image: &Tree, base: &str, sink: &mut Sink<'_>) {
    tell(image, base, "author", FactKind::Author, sink);
    for (at, tag) in image.texts("RepoTags") {
        reference::tell(tag, At::Pointer(base, &format!("/RepoTags/{at}")), sink);
    }
    annotations(image, base, sink);
    for (at, manifest) in image.list("manifests") {
        annotations(manifest, &format!("{base}/manifests/{at}"), sink);
    }
    for (at, layer) in image.list("layers") {
        annotations(layer, &format!("{base}/layers/{at}"), sink);
        for (number, address) in layer.texts("urls") {
            sink.fact(FactKind::Url, address, At::Pointer(base, &format!("/layers/{at}/urls/{number}")));
        }
    }
    for key in ["config", "container_config"] {
        for config in image.all(key) {
            runs(config, &format!("{base}/{key}"), sink);
        }
    }
    for (at, step) in image.list("history") {
        let base = format!("{base}/history/{at}");
        tell(step, &base, "author", FactKind::Author, sink);
        for command in step.all("created_by").filter_map(Tree::text) {
            history::tell(command, At::Pointer(&base, "/created_by"), sink);
        }
    }
}

fn annotations(of: &Tree, base: &str, sink: &mut Sink<'_>) {
    for annotations in of.all("annotations") {
        labels::tell(annotations, &format!("{base}/annotations"), sink);
    }
}

/// What is run of an image, and with which environment.
fn runs(config: &Tree, base: &str, sink: &mut Sink<'_>) {
    for labels in config.all("Labels") {
        labels::tell(labels, &format!("{base}/Labels"), sink);
    }
    tell(config, base, "WorkingDir", FactKind::OwnedPath, sink);
    for key in ["Entrypoint", "Cmd"] {
        for (at, word) in config.texts(key).filter(|(_, word)| word.starts_with('/')) {
            sink.fact(FactKind::OwnedPath, word, At::Pointer(base, &format!("/{key}/{at}")));
        }
    }
    for (volume, _) in config.all("Volumes").flat_map(Tree::pairs) {
        sink.fact(FactKind::OwnedPath, volume, At::Pointer(base, &format!("/Volumes/{}", escaped(volume))));
    }
    for (at, variable) in config.texts("Env") {
        let pointer = format!("/Env/{at}");
        let (name, value) = variable.split_once('=').unwrap_or((variable, ""));
        history::addresses(value, At::Pointer(base, &pointer), sink);
        if name == "PATH" || name == "LD_LIBRARY_PATH" {
            for folder in value.split(':').filter(|folder| folder.starts_with('/')) {
                sink.fact(FactKind::OwnedPath, folder, At::Pointer(base, &pointer));
            }
        }
    }
}

fn tell(of: &Tree, base: &str, key: &str, kind: FactKind, sink: &mut Sink<'_>) {
    for text in of.all(key).filter_map(Tree::text) {
        sink.fact(kind, text, At::Pointer(base, &format!("/{}", escaped(key))));
    }
}

/// A key as JSON pointers write it (RFC 6901).
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
