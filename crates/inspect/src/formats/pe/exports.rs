//! What a PE file offers to others, and the name it was built under.
use interdict_model::{FactKind, GapReason, Sink, Unseen};

use crate::mangled::Spaces;
use crate::pe_image::{Directory, Image};
use crate::read::{Budget, index, le16, le32, span, text, until_zero};

/// Longest names read.
const LONGEST_NAME: usize = 16 * 1024;
/// Functions read: ordinals have sixteen bits.
const MOST_FUNCTIONS: usize = 65_536;

/// States the module's name, its exports, and the libraries it forwards to.
pub(super) fn observe(image: &Image<'_>, sink: &mut Sink<'_>) {
    let Some((address, size)) = image.directory(Directory::Export).filter(|(at, _)| !image.is_zeros(*at)) else {
        return;
    };
    let gap = |sink: &mut Sink<'_>, detail: String| sink.gap(Unseen::new(GapReason::Malformed, detail));
    let header = image.offset_of(address).and_then(|at| at.checked_add(40).map(|end| (at, end)));
    let Some((at, _)) = header.filter(|(_, end)| *end <= image.bytes.len()) else {
        gap(sink, format!("the export directory at address {address:#x} lies outside the file"));
        return;
    };
    let field = |offset: usize| le32(image.bytes, at + offset).unwrap_or(0);
    let mut budget = Budget::for_file(image.bytes.len());
    let mut lost = 0_usize;
    if let Some((name_at, name)) = name_at(image, field(12)) {
        sink.fact(FactKind::OriginalFileName, &text(name), span(name_at, name.len()));
    }
    if sink.wants(FactKind::Export) || sink.wants(FactKind::Namespace) {
        let mut spaces = Spaces::default();
        let names = index(field(24));
        let table = image.offset_of(field(32));
        if names > 0 && table.is_none() {
            lost += names.min(MOST_FUNCTIONS);
        }
        for number in 0..names.min(MOST_FUNCTIONS) {
            let Some(table) = table else { break };
            let name = le32(image.bytes, table.saturating_add(number * 4)).and_then(|address| name_at(image, address));
            match name {
                Some((at, name)) if budget.spend(name.len()) => {
                    sink.fact(FactKind::Export, &text(name), span(at, name.len()));
                    spaces.symbol(name, at, sink);
                }
                _ => lost += 1,
            }
        }
    }
    if lost > 0 {
        gap(sink, format!("{lost} names of exported functions could not be read"));
    }
    let functions = (image.offset_of(field(28)), index(field(20)));
    if sink.wants(FactKind::Export) {
        by_number(image, &field, functions, sink);
    }
    forwarders(image, (address, size), functions, &mut budget, sink);
}

/// Functions that have no name, as `#7`.
fn by_number(image: &Image<'_>, field: &dyn Fn(usize) -> u32, functions: (Option<usize>, usize), sink: &mut Sink<'_>) {
    let (Some(table), count) = functions else { return };
    let count = count.min(MOST_FUNCTIONS).min(image.bytes.len().saturating_sub(table) / 4);
    let mut has_name = vec![false; count];
    let names = image.offset_of(field(36)).map(|at| (at, index(field(24)).min(MOST_FUNCTIONS)));
    for number in names.into_iter().flat_map(|(at, names)| (0..names).map(move |number| at.saturating_add(number * 2)))
    {
        let Some(function) = le16(image.bytes, number).map(usize::from) else { break };
        if let Some(named) = has_name.get_mut(function) {
            *named = true;
        }
    }
    for (number, _) in has_name.iter().enumerate().filter(|(_, named)| !**named) {
        let at = table + number * 4;
        // A gap in the numbering.
        if le32(image.bytes, at) != Some(0) {
            let ordinal = u64::from(field(16)) + number as u64;
            sink.fact(FactKind::Export, &format!("#{ordinal}"), span(at, 4));
        }
    }
}

/// An export that is an address inside the export directory names a function of another library: `NTDLL.RtlAlloc`.
fn forwarders(
    image: &Image<'_>,
    directory: (u32, u32),
    functions: (Option<usize>, usize),
    budget: &mut Budget,
    sink: &mut Sink<'_>,
) {
    let (Some(table), count) = functions else { return };
    let inside = directory.0..directory.0.saturating_add(directory.1);
    let mut libraries: Vec<&[u8]> = Vec::new();
    for number in 0..count.min(MOST_FUNCTIONS) {
        let Some(address) = le32(image.bytes, table.saturating_add(number * 4)) else { return };
        let Some((at, target)) = inside.contains(&address).then(|| name_at(image, address)).flatten() else { continue };
        let library = target.get(..memchr::memrchr(b'.', target).unwrap_or(0)).unwrap_or_default();
        if library.is_empty() || libraries.len() > 1024 || libraries.contains(&library) || !budget.spend(library.len())
        {
            continue;
        }
        libraries.push(library);
        sink.fact(FactKind::NeededLibrary, &format!("{}.dll", text(library)), span(at, library.len()));
    }
}

fn name_at<'a>(image: &Image<'a>, address: u32) -> Option<(usize, &'a [u8])> {
    let at = image.offset_of(address)?;
    Some((at, until_zero(image.bytes, at, LONGEST_NAME)?))
}
