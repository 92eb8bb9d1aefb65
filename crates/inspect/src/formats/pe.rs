//! PE: executables, libraries, drivers and firmware modules of Windows and EFI, whatever their extension.
mod debug;
mod exports;
mod image;
mod imports;
mod resources;
mod rtti;
mod signature;
mod version;

use interdict_model::{FactKind, Head, Malformed, Observer, Sink, Source, Technique};

use self::image::Image;
use crate::packed;
use crate::read::{le16, le32, span, text};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "pe",
    revision: 1,
    title: "PE executables, libraries, drivers and EFI modules",
    limitations: &[
        "Functions imported or exported by ordinal alone have no name to state.",
        "Files inside resources and behind the image are opened by unpackers, not read here.",
    ],
    technique: Technique::BinaryAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    if !head.starts_with(b"MZ") {
        return false;
    }
    let Some(at) = le32(head.bytes, 0x3c) else { return false };
    let at = crate::read::index(at);
    if at.saturating_add(4) <= head.bytes.len() {
        return head.has_at(at, b"PE\0\0");
    }
    // Cut before its header: linkers put the relocation table of the DOS stub at 0x40, DOS programs seldom do.
    le16(head.bytes, 0x18) == Some(0x40) && at < 0x1_0000
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let image = Image::read(source.bytes, sink)?;
    for section in &image.sections {
        sink.fact(FactKind::Section, &text(&section.name), span(section.header_at, section.name.len().min(8)));
    }
    let names = image.sections.iter().map(|section| section.name.as_slice());
    packed::observe(names, source.bytes, sink);
    imports::observe(&image, sink);
    exports::observe(&image, sink);
    debug::observe(&image, sink);
    resources::observe(&image, sink);
    if sink.wants(FactKind::TypeName) {
        rtti::observe(&image, sink);
    }
    signature::observe(&image, sink);
    Ok(())
}
