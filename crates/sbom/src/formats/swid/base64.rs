//! Base64 as documents carry it: line breaks, missing padding and either alphabet are no matter.
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const LOOSE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes of a text; `None` where it holds what is no base64.
pub(super) fn decoded(text: &str) -> Option<Vec<u8>> {
    let plain = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).map(|byte| match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    });
    LOOSE.decode(plain.collect::<Vec<u8>>()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_comes_back() {
        for (text, want) in [
            ("", ""),
            ("TQ==", "M"),
            ("TWE", "Ma"),
            ("TWFu", "Man"),
            ("S2Fz\n cGVy\r\nc2t5", "Kaspersky"),
            ("_-8=", "\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(String::from_utf8_lossy(&decoded(text).unwrap()), want, "{text}");
        }
        assert_eq!(decoded("TW?u"), None);
    }
}
