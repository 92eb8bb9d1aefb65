//! The words of CycloneDX's closed lists, as its JSON spells them and as its protobuf names and numbers them.
use std::borrow::Cow;

/// One closed list: the names of the protobuf schema are the prefix and a word in capitals; the number is the index.
#[derive(Debug)]
pub(crate) struct Words {
    prefix: &'static str,
    words: &'static [&'static str],
}

impl Words {
    /// The word of this number; an empty one is no statement, `None` is a number that is not known.
    pub(crate) fn numbered(&self, number: u64) -> Option<&'static str> {
        usize::try_from(number).ok().and_then(|number| self.words.get(number)).copied()
    }

    /// The number of a name of the protobuf schema, `HASH_ALG_SHA_256`.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        let bare = name.strip_prefix(self.prefix)?;
        if matches!(bare, "NULL" | "UNSPECIFIED") {
            return Some(0);
        }
        self.words.iter().position(|word| squash(word).eq(squash(bare))).and_then(|at| u64::try_from(at).ok())
    }

    /// The word for what a document writes: the word itself, or its name in the protobuf schema.
    pub(crate) fn said<'a>(&self, written: &'a str) -> Cow<'a, str> {
        match self.number(written).and_then(|number| self.numbered(number)) {
            Some(word) => Cow::Borrowed(word),
            None => Cow::Borrowed(written),
        }
    }
}

/// Letters and digits only, in lower case: `SHA3-256` and `SHA_3_256` are the same.
fn squash(word: &str) -> impl Iterator<Item = u8> + '_ {
    word.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase())
}

/// What a component is.
pub(crate) static TYPES: Words = Words {
    prefix: "CLASSIFICATION_",
    words: &[
        "",
        "application",
        "framework",
        "library",
        "operating-system",
        "device",
        "file",
        "container",
        "firmware",
        "device-driver",
        "platform",
        "machine-learning-model",
        "data",
        "cryptographic-asset",
    ],
};

/// What a component is needed for.
pub(crate) static SCOPES: Words = Words { prefix: "SCOPE_", words: &["", "required", "optional", "excluded"] };

/// Digests.
pub(crate) static ALGORITHMS: Words = Words {
    prefix: "HASH_ALG_",
    words: &[
        "",
        "MD5",
        "SHA-1",
        "SHA-256",
        "SHA-384",
        "SHA-512",
        "SHA3-256",
        "SHA3-384",
        "SHA3-512",
        "BLAKE2b-256",
        "BLAKE2b-384",
        "BLAKE2b-512",
        "BLAKE3",
        "Streebog-256",
        "Streebog-512",
    ],
};

/// How much of something a composition lists.
pub(crate) static AGGREGATES: Words = Words {
    prefix: "AGGREGATE_",
    words: &[
        "not_specified",
        "complete",
        "incomplete",
        "incomplete_first_party_only",
        "incomplete_third_party_only",
        "unknown",
        "incomplete_first_party_proprietary_only",
        "incomplete_first_party_opensource_only",
        "incomplete_third_party_proprietary_only",
        "incomplete_third_party_opensource_only",
    ],
};

/// Which field an identity is claimed for.
pub(crate) static FIELDS: Words = Words {
    prefix: "EVIDENCE_FIELD_",
    words: &["", "group", "name", "version", "purl", "cpe", "swid", "hash", "omniborId", "swhid"],
};

/// How an identity was found out.
pub(crate) static TECHNIQUES: Words = Words {
    prefix: "EVIDENCE_TECHNIQUE_",
    words: &[
        "source-code-analysis",
        "binary-analysis",
        "manifest-analysis",
        "ast-fingerprint",
        "hash-comparison",
        "instrumentation",
        "dynamic-analysis",
        "filename",
        "attestation",
        "other",
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_give_one_word() {
        for (words, name, want) in [
            (&TYPES, "CLASSIFICATION_OPERATING_SYSTEM", "operating-system"),
            (&TYPES, "CLASSIFICATION_NULL", ""),
            (&SCOPES, "SCOPE_UNSPECIFIED", ""),
            (&ALGORITHMS, "HASH_ALG_SHA_3_256", "SHA3-256"),
            (&ALGORITHMS, "HASH_ALG_BLAKE_2_B_512", "BLAKE2b-512"),
            (&ALGORITHMS, "HASH_ALG_MD_5", "MD5"),
            (&AGGREGATES, "AGGREGATE_NOT_SPECIFIED", "not_specified"),
            (&AGGREGATES, "AGGREGATE_INCOMPLETE_THIRD_PARTY_OPENSOURCE_ONLY", "incomplete_third_party_opensource_only"),
            (&FIELDS, "EVIDENCE_FIELD_OMNIBOR_ID", "omniborId"),
            (&FIELDS, "EVIDENCE_FIELD_NONE", "EVIDENCE_FIELD_NONE"),
            (&TYPES, "library", "library"),
        ] {
            assert_eq!(words.said(name), want);
        }
        assert_eq!((SCOPES.numbered(3), SCOPES.numbered(4)), (Some("excluded"), None));
    }
}
