//! The workers of a run: started when a file needs one, handed one file after the other, and replaced when they die.
mod hand;

use std::borrow::Cow;
use std::io;
use std::sync::{Mutex, PoisonError};

use interdict_model::{GapReason, Unseen};

use self::hand::{Ended, Hand};
use crate::bytes::Opened;
use crate::examine::{Means, gap_on};
use crate::frames::{Hello, Job};
use crate::isolation::Isolation;
use crate::limits::Limits;
use crate::request::{Progress, Request};
use crate::route::Errand;
use crate::trace::{Fault, Manner, noted};
use crate::watch::Left;
use crate::yielded::Yielded;

/// Runs that gave nothing to go by, of one file.
const IN_VAIN: u32 = 2;
/// A mapped file was cut short under its reader.
const BUS_ERROR: i32 = 7;

pub(crate) struct Crew<'a> {
    request: &'a Request<'a>,
    limits: Limits,
    in_pairs: bool,
    is_compared: bool,
    progress: &'a dyn Progress,
    idle: Mutex<Vec<Hand>>,
    /// The weakest of all.
    isolation: Mutex<Isolation>,
}

impl<'a> Crew<'a> {
    /// For a run on so many threads. Nobody is hired yet.
    pub(crate) fn new(request: &'a Request<'a>, means: &Means<'a>, threads: usize) -> Self {
        // What may lie in memory unpacked holds for all together.
        let buffers = request.limits.buffers / threads.max(1) as u64;
        let limits = Limits { buffers, ..request.limits };
        Self {
            request,
            limits,
            in_pairs: means.in_pairs,
            is_compared: means.is_compared,
            progress: means.watch.progress,
            idle: Mutex::default(),
            isolation: Mutex::new(Isolation::Full),
        }
    }

    /// Where no worker is to be had: whether a reader may do without.
    pub(crate) fn may_do_without(&self) -> bool {
        if self.request.workers.as_ref().is_some_and(|workers| workers.must_be_full) {
            return false;
        }
        *self.isolation.lock().unwrap_or_else(PoisonError::into_inner) = Isolation::None;
        true
    }

    /// How well those were contained who did something.
    pub(crate) fn isolation(&self) -> Isolation {
        *self.isolation.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hires one to see how well it is contained.
    pub(crate) fn muster(&self) -> io::Result<Isolation> {
        let hand = self.hired(true)?;
        let isolation = hand.isolation();
        self.dismissed(hand);
        Ok(isolation)
    }

    /// What a file gives; what kills a reader is left out and said. An error where no worker is to be had.
    pub(crate) fn examined(&self, errand: &Errand<'_>, opened: &Opened) -> io::Result<Yielded> {
        let (mut faults, mut in_pairs, mut vain, mut fresh): (Vec<Fault>, _, _, _) =
            (Vec::new(), self.in_pairs, 0, false);
        loop {
            let mut hand = self.hired(fresh)?;
            let job = Job {
                locator: Cow::Borrowed(errand.locator),
                owned_path: Cow::Borrowed(errand.owned_path),
                is_target: errand.is_target,
                is_listed: errand.is_listed,
                in_pairs,
                faults: faults.clone(),
            };
            let was_fresh = hand.is_fresh();
            let (manner, at, was_paired) = match hand.does(&job, &opened.file, self.patience(opened), self.progress) {
                Ended::Done(given) if given.lies_in(errand.locator) => {
                    self.dismissed(hand);
                    return Ok(*given);
                }
                Ended::Done(_) => {
                    return Ok(nothing(
                        errand,
                        opened,
                        Unseen::new(GapReason::Crashed, "its reader told of something else"),
                    ));
                }
                Ended::Stopped => return Ok(nothing(errand, opened, Left::Stopped.unseen(&self.limits))),
                Ended::Died { manner, at, was_paired } => (manner, at, was_paired),
            };
            let is_cut = manner == Manner::Signal(BUS_ERROR) && opened.changed();
            let is_vain = is_cut || at.artifact == 0 || (manner == Manner::Memory && !was_fresh);
            (fresh, in_pairs) = (true, false);
            if was_paired && manner != Manner::Late && !is_cut {
                continue;
            }
            let noted = if is_vain {
                vain += 1;
                (vain <= IN_VAIN).then_some(faults)
            } else {
                noted(faults, at, manner)
            };
            match noted {
                Some(noted) => faults = noted,
                None => return Ok(nothing(errand, opened, Left::Died(manner).unseen(&self.limits))),
            }
        }
    }

    /// How often to look whether a reader goes on, before it is one that does not: it leaves by itself in time if it can.
    fn patience(&self, opened: &Opened) -> u64 {
        const A_SECOND: u64 = 8 << 20;
        let seconds = self.limits.seconds.saturating_add(1).saturating_add(opened.size() / A_SECOND);
        seconds.saturating_mul(hand::TICKS)
    }

    fn hired(&self, is_fresh: bool) -> io::Result<Hand> {
        let idle = if is_fresh { None } else { self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() };
        let hand = match (idle, &self.request.workers) {
            (Some(hand), _) => hand,
            (None, None) => return Err(io::ErrorKind::Unsupported.into()),
            (None, Some(workers)) => Hand::hired(&workers.program, self.request.scratch.as_deref(), &self.hello())?,
        };
        let mut isolation = self.isolation.lock().unwrap_or_else(PoisonError::into_inner);
        *isolation = hand.isolation().min(*isolation);
        Ok(hand)
    }

    fn dismissed(&self, hand: Hand) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(hand);
    }

    fn hello(&self) -> Hello<'_> {
        let request = self.request;
        let is_built_in = std::ptr::eq(request.pack, interdict_catalog::pack());
        Hello {
            pack: (!is_built_in).then(|| Cow::Borrowed(request.pack.contents())),
            limits: self.limits,
            all_evidence: request.all_evidence,
            strict: request.strict,
            without_ways: request.without_ways,
            is_compared: self.is_compared,
            has_scratch: false,
            no_scratch: None,
        }
    }
}

/// A file of which nothing is known but that it was not looked at.
pub(crate) fn nothing(errand: &Errand<'_>, opened: &Opened, unseen: Unseen) -> Yielded {
    let gaps = vec![gap_on(errand.locator, "scan", None, unseen)];
    let formats = [("unknown".to_owned(), 1)].into();
    Yielded { artifacts: 1, bytes: opened.size(), formats, gaps, ..Yielded::default() }
}
