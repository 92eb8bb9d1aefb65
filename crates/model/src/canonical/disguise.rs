//! Spellings that look like another: letters of other scripts, characters that are not shown, texts that turn their direction.
use unicode_security::confusable_detection::skeleton;

/// In what way a text is not what it looks like, in words; `None` for ordinary ones, accents and other scripts included.
pub fn disguise(raw: &str) -> Option<&'static str> {
    if raw.is_ascii() {
        return None;
    }
    if as_shown(raw).is_some() {
        return Some("turns the direction of its letters");
    }
    let mut letters = raw.chars();
    let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let mut before = None;
    while let Some(c) = letters.next() {
        if is_ignorable(c) && is_latin(before) && is_latin(letters.clone().find(|c| !is_ignorable(*c))) {
            return Some("holds characters between its letters that are not shown");
        }
        before = if is_ignorable(c) { before } else { Some(c) };
    }
    // The dotless i of Turkish is as Latin as its neighbours.
    unmix(&raw.to_lowercase().replace('ı', "i")).map(|_| "mixes letters of different scripts that look alike")
}

/// Unicode's `Default_Ignorable_Code_Point` and the marks of direction: nothing of them is seen (Unicode 17, `DerivedCoreProperties`).
pub(super) fn is_ignorable(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// How a text is shown whose direction an override turns (UAX #9, `RLO` to the next end of it); `None` where none does.
pub fn as_shown(raw: &str) -> Option<String> {
    const TURNS: char = '\u{202e}';
    raw.contains(TURNS).then(|| {
        let mut out = String::with_capacity(raw.len());
        let mut parts = raw.split(TURNS);
        out.extend(parts.next());
        for part in parts {
            let (turned, rest) = part.split_once(['\u{202c}', '\u{202d}']).unwrap_or((part, ""));
            out.extend(turned.chars().rev());
            out.push_str(rest);
        }
        out.retain(|c| !is_ignorable(c));
        out
    })
}

/// Latin letters for their look-alikes, in lower-case words that mix scripts; `None` when no word does.
pub(super) fn unmix(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut changed = false;
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(char::is_whitespace) {
        if piece.is_ascii() {
            out.push_str(piece);
            continue;
        }
        let word = piece.trim_end();
        let folded: String = piece.chars().map(|c| latin_twin(c).unwrap_or(c)).collect();
        // A word with Latin letters, or one that is Latin throughout once folded, hides behind another script.
        let latin = word.chars().any(|c| c.is_ascii_alphabetic());
        let foreign_only = !latin && folded.is_ascii() && is_cyrillic_word(word) && looks_latin(&folded);
        let hides = folded != piece && (latin || foreign_only);
        changed |= hides;
        out.push_str(if hides { &folded } else { piece });
    }
    changed.then_some(out)
}

fn is_cyrillic_word(word: &str) -> bool {
    word.chars().all(|c| ('\u{400}'..='\u{4ff}').contains(&c))
}

/// Short legal forms such as `ао` are real Cyrillic words although every letter has a Latin twin.
fn looks_latin(folded: &str) -> bool {
    folded.trim_end().chars().count() > 4
}

/// The Latin letter in lower case that a letter looks like: those of Cyrillic and Greek that lower case hides, then what
/// Unicode's list of confusables says (UTS #39 §4).
fn latin_twin(character: char) -> Option<char> {
    Some(match character {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'һ' | 'н' | 'η' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' | 'μ' => 'm',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'ս' => 'u',
        'ѵ' | 'ν' => 'v',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' | 'υ' => 'y',
        c if !is_alphabet_like_ours(c) => return None,
        c => {
            let own = c.to_string();
            let mut like = skeleton(&own);
            let (letter, more) = (like.next()?, like.next());
            let is_one = more.is_none() && letter.is_ascii_alphabetic();
            return is_one.then(|| letter.to_ascii_lowercase());
        }
    })
}

/// Of a script whose letters are taken for Latin ones, and not set beside them honestly as Hebrew or Chinese is.
fn is_alphabet_like_ours(c: char) -> bool {
    c.is_alphabetic()
        && matches!(c, '\u{80}'..='\u{58f}' | '\u{13a0}'..='\u{13ff}' | '\u{1c80}'..='\u{1c8f}' | '\u{1d00}'..='\u{1fff}'
            | '\u{2c60}'..='\u{2dff}' | '\u{a4d0}'..='\u{a4ff}' | '\u{a640}'..='\u{a69f}' | '\u{a720}'..='\u{a7ff}'
            | '\u{ab30}'..='\u{abbf}')
}

#[cfg(test)]
mod tests {
    use super::disguise;

    #[test]
    fn what_hides_is_told_and_what_is_ordinary_is_not() {
        for ordinary in [
            "Лаборатория Касперского",
            "Société Générale",
            "株式会社",
            "می\u{200c}خواهم",
            "❤\u{fe0f}",
            "Ωmega",
            "וGoogle",
            "Мирослав Николић\n2016 Tim Dreß",
            "Tüm hakları saklıdır, Açık Kaynak Geliştiricileri",
        ] {
            assert_eq!(disguise(ordinary), None, "{ordinary}");
        }
        for (raw, word) in
            [("K\u{430}spersky", "scripts"), ("Kas\u{200b}persky", "not shown"), ("\u{202e}yks", "direction")]
        {
            assert!(disguise(raw).is_some_and(|why| why.contains(word)), "{raw:?}");
        }
    }
}
