//! What comes through a pipe, taken in until it is closed: in memory while it is short, else in a file without a name.
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use crate::bytes::Opened;
use crate::request::Progress;

/// As much as is read of a file at once.
const SHORT: u64 = 1 << 20;

/// What came, and whether there was more than was asked for.
pub(crate) struct Drained {
    pub(crate) content: Content,
    pub(crate) is_over: bool,
}

pub(crate) enum Content {
    Bytes(Vec<u8>),
    File(File),
}

/// Up to `most` bytes of what comes, for as long as the run goes on.
pub(crate) fn drained(pipe: &File, most: u64, scratch: Option<&Path>, progress: &dyn Progress) -> io::Result<Drained> {
    let mut source = Patient { pipe, progress };
    let mut held = Vec::new();
    (&mut source).take(SHORT.min(most)).read_to_end(&mut held)?;
    if (held.len() as u64) < SHORT.min(most) {
        return Ok(Drained { content: Content::Bytes(held), is_over: false });
    }
    let folder = scratch.ok_or_else(|| io::Error::other("no folder for temporary files"))?;
    let mut file = tempfile::tempfile_in(folder)?;
    file.write_all(&held)?;
    let mut left = most - held.len() as u64;
    while left > 0 {
        held.clear();
        let read = (&mut source).take(SHORT.min(left)).read_to_end(&mut held)? as u64;
        file.write_all(&held)?;
        left -= read;
        if read == 0 {
            break;
        }
    }
    let is_over = left == 0 && source.read(&mut [0])? > 0;
    Ok(Drained { content: Content::File(file), is_over })
}

/// Files one behind the other, in a file without a name.
pub(crate) fn joined(files: &[Opened], scratch: Option<&Path>, progress: &dyn Progress) -> io::Result<File> {
    let folder = scratch.ok_or_else(|| io::Error::other("no folder for temporary files"))?;
    let mut all = tempfile::tempfile_in(folder)?;
    for opened in files {
        if !opened.is_regular {
            return Err(io::Error::other("it is no file any more"));
        }
        let mut source = (&opened.file).take(opened.size());
        while io::copy(&mut (&mut source).take(SHORT << 4), &mut all)? > 0 {
            if progress.stopped() {
                return Err(io::Error::other("the run was interrupted"));
            }
        }
    }
    Ok(all)
}

/// Waits for more, and looks meanwhile whether the run is to stop.
struct Patient<'p> {
    pipe: &'p File,
    progress: &'p dyn Progress,
}

#[cfg(target_os = "linux")]
impl io::Read for Patient<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        const A_WHILE: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
        loop {
            if self.progress.stopped() {
                return Err(io::Error::other("the run was interrupted"));
            }
            // A pipe that nobody has opened for writing yet is neither readable nor closed.
            match poll(&mut [PollFd::new(self.pipe, PollFlags::IN)], Some(&A_WHILE)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => continue,
                Ok(_) => {}
                Err(error) => return Err(error.into()),
            }
            let mut pipe = self.pipe;
            match pipe.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return read,
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl io::Read for Patient<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.progress.stopped() {
            return Err(io::Error::other("the run was interrupted"));
        }
        let mut pipe = self.pipe;
        pipe.read(buffer)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::request::Unwatched;

    #[test]
    fn all_that_comes_is_had_and_more_than_was_asked_for_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let short = usize::try_from(SHORT).unwrap();
        for length in [0, 1, short - 1, short, short + 1, 3 * short] {
            for most in [u64::MAX, length as u64, (length as u64).saturating_sub(1)] {
                let content: Vec<u8> = (0..=250).cycle().take(length).collect();
                let (reader, mut writer) = io::pipe().unwrap();
                let sent = content.clone();
                let sender = std::thread::spawn(move || drop(writer.write_all(&sent)));
                let reader = File::from(std::os::fd::OwnedFd::from(reader));
                let drained = drained(&reader, most, Some(folder.path()), &Unwatched).unwrap();
                let mut got = Vec::new();
                match drained.content {
                    Content::Bytes(bytes) => got = bytes,
                    Content::File(mut file) => {
                        io::Seek::rewind(&mut file).unwrap();
                        file.read_to_end(&mut got).unwrap();
                    }
                }
                drop(reader);
                sender.join().unwrap();
                let most = usize::try_from(most).unwrap_or(usize::MAX);
                assert!(got == content[..length.min(most)], "{length} {most}");
                assert_eq!(drained.is_over, length > most, "{length} {most}");
            }
        }
    }
}
