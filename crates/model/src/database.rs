//! The tables of a Windows Installer database, out of its streams: what two rooms read, each with its own reader of streams.
use std::collections::BTreeMap;

/// The names, columns and strings of all tables; bytes as they stand, in the database's code page.
#[derive(Debug)]
pub struct Database<'s> {
    strings: Strings<'s>,
    /// By table: the columns in their order.
    columns: BTreeMap<&'s [u8], Vec<Column<'s>>>,
}

/// One value of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'s> {
    /// Empty where there is none.
    Text(&'s [u8]),
    /// Nothing where it is null.
    Number(Option<i64>),
}

#[derive(Clone, Copy, Debug)]
struct Column<'s> {
    number: i64,
    name: &'s [u8],
    kind: u16,
}

const STRING: u16 = 0x0800;
const VALID: u16 = 0x0100;
const NULLABLE: u16 = 0x1000;

impl<'s> Cell<'s> {
    /// The text; empty for numbers.
    pub fn text(self) -> &'s [u8] {
        match self {
            Self::Text(text) => text,
            Self::Number(_) => &[],
        }
    }

    /// The number; nothing for text.
    pub fn number(self) -> Option<i64> {
        match self {
            Self::Text(_) => None,
            Self::Number(number) => number,
        }
    }
}

impl<'s> Database<'s> {
    /// Reads the catalogue from the streams `!_StringPool`, `!_StringData` and `!_Columns`.
    pub fn new(pool: &[u8], data: &'s [u8], columns: &[u8]) -> Option<Self> {
        let strings = Strings::new(pool, data)?;
        let mut database = Self { strings, columns: BTreeMap::new() };
        let own = [STRING | VALID | 64, VALID | 2, STRING | VALID | 64, VALID | 2];
        for row in database.cells(columns, &own) {
            let [table, number, name, kind] = row.as_slice() else { continue };
            let kind = kind.number().and_then(|kind| u16::try_from(kind & 0xffff).ok()).unwrap_or_default();
            let column = Column { number: number.number().unwrap_or_default(), name: name.text(), kind };
            database.columns.entry(table.text()).or_default().push(column);
        }
        for columns in database.columns.values_mut() {
            columns.sort_by_key(|column| column.number);
        }
        Some(database)
    }

    /// The number of the code page its strings are in; 0 where it says nothing.
    pub fn code_page(&self) -> u32 {
        self.strings.code_page
    }

    /// The names of all tables that have columns, and how many bytes a row of each has in its stream.
    pub fn tables(&self) -> impl Iterator<Item = (&'s [u8], usize)> + '_ {
        let length = |columns: &Vec<Column<'_>>| columns.iter().map(|column| self.width(column.kind)).sum();
        self.columns.iter().map(move |(name, columns)| (*name, length(columns)))
    }

    /// The rows of a table, out of its stream, with these columns of it; a column it does not have is an empty text.
    pub fn rows(&self, table: &str, stream: &[u8], wanted: &[&str]) -> Vec<Vec<Cell<'s>>> {
        let Some(columns) = self.columns.get(table.as_bytes()) else { return Vec::new() };
        let kinds: Vec<u16> = columns.iter().map(|column| column.kind).collect();
        let places: Vec<Option<usize>> =
            wanted.iter().map(|name| columns.iter().position(|column| column.name == name.as_bytes())).collect();
        let rows = self.cells(stream, &kinds).into_iter();
        let pick = |row: &[Cell<'s>], place: &Option<usize>| {
            place.and_then(|place| row.get(place).copied()).unwrap_or(Cell::Text(&[]))
        };
        rows.map(|row| places.iter().map(|place| pick(&row, place)).collect()).collect()
    }

    /// Values stand column by column: the first of every row, then the second.
    fn cells(&self, stream: &[u8], kinds: &[u16]) -> Vec<Vec<Cell<'s>>> {
        let width: usize = kinds.iter().map(|kind| self.width(*kind)).sum();
        let count = stream.len().checked_div(width).unwrap_or_default();
        let mut rows: Vec<Vec<Cell<'s>>> = (0..count).map(|_| Vec::with_capacity(kinds.len())).collect();
        let mut rest = stream;
        for kind in kinds {
            let width = self.width(*kind);
            let (values, after) = rest.split_at_checked(width * count).unwrap_or_default();
            for (row, value) in rows.iter_mut().zip(values.chunks_exact(width.max(1))) {
                row.push(self.cell(*kind, value));
            }
            rest = after;
        }
        rows
    }

    fn width(&self, kind: u16) -> usize {
        match kind {
            _ if is_object(kind) => 2,
            _ if kind & STRING != 0 => self.strings.width,
            _ if kind & 0xff == 4 => 4,
            _ => 2,
        }
    }

    fn cell(&self, kind: u16, value: &[u8]) -> Cell<'s> {
        let raw = value.iter().rev().fold(0_i64, |number, byte| number << 8 | i64::from(*byte));
        if kind & STRING != 0 && !is_object(kind) {
            return Cell::Text(usize::try_from(raw).ok().and_then(|index| self.strings.get(index)).unwrap_or_default());
        }
        let bias = if value.len() == 4 { 0x8000_0000 } else { 0x8000 };
        Cell::Number((raw != 0).then_some(raw - bias))
    }
}

