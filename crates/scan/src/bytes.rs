//! The only door to a file's bytes: read when small, mapped when large, and checked afterwards.
#![expect(clippy::disallowed_methods, reason = "the one place that opens files (invariant 2)")]
use std::fs::{File, Metadata};
use std::io::{self, Read as _, Seek as _};
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use interdict_model::{Digest, Hasher};
use memmap2::Mmap;

use crate::ebb::{Ebb, map};
use crate::seam::Through;

/// Up to this size a read costs no more than a mapping, and nothing can pull it away.
pub(crate) const READ_UP_TO: u64 = 1 << 20;

/// What is read at once for a digest.
const PIECE: usize = 256 << 10;

/// An open file, and what is needed to tell whether it changed meanwhile.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) file: File,
    pub(crate) is_regular: bool,
    before: (u64, Option<SystemTime>),
}

/// A file's bytes.
pub(crate) enum Bytes {
    Read(Vec<u8>),
    Mapped(Arc<Mmap>, #[expect(dead_code, reason = "held until the mapping goes")] Option<Ebb>),
}

impl Opened {
    /// Without waiting for anybody: what was a file a moment ago may be a pipe by now.
    pub(crate) fn at(path: &Path) -> io::Result<Self> {
        let mut options = File::options();
        #[cfg(target_os = "linux")]
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK | libc::O_NOCTTY);
        Self::over(options.read(true).open(path)?)
    }

    pub(crate) fn over(file: File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self { file, is_regular: metadata.is_file(), before: stamp(&metadata) })
    }

    /// A file without a name that holds these bytes.
    #[cfg(target_os = "linux")]
    pub(crate) fn holding(bytes: &[u8]) -> io::Result<Self> {
        use std::io::Write as _;
        let mut file = File::from(rustix::fs::memfd_create("interdict-input", rustix::fs::MemfdFlags::CLOEXEC)?);
        file.write_all(bytes)?;
        Self::over(file)
    }

    /// As stated when it was opened.
    pub(crate) fn size(&self) -> u64 {
        self.before.0
    }

    /// Whether it can be read again from its beginning, and says how long it is; files that the system makes up do not.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_regular && self.size() > 0
    }

    /// Whether these bytes are not as many as it said.
    pub(crate) fn falls_short(&self, bytes: &Bytes) -> bool {
        self.size() != bytes.len() as u64
    }

    /// Its first bytes, up to so many.
    pub(crate) fn head(&mut self, most: usize) -> io::Result<Vec<u8>> {
        let mut head = Vec::with_capacity(most);
        self.file.rewind()?;
        Through(&mut self.file).take(most as u64).read_to_end(&mut head)?;
        Ok(head)
    }

    pub(crate) fn bytes(&mut self) -> io::Result<Bytes> {
        if self.size() > READ_UP_TO {
            let map = Arc::new(map(&self.file)?);
            let ebb = Ebb::over(&map);
            return Ok(Bytes::Mapped(map, ebb));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(self.size()).unwrap_or(0));
        self.file.rewind()?;
        // A growing file ends at the limit all the same.
        Through(&mut self.file).take(READ_UP_TO * 2).read_to_end(&mut bytes)?;
        Ok(Bytes::Read(bytes))
    }

    /// Whether size or time stamp differ from when it was opened.
    pub(crate) fn changed(&self) -> bool {
        self.file.metadata().map_or(true, |now| stamp(&now) != self.before)
    }
}

/// Of all of a file, a piece after the other.
pub(crate) fn digest_of(opened: &mut Opened) -> io::Result<Digest> {
    opened.file.rewind()?;
    let mut hasher = Hasher::default();
    let mut piece = vec![0; PIECE];
    loop {
        let read = Through(&mut opened.file).read(&mut piece)?;
        if read == 0 {
            return Ok(hasher.finished());
        }
        hasher.add(piece.get(..read).unwrap_or_default());
    }
}

fn stamp(metadata: &Metadata) -> (u64, Option<SystemTime>) {
    (metadata.len(), metadata.modified().ok())
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Read(bytes) => bytes,
            Self::Mapped(map, _) => map,
        }
    }
}
