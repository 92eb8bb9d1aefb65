//! The names in an archive that comes as a stream: headers are read, contents skipped.
use std::io::{self, Read};

use super::header::{BLOCK, Extended, Header};

/// One entry, without its content.
pub(crate) struct Listed {
    /// As the archive has it.
    pub(crate) name: Vec<u8>,
    pub(crate) kind: u8,
    /// To what, where it is a link.
    pub(crate) link: Option<Vec<u8>>,
    /// Of the content that follows.
    pub(crate) size: u64,
    /// Where its content begins.
    pub(crate) at: u64,
}

impl Listed {
    pub(crate) fn is_folder(&self) -> bool {
        self.kind == b'5' || (self.has_content() && self.name.ends_with(b"/"))
    }

    /// A file, not a link, a device or a folder.
    pub(crate) fn has_content(&self) -> bool {
        !matches!(self.kind, b'1'..=b'6')
    }
}

/// What can be read, and read past.
pub(crate) trait Passing: Read {
    /// Goes past so many bytes; tells how many there were.
    fn pass(&mut self, length: u64) -> io::Result<u64>;
}

impl Passing for &[u8] {
    fn pass(&mut self, length: u64) -> io::Result<u64> {
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(self.len());
        *self = self.get(length..).unwrap_or_default();
        Ok(length as u64)
    }
}

impl Passing for Box<dyn Read + '_> {
    fn pass(&mut self, length: u64) -> io::Result<u64> {
        io::copy(&mut self.take(length), &mut io::sink())
    }
}

/// Names and links in headers before a member are not longer than this.
const LONGEST: u64 = 1 << 20;

pub(crate) struct Listing<R> {
    from: R,
    at: u64,
    /// Of the content that was not read past yet, with its padding.
    ahead: u64,
    /// A block that was read to see what it is.
    peeked: Option<Vec<u8>>,
    global: Extended,
}

impl<R: Passing> Listing<R> {
    pub(crate) fn new(from: R) -> Self {
        Self { from, at: 0, ahead: 0, peeked: None, global: Extended::default() }
    }

    /// How many bytes were gone through.
    pub(crate) fn read(&self) -> u64 {
        self.at
    }

    /// The next entry; nothing at the end, or where what follows is no header.
    pub(crate) fn next(&mut self) -> io::Result<Option<Listed>> {
        let mut extended = self.global.clone();
        loop {
            let Some(block) = self.block()? else { return Ok(None) };
            let Some(header) = Header::parse(&block, 0) else { return Ok(None) };
            if header.is_blank {
                continue;
            }
            if !header.sum_agrees {
                return Ok(None);
            }
            if header.is_extension() {
                let body = self.body(header.size)?;
                let into = if header.kind == b'g' { &mut self.global } else { &mut extended };
                into.read(&header, &body);
                if header.kind == b'g' {
                    extended = self.global.clone();
                }
                continue;
            }
            let mut size = extended.size.unwrap_or(header.size);
            self.map(&header, &block)?;
            if header.is_bodiless() && size > 0 && self.is_followed_by_header()? {
                size = 0;
            }
            self.ahead = size.checked_next_multiple_of(BLOCK).unwrap_or(u64::MAX);
            let name = extended.path.take().unwrap_or_else(|| header.name());
            let at = self.at.saturating_sub(self.peeked.as_ref().map_or(0, |_| BLOCK));
            let link = matches!(header.kind, b'1' | b'2');
            let link = link.then(|| extended.link.take().unwrap_or_else(|| header.link.to_vec()));
            return Ok(Some(Listed { name, kind: header.kind, link, size, at }));
        }
    }

    fn block(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut ahead = std::mem::take(&mut self.ahead);
        if let Some(block) = self.peeked.take() {
            let Some(rest) = ahead.checked_sub(BLOCK) else { return Ok(Some(block)) };
            ahead = rest;
        }
        if ahead > 0 {
            let passed = self.from.pass(ahead)?;
            self.at = self.at.saturating_add(passed);
            if passed < ahead {
                return Ok(None);
            }
        }
        let block = self.body(BLOCK)?;
        Ok((block.len() as u64 == BLOCK).then_some(block))
    }

    /// Reads so many bytes and their padding.
    fn body(&mut self, size: u64) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        (&mut self.from).take(size.min(LONGEST)).read_to_end(&mut body)?;
        let padded = size.checked_next_multiple_of(BLOCK).unwrap_or(u64::MAX);
        let passed = self.from.pass(padded - body.len() as u64)?;
        self.at = self.at.saturating_add(body.len() as u64).saturating_add(passed);
        Ok(body)
    }

    /// Goes past the blocks of the old GNU map of holes.
    fn map(&mut self, header: &Header<'_>, block: &[u8]) -> io::Result<()> {
        let mut has_more = header.kind == b'S' && block.get(482).is_some_and(|byte| *byte != 0);
        while has_more {
            let more = self.body(BLOCK)?;
            has_more = more.get(504).is_some_and(|byte| *byte != 0);
        }
        Ok(())
    }

    fn is_followed_by_header(&mut self) -> io::Result<bool> {
        let block = self.body(BLOCK)?;
        let is_header = Header::parse(&block, 0).is_some_and(|header| header.sum_agrees && !header.is_blank);
        self.peeked = (block.len() as u64 == BLOCK).then_some(block);
        Ok(is_header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(name: &str, kind: u8, size: usize) -> Vec<u8> {
        let mut block = vec![0; 512];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
        block[148..156].copy_from_slice(b"        ");
        block[156] = kind;
        block[257..263].copy_from_slice(b"ustar\0");
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block
    }

    #[test]
    fn a_link_with_a_size_and_no_content() {
        let content = vec![b'x'; 1024];
        let blank = vec![0; 1024];
        let long = format!("{:width$}", "n", width = 512).replace(' ', "a");
        let archive = [
            block("a", b'0', 700),
            content.clone(),
            block("b", b'1', 700),
            block("c", b'1', 700),
            content,
            blank.clone(),
            block("long", b'L', 512),
            long.clone().into_bytes(),
            block("d", b'0', 0),
            blank,
        ]
        .concat();
        let names = |mut listing: Listing<Box<dyn Read + '_>>| {
            let mut names = Vec::new();
            while let Some(entry) = listing.next().unwrap() {
                names.push((String::from_utf8(entry.name).unwrap(), entry.size, entry.at));
            }
            names
        };
        let all = names(Listing::new(Box::new(archive.as_slice())));
        let want = [("a", 700, 512), ("b", 0, 2048), ("c", 700, 2560), (long.as_str(), 0, 6144)];
        assert_eq!(all, want.map(|(name, size, at)| (name.to_owned(), size, at)));
        let mut listing = Listing::new(archive.as_slice());
        assert_eq!(listing.next().unwrap().map(|entry| entry.at), Some(512));
    }
}
