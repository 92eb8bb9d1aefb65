//! The metadata: its streams, its tables, and numbers and names out of rows.
use interdict_model::Malformed;

use super::schema::TABLES;
use crate::read::{index, le16, le32, le64, until_zero};

/// Longest name read.
const LONGEST_NAME: usize = 16 * 1024;
const MOST_STREAMS: u16 = 64;

/// What a column of a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Two bytes.
    Short,
    /// Four bytes.
    Long,
    /// An offset into the heap of names.
    String,
    /// An index into the heap of GUIDs.
    Guid,
    /// An offset into the heap of blobs.
    Blob,
    /// A row of a table.
    Row(usize),
    /// A row of one of several tables, and the bits that say which.
    Coded(u32, &'static [usize]),
}

/// A table: where its rows start, how many there are in the file, how long each is.
#[derive(Clone, Copy, Debug, Default)]
struct Table {
    start: usize,
    rows: usize,
    size: usize,
}

/// Where everything is.
pub(super) struct Metadata<'a> {
    pub(super) bytes: &'a [u8],
    strings: usize,
    strings_end: usize,
    /// Where the heap of blobs starts and ends.
    blobs: (usize, usize),
    heaps: u8,
    counts: [u32; 64],
    tables: Vec<Table>,
    /// The first table that reaches past the end.
    pub(super) cut: Option<usize>,
}

impl<'a> Metadata<'a> {
    /// Reads the streams and finds the tables.
    pub(super) fn read(bytes: &'a [u8], root: usize) -> Result<Self, Malformed> {
        let broken = |what: &str| Malformed::at(format!("offset {root:#x}"), format!("{what} in the .NET metadata"));
        if le32(bytes, root) != Some(0x424a_5342) {
            return Err(broken("no `BSJB`"));
        }
        let version = le32(bytes, root + 12).map_or(0, index);
        let streams = root.saturating_add(16).saturating_add(version);
        let count = le16(bytes, streams.saturating_add(2)).unwrap_or(0).min(MOST_STREAMS);
        let (mut tables, mut strings, mut blobs) = (None, None, (0, 0));
        let mut at = streams.saturating_add(4);
        for _ in 0..count {
            let place = le32(bytes, at).map(index).zip(le32(bytes, at.saturating_add(4)).map(index));
            let name = until_zero(bytes, at.saturating_add(8), 32);
            let (Some((start, size)), Some(name)) = (place, name) else { break };
            let start = root.saturating_add(start);
            match name {
                b"#~" | b"#-" => tables = tables.or(Some(start)),
                // Of two heaps of one name the loader takes the last.
                b"#Blob" => blobs = (start, start.saturating_add(size).min(bytes.len())),
                b"#Strings" => strings = Some((start, start.saturating_add(size).min(bytes.len()))),
                _ => {}
            }
            at = at + 8 + (name.len() + 1).next_multiple_of(4);
        }
        let start = tables.ok_or_else(|| broken("no stream of tables"))?;
        let (strings, strings_end) = strings.ok_or_else(|| broken("no heap of names"))?;
        let heaps =
            bytes.get(start.saturating_add(6)).copied().ok_or_else(|| broken("a stream of tables cut short"))?;
        let counts = [0; 64];
        let tables = Vec::new();
        let mut metadata = Self { bytes, strings, strings_end, blobs, heaps, counts, tables, cut: None };
        metadata.place(start);
        Ok(metadata)
    }

    fn place(&mut self, start: usize) {
        let valid = le64(self.bytes, start.saturating_add(8)).unwrap_or(0);
        let mut at = start.saturating_add(24);
        for (table, count) in self.counts.iter_mut().enumerate() {
            if valid >> table & 1 == 1 {
                *count = le32(self.bytes, at).unwrap_or(0);
                at = at.saturating_add(4);
            }
        }
        if self.heaps & 0x40 != 0 {
            at = at.saturating_add(4);
        }
        for (number, columns) in TABLES.iter().enumerate() {
            let size: usize = columns.iter().map(|column| self.width(*column)).sum();
            let stated = self.counts.get(number).map_or(0, |count| index(*count));
            let rows = stated.min(self.bytes.len().saturating_sub(at).checked_div(size).unwrap_or(0));
            if rows < stated && self.cut.is_none() {
                self.cut = Some(number);
            }
            self.tables.push(Table { start: at, rows, size });
            at = at.saturating_add(size.saturating_mul(stated));
        }
    }

    fn width(&self, column: Column) -> usize {
        let rows = |table: usize| self.counts.get(table).copied().unwrap_or(0);
        let is_wide = match column {
            Column::Short => false,
            Column::Long => true,
            Column::String => self.heaps & 1 != 0,
            Column::Guid => self.heaps & 2 != 0,
            Column::Blob => self.heaps & 4 != 0,
            Column::Row(table) => rows(table) > 0xffff,
            Column::Coded(bits, tables) => tables.iter().any(|table| rows(*table) >= 1 << (16 - bits)),
        };
        if is_wide { 4 } else { 2 }
    }

    /// How many rows of a table the file holds.
    pub(super) fn rows(&self, table: usize) -> usize {
        self.tables.get(table).map_or(0, |table| table.rows)
    }

    /// Where a row starts.
    pub(super) fn row(&self, table: usize, row: usize) -> Option<usize> {
        let table = self.tables.get(table).filter(|table| row < table.rows)?;
        table.start.checked_add(row.checked_mul(table.size)?)
    }

    /// The number in a column of a row, which must be of this kind.
    pub(super) fn number(&self, table: usize, row: usize, column: usize, kind: Column) -> Option<u32> {
        let columns = TABLES.get(table)?;
        let before: usize = columns.iter().take(column).map(|column| self.width(*column)).sum();
        let at = self.row(table, row)?.checked_add(before)?;
        let column = columns.get(column).filter(|column| **column == kind)?;
        if self.width(*column) == 4 { le32(self.bytes, at) } else { le16(self.bytes, at).map(u32::from) }
    }

    /// A name of the heap, and where it stands.
    pub(super) fn string(&self, offset: usize) -> Option<(usize, &'a [u8])> {
        let at = self.strings.checked_add(offset)?;
        Some((at, until_zero(self.bytes.get(..self.strings_end)?, at, LONGEST_NAME)?))
    }

    /// A blob of the heap, and where it stands: its length comes first, in one, two or four bytes.
    pub(super) fn blob(&self, offset: usize) -> Option<(usize, &'a [u8])> {
        let (start, end) = self.blobs;
        let at = start.checked_add(offset).filter(|at| *at < end)?;
        let byte = |at: usize| self.bytes.get(at).copied().map(usize::from);
        let first = byte(at)?;
        let (len, size) = match first {
            0..=0x7f => (first, 1),
            0x80..=0xbf => ((first & 0x3f) << 8 | byte(at + 1)?, 2),
            _ => ((first & 0x1f) << 24 | byte(at + 1)? << 16 | byte(at + 2)? << 8 | byte(at + 3)?, 4),
        };
        let body = at + size;
        Some((body, self.bytes.get(body..body.checked_add(len)?.min(end))?))
    }
}
