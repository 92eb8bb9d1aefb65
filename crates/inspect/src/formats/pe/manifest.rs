//! The manifest inside a program: what it calls itself, and which assemblies it asks for.
use interdict_model::{FactKind, Sink};

use crate::markup::{self, Tag};
use crate::read::{clamped, span};

/// States what a manifest of `len` bytes from `start` says.
pub(super) fn observe(bytes: &[u8], start: usize, len: usize, sink: &mut Sink<'_>) {
    let end = start.saturating_add(clamped(bytes, start, len).len());
    // What stands inside of a dependency names another one.
    let mut dependencies = 0_usize;
    markup::read(bytes, start, end - start, &mut |tag| match tag.name {
        b"dependentAssembly" => dependencies += 1,
        b"assemblyIdentity" if dependencies > 0 => {
            dependencies = 0;
            state(tag, "name", FactKind::NeededLibrary, sink);
        }
        b"assemblyIdentity" => {
            state(tag, "name", FactKind::Name, sink);
            state(tag, "version", FactKind::Version, sink);
            state(tag, "publicKeyToken", FactKind::PublicKeyToken, sink);
        }
        b"description" => {
            let text = tag.content();
            sink.fact(FactKind::FileDescription, &text, span(tag.text_at, tag.text.len()));
        }
        b"file" => state(tag, "name", FactKind::NeededLibrary, sink),
        _ => {}
    });
}

fn state(tag: &Tag<'_>, name: &str, kind: FactKind, sink: &mut Sink<'_>) {
    if let Some((value, at, len)) = tag.attribute(name) {
        sink.fact(kind, &value, span(at, len));
    }
}
