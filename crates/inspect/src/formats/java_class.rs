//! Java class files: the class they define, and every class they refer to.
mod constants;

use std::collections::BTreeSet;

use interdict_model::{At, FactKind, GapReason, Head, Malformed, Observer, Sink, Source, Technique, Unseen};

use self::constants::Constants;
use crate::read::{be16, be32, span, text, unread};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "java-class",
    revision: 1,
    title: "Java class files",
    limitations: &["Classes named only by strings, as reflection does, are text to the content observer."],
    technique: Technique::BinaryAnalysis,
    accepts,
    observe,
};

/// Version 45 was the first; universal Mach-O files begin alike and have few slices.
const FIRST_VERSION: u16 = 45;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"\xca\xfe\xba\xbe") && be16(head.bytes, 6).is_some_and(|version| version >= FIRST_VERSION)
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let bytes = source.bytes;
    if be32(bytes, 0) != Some(0xcafe_babe) {
        return Err(Malformed::at("offset 0x0", "no class file header"));
    }
    let constants = Constants::read(bytes)?;
    if let Some(at) = constants.cut {
        let detail = format!("the constant pool cannot be read from offset {at:#x} on");
        sink.gap(unread(detail, at as u64, bytes.len() as u64));
    }
    sink.fact(FactKind::Program, ENTRY.id, At::Whole);
    let own = constants.end.and_then(|end| be16(bytes, end + 2)).and_then(|this| constants.class(bytes, this));
    let own = own.filter(|(_, name)| *name != b"module-info");
    if let Some((at, name)) = own {
        sink.fact(FactKind::DefinedClass, &text(name), span(at, name.len()));
    } else if constants.cut.is_none() && constants.module(bytes).is_none() {
        sink.gap(Unseen::new(GapReason::Malformed, "the class file does not say which class it defines"));
    }
    let mut told: BTreeSet<&[u8]> = own.into_iter().map(|(_, name)| name).collect();
    let mut refer = |at: usize, name| {
        if told.insert(name) {
            sink.fact(FactKind::ReferencedClass, &text(name), span(at, name.len()));
        }
    };
    for (at, name) in constants.classes(bytes) {
        if name.starts_with(b"[") { descriptor(at, name, &mut refer) } else { refer(at, name) }
    }
    let (own_descriptors, is_whole) = constants.own_descriptors(bytes);
    for (at, name) in constants.descriptors(bytes).chain(own_descriptors) {
        descriptor(at, name, &mut refer);
    }
    if !is_whole && constants.cut.is_none() {
        let end = bytes.len() as u64;
        sink.gap(unread("the fields and methods of the class cannot be read to their end", end, end));
    }
    Ok(())
}

/// The classes in a descriptor, `(Lcom/example/A;[Lcom/example/B;I)V`.
fn descriptor<'a>(start: usize, text: &'a [u8], each: &mut dyn FnMut(usize, &'a [u8])) {
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += 1;
        if *byte == b'L' {
            let rest = text.get(at..).unwrap_or_default();
            let Some(len) = memchr::memchr(b';', rest) else { return };
            each(start + at, rest.get(..len).unwrap_or_default());
            at += len + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_name_classes() {
        for (text, classes) in [
            (&b"(La/B;[[Lc/D;IJ)Le/F;"[..], &["3 a/B", "10 c/D", "18 e/F"][..]),
            (b"[I", &[]),
            (b"Lno/end", &[]),
            (b"", &[]),
        ] {
            let mut found = Vec::new();
            descriptor(1, text, &mut |at, name| found.push(format!("{at} {}", String::from_utf8_lossy(name))));
            assert_eq!(found, classes);
        }
    }
}
