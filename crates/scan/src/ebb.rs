//! Mappings, and what of them stays in memory: the workspace's one module with unsafe code.
use std::fs::File;
use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

#[cfg(target_os = "linux")]
use memmap2::MmapRaw;
use memmap2::{Mmap, MmapOptions};

use crate::sniff::is_text;
#[cfg(target_os = "linux")]
use crate::trace::Cells;

/// A mapping smaller than this may stay in memory whole.
const LARGE: usize = 48 << 20;
/// The same of a text: few of these are large, and they are gone over more often.
const LARGE_TEXT: usize = 128 << 20;
/// Between two ebbs: what a reader can pass over meanwhile stays in memory.
const TIDE: Duration = Duration::from_millis(1);

/// A mapping of a file that another process cuts short kills the process at the next access; reading is chosen for small
/// files, and a release gate scans what nobody is writing.
#[expect(unsafe_code, reason = "a read-only private mapping; no other safe interface exists")]
pub(crate) fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the mapping is private and read-only, and outlives no borrow of its bytes.
    unsafe { Mmap::map(file) }
}

/// A part of a file that has no name and that nobody else writes.
#[expect(unsafe_code, reason = "as above, over a file that only this process knows")]
pub(crate) fn map_part(file: &File, start: u64, length: u64) -> io::Result<Mmap> {
    let length = usize::try_from(length).map_err(io::Error::other)?;
    // SAFETY: as above; the part is not written to, nor given back, before the mapping is gone.
    unsafe { MmapOptions::new().offset(start).len(length).map(file) }
}

/// Numbers in a file that two processes have mapped.
#[cfg(target_os = "linux")]
#[derive(Debug)]
pub(crate) struct Shared(MmapRaw);

#[cfg(target_os = "linux")]
impl Shared {
    pub(crate) const SIZE: u64 = size_of::<Cells>() as u64;

    /// The file must be sealed at this size: cut short, it would end whoever reads it.
    pub(crate) fn over(file: &File) -> io::Result<Self> {
        if file.metadata()?.len() < Self::SIZE {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        MmapOptions::new().len(size_of::<Cells>()).map_raw(file).map(Self)
    }

    #[expect(unsafe_code, reason = "atomic numbers may be read whoever writes them")]
    #[expect(clippy::cast_ptr_alignment, reason = "a mapping begins with a page")]
    pub(crate) fn cells(&self) -> &Cells {
        // SAFETY: the mapping is as long as the cells, aligned to a page, and lives as long as `self`; they are atomics, for
        // which every pattern of bits is a value, and nobody has them otherwise than so.
        unsafe { &*self.0.as_ptr().cast::<Cells>() }
    }
}

/// Gives a large mapping's pages back while it is read, so that memory does not grow with the file. They stay in the system's
/// cache: a reader that comes back finds them there.
#[derive(Debug)]
pub(crate) struct Ebb {
    over: Arc<(Mutex<bool>, Condvar)>,
}

impl Ebb {
    /// `None` for a small mapping, where the system has no such call, or where no thread is to be had.
    pub(crate) fn over(map: &Arc<Mmap>) -> Option<Self> {
        let large = if is_text(map) { LARGE_TEXT } else { LARGE };
        if map.len() < large || !cfg!(unix) {
            return None;
        }
        let (map, over) = (Arc::clone(map), Arc::new((Mutex::new(false), Condvar::new())));
        let shared = Arc::clone(&over);
        let run = move || {
            let (lock, bell) = &*shared;
            let mut is_over = lock.lock().unwrap_or_else(PoisonError::into_inner);
            while !*is_over {
                is_over = bell.wait_timeout(is_over, TIDE).unwrap_or_else(PoisonError::into_inner).0;
                give_back(&map);
            }
        };
        thread::Builder::new().name("ebb".to_owned()).stack_size(64 << 10).spawn(run).ok()?;
        Some(Self { over })
    }
}

impl Drop for Ebb {
    fn drop(&mut self) {
        *self.over.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.over.1.notify_all();
    }
}

#[cfg(unix)]
#[expect(unsafe_code, reason = "pages of a read-only mapping of a file come back as they were")]
fn give_back(map: &Mmap) {
    // SAFETY: the mapping is a file's, private and never written to: a page given back is read from the file again.
    let _ = unsafe { map.unchecked_advise(memmap2::UncheckedAdvice::DontNeed) };
}

#[cfg(not(unix))]
fn give_back(_: &Mmap) {}
