//! The compression of NTFS (LZNT1): units of clusters, each of chunks of 4 KiB.
use std::io::{self, Read};

use crate::extents::Extents;
use crate::field::u16_le;
use crate::space::Space;

/// The units of a file as one stream.
pub(super) struct Units<'a> {
    space: Space<'a>,
    extents: Extents,
    unit: u64,
    cluster: u64,
    at: u64,
    size: u64,
    now: Vec<u8>,
    read: usize,
}

impl<'a> Units<'a> {
    pub(super) fn new(space: Space<'a>, extents: &Extents, cluster: u64, unit: u16, size: u64) -> Self {
        let unit = cluster << unit;
        Self { space, extents: extents.clone(), unit, cluster, at: 0, size, now: Vec::new(), read: 0 }
    }

    /// A unit whose last clusters are a hole is compressed; one without any is stored; a hole is zeros.
    fn advance(&mut self) -> io::Result<()> {
        let wanted = self.unit.min(self.size - self.at);
        let kept = self.extents.kept(self.at, self.unit) / self.cluster * self.cluster;
        let raw = self.extents.range(self.space, self.at, kept).ok_or(io::ErrorKind::UnexpectedEof)?;
        let length = usize::try_from(wanted).unwrap_or_default();
        self.now = if kept == 0 {
            vec![0; length]
        } else if kept >= wanted.min(self.unit) && kept == self.unit {
            raw.into_owned()
        } else {
            unpacked(&raw, length)
        };
        self.now.resize(length, 0);
        self.at += wanted;
        self.read = 0;
        Ok(())
    }
}

impl Read for Units<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read >= self.now.len() {
            if self.at >= self.size {
                return Ok(0);
            }
            self.advance()?;
        }
        let read = self.now.get(self.read..).unwrap_or_default().read(buffer)?;
        self.read += read;
        Ok(read)
    }
}

/// Chunks one after another, up to one of no length.
fn unpacked(mut rest: &[u8], most: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(header) = u16_le(rest, 0).filter(|header| *header != 0) {
        let length = usize::from(header & 0xfff) + 1;
        let body = rest.get(2..).unwrap_or_default();
        let body = body.get(..length).unwrap_or(body);
        let begin = out.len();
        if header & 0x8000 == 0 {
            out.extend_from_slice(body);
        } else {
            chunk(body, &mut out);
        }
        if out.len() >= most || out.len() == begin {
            break;
        }
        out.resize(begin + 4096, 0);
        rest = rest.get(2 + length..).unwrap_or_default();
    }
    out
}

/// Flags for eight tokens each: a byte, or a distance and a length whose widths depend on where it stands.
fn chunk(body: &[u8], out: &mut Vec<u8>) {
    let begin = out.len();
    let mut bytes = body.iter().copied();
    while let Some(flags) = bytes.next() {
        for bit in 0..8 {
            let Some(first) = bytes.next() else { return };
            if flags >> bit & 1 == 0 {
                out.push(first);
                continue;
            }
            let Some(second) = bytes.next() else { return };
            let token = u16::from_le_bytes([first, second]);
            let done = out.len() - begin;
            let wide = (4..12).find(|wide| done <= 1 << wide).unwrap_or(12);
            let length = usize::from(token & (0xffff >> wide)) + 3;
            let distance = usize::from(token >> (16 - wide)) + 1;
            for _ in 0..length.min(4096_usize.saturating_sub(done)) {
                let Some(byte) = out.len().checked_sub(distance).filter(|at| *at >= begin).and_then(|at| out.get(at))
                else {
                    return;
                };
                out.push(*byte);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification() {
        // [MS-XCA] §3.2
        let packed = b"\x38\xb0\x88\x46\x23\x20\x00\x20\x47\x20\x41\x00\x10\xa2\x47\x01\xa0\x45\x20\x44\x00\x08\x45\x01\x50\x79\x00\xc0\x45\x20\x05\x24\x13\x88\x05\xb4\x02\x4a\x44\xef\x03\x58\x02\x8c\x09\x16\x01\x48\x45\x00\xbe\x00\x9e\x00\x04\x01\x18\x90\x00";
        let want = b"F# F# G A A G F# E D D E F# F# E E F# F# G A A G F# E D D E F# E D D E E F# D E F# G F# D E F# G F# E D E A F# F# G A A G F# E D D E F# E D D\0";
        let out = unpacked(packed, want.len());
        assert_eq!(&out[..want.len()], want);
    }
}
