//! Where an examination is, in numbers that outlive it: where a reader died, the next run over the same bytes leaves it out.
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};

use serde::{Deserialize, Serialize};

use crate::watch::Left;

/// What whoever watches may read at any time, and one word to the worker. It lies in memory that two processes share, so it is
/// numbers only, each true by itself.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Cells {
    artifact: AtomicU64,
    step: AtomicU64,
    calls: AtomicU64,
    reads: AtomicU64,
    /// Artifacts met.
    count: AtomicU64,
    /// Whether a second thread is at work beside.
    paired: AtomicU64,
    /// Whether the run is to stop.
    stop: AtomicU64,
}

/// A moment of an examination. The same bytes under the same faults come by the same places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// Which artifact of the file, in the order in which they are met, from 1; 0 is none.
    pub(crate) artifact: u64,
    /// Which of the steps on it, from 1.
    pub(crate) step: u64,
    /// What the step's reader had said: 2n − 1 while its n-th word is heard, 2n once it was.
    pub(crate) calls: u64,
    /// While a member is taken in: how often its decoder was asked.
    pub(crate) reads: u64,
}

/// How a reader ended its process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Manner {
    /// It overflowed its stack.
    Stack,
    /// It asked for more memory than there was for it.
    Memory,
    /// It took too long, and never came by where it could be told to leave.
    Late,
    /// By this signal.
    Signal(i32),
    /// It ended the process.
    Exit(i32),
}

impl fmt::Display for Manner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stack => f.write_str("overflowed its stack"),
            Self::Memory => f.write_str("ran out of memory"),
            Self::Late => f.write_str("took too long"),
            Self::Signal(signal) => write!(f, "was ended by signal {signal}"),
            Self::Exit(status) => write!(f, "ended its process with status {status}"),
        }
    }
}

/// A place where a reader died, so that it is left before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fault {
    pub(crate) at: Place,
    pub(crate) manner: Manner,
    /// Whether nothing behind it is to be looked at.
    pub(crate) is_last: bool,
}

/// Follows one examination.
#[derive(Debug)]
pub(crate) struct Trace<'p> {
    cells: &'p Cells,
    faults: &'p [Fault],
    /// The fault in this step, by its number from 1.
    here: AtomicUsize,
    given_up: AtomicBool,
}

/// The place outside an artifact, to come back to.
pub(crate) struct Outside<'t, 'p>(&'t Trace<'p>, Place, usize);

impl Drop for Outside<'_, '_> {
    fn drop(&mut self) {
        self.0.cells.set(self.1);
        self.0.here.store(self.2, Relaxed);
    }
}

impl Cells {
    pub(crate) fn place(&self) -> Place {
        Place {
            artifact: self.artifact.load(Relaxed),
            step: self.step.load(Relaxed),
            calls: self.calls.load(Relaxed),
            reads: self.reads.load(Relaxed),
        }
    }

    fn set(&self, place: Place) {
        self.artifact.store(place.artifact, Relaxed);
        self.step.store(place.step, Relaxed);
        self.calls.store(place.calls, Relaxed);
        self.reads.store(place.reads, Relaxed);
    }

    /// Before another file.
    pub(crate) fn clear(&self) {
        self.set(Place::default());
        self.count.store(0, Relaxed);
        self.pair(false);
    }

    pub(crate) fn pair(&self, is_paired: bool) {
        self.paired.store(u64::from(is_paired), Relaxed);
    }

    pub(crate) fn is_paired(&self) -> bool {
        self.paired.load(Relaxed) != 0
    }

    pub(crate) fn stop(&self) {
        self.stop.store(1, Relaxed);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Relaxed) != 0
    }
}

impl<'p> Trace<'p> {
    pub(crate) fn new(cells: &'p Cells, faults: &'p [Fault]) -> Self {
        Self { cells, faults, here: AtomicUsize::new(0), given_up: AtomicBool::new(false) }
    }

    pub(crate) fn pair(&self, is_paired: bool) {
        self.cells.pair(is_paired);
    }

    /// The next artifact; what is outside of it comes back when this is dropped.
    pub(crate) fn enter(&self) -> Outside<'_, 'p> {
        let outside = Outside(self, self.cells.place(), self.here.load(Relaxed));
        let artifact = self.cells.count.load(Relaxed) + 1;
        self.cells.count.store(artifact, Relaxed);
        self.cells.set(Place { artifact, ..Place::default() });
        self.here.store(0, Relaxed);
        outside
    }

    /// The next step on this artifact; refused where it died before it said anything.
    pub(crate) fn step(&self) -> Result<(), Left> {
        let before = self.cells.place();
        let at = Place { step: before.step + 1, calls: 0, reads: 0, ..before };
        self.cells.set(at);
        let here = self.faults.iter().position(|f| f.at.artifact == at.artifact && f.at.step == at.step);
        self.here.store(here.map_or(0, |here| here + 1), Relaxed);
        self.met(|fault| fault.at == at)
    }

    /// The reader says something.
    pub(crate) fn call(&self) -> Result<(), Left> {
        let calls = self.cells.calls.load(Relaxed) + 1;
        self.cells.calls.store(calls, Relaxed);
        self.cells.reads.store(0, Relaxed);
        self.met(|fault| fault.at.calls == calls && fault.at.reads == 0)
    }

