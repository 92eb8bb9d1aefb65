//! What holds of any input (goal Z5), over inputs that the same numbers make on every machine.
use std::cmp::Reverse;

use interdict_fuzz::targets;
use interdict_model::{Certainty, FactKind, Relation, canonical, canonical_text};
use interdict_testkit::{build, members, mutate};
use interdict_tests::{Effort, goal};

use crate::library::in_process;

/// Letters that fold, join, turn round or stand for others.
const LETTERS: &[&str] = &[
    "K",
    "k",
    "a",
    "s",
    "ſ",
    "ß",
    "İ",
    "ı",
    "К",
    "к",
    "а",
    "ё",
    "е\u{308}",
    "ﬁ",
    "Ⅷ",
    "Ａ",
    "𝐊",
    "\u{200b}",
    "\u{ad}",
    "\u{202e}",
    "\u{301}",
    " ",
    "-",
    "_",
    ".",
    "/",
    "%41",
    "%2541",
    "&",
    "ς",
    "Σ",
    "ǆ",
    "\u{fe0f}",
    "\u{e0041}",
    "한",
    "\u{1100}",
    "カ",
    "ｶ",
    "@",
    ":",
];

struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % end.max(1)
    }

    fn text(&mut self) -> String {
        (0..=self.below(12)).map(|_| LETTERS[self.below(LETTERS.len())]).collect()
    }
}

/// What a library may show, and its line in a recipe.
const SHOWN: &[(&str, &str)] = &[
    ("needed", "\"libkave8.so\""),
    ("needed", "\"libkavsdk.so\""),
    ("needed", "\"libc.so.6\""),
    ("undefined", "\"kaveScanFile\""),
    ("undefined", "\"kaveInitializeEx\""),
    ("undefined", "\"malloc\""),
    ("text", "\"AO Kaspersky Lab\""),
    ("text", "\"Kaspersky Anti-Virus Engine\""),
    ("text", "\"https://opentip.kaspersky.com/api\""),
    ("text", "\"ESET, spol. s r.o.\""),
    ("text", "\"nothing to see\""),
];

fn library(bits: usize) -> Vec<u8> {
    let of = |kind: &str| {
        let kept = SHOWN.iter().enumerate().filter(|(bit, (of, _))| bits >> bit & 1 == 1 && *of == kind);
        kept.map(|(_, (_, text))| *text).collect::<Vec<_>>()
    };
    let texts: Vec<String> = of("text").iter().map(|text| format!("{text}, {{ zeros = 1 }}")).collect();
    let recipe = format!(
        "kind = \"elf\"\nneeded = [{}]\ndynamic = {{ undefined = [{}] }}\nsections = [{{ name = \".rodata\", parts = [{}] }}]",
        of("needed").join(", "),
        of("undefined").join(", "),
        if texts.is_empty() { "{ zeros = 1 }".to_owned() } else { texts.join(", ") }
    );
    build(&recipe).unwrap()
}

/// The most that is said of it: how it gets in, and how sure that is.
fn strongest(bits: usize) -> Option<(Reverse<Relation>, Certainty)> {
    let findings = in_process("libscan.so", &library(bits)).findings;
    findings.iter().map(|finding| (Reverse(finding.relation), finding.certainty)).max()
}

/// A member of a zip archive by its own header alone, stored, of a length that is stated and a sum that is right.
fn by_walking(bytes: &[u8]) -> Vec<String> {
    let two = |at: usize| bytes.get(at..at + 2).map(|two| usize::from(u16::from_le_bytes([two[0], two[1]])));
    let four = |at: usize| Some(two(at)? | two(at + 2)? << 16);
    let read = |at: usize| {
        let (flags, method, crc, size) = (two(at + 6)?, two(at + 8)?, four(at + 14)?, four(at + 18)?);
        let begin = at + 30 + two(at + 26)? + two(at + 28)?;
        let held = bytes.get(begin..begin.checked_add(size)?)?;
        let mut sum = flate2::Crc::new();
        sum.update(held);
        let is_plain = flags & 9 == 0 && method == 0 && sum.sum() as usize == crc && !held.is_empty();
        is_plain.then(|| format!("sha256 {}", &interdict_model::Digest::of(held).hex()[..16]))
    };
    let places = bytes.windows(4).enumerate().filter(|(_, four)| *four == b"PK\x03\x04");
    places.filter_map(|(at, _)| read(at)).collect()
}

#[test]
fn what_must_hold_holds() {
    let (mut dice, mut wrong) = (Dice(1), Vec::new());
    let (mut folds, mut parsed, mut added, mut unions) = (0, 0, 0, 0);
    let effort = Effort::begun();
    let locator = targets().into_iter().find(|target| target.name == "texts/locator").unwrap();
    let zip = interdict_unpack::UNPACKERS.iter().find(|unpacker| unpacker.id == "zip").unwrap();
    let archives = interdict_testkit::inputs(&interdict_tests::workspace().join("fixtures/unpack/zip"));
    let mut round = 0;
    while effort.is_left() || round == 0 {
        for _ in 0..500 {
            let text = dice.text();
            let once = canonical_text(&text).into_owned();
            if canonical_text(&once) != once {
                wrong.push(format!("a fold that is none: {text:?}"));
            }
            for kind in FactKind::ALL {
                let once = canonical(*kind, &text).into_owned();
                if canonical(*kind, &once) != once {
                    wrong.push(format!("{} is normalised twice: {text:?}", kind.name()));
                }
                folds += 1;
            }
            let bytes: Vec<u8> = (0..dice.below(40)).map(|_| dice.below(256).to_le_bytes()[0]).collect();
            if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| locator.run(&bytes))).is_err() {
                wrong.push(format!("a locator is not read as it was written: {bytes:?}"));
            }
            parsed += 1;
        }
        for _ in 0..10 {
            let less = dice.below(1 << SHOWN.len());
            let more = less | dice.below(1 << SHOWN.len());
            let (one, two) = (strongest(less), strongest(more));
            if two < one {
                wrong.push(format!("{one:?} by {less:#b}, and {two:?} by {more:#b}"));
            }
            added += 1;
        }
        for (number, archive) in archives.iter().enumerate().filter(|(_, archive)| archive.len() < 1 << 14) {
            mutate(round << 16 | number as u64, archive, 5, &mut |bytes| {
                let ours = members(zip, "a.zip", bytes);
                let is_told = |line: &str| {
                    ["gap ", "malformed ", "anomaly ", "cap", "refused"].iter().any(|word| line.starts_with(word))
                };
                let lost = by_walking(bytes).into_iter().find(|one| !ours.contains(one.as_str()));
                if let Some(lost) = lost.filter(|_| !ours.lines().any(is_told)) {
                    wrong.push(format!(
                        "a member by its own header, lost: {lost}, {}",
                        interdict_model::Digest::of(bytes).hex()
                    ));
                }
                unions += 1;
            });
        }
        round += 1;
    }
    for what in wrong.iter().take(20) {
        println!("  {what}");
    }
    let figure = format!(
        "{folds} values folded twice, {parsed} locators written and read, {added} sets of facts grown, {unions} archives by two readings: {} wrong; cuts are goal H4",
        wrong.len()
    );
    goal("Z5", &figure, wrong.is_empty());
}
