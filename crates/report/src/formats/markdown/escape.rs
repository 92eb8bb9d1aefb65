//! Text of an input in Markdown: never a link, an image, a mention, a heading, a row or a tag.
use std::fmt::Write as _;

use crate::inert::brief;

/// In a code span, where nothing is markup; fenced with more backticks than the text has in a row.
pub(super) fn code(text: &str, columns: usize) -> String {
    let text = brief(text, columns);
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A span of spaces only, or one that begins or ends with a backtick, needs room inside the fence.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) || text.is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// As running text: punctuation that could be markup becomes a character reference, and an empty comment keeps `@` and `#`
/// from joining what follows into a mention.
pub(in crate::formats) fn plain(text: &str, columns: usize) -> String {
    let text = brief(text, columns);
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let ends = rest.peek().is_none_or(|next| *next == ' ');
        match character {
            '@' | '#' => {
                let _ = write!(out, "&#{};<!-- -->", u32::from(character));
            }
            // `GH-1` is an issue to GitHub.
            '-' if out.ends_with(['h', 'H']) => out.push_str("-<!-- -->"),
            // Harmless inside a line, and these are never the start of one.
            ' ' | ',' | ';' | '?' | '%' | '\'' | '/' | '(' | ')' | '-' => out.push(character),
            // Only `www.` and `scheme:` make a link of what follows.
            '.' if !out.ends_with(['w', 'W']) => out.push(character),
            ':' if ends => out.push(character),
            _ if character.is_ascii_punctuation() => {
                let _ = write!(out, "&#{};", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_markup_from_an_input() {
        for (raw, want) in [
            ("[a](javascript:b)", "&#91;a&#93;(javascript&#58;b)"),
            ("http://evil.example", "http&#58;//evil.example"),
            ("www.evil.example: a:b:", "www&#46;evil.example: a&#58;b:"),
            ("GH-1, a-b", "GH-<!-- -->1, a-b"),
            ("@all #1 <b>", "&#64;<!-- -->all &#35;<!-- -->1 &#60;b&#62;"),
            ("a|b*c_d`e", "a&#124;b&#42;c&#95;d&#96;e"),
        ] {
            assert_eq!(plain(raw, 200), want);
        }
        for (raw, want) in [("a`b", "``a`b``"), ("`", "`` ` ``"), ("", "`  `"), ("x|y\n", "`x|y\\u{a}`")] {
            assert_eq!(code(raw, 200), want);
        }
    }
}
