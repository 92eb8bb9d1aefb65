//! LZO1X, as kernels, lzop and flash file systems pack blocks with it.
use std::io;

/// Decodes one block, of which no more than `most` bytes can come.
pub(crate) fn decode(packed: &[u8], most: usize) -> io::Result<Vec<u8>> {
    let mut block = Block { packed, at: 0, out: Vec::new(), most };
    block.run()?;
    Ok(block.out)
}

struct Block<'a> {
    packed: &'a [u8],
    at: usize,
    out: Vec<u8>,
    most: usize,
}

/// What a short instruction means: it depends on how many literals came just before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    None,
    Few,
    Run,
}

impl Block<'_> {
    fn run(&mut self) -> io::Result<()> {
        let mut before = Before::None;
        if let Some(length) = self.packed.first().and_then(|first| first.checked_sub(17)).filter(|length| *length > 0) {
            self.at = 1;
            self.literals(usize::from(length))?;
            before = if length < 4 { Before::Few } else { Before::Run };
        }
        loop {
            let code = self.byte()?;
            let low = usize::from(code);
            let (length, distance, literals) = match code {
                0..16 if before == Before::None => {
                    let length = self.length(low, 15)? + 3;
                    self.literals(length)?;
                    before = Before::Run;
                    continue;
                }
                0..16 => {
                    let near = (low >> 2) + (usize::from(self.byte()?) << 2);
                    if before == Before::Few { (2, near + 1, low & 3) } else { (3, near + 0x801, low & 3) }
                }
                16..32 => {
                    let length = self.length(low & 7, 7)? + 2;
                    let word = self.word()?;
                    let distance = ((low & 8) << 11) + (word >> 2);
                    if distance == 0 {
                        return Ok(());
                    }
                    (length, distance + 0x4000, word & 3)
                }
                32..64 => {
                    let length = self.length(low & 31, 31)? + 2;
                    let word = self.word()?;
                    (length, (word >> 2) + 1, word & 3)
                }
                64.. => {
                    let distance = (low >> 2 & 7) + (usize::from(self.byte()?) << 3) + 1;
                    ((low >> 5) + 1, distance, low & 3)
                }
            };
            self.copy(length, distance)?;
            self.literals(literals)?;
            before = if literals == 0 { Before::None } else { Before::Few };
        }
    }

    fn byte(&mut self) -> io::Result<u8> {
        let byte = self.packed.get(self.at).copied().ok_or(io::ErrorKind::UnexpectedEof)?;
        self.at += 1;
        Ok(byte)
    }

    fn word(&mut self) -> io::Result<usize> {
        Ok(usize::from(self.byte()?) | usize::from(self.byte()?) << 8)
    }

    /// A length that does not fit its bits goes on in bytes: zeros for 255 each, then the rest.
    fn length(&mut self, bits: usize, most: usize) -> io::Result<usize> {
        if bits > 0 {
            return Ok(bits);
        }
        let mut length = most;
        loop {
            match self.byte()? {
                0 if length <= self.most => length += 255,
                0 => return Err(io::Error::other("a length that cannot be")),
                rest => return Ok(length + usize::from(rest)),
            }
        }
    }

    fn room(&self, length: usize) -> io::Result<()> {
        if self.out.len().saturating_add(length) > self.most {
            return Err(io::Error::other("a block that grows longer than it may"));
        }
        Ok(())
    }

    fn literals(&mut self, length: usize) -> io::Result<()> {
        self.room(length)?;
        let end = self.at.saturating_add(length);
        self.out.extend_from_slice(self.packed.get(self.at..end).ok_or(io::ErrorKind::UnexpectedEof)?);
        self.at = end;
        Ok(())
    }

    fn copy(&mut self, length: usize, distance: usize) -> io::Result<()> {
        self.room(length)?;
        let from =
            self.out.len().checked_sub(distance).ok_or_else(|| io::Error::other("a copy from before the start"))?;
        for at in from..from + length {
            let byte = self.out.get(at).copied().unwrap_or_default();
            self.out.push(byte);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_copies_and_an_end() {
        // Three literals at once, a copy of four from one byte back, the end.
        let packed = b"\x14abc\x60\0\x11\0\0";
        assert_eq!(decode(packed, 100).unwrap(), b"abccccc");
        assert!(decode(packed, 6).is_err());
        for cut in 0..packed.len() {
            assert!(decode(&packed[..cut], 100).is_err(), "{cut}");
        }
        assert!(decode(b"\x12a\x60\xff\x11\0\0", 100).is_err());
    }
}
