//! `tar`: ustar headers, with long names the PAX or the GNU way.
use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::bytes::{Fragment, join};
use crate::out::Out;

const BLOCK: usize = 512;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in super::super) struct Recipe {
    members: Vec<Entry>,
    /// How a name of over 100 bytes is written.
    #[serde(default)]
    long_names: LongNames,
    /// Whether the two blocks of zeros that end an archive are there.
    #[serde(default = "yes")]
    end: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum LongNames {
    #[default]
    Pax,
    Gnu,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    path: Fragment,
    #[serde(default)]
    parts: Vec<Fragment>,
    /// The type flag: `0` a file, `1` a hard link, `2` a symbolic link, `5` a directory, …
    #[serde(rename = "type", default = "file")]
    kind: char,
    #[serde(default)]
    link: String,
    /// What the header says, where that is a lie.
    stated_size: Option<u64>,
    /// Records of an extended header before this one.
    #[serde(default)]
    pax: BTreeMap<String, String>,
}

fn yes() -> bool {
    true
}

fn file() -> char {
    '0'
}

impl Recipe {
    pub(in super::super) fn build(&self) -> Result<Vec<u8>, String> {
        let mut out = Out::little();
        for entry in &self.members {
            self.write(entry, &mut out)?;
        }
        if self.end {
            out.zeros(2 * BLOCK);
        }
        Ok(out.bytes)
    }

    fn write(&self, entry: &Entry, out: &mut Out) -> Result<(), String> {
        let (path, link) = (entry.path.bytes()?, entry.link.as_bytes());
        let mut records = Vec::new();
        for (key, kind, value) in [("path", 'L', path.as_slice()), ("linkpath", 'K', link)] {
            if value.len() > 100 && self.long_names == LongNames::Pax {
                records.extend(record(key, value));
            } else if value.len() > 100 {
                let ended: Vec<u8> = value.iter().copied().chain([0]).collect();
                plain(out, b"././@LongLink", kind, &ended);
            }
        }
        records.extend(entry.pax.iter().flat_map(|(key, value)| record(key, value.as_bytes())));
        if !records.is_empty() {
            plain(out, b"PaxHeaders/next", 'x', &records);
        }
        let bytes = join(&entry.parts)?;
        header(out, &path, entry.kind, entry.stated_size.unwrap_or(bytes.len() as u64), link)?;
        out.raw(&bytes);
        out.align(BLOCK);
        Ok(())
    }
}

/// A member that speaks of the next one.
fn plain(out: &mut Out, path: &[u8], kind: char, bytes: &[u8]) {
    // The type and size of such a member always fit.
    let _ = header(out, path, kind, bytes.len() as u64, b"");
    out.raw(bytes);
    out.align(BLOCK);
}

/// `length key=value\n`, where the length counts itself.
fn record(key: &str, value: &[u8]) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let mut length = rest + 1;
    while length.to_string().len() + rest != length {
        length += 1;
    }
    [format!("{length} {key}=").as_bytes(), value, b"\n"].concat()
}

fn header(out: &mut Out, path: &[u8], kind: char, size: u64, link: &[u8]) -> Result<(), String> {
    let kind = u8::try_from(kind).map_err(|_| format!("`type` is `{kind}`; it must be one ASCII character"))?;
    let start = out.len();
    field(out, path, 100);
    let mode = if kind == b'5' { "0000755" } else { "0000644" };
    for text in [mode, "0000000", "0000000"] {
        field(out, text.as_bytes(), 8);
    }
    if size < 1 << 33 {
        field(out, format!("{size:011o}").as_bytes(), 12);
    } else {
        out.raw(&[0x80, 0, 0, 0]);
        out.raw(&size.to_be_bytes());
    }
    field(out, b"00000000000", 12);
    out.raw(b"        ");
    out.u8(kind);
    field(out, link, 100);
    out.raw(b"ustar\x0000");
    out.pad_to(start + BLOCK);
    let sum: u32 = out.bytes.iter().skip(start).map(|byte| u32::from(*byte)).sum();
    out.put(start + 148, format!("{sum:06o}\0 ").as_bytes());
    Ok(())
}

/// A value in a field of fixed width, cut where it is longer.
fn field(out: &mut Out, value: &[u8], width: usize) {
    let end = out.len() + width;
    out.raw(value.get(..width).unwrap_or(value));
    out.pad_to(end);
}
