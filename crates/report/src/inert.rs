//! Makes text from inputs harmless to whatever shows it: nothing invisible, nothing that moves a cursor or turns a line.
use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// The text with every character that is not plainly visible spelt out as `\u{…}`.
///
/// Control characters, line and paragraph separators, bidirectional and zero-width ones, everything Unicode calls
/// default-ignorable, letters that are blank, and code points that no text may hold.
pub fn inert(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_inert) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_inert(character) {
            out.push(character);
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "{}", character.escape_unicode());
        }
    }
    Cow::Owned(out)
}

/// [`inert`], and cut with a mark where it would be wider than this many columns.
pub(crate) fn brief(text: &str, columns: usize) -> String {
    // A character is at least a byte and at most ten columns once spelt out: no need to look at 64 KiB to keep 200.
    let reach = text.char_indices().nth(columns.saturating_add(1)).map_or(text.len(), |(at, _)| at);
    let head = inert(text.get(..reach).unwrap_or(text));
    if reach == text.len() && head.width() <= columns {
        return head.into_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for character in head.chars() {
        let wide = character.width().unwrap_or(0);
        if used + wide > columns {
            break;
        }
        used += wide;
        out.push(character);
    }
    let _ = write!(out, "… ({} characters)", text.chars().count());
    out
}

/// Whether the character shows as itself and does nothing else.
pub(crate) fn is_inert(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    !(character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(character) & 0xfffe == 0xfffe
        || ('\u{fdd0}'..='\u{fdef}').contains(&character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_out_what_cannot_be_seen() {
        for (raw, want) in [
            ("libkave.so — Лаборатория", "libkave.so — Лаборатория"),
            ("\x1b[31mred", "\\u{1b}[31mred"),
            ("a\u{202e}b\nc\td\0", "a\\u{202e}b\\u{a}c\\u{9}d\\u{0}"),
            ("\u{9b}31m\u{7f}", "\\u{9b}31m\\u{7f}"),
            ("\u{e0041}\u{ffff}\u{fe0f}", "\\u{e0041}\\u{ffff}\\u{fe0f}"),
        ] {
            assert_eq!(inert(raw), want);
            assert_eq!(inert(&inert(raw)), want, "idempotent");
        }
    }

    #[test]
    fn cuts_by_columns_and_says_so() {
        assert_eq!(brief("abc", 3), "abc");
        assert_eq!(brief("abcd", 3), "abc… (4 characters)");
        assert_eq!(brief("漢字漢字", 5), "漢字… (4 characters)");
        assert_eq!(brief(&"x".repeat(65_536), 10), format!("{}… (65536 characters)", "x".repeat(10)));
        assert_eq!(brief(&"\u{202e}".repeat(4), 8), "\\u{202e}… (4 characters)");
    }
}
