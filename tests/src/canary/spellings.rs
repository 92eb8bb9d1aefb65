//! The vendor's name, spelt in every way, as the supplier of a component in every kind of document.
use super::Canary;
use super::documents::WRITERS;

/// How it is spelt, and the spellings.
const SPELLINGS: &[(&str, &[&str])] = &[
    (
        "plain",
        &["Kaspersky Lab", "AO Kaspersky Lab", "Kaspersky Lab, Inc.", "Kaspersky Labs GmbH", "JSC Kaspersky Lab"],
    ),
    (
        "case and spaces",
        &["KASPERSKY LAB", "kaspersky lab", "KasperskyLab", "Kaspersky-Lab", "Kaspersky_Lab", "  Kaspersky   Lab "],
    ),
    ("quotes and marks", &["«Kaspersky Lab»", "Kaspersky™ Lab®", "„Kaspersky Lab“", "A.O. Kaspersky Lab."]),
    (
        "more around it",
        &[
            "Organization: Kaspersky Lab",
            "Kaspersky Lab, Moscow, Russia",
            "© 2023 AO Kaspersky Lab. All Rights Reserved.",
        ],
    ),
    (
        "Cyrillic",
        &[
            "АО «Лаборатория Касперского»",
            "ЛАБОРАТОРИЯ КАСПЕРСКОГО",
            "Акционерное общество «Лаборатория Касперского»",
            "Лабораторія Касперського",
        ],
    ),
    ("transliterated", &["Laboratoriya Kasperskogo", "Laboratoria Kasperskogo"]),
    ("other scripts", &["卡巴斯基实验室", "株式会社カスペルスキー", "카스퍼스키랩", "كاسبرسكي لاب", "קספרסקי"]),
    ("wide and ornamental letters", &["Ｋａｓｐｅｒｓｋｙ Ｌａｂ", "𝐊𝐚𝐬𝐩𝐞𝐫𝐬𝐤𝐲 𝐋𝐚𝐛", "Ⓚⓐⓢⓟⓔⓡⓢⓚⓨ Ⓛⓐⓑ", "Kaſperſky Lab"]),
    (
        "characters not shown",
        &[
            "Kas\u{200b}persky Lab",
            "Kas\u{ad}persky Lab",
            "Kas\u{200d}persky Lab",
            "K\u{fe0f}aspersky Lab",
            "Kaspersky\u{e0041} Lab",
        ],
    ),
    ("accents and strokes", &["Kàspérsky Lab", "Ka\u{301}spersky Lab", "Ka\u{336}s\u{336}persky Lab"]),
    (
        "look-alike letters",
        &[
            "K\u{430}spersky Lab",
            "\u{41a}\u{430}s\u{440}\u{435}rsk\u{443} L\u{430}b",
            "\u{39a}aspersk\u{3c5} Lab",
            "K\u{251}spersky Lab",
        ],
    ),
    ("turned direction", &["\u{202e}baL yksrepsaK", "\u{202e}yksrepsaK\u{202c} Lab", "Kas\u{200e}persky Lab"]),
    ("letter by letter", &["K a s p e r s k y  L a b"]),
    ("misspelt", &["Kasperky Lab", "Kapersky Labs", "Kaspersy Lab", "K4spersky Lab", "Kasperski Lab"]),
];

/// The name, spelt in every way, in documents of every kind.
pub fn canaries() -> Vec<Canary> {
    let mut all = Vec::new();
    for (technique, spellings) in SPELLINGS {
        for (index, spelling) in spellings.iter().enumerate() {
            for (format, file, write) in WRITERS {
                let name = format!("spelt/{}-{index}/{format}/{file}", technique.replace(' ', "-"));
                all.push(Canary {
                    technique: format!("spelt: {technique}"),
                    name,
                    bytes: write(spelling).into_bytes(),
                });
            }
        }
    }
    all
}
