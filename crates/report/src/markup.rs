//! Text for XML and HTML: characters that both allow, none that opens or closes anything.
use std::fmt::Write as _;

use crate::inert::brief;

/// The text, inert, cut at so many columns, for element content and for attributes in double quotes.
pub(crate) fn escaped(text: &str, columns: usize) -> String {
    escape(&brief(text, columns))
}

/// Text that is inert already.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' | '<' | '>' | '"' | '\'' | '`' => {
                let _ = write!(out, "&#{};", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out
}
