//! Blocks that name their file: `begin 644 name`, or `begin-base64 644 name`, up to their end.
use std::io::{self, Read};

use super::runs::Digits;

/// One block.
pub(super) struct Block<'a> {
    pub(super) name: &'a [u8],
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) is_ended: bool,
    body: &'a [u8],
    is_base64: bool,
}

/// A name is not longer.
const LONGEST: usize = 1024;

/// All of a text, in order.
pub(super) fn blocks(bytes: &[u8]) -> impl Iterator<Item = Block<'_>> {
    let mut until = 0;
    memchr::memmem::find_iter(bytes, b"begin").filter_map(move |at| {
        let is_new = at >= until && (at == 0 || bytes.get(at - 1) == Some(&b'\n'));
        let block = is_new.then(|| block(bytes, at)).flatten()?;
        until = block.end;
        Some(block)
    })
}

fn block(bytes: &[u8], at: usize) -> Option<Block<'_>> {
    let rest = bytes.get(at + 5..)?;
    let (is_base64, rest) = match rest.strip_prefix(b"-base64 ") {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix(b" ")?),
    };
    let line = rest.get(..memchr::memchr(b'\n', rest.get(..rest.len().min(LONGEST))?)?)?;
    let (mode, name) = line.split_at_checked(line.iter().position(|byte| *byte == b' ')?)?;
    let name = name.trim_ascii();
    if !(3..=4).contains(&mode.len()) || !mode.iter().all(|digit| (b'0'..=b'7').contains(digit)) || name.is_empty() {
        return None;
    }
    let body = rest.get(line.len() + 1..)?;
    let marks: [&[u8]; 2] = if is_base64 { [b"\n====", b"\n===="] } else { [b"\nend\n", b"\nend\r"] };
    let ends = marks.iter().filter_map(|mark| memchr::memmem::find(body, mark)).min();
    let body = body.get(..ends.map_or(body.len(), |end| end + 1))?;
    let is_line = |line: &[u8]| {
        let length = line.first().map_or(0, |first| usize::from(first.wrapping_sub(b' ') & 63));
        line.trim_ascii_end().len() <= 1 + length.div_ceil(3) * 4 + 1
    };
    let is_one = is_base64 || body.split(|byte| *byte == b'\n').next().is_some_and(is_line);
    let end = bytes.len() - rest.len() + line.len() + 1 + body.len();
    is_one.then_some(Block { name, start: at, end, is_ended: ends.is_some(), body, is_base64 })
}

impl<'a> Block<'a> {
    pub(super) fn reader(&self) -> Box<dyn Read + 'a> {
        if self.is_base64 {
            return Box::new(Digits::base64(self.body));
        }
        Box::new(Lines { rest: self.body, made: Vec::new(), read: 0 })
    }
}

/// Lines that begin with the number of their bytes, six bits a letter from the space on.
struct Lines<'a> {
    rest: &'a [u8],
    made: Vec<u8>,
    read: usize,
}

impl Lines<'_> {
    /// Decodes the next line; false behind the last.
    fn next(&mut self) -> bool {
        let end = memchr::memchr(b'\n', self.rest).unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest.get(1..).unwrap_or_default();
        (self.made, self.read) = (Vec::new(), 0);
        let six = |letter: &u8| letter.wrapping_sub(b' ') & 63;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some((length, letters)) = line.split_first().map(|(first, letters)| (six(first), letters)) else {
            return !self.rest.is_empty();
        };
        for four in letters.chunks(4) {
            let at = |index: usize| four.get(index).map_or(0, six);
            let (a, b, c, d) = (at(0), at(1), at(2), at(3));
            self.made.extend([a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        }
        // Spaces at the end of a line are easily lost.
        self.made.resize(usize::from(length), 0);
        true
    }
}

impl Read for Lines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.read == self.made.len() {
            if self.rest.is_empty() || !self.next() {
                return Ok(0);
            }
        }
        let read = (self.made.get(self.read..).unwrap_or_default()).read(buffer)?;
        self.read += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_with_their_names() {
        let text =
            b"begin tomorrow\nbegin 644 a b.txt\n#0V%T\n`\nend\nx begin 644 no\nbegin-base64 600 c\nQ2F0\n====\n";
        let mut seen = Vec::new();
        for block in blocks(text) {
            let mut made = Vec::new();
            block.reader().read_to_end(&mut made).unwrap();
            seen.push((block.name.escape_ascii().to_string(), made));
        }
        assert_eq!(seen, [("a b.txt".to_owned(), b"Cat".to_vec()), ("c".to_owned(), vec![0x43, 0x61, 0x74])]);
    }
}
