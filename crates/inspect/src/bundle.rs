//! What a property list says of the bundle, service or right that it describes.
use interdict_model::{FactKind, Sink};

use crate::property_list::{self, Entry};
use crate::read::span;

/// What the text under a key says, where it is the list's own: lists of other programs have such keys further in.
const KEYS: &[(&str, FactKind)] = &[
    ("CFBundleIdentifier", FactKind::BundleId),
    ("CFBundleName", FactKind::ProductName),
    ("CFBundleDisplayName", FactKind::ProductName),
    ("CFBundleExecutable", FactKind::OriginalFileName),
    ("CFBundleShortVersionString", FactKind::Version),
    ("CFBundleVersion", FactKind::Version),
    ("CFBundleGetInfoString", FactKind::FileDescription),
    ("NSHumanReadableCopyright", FactKind::LegalCopyright),
    ("SUFeedURL", FactKind::Url),
    ("PackageIdentifier", FactKind::PackageName),
    ("PackageVersion", FactKind::Version),
    ("Label", FactKind::ServiceName),
    ("MachServices", FactKind::ServiceName),
    ("TeamIdentifier", FactKind::TeamId),
    ("com.apple.developer.team-identifier", FactKind::TeamId),
];
/// Dictionaries whose keys are names of services, or of libraries that a kernel extension needs.
const KEYED: &[(&str, FactKind)] = &[
    ("MachServices", FactKind::ServiceName),
    ("SMPrivilegedExecutables", FactKind::ServiceName),
    ("OSBundleLibraries", FactKind::NeededLibrary),
];

/// States it.
pub(crate) fn observe(bytes: &[u8], start: usize, end: usize, sink: &mut Sink<'_>) {
    let fault = property_list::read(bytes, start, end, &mut |entry| state(entry, sink));
    if let Some(fault) = fault {
        sink.gap(fault);
    }
}

/// Every right that a signature's entitlements ask for, and of those with a text that too.
pub(crate) fn observe_entitlements(bytes: &[u8], start: usize, end: usize, sink: &mut Sink<'_>) {
    let fault = property_list::read(bytes, start, end, &mut |entry| {
        state(entry, sink);
        let right = entry.value.map_or_else(|| entry.key.to_owned(), |value| format!("{}={value}", entry.key));
        sink.fact(FactKind::Permission, &right, span(entry.at, entry.len));
    });
    if let Some(fault) = fault {
        sink.gap(fault);
    }
}

fn state(entry: &Entry<'_>, sink: &mut Sink<'_>) {
    let place = span(entry.at, entry.len);
    if let Some(value) = entry.value.filter(|_| entry.is_outermost)
        && let Some((_, kind)) = KEYS.iter().find(|(key, _)| *key == entry.key)
    {
        sink.fact(*kind, value.trim(), place);
    }
    if let Some((_, kind)) = KEYED.iter().find(|(parent, _)| *parent == entry.parent) {
        sink.fact(*kind, entry.key, place);
    }
}
