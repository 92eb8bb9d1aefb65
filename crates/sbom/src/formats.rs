//! The table of document formats: one module, one line each.
mod cargo_lock;
mod cargo_metadata;
mod cpe_list;
mod cyclonedx_json;
mod cyclonedx_protobuf;
mod cyclonedx_textproto;
mod cyclonedx_xml;
mod lock_file;
mod purl_list;
mod spdx3_json;
mod spdx_json;
mod spdx_rdf;
mod spdx_tag_value;
mod spdx_xml;
mod spdx_yaml;
mod swid;
mod syft_json;

use interdict_model::Observer;

/// Every document format that is read.
#[rustfmt::skip]
pub const OBSERVERS: &[Observer] = &[
    cargo_lock::ENTRY,
    cargo_metadata::ENTRY,
    cpe_list::ENTRY,
    cyclonedx_json::ENTRY,
    cyclonedx_protobuf::ENTRY,
    cyclonedx_textproto::ENTRY,
    cyclonedx_xml::ENTRY,
    lock_file::ENTRY,
    purl_list::ENTRY,
    spdx3_json::ENTRY,
    spdx_json::ENTRY,
    spdx_rdf::ENTRY,
    spdx_tag_value::ENTRY,
    spdx_xml::ENTRY,
    spdx_yaml::ENTRY,
    swid::ENTRY,
    syft_json::ENTRY,
];
