//! The registry of binary formats: one line each.
mod android_xml;
mod apk_pkginfo;
mod apk_signature;
mod certificate;
mod coff;
mod content;
mod crx;
mod deb_control;
mod dex;
mod dotnet;
mod elf;
mod java_class;
mod java_manifest;
mod mach_o;
mod msi;
mod oci_config;
mod package_json;
mod package_manifest;
mod pe;
mod pkcs7;
mod plist;
mod python_metadata;
mod rpm_database;
mod rpm_header;
mod text;
mod wasm;

use interdict_model::Observer;

/// Every observer of binaries, in the order of their ids.
pub const OBSERVERS: &[Observer] = &[
    android_xml::ENTRY,
    apk_pkginfo::ENTRY,
    apk_signature::ENTRY,
    certificate::ENTRY,
    coff::ENTRY,
    content::ENTRY,
    crx::ENTRY,
    deb_control::ENTRY,
    dex::ENTRY,
    dotnet::ENTRY,
    elf::ENTRY,
    java_class::ENTRY,
    java_manifest::ENTRY,
    mach_o::ENTRY,
    msi::ENTRY,
    oci_config::ENTRY,
    package_json::ENTRY,
    package_manifest::ENTRY,
    pe::ENTRY,
    pkcs7::ENTRY,
    plist::ENTRY,
    python_metadata::ENTRY,
    rpm_database::ENTRY,
    rpm_header::ENTRY,
    text::ENTRY,
    wasm::ENTRY,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_sorted_and_unique() {
        let ids: Vec<_> = OBSERVERS.iter().map(|observer| observer.id).collect();
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(ids, sorted);
    }
}
