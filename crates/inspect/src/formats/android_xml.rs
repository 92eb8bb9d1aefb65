//! Android's binary XML: the manifest of a program, with the components it declares.
mod strings;

use std::cell::Cell;

use interdict_model::{FactKind, GapReason, Head, Malformed, Observer, Sink, Source, Technique, Unseen};

use self::strings::Strings;
use crate::read::{Budget, index, le16, le32, unread};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "android-xml",
    revision: 1,
    title: "Android manifests in binary XML",
    limitations: &["Values that are references to resources are not looked up."],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

const XML: u16 = 0x0003;
const STRING_POOL: u16 = 0x0001;
const RESOURCE_MAP: u16 = 0x0180;
const START_ELEMENT: u16 = 0x0102;
const TYPE_STRING: u8 = 3;
/// `android:name`, `android:versionName` by their resource ids: their spelling may be stripped.
const NAME: u32 = 0x0101_0003;
const VERSION_NAME: u32 = 0x0101_021c;
/// The number that stands for no string.
const NONE: u32 = u32::MAX;
/// Chunks read of one file.
const MOST_CHUNKS: usize = 1 << 20;
/// Elements whose name is that of a class, and may be relative to the package.
const COMPONENTS: &[&str] =
    &["application", "activity", "activity-alias", "service", "receiver", "provider", "instrumentation"];
/// Elements whose name is one of another kind.
const NAMED: &[&str] = &["meta-data", "permission", "uses-permission", "uses-library", "uses-native-library", "action"];

fn accepts(head: &Head<'_>) -> bool {
    // Type XML with a header of eight bytes, and a string pool at its head.
    head.starts_with(b"\x03\x00\x08\x00") && le16(head.bytes, 8) == Some(STRING_POOL)
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let bytes = source.bytes;
    if le16(bytes, 0) != Some(XML) {
        return Err(Malformed::at("offset 0x0", "no binary XML header"));
    }
    let stated = le32(bytes, 4).map_or(0, index);
    if stated > bytes.len() {
        let detail = format!("the document has {stated:#x} bytes and the file ends at {:#x}", bytes.len());
        sink.gap(Unseen::new(GapReason::Malformed, detail));
    }
    let mut reader = Reader { bytes, ..Reader::default() };
    let mut budget = Budget::for_file(bytes.len());
    let mut at = 8;
    for _ in 0..MOST_CHUNKS {
        let Some((kind, size)) = le16(bytes, at).zip(le32(bytes, at + 4).map(index)) else { break };
        if size < 8 || at.saturating_add(size) > bytes.len() {
            let detail =
                format!("the chunk at offset {at:#x} has {size:#x} bytes and the file ends at {:#x}", bytes.len());
            sink.gap(unread(detail, at as u64, bytes.len() as u64));
            if size < 8 {
                break;
            }
        }
        match kind {
            STRING_POOL if reader.strings.is_none() => reader.strings = Strings::read(bytes, at, size),
            RESOURCE_MAP => reader.resources = (at + 8, size.saturating_sub(8) / 4),
            START_ELEMENT => {
                sink.seen();
                reader.element(at, &mut budget, sink);
            }
            _ => {}
        }
        at = at.saturating_add(size);
    }
    if reader.lost.get() > 0 {
        let detail = format!("{} names and values lie outside the string pool", reader.lost.get());
        sink.gap(Unseen::new(GapReason::Malformed, detail));
    }
    if reader.strings.is_none() {
        return Err(Malformed::at("offset 0x8", "the string pool cannot be read"));
    }
    Ok(())
}

/// An attribute: its resource id or spelling, and its value as text with the place of that.
struct Attribute {
    id: Option<u32>,
    name: String,
    value: String,
    place: (usize, usize),
}

#[derive(Default)]
struct Reader<'a> {
    bytes: &'a [u8],
    strings: Option<Strings>,
    /// Where the resource ids of attribute names stand, and how many.
    resources: (usize, usize),
    package: String,
    /// Strings that lie outside the pool.
    lost: Cell<usize>,
}

