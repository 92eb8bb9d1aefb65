//! An archive in a compressed stream, gone through while it is decoded: each member is looked at as it comes, and what lies
//! between them is searched. Where anything about it is out of the ordinary nothing of this counts, and it is taken in whole.
use std::io::{self, Read};

use interdict_model::{Again, Head, Needles, Unpacker};
use interdict_unpack::{NotPlain, PASSERS, Passer};

use crate::examine::{ANY, Means, Subject, guarded, name_of, observers, unpackers};
use crate::opening::{Budget, Opening};
use crate::seam;
use crate::watch::Watch;
use crate::yielded::Yielded;

/// So much of it tells what it is.
const HEAD: u64 = 128 << 10;
/// A format that is told by the end is told by this much of it.
const TAIL: usize = 512;
/// What lies between members is searched when there is so much of it.
const SEARCHED: usize = 1 << 20;
/// Pieces that do not adjoin are kept apart by this, so that nothing is found across them.
const SEAM: &[u8] = &[0; 64];
/// Longer than any needle.
const OVERLAP: usize = 4 << 10;

/// Readers that take an archive for theirs only by its last member, which is looked at as what it is.
const BY_LAST: [&str; 3] = ["apk-signature", "embedded", "zip"];

impl Means<'_> {
    /// Goes through an archive, up to so many bytes; gives how many there were, and whether it was begun at all.
    pub(crate) fn passed(
        &self,
        subject: &Subject<'_>,
        bytes: &mut dyn Again,
        most: u64,
        budget: &mut Budget,
        out: &mut Yielded,
    ) -> (Option<u64>, bool) {
        if self.strict || self.all_evidence || subject.locator.depth() as u64 >= self.limits().depth {
            return (None, false);
        }
        let (name, mut head) = (name_of(subject.locator), Vec::new());
        let read = Traced { watch: self.watch, bytes: &mut *bytes }.take(HEAD).read_to_end(&mut head);
        let passer = guarded(|| read.ok().and_then(|_| passer(&Head { bytes: &head, name: &name })));
        let Some((passer, unpacker)) = passer.ok().flatten() else { return (None, false) };
        let counted =
            Counted { watch: self.watch, bytes: head.as_slice().chain(bytes), left: most, count: 0, tail: Vec::new() };
        (self.gone_through(subject, (passer, unpacker), counted, budget, out), true)
    }

    fn gone_through(
        &self,
        subject: &Subject<'_>,
        (passer, unpacker): (&Passer, &Unpacker),
        mut counted: Counted<'_, impl Read>,
        budget: &mut Budget,
        out: &mut Yielded,
    ) -> Option<u64> {
        let _outside = self.watch.trace.enter();
        let record = self.begun(subject, &name_of(subject.locator));
        self.watch.goes_on().and_then(|()| self.watch.trace.step()).ok()?;
        let mut between = Search { needles: self.pack.needles(), joined: Vec::new(), until: 0 };
        let mut opening = Opening::new(self, unpacker, subject, budget, out);
        opening.is_passed = true;
        let told = guarded(|| {
            (passer.pass)(&mut counted, &mut opening, &mut |at, bytes| between.add(at, bytes))?;
            opening.finish();
            between.search()
        });
        let tail = counted.tail.get(counted.tail.len().saturating_sub(TAIL)..).unwrap_or_default();
        let end = Head { bytes: tail, name: "" };
        let is_plain = matches!(told, Ok(Ok(()))) && !guarded(|| accepted(&end, passer.id)).unwrap_or(true);
        if !is_plain || self.watch.trace.step().is_err() {
            return None;
        }
        self.conclude(subject, record, None, (passer.id, true), out);
        out.bytes = out.bytes.saturating_add(counted.count);
        // What was found on the archive itself is proved from its bytes.
        (!out.known.contains_key(subject.locator)).then_some(counted.count)
    }
}

/// What is gone through so, by its first bytes: an archive that nobody takes for anything else.
fn passer(head: &Head<'_>) -> Option<(&'static Passer, &'static Unpacker)> {
    let passer = PASSERS.iter().find(|passer| (passer.accepts)(head)).filter(|passer| !accepted(head, passer.id))?;
    unpackers().find(|unpacker| unpacker.id == passer.id).map(|unpacker| (passer, unpacker))
}

/// Whether a reader other than this one takes it for one of its own.
fn accepted(head: &Head<'_>, by: &str) -> bool {
    let is_other = |id: &str| id != by && !ANY.contains(&id) && !BY_LAST.contains(&id);
    observers().any(|observer| is_other(observer.id) && (observer.accepts)(head))
        || unpackers().any(|unpacker| is_other(unpacker.id) && (unpacker.accepts)(head))
}

/// What a decoder makes, where the place at which it may die is known.
struct Traced<'w, 'r> {
    watch: Watch<'w>,
    bytes: &'r mut dyn Again,
}

impl Read for Traced<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.watch.goes_on().and_then(|()| self.watch.trace.read()).map_err(io::Error::other)?;
        seam::decoded(self.bytes, buffer)
    }
}

/// The archive's bytes, counted, with the last of them.
struct Counted<'w, R> {
    watch: Watch<'w>,
    bytes: R,
    left: u64,
    count: u64,
    tail: Vec<u8>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.watch.goes_on().map_err(io::Error::other)?;
        let read = seam::decoded(&mut self.bytes, buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        self.count += read as u64;
        let made = buffer.get(..read).unwrap_or_default();
        let last = made.get(read.saturating_sub(TAIL)..).unwrap_or_default();
        if self.tail.len() + last.len() > TAIL * 8 || last.len() == TAIL {
            let kept = self.tail.len().saturating_sub(TAIL - last.len());
            self.tail.drain(..kept);
        }
        self.tail.extend_from_slice(last);
        Ok(read)
    }
}

/// The search of what lies between members. Whatever is found there makes the archive one to be taken in whole.
struct Search<'n> {
    needles: &'n Needles,
    joined: Vec<u8>,
    /// Where the last piece ended.
    until: u64,
}

impl Search<'_> {
    fn add(&mut self, at: u64, bytes: &[u8]) -> Result<(), NotPlain> {
        if at != self.until {
            self.joined.extend_from_slice(SEAM);
        }
        self.joined.extend_from_slice(bytes);
        self.until = at.saturating_add(bytes.len() as u64);
        if self.joined.len() < SEARCHED {
            return Ok(());
        }
        self.search()?;
        self.joined.drain(..self.joined.len().saturating_sub(OVERLAP));
        Ok(())
    }

    fn search(&self) -> Result<(), NotPlain> {
        let mut is_found = false;
        self.needles.search(&self.joined, 1, &mut |_| is_found = true);
        if is_found { Err(NotPlain) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
