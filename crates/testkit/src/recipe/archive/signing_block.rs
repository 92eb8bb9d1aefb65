//! The block before a zip archive's directory that holds the signers of an Android package.
use serde::Deserialize;

use super::super::bytes::{Fragment, join};
use crate::out::Out;

/// The signers of one scheme; digests and signature values are made up.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Scheme {
    /// 2 or 3.
    scheme: u8,
    /// The certificates of each signer, its own first.
    signers: Vec<Vec<Fragment>>,
}

/// The block with the signers of these schemes.
pub(super) fn block(schemes: &[Scheme]) -> Result<Vec<u8>, String> {
    let mut pairs = Out::little();
    for scheme in schemes {
        let id: u32 = match scheme.scheme {
            2 => 0x7109_871a,
            3 => 0xf053_68c0,
            other => return Err(format!("`scheme` {other} has no block")),
        };
        let signers: Result<Vec<Vec<u8>>, String> = scheme.signers.iter().map(|of| signer(of, scheme.scheme)).collect();
        let signers = list(&signers?);
        pairs.u64(4 + signers.len());
        pairs.u32(id);
        pairs.raw(&signers);
    }
    let size = pairs.len() + 24;
    let mut out = Out::little();
    out.u64(size);
    out.raw(&pairs.bytes);
    out.u64(size);
    out.raw(b"APK Sig Block 42");
    Ok(out.bytes)
}

fn signer(certificates: &[Fragment], scheme: u8) -> Result<Vec<u8>, String> {
    const RSA_SHA256: u32 = 0x0103;
    let made_up = [&RSA_SHA256.to_le_bytes()[..], &counted(&[0; 32])].concat();
    let certificates: Result<Vec<Vec<u8>>, String> =
        certificates.iter().map(|one| join(std::slice::from_ref(one))).collect();
    let mut data = Out::little();
    data.raw(&list(std::slice::from_ref(&made_up)));
    data.raw(&list(&certificates?));
    // Scheme 3 says for which versions of the system it is.
    let versions = [24_u32.to_le_bytes(), u32::MAX.to_le_bytes()].concat();
    if scheme == 3 {
        data.raw(&versions);
    }
    data.raw(&list(&[]));
    let mut out = counted(&data.bytes);
    if scheme == 3 {
        out.extend(versions);
    }
    out.extend(list(&[made_up]));
    out.extend(counted(b"key"));
    Ok(out)
}

fn counted(bytes: &[u8]) -> Vec<u8> {
    let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    [&len.to_le_bytes()[..], bytes].concat()
}

fn list(parts: &[Vec<u8>]) -> Vec<u8> {
    counted(&parts.iter().flat_map(|part| counted(part)).collect::<Vec<u8>>())
}
