//! A worker: a process that looks at the files it is handed, and at nothing else.
use std::fs::File;
use std::io;
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::thread;

use interdict_rules::Pack;
use interdict_unpack::layer;

use crate::bytes::Opened;
use crate::contain::contain;
use crate::ebb::Shared;
use crate::examine::{Means, Subject, guarded, name_of};
use crate::frames::{Answer, Hello, Job, receive, send};
use crate::held::Store;
use crate::listed::Listed;
use crate::opening::Budget;
use crate::pipeline::STACK;
use crate::repeats::Repeats;
use crate::request::Progress;
use crate::route::{told_short, unreadable_file};
use crate::scratch::Scratch;
use crate::trace::{Cells, Trace};
use crate::watch::Watch;
use crate::yielded::Yielded;

/// Serves the run that started this process, over the socket that is its standard input, until that run ends.
///
/// # Errors
/// When standard input is no such socket, or breaks.
pub fn serve() -> io::Result<()> {
    let socket = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    socket.peer_addr()?;
    // Whom nobody greets was not started by a run; were this success, a run that took itself for its worker would be clear.
    let Some((hello, files)) = receive::<Hello<'static>>(&socket)? else {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "no run speaks to it"));
    };
    let mut files = files.into_iter();
    let shared = Shared::over(&files.next().ok_or(io::ErrorKind::InvalidInput)?)?;
    let scratch = match files.next().filter(|_| hello.has_scratch) {
        Some(file) => Scratch::given(file),
        None => Scratch::refused(hello.no_scratch),
    };
    let isolation = contain(&hello.limits);
    send(&socket, &Answer::Ready(isolation), &[])?;
    let own = hello.pack.as_ref().map(|contents| Pack::from_contents(contents.as_ref().clone()));
    let pack = own.as_ref().unwrap_or_else(|| interdict_catalog::pack());
    let store = Store::new(hello.limits.buffers, scratch);
    let serve = || {
        while let Some((job, files)) = receive::<Job<'static>>(&socket)? {
            let Some(file) = files.into_iter().next() else { return Err(io::ErrorKind::InvalidInput.into()) };
            let given = done(&hello, &job, file, shared.cells(), (pack, &store));
            send(&socket, &Answer::Done(Box::new(given)), &[])?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, serve)?;
        // What is not caught is a fault of ours: whoever waits for the answer hears of the end.
        worker.join().unwrap_or_else(|_| Err(io::Error::other("the worker failed")))
    })
}

/// What one file gives.
fn done(hello: &Hello<'_>, job: &Job<'_>, file: File, cells: &Cells, (pack, store): (&Pack, &Store)) -> Yielded {
    cells.clear();
    let trace = Trace::new(cells, &job.faults);
    let repeats = Repeats::default();
    let means = Means {
        pack,
        watch: Watch { limits: &hello.limits, progress: &Told(cells), trace: &trace },
        store,
        repeats: Some(&repeats),
        all_evidence: hello.all_evidence,
        strict: hello.strict,
        in_pairs: job.in_pairs,
        without_ways: hello.without_ways,
        is_compared: hello.is_compared,
    };
    let read = Opened::over(file).and_then(|mut opened| Ok((opened.bytes()?, opened)));
    let (bytes, opened) = match read {
        Ok(read) => read,
        Err(error) => return unreadable_file(&job.locator, &error),
    };
    if job.is_listed {
        let listed = guarded(|| layer(&bytes, &name_of(&job.locator)));
        let listed = listed.unwrap_or_else(|_| Err(io::Error::other("its reader failed on it")));
        return Yielded { layer: Some(Listed::of(listed)), ..Yielded::default() };
    }
    let (locator, owned_path) = (job.locator.as_ref(), job.owned_path.as_ref());
    let subject = Subject { locator, owned_path, bytes: &bytes, renames: &[], around: None, is_target: job.is_target };
    let mut out = Yielded::default();
    means.examine(&subject, &mut Budget::of(&hello.limits, bytes.len()), &mut out);
    told_short(&opened, &bytes, locator, &mut out);
    out
}

/// What the run tells its workers while they work.
struct Told<'c>(&'c Cells);

impl Progress for Told<'_> {
    fn planned(&self, _: u64, _: u64) {}
    fn done(&self, _: u64, _: u64) {}
    fn stopped(&self) -> bool {
        self.0.is_stopped()
    }
}
