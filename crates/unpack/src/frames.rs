//! Compressed streams: frames of one format one after another, decoded as one content, and what stands behind them.
use std::io::{self, Read};

use interdict_model::{Again, Malformed, Member, Members, Source};

use crate::field::broken;

/// A frame that is being decoded, and the bytes behind it once it is read to its end.
pub(crate) trait Frame<'a>: Read {
    fn rest(self: Box<Self>) -> io::Result<&'a [u8]>;
}

/// What stands at the head of some bytes.
pub(crate) enum Next<'a> {
    /// A frame to decode.
    Frame(Box<dyn Frame<'a> + 'a>),
    /// Bytes that hold no content: padding, a frame to skip.
    Skip(usize),
    /// A frame that cannot be decoded.
    Fault(io::Error),
    /// Nothing of this format.
    End,
}

/// All frames of one stream as one reader.
pub(crate) struct Frames<'a> {
    open: fn(&'a [u8]) -> Next<'a>,
    all: &'a [u8],
    current: Option<Box<dyn Frame<'a> + 'a>>,
    rest: &'a [u8],
    /// What was passed over and may hold something of its own, as far as it is kept.
    skipped: Vec<&'a [u8]>,
}

/// What is passed over and is no longer holds nothing but numbers: sizes and offsets that tools leave for themselves.
const NUMBERS: usize = 72;
/// More pieces that were passed over are not kept.
const PIECES: usize = 4096;

impl<'a> Frames<'a> {
    pub(crate) fn new(bytes: &'a [u8], open: fn(&'a [u8]) -> Next<'a>) -> Self {
        Self { open, all: bytes, current: None, rest: bytes, skipped: Vec::new() }
    }

    /// What stands behind the last frame that was read to its end.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl Read for Frames<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(mut frame) = self.current.take() {
                let read = frame.read(buffer)?;
                if read > 0 || buffer.is_empty() {
                    self.current = Some(frame);
                    return Ok(read);
                }
                self.rest = frame.rest()?;
            }
            match (self.open)(self.rest) {
                Next::Frame(frame) => self.current = Some(frame),
                Next::Skip(length) => {
                    let (passed, rest) = self.rest.split_at(length.max(1).min(self.rest.len()));
                    self.rest = rest;
                    if passed.len() > NUMBERS && self.skipped.len() < PIECES && passed.iter().any(|byte| *byte != 0) {
                        self.skipped.push(passed);
                    }
                }
                Next::Fault(why) => return Err(why),
                Next::End => return Ok(0),
            }
        }
    }
}

impl Again for Frames<'_> {
    fn again(&mut self) {
        *self = Self::new(self.all, self.open);
    }
}

/// Offers the content of a compressed stream, then what stands behind it.
pub(crate) fn offer<'a>(
    source: &Source<'a>,
    endings: &[(&str, &str)],
    open: fn(&'a [u8]) -> Next<'a>,
    members: &mut dyn Members,
) -> Result<(), Malformed> {
    offer_as(&inner_name(source.name, endings), source, open, members)
}

/// The same under a name that the stream itself states.
pub(crate) fn offer_as<'a>(
    name: &str,
    source: &Source<'a>,
    open: fn(&'a [u8]) -> Next<'a>,
    members: &mut dyn Members,
) -> Result<(), Malformed> {
    if let Next::End = open(source.bytes) {
        return Err(Malformed::NotThis);
    }
    let mut frames = Frames::new(source.bytes, open);
    let mut flow = members.decoded(&Member { name: name.as_bytes(), ..Member::default() }, &mut frames);
    for (number, skipped) in frames.skipped.iter().enumerate() {
        if flow.is_continue() {
            // Behind its magic and its length.
            let held = skipped.get(8..).unwrap_or_default();
            let name = format!("skipped-{}", number + 1);
            flow = members.stored(&Member { name: name.as_bytes(), ..Member::default() }, held);
        }
    }
    // Only a stream read to its end is followed by anything.
    if flow.is_break() || frames.current.is_some() || !matches!((frames.open)(frames.rest), Next::End) {
        return Ok(());
    }
    trailing(source.bytes, frames.rest, members);
    if frames.rest.iter().all(|byte| *byte == 0) {
        return Ok(());
    }
    // What decoders pass over may be a frame whose mark was damaged: searched, and a gap all the same.
    let (length, at) = (frames.rest.len(), source.bytes.len() - frames.rest.len());
    Err(broken(
        at as u64,
        format!("{length} bytes behind the last frame are no frame; they were looked at as they are"),
    ))
}

/// Bytes behind the end of a container: looked at as an artifact of their own.
pub(crate) fn trailing(all: &[u8], rest: &[u8], members: &mut dyn Members) {
    if rest.iter().all(|byte| *byte == 0) {
        return;
    }
    let at = all.len() - rest.len();
    members.anomaly(None, "trailing-data", format!("{} bytes behind the end, from offset {at:#x}", rest.len()));
    let _ = members.stored(&Member { name: b"trailing", ..Member::default() }, rest);
}

/// The container's name without its ending, or with the ending that its content would have.
pub(crate) fn inner_name(name: &str, endings: &[(&str, &str)]) -> String {
    let lower = name.to_ascii_lowercase();
    for (ending, becomes) in endings {
        if lower.ends_with(ending)
            && let Some(stem) = name.get(..name.len() - ending.len()).filter(|stem| !stem.is_empty())
        {
            return format!("{stem}{becomes}");
        }
    }
    format!("{name}.content")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_contents() {
        let endings = [(".txz", ".tar"), (".xz", "")];
        for (name, want) in [
            ("a.tar.xz", "a.tar"),
            ("A.TXZ", "A.tar"),
            ("a.bin", "a.bin.content"),
            (".xz", ".xz.content"),
            ("", ".content"),
            ("Ж.xz", "Ж"),
        ] {
            assert_eq!(inner_name(name, &endings), want);
        }
    }
}
