//! The registry of binary formats: one line each.
mod android_xml;
mod apk_pkginfo;
mod coff;
mod content;
mod deb_control;
mod dex;
mod dotnet;
mod elf;
mod java_class;
mod mach_o;
mod msi;
mod oci_config;
mod pe;
mod plist;
mod rpm_header;
mod text;

use interdict_model::Observer;

/// Every observer of binaries, in the order of their ids.
pub const OBSERVERS: &[Observer] = &[
    android_xml::ENTRY,
    apk_pkginfo::ENTRY,
    coff::ENTRY,
    content::ENTRY,
    deb_control::ENTRY,
    dex::ENTRY,
    dotnet::ENTRY,
    elf::ENTRY,
    java_class::ENTRY,
    mach_o::ENTRY,
    oci_config::ENTRY,
    msi::ENTRY,
    pe::ENTRY,
    plist::ENTRY,
    rpm_header::ENTRY,
    text::ENTRY,
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
