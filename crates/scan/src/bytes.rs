//! The only door to a file's bytes: read when small, mapped when large, and checked afterwards.
#![expect(clippy::disallowed_methods, reason = "the one place that opens files (invariant 2)")]
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use memmap2::Mmap;

use crate::ebb::{Ebb, map};

/// Up to this size a read costs no more than a mapping, and nothing can pull it away.
const READ_UP_TO: u64 = 1 << 20;

/// A file's bytes, and what is needed to tell whether it changed meanwhile.
pub(crate) struct Bytes {
    held: Held,
    file: File,
    before: (u64, Option<SystemTime>),
}

enum Held {
    Read(Vec<u8>),
    Mapped(Arc<Mmap>, #[expect(dead_code, reason = "held until the mapping goes")] Option<Ebb>),
}

impl Bytes {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let before = stamp(&file.metadata()?);
        let held = if before.0 > READ_UP_TO {
            let map = Arc::new(map(&file)?);
            let ebb = Ebb::over(&map);
            Held::Mapped(map, ebb)
        } else {
            let mut bytes = Vec::with_capacity(usize::try_from(before.0).unwrap_or(0));
            // A device or a growing file ends at the limit all the same.
            file.by_ref().take(READ_UP_TO * 2).read_to_end(&mut bytes)?;
            Held::Read(bytes)
        };
        Ok(Self { held, file, before })
    }

    /// Whether size or time stamp differ from when it was opened.
    pub(crate) fn changed(&self) -> bool {
        self.file.metadata().map_or(true, |now| stamp(&now) != self.before)
    }
}

fn stamp(metadata: &Metadata) -> (u64, Option<SystemTime>) {
    (metadata.len(), metadata.modified().ok())
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.held {
            Held::Read(bytes) => bytes,
            Held::Mapped(map, _) => map,
        }
    }
}
