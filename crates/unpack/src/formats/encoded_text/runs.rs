//! Long runs of base64 or of hexadecimal digits, with or without line ends in them.
use std::io::{self, Read};

use interdict_model::Head;

use crate::formats::UNPACKERS;
use crate::formats::embedded;

/// A shorter run is not looked at.
const SHORTEST: usize = 256;
/// One byte in so many is looked at first: a run of that length is not missed.
const STRIDE: usize = SHORTEST / 2;
/// What tells what a run holds.
const LOOK: usize = 4096;
/// A run may begin behind a word that belongs to something else, on a line of its own.
const LINES: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Base64,
    Hex,
}

impl Encoding {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Base64 => "base64",
            Self::Hex => "hex",
        }
    }
}

/// A run, and where it begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'a> {
    pub(super) start: usize,
    pub(super) encoding: Encoding,
    text: &'a [u8],
}

const LINE: u8 = 64;
const OTHER: u8 = 255;

/// Six bits of each letter, of either alphabet; line ends; everything else.
fn value(byte: u8) -> u8 {
    match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        b'\n' | b'\r' => LINE,
        _ => OTHER,
    }
}

/// All that are long enough, in order.
pub(super) fn runs(bytes: &[u8]) -> impl Iterator<Item = Run<'_>> {
    let mut at = STRIDE;
    std::iter::from_fn(move || {
        while let Some(&byte) = bytes.get(at) {
            if value(byte) == OTHER {
                at += STRIDE;
                continue;
            }
            let start = bytes.get(..at)?.iter().rposition(|byte| value(*byte) == OTHER).map_or(0, |before| before + 1);
            let end =
                bytes.get(at..)?.iter().position(|byte| value(*byte) == OTHER).map_or(bytes.len(), |more| at + more);
            at = end + STRIDE;
            if end - start >= SHORTEST {
                let text = bytes.get(start..end)?;
                let is_hex = text.iter().all(|byte| byte.is_ascii_hexdigit() || value(*byte) == LINE);
                let encoding = if is_hex { Encoding::Hex } else { Encoding::Base64 };
                return Some(Run { start, encoding, text });
            }
        }
        None
    })
}

impl<'a> Run<'a> {
    pub(super) fn reader(&self) -> Digits<'a> {
        match self.encoding {
            Encoding::Base64 => Digits::base64(self.text),
            Encoding::Hex => Digits { bits: 4, ..Digits::base64(self.text) },
        }
    }

    /// The same from where it holds something that is known; nothing where it does not.
    pub(super) fn settled(self) -> Option<Self> {
        let line_ends = self.text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let mut starts = [0].into_iter().chain(line_ends.take(LINES));
        starts.find_map(|skip| {
            let run = Self { start: self.start + skip, text: self.text.get(skip..)?, ..self };
            let mut look = Vec::new();
            run.reader().take(LOOK as u64).read_to_end(&mut look).ok()?;
            is_known(&look).then_some(run)
        })
    }
}

/// Whether something here opens it or runs, by its first bytes; text in text is searched as it stands by those who read it.
fn is_known(look: &[u8]) -> bool {
    let head = Head { bytes: look, name: "" };
    let others = UNPACKERS.iter().filter(|unpacker| ![super::ENTRY.id, embedded::ENTRY.id].contains(&unpacker.id));
    embedded::runs(&head)
        || crate::recognised(&head).is_some()
        || others.into_iter().any(|unpacker| (unpacker.accepts)(&head))
}

/// Digits of six or four bits each; line ends between them are passed over.
pub(super) struct Digits<'a> {
    text: &'a [u8],
    bits: u32,
    held: u32,
    count: u32,
}

impl<'a> Digits<'a> {
    pub(super) fn base64(text: &'a [u8]) -> Self {
        Self { text, bits: 6, held: 0, count: 0 }
    }

    fn digit(&self, byte: u8) -> Option<u32> {
        if self.bits == 4 {
            char::from(byte).to_digit(16)
        } else {
            Some(value(byte).into()).filter(|value| *value < 64)
        }
    }
}

impl Read for Digits<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut written = 0;
        while let (Some(slot), Some((&byte, rest))) = (buffer.get_mut(written), self.text.split_first()) {
            self.text = rest;
            let Some(digit) = self.digit(byte) else { continue };
            self.held = self.held << self.bits | digit;
            self.count += self.bits;
            if self.count >= 8 {
                self.count -= 8;
                *slot = (self.held >> self.count).to_le_bytes()[0];
                self.held &= (1 << self.count) - 1;
                written += 1;
            }
        }
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(usize, &'static str)> {
        runs(text.as_bytes()).filter_map(Run::settled).map(|run| (run.start, run.encoding.name())).collect()
    }

    #[test]
    fn what_a_run_holds_decides() {
        use base64::Engine as _;
        let mut program = b"\x7fELF\x02\x01\x01".to_vec();
        program.resize(300, 7);
        let base64 = base64::engine::general_purpose::STANDARD.encode(&program);
        let hex: String = program.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        let lines: Vec<&str> = base64.as_bytes().chunks(60).map(|line| std::str::from_utf8(line).unwrap()).collect();
        assert_eq!(told(&format!("var x = \"{base64}\";")), [(9, "base64")]);
        assert_eq!(told(&format!("x='{hex}'")), [(3, "hex")]);
        assert_eq!(told(&format!("base64 -d <<EOF\n{}\nEOF\n", lines.join("\n"))), [(16, "base64")]);
        assert_eq!(told(&lines.join("\r\n")), [(0, "base64")]);
        assert_eq!(told(&"word\n".repeat(1000)), []);
        assert_eq!(told(&base64[..200]), []);
        assert_eq!(told(""), []);
    }
}
