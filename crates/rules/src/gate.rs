//! The gate before normalisation: most values can meet no line, and their bytes show it.
use interdict_model::Form;

use crate::literal::{GRAM, Needs};

/// For one kind of fact: what a value must hold so that any line could be met.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    /// A set bit for each gram that some line needs; a power of two of them.
    bits: Vec<u64>,
    first: Option<Box<[bool; 256]>>,
    /// Some line needs nothing that could be looked for.
    open: bool,
}

impl Gate {
    pub(crate) fn new<'a>(needs: impl Iterator<Item = &'a Needs> + Clone) -> Self {
        let count: usize = needs.clone().map(|one| one.grams.len()).sum();
        let words = (count * 4).next_power_of_two().clamp(8, 4096);
        let mut gate = Self { bits: vec![0; words], ..Self::default() };
        for one in needs {
            gate.open |= one.unknown;
            for gram in &one.grams {
                let (word, bit) = gate.bit(u32::from_le_bytes(*gram));
                if let Some(word) = gate.bits.get_mut(word) {
                    *word |= bit;
                }
            }
            for byte in &one.first {
                let first = gate.first.get_or_insert_with(|| Box::new([false; 256]));
                if let Some(is) = first.get_mut(usize::from(*byte)) {
                    *is = true;
                }
            }
        }
        gate
    }

    /// Whether a raw value of this form could meet a line once it is normalised. It may say yes to a value that meets none,
    /// never no to one that meets some.
    #[inline]
    pub(crate) fn passes(&self, form: Form, raw: &str) -> bool {
        // A name in the form of version 2.2 gains letters and digits when it is normalised.
        let gains = form == Form::Cpe && raw.contains(":/");
        gains || self.open || self.begins(form, raw) || self.holds(form, raw.as_bytes())
    }

    fn begins(&self, form: Form, raw: &str) -> bool {
        let Some(first) = &self.first else { return false };
        let is_space = |byte: &u8| form != Form::Path && byte.is_ascii_whitespace();
        let is_dropped = |byte: &u8| is_space(byte) || byte.is_ascii_control() || is_faint(form, *byte);
        let byte = raw.bytes().find(|byte| !is_dropped(byte));
        byte.is_some_and(|byte| first.get(usize::from(byte.to_ascii_lowercase())).copied().unwrap_or(true))
    }

    fn holds(&self, form: Form, raw: &[u8]) -> bool {
        let (mut gram, mut length) = (0_u32, 0_usize);
        let mut rest = raw.iter();
        while let Some(byte) = rest.next() {
            let byte = *byte;
            if byte.is_ascii_alphanumeric() {
                gram = gram >> 8 | u32::from(byte.to_ascii_lowercase()) << 24;
                length += 1;
                let (word, bit) = self.bit(gram);
                if length >= GRAM && self.bits.get(word).is_some_and(|word| word & bit != 0) {
                    return true;
                }
                continue;
            }
            match (form, byte) {
                // An escape that hides no letter is passed over with its digits; no test asks for a gram over one.
                (Form::Purl | Form::Cpe | Form::Url, b'%') => match rest.as_slice() {
                    [b'0'..=b'2' | b'4', b'0', after @ ..]
                    | [b'2', b'1'..=b'4' | b'6'..=b'9' | b'a'..=b'f' | b'A'..=b'F', after @ ..]
                    | [b'3', b'a'..=b'f' | b'A'..=b'F', after @ ..] => rest = after.iter(),
                    _ => return true,
                },
                (_, 0x80..) | (Form::Hex, _) | (Form::Path | Form::Text, 0..=0x1f | 0x7f) | (Form::Cpe, b'\\') => {
                    return true;
                }
                _ => {}
            }
        }
        false
    }

    #[inline]
    fn bit(&self, gram: u32) -> (usize, u64) {
        let hash = gram.wrapping_mul(0x9e37_79b1);
        let hash = hash ^ hash >> 15;
        (hash as usize >> 6 & self.bits.len().wrapping_sub(1), 1 << (hash & 63))
    }
}

/// What normalising takes out of a name, so that letters around it meet.
fn is_faint(form: Form, byte: u8) -> bool {
    form == Form::Text && matches!(byte, b'.' | b',' | b'"' | b'\'' | b'`' | b'_')
}

#[cfg(test)]
mod tests {
    use interdict_model::{FactKind, canonical};
    use proptest::prelude::*;

    use super::*;
    use crate::line::meets;
    use crate::literal::needs;
    use crate::rule::Test;

    fn tests() -> Vec<Test> {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        vec![
            Test::OneOf(owned(&["kaspersky lab", "kl"])),
            Test::Prefix("pkg:npm/kasper".into()),
            Test::Suffix("persky".into()),
            Test::Contains("spersk".into()),
            Test::Word("kaspersky".into()),
            Test::Glob("*k[a-c]sper*".into()),
            Test::Regex("^(?:ao )?kasper.?sky\\b".into()),
            Test::Regex("^(?:k|l)[0-9]".into()),
            Test::Regex("^3\\.".into()),
        ]
    }

    proptest! {
        /// Whatever normalising does to a value: what the gate refuses, no line would have met.
        #[test]
        fn refuses_only_what_meets_nothing(raw in "(AO |pkg:npm/|%4b|%6B|3|k)?[ ._'%\\t-]{0,2}[Kk]([ax._,'\"-]{1,2}|%61|а)([Ss]per|s.per|sp%65r)[_.]?(sky|SKY| lab|3)?[ .]?") {
            for test in tests() {
                let gate = Gate::new([needs(&test)].iter());
                for kind in [FactKind::Name, FactKind::Purl, FactKind::Cpe, FactKind::Url, FactKind::FileName,
                             FactKind::Version, FactKind::Sha256] {
                    let value = canonical(kind, &raw);
                    let regex = match &test { Test::Regex(pattern) => regex::Regex::new(pattern).ok(), _ => None };
                    if meets(&test, &value, regex.as_ref()) {
                        prop_assert!(gate.passes(kind.form(), &raw), "{test:?} {kind:?} {raw:?} {value:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn refuses_what_is_ordinary() {
        let list: Vec<_> = tests().iter().take(7).map(needs).collect();
        let gate = Gate::new(list.iter().skip(1));
        for raw in ["OpenSSL Software Foundation", "pkg:npm/%40babel/core@7.0.0", "lodash", "1.2.3"] {
            assert!(!gate.passes(Form::Purl, raw), "{raw}");
        }
    }
}
