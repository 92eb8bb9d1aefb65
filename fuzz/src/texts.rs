//! Parsers of text that may be hostile: names, locators, dates, packs, laws; each with what must hold of its answer.
use interdict_model::{
    FactKind, Instant, Locator, Match, Profile, Report, Waiver, canonical, canonical_text, disguise,
};
use interdict_policy::{Glob, Profiles, Regimes};
use interdict_rules::{Pack, SourceFile, glob};

type Text = fn(&[u8]);

/// A parser's name, and what is asked of it.
pub(crate) const TEXTS: &[(&str, Text)] = &[
    ("name", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let once = canonical_text(&text).into_owned();
        assert_eq!(canonical_text(&once), once, "folding twice is folding once");
        disguise(&text);
    }),
    ("purl", |bytes| settled(FactKind::Purl, bytes)),
    ("cpe", |bytes| settled(FactKind::Cpe, bytes)),
    ("url", |bytes| settled(FactKind::Url, bytes)),
    ("path", |bytes| settled(FactKind::FileName, bytes)),
    ("hex", |bytes| settled(FactKind::Sha256, bytes)),
    ("locator", |bytes| {
        let (outer, inner) = bytes.split_at(bytes.len() / 2);
        let locator = Locator::input(outer).member(inner);
        assert!(!locator.as_str().chars().any(char::is_control), "one printable line");
        assert_eq!(Locator::parsed(locator.as_str()), locator, "a locator is read as it was written");
    }),
    ("instant", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(instant) = text.parse::<Instant>() {
            assert_eq!(instant.to_string().parse::<Instant>().ok(), Some(instant), "an instant parses back");
        }
    }),
    ("glob", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let (pattern, value) = text.split_once('\n').unwrap_or((&text, ""));
        glob(pattern, value);
        Glob::new(pattern).matches(value);
    }),
    ("pack", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let _ = Pack::compile(&[SourceFile { name: "pack.toml", text: &text }]);
    }),
    ("regimes", |bytes| {
        let _ = Regimes::compile(&[("regime.toml", &String::from_utf8_lossy(bytes))]);
    }),
    ("profiles", |bytes| {
        let _ = Profiles::compile(&[("profile.toml", &String::from_utf8_lossy(bytes))]);
    }),
    ("report", |bytes| {
        if let Ok(report) = serde_json::from_slice::<Report>(bytes) {
            let written = serde_json::to_vec(&report).unwrap_or_default();
            assert_eq!(
                serde_json::from_slice::<Report>(&written).ok(),
                Some(report),
                "a report is read as it was written"
            );
        }
    }),
    ("match", |bytes| {
        let _ = serde_json::from_slice::<Match>(bytes);
    }),
    ("waiver", |bytes| {
        let _ = serde_json::from_slice::<Waiver>(bytes);
    }),
    ("profile", |bytes| {
        let _ = serde_json::from_slice::<Profile>(bytes);
    }),
    ("strict-cyclonedx-json", |bytes| {
        interdict_sbom::strict("cyclonedx-json", bytes);
    }),
    ("strict-cyclonedx-xml", |bytes| {
        interdict_sbom::strict("cyclonedx-xml", bytes);
    }),
    // The second reader of tag-value panics on many texts; that is caught where it is called, and no fuzzer gets past it.
    ("strict-spdx-json", |bytes| {
        interdict_sbom::strict("spdx-json", bytes);
    }),
];

/// What was normalised is normalised.
fn settled(kind: FactKind, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let once = canonical(kind, &text).into_owned();
    assert_eq!(canonical(kind, &once), once, "{kind:?}: normalising twice is normalising once");
}

/// Texts of each kind, well written and less so.
pub(crate) fn seeds(name: &str) -> Vec<Vec<u8>> {
    let texts: &[&str] = match name {
        "name" => &[
            "АО «Лаборатория Касперского»",
            "K\u{430}spersky\u{200b} L\u{e0}b, Inc.",
            "\u{202e}yksrepsaK",
            "K a s p e r s k y",
        ],
        "purl" => &["pkg:npm/%40kaspersky/hexa-ui@1.0.0?a=b%2f#c", "pkg:maven/com.kavsdk/base@5"],
        "cpe" => &["cpe:2.3:a:kaspersky:anti-virus:21.3:*:*:*:*:*:*:*", "cpe:/a:kaspersky:anti-virus%3a:21.3"],
        "url" => &["HTTPS://User@OpenTIP.Kaspersky.com:443/Api?x#y"],
        "path" => &["C:\\Program Files\\Kaspersky\\KlHk.SYS"],
        "hex" => &["AB:cd 01"],
        "locator" => &["dir/a#b.zip!/x\u{1b}%41", "bom.json#/components/3"],
        "instant" => &["2024-09-29T04:00:00Z", "2024-09-29", "2024-09-29T00:00:00-04:00"],
        "glob" => &["libkave[0-9]*.so*\nlibkave8.so.1", "**/[!a]?\nx/y"],
        "pack" => &[
            include_str!("../../crates/catalog/data/organisations.toml"),
            include_str!("../../crates/catalog/data/rules/spellings.toml"),
        ],
        "regimes" => &[include_str!("../../crates/catalog/data/regimes/us-bis-icts-kaspersky.toml")],
        "profiles" => &[include_str!("../../crates/catalog/data/profiles/us.toml")],
        _ => &["{}", "[]", r#"{"schema":"interdict.report/1"}"#, "SPDXVersion: SPDX-2.3\n", "<bom/>"],
    };
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
