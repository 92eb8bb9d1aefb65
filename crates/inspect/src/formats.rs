//! The registry of binary formats: one line each.
mod android_xml;
mod coff;
mod content;
mod dex;
mod dotnet;
mod elf;
mod java_class;
mod mach_o;
mod pe;
mod plist;
mod text;

use interdict_model::Observer;

/// Every observer of binaries, in the order of their ids.
pub const OBSERVERS: &[Observer] = &[
    android_xml::ENTRY,
    coff::ENTRY,
    content::ENTRY,
    dex::ENTRY,
    dotnet::ENTRY,
    elf::ENTRY,
    java_class::ENTRY,
    mach_o::ENTRY,
    pe::ENTRY,
    plist::ENTRY,
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
