//! UBI: blocks of flash memory that say of which volume they are, and where in it they lie.
use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read};
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use crate::field::{broken, from, range, u16_be, u32_be, u64_be};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "ubi",
    revision: 1,
    title: "UBI volumes of flash memory",
    limitations: &["blocks that were moved, and their former places, are told apart by their numbers alone"],
    accepts,
    unpack,
};

const MARK: &[u8] = b"UBI#";
const OF_VOLUME: &[u8] = b"UBI!";
/// Of both heads.
const HEADER: u64 = 64;
/// The volume that lists the others, and the length of an entry of its.
const LAYOUT: u32 = 0x7fff_efff;
const ENTRY_LENGTH: u64 = 172;
/// A volume whose blocks say how much of them is used.
const STATIC: u8 = 2;
/// Blocks are not smaller.
const LEAST: usize = 512;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(MARK)
}

/// Where a piece of a volume is.
struct Block {
    number: u64,
    data: u64,
    used: Option<u64>,
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let (Some(head_at), Some(data_at)) = (u32_be(bytes, 16).map(u64::from), u32_be(bytes, 20).map(u64::from)) else {
        return Err(broken(0, "the image breaks off in its first head"));
    };
    let size = block_size(bytes);
    let Some(room) = size.checked_sub(data_at).filter(|room| *room > 0) else {
        return Err(broken(0x14, format!("data begin at {data_at:#x} of blocks of {size:#x} bytes")));
    };
    let mut volumes: BTreeMap<u32, BTreeMap<u32, Block>> = BTreeMap::new();
    let mut odd = 0_u64;
    for start in (0..bytes.len() as u64).step_by(usize::try_from(size).unwrap_or(usize::MAX)) {
        let is_block = range(bytes, start, HEADER).is_some_and(|head| head.starts_with(MARK));
        let Some(head) = range(bytes, start.saturating_add(head_at), HEADER).filter(|_| is_block) else {
            odd += u64::from(from(bytes, start).iter().take(LEAST).any(|byte| *byte != 0xff));
            continue;
        };
        if !head.starts_with(OF_VOLUME) {
            continue;
        }
        let word = |at| u32_be(head, at).unwrap_or_default();
        let number = u64_be(head, 40).unwrap_or_default();
        let used = (head.get(5) == Some(&STATIC)).then(|| u64::from(word(20)));
        let block = Block { number, data: start.saturating_add(data_at), used };
        let blocks = volumes.entry(word(8)).or_default();
        if blocks.get(&word(12)).is_none_or(|known| known.number <= number) {
            blocks.insert(word(12), block);
        }
    }
    let names = volumes.remove(&LAYOUT).map(|blocks| names(bytes, &blocks)).unwrap_or_default();
    for (number, blocks) in &volumes {
        let name = names.get(number).cloned().unwrap_or_else(|| format!("volume-{number}").into_bytes());
        if offer(bytes, &name, blocks, room, members).is_break() {
            return Ok(());
        }
    }
    if odd > 0 {
        let detail = format!(
            "{odd} blocks of {size} bytes have no head that can be read; they are not looked at as parts of volumes"
        );
        members.gap(Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
    }
    if volumes.is_empty() {
        return Err(broken(0, "no block says of which volume it is"));
    }
    Ok(())
}

/// From one head to the next: the least distance of two.
fn block_size(bytes: &[u8]) -> u64 {
    const MOST: usize = 64;
    let places: Vec<usize> = memchr::memmem::find_iter(bytes, MARK).filter(|at| at % LEAST == 0).take(MOST).collect();
    let second = places.iter().copied().find(|at| at.is_power_of_two() && *at >= LEAST);
    second.unwrap_or(bytes.len()) as u64
}

fn names(bytes: &[u8], layout: &BTreeMap<u32, Block>) -> BTreeMap<u32, Vec<u8>> {
    // Both blocks hold the same.
    let Some(table) = layout.values().next().map(|block| from(bytes, block.data)) else { return BTreeMap::new() };
    let entry = |number: u32| {
        let entry = range(table, u64::from(number) * ENTRY_LENGTH, ENTRY_LENGTH)?;
        let name = range(entry, 16, u64::from(u16_be(entry, 14)?.min(128)))?;
        (!name.is_empty() && u32_be(entry, 0) != Some(0)).then(|| (number, name.to_vec()))
    };
    (0..128).filter_map(entry).collect()
}

fn offer(
    bytes: &[u8],
    name: &[u8],
    blocks: &BTreeMap<u32, Block>,
    room: u64,
    members: &mut dyn Members,
) -> ControlFlow<()> {
    let (mut pieces, mut next, mut cut) = (VecDeque::new(), 0, false);
    let mut lacking = 0_u64;
    for (number, block) in blocks {
        // Blocks that were never written read as erased memory. Many that are far apart are none.
        let erased = u64::from(number.saturating_sub(next)).saturating_mul(room);
        if erased > 0 {
            lacking += u64::from(number - next);
            if erased > bytes.len() as u64 {
                break;
            }
            pieces.push_back(Part::Erased(erased));
        }
        let length = block.used.map_or(room, |used| used.min(room));
        let whole = range(bytes, block.data, length);
        cut |= whole.is_none();
        pieces.push_back(Part::Held(whole.unwrap_or_else(|| from(bytes, block.data))));
        next = number.saturating_add(1);
    }
    let member = Member { name, ..Member::default() };
    crate::names::odd(members, name);
    if cut {
        let detail = "a block of the volume reaches beyond the end of the image";
        members.unseen(&member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
    }
    if lacking > 0 {
        let detail = format!("{lacking} blocks of the volume are not there; they were taken for erased");
        members.anomaly(Some(name), "erased-blocks", detail);
    }
    members.streamed(&member, &mut Volume(pieces))
}

enum Part<'a> {
    Held(&'a [u8]),
    Erased(u64),
}

struct Volume<'a>(VecDeque<Part<'a>>);

impl Read for Volume<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = match self.0.front_mut() {
                None => return Ok(0),
                Some(Part::Held(piece)) => piece.read(buffer)?,
                Some(Part::Erased(left)) => {
                    let most = usize::try_from(*left).unwrap_or(usize::MAX).min(buffer.len());
                    buffer.iter_mut().take(most).for_each(|byte| *byte = 0xff);
                    *left -= most as u64;
                    most
                }
            };
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            self.0.pop_front();
        }
    }
}
