//! One worker, as the run has it: its process, the socket to it, and the numbers that tell where it is.
#![expect(
    clippy::disallowed_methods,
    reason = "the one place that starts a process: this program, once more (invariant 2)"
)]
use std::fs::File;
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::os::unix::fs::FileExt as _;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};

use crate::ebb::Shared;
use crate::frames::{Answer, Hello, Job, answer, send};
use crate::isolation::Isolation;
use crate::request::Progress;
use crate::trace::{Manner, Place};
use crate::yielded::Yielded;

/// So often in a second it is looked whether a worker goes on.
pub(crate) const TICKS: u64 = 20;
/// Looks that a worker has for its first word, and for its last once the run is to stop.
const FIRST: u64 = 20 * TICKS;
const LAST: u64 = TICKS / 2;
/// No answer is longer.
const LONGEST: u64 = 1 << 30;

pub(crate) struct Hand {
    child: Child,
    socket: UnixStream,
    shared: Shared,
    /// What it writes when it dies.
    words: File,
    isolation: Isolation,
    is_fresh: bool,
}

/// How a job ended.
pub(crate) enum Ended {
    Done(Box<Yielded>),
    /// The run is to stop, and it did not in time.
    Stopped,
    Died {
        manner: Manner,
        at: Place,
        was_paired: bool,
    },
}

impl Hand {
    pub(crate) fn hired(program: &Path, scratch: Option<&Path>, hello: &Hello<'_>) -> io::Result<Self> {
        let (socket, theirs) = UnixStream::pair()?;
        let numbers = File::from(memfd_create("interdict", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?);
        ftruncate(&numbers, Shared::SIZE)?;
        // Cut short by a worker, it would end the run.
        fcntl_add_seals(&numbers, SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)?;
        let shared = Shared::over(&numbers)?;
        let words = File::from(memfd_create("interdict-words", MemfdFlags::CLOEXEC)?);
        let mut command = Command::new(program);
        // Nothing of what this process knows or holds goes along.
        command.arg("worker").env_clear().current_dir("/").process_group(0);
        command.stdin(OwnedFd::from(theirs)).stdout(Stdio::null()).stderr(words.try_clone()?);
        let child = command.spawn()?;
        drop(command);
        let mut hand = Self { child, socket, shared, words, isolation: Isolation::None, is_fresh: true };
        let scratch = scratch.map(tempfile::tempfile_in).transpose();
        let (file, no_scratch) = match &scratch {
            Ok(file) => (file.as_ref(), None),
            Err(error) => (None, error.raw_os_error()),
        };
        let hello = Hello { pack: hello.pack.clone(), has_scratch: file.is_some(), no_scratch, ..*hello };
        let files: Vec<BorrowedFd<'_>> = [Some(&numbers), file].into_iter().flatten().map(File::as_fd).collect();
        hand.socket.set_read_timeout(Some(Duration::from_millis(1000 / TICKS)))?;
        hand.socket.set_write_timeout(Some(Duration::from_secs(20)))?;
        send(&hand.socket, &hello, &files)?;
        let mut waited = 0;
        let ready = answer(&hand.socket, LONGEST, &mut || {
            waited += 1;
            if waited > FIRST { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
        })?;
        let Some(Answer::Ready(isolation)) = ready else { return Err(io::ErrorKind::UnexpectedEof.into()) };
        hand.isolation = isolation;
        Ok(hand)
    }

    pub(crate) fn isolation(&self) -> Isolation {
        self.isolation
    }

    /// Whether it has not done anything yet.
    pub(crate) fn is_fresh(&self) -> bool {
        self.is_fresh
    }

    /// Hands it a file, and waits for what it gives while it goes on.
    pub(crate) fn does(&mut self, job: &Job<'_>, file: &File, patience: u64, progress: &dyn Progress) -> Ended {
        self.is_fresh = false;
        if send(&self.socket, job, &[file.as_fd()]).is_err() {
            return self.ended(false);
        }
        let cells = self.shared.cells();
        let (mut last, mut still, mut leaving, mut is_late) = (cells.place(), 0, 0, false);
        let answered = answer(&self.socket, LONGEST, &mut || {
            if progress.stopped() {
                cells.stop();
                leaving += 1;
                return if leaving > LAST { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) };
            }
            let here = cells.place();
            // A reader that says something may yet never end: it is told so where it says it.
            let is_elsewhere = (here.artifact, here.step) != (last.artifact, last.step) || here.calls != last.calls;
            still = if is_elsewhere { 0 } else { still + 1 };
            last = here;
            is_late = still > patience;
            if is_late { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
        });
        match answered {
            Ok(Some(Answer::Done(given))) => Ended::Done(given),
            _ if progress.stopped() => Ended::Stopped,
            _ => self.ended(is_late),
        }
    }

    /// How it died, or was made to.
    fn ended(&mut self, is_late: bool) -> Ended {
        let _ = self.child.kill();
        let status = self.child.wait();
        let cells = self.shared.cells();
        let mut words = [0; 4096];
        let length = self.words.read_at(&mut words, 0).unwrap_or_default();
        let words = String::from_utf8_lossy(words.get(..length).unwrap_or_default());
        let manner = match status {
            _ if is_late => Manner::Late,
            _ if words.contains("has overflowed its stack") => Manner::Stack,
            _ if words.contains("memory allocation of") => Manner::Memory,
            Ok(status) => match (status.signal(), status.code()) {
                (Some(signal), _) => Manner::Signal(signal),
                (None, code) => Manner::Exit(code.unwrap_or_default()),
            },
            Err(_) => Manner::Exit(-1),
        };
        Ended::Died { manner, at: cells.place(), was_paired: cells.is_paired() }
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
