//! `bytes`: fragments one after another, and the patches that make any recipe's bytes lie.
use serde::Deserialize;

/// A sequence of fragments.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Recipe {
    parts: Vec<Fragment>,
}

impl Recipe {
    pub(super) fn build(&self) -> Result<Vec<u8>, String> {
        join(&self.parts)
    }
}

/// Bytes in the notation that suits them: exactly one key, or a plain string for text.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Fragment {
    Text(String),
    Other(Notation),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Notation {
    Text(String),
    Hex(String),
    Base64(String),
    Utf16(String),
    Utf16be(String),
    Zeros(usize),
    /// Bytes of no order, the same every time.
    Noise(usize),
    Repeat {
        text: String,
        times: usize,
    },
    U16(u16),
    U32(u32),
    U64(u64),
    Recipe(toml::Table),
}

/// More than any fixture needs; a slip of the pen must not fill the memory.
const MOST: usize = 64 << 20;

impl Fragment {
    pub(super) fn bytes(&self) -> Result<Vec<u8>, String> {
        let notation = match self {
            Self::Text(text) => return Ok(text.clone().into_bytes()),
            Self::Other(notation) => notation,
        };
        Ok(match notation {
            Notation::Text(text) => text.clone().into_bytes(),
            Notation::Hex(text) => hex(text)?,
            Notation::Base64(text) => base64(text)?,
            Notation::Utf16(text) => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Notation::Utf16be(text) => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Notation::Zeros(count) if *count <= MOST => vec![0; *count],
            Notation::Repeat { text, times } if text.len().saturating_mul(*times) <= MOST => {
                text.repeat(*times).into_bytes()
            }
            Notation::Noise(count) if *count <= MOST => noise(*count),
            Notation::Zeros(_) | Notation::Noise(_) | Notation::Repeat { .. } => {
                return Err(format!("more than {MOST} bytes"));
            }
            Notation::U16(number) => number.to_le_bytes().to_vec(),
            Notation::U32(number) => number.to_le_bytes().to_vec(),
            Notation::U64(number) => number.to_le_bytes().to_vec(),
            Notation::Recipe(recipe) => super::cook(recipe.clone())?,
        })
    }
}

fn noise(count: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_be_bytes().first().copied().unwrap_or_default()
    };
    (0..count).map(|_| next()).collect()
}

pub(super) fn join(parts: &[Fragment]) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    for part in parts {
        out.extend(part.bytes()?);
    }
    Ok(out)
}

/// Bytes laid over what a recipe made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Patch {
    /// An offset; from the end where negative.
    at: i64,
    bytes: Fragment,
}

impl Patch {
    pub(super) fn apply(&self, out: &mut [u8]) -> Result<(), String> {
        let new = self.bytes.bytes()?;
        let length = i64::try_from(out.len()).unwrap_or(i64::MAX);
        let start = if self.at < 0 { length.saturating_add(self.at) } else { self.at };
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let place = start.checked_add(new.len()).and_then(|end| out.get_mut(start..end));
        place.ok_or_else(|| format!("{} is outside {length} bytes", self.at))?.copy_from_slice(&new);
        Ok(())
    }
}

/// Hexadecimal with any white space between the pairs.
pub(super) fn hex(text: &str) -> Result<Vec<u8>, String> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    match digits {
        Some(digits) if digits.len() % 2 == 0 => {
            Ok(digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
        }
        _ => Err(format!("`{text}` is not pairs of hexadecimal digits")),
    }
}

fn base64(text: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let (mut held, mut bits) = (0_u32, 0);
    for character in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return Err(format!("`{}` is not base64", char::from(character))),
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(held >> bits & 0xff).unwrap_or(0));
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use crate::build;

    #[test]
    fn every_notation() {
        let recipe = r#"
            kind = "bytes"
            parts = ["AB", { text = "C" }, { hex = "00 ff" }, { base64 = "aGk=" }, { utf16 = "é" }, { utf16be = "é" },
                     { zeros = 2 }, { repeat = { text = "xy", times = 2 } }, { u16 = 1 }, { u32 = 2 }, { u64 = 3 }, { recipe = { kind = "bytes", parts = ["??"] } }]
            patch = [{ at = 1, bytes = { hex = "7f" } }, { at = -1, bytes = "!" }]
        "#;
        let want = b"A\x7fC\0\xffhi\xe9\0\0\xe9\0\0xyxy\x01\0\x02\0\0\0\x03\0\0\0\0\0\0\0?!";
        assert_eq!(build(recipe).unwrap(), want);
    }

    #[test]
    fn slips_are_told() {
        for (recipe, why) in [
            ("", "needs `kind"),
            ("kind = \"x\"", "no recipe of kind `x`"),
            ("kind = \"bytes\"", "missing field `parts`"),
            ("kind = \"bytes\"\nparts = []\nother = 1", "unknown field `other`"),
            ("kind = \"bytes\"\nparts = [{ hex = \"0\" }]", "hexadecimal"),
            ("kind = \"bytes\"\nparts = [\"ab\"]\ntruncate = 3", "`truncate` to 3 of 2"),
            ("kind = \"bytes\"\nparts = [\"ab\"]\npatch = [{ at = 1, bytes = \"xy\" }]", "outside 2 bytes"),
            ("kind = [", "TOML parse error"),
        ] {
            let told = build(recipe).unwrap_err();
            assert!(told.contains(why), "{recipe:?} said {told:?}");
        }
        assert_eq!(build("kind = \"bytes\"\nparts = [\"abc\"]\ntruncate = 2").unwrap(), b"ab");
    }
}
