//! Certificates and signatures, searched for what they were told to say.
use super::der::{oid, value};
use crate::build;

const CERTIFICATE: &str = r#"
kind = "certificate"
subject = { O = "Example Lab", CN = "Example Lab", serialNumber = "1234567890123", C = "DE" }
issuer = { CN = "Example Issuer" }
serial = "81 02"
usages = ["code-signing"]
"#;

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn lengths_and_identifiers() {
    assert_eq!(oid("1.2.840.113549.1.7.2"), b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02");
    assert_eq!(value(4, &[7; 200])[..3], [4, 0x81, 200]);
    assert_eq!(value(4, &[7; 0x1234])[..4], [4, 0x82, 0x12, 0x34]);
}

#[test]
fn a_certificate_says_what_it_is_told() {
    for (key, text) in [("rsa", "utf8"), ("gost", "bmp"), ("rsa", "printable"), ("rsa", "teletex")] {
        let bytes = build(&format!("{CERTIFICATE}key = \"{key}\"\ntext = \"{text}\"")).unwrap();
        assert!(holds(&bytes, b"\x06\x03\x55\x04\x05\x13\x0d1234567890123"));
        assert!(holds(&bytes, b"\x02\x02\x81\x02"));
        let name: Vec<u8> = match text {
            "bmp" => "Example Lab".encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => b"Example Lab".to_vec(),
        };
        assert!(holds(&bytes, &name));
    }
    assert!(build("kind = \"certificate\"\nsubject = { X = \"y\" }").unwrap_err().contains("`X`"));
}

#[test]
fn a_signed_file_states_its_own_digest() {
    let signature = "{ recipe = { kind = \"pkcs7\", program-name = \"Example\", nested = [{ recipe = { kind = \"pkcs7\", \
                     ascii = true, program-name = \"Inner\" } }] } }";
    let bytes = build(&format!("kind = \"pe\"\noverlay = [\"tail\"]\ncertificates = [[{signature}]]")).unwrap();
    let pe = goblin::pe::PE::parse(&bytes).unwrap();
    let mut hashed = Vec::new();
    for part in pe.authenticode_ranges() {
        hashed.extend_from_slice(part);
    }
    let digest = super::super::bytes::hex(interdict_model::Digest::of(&hashed).hex()).unwrap();
    let stated = bytes.windows(32).filter(|window| *window == digest).count();
    assert_eq!(stated, 2, "once in each signature");
    assert!(build("kind = \"pkcs7\"").unwrap_err().contains("needs a `digest`"));
    assert!(holds(&bytes, b"\0E\0x\0a\0m\0p\0l\0e") && holds(&bytes, b"Inner"));
}
