//! Room for unpacked bytes that memory should not hold: one unlinked file, which goes with the process.
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use memmap2::Mmap;

use crate::ebb::{Ebb, map_part};

/// Regions begin at multiples of this, as mappings must.
const GRAIN: u64 = 64 << 10;

/// Where members are spilled to. The file never has a name that anybody could open, let alone one from an input.
#[derive(Debug)]
pub(crate) struct Scratch {
    folder: Option<PathBuf>,
    /// Why there can be none: the system's number.
    refused: Option<i32>,
    room: Mutex<Room>,
}

#[derive(Debug, Default)]
struct Room {
    file: Option<Arc<File>>,
    /// The first place behind all regions in use.
    end: u64,
}

impl Scratch {
    /// A file in this folder, made when it is first needed.
    pub(crate) fn within(folder: Option<PathBuf>) -> Self {
        Self { folder, refused: None, room: Mutex::default() }
    }

    /// This file, which has no name.
    #[cfg(target_os = "linux")]
    pub(crate) fn given(file: File) -> Self {
        let room = Room { file: Some(Arc::new(file)), end: 0 };
        Self { folder: None, refused: None, room: Mutex::new(room) }
    }

    /// None, for this reason.
    #[cfg(target_os = "linux")]
    pub(crate) fn refused(refused: Option<i32>) -> Self {
        Self { folder: None, refused, room: Mutex::default() }
    }

    /// Room for up to this many bytes.
    pub(crate) fn region(&self, most: u64) -> io::Result<Region<'_>> {
        let mut room = self.room.lock().unwrap_or_else(PoisonError::into_inner);
        let file = if let Some(file) = &room.file {
            Arc::clone(file)
        } else {
            let none = || {
                let why = self.refused.map(io::Error::from_raw_os_error);
                why.unwrap_or_else(|| io::Error::other("no folder for temporary files"))
            };
            let folder = self.folder.as_ref().ok_or_else(none)?;
            Arc::clone(room.file.insert(Arc::new(tempfile::tempfile_in(folder)?)))
        };
        let start = room.end;
        room.end = start.saturating_add(most).checked_next_multiple_of(GRAIN).unwrap_or(u64::MAX);
        Ok(Region { scratch: self, file, start, end: room.end, length: 0 })
    }
}

/// A part of the file that one member has to itself; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Region<'s> {
    scratch: &'s Scratch,
    file: Arc<File>,
    start: u64,
    end: u64,
    length: u64,
}

impl Region<'_> {
    /// Behind what is there.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        let at = self.start.saturating_add(self.length);
        write_at(&self.file, bytes, at)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// What is there, as memory that the system may take away and bring back.
    pub(crate) fn mapped(&mut self) -> io::Result<(Arc<Mmap>, Option<Ebb>)> {
        self.settle(self.start.saturating_add(self.length));
        let map = Arc::new(map_part(&self.file, self.start, self.length)?);
        let ebb = Ebb::over(&map);
        Ok((map, ebb))
    }

    /// Gives back the room behind a place, where no other region lies behind it.
    fn settle(&mut self, end: u64) {
        let end = end.checked_next_multiple_of(GRAIN).unwrap_or(u64::MAX);
        let mut room = self.scratch.room.lock().unwrap_or_else(PoisonError::into_inner);
        if room.end == self.end {
            room.end = end;
            self.end = end;
        }
    }
}

impl Drop for Region<'_> {
    fn drop(&mut self) {
        self.settle(self.start);
        let room = self.scratch.room.lock().unwrap_or_else(PoisonError::into_inner);
        // Behind the last region nothing is kept; in between, what was written is let go where the system can.
        if room.end <= self.start {
            let _ = self.file.set_len(room.end);
        } else {
            punch(&self.file, self.start, self.length);
        }
    }
}

#[cfg(target_os = "linux")]
fn punch(file: &File, start: u64, length: u64) {
    use rustix::fs::{FallocateFlags, fallocate};
    if length > 0 {
        let _ = fallocate(file, FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE, start, length);
    }
}

#[cfg(not(target_os = "linux"))]
fn punch(_: &File, _: u64, _: u64) {}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(windows)]
fn write_at(file: &File, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, at)?;
        bytes = bytes.get(written..).unwrap_or_default();
        at += written as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test looks into a folder")]
    fn regions_keep_apart_and_give_back() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = Scratch::within(Some(folder.path().to_owned()));
        let mut first = scratch.region(1 << 30).unwrap();
        first.push(b"one").unwrap();
        let (one, _) = first.mapped().unwrap();
        let mut second = scratch.region(1 << 30).unwrap();
        second.push(b"second").unwrap();
        second.push(b", and more").unwrap();
        let (two, _) = second.mapped().unwrap();
        assert_eq!((&one[..], &two[..]), (b"one".as_slice(), b"second, and more".as_slice()));
        assert_eq!((first.start, second.start), (0, GRAIN));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the file has no name");
        drop((one, two, second, first));
        assert_eq!(scratch.room.lock().unwrap().end, 0);
        let length = scratch.region(1).unwrap().file.metadata().unwrap().len();
        assert_eq!(length, 0);
    }
}
