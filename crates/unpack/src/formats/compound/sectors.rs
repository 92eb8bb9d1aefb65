//! Sectors and their chains (MS-CFB §2.2 to 2.5).
use crate::extents::Extents;
use crate::field::{range, u16_le, u32_le};

pub(super) struct Sectors<'a> {
    bytes: &'a [u8],
    /// Sector sizes as powers of two: of ordinary and of small sectors.
    shift: u32,
    small_shift: u32,
    /// The next sector of each.
    next: Vec<u32>,
    small_next: Vec<u32>,
}

/// From here on numbers are marks, not sectors.
const MARKS: u32 = 0xffff_fffa;
const END: u32 = 0xffff_fffe;

impl<'a> Sectors<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let shift = u32::from(u16_le(bytes, 30)?);
        let small_shift = u32::from(u16_le(bytes, 32)?);
        if !(7..=20).contains(&shift) || small_shift >= shift || u32_le(bytes, 76).is_none() {
            return None;
        }
        let mut sectors = Self { bytes, shift, small_shift, next: Vec::new(), small_next: Vec::new() };
        for table in sectors.tables() {
            sectors.append(table);
        }
        let (chain, _) = sectors.chain(u32_le(bytes, 60)?);
        let numbers = chain.iter().filter_map(|sector| sectors.sector(*sector)).flat_map(numbers).collect();
        sectors.small_next = numbers;
        Some(sectors)
    }

    /// More sectors than the file has room for cannot be.
    fn count(&self) -> usize {
        (self.bytes.len() >> self.shift) + 1
    }

    fn append(&mut self, table: u32) {
        if self.next.len() <= self.count()
            && let Some(sector) = self.sector(table)
        {
            self.next.extend(numbers(sector));
        }
    }

    /// Where the allocation table is: 109 sectors named in the header, the rest in a chain of their own.
    fn tables(&self) -> Vec<u32> {
        let mut tables: Vec<u32> = (0..109).filter_map(|index| u32_le(self.bytes, 76 + index * 4)).collect();
        let mut more = u32_le(self.bytes, 68).unwrap_or(END);
        for _ in 0..self.count() {
            let Some(sector) = self.sector(more) else { break };
            let mut listed: Vec<u32> = numbers(sector).collect();
            more = listed.pop().unwrap_or(END);
            tables.extend(listed);
        }
        tables.retain(|table| *table < MARKS);
        tables
    }

    pub(super) fn offset(&self, sector: u32) -> u64 {
        (u64::from(sector) + 1) << self.shift
    }

    fn sector(&self, sector: u32) -> Option<&'a [u8]> {
        let start = self.offset(sector);
        let length = (1_u64 << self.shift).min((self.bytes.len() as u64).checked_sub(start)?);
        range(self.bytes, start, length).filter(|sector| !sector.is_empty())
    }

    /// The sectors of a chain, and whether it ends as chains do.
    pub(super) fn chain(&self, start: u32) -> (Vec<u32>, bool) {
        let (mut chain, mut at) = (Vec::new(), start);
        while at < MARKS && chain.len() <= self.count() {
            chain.push(at);
            match usize::try_from(at).ok().and_then(|at| self.next.get(at)) {
                Some(next) => at = *next,
                None => return (chain, false),
            }
        }
        (chain, at == END)
    }

    /// Where the sectors are, as far as the file goes.
    pub(super) fn extents(&self, chain: &[u32]) -> Extents {
        let mut extents = Extents::default();
        for sector in chain {
            match self.sector(*sector) {
                Some(bytes) => extents.push(self.offset(*sector), bytes.len() as u64),
                None => break,
            }
        }
        extents
    }

    /// A stream in small sectors, which lie inside the root's chain.
    pub(super) fn small(&self, start: u32, size: u64, root: &[u32]) -> (Extents, bool) {
        let (mut extents, mut at) = (Extents::default(), start);
        let unit = 1_u64 << self.small_shift;
        for _ in 0..size.div_ceil(unit) {
            if at >= MARKS {
                break;
            }
            let inside = u64::from(at) << self.small_shift;
            let sector = usize::try_from(inside >> self.shift).ok().and_then(|index| root.get(index));
            let Some(begin) = sector.map(|sector| self.offset(*sector) + (inside & ((1 << self.shift) - 1))) else {
                break;
            };
            let held = (self.bytes.len() as u64).saturating_sub(begin).min(unit);
            extents.push(begin, held);
            match usize::try_from(at).ok().and_then(|at| self.small_next.get(at)) {
                Some(next) if held == unit => at = *next,
                _ => return (extents, false),
            }
        }
        (extents, at == END)
    }
}

fn numbers(sector: &[u8]) -> impl Iterator<Item = u32> + '_ {
    sector.chunks_exact(4).filter_map(|four| four.try_into().ok().map(u32::from_le_bytes))
}
