//! Where bytes come in, of files and out of decoders: here a test can make a read fail, fall short, or give something else.
use std::io::{self, Read};

#[cfg(debug_assertions)]
use crate::planted::{self, Reading};

/// A read out of a decoder.
pub(crate) fn decoded(from: &mut (impl Read + ?Sized), buffer: &mut [u8]) -> io::Result<usize> {
    #[cfg(debug_assertions)]
    if let Some(fault) = planted::struck(Reading::Decoder) {
        return fault.read(from, buffer);
    }
    from.read(buffer)
}

/// A file, read through here.
pub(crate) struct Through<'f, R>(pub(crate) &'f mut R);

impl<R: Read> Read for Through<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(debug_assertions)]
        if let Some(fault) = planted::struck(Reading::File) {
            return fault.read(self.0, buffer);
        }
        self.0.read(buffer)
    }
}
