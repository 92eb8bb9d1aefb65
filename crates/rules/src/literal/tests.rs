//! What tests need, and what that tells of values before they are judged.
use super::*;

fn regex(pattern: &str) -> Needs {
    needs(&Test::Regex(pattern.to_owned()))
}

fn holds(grams: &[&str]) -> Needs {
    let grams = grams.iter().map(|gram| gram.as_bytes().try_into().unwrap()).collect();
    Needs { grams, ..Needs::default() }
}

fn begins(first: &str) -> Needs {
    Needs { first: first.bytes().collect(), ..Needs::default() }
}

#[test]
fn what_every_match_holds() {
    assert_eq!(regex("^kaspersky[ -]safestream\\b"), holds(&["rsky"]));
    assert_eq!(regex("^(?:kaspersky )?tdsskiller\\b"), holds(&["dssk"]));
    assert_eq!(regex("(?i)github\\.com(?:/|%2f)kasperskylab"), holds(&["kyla"]));
    assert_eq!(regex("^(?:keniu|可牛)[ -]?(?:antivirus|杀毒)"), Needs { beyond: true, ..holds(&["keni"]) });
    let routers = regex("^(?:d-?link )?(?:netdefend(?:os)?\\b|dfl-[0-9])");
    assert!(!routers.grams.is_empty() && routers.first.is_empty() && !routers.unknown);
    for (value, want) in [("d-link netdefendos", true), ("dfl-800", true), ("dlink dfl-2", true), ("d-link", false)] {
        assert_eq!(Held::by(Form::Text, value).may_meet(&routers), want, "{value}");
    }
    assert_eq!(regex("^https?://(?:[a-z]+\\.)*(?:kaspersky|securelist)\\.com"), holds(&["cure", "rsky"]));
    assert_eq!(needs(&Test::Prefix("pkg:npm/x-cure".into())), holds(&["xcur"]));
    assert_eq!(regex("^pkg:pypi/opentip(?:[@?#]|$)"), holds(&["ntip"]));
    assert_eq!(regex("^pkg:(?:deb|rpm)/(?:[^/@]+/)?(?:kess|kics)(?:[@?#]|$)"), holds(&["kess", "kics"]));
    assert_eq!(regex("^pkg:(?:oci|docker)/(?:[^@?]*/)?kcs-(?:ih|s3)"), holds(&["cker", "goci"]));
    assert_eq!(regex("^3\\."), begins("3"));
    assert_eq!(regex("^\\d+-"), begins("0123456789"));
    assert_eq!(regex("^(?:MX ?)?(?:[0-9]|1[01])[.-]"), begins("0123456789m"));
    assert_eq!(regex("(?:notice|eula)"), holds(&["eula", "tice"]));
    assert_eq!(regex("a.?b"), Needs::unknown());
    assert_eq!(needs(&Test::Glob("libkave[0-9]*.so*".into())), holds(&["bkav"]));
    assert_eq!(needs(&Test::Glob("*.kl?".into())), Needs::unknown());
    assert_eq!(needs(&Test::Contains("ao k".into())), Needs::unknown());
    let cyrillic = Needs { beyond: true, ..holds(&["rsky"]) };
    assert_eq!(needs(&Test::OneOf(vec!["Касперский".into(), "kaspersky".into()])), cyrillic);
    for (value, want) in [("kaspersky é", true), ("é", true), ("e", false)] {
        assert_eq!(Held::by(Form::Text, value).may_meet(&cyrillic), want, "{value}");
    }
    for (form, want) in [(Form::Text, false), (Form::Exact, true)] {
        assert_eq!(Held::by(form, "söhne").may_meet(&regex("kaspersky")), want);
    }
    let mixed = needs(&Test::OneOf(vec!["avp.exe".into(), "avpui.exe".into()]));
    assert_eq!(mixed, holds(&["vpex", "uiex"]));
    let short = needs(&Test::OneOf(vec!["kl1".into(), "avpui.exe".into()]));
    assert_eq!(short, Needs { first: [b'k'].into(), ..holds(&["uiex"]) });
}
#[test]
fn what_every_match_ends_with() {
    let scripts = regex(r"\.(?:ps1|js)$");
    assert_eq!(scripts.ends, [b".js".to_vec(), b".ps1".to_vec()]);
    for (value, want) in [("a.js", true), ("A.PS1", true), ("a.json", false), ("js", false), ("\u{e9}.js", true)] {
        assert_eq!(Held::by(Form::Exact, value).may_meet(&scripts), want, "{value}");
    }
    for open in [r"\.js", r"(?:\.js|$)", r"(?m)\.js$", r"\.js.*$", r"^$", r"\.js(?:$|[?#])"] {
        assert_eq!(regex(open).ends, Vec::<Vec<u8>>::new(), "{open}");
    }
    assert_eq!(regex("(?i)\u{212a}l$").ends, regex("(?i)kl$").ends);
}