    /// A decoder is asked for more.
    pub(crate) fn read(&self) -> Result<(), Left> {
        let reads = self.cells.reads.load(Relaxed) + 1;
        self.cells.reads.store(reads, Relaxed);
        let calls = self.cells.calls.load(Relaxed);
        self.met(|fault| fault.at.calls == calls && fault.at.reads == reads)
    }

    /// What the reader said was heard.
    pub(crate) fn heard(&self) -> Result<(), Left> {
        let calls = self.cells.calls.load(Relaxed) + 1;
        self.cells.calls.store(calls, Relaxed);
        self.cells.reads.store(0, Relaxed);
        self.met(|fault| fault.at.calls == calls)
    }

    fn met(&self, is_met: impl FnOnce(&Fault) -> bool) -> Result<(), Left> {
        let here = self.here.load(Relaxed).checked_sub(1).and_then(|here| self.faults.get(here));
        let Some(fault) = here.filter(|fault| is_met(fault)) else { return Ok(()) };
        if fault.is_last {
            self.given_up.store(true, Relaxed);
        }
        Err(Left::Died(fault.manner))
    }

    /// Whether too many readers died for the rest to be looked at.
    pub(crate) fn is_given_up(&self) -> bool {
        self.given_up.load(Relaxed)
    }
}

/// Adds a place where a reader died. `None` where it was left out already and dies all the same.
pub(crate) fn noted(mut faults: Vec<Fault>, at: Place, manner: Manner) -> Option<Vec<Fault>> {
    /// Faults in one file, and among them those that cost a whole limit of time.
    const MOST: usize = 8;
    const MOST_LATE: usize = 2;
    let is_full = faults.len() > MOST;
    let known = faults.iter_mut().find(|fault| fault.at.artifact == at.artifact && fault.at.step == at.step);
    match known {
        Some(known) if known.at.calls == 0 => return None,
        // It was left, and died in being left: now it is not begun.
        Some(known) => known.at = Place { calls: 0, reads: 0, ..at },
        None if is_full => return None,
        None => faults.push(Fault { at, manner, is_last: false }),
    }
    let late = faults.iter().filter(|fault| fault.manner == Manner::Late).count();
    let is_last = faults.len() > MOST || late > MOST_LATE;
    if let Some(last) = faults.last_mut() {
        last.is_last = is_last;
    }
    Some(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(artifact: u64, step: u64, calls: u64, reads: u64) -> Fault {
        Fault { at: Place { artifact, step, calls, reads }, manner: Manner::Signal(6), is_last: false }
    }

    /// Two artifacts, the second inside the first's only step, which takes in one more by three reads.
    fn walked(faults: &[Fault]) -> Vec<String> {
        let cells = Cells::default();
        let trace = Trace::new(&cells, faults);
        let mut said = Vec::new();
        let mut tell = |what: &str, result: Result<(), Left>| {
            said.push(format!("{what}{}", if result.is_ok() { "" } else { " left" }));
            result.is_ok()
        };
        let _outer = trace.enter();
        if tell("open", trace.step()) && tell("offer", trace.call()) {
            {
                let _inner = trace.enter();
                tell("look", trace.step());
                tell("look again", trace.step());
            }
            if tell("offered", trace.heard()) && tell("take", trace.call()) {
                let _ = (1..=3).all(|_| tell("read", trace.read()));
                tell("taken", trace.heard());
            }
        }
        assert_eq!(cells.place().artifact, 1);
        said
    }

    #[test]
    fn a_place_is_met_again_and_left() {
        let all = ["open", "offer", "look", "look again", "offered", "take", "read", "read", "read", "taken"];
        assert_eq!(walked(&[]), all);
        let check = |faults: &[Fault], want: &str| assert_eq!(walked(faults).join(", "), want);
        check(&[fault(1, 1, 0, 0)], "open left");
        check(&[fault(1, 1, 1, 0)], "open, offer left");
        check(&[fault(1, 1, 2, 0)], "open, offer, look, look again, offered left");
        check(&[fault(2, 1, 0, 0)], "open, offer, look left, look again, offered, take, read, read, read, taken");
        check(&[fault(1, 1, 3, 2)], "open, offer, look, look again, offered, take, read, read left, taken");
        check(&[fault(2, 2, 0, 0), fault(1, 1, 3, 0)], "open, offer, look, look again left, offered, take left");
        check(&[fault(3, 1, 0, 0), fault(1, 2, 0, 0)], &all.join(", "));
    }

    #[test]
    fn faults_are_few_and_a_stubborn_one_ends_it() {
        let at = |artifact| Place { artifact, step: 1, calls: 4, reads: 1 };
        let mut faults = Vec::new();
        for artifact in 1..=9 {
            faults = noted(faults, at(artifact), Manner::Stack).unwrap();
            assert_eq!(faults.last().unwrap().is_last, artifact == 9);
        }
        assert_eq!(noted(faults, at(10), Manner::Stack), None);
        let once = noted(Vec::new(), at(1), Manner::Late).unwrap();
        let twice = noted(once, at(1), Manner::Late).unwrap();
        assert_eq!(twice.iter().map(|fault| fault.at.calls).collect::<Vec<_>>(), [0]);
        assert_eq!(noted(twice, at(1), Manner::Late), None);
    }
}