/// A stream of its own; the table only says whether it is there.
fn is_object(kind: u16) -> bool {
    kind & !NULLABLE == STRING | VALID
}

#[derive(Debug)]
struct Strings<'s> {
    code_page: u32,
    /// Bytes of a reference.
    width: usize,
    all: Vec<&'s [u8]>,
}

impl<'s> Strings<'s> {
    fn new(pool: &[u8], data: &'s [u8]) -> Option<Self> {
        let mut pairs = pool.chunks_exact(4).filter_map(|four| {
            let (length, count) = four.split_first_chunk::<2>()?;
            Some((u16::from_le_bytes(*length), u16::from_le_bytes(count.try_into().ok()?)))
        });
        let (low, high) = pairs.next()?;
        let width = if high & 0x8000 != 0 { 3 } else { 2 };
        let code_page = u32::from(low) | u32::from(high & 0x7fff) << 16;
        // References count from one.
        let (mut all, mut rest): (Vec<&[u8]>, &[u8]) = (vec![&[]], data);
        while let Some((length, count)) = pairs.next() {
            let length = match (length, count) {
                (0, 0) => 0,
                // What is longer than 64 KiB has its length in a pair of its own.
                (0, _) => pairs.next().map_or(0, |(low, high)| usize::from(high) << 16 | usize::from(low)),
                (length, _) => usize::from(length),
            };
            let (string, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
            all.push(string);
            rest = after;
        }
        Some(Self { code_page, width, all })
    }

    fn get(&self, index: usize) -> Option<&'s [u8]> {
        self.all.get(index).copied()
    }
}

/// The name of a stream with the two-in-one characters that Windows Installer writes; tables begin with `!`.
pub fn spelled(units: impl IntoIterator<Item = u16>) -> String {
    const LETTERS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._";
    let letter = |index: u16| LETTERS.get(usize::from(index & 63)).copied().map_or('?', char::from);
    let mut out = String::new();
    for unit in char::decode_utf16(units) {
        let unit = unit.unwrap_or(char::REPLACEMENT_CHARACTER);
        match u16::try_from(u32::from(unit)).unwrap_or_default() {
            packed @ 0x3800..0x4800 => {
                out.push(letter(packed - 0x3800));
                out.push(letter((packed - 0x3800) >> 6));
            }
            packed @ 0x4800..0x4840 => out.push(letter(packed - 0x4800)),
            0x4840 => out.push('!'),
            _ => out.push(unit),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(pairs: &[(u16, u16)]) -> Vec<u8> {
        pairs.iter().flat_map(|(a, b)| [a.to_le_bytes(), b.to_le_bytes()].concat()).collect()
    }

    fn words(words: &[u16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    #[test]
    fn rows_out_of_columns() {
        // Strings: 1 `File`, 2 `Key`, 3 `Size`, 4 none, 5 `a.dll`.
        let pool = pool(&[(1252, 0), (4, 1), (3, 1), (4, 1), (0, 0), (5, 1)]);
        let data = b"FileKeySizea.dll";
        let columns = words(&[1, 1, 0x8002, 0x8001, 3, 2, 0x8104, 0x8d48]);
        let database = Database::new(&pool, data, &columns).unwrap();
        assert_eq!(database.code_page(), 1252);
        assert_eq!(database.tables().collect::<Vec<_>>(), [(b"File".as_slice(), 6)]);
        // Two rows: keys 5 and 4 (none), sizes 7 and null.
        let stream = [words(&[5, 4]), 0x8000_0007_u32.to_le_bytes().to_vec(), vec![0; 4]].concat();
        let rows = database.rows("File", &stream, &["Size", "Key", "Gone"]);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0], [Cell::Number(Some(7)), Cell::Text(b"a.dll"), Cell::Text(b"")]);
        assert_eq!(rows[1], [Cell::Number(None), Cell::Text(b""), Cell::Text(b"")]);
        assert!(database.rows("Gone", &stream, &["Size"]).is_empty());
    }

    #[test]
    fn lies_end_in_empty_texts() {
        let long = pool(&[(0, 0x8000), (0, 1), (9, 0), (9, 1)]);
        let database = Database::new(&long, b"123456789abc", &[]).unwrap();
        assert_eq!(database.strings.all, [b"".as_slice(), b"123456789", b"abc"]);
        assert_eq!(database.strings.width, 3);
        assert!(Database::new(b"abc", b"", b"").is_none());
    }

    #[test]
    fn names_of_tables_are_spelled_out() {
        assert_eq!(spelled([0x4840, 0x430f, 0x422f]), "!File");
        assert_eq!(spelled([0x61, 0xd800]), "a\u{fffd}");
        assert_eq!(spelled([5, 0x53]), "\u{5}S");
    }
}
