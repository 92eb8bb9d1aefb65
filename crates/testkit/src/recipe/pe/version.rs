//! `VS_VERSIONINFO`: one block a language, with as many string tables as its author likes.
use std::collections::BTreeMap;

use serde::Deserialize;

use super::resources::{Id, english};
use crate::out::Out;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Version {
    /// Of the resource; the string tables have their own.
    #[serde(default = "english")]
    pub(super) language: u32,
    #[serde(default)]
    pub(super) id: Id,
    /// `1.2.3.4`, file and product alike.
    #[serde(default)]
    number: String,
    strings: Vec<Strings>,
}

/// One string table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Strings {
    /// Language and code page in hexadecimal, `040904b0`.
    #[serde(default = "unicode")]
    table: String,
    values: BTreeMap<String, String>,
}

fn unicode() -> String {
    "040904b0".to_owned()
}

impl Version {
    pub(super) fn block(&self) -> Vec<u8> {
        let tables: Vec<Vec<u8>> = self.strings.iter().map(Strings::node).collect();
        let mut translations = Out::little();
        for strings in &self.strings {
            let pair = strings.table.split_at_checked(4).unwrap_or_default();
            for half in [pair.0, pair.1] {
                translations.u16(u16::from_str_radix(half, 16).unwrap_or(0));
            }
        }
        let translation = node("Translation", 0, translations.bytes.len(), &translations.bytes, &[]);
        let children = [node("StringFileInfo", 1, 0, &[], &tables), node("VarFileInfo", 1, 0, &[], &[translation])];
        let fixed = self.fixed();
        node("VS_VERSION_INFO", 0, fixed.len(), &fixed, &children)
    }

    fn fixed(&self) -> Vec<u8> {
        let parts: Vec<u32> = self.number.split('.').map(|part| part.parse().unwrap_or(0)).collect();
        let part = |index: usize| parts.get(index).copied().unwrap_or(0) & 0xffff;
        let mut out = Out::little();
        out.u32(0xfeef_04bd_u32);
        out.u32(0x1_0000_u32);
        for _ in 0..2 {
            out.u32(part(0) << 16 | part(1));
            out.u32(part(2) << 16 | part(3));
        }
        for number in [0x3f_u32, 0, 0x4_0004, 1, 0, 0, 0] {
            out.u32(number);
        }
        out.bytes
    }
}

impl Strings {
    fn node(&self) -> Vec<u8> {
        let strings: Vec<Vec<u8>> = self
            .values
            .iter()
            .map(|(key, value)| {
                let mut text = Out::little();
                text.utf16(value);
                text.u16(0_u16);
                node(key, 1, text.len() / 2, &text.bytes, &[])
            })
            .collect();
        node(&self.table, 1, 0, &[], &strings)
    }
}

/// Length, length of the value (in characters where it is text), kind, key, value, children; each on four bytes.
fn node(key: &str, kind: u16, value_length: usize, value: &[u8], children: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Out::little();
    out.u16(0_u16);
    out.u16(value_length);
    out.u16(kind);
    out.utf16(key);
    out.u16(0_u16);
    if !value.is_empty() {
        out.align(4);
        out.raw(value);
    }
    for child in children {
        out.align(4);
        out.raw(child);
    }
    let length = u16::try_from(out.len()).unwrap_or(u16::MAX);
    out.put(0, &length.to_le_bytes());
    out.bytes
}
