//! `gzip`: one member; several are a `bytes` recipe of several.
use serde::Deserialize;

use super::super::bytes::{Fragment, join};
use super::{crc, deflated};
use crate::out::Out;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in super::super) struct Recipe {
    parts: Vec<Fragment>,
    file_name: Option<String>,
    comment: Option<String>,
    /// What the trailer says, where that is a lie.
    stated_size: Option<u32>,
    stated_crc: Option<u32>,
}

impl Recipe {
    pub(in super::super) fn build(&self) -> Result<Vec<u8>, String> {
        let bytes = join(&self.parts)?;
        let mut out = Out::little();
        let flags = u8::from(self.file_name.is_some()) << 3 | u8::from(self.comment.is_some()) << 4;
        out.raw(&[0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 2, 255]);
        for text in [&self.file_name, &self.comment].into_iter().flatten() {
            out.text(text);
        }
        out.raw(&deflated(&bytes)?);
        out.u32(self.stated_crc.unwrap_or_else(|| crc(&bytes)));
        // The size is kept modulo 2^32; no recipe is that large.
        out.u32(self.stated_size.map_or(bytes.len(), |size| usize::try_from(size).unwrap_or(usize::MAX)));
        Ok(out.bytes)
    }
}
