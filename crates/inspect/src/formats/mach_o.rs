//! Mach-O: programs, libraries, bundles and objects of Apple's systems, alone or several in one file.
mod bills;
mod commands;
mod objective_c;
mod signature;
mod symbols;

use std::collections::BTreeSet;

use interdict_model::{At, FactKind, GapReason, Head, Malformed, Observer, Sink, Source, Technique, Unseen};

use self::bills::Bills;
use self::commands::Image;
use crate::read::{be32, be64, clamped, index};
use crate::{certificate, hosts, mangled, packed};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "mach-o",
    revision: 1,
    title: "Mach-O programs, libraries and objects, thin and universal",
    limitations: &["Names of Swift types that are mangled with words left out are told by their module alone."],
    technique: Technique::BinaryAnalysis,
    accepts,
    observe,
};

const FAT: u32 = 0xcafe_babe;
const FAT_WIDE: u32 = 0xcafe_babf;
/// Java classes begin like universal files; their version, from 45 on, stands where the number of slices does.
const MOST_SLICES: u32 = 44;

fn accepts(head: &Head<'_>) -> bool {
    match be32(head.bytes, 0) {
        Some(FAT | FAT_WIDE) => be32(head.bytes, 4).is_some_and(|count| (1..=MOST_SLICES).contains(&count)),
        Some(magic) => commands::is_magic(magic) && head.bytes.len() >= 28,
        None => false,
    }
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let (count, size) = match be32(bytes, 0) {
        Some(FAT) => (be32(bytes, 4), 20),
        Some(FAT_WIDE) => (be32(bytes, 4), 32),
        _ => (None, 0),
    };
    sink.fact(FactKind::Program, ENTRY.id, At::Whole);
    let mut bills = Bills::default();
    let Some(count) = count else { return image(bytes, 0, bytes.len(), &mut bills, sink) };
    let mut seen = BTreeSet::new();
    for number in 0..index(count.min(MOST_SLICES)) {
        let at = 8 + number * size;
        let range = if size == 20 {
            be32(bytes, at + 8).map(index).zip(be32(bytes, at + 12).map(index))
        } else {
            be64(bytes, at + 8).map(index).zip(be64(bytes, at + 16).map(index))
        };
        let end = range.map(|(start, len)| start.saturating_add(len));
        let (Some((start, _)), Some(end)) = (range, end.filter(|end| *end <= bytes.len())) else {
            let detail = format!("slice {number} of {count} ends outside the file of {:#x} bytes", bytes.len());
            sink.gap(Unseen::new(GapReason::Malformed, detail));
            let start = range.map_or(usize::MAX, |(start, _)| start);
            if start < bytes.len() {
                image(bytes, start, bytes.len(), &mut bills, sink).or_else(|fault| unreadable(start, &fault, sink))?;
            }
            continue;
        };
        if seen.insert((start, end)) {
            image(bytes, start, end, &mut bills, sink).or_else(|fault| unreadable(start, &fault, sink))?;
        }
    }
    Ok(())
}

/// One slice that cannot be read does not hide the others.
#[expect(clippy::unnecessary_wraps, reason = "an arm of `or_else`")]
fn unreadable(start: usize, fault: &Malformed, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    sink.gap(Unseen::new(GapReason::Malformed, format!("the slice at offset {start:#x}: {fault}")));
    Ok(())
}

fn image<'a>(
    bytes: &'a [u8],
    start: usize,
    end: usize,
    bills: &mut Bills<'a>,
    sink: &mut Sink<'_>,
) -> Result<(), Malformed> {
    if bytes.get(start..).is_some_and(|slice| slice.starts_with(b"!<arch>\n")) {
        // An archive's members are opened by unpackers.
        sink.seen();
        return Ok(());
    }
    let image = Image::read(bytes, start, end, sink)?;
    packed::observe(
        image.sections.iter().map(|s| s.name.as_slice()),
        clamped(bytes, start, end.saturating_sub(start)),
        sink,
    );
    symbols::observe(&image, sink);
    objective_c::observe(&image, sink);
    signature::observe(&image, sink);
    bills.observe(&image, sink);
    // What the code signature holds stands behind everything else, and was told.
    let signed = image.signature.map_or(end, |[offset, _]| image.place(offset).min(end));
    certificate::observe(bytes, start, signed, sink);
    mangled::observe_types(bytes, &image.constants(), sink);
    hosts::observe(bytes, &image.constants(), false, sink);
    Ok(())
}
