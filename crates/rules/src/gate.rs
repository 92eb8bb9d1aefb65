//! The gate before normalisation, from what the lines of a pack need: most values can meet no line, and their bytes show it.
use interdict_model::Gate;

use crate::literal::Needs;

/// For one kind of fact: what a value must hold so that any of these could be met.
pub(crate) fn gate<'a>(needs: impl Iterator<Item = &'a Needs>) -> Gate {
    let (mut grams, mut first, mut open) = (Vec::new(), Vec::new(), false);
    for one in needs {
        grams.extend_from_slice(&one.grams);
        first.extend(&one.first);
        open |= one.unknown;
    }
    Gate::new(&grams, &first, open)
}

#[cfg(test)]
mod tests {
    use interdict_model::{FactKind, Form, canonical};
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
        /// What a value holds tells which tests it may meet, also beyond ASCII.
        #[test]
        fn leaves_out_only_what_meets_nothing(raw in "[Kk\u{212a}][ax\u{430}é][s\u{17f}S]per(sky|ſky|sKy|Лаб)[ é]?(ao)?") {
            for test in tests().into_iter().chain([Test::Regex("(?i)kaspersky".into()), Test::Regex("kasper(?:sky|лаб)".into())]) {
                for kind in [FactKind::Name, FactKind::Version, FactKind::Url] {
                    let value = canonical(kind, &raw);
                    let regex = match &test { Test::Regex(pattern) => regex::Regex::new(pattern).ok(), _ => None };
                    if meets(&test, &value, regex.as_ref()) {
                        let held = crate::literal::Held::by(kind.form(), &value);
                        prop_assert!(held.may_meet(&needs(&test)), "{test:?} {kind:?} {raw:?} {value:?}");
                    }
                }
            }
        }

        /// Whatever normalising does to a value: what the gate refuses, no line would have met.
        #[test]
        fn refuses_only_what_meets_nothing(raw in "(AO |pkg:npm/|cpe:2\\.3:a:|cpe:/a:|%4b|%6B|3|k)?[ ._'%\\\\\t-]{0,2}[Kk]([ax._,'\"-]{1,2}|%61|&#97;|&.#x61;|а)([Ss]per|s.per|sp%65r)[_.]?(sky|SKY| lab|3)?[ .]?") {
            for test in tests() {
                let built = gate([needs(&test)].iter());
                for kind in [FactKind::Name, FactKind::Purl, FactKind::Cpe, FactKind::Url, FactKind::FileName,
                             FactKind::Version, FactKind::Sha256] {
                    let value = canonical(kind, &raw);
                    let regex = match &test { Test::Regex(pattern) => regex::Regex::new(pattern).ok(), _ => None };
                    if meets(&test, &value, regex.as_ref()) {
                        prop_assert!(built.passes(kind.form(), &raw), "{test:?} {kind:?} {raw:?} {value:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn refuses_what_is_ordinary() {
        let list: Vec<_> = tests().iter().take(7).map(needs).collect();
        let built = gate(list.iter().skip(1));
        for raw in ["OpenSSL Software Foundation", "pkg:npm/%40babel/core@7.0.0", "lodash", "1.2.3"] {
            assert!(!built.passes(Form::Purl, raw), "{raw}");
        }
    }
}
