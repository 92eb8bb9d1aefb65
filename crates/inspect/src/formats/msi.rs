//! Windows Installer packages and patches: what their tables say of the product, and of what it puts into place.
mod summary;

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::path::PathBuf;

use cfb::CompoundFile;
use encoding_rs::Encoding;
use interdict_model::{
    At, Cell, Database, FactKind, GapReason, Head, Malformed, Observer, Sink, Source, Technique, Unseen, spelled,
};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "msi",
    revision: 1,
    title: "Windows Installer packages (MSI, MSM, MSP): product, files, registry keys, services",
    limitations: &[
        "Of a patch, only its summary is read: its tables lie in transforms.",
        "Custom actions are offered to other readers, and not followed.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") && is_package(head.bytes)
}

/// The name of the pool of strings in two-in-one characters, or that of the summary beside the ending of a patch.
fn is_package(bytes: &[u8]) -> bool {
    const POOL: &[u16] = &[0x4840, 0x3f3f, 0x4577, 0x446c, 0x3e6a, 0x44b2, 0x482f];
    let pool: Vec<u8> = POOL.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    memchr::memmem::find(bytes, &pool).is_some()
}

/// No table of a package is longer; nor are so many rows of one told.
const LONGEST: u64 = 64 << 20;
const ROWS: usize = 1_000_000;

/// The streams of a package, by their names in plain letters.
struct Streams<'a> {
    file: CompoundFile<Cursor<&'a [u8]>>,
    paths: BTreeMap<String, PathBuf>,
}

impl<'a> Streams<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let file = CompoundFile::open(Cursor::new(bytes));
        let file =
            file.map_err(|why| Malformed::at("offset 0x0", format!("the compound file cannot be read: {why}")))?;
        let streams = file.walk().filter(cfb::Entry::is_stream);
        let paths = streams.map(|entry| (spelled(entry.name().encode_utf16()), entry.path().to_owned())).collect();
        Ok(Self { file, paths })
    }

    fn read(&mut self, name: &str) -> Option<Vec<u8>> {
        let path = self.paths.get(name)?;
        let mut held = Vec::new();
        // What can be had of a stream is used; its own reader tells what is missing.
        let _ = self.file.open_stream(path).ok()?.take(LONGEST).read_to_end(&mut held);
        Some(held)
    }
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    if !is_package(source.bytes) {
        return Err(Malformed::NotThis);
    }
    let mut streams = Streams::open(source.bytes)?;
    if let Some(summary) = streams.read("\u{5}SummaryInformation") {
        summary::observe(&summary, sink);
    }
    let pool = streams.read("!_StringPool").unwrap_or_default();
    let data = streams.read("!_StringData").unwrap_or_default();
    let columns = streams.read("!_Columns").unwrap_or_default();
    let Some(database) = Database::new(&pool, &data, &columns) else {
        return Err(Malformed::at("!_StringPool", "the pool of strings is empty"));
    };
    let mut tables = Tables { streams, database, sink };
    tables.properties();
    tables.told("Registry", &["Root", "Key"], &mut |tables, row| {
        let root = match row.first().and_then(|root| root.number()) {
            Some(0) => "HKCR\\",
            Some(1) => "HKCU\\",
            Some(2) => "HKLM\\",
            Some(3) => "HKU\\",
            _ => "",
        };
        let key = tables.text(row, 1);
        tables.fact(FactKind::RegistryKey, &format!("{root}{key}"), "Registry/Key");
    });
    tables.told("ServiceInstall", &["Name", "DisplayName"], &mut |tables, row| {
        for (at, column) in ["ServiceInstall/Name", "ServiceInstall/DisplayName"].into_iter().enumerate() {
            let name = tables.text(row, at);
            tables.fact(FactKind::ServiceName, &name, column);
        }
    });
    tables.told("File", &["FileName"], &mut |tables, row| {
        let name = tables.text(row, 0);
        let name = name.split_once('|').map_or(name.as_str(), |(_, long)| long);
        tables.fact(FactKind::OwnedPath, &format!("/{name}"), "File/FileName");
    });
    Ok(())
}

/// The tables, and whom they are told to.
struct Tables<'a, 'd, 's, 'k> {
    streams: Streams<'a>,
    database: Database<'d>,
    sink: &'s mut Sink<'k>,
}

impl<'d> Tables<'_, 'd, '_, '_> {
    fn told(&mut self, table: &str, columns: &[&str], each: &mut dyn FnMut(&mut Self, &[Cell<'d>])) {
        let Some(stream) = self.streams.read(&format!("!{table}")) else { return };
        let rows = self.database.rows(table, &stream, columns);
        if rows.len() > ROWS {
            let detail = format!("of {} rows of the table {table}, {ROWS} were read", rows.len());
            self.sink.gap(Unseen::new(GapReason::OverLimit, detail));
        }
        for row in rows.iter().take(ROWS) {
            each(self, row);
        }
    }

    fn properties(&mut self) {
        self.told("Property", &["Property", "Value"], &mut |tables, row| {
            let (name, value) = (tables.text(row, 0), tables.text(row, 1));
            let kinds: &[FactKind] = match name.as_str() {
                "ProductName" => &[FactKind::ProductName, FactKind::Name],
                "Manufacturer" => &[FactKind::Manufacturer],
                "ProductVersion" => &[FactKind::Version],
                "ProductCode" | "UpgradeCode" => &[FactKind::PackageName],
                "ARPCONTACT" => &[FactKind::Publisher],
                "ARPHELPLINK" | "ARPURLINFOABOUT" | "ARPURLUPDATEINFO" => &[FactKind::Url],
                "ARPCOMMENTS" => &[FactKind::Comment],
                _ => &[],
            };
            for kind in kinds {
                tables.fact(*kind, &value, &format!("Property/{name}"));
            }
        });
    }

    fn text(&self, row: &[Cell<'_>], at: usize) -> String {
        row.get(at).map(|cell| decoded(cell.text(), self.database.code_page())).unwrap_or_default()
    }

    fn fact(&mut self, kind: FactKind, value: &str, at: &str) {
        self.sink.fact(kind, value, At::Pointer("/", at));
    }
}

/// Text in one of the code pages of Windows; UTF-8 where none is stated or known.
fn decoded(raw: &[u8], page: u32) -> String {
    let label = match page {
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        page => format!("windows-{page}"),
    };
    match Encoding::for_label(label.as_bytes()).filter(|_| std::str::from_utf8(raw).is_err()) {
        Some(encoding) => encoding.decode_without_bom_handling(raw).0.into_owned(),
        None => String::from_utf8_lossy(raw).into_owned(),
    }
}
