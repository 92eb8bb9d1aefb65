//! Addresses in programs are packed as places and not as distances; this turns them back (three ways, by version).
use std::io::{self, Read};

use innospect::Version;

const BLOCK: usize = 64 * 1024;
/// `CALL` and `JMP`, each with a distance of four bytes.
const OPCODES: [u8; 2] = [0xe8, 0xe9];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Before 5.2: byte by byte.
    Carried,
    /// From 5.2: whole addresses, not across blocks.
    Blocks,
    /// From 5.3.9: the sign is turned too.
    Flipped,
}

/// A file as it is installed.
pub(super) struct Calls<'r> {
    inner: &'r mut dyn Read,
    way: Way,
    block: Vec<u8>,
    read: usize,
    /// The place in the file of the block's end.
    at: u32,
    carry: u32,
    left: u32,
}

impl<'r> Calls<'r> {
    pub(super) fn new(inner: &'r mut dyn Read, version: &Version) -> Self {
        let way = if version.at_least(5, 3, 9) {
            Way::Flipped
        } else if version.at_least(5, 2, 0) {
            Way::Blocks
        } else {
            Way::Carried
        };
        Self { inner, way, block: Vec::new(), read: 0, at: 0, carry: 0, left: 0 }
    }

    fn turn(&mut self) {
        let begun = self.at;
        self.at = self.at.wrapping_add(u32::try_from(self.block.len()).unwrap_or_default());
        match self.way {
            Way::Carried => self.carried(begun),
            Way::Blocks => blocks(&mut self.block, begun, false),
            Way::Flipped => blocks(&mut self.block, begun, true),
        }
    }

    fn carried(&mut self, begun: u32) {
        for (byte, at) in self.block.iter_mut().zip(begun..) {
            if self.left > 0 {
                self.carry = self.carry.wrapping_add(u32::from(*byte));
                *byte = self.carry.to_le_bytes()[0];
                self.carry >>= 8;
                self.left -= 1;
            } else if OPCODES.contains(byte) {
                self.carry = at.wrapping_add(5).wrapping_neg();
                self.left = 4;
            }
        }
    }
}

fn blocks(block: &mut [u8], begun: u32, flips: bool) {
    let mut at = 0;
    while let Some(window) = block.get_mut(at..at + 5) {
        let [opcode, low, middle, high, sign] = window else { return };
        if !OPCODES.contains(opcode) {
            at += 1;
            continue;
        }
        at += 5;
        if *sign == 0 || *sign == 0xff {
            let end = begun.wrapping_add(u32::try_from(at).unwrap_or_default());
            let distance = u32::from_le_bytes([*low, *middle, *high, 0]).wrapping_sub(end & 0x00ff_ffff);
            let [a, b, c, _] = distance.to_le_bytes();
            (*low, *middle, *high) = (a, b, c);
            if flips && distance & 0x0080_0000 != 0 {
                *sign = !*sign;
            }
        }
    }
}

impl Read for Calls<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read >= self.block.len() {
            self.block.clear();
            let most = u64::try_from(BLOCK).unwrap_or_default();
            let told = self.inner.take(most).read_to_end(&mut self.block);
            if self.block.is_empty() {
                return told;
            }
            self.read = 0;
            self.turn();
        }
        let read = self.block.get(self.read..).unwrap_or_default().read(buffer)?;
        self.read += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_become_distances() {
        let turned = |way, bytes: &[u8]| {
            let mut inner = bytes;
            let mut calls = Calls { inner: &mut inner, way, block: Vec::new(), read: 0, at: 0, carry: 0, left: 0 };
            let mut out = Vec::new();
            calls.read_to_end(&mut out).map(|_| out).unwrap()
        };
        let packed = b"\x90\xe8\x16\x00\x00\x00\x90";
        assert_eq!(turned(Way::Flipped, packed), b"\x90\xe8\x10\x00\x00\x00\x90");
        assert_eq!(turned(Way::Carried, packed), b"\x90\xe8\x10\x00\x00\x00\x90");
        // Backward: the sign is packed the other way round, and only the last way turns it.
        let back = b"\xe9\x00\x00\x00\x00";
        assert_eq!(turned(Way::Flipped, back), b"\xe9\xfb\xff\xff\xff");
        assert_eq!(turned(Way::Blocks, back), b"\xe9\xfb\xff\xff\x00");
        // Not across the end of a block.
        let mut long = vec![0x90; BLOCK];
        long[BLOCK - 2] = 0xe8;
        long.extend_from_slice(b"\x10\0\0\0");
        assert_eq!(turned(Way::Flipped, &long), long);
    }
}
