//! What a Windows Installer package calls the files of its cabinets, and which of them lie outside it: from its tables.
use std::collections::{BTreeMap, BTreeSet};

use encoding_rs::Encoding;
use interdict_model::{Cell, Database};

/// What the tables say of the package's files.
#[derive(Default)]
pub(super) struct Plan {
    /// By the name in a cabinet: the path it is installed to; sorted.
    pub(super) names: Vec<(Vec<u8>, Vec<u8>)>,
    /// Cabinets that lie beside the package.
    pub(super) outside: BTreeSet<String>,
    /// How many files lie beside it as they are.
    pub(super) loose: usize,
    /// The streams that are tables, with the bytes of a row: numbers that lead to the strings, and no content.
    tables: BTreeMap<String, u64>,
}

impl Plan {
    /// Whether a stream of this name and length is rows of a table and nothing else.
    pub(super) fn is_table(&self, name: &str, length: u64) -> bool {
        self.tables.get(name).is_some_and(|row| length.is_multiple_of(*row))
    }
}

/// Reads what it can; nothing where the streams are not those of a package.
pub(super) fn plan(stream: &dyn Fn(&str) -> Option<Vec<u8>>) -> Option<Plan> {
    let (pool, data) = (stream("!_StringPool")?, stream("!_StringData")?);
    let database = Database::new(&pool, &data, &stream("!_Columns")?)?;
    let rows = |table: &str, columns: &[&str]| {
        let held = stream(&format!("!{table}")).unwrap_or_default();
        database.rows(table, &held, columns)
    };
    let page = database.code_page();
    let folders = folders(&rows("Directory", &["Directory", "Directory_Parent", "DefaultDir"]), page);
    let components = rows("Component", &["Component", "Directory_"]);
    let components: BTreeMap<&[u8], &[u8]> =
        components.iter().filter_map(|row| Some((row.first()?.text(), row.get(1)?.text()))).collect();
    let files = rows("File", &["File", "Component_", "FileName", "Sequence", "Attributes"]);
    let tables = database.tables().filter_map(|(name, row)| Some((std::str::from_utf8(name).ok()?, row)));
    let own = [("_StringPool", 4), ("_Tables", 2), ("_Columns", 2)];
    let tables = tables.chain(own).map(|(name, row)| (format!("!{name}"), row.max(1) as u64));
    let mut plan = Plan { tables: tables.collect(), ..Plan::default() };
    for row in &files {
        let [key, component, name, ..] = row.as_slice() else { continue };
        let folder = components.get(component.text()).and_then(|folder| folders.get(folder));
        let name = long(&decoded(name.text(), page)).to_owned();
        let path = folder.filter(|folder| !folder.is_empty()).map_or(name.clone(), |folder| format!("{folder}/{name}"));
        if !name.is_empty() {
            plan.names.push((key.text().to_vec(), path.into_bytes()));
        }
    }
    plan.names.sort();
    plan.names.dedup_by(|later, earlier| later.0 == earlier.0);
    media(&rows("Media", &["LastSequence", "Cabinet"]), &files, page, &mut plan);
    Some(plan)
}

/// Each medium holds the files up to its last sequence: in a stream, in a cabinet beside the package, or as they are.
fn media(media: &[Vec<Cell<'_>>], files: &[Vec<Cell<'_>>], page: u32, plan: &mut Plan) {
    const NOT_COMPRESSED: i64 = 0x2000;
    let mut lasts: Vec<(i64, &[u8])> =
        media.iter().filter_map(|row| Some((row.first()?.number().unwrap_or_default(), row.get(1)?.text()))).collect();
    lasts.sort_unstable();
    for (_, cabinet) in lasts.iter().filter(|(_, cabinet)| !cabinet.is_empty() && !cabinet.starts_with(b"#")) {
        plan.outside.insert(decoded(cabinet, page));
    }
    let is_loose = |row: &&Vec<Cell<'_>>| {
        let number = |at: usize| row.get(at).and_then(|cell| cell.number()).unwrap_or_default();
        let of = lasts.iter().find(|(last, _)| number(3) <= *last);
        number(4) & NOT_COMPRESSED != 0 || of.is_some_and(|(_, cabinet)| cabinet.is_empty())
    };
    plan.loose = files.iter().filter(is_loose).count();
}

/// No folder lies deeper, and no path is longer.
const DEEPEST: usize = 64;
const LONGEST: usize = 4096;

/// The path of every folder, by its key.
fn folders<'s>(rows: &[Vec<Cell<'s>>], page: u32) -> BTreeMap<&'s [u8], String> {
    let mut parents: BTreeMap<&[u8], (&[u8], String)> = BTreeMap::new();
    for row in rows {
        let [key, parent, name] = row.as_slice() else { continue };
        let decoded = decoded(name.text(), page);
        let target = decoded.split_once(':').map_or(decoded.as_str(), |(target, _)| target);
        let is_root = parent.text().is_empty() || parent.text() == key.text();
        let name = match long(target) {
            _ if is_root => String::new(),
            // A folder of the system has no name of its own but its key.
            "." if key.text().ends_with(b"Folder") => String::from_utf8_lossy(key.text()).into_owned(),
            "." => String::new(),
            name => name.to_owned(),
        };
        parents.insert(key.text(), (if is_root { &[] } else { parent.text() }, name));
    }
    let path = |key: &&'s [u8]| {
        let (mut parts, mut at, mut length) = (Vec::new(), *key, 0);
        while let Some((parent, name)) = parents.get(at).filter(|_| parts.len() < DEEPEST && length < LONGEST) {
            parts.push(name.as_str());
            length += name.len();
            at = parent;
        }
        parts.retain(|part| !part.is_empty());
        parts.reverse();
        parts.join("/")
    };
    parents.keys().map(|key| (*key, path(key))).collect()
}

/// `SHORT~1.DLL|long name.dll`: the long one.
fn long(name: &str) -> &str {
    name.split_once('|').map_or(name, |(_, long)| long)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_have_paths_however_knotted() {
        let rows: Vec<Vec<Cell<'_>>> = [
            ["TARGETDIR", "", "SourceDir"],
            ["ProgramFilesFolder", "TARGETDIR", "."],
            ["ACME", "ProgramFilesFolder", "ACME~1|Acme Tools:src"],
            ["bin", "ACME", "bin"],
            ["here", "bin", "."],
            ["a", "b", "x"],
            ["b", "a", "y"],
        ]
        .iter()
        .map(|row| row.iter().map(|text| Cell::Text(text.as_bytes())).collect())
        .collect();
        let folders = folders(&rows, 0);
        let path = |key: &str| folders[key.as_bytes()].as_str();
        assert_eq!((path("TARGETDIR"), path("here")), ("", "ProgramFilesFolder/Acme Tools/bin"));
        assert_eq!(path("a").split('/').count(), DEEPEST);
    }

    #[test]
    fn texts_in_code_pages() {
        assert_eq!(decoded(b"\xca\xe0", 1251), "Ка");
        assert_eq!(decoded("Ж".as_bytes(), 1251), "Ж");
        assert_eq!(decoded(b"\xff", 0), "\u{fffd}");
    }
}
