//! An embedded code signature: identifier, team, digests of the pages, entitlements, and a signature over it.
use interdict_model::Digest;
use serde::Deserialize;

use super::super::bytes::{Fragment, hex, join};
use crate::out::{Endian, Out};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Signature {
    identifier: String,
    team: Option<String>,
    entitlements: Option<String>,
    /// The CMS signature, as bytes or a `pkcs7` recipe.
    #[serde(default)]
    cms: Vec<Fragment>,
}

impl Signature {
    /// The signature of all that stands before it.
    pub(super) fn write(&self, code: &[u8]) -> Result<Vec<u8>, String> {
        let entitlements = self.entitlements.as_ref().map(|text| blob(0xfade_7171, text.as_bytes()));
        let mut blobs = vec![(0_u32, self.directory(code, entitlements.as_deref())?)];
        blobs.extend(entitlements.map(|blob| (5, blob)));
        if !self.cms.is_empty() {
            blobs.push((0x1_0000, blob(0xfade_0b01, &join(&self.cms)?)));
        }
        let mut index = Out::new(Endian::Big);
        let mut body = Out::new(Endian::Big);
        index.u32(blobs.len());
        for (slot, blob) in &blobs {
            index.u32(*slot);
            index.u32(12 + 8 * blobs.len() + body.len());
            body.raw(blob);
        }
        index.raw(&body.bytes);
        Ok(blob(0xfade_0cc0, &index.bytes))
    }

    fn directory(&self, code: &[u8], entitlements: Option<&[u8]>) -> Result<Vec<u8>, String> {
        const FIXED: usize = 52;
        let digest = |bytes: &[u8]| hex(Digest::of(bytes).hex());
        let special = if entitlements.is_some() { 5 } else { 0 };
        let mut text = Out::new(Endian::Big);
        text.text(&self.identifier);
        let team_at = self.team.as_ref().map_or(0, |team| {
            let at = FIXED + text.len();
            text.text(team);
            at
        });
        let digests_at = FIXED + text.len() + 32 * special;
        let pages: Vec<&[u8]> = code.chunks(0x1000).collect();
        let mut out = Out::new(Endian::Big);
        out.u32(0x2_0200_u32);
        out.u32(0_u32);
        for number in [digests_at, FIXED, special, pages.len(), code.len()] {
            out.u32(number);
        }
        out.raw(&[32, 2, 0, 12]); // SHA-256, pages of 2^12 bytes
        out.u32(0_u32);
        out.u32(0_u32);
        out.u32(team_at);
        out.raw(&text.bytes);
        if let Some(entitlements) = entitlements {
            out.raw(&digest(entitlements)?);
            out.zeros(4 * 32);
        }
        for page in pages {
            out.raw(&digest(page)?);
        }
        Ok(blob(0xfade_0c02, &out.bytes))
    }
}

fn blob(magic: u32, content: &[u8]) -> Vec<u8> {
    let mut out = Out::new(Endian::Big);
    out.u32(magic);
    out.u32(8 + content.len());
    out.raw(content);
    out.bytes
}
