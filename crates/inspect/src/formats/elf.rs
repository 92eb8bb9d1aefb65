//! ELF: executables, libraries, relocatable objects and kernel modules of either width and byte order.
mod debug;
mod dynamic;
mod layout;
mod metadata;
mod notes;
mod symbols;
mod versions;

use interdict_model::{At, FactKind, Head, Malformed, Observer, Sink, Source, Technique};

use self::layout::Layout;
use crate::read::{Budget, span, text};
use crate::{certificate, hosts, mangled, overlay, packed};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "elf",
    revision: 1,
    title: "ELF executables, libraries, objects and kernel modules",
    limitations: &[
        "Of DWARF debug information only paths are told, where it is not compressed, up to a thousand of them.",
    ],
    technique: Technique::BinaryAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"\x7fELF")
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let layout = Layout::read(source.bytes, sink)?;
    sink.fact(FactKind::Program, ENTRY.id, At::Whole);
    let mut budget = Budget::for_file(source.bytes.len());
    for section in &layout.sections {
        if let Some((at, name)) = layout.section_name(section).filter(|(_, name)| budget.spend(name.len())) {
            sink.fact(FactKind::Section, &text(name), span(at, name.len()));
        }
    }
    let names = layout.sections.iter().filter_map(|section| layout.section_name(section)).map(|(_, name)| name);
    let is_known = packed::observe(names, source.bytes, sink);
    if layout.sections.is_empty() && !is_known {
        packed::observe_noise(source.bytes, &layout.programs(), "a program without sections", sink);
    }
    let dynamic = dynamic::observe(&layout, sink);
    versions::observe(&layout, dynamic.as_ref(), sink);
    notes::observe(&layout, sink);
    metadata::observe(&layout, sink);
    debug::observe(&layout, sink);
    certificate::observe(source.bytes, 0, source.bytes.len(), sink);
    overlay::observe(source.bytes, layout.end(), sink);
    hosts::observe(source.bytes, &layout.constants(), false, sink);
    let wanted = [FactKind::DefinedSymbol, FactKind::UndefinedSymbol, FactKind::TypeName, FactKind::Namespace];
    if wanted.iter().any(|kind| sink.wants(*kind)) {
        symbols::observe(&layout, dynamic.as_ref(), sink);
    }
    mangled::observe_types(source.bytes, &layout.constants(), sink);
    Ok(())
}
