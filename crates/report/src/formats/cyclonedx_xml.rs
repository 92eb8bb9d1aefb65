//! CycloneDX XML: the same as the JSON, for tools that read the other encoding.
use super::{Bill, Writer};
use crate::bom;

pub(super) const ENTRY: Writer = Writer {
    id: "cyclonedx-xml",
    title: "CycloneDX XML: the same in the other encoding",
    extension: "cdx.xml",
    write: |report, _, out| bom::xml(report, &bom::Ask::default(), out),
    bill: Some(Bill { upon: bom::ENCODINGS, editions: bom::EDITIONS, write: bom::xml }),
};
