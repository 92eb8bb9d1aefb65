//! The table of document formats: one module, one line each.
mod cargo_metadata;
mod cyclonedx_json;
mod cyclonedx_protobuf;
mod cyclonedx_textproto;
mod cyclonedx_xml;
mod spdx3_json;
mod spdx_json;
mod spdx_tag_value;

use interdict_model::Observer;

/// Every document format that is read.
#[rustfmt::skip]
pub const OBSERVERS: &[Observer] = &[
    cargo_metadata::ENTRY,
    cyclonedx_json::ENTRY,
    cyclonedx_protobuf::ENTRY,
    cyclonedx_textproto::ENTRY,
    cyclonedx_xml::ENTRY,
    spdx3_json::ENTRY,
    spdx_json::ENTRY,
    spdx_tag_value::ENTRY,
];
