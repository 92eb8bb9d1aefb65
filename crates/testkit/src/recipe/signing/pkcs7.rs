//! `pkcs7`: an Authenticode signature that states a digest and a program name, and holds certificates and signatures.
use interdict_model::Digest;
use serde::Deserialize;

use super::super::bytes::{Fragment, hex, join};
use super::der::{INTEGER, OCTETS, SET, algorithm, context, group, oid, sequence, value, values};

const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
const INDIRECT_DATA: &str = "1.3.6.1.4.1.311.2.1.4";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in super::super) struct Recipe {
    /// The SHA-256 it states, in hexadecimal; that of the PE file it is put into where it is not said.
    digest: Option<String>,
    /// Certificates, the signer's first, each as bytes or a `certificate` recipe.
    #[serde(default)]
    certificates: Vec<Fragment>,
    /// What the signature calls the program.
    program_name: Option<String>,
    /// Whether that name is ASCII instead of UTF-16.
    #[serde(default)]
    ascii: bool,
    more_info: Option<String>,
    /// Signatures in the unsigned attributes, each as bytes or a `pkcs7` recipe.
    #[serde(default)]
    nested: Vec<Fragment>,
    #[serde(default)]
    time_stamps: Vec<Fragment>,
}

impl Recipe {
    pub(in super::super) fn build(&self) -> Result<Vec<u8>, String> {
        let digest = self.digest.as_deref().ok_or("outside a `pe` recipe it needs a `digest`")?;
        let digest = hex(digest)?;
        let content = [image_data(), sequence(&[algorithm(SHA_256), value(OCTETS, &digest)])];
        let signed = sequence(&[
            value(INTEGER, &[1]),
            group(SET, &[algorithm(SHA_256)]),
            sequence(&[oid(INDIRECT_DATA), context(0, &[sequence(&content)])]),
            value(0xa0, &join(&self.certificates)?),
            group(SET, &[self.signer(&content.concat())?]),
        ]);
        Ok(sequence(&[oid("1.2.840.113549.1.7.2"), context(0, &[signed])]))
    }

    fn signer(&self, content: &[u8]) -> Result<Vec<u8>, String> {
        let attribute = |id: &str, values: &[u8]| sequence(&[oid(id), value(SET, values)]);
        let mut signed = vec![
            attribute("1.2.840.113549.1.9.3", &oid(INDIRECT_DATA)),
            attribute("1.2.840.113549.1.9.4", &value(OCTETS, &hex(Digest::of(content).hex())?)),
        ];
        if self.program_name.is_some() || self.more_info.is_some() {
            signed.push(attribute("1.3.6.1.4.1.311.2.1.12", &self.opus_info()));
        }
        let mut unsigned = Vec::new();
        for (id, values) in [("1.3.6.1.4.1.311.2.4.1", &self.nested), ("1.3.6.1.4.1.311.3.3.1", &self.time_stamps)] {
            if !values.is_empty() {
                unsigned.push(attribute(id, &join(values)?));
            }
        }
        let mut parts = vec![
            value(INTEGER, &[1]),
            signer_of(&join(&self.certificates)?).unwrap_or_else(nobody),
            algorithm(SHA_256),
            context(0, &signed),
            algorithm("1.2.840.113549.1.1.1"),
            value(OCTETS, &[0xa5; 64]),
        ];
        if !unsigned.is_empty() {
            parts.push(context(1, &unsigned));
        }
        Ok(sequence(&parts))
    }

    fn opus_info(&self) -> Vec<u8> {
        let mut parts = Vec::new();
        if let Some(name) = &self.program_name {
            let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
            let name = if self.ascii { value(0x81, name.as_bytes()) } else { value(0x80, &wide) };
            parts.push(context(0, &[name]));
        }
        if let Some(url) = &self.more_info {
            parts.push(context(1, &[value(0x80, url.as_bytes())]));
        }
        sequence(&parts)
    }
}

/// Issuer and serial number of the first certificate: the signer's.
fn signer_of(certificates: &[u8]) -> Option<Vec<u8>> {
    let (_, certificate) = *values(certificates).first()?;
    let (_, body) = *values(certificate).first()?;
    let fields = values(body);
    let ((serial, _), (issuer, _)) = (*fields.get(1)?, *fields.get(3)?);
    Some(sequence(&[issuer.to_vec(), serial.to_vec()]))
}

fn nobody() -> Vec<u8> {
    let name = sequence(&[oid("2.5.4.3"), value(0x0c, b"Nobody")]);
    sequence(&[sequence(&[value(SET, &name)]), value(INTEGER, &[1])])
}

/// `SpcPeImageData`, with nothing in it.
fn image_data() -> Vec<u8> {
    let data = sequence(&[value(3, &[0]), context(0, &[context(2, &[value(0x80, &[])])])]);
    sequence(&[oid("1.3.6.1.4.1.311.2.1.15"), data])
}
