//! One spelling a value: the door through which every observed value passes once.
mod cpe;
mod purl;

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

use crate::{FactKind, Form};

/// The canonical spelling of a value of this kind.
///
/// A rule's patterns pass through the same door when a pack is compiled, so that both sides meet in one spelling.
pub fn canonical(kind: FactKind, raw: &str) -> Cow<'_, str> {
    match kind.form() {
        Form::Text => text(raw),
        Form::Exact => Cow::Borrowed(raw.trim()),
        Form::Path => path(raw),
        Form::Hex => hex(raw),
        Form::Purl => Cow::Owned(purl::canonical(raw)),
        Form::Cpe => Cow::Owned(cpe::canonical(raw)),
        Form::Url => url(raw),
    }
}

/// Names of organisations and products: NFKC, case folded, without quotes, dots, commas and trade marks, white space
/// collapsed, and look-alike letters of other scripts replaced where a word mixes scripts.
pub fn text(raw: &str) -> Cow<'_, str> {
    if is_plain(raw) {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut pending_space = false;
    // Before NFKC, which would turn a trade mark into letters.
    let marked = |c: &char| !matches!(c, '®' | '™' | '℠');
    for character in raw.chars().filter(marked).nfkc().flat_map(char::to_lowercase) {
        match character {
            '.'
            | ','
            | '"'
            | '\''
            | '`'
            | '«'
            | '»'
            | '“'
            | '”'
            | '„'
            | '‘'
            | '’'
            | '®'
            | '™'
            | '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{feff}' => {}
            c if c.is_whitespace() || c.is_control() || c == '_' => pending_space = !out.is_empty(),
            c => {
                if pending_space {
                    out.push(' ');
                    pending_space = false;
                }
                out.push(if c == 'ё' { 'е' } else { c });
            }
        }
    }
    Cow::Owned(unmix(&out).unwrap_or(out))
}

/// Whether a word of this text mixes Latin letters with Cyrillic or Greek look-alikes: a spelling nobody types by accident.
pub fn mixes_scripts(raw: &str) -> bool {
    !raw.is_ascii() && unmix(&raw.to_lowercase()).is_some()
}

/// Already canonical: lower-case ASCII letters, digits, single inner spaces and harmless punctuation.
fn is_plain(raw: &str) -> bool {
    let mut last = b' ';
    for byte in raw.bytes() {
        let fine = match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'+' | b'/' | b'(' | b')' | b'@' | b':' | b'&' => true,
            b' ' => last != b' ',
            _ => false,
        };
        if !fine {
            return false;
        }
        last = byte;
    }
    last != b' ' || raw.is_empty()
}

/// Latin letters for their look-alikes, in words that mix scripts; `None` when no word does.
fn unmix(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut changed = false;
    let words: Vec<String> = text
        .split(' ')
        .map(|word| {
            let latin = word.chars().any(|c| c.is_ascii_alphabetic());
            let folded: String = word.chars().map(|c| latin_twin(c).unwrap_or(c)).collect();
            // A word with Latin letters, or one that is Latin throughout once folded, hides behind another script.
            let foreign_only = !latin && folded.is_ascii() && is_cyrillic_word(word);
            if folded != word && (latin || (foreign_only && looks_latin(&folded))) {
                changed = true;
                return folded;
            }
            word.to_owned()
        })
        .collect();
    changed.then(|| words.join(" "))
}

fn is_cyrillic_word(word: &str) -> bool {
    word.chars().all(|c| ('\u{400}'..='\u{4ff}').contains(&c))
}

/// Short legal forms such as `ао` are real Cyrillic words although every letter has a Latin twin.
fn looks_latin(folded: &str) -> bool {
    folded.chars().count() > 4
}

/// Letters that look like a Latin one (Unicode TR 39 confusables, the lower-case subset of Cyrillic and Greek).
fn latin_twin(character: char) -> Option<char> {
    Some(match character {
        'а' | 'α' => 'a',
        'в' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'һ' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' => 'm',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'ս' => 'u',
        'ѵ' | 'ν' => 'v',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ => return None,
    })
}

fn path(raw: &str) -> Cow<'_, str> {
    let settled = |c: char| !c.is_uppercase() && c != '\\' && !c.is_control();
    if raw.chars().all(settled) {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(
        raw.chars()
            .filter(|c| !c.is_control())
            .map(|c| if c == '\\' { '/' } else { c })
            .flat_map(char::to_lowercase)
            .collect(),
    )
}

fn hex(raw: &str) -> Cow<'_, str> {
    if raw.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect())
}

/// Scheme and host in lower case, the path as it is; without white space around.
fn url(raw: &str) -> Cow<'_, str> {
    let raw = raw.trim();
    let start = raw.find("://").map_or(0, |at| at + 3);
    let end = raw.get(start..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(raw.len(), |at| start + at);
    let (head, tail) = raw.split_at(end);
    if head.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Owned(format!("{}{tail}", head.to_ascii_lowercase()));
    }
    Cow::Borrowed(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organisations_fold_to_one_spelling() {
        for (raw, canonical) in [
            ("AO Kaspersky Lab", "ao kaspersky lab"),
            ("  Kaspersky\u{a0}Lab, Inc. ", "kaspersky lab inc"),
            ("KASPERSKY  LAB", "kaspersky lab"),
            ("АО «Лаборатория Касперского»", "ао лаборатория касперского"),
            ("K\u{430}spersky Lab", "kaspersky lab"),
            ("Ｋａｓｐｅｒｓｋｙ", "kaspersky"),
            ("Kas\u{200b}persky", "kaspersky"),
            ("Kaspersky™ Lab®", "kaspersky lab"),
            ("Пример™", "пример"),
            ("", ""),
        ] {
            assert_eq!(text(raw), canonical, "{raw:?}");
            assert_eq!(text(&text(raw)), canonical, "idempotent: {raw:?}");
        }
        assert!(mixes_scripts("K\u{430}spersky"));
        assert!(!mixes_scripts("Лаборатория Касперского"));
    }

    #[test]
    fn every_form_is_idempotent() {
        for (kind, raw, want) in [
            (FactKind::FileName, "KlHk.SYS", "klhk.sys"),
            (FactKind::DebugPath, r"C:\a\b\X.pdb", "c:/a/b/x.pdb"),
            (FactKind::Sha1, "AB:cd 01", "abcd01"),
            (FactKind::Url, "HTTPS://OpenTIP.Kaspersky.com/Api", "https://opentip.kaspersky.com/Api"),
            (FactKind::Host, "DNL-01.geo.kaspersky.com", "dnl-01.geo.kaspersky.com"),
            (FactKind::UndefinedSymbol, "kaveScanFile", "kaveScanFile"),
        ] {
            let once = canonical(kind, raw).into_owned();
            assert_eq!(once, want);
            assert_eq!(canonical(kind, &once), want);
        }
    }
}
