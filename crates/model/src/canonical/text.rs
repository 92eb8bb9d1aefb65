//! Names of organisations and products in one spelling.
use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::disguise::{as_shown, is_ignorable, unmix};
use super::escape::unescaped;

/// Single letters in a row from which on they are one word set in wide type.
const SPACED_OUT: usize = 6;

/// Times that a text is read anew for escapes which only folding has put together.
const ESCAPES: usize = 8;

/// Names of organisations and products: NFKC, case folded, without quotes, dots, commas, trade marks and characters that are
/// not shown, Latin letters without their accents, white space collapsed, dashes alike, words set letter by letter joined,
/// look-alike letters of other scripts replaced where a word mixes scripts, and characters that are written as references of
/// HTML or percent-encoded read as what they are.
///
/// A text that turns its direction is followed by what it looks like.
pub fn text(raw: &str) -> Cow<'_, str> {
    if is_plain(raw) {
        return Cow::Borrowed(raw);
    }
    if let Some(shown) = as_shown(raw) {
        let written: String = raw.chars().filter(|c| !is_ignorable(*c)).collect();
        let both = text(&format!("{written} {shown}")).into_owned();
        return Cow::Owned(both);
    }
    let mut folded = unescaped(raw).map_or_else(|| fold(raw), |plain| fold(&plain));
    // A letter that was replaced may bear an accent, or make a word Latin; each step leaves fewer of them. What is dropped may
    // leave an escape behind: nobody writes many of those into one another.
    let mut escapes = 0..ESCAPES;
    let mut unescaped = |text: &str| unescaped(text).filter(|_| escapes.next().is_some());
    while let Some(further) = unescaped(&folded).or_else(|| unmix(&folded)).or_else(|| joined(&folded)) {
        folded = fold(&further);
    }
    Cow::Owned(folded)
}

fn fold(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut pending_space = false;
    let mut is_latin = false;
    // Before decomposing, which would turn a trade mark into letters.
    let kept = raw.chars().filter(|c| !matches!(c, '®' | '™' | '℠') && !is_ignorable(*c));
    for character in kept.nfkd().flat_map(char::to_lowercase) {
        match character {
            '.' | ',' | '"' | '\'' | '`' | '«' | '»' | '“' | '”' | '„' | '‘' | '’' => {}
            c if is_latin && is_combining_mark(c) => {}
            '\u{2010}'..='\u{2015}' | '\u{2212}' => {
                if pending_space {
                    out.push(' ');
                    pending_space = false;
                }
                is_latin = false;
                out.push('-');
            }
            c if c.is_whitespace() || c.is_control() || c == '_' => pending_space = !out.is_empty(),
            c => {
                if pending_space {
                    out.push(' ');
                    pending_space = false;
                }
                is_latin = if is_combining_mark(c) { is_latin } else { c.is_ascii_alphabetic() };
                out.push(c);
            }
        }
    }
    if out.is_ascii() {
        return out;
    }
    let without = |text: &str| text.nfc().map(|c| if c == 'ё' { 'е' } else { c }).collect::<String>();
    let mut folded = without(&out);
    // A letter may bear the same mark more than once.
    while folded.contains("е\u{308}") {
        folded = without(&folded);
    }
    folded
}

/// Already canonical: lower-case ASCII letters, digits, single inner spaces and harmless punctuation.
fn is_plain(raw: &str) -> bool {
    let (mut last, mut before, mut single) = (b' ', b' ', 0);
    for byte in raw.bytes() {
        let fine = match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'+' | b'/' | b'(' | b')' | b'@' | b':' | b'&' => true,
            b' ' => {
                single = if before == b' ' && last.is_ascii_lowercase() { single + 1 } else { 0 };
                last != b' '
            }
            _ => false,
        };
        if !fine || single >= SPACED_OUT - 1 {
            return false;
        }
        before = last;
        last = byte;
    }
    last != b' ' || raw.is_empty()
}

/// A text whose words are single letters, as wide type is written, with these put together; `None` when it has none.
fn joined(text: &str) -> Option<String> {
    let single = |word: &str| word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    let words: Vec<&str> = text.split(' ').collect();
    let runs = words.chunk_by(|one, next| single(one) && single(next));
    let is_wide = |run: &&[&str]| run.len() >= SPACED_OUT;
    runs.clone().any(|run| is_wide(&run)).then(|| {
        let each = runs.map(|run| if is_wide(&run) { run.concat() } else { run.join(" ") });
        each.collect::<Vec<_>>().join(" ")
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn organisations_fold_to_one_spelling() {
        for (raw, canonical) in [
            ("AO Kaspersky Lab", "ao kaspersky lab"),
            ("  Kaspersky\u{a0}Lab, Inc. ", "kaspersky lab inc"),
            ("KASPERSKY  LAB", "kaspersky lab"),
            ("АО «Лаборатория Касперского»", "ао лаборатория касперского"),
            ("Йод и ёлка", "йод и елка"),
            ("е\u{308}\u{308}\u{308}лка", "елка"),
            ("K\u{430}spersky Lab", "kaspersky lab"),
            ("K\u{251}spersky L\u{e0}b", "kaspersky lab"),
            ("\u{39a}aspersk\u{3c5}", "kaspersky"),
            ("Ｋａｓｐｅｒｓｋｙ", "kaspersky"),
            ("𝐊𝐚𝐬𝐩𝐞𝐫𝐬𝐤𝐲", "kaspersky"),
            ("Kas\u{200b}persky", "kaspersky"),
            ("K\u{fe0f}aspersky\u{e0041} Lab", "kaspersky lab"),
            ("Ka\u{336}s\u{336}persky", "kaspersky"),
            ("Kásperský", "kaspersky"),
            ("Ka\u{301}spersky", "kaspersky"),
            ("K a s p e r s k y  L a b", "kasperskylab"),
            ("k a s p e r s k y", "kaspersky"),
            ("plan b and c d e f", "plan b and c d e f"),
            ("\u{202e}yksrepsaK\u{202c} Lab", "yksrepsak lab kaspersky lab"),
            ("Kaspersky™ Lab®", "kaspersky lab"),
            ("Пример™", "пример"),
            ("&#75;aspersky&nbsp;L&#x61;b", "kaspersky lab"),
            ("Kaspersky%20Lab", "kaspersky lab"),
            ("%26amp;amp;#75;asp%252565rsky", "kaspersky"),
            ("%D0%9A%D0%B0сперский", "касперский"),
            ("Johnson &amp; Johnson; 100%", "johnson & johnson; 100%"),
            ("AT&T; R&D 5%ff", "at&t; r&d 5%ff"),
            ("Kaspersky Anti\u{2011}Virus \u{2014} SDK", "kaspersky anti-virus - sdk"),
            ("", ""),
        ] {
            assert_eq!(text(raw), canonical, "{raw:?}");
            assert_eq!(text(&text(raw)), canonical, "idempotent: {raw:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(raw in "([a-zа-яΑ-ωA-ZÀ-ž \u{200b}\u{202e}\u{202c}\u{301}\u{336}.,_™ſﬁıİßɑ]|&#[0-9]{2};|&amp;|%[0-9A-F]{2}|\\PC){0,24}") {
            let once = text(&raw).into_owned();
            prop_assert_eq!(text(&once).into_owned(), once);
        }
    }
}
