//! Members that lie in pieces: a slice where the pieces adjoin, a stream where they do not.
use std::borrow::Cow;
use std::io::{self, Read};
use std::ops::ControlFlow;

use interdict_model::{GapReason, Member, Members, Unseen};

use crate::space::{Piece, Space};

/// Where the bytes of one member are, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extents {
    runs: Vec<Run>,
    length: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    /// Where in the content.
    at: u64,
    /// Nothing where it is a hole, to be read as zeros.
    start: Option<u64>,
    length: u64,
}

impl Extents {
    /// How many bytes all runs hold.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Where the first of them is, where that is no hole.
    pub(crate) fn start(&self) -> Option<u64> {
        self.runs.first()?.start
    }

    pub(crate) fn push(&mut self, start: u64, length: u64) {
        let at = self.length;
        self.length = self.length.saturating_add(length);
        if let Some(last) = self.runs.last_mut()
            && last.start.and_then(|at| at.checked_add(last.length)) == Some(start)
        {
            last.length = last.length.saturating_add(length);
        } else if length > 0 {
            self.runs.push(Run { at, start: Some(start), length });
        }
    }

    pub(crate) fn push_hole(&mut self, length: u64) {
        let at = self.length;
        self.length = self.length.saturating_add(length);
        match self.runs.last_mut() {
            Some(Run { start: None, length: last, .. }) => *last = last.saturating_add(length),
            _ if length > 0 => self.runs.push(Run { at, start: None, length }),
            _ => {}
        }
    }

    /// The runs from a place of the content on.
    fn from(&self, at: u64) -> &[Run] {
        let first = self.runs.partition_point(|run| run.at.saturating_add(run.length) <= at);
        self.runs.get(first..).unwrap_or_default()
    }

    /// The first `length` bytes of them.
    pub(crate) fn cut(&self, length: u64) -> Self {
        let mut cut = Self::default();
        for run in &self.runs {
            let left = length.saturating_sub(cut.length).min(run.length);
            match run.start {
                Some(start) => cut.push(start, left),
                None => cut.push_hole(left),
            }
        }
        cut
    }

    /// How many bytes from a place on are kept before the first hole, up to `length`.
    pub(crate) fn kept(&self, at: u64, length: u64) -> u64 {
        let runs = self.from(at).iter().take_while(|run| run.start.is_some() && run.at.saturating_sub(at) < length);
        runs.last().map_or(0, |run| run.at.saturating_add(run.length).saturating_sub(at).min(length))
    }

    /// A few bytes from a place on, where all of them are there.
    pub(crate) fn range<'a>(&self, space: Space<'a>, at: u64, length: u64) -> Option<Cow<'a, [u8]>> {
        let (end, mut out) = (at.checked_add(length)?, Vec::new());
        for run in self.from(at).iter().take_while(|run| run.at < end) {
            let (from, to) = (run.at.max(at), run.at.saturating_add(run.length).min(end));
            let piece = match run.start {
                Some(start) => space.range(start.checked_add(from - run.at)?, to - from)?,
                None => Cow::Owned(vec![0; usize::try_from(to - from).ok()?]),
            };
            if to - from == length {
                return Some(piece);
            }
            out.extend_from_slice(&piece);
        }
        (out.len() as u64 == length).then_some(Cow::Owned(out))
    }

    pub(crate) fn reader<'a>(&self, space: impl Into<Space<'a>>, size: u64) -> io::Take<Runs<'a>> {
        let space = space.into();
        Runs { space, left: self.runs.clone().into_iter(), now: Run { at: 0, start: None, length: 0 }, begun: (0, 0) }
            .take(size)
    }

    /// Offers a member of `size` bytes; what the pieces lack is a gap on it.
    pub(crate) fn offer<'a>(
        &self,
        space: impl Into<Space<'a>>,
        member: &Member<'_>,
        size: u64,
        members: &mut dyn Members,
    ) -> ControlFlow<()> {
        let space = space.into();
        if self.length < size {
            let detail = format!("{size} bytes are stated, {} are there", self.length);
            members.unseen(member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
        }
        let one = match self.runs.as_slice() {
            [] => Some(&[][..]),
            [Run { start: Some(start), length, .. }] => space.slice(*start, size.min(*length)),
            _ => None,
        };
        if let Some(slice) = one {
            return members.stored(member, slice);
        }
        self.claim(space, members);
        members.streamed(member, &mut self.reader(space, size))
    }

    fn claim(&self, space: Space<'_>, members: &mut dyn Members) {
        for run in &self.runs {
            let Some(piece) = run.start.and_then(|start| space.slice(start, run.length)) else { continue };
            members.claims(piece);
        }
    }
}

/// The runs as one stream.
pub(crate) struct Runs<'a> {
    space: Space<'a>,
    left: std::vec::IntoIter<Run>,
    /// What is left of the run that is being read.
    now: Run,
    /// Where that run began, and how long it was.
    begun: (u64, u64),
}

impl Runs<'_> {
    fn take(&mut self, piece: &Piece<'_>, buffer: &mut [u8]) -> io::Result<usize> {
        let read = piece.copy(buffer, self.now.length).map_err(|why| {
            let (start, length) = self.begun;
            let detail = format!("a piece of {length} bytes at {start:#x} {why}");
            io::Error::new(io::ErrorKind::UnexpectedEof, detail)
        })?;
        self.now.length -= read as u64;
        self.now.start = self.now.start.map(|start| start.saturating_add(read as u64));
        Ok(read)
    }
}

impl Read for Runs<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.now.length == 0 {
            let Some(run) = self.left.next() else { return Ok(0) };
            self.begun = (run.start.unwrap_or_default(), run.length);
            self.now = run;
        }
        let piece = match self.now.start {
            None => Piece::Zeros(self.now.length),
            Some(at) => self.space.find(at),
        };
        self.take(&piece, buffer)
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
            extents.reader(b"abcdefgh".as_slice(), 100).read_to_string(&mut out).map(|_| out)
        };
        assert_eq!(read(&extents).unwrap(), "efghab\0\0\0");
        extents.push(7, 2);
        assert!(read(&extents).is_err());
    }
}
