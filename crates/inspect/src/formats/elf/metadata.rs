//! What builders leave behind: their own names, the name of the debug file, lists of what went in, a kernel module's
//! description of itself.
use std::collections::BTreeSet;

use interdict_model::{FactKind, Sink};

use super::layout::Layout;
use crate::bill;
use crate::read::{span, text, until_zero};

/// Longest path read.
const LONGEST_PATH: usize = 16 * 1024;
/// Longest name of a compiler read, and how many of one file.
const LONGEST_COMMENT: usize = 1024;
const MOST_COMMENTS: usize = 256;

/// States them.
pub(super) fn observe(layout: &Layout<'_>, sink: &mut Sink<'_>) {
    for name in [&b".gnu_debuglink"[..], b".gnu_debugaltlink"] {
        for section in layout.named(name) {
            let (at, data) = layout.data(section);
            if let Some(path) = until_zero(data, 0, LONGEST_PATH) {
                sink.fact(FactKind::DebugPath, &text(path), span(at, path.len()));
            }
        }
    }
    for section in layout.named(b".modinfo") {
        let (at, data) = layout.data(section);
        module_info(at, data, sink);
    }
    for section in layout.named(b".comment") {
        let (at, data) = layout.data(section);
        comments(at, data, sink);
    }
    bills(layout, sink);
}

/// Each compiler that had a hand in it, once.
fn comments(start: usize, data: &[u8], sink: &mut Sink<'_>) {
    let mut told = BTreeSet::new();
    let mut at = start;
    for entry in data.split(|byte| *byte == 0) {
        if (1..=LONGEST_COMMENT).contains(&entry.len()) && told.len() < MOST_COMMENTS && told.insert(entry) {
            sink.fact(FactKind::Toolchain, &text(entry), span(at, entry.len()));
        }
        at += entry.len() + 1;
    }
}

/// The lists that Rust's and Go's tools put into a program.
fn bills(layout: &Layout<'_>, sink: &mut Sink<'_>) {
    for section in layout.named(b".dep-v0") {
        let (at, data) = layout.data(section);
        bill::cargo(layout.bytes, at, data.len(), sink);
    }
    let named = layout.named(b".go.buildinfo").find_map(|section| {
        let (at, data) = layout.data(section);
        bill::find_go(layout.bytes, at, data.len())
    });
    // Without sections it stands at the head of a segment of data.
    let found = named.or_else(|| {
        let segments = if layout.sections.is_empty() { layout.writable() } else { Vec::new() };
        segments.into_iter().find_map(|(start, len)| bill::find_go(layout.bytes, start, len))
    });
    if let Some(at) = found {
        bill::go(layout.bytes, at, &|address| layout.offset_of(address), sink);
    }
}

/// `key=value` texts, each ended by zeros, as the kernel's `MODULE_INFO` writes them.
fn module_info(start: usize, data: &[u8], sink: &mut Sink<'_>) {
    let mut at = start;
    for entry in data.split(|byte| *byte == 0) {
        if let Some(sign) = memchr::memchr(b'=', entry) {
            let (key, value) = entry.split_at(sign);
            let value = value.get(1..).unwrap_or_default();
            let kind = match key {
                b"author" => Some(FactKind::Author),
                b"description" => Some(FactKind::FileDescription),
                b"version" => Some(FactKind::Version),
                b"name" => Some(FactKind::OriginalFileName),
                _ => None,
            };
            if let Some(kind) = kind {
                sink.fact(kind, &text(value), span(at + sign + 1, value.len()));
            }
        }
        at += entry.len() + 1;
    }
}
