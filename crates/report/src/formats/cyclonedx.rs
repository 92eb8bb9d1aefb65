//! CycloneDX JSON: the input's own BOM with what was found added, or a new one of what was found.
use super::{Bill, Writer};
use crate::bom;

pub(super) const ENTRY: Writer = Writer {
    id: "cyclonedx",
    title: "CycloneDX JSON: the input's BOM kept, what was found added with evidence",
    extension: "cdx.json",
    write: |report, _, out| bom::json(report, &bom::Ask::default(), out),
    bill: Some(Bill { upon: bom::ENCODINGS, editions: bom::EDITIONS, write: bom::json }),
};
