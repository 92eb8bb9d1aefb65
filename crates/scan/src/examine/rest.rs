//! What of a container no reader took: searched for files by their marks, and weighed.
use interdict_model::{GapReason, Receiver as _, Source, Unseen};
use interdict_unpack::within;

use super::{Means, Subject, guarded, unpackers};
use crate::covered::Covered;
use crate::opening::{Budget, Opening};
use crate::record::Record;
use crate::sniff::is_dense;
use crate::yielded::Yielded;

/// The reader that looks through the whole of what it is given.
pub(super) const CARVER: &str = interdict_unpack::LEFT.id;
/// File systems: what was deleted stays in their free blocks, and is shipped in vain.
const FILE_SYSTEMS: [&str; 5] = ["disk", "ext", "fat", "hfs-plus", "ntfs"];
/// What is shorter is no more than a field or padding.
const SHORTEST: usize = 32;

/// What the readers of one artifact took of its bytes.
#[derive(Debug, Default)]
pub(super) struct Rest {
    claimed: Covered,
    /// Of a reader that says all that it read.
    by: Option<&'static str>,
    is_carved: bool,
}

impl Rest {
    pub(super) fn note(&mut self, by: &'static str, bytes: &[u8], opening: &Opening<'_, '_>) {
        self.claimed.join(bytes, &opening.claimed);
        self.is_carved |= by == CARVER;
        if opening.leaves_rest && self.by.is_none_or(|before| FILE_SYSTEMS.contains(&before)) {
            self.by = Some(by);
        }
    }

    /// The pieces that nobody took and that hold anything.
    fn pieces(&self, bytes: &[u8]) -> Vec<(usize, usize)> {
        // As one comparison of two slices: most of a disk is zeros.
        let is_any = |piece: &[u8]| piece.len() >= SHORTEST && piece.get(1..) != piece.get(..piece.len() - 1);
        self.claimed
            .between(bytes)
            .filter(|(_, piece)| is_any(piece))
            .map(|(start, piece)| (start, start + piece.len()))
            .collect()
    }

    /// How many bytes nobody took.
    pub(super) fn left(&self, bytes: &[u8]) -> usize {
        self.pieces(bytes).iter().map(|(start, end)| end - start).sum()
    }

    /// How many bytes in pieces that nobody took look like something compressed or locked, and where the first stands.
    pub(super) fn dense(&self, bytes: &[u8]) -> Option<(u64, u64)> {
        let pieces = self.pieces(bytes);
        let mut dense = pieces.iter().filter(|(start, end)| bytes.get(*start..*end).is_some_and(is_dense)).peekable();
        let first = *dense.peek()?;
        Some((first.0 as u64, dense.map(|(start, end)| (end - start) as u64).sum()))
    }
}

impl Means<'_> {
    /// Looks through what a reader left that says all that it read.
    pub(super) fn search_rest(
        &self,
        rest: &mut Rest,
        (subject, source): (&Subject<'_>, &Source<'_>),
        budget: &mut Budget,
        record: &mut Record<'_>,
        out: &mut Yielded,
    ) {
        let Some(by) = rest.by else { return };
        let carver = unpackers().find(|unpacker| unpacker.id == CARVER).filter(|_| !rest.is_carved);
        let pieces = rest.pieces(source.bytes);
        if let Some(carver) = carver.filter(|_| !pieces.is_empty())
            && self.watch.trace.step().is_ok()
        {
            let mut opening = Opening::new(self, carver, subject, budget, out);
            let told = guarded(|| within(source.bytes, &pieces, &mut opening));
            rest.claimed.join(source.bytes, &opening.claimed);
            if let Err(left) = told {
                let detail = "what no member holds was not looked through";
                record.gap(
                    CARVER,
                    left.map_or(Unseen::new(GapReason::Crashed, detail), |left| left.unseen(self.limits())),
                );
            }
        }
        if let Some((at, length)) = rest.dense(source.bytes) {
            let is_free = FILE_SYSTEMS.contains(&by);
            let what = if is_free { "no file of the file system holds" } else { "no member holds" };
            let detail = format!(
                "{length} bytes that {what}, from {at:#x} on, are compressed or encrypted; searched for needles and files as they are"
            );
            record.seems = Some(if is_free { "unknown" } else { "unknown-compressed" });
            record.gap("scan", Unseen::new(GapReason::Unsupported, detail).over(at, at + length));
            record.seems = None;
        }
    }
}
