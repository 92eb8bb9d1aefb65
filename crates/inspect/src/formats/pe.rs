//! PE and terse images: executables, libraries, drivers and firmware modules of Windows and EFI, whatever their extension.
mod authenticode;
mod debug;
mod exports;
mod imports;
mod manifest;
mod resources;
mod rich;
mod rtti;
mod signature;
mod version;

use interdict_model::{At, FactKind, Head, Malformed, Observer, Sink, Source, Technique};

use crate::pe_image::{Image, is_pe, is_terse};
use crate::read::{span, text};
use crate::{bill, coff_symbols, hosts, mangled, overlay, packed};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "pe",
    revision: 1,
    title: "PE executables, libraries, drivers and EFI modules, terse images too",
    limitations: &[
        "Functions imported or exported by ordinal alone are told by their number.",
        "Signatures are compared with the file's digest; the keys that made them are not checked.",
        "Files inside resources and behind the image are opened by unpackers, not read here.",
    ],
    technique: Technique::BinaryAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    is_pe(head.bytes) || is_terse(head.bytes)
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let mut image = Image::read(source.bytes)?;
    for fault in image.faults.drain(..) {
        sink.gap(fault);
    }
    sink.fact(FactKind::Program, ENTRY.id, At::Whole);
    for section in &image.sections {
        sink.fact(FactKind::Section, &text(&section.name), span(section.header_at, section.name.len().min(8)));
    }
    let names = image.sections.iter().map(|section| section.name.as_slice());
    let is_known = packed::observe(names, source.bytes, sink);
    let is_loader = imports::observe(&image, sink);
    if is_loader && !is_known {
        packed::observe_noise(source.bytes, &image.programs(), "a program whose imports are those of a loader", sink);
    }
    exports::observe(&image, sink);
    debug::observe(&image, sink);
    resources::observe(&image, sink);
    if !is_terse(source.bytes) {
        rich::observe(&image, sink);
    }
    if sink.wants(FactKind::TypeName) {
        rtti::observe(&image, sink);
        mangled::observe_types(source.bytes, &image.constants(), sink);
    }
    overlay::observe(source.bytes, image.end_of_sections(), sink);
    signature::observe(&image, sink);
    bills(&image, sink);
    if let Some(table) = &image.symbols {
        coff_symbols::observe(source.bytes, table, sink);
    }
    hosts::observe(source.bytes, &image.constants(), true, sink);
    Ok(())
}

/// The lists that Rust's and Go's tools put into a program.
fn bills(image: &Image<'_>, sink: &mut Sink<'_>) {
    for section in image.sections.iter().filter(|section| section.name == b".dep-v0") {
        bill::cargo(image.bytes, section.start, section.used(), sink);
    }
    let data = image.sections.iter().filter(|section| section.name.starts_with(b".data"));
    let found = data.into_iter().find_map(|section| bill::find_go(image.bytes, section.start, section.stored));
    if let Some(at) = found {
        let offset = |address: u64| image.offset_of(u32::try_from(address.checked_sub(image.base)?).ok()?);
        bill::go(image.bytes, at, &offset, sink);
    }
}
