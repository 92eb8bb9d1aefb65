//! What a decoder makes, taken in: in memory while it is small and memory is to be had, else in the scratch file.
use std::io::{self, Read};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::Mmap;

use crate::ebb::Ebb;
use crate::scratch::{Region, Scratch};

/// A longer member does not stay in memory.
const SPILL: u64 = 16 << 20;
/// What is taken from a decoder at once, at first and at most.
const FIRST: u64 = 64 << 10;
const PIECE: usize = 1 << 20;

/// Memory for unpacked bytes, and where they go when it is spent.
#[derive(Debug)]
pub(crate) struct Store {
    free: AtomicU64,
    /// A longer member does not stay in memory.
    spill: u64,
    scratch: Scratch,
}

/// The bytes of one member.
#[derive(Debug)]
pub(crate) enum Held<'s> {
    Memory(Vec<u8>, #[expect(dead_code, reason = "it is given back when it is dropped")] Reserved<'s>),
    Spilled(Spilled<'s>),
}

/// Its mapping goes before its region does.
#[derive(Debug)]
pub(crate) struct Spilled<'s> {
    #[expect(dead_code, reason = "it gives pages back until it is dropped")]
    ebb: Option<Ebb>,
    map: Arc<Mmap>,
    #[expect(dead_code, reason = "it is given back when it is dropped")]
    region: Region<'s>,
}

/// So much memory was promised to somebody.
#[derive(Debug)]
pub(crate) struct Reserved<'s> {
    free: &'s AtomicU64,
    bytes: u64,
}

/// What was taken in, and how it ended.
#[derive(Debug)]
pub(crate) struct Taken<'s> {
    pub(crate) held: Held<'s>,
    /// There was more than was asked for.
    pub(crate) is_over: bool,
    /// The decoder gave up.
    pub(crate) fault: Option<io::Error>,
    /// There was no room for more.
    pub(crate) no_room: Option<io::Error>,
}

impl Store {
    pub(crate) fn new(buffers: u64, scratch: Scratch) -> Self {
        Self { free: AtomicU64::new(buffers), spill: SPILL, scratch }
    }

    /// At most so many bytes of what a decoder makes.
    pub(crate) fn take(&self, bytes: &mut dyn Read, most: u64) -> Taken<'_> {
        let mut reserved = Reserved { free: &self.free, bytes: 0 };
        let (mut held, mut fault) = (Vec::new(), None);
        // One byte more tells whether there is more.
        let wanted = most.saturating_add(1);
        loop {
            let length = held.len() as u64;
            let step = length.max(FIRST).min(self.spill - length).min(wanted - length);
            if step == 0 || !reserved.more(step) || held.try_reserve(usize::try_from(step).unwrap_or(PIECE)).is_err() {
                break;
            }
            let read = Read::take(&mut *bytes, step).read_to_end(&mut held);
            let is_end = (held.len() as u64) < length + step;
            fault = read.err();
            if fault.is_some() || is_end {
                reserved.shrink(held.len() as u64);
                return Taken { held: Held::Memory(held, reserved), is_over: false, fault, no_room: None };
            }
        }
        if held.len() as u64 > most {
            held.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            return Taken { held: Held::Memory(held, reserved), is_over: true, fault, no_room: None };
        }
        self.spill(held, reserved, bytes, most)
    }

    fn spill<'s>(&'s self, held: Vec<u8>, reserved: Reserved<'s>, bytes: &mut dyn Read, most: u64) -> Taken<'s> {
        let mut region = match self.scratch.region(most) {
            Ok(region) => region,
            Err(error) => return Taken::in_memory(held, reserved, error),
        };
        if let Err(error) = region.push(&held) {
            return Taken::in_memory(held, reserved, error);
        }
        let (length, mut piece) = (held.len() as u64, vec![0; PIECE]);
        drop((held, reserved));
        let (is_over, fault, no_room) = copy(bytes, most - length, &mut piece, &mut region);
        match region.mapped() {
            Ok((map, ebb)) => Taken { held: Held::Spilled(Spilled { ebb, map, region }), is_over, fault, no_room },
            Err(error) => Taken { no_room: Some(error), is_over, fault, held: Held::nothing(&self.free) },
        }
    }
}

