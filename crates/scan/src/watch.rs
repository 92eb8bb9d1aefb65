//! When to leave an artifact: its time is up, or the run is to stop. Asked wherever work comes by; a loop that never comes by
//! is ended from outside.
use std::cell::Cell;
use std::fmt;
use std::io;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::{Duration, Instant};

use interdict_model::{At, Declared, Document, FactKind, GapReason, Part, Receiver, Sieve, Unseen};

use crate::limits::{HEAP, Limits, SECONDS};
use crate::request::Progress;
use crate::seam;
use crate::trace::{Manner, Trace};

/// What says that it is time to leave.
#[derive(Clone, Copy)]
pub(crate) struct Watch<'a> {
    pub(crate) limits: &'a Limits,
    pub(crate) progress: &'a dyn Progress,
    pub(crate) trace: &'a Trace<'a>,
}

/// Why an artifact was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// Its time was up.
    Late,
    /// The run is to stop.
    Stopped,
    /// Here a reader ended its process, in a run before this one.
    Died(Manner),
    /// Readers did so too often in this file.
    GivenUp,
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Late | Self::Died(Manner::Late) => "its time was up",
            Self::Stopped => "the run was stopped",
            Self::Died(_) => "its reader died here",
            Self::GivenUp => "too many readers died in this file",
        })
    }
}

impl std::error::Error for Left {}

impl Left {
    pub(crate) fn unseen(self, limits: &Limits) -> Unseen {
        match self {
            Self::Late | Self::Died(Manner::Late) => {
                SECONDS.met(limits, "it took longer; the rest of it was not looked at")
            }
            Self::Died(Manner::Memory) => HEAP.met(limits, "a reader asked for more; the rest of it was not looked at"),
            Self::Died(manner) => {
                let detail = format!("its reader {manner}; what it had said stands. This is a fault of interdict");
                Unseen::new(GapReason::Crashed, detail)
            }
            Self::GivenUp => {
                let detail = "readers died in this file too often; the rest of it was not looked at";
                Unseen::new(GapReason::Crashed, detail)
            }
            Self::Stopped => {
                let detail = "the run was interrupted while this was looked at; the rest of it was not";
                Unseen::new(GapReason::TimedOut, detail).needing("a run that comes to its end")
            }
        }
    }

    /// Out of a reader that knows nothing of time; what it said stands.
    pub(crate) fn leave(self) -> ! {
        resume_unwind(Box::new(self))
    }
}

/// The time that one reader takes for one artifact. It stands still while members are looked at.
#[derive(Debug)]
pub(crate) struct Timer {
    spent: Duration,
    since: Instant,
}

impl Timer {
    pub(crate) fn start() -> Self {
        Self { spent: Duration::ZERO, since: now() }
    }

    pub(crate) fn pause(&mut self) {
        self.spent += self.since.elapsed();
    }

    pub(crate) fn go_on(&mut self) {
        self.since = now();
    }
}

#[expect(clippy::disallowed_methods, reason = "a limit of time needs a clock; nothing else of it reaches a report")]
fn now() -> Instant {
    Instant::now()
}

impl Watch<'_> {
    /// Whether to look at anything more.
    pub(crate) fn goes_on(&self) -> Result<(), Left> {
        if self.progress.stopped() {
            return Err(Left::Stopped);
        }
        if self.trace.is_given_up() { Err(Left::GivenUp) } else { Ok(()) }
    }

    /// Whether to go on with what this timer measures.
    pub(crate) fn check(&self, timer: &Timer) -> Result<(), Left> {
        self.goes_on()?;
        if timer.spent + timer.since.elapsed() > self.limits.time() { Err(Left::Late) } else { Ok(()) }
    }
}

/// So often a decoder or an observer is asked: each time is a look at the clock.
const EVERY: u32 = 256;

/// What an observer says, passed on while there is time.
pub(crate) struct Watched<'w, 'r> {
    watch: Watch<'w>,
    timer: Timer,
    calls: u32,
    asked: Cell<bool>,
    to: &'r mut dyn Receiver,
}

impl<'w, 'r> Watched<'w, 'r> {
    pub(crate) fn new(watch: Watch<'w>, to: &'r mut dyn Receiver) -> Self {
        Self { watch, timer: Timer::start(), calls: 0, asked: Cell::new(false), to }
    }

    /// Whether nothing was said yet, nor asked whether to say it.
    pub(crate) fn is_silent(&self) -> bool {
        self.calls == 0 && !self.asked.get()
    }

    /// Passes on what is said, while there is time.
    fn heard<T>(&mut self, hear: impl FnOnce(&mut dyn Receiver) -> T) -> T {
        self.calls = self.calls.wrapping_add(1);
        if self.calls.is_multiple_of(EVERY)
            && let Err(left) = self.watch.check(&self.timer)
        {
            left.leave();
        }
        stays(self.watch.trace.call());
        let heard = hear(self.to);
        stays(self.watch.trace.heard());
        heard
    }
}

/// Goes on, or leaves.
pub(crate) fn stays(result: Result<(), Left>) {
    if let Err(left) = result {
        left.leave();
    }
}

impl Receiver for Watched<'_, '_> {
    fn wants(&self, kind: FactKind) -> bool {
        self.asked.set(true);
        self.to.wants(kind)
    }

    fn sieve(&self) -> Option<Arc<Sieve>> {
        self.to.sieve()
    }

    fn fact(&mut self, by: &'static str, on: Part, kind: FactKind, raw: &str, at: At<'_>) {
        self.heard(|record| record.fact(by, on, kind, raw, at));
    }

    fn component(&mut self, by: &'static str, declared: &Declared<'_>) -> Part {
        self.heard(|record| record.component(by, declared))
    }

    fn depends(&mut self, from: &str, to: &str) {
        self.heard(|record| record.depends(from, to));
    }

    fn stated(&mut self, of: &str, statement: &str) {
        self.heard(|record| record.stated(of, statement));
    }

    fn document(&mut self, by: &'static str, document: Document) {
        self.heard(|record| record.document(by, document));
    }

    fn seen(&mut self) {
        self.asked.set(true);
    }

    fn gap(&mut self, by: &'static str, gap: Unseen) {
        self.heard(|record| record.gap(by, gap));
    }

    fn repair(&mut self, by: &'static str, pointer: String, wrong: String, assumed: String) {
        self.heard(|record| record.repair(by, pointer, wrong, assumed));
    }
}

/// What a decoder makes, while there is time.
pub(crate) struct Timed<'w, 'r> {
    pub(crate) watch: Watch<'w>,
    pub(crate) timer: &'r Timer,
    pub(crate) bytes: &'r mut dyn io::Read,
    pub(crate) left: Option<Left>,
    pub(crate) calls: u32,
}

impl io::Read for Timed<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.calls = self.calls.wrapping_add(1);
        if let Err(left) = self.watch.trace.read() {
            self.left = Some(left);
            return Err(io::Error::other(left));
        }
        // Small members are read in a call or two.
        if self.calls.is_multiple_of(16)
            && let Err(left) = self.watch.check(self.timer)
        {
            self.left = Some(left);
            return Err(io::Error::other(left));
        }
        seam::decoded(self.bytes, buffer)
    }
}
