//! Many bytes of JSON at once: where a text ends or must be read in another way, and where a value ends by its brackets alone.
use wide::u8x16;

use super::{Json, Kind, Read};

/// Bytes looked at together.
const WIDE: usize = 16;
/// Bytes whose marks fit into one number.
const BLOCK: usize = 64;
/// Every second bit, from the second on.
const ODD: u64 = 0xaaaa_aaaa_aaaa_aaaa;

impl Json<'_> {
    /// The first quote, backslash or control character from here on; the end of the text where there is none.
    #[inline]
    pub(super) fn special(&self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<WIDE>) {
            let chunk = u8x16::from(*chunk);
            let control = chunk.min(u8x16::splat(0x1f)).simd_eq(chunk);
            let found = (control | chunk.simd_eq(u8x16::splat(b'"')) | chunk.simd_eq(u8x16::splat(b'\\'))).to_bitmask();
            if found != 0 {
                return at + found.trailing_zeros() as usize;
            }
            at += WIDE;
        }
        while let Some(byte) = bytes.get(at) {
            if matches!(byte, b'"' | b'\\' | 0..=0x1f) {
                return at;
            }
            at += 1;
        }
        at
    }

    /// Reads past one value that is read again later: of an object or a list only texts and brackets are looked at.
    pub(crate) fn pass(&mut self) -> Read<()> {
        if !matches!(self.kind()?, Kind::Object | Kind::Array) {
            return self.skip();
        }
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        match end(rest) {
            Some(length) => {
                self.at += length;
                self.fresh = false;
                Ok(())
            }
            // Reading it in earnest says where it breaks.
            None => self.skip(),
        }
    }
}

/// Where the object or list that begins here ends.
fn end(bytes: &[u8]) -> Option<usize> {
    let mut reader = Brackets::default();
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    for (index, block) in blocks.iter().enumerate() {
        if let Some(at) = reader.end_in(block) {
            return Some(index * BLOCK + at + 1);
        }
    }
    let mut last = [b' '; BLOCK];
    last.get_mut(..rest.len())?.copy_from_slice(rest);
    reader.end_in(&last).map(|at| blocks.len() * BLOCK + at + 1)
}

/// What is known at the end of a block.
#[derive(Default)]
struct Brackets {
    depth: u64,
    /// All ones inside a text.
    in_text: u64,
    /// One where the next character is escaped.
    escaped: u64,
}

impl Brackets {
    /// Where in this block the outermost bracket is closed.
    #[inline]
    fn end_in(&mut self, block: &[u8; BLOCK]) -> Option<usize> {
        let (mut quotes, mut backslashes, mut opening, mut closing) = (0, 0, 0, 0);
        let (parts, _) = block.as_chunks::<WIDE>();
        for (index, part) in parts.iter().enumerate() {
            let part = u8x16::from(*part);
            let of = |byte: u8, part: u8x16| u64::from(part.simd_eq(u8x16::splat(byte)).to_bitmask()) << (index * WIDE);
            quotes |= of(b'"', part);
            backslashes |= of(b'\\', part);
            // Brackets and braces differ in one bit.
            let folded = part | u8x16::splat(0x20);
            opening |= of(b'{', folded);
            closing |= of(b'}', folded);
        }
        quotes &= !self.escapes(backslashes);
        let in_text = before_each(quotes) ^ self.in_text;
        self.in_text = (in_text >> (BLOCK - 1)).wrapping_neg();
        (opening, closing) = (opening & !in_text, closing & !in_text);
        let closes = u64::from(closing.count_ones());
        if self.depth > closes {
            self.depth = self.depth - closes + u64::from(opening.count_ones());
            return None;
        }
        let mut both = opening | closing;
        while both != 0 {
            let at = both.trailing_zeros();
            if opening >> at & 1 == 1 {
                self.depth += 1;
            } else if self.depth <= 1 {
                return Some(at as usize);
            } else {
                self.depth -= 1;
            }
            both &= both - 1;
        }
        None
    }

    /// The characters that a backslash stands before which is not escaped itself.
    #[inline]
    fn escapes(&mut self, backslashes: u64) -> u64 {
        if backslashes == 0 {
            return std::mem::take(&mut self.escaped);
        }
        // Runs of backslashes that begin at even and at odd places are told apart by what a subtraction carries along them; as
        // in simdjson.
        let starts = backslashes & !self.escaped;
        let behind = (starts << 1 | ODD).wrapping_sub(starts) ^ ODD;
        let escaped = behind ^ (backslashes | self.escaped);
        self.escaped = (behind & backslashes) >> (BLOCK - 1);
        escaped
    }
}

/// For each bit, whether an odd number of bits is set up to it.
#[inline]
fn before_each(bits: u64) -> u64 {
    [1, 2, 4, 8, 16, 32].into_iter().fold(bits, |bits, by| bits ^ bits << by)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number that looks like chance.
    fn next(state: &mut u64) -> usize {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*state >> 33).unwrap_or(0)
    }

    fn value(depth: usize, state: &mut u64, out: &mut String) {
        const TEXTS: &[&str] = &[
            "",
            "a",
            "}",
            "{[",
            "\\\"",
            "\\\\",
            "\\\\\\\\",
            "\\\\\\\"]",
            "\u{e9}x",
            "long text, longer than sixteen bytes}",
        ];
        let text = |state: &mut u64, out: &mut String| {
            out.push('"');
            for _ in 0..next(state) % 4 {
                out.push_str(TEXTS[next(state) % TEXTS.len()]);
            }
            out.push('"');
        };
        match next(state) % if depth > 6 { 2 } else { 5 } {
            0 => text(state, out),
            1 => out.push_str(["1", "-2.5e3", "true", "null"][next(state) % 4]),
            of => {
                let is_object = of == 2;
                out.push(if is_object { '{' } else { '[' });
                for index in 0..next(state) % 5 {
                    out.push_str(if index > 0 { ", " } else { "" });
                    if is_object {
                        text(state, out);
                        out.push_str(" :");
                    }
                    value(depth + 1, state, out);
                }
                out.push(if is_object { '}' } else { ']' });
            }
        }
    }

    #[test]
    fn brackets_alone_end_a_value_where_reading_it_does() {
        let mut state = 7;
        for _ in 0..3000 {
            let mut text = String::new();
            value(0, &mut state, &mut text);
            text.push_str(["", " ", ",1]", "}}"][next(&mut state) % 4]);
            let (mut read, mut passed) = (Json::new(&text), Json::new(&text));
            assert_eq!(read.skip(), passed.pass(), "{text}");
            assert_eq!(read.offset(), passed.offset(), "{text}");
            // Cut short, both say where.
            let cut = (0..text.len()).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let cut = text.get(..cut).unwrap_or_default();
            assert_eq!(Json::new(cut).skip().is_ok(), Json::new(cut).pass().is_ok(), "{cut}");
        }
    }
}
