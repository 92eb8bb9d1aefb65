//! NRV 2B, 2D and 2E, as UPX packs with them: matches of earlier bytes, told by single bits that are read in words of one to four bytes.
use std::io;

/// How a match is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variant {
    B,
    D,
    E,
}

/// Decodes one stream, of which no more than `most` bytes can come; `word` bytes of bits are read at once.
pub(crate) fn decode(packed: &[u8], variant: Variant, word: usize, most: usize) -> io::Result<Vec<u8>> {
    let mut stream = Stream { packed, at: 0, word, bits: 0, left: 0, out: Vec::new(), most };
    stream.run(variant)?;
    Ok(stream.out)
}

struct Stream<'a> {
    packed: &'a [u8],
    at: usize,
    word: usize,
    bits: u32,
    left: u32,
    out: Vec<u8>,
    most: usize,
}

/// The distance that ends a stream, before its own last bit is taken off.
const END: u32 = u32::MAX;

impl Stream<'_> {
    fn run(&mut self, variant: Variant) -> io::Result<()> {
        let mut last = 1_u32;
        loop {
            while self.bit()? == 1 {
                let byte = self.byte()?;
                self.push(byte)?;
            }
            let mut distance = 1_u32;
            loop {
                distance = wider(distance, self.bit()?)?;
                if self.bit()? == 1 {
                    break;
                }
                if variant != Variant::B {
                    distance = wider(distance - 1, self.bit()?)?;
                }
            }
            let mut first = None;
            if distance == 2 {
                distance = last;
            } else {
                let high = distance.checked_sub(3).filter(|high| *high < 1 << 24).ok_or(io::ErrorKind::InvalidData)?;
                distance = high << 8 | u32::from(self.byte()?);
                if distance == END {
                    return Ok(());
                }
                if variant != Variant::B {
                    first = Some(!distance & 1);
                    distance >>= 1;
                }
                distance += 1;
                last = distance;
            }
            let first = if let Some(bit) = first { bit } else { self.bit()? };
            let length = self.length(variant, first)?;
            let far = if variant == Variant::B { 0xd00 } else { 0x500 };
            self.copy(distance, length + u32::from(distance > far) + 1)?;
        }
    }

    /// A length whose first bit is known.
    fn length(&mut self, variant: Variant, first: u32) -> io::Result<u32> {
        if variant == Variant::E {
            if first == 1 {
                return Ok(1 + self.bit()?);
            }
            return Ok(if self.bit()? == 1 { 3 + self.bit()? } else { self.long()? + 3 });
        }
        match first << 1 | self.bit()? {
            0 => Ok(self.long()? + 2),
            length => Ok(length),
        }
    }

    fn long(&mut self) -> io::Result<u32> {
        let mut length = 1;
        loop {
            length = wider(length, self.bit()?)?;
            if self.bit()? == 1 {
                return Ok(length);
            }
        }
    }

    fn copy(&mut self, distance: u32, length: u32) -> io::Result<()> {
        let distance = usize::try_from(distance).unwrap_or(usize::MAX);
        let start = self.out.len().checked_sub(distance).ok_or(io::ErrorKind::InvalidData)?;
        for at in start..start + usize::try_from(length).unwrap_or(usize::MAX).min(self.most) {
            let byte = self.out.get(at).copied().ok_or(io::ErrorKind::InvalidData)?;
            self.push(byte)?;
        }
        Ok(())
    }

    fn push(&mut self, byte: u8) -> io::Result<()> {
        if self.out.len() >= self.most {
            return Err(io::Error::other("more comes out than was stated"));
        }
        self.out.push(byte);
        Ok(())
    }

    fn byte(&mut self) -> io::Result<u8> {
        let byte = self.packed.get(self.at).copied().ok_or(io::ErrorKind::UnexpectedEof)?;
        self.at += 1;
        Ok(byte)
    }

    /// The next bit: the highest first, of words with the little end first.
    fn bit(&mut self) -> io::Result<u32> {
        if self.left == 0 {
            self.bits = 0;
            for place in 0..self.word {
                self.bits |= u32::from(self.byte()?) << (8 * place);
                self.left += 8;
            }
        }
        self.left -= 1;
        Ok(self.bits >> self.left & 1)
    }
}

/// One bit more; no number here has as many as 31.
fn wider(number: u32, bit: u32) -> io::Result<u32> {
    if number >> 30 != 0 { Err(io::ErrorKind::InvalidData.into()) } else { Ok(number << 1 | bit) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The end of every stream: a distance of all ones.
    fn end(variant: Variant) -> Vec<u32> {
        let mut bits = vec![0];
        // (0xffffffff >> 8) + 3, below its highest bit, a bit and a bit that says whether more come.
        let number = 0x00ff_ffff_u32 + 3;
        let digits: Vec<u32> = (0..number.ilog2()).rev().map(|place| number >> place & 1).collect();
        match variant {
            Variant::B => {
                for (place, digit) in digits.iter().enumerate() {
                    bits.extend([*digit, u32::from(place + 1 == digits.len())]);
                }
            }
            Variant::D | Variant::E => unreachable!("only the first is written by hand"),
        }
        bits
    }

    #[test]
    fn literals_matches_and_the_end() {
        // `ab`, then four bytes from two before: distance 2 is (0 + 3) with the byte 1; length 3 is two bits.
        let mut bits = vec![1, 1, 0, 1, 1, 1, 1];
        bits.extend(end(Variant::B));
        bits.resize(bits.len().next_multiple_of(8), 0);
        let mut packed = Vec::new();
        let mut bytes = [b'a', b'b', 1, 0xff].into_iter();
        // Words of one byte: each is read when its first bit is asked for, bytes as they are needed.
        let needs = [0, 1, 4, usize::MAX];
        let total = bits.len();
        let last = 7 + end(Variant::B).len() - 1;
        for at in 0..total {
            if at % 8 == 0 {
                packed.push(bits[at..at + 8].iter().fold(0_u8, |byte, bit| byte << 1 | u8::try_from(*bit).unwrap()));
            }
            if needs.contains(&at) || at == last {
                packed.extend(bytes.next());
            }
        }
        assert_eq!(decode(&packed, Variant::B, 1, 64).unwrap(), b"ababab");
        assert!(decode(&packed, Variant::B, 1, 3).is_err());
        for cut in 0..packed.len() {
            assert!(decode(&packed[..cut], Variant::B, 1, 64).is_err(), "{cut}");
        }
    }

    #[test]
    fn noise_ends() {
        for variant in [Variant::B, Variant::D, Variant::E] {
            for byte in 0..=255_u8 {
                assert!(decode(&[byte; 300], variant, 4, 4096).is_err());
            }
        }
    }
}
