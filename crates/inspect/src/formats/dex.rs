//! DEX: the classes an Android program defines, told apart from those it only refers to.
use std::collections::BTreeSet;

use interdict_model::{At, FactKind, GapReason, Head, Malformed, Observer, Sink, Source, Technique, Unseen};

use crate::read::{Budget, index, le32, span, text, unread, until_zero};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "dex",
    revision: 1,
    title: "DEX byte code of Android programs",
    limitations: &["Optimised forms (ODEX, VDEX, compact DEX) are read only where they hold a plain DEX file."],
    technique: Technique::BinaryAnalysis,
    accepts,
    observe,
};

const HEADER: usize = 0x70;
/// Longest descriptor read.
const LONGEST_NAME: usize = 4096;
/// Since version 41 several files share one container.
const MOST_FILES: usize = 256;

fn accepts(head: &Head<'_>) -> bool {
    is_header(head.bytes, 0)
}

fn is_header(bytes: &[u8], at: usize) -> bool {
    let magic = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>());
    magic.is_some_and(|magic| {
        magic.starts_with(b"dex\n") && magic.ends_with(b"\0") && magic.iter().skip(4).take(3).all(u8::is_ascii_digit)
    })
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let bytes = source.bytes;
    if !is_header(bytes, 0) {
        return Err(Malformed::at("offset 0x0", "no DEX header"));
    }
    let mut budget = Budget::for_file(bytes.len());
    let mut at = 0;
    for _ in 0..MOST_FILES {
        file(bytes, at, &mut budget, sink)?;
        let size = le32(bytes, at + 32).map_or(0, index);
        if size < HEADER {
            break;
        }
        at = at.saturating_add(size).next_multiple_of(4);
        if !is_header(bytes, at) {
            break;
        }
    }
    Ok(())
}

/// One file of the container; its offsets count from the container's start.
fn file(bytes: &[u8], at: usize, budget: &mut Budget, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let number = |offset: usize| le32(bytes, at + offset).map(index);
    let stated = [56, 60, 64, 68, 96, 100].map(number);
    let [Some(strings), Some(strings_at), Some(types), Some(types_at), Some(classes), Some(classes_at)] = stated else {
        return Err(Malformed::at(format!("offset {at:#x}"), "the DEX header is cut short"));
    };
    if let Some(size) = number(32).filter(|size| at.saturating_add(*size) > bytes.len()) {
        let end = bytes.len();
        let detail = format!("the DEX file at offset {at:#x} has {size:#x} bytes and the file ends at {end:#x}");
        sink.gap(unread(detail, end as u64, end as u64));
    }
    let entries = |start: usize, count: usize, size: usize| count.min(bytes.len().saturating_sub(start) / size);
    let descriptor = |of: usize| {
        let string = le32(bytes, types_at.saturating_add(of.saturating_mul(4))).map(index)?;
        let entry = le32(bytes, strings_at.saturating_add(string.saturating_mul(4))).map(index);
        let data = entry.filter(|_| string < strings)?;
        // The length in characters comes first, seven bits a byte.
        let start = (data..data.saturating_add(5)).find(|at| bytes.get(*at).is_some_and(|byte| byte & 0x80 == 0))? + 1;
        Some((start, until_zero(bytes, start, LONGEST_NAME)?))
    };
    // What stands in this file stands in compiled code, whatever the file is called.
    if classes > 0 {
        sink.fact(FactKind::Program, ENTRY.id, At::Whole);
    }
    let mut lost = classes.saturating_sub(entries(classes_at, classes, 32));
    lost += types.saturating_sub(entries(types_at, types, 4));
    let mut defined = BTreeSet::new();
    for class in 0..entries(classes_at, classes, 32) {
        let of = le32(bytes, classes_at + class * 32).map(index);
        match of.filter(|of| *of < types).and_then(|of| Some((of, descriptor(of)?))) {
            Some((of, (at, name))) => {
                if defined.insert(of) && budget.spend(name.len()) {
                    state(FactKind::DefinedClass, at, name, sink);
                }
            }
            None => lost += 1,
        }
    }
    for of in (0..entries(types_at, types, 4)).filter(|of| !defined.contains(of)) {
        match descriptor(of) {
            Some((at, name)) if budget.spend(name.len()) => state(FactKind::ReferencedClass, at, name, sink),
            _ => lost += 1,
        }
    }
    if lost > 0 {
        let stated = format!("{types} types and {classes} classes are stated at offset {at:#x}");
        let detail = format!("{stated}, and {lost} of these could not be read");
        sink.gap(Unseen::new(GapReason::Malformed, detail));
    }
    Ok(())
}

/// States the class a descriptor names, `[Lcom/example/Name;`; primitive types are none.
fn state(kind: FactKind, at: usize, descriptor: &[u8], sink: &mut Sink<'_>) {
    let depth = descriptor.iter().take_while(|byte| **byte == b'[').count();
    let class = descriptor.get(depth..).and_then(|rest| rest.strip_prefix(b"L")?.strip_suffix(b";"));
    if let Some(class) = class {
        sink.fact(kind, &text(class), span(at + depth + 1, class.len()));
    }
}
