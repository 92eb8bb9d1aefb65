//! `certificate`: an X.509 certificate that names whom its author likes, with a key nobody holds.
use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::bytes::hex;
use super::der::{BITS, INTEGER, OCTETS, SET, algorithm, context, oid, sequence, value};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in super::super) struct Recipe {
    /// Attributes of the name by their short names, or by object identifier.
    subject: BTreeMap<String, String>,
    /// The subject again where it is not said.
    issuer: Option<BTreeMap<String, String>>,
    /// The content of the serial number in hexadecimal; from `80` on it is negative.
    #[serde(default = "one")]
    serial: String,
    #[serde(default)]
    key: Key,
    #[serde(default)]
    text: Text,
    /// Extended key usages; none restricts none.
    #[serde(default)]
    usages: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Key {
    #[default]
    Rsa,
    /// GOST R 34.10-2012, which strict readers refuse.
    Gost,
}

/// How text is encoded.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Text {
    #[default]
    Utf8,
    Printable,
    Teletex,
    Bmp,
}

fn one() -> String {
    "01".to_owned()
}

impl Recipe {
    pub(in super::super) fn build(&self) -> Result<Vec<u8>, String> {
        let signed_with = match self.key {
            Key::Rsa => algorithm("1.2.840.113549.1.1.11"),
            Key::Gost => sequence(&[oid("1.2.643.7.1.1.3.2")]),
        };
        let subject = self.name(&self.subject)?;
        let issuer = self.issuer.as_ref().map_or_else(|| Ok(subject.clone()), |issuer| self.name(issuer))?;
        let day = |text: &str| value(0x17, text.as_bytes());
        let mut body = vec![
            context(0, &[value(INTEGER, &[2])]),
            value(INTEGER, &hex(&self.serial)?),
            signed_with.clone(),
            issuer,
            sequence(&[day("200101000000Z"), day("300101000000Z")]),
            subject,
            self.key(),
        ];
        if !self.usages.is_empty() {
            let usages = self.usages.iter().map(|usage| usage_id(usage)).collect::<Result<Vec<_>, _>>()?;
            let extension = sequence(&[oid("2.5.29.37"), value(OCTETS, &sequence(&usages))]);
            body.push(context(3, &[sequence(&[extension])]));
        }
        let signature = [&[0][..], &[0xa5; 64]].concat();
        Ok(sequence(&[sequence(&body), signed_with, value(BITS, &signature)]))
    }

    fn name(&self, attributes: &BTreeMap<String, String>) -> Result<Vec<u8>, String> {
        let mut parts = Vec::new();
        for (kind, text) in attributes {
            let text = match (kind.as_str(), self.text) {
                ("C" | "serialNumber", _) | (_, Text::Printable) => value(0x13, text.as_bytes()),
                (_, Text::Utf8) => value(0x0c, text.as_bytes()),
                (_, Text::Teletex) => {
                    let latin = text.chars().map(|c| u8::try_from(c).map_err(|_| format!("`{c}` is not Latin-1")));
                    value(0x14, &latin.collect::<Result<Vec<_>, _>>()?)
                }
                (_, Text::Bmp) => value(0x1e, &text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>()),
            };
            parts.push(value(SET, &sequence(&[attribute_id(kind)?, text])));
        }
        Ok(sequence(&parts))
    }

    fn key(&self) -> Vec<u8> {
        let (algorithm, key) = match self.key {
            Key::Rsa => {
                let modulus = [&[0, 0xc1][..], &[0x5b; 62], &[0x8d]].concat();
                let key = sequence(&[value(INTEGER, &modulus), value(INTEGER, &[1, 0, 1])]);
                (algorithm("1.2.840.113549.1.1.1"), key)
            }
            Key::Gost => {
                let parameters = sequence(&[oid("1.2.643.2.2.35.1"), oid("1.2.643.7.1.1.2.2")]);
                (sequence(&[oid("1.2.643.7.1.1.1.1"), parameters]), value(OCTETS, &[0x5b; 64]))
            }
        };
        sequence(&[algorithm, value(BITS, &[&[0], key.as_slice()].concat())])
    }
}

fn attribute_id(kind: &str) -> Result<Vec<u8>, String> {
    let dotted = match kind {
        "CN" => "2.5.4.3",
        "serialNumber" => "2.5.4.5",
        "C" => "2.5.4.6",
        "L" => "2.5.4.7",
        "ST" => "2.5.4.8",
        "O" => "2.5.4.10",
        "OU" => "2.5.4.11",
        "businessCategory" => "2.5.4.15",
        dotted if dotted.starts_with(|c: char| c.is_ascii_digit()) => dotted,
        other => return Err(format!("no attribute of a name is called `{other}`; write its object identifier")),
    };
    Ok(oid(dotted))
}

fn usage_id(usage: &str) -> Result<Vec<u8>, String> {
    Ok(oid(match usage {
        "code-signing" => "1.3.6.1.5.5.7.3.3",
        "server-auth" => "1.3.6.1.5.5.7.3.1",
        "time-stamping" => "1.3.6.1.5.5.7.3.8",
        "whql" => "1.3.6.1.4.1.311.10.3.5",
        dotted if dotted.starts_with(|c: char| c.is_ascii_digit()) => dotted,
        other => return Err(format!("no key usage is called `{other}`; write its object identifier")),
    }))
}
