//! A decoder that pushes what it makes, read as one that is asked for it: it runs beside its reader, a few pieces ahead.
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

enum Piece {
    /// The content of this one begins.
    Begin(usize),
    Bytes(Vec<u8>),
    /// It ends: in a fault, or as it should.
    End(Option<String>),
}

/// How many pieces the decoder may be ahead.
const AHEAD: usize = 4;

/// Where the decoder writes to; what nobody reads any more is refused.
#[derive(Clone)]
pub(crate) struct Outlet {
    to: SyncSender<Piece>,
    is_left: Arc<AtomicBool>,
}

impl Outlet {
    pub(crate) fn begin(&self, index: usize) -> io::Result<()> {
        self.is_left.store(false, Ordering::Relaxed);
        self.send(Piece::Begin(index))
    }

    pub(crate) fn end(&self, fault: Option<String>) {
        let _ = self.send(Piece::End(fault));
    }

    fn send(&self, piece: Piece) -> io::Result<()> {
        self.to.send(piece).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_left.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        self.send(Piece::Bytes(bytes.to_vec()))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs `decode` beside `each`, which is handed the contents one by one; what it leaves unread is not made.
pub(crate) fn pump<T: Send>(
    decode: impl FnOnce(Outlet) -> T + Send,
    each: &mut dyn FnMut(usize, &mut dyn Read) -> ControlFlow<()>,
) -> (ControlFlow<()>, T) {
    std::thread::scope(|scope| {
        let (to, from) = sync_channel(AHEAD);
        let is_left = Arc::new(AtomicBool::new(false));
        let outlet = Outlet { to, is_left: Arc::clone(&is_left) };
        let worker = scope.spawn(move || decode(outlet));
        let mut flow = ControlFlow::Continue(());
        while let Ok(piece) = from.recv() {
            let Piece::Begin(index) = piece else { continue };
            let mut content = Content { from: &from, now: io::Cursor::default(), has_ended: false };
            flow = each(index, &mut content);
            if flow.is_break() {
                break;
            }
            is_left.store(!content.has_ended, Ordering::Relaxed);
        }
        drop(from);
        match worker.join() {
            Ok(told) => (flow, told),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

struct Content<'a> {
    from: &'a Receiver<Piece>,
    now: io::Cursor<Vec<u8>>,
    has_ended: bool,
}

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.now.read(buffer)?;
            if read > 0 || self.has_ended || buffer.is_empty() {
                return Ok(read);
            }
            match self.from.recv() {
                Ok(Piece::Bytes(bytes)) => self.now = io::Cursor::new(bytes),
                Ok(Piece::End(Some(fault))) => {
                    self.has_ended = true;
                    return Err(io::Error::other(fault));
                }
                Ok(Piece::End(None) | Piece::Begin(_)) => self.has_ended = true,
                Err(_) => {
                    self.has_ended = true;
                    return Err(io::Error::other("its decoder gave up"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_not_made() {
        let decode = |mut outlet: Outlet| {
            let mut refused = 0;
            for index in 0..3 {
                outlet.begin(index).unwrap();
                for _ in 0..1000 {
                    if outlet.write_all(&[b'.'; 64]).is_err() {
                        refused += 1;
                        break;
                    }
                }
                outlet.end((index == 2).then(|| "broken".to_owned()));
            }
            refused
        };
        let mut got = Vec::new();
        let (flow, refused) = pump(decode, &mut |index, content| {
            let mut held = Vec::new();
            let most = if index == 1 { 10 } else { u64::MAX };
            let told = content.take(most).read_to_end(&mut held);
            got.push((index, held.len(), told.is_ok()));
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
        assert_eq!(got, [(0, 64_000, true), (1, 10, true), (2, 64_000, false)]);
        assert_eq!(refused, 1);
    }
}