impl Reader<'_> {
    fn element(&mut self, at: usize, budget: &mut Budget, sink: &mut Sink<'_>) {
        let header = le16(self.bytes, at + 2).map_or(16, usize::from);
        let body = at + header;
        let name = le32(self.bytes, body + 4).and_then(|number| self.string(number)).map(|(name, ..)| name);
        let Some(name) = name.filter(|name| budget.spend(name.len())) else { return };
        let attributes = self.attributes(body, budget);
        if name == "manifest" {
            let package = attributes.iter().find(|attribute| attribute.name == "package");
            if let Some(package) = package {
                self.package.clone_from(&package.value);
                state(FactKind::PackageName, &package.value, package, sink);
            }
            let version = attributes.iter().find(|one| one.id == Some(VERSION_NAME) || one.name == "versionName");
            if let Some(version) = version {
                state(FactKind::Version, &version.value, version, sink);
            }
            return;
        }
        let is_component = COMPONENTS.contains(&name.as_str());
        if is_component || NAMED.contains(&name.as_str()) {
            let named = attributes.iter().find(|one| one.id == Some(NAME) || (one.id.is_none() && one.name == "name"));
            if let Some(named) = named {
                let full = if is_component { self.resolved(&named.value) } else { named.value.clone() };
                state(FactKind::ManifestName, &full, named, sink);
            }
        }
    }

    /// `.Name` and `Name` are relative to the package.
    fn resolved(&self, name: &str) -> String {
        match name {
            _ if self.package.is_empty() || name.is_empty() => name.to_owned(),
            _ if name.starts_with('.') => format!("{}{name}", self.package),
            _ if !name.contains('.') => format!("{}.{name}", self.package),
            _ => name.to_owned(),
        }
    }

    fn attributes(&self, body: usize, budget: &mut Budget) -> Vec<Attribute> {
        let layout = [8, 10, 12].map(|at| le16(self.bytes, body + at).map(usize::from));
        let [Some(start), Some(size), Some(count)] = layout else { return Vec::new() };
        // Smaller ones would overlap.
        let size = size.max(20);
        let entries = (0..count).map(|number| body + start + number * size);
        let entries = entries.take_while(|at| at + 20 <= self.bytes.len());
        entries.filter_map(|at| self.attribute(at, budget)).collect()
    }

    /// The attribute at a place, where its value is text.
    fn attribute(&self, at: usize, budget: &mut Budget) -> Option<Attribute> {
        let name_number = le32(self.bytes, at + 4)?;
        let raw = le32(self.bytes, at + 8)?;
        let kind = *self.bytes.get(at + 15)?;
        let data = le32(self.bytes, at + 16)?;
        let (value, start, end) = self.string(if kind == TYPE_STRING { data } else { raw })?;
        if !budget.spend(value.len()) {
            return None;
        }
        let name = self.string(name_number).map(|(name, ..)| name).unwrap_or_default();
        let value = value.trim_end_matches('\0').to_owned();
        Some(Attribute { id: self.resource(name_number), name, value, place: (start, end) })
    }

    fn resource(&self, number: u32) -> Option<u32> {
        let (start, count) = self.resources;
        le32(self.bytes, start.saturating_add(index(number) * 4)).filter(|id| index(number) < count && *id != 0)
    }

    fn string(&self, number: u32) -> Option<(String, usize, usize)> {
        let string = self.strings.as_ref()?.get(self.bytes, number);
        if string.is_none() && number != NONE {
            self.lost.set(self.lost.get() + 1);
        }
        string
    }
}

fn state(kind: FactKind, value: &str, attribute: &Attribute, sink: &mut Sink<'_>) {
    let (start, end) = attribute.place;
    sink.fact(kind, value, interdict_model::At::Bytes(start as u64, end as u64));
}
