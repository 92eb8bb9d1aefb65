//! Members that lie in pieces: a slice where the pieces adjoin, a stream where they do not.
use std::io::{self, Read};
use std::ops::ControlFlow;

use interdict_model::{GapReason, Member, Members, Unseen};

use crate::field::{from, range};

/// Where the bytes of one member are, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extents {
    runs: Vec<Run>,
    length: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    /// Nothing where it is a hole, to be read as zeros.
    start: Option<u64>,
    length: u64,
}

impl Extents {
    /// How many bytes all runs hold.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    pub(crate) fn push(&mut self, start: u64, length: u64) {
        self.length = self.length.saturating_add(length);
        if let Some(last) = self.runs.last_mut()
            && last.start.and_then(|at| at.checked_add(last.length)) == Some(start)
        {
            last.length += length;
        } else if length > 0 {
            self.runs.push(Run { start: Some(start), length });
        }
    }

    pub(crate) fn push_hole(&mut self, length: u64) {
        self.length = self.length.saturating_add(length);
        match self.runs.last_mut() {
            Some(Run { start: None, length: last }) => *last = last.saturating_add(length),
            _ if length > 0 => self.runs.push(Run { start: None, length }),
            _ => {}
        }
    }

    pub(crate) fn reader<'a>(&self, bytes: &'a [u8], size: u64) -> io::Take<Runs<'a>> {
        Runs { bytes, left: self.runs.clone().into_iter(), now: Piece::Bytes(&[]), fault: None }.take(size)
    }

    /// Offers a member of `size` bytes; what the pieces lack is a gap on it.
    pub(crate) fn offer(
        &self,
        bytes: &[u8],
        member: &Member<'_>,
        size: u64,
        members: &mut dyn Members,
    ) -> ControlFlow<()> {
        if self.length < size {
            let detail = format!("{size} bytes are stated, {} are there", self.length);
            members.unseen(member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
        }
        match self.runs.as_slice() {
            [] => members.stored(member, &[]),
            [Run { start: Some(start), length }] if range(bytes, *start, size.min(*length)).is_some() => {
                members.stored(member, range(bytes, *start, size.min(*length)).unwrap_or_default())
            }
            _ => members.streamed(member, &mut self.reader(bytes, size)),
        }
    }
}

/// The runs as one stream.
pub(crate) struct Runs<'a> {
    bytes: &'a [u8],
    left: std::vec::IntoIter<Run>,
    now: Piece<'a>,
    /// To be told once what is there was read.
    fault: Option<String>,
}

enum Piece<'a> {
    Bytes(&'a [u8]),
    Zeros(u64),
}

impl Read for Runs<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match &mut self.now {
                Piece::Bytes(bytes) if !bytes.is_empty() => return bytes.read(buffer),
                Piece::Zeros(left) if *left > 0 => {
                    let length = buffer.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                    buffer.iter_mut().take(length).for_each(|byte| *byte = 0);
                    *left -= length as u64;
                    return Ok(length);
                }
                _ => {}
            }
            if let Some(fault) = self.fault.take() {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, fault));
            }
            let Some(run) = self.left.next() else { return Ok(0) };
            self.now = match run.start {
                None => Piece::Zeros(run.length),
                Some(start) => Piece::Bytes(range(self.bytes, start, run.length).unwrap_or_else(|| {
                    self.fault = Some(format!("a piece of {} bytes at {start:#x} lies beyond the end", run.length));
                    from(self.bytes, start)
                })),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjoining_runs_merge_and_parts_are_cut() {
        let mut extents = Extents::default();
        for (start, length) in [(4, 2), (6, 2), (0, 2)] {
            extents.push(start, length);
        }
        extents.push_hole(3);
        assert_eq!(extents.length(), 9);
        assert_eq!(extents.runs.len(), 3);
        let read = |extents: &Extents| {
            let mut out = String::new();
            extents.reader(b"abcdefgh", 100).read_to_string(&mut out).map(|_| out)
        };
        assert_eq!(read(&extents).unwrap(), "efghab\0\0\0");
        extents.push(7, 2);
        assert!(read(&extents).is_err());
    }
}