/// Copies up to `left` bytes, and says whether there were more, and what went wrong on either side.
fn copy(
    bytes: &mut dyn Read,
    mut left: u64,
    piece: &mut [u8],
    region: &mut Region<'_>,
) -> (bool, Option<io::Error>, Option<io::Error>) {
    loop {
        match bytes.read(piece) {
            Ok(0) => return (false, None, None),
            Ok(read) => {
                let is_over = read as u64 > left;
                let kept = piece.get(..read.min(usize::try_from(left).unwrap_or(usize::MAX))).unwrap_or_default();
                if let Err(error) = region.push(kept) {
                    return (false, None, Some(error));
                }
                if is_over {
                    return (true, None, None);
                }
                left -= read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (false, Some(error), None),
        }
    }
}

impl<'s> Taken<'s> {
    fn in_memory(held: Vec<u8>, reserved: Reserved<'s>, no_room: io::Error) -> Self {
        Self { held: Held::Memory(held, reserved), is_over: false, fault: None, no_room: Some(no_room) }
    }
}

impl<'s> Held<'s> {
    fn nothing(free: &'s AtomicU64) -> Self {
        Self::Memory(Vec::new(), Reserved { free, bytes: 0 })
    }
}

impl Deref for Held<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Memory(bytes, _) => bytes,
            Self::Spilled(spilled) => &spilled.map,
        }
    }
}

impl Reserved<'_> {
    fn more(&mut self, bytes: u64) -> bool {
        let take = |free: u64| free.checked_sub(bytes);
        let is_had = self.free.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok();
        self.bytes += if is_had { bytes } else { 0 };
        is_had
    }

    fn shrink(&mut self, bytes: u64) {
        self.free.fetch_add(self.bytes.saturating_sub(bytes), Ordering::Relaxed);
        self.bytes = self.bytes.min(bytes);
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        self.free.fetch_add(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes, a few at a time, then a fault or the end.
    struct Slowly<'a> {
        left: &'a [u8],
        fails: bool,
    }

    impl Read for Slowly<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.left.is_empty() && self.fails {
                return Err(io::Error::other("broken"));
            }
            let few = buffer.len().min(70_001);
            let read = self.left.read(&mut buffer[..few])?;
            Ok(read)
        }
    }

    #[test]
    fn the_same_bytes_wherever_they_are_held() {
        const SMALL: usize = 256 << 10;
        let folder = tempfile::tempdir().unwrap();
        let content: Vec<u8> = (0..=250).cycle().take(SMALL * 2).collect();
        for buffers in [0, 128 << 10, 1 << 30] {
            let scratch = Scratch::within(Some(folder.path().to_owned()));
            let store = Store { spill: SMALL as u64, ..Store::new(buffers, scratch) };
            for length in [0, 1, 65_535, 65_536, 65_537, 150_000, SMALL - 1, SMALL, SMALL + 1, SMALL * 2] {
                for most in [u64::MAX, length as u64 + 1, length as u64, (length as u64).saturating_sub(1)] {
                    for fails in [false, true] {
                        let taken = store.take(&mut Slowly { left: &content[..length], fails }, most);
                        let case = format!("{buffers} {length} {most} {fails}");
                        let kept = length.min(usize::try_from(most).unwrap());
                        assert!(*taken.held == content[..kept], "{case}");
                        assert_eq!(taken.is_over, most < length as u64, "{case}");
                        assert_eq!(taken.fault.is_some(), fails && most >= length as u64, "{case}");
                        assert!(taken.no_room.is_none());
                        let is_much = kept >= SMALL || kept as u64 > buffers || buffers == 0;
                        assert_eq!(matches!(taken.held, Held::Spilled(_)), is_much, "{case}");
                    }
                }
            }
            assert_eq!(store.free.load(Ordering::Relaxed), buffers);
        }
    }

    #[test]
    fn no_room_is_said() {
        let store = Store::new(0, Scratch::within(None));
        let taken = store.take(&mut Slowly { left: &[1; 10], fails: false }, 100);
        assert!(taken.no_room.is_some() && taken.held.is_empty());
    }
}
