//! JSON text as it comes, laid out anew and inert: every value keeps its spelling, every string its meaning.
use std::io;

use serde_json::Value;

use crate::inert::is_inert;

/// Deeper levels are indented no further: indentation must not outgrow the text.
const DEEPEST: usize = 40;

/// A writer of JSON text that is known to be well formed.
pub(crate) struct Pretty<'a> {
    out: &'a mut dyn io::Write,
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    /// Whether the last thing written opened an object or a list.
    is_open: bool,
}

impl<'a> Pretty<'a> {
    pub(crate) fn new(out: &'a mut dyn io::Write) -> Self {
        Self { out, depth: 0, in_string: false, is_escaped: false, is_open: false }
    }

    /// A member's name.
    pub(crate) fn name(&mut self, name: &str) -> io::Result<()> {
        self.raw(&serde_json::to_string(name)?)?;
        self.raw(":")
    }

    pub(crate) fn value(&mut self, value: &Value) -> io::Result<()> {
        self.raw(&serde_json::to_string(value)?)
    }

    /// Any piece of JSON text, cut anywhere.
    pub(crate) fn raw(&mut self, text: &str) -> io::Result<()> {
        let mut plain = 0;
        for (at, character) in text.char_indices() {
            if self.in_string && is_inert(character) {
                self.within(character);
                continue;
            }
            self.out.write_all(text.as_bytes().get(plain..at).unwrap_or_default())?;
            plain = at + character.len_utf8();
            if self.in_string {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(self.out, "\\u{unit:04x}")?;
                }
            } else {
                self.between(character)?;
            }
        }
        self.out.write_all(text.as_bytes().get(plain..).unwrap_or_default())
    }

    fn within(&mut self, character: char) {
        match character {
            _ if self.is_escaped => self.is_escaped = false,
            '\\' => self.is_escaped = true,
            '"' => self.in_string = false,
            _ => {}
        }
    }

    fn between(&mut self, character: char) -> io::Result<()> {
        match character {
            ' ' | '\t' | '\r' | '\n' => return Ok(()),
            '}' | ']' => {
                self.depth = self.depth.saturating_sub(1);
                if !self.is_open {
                    self.line()?;
                }
                self.is_open = false;
            }
            _ if self.is_open => {
                self.line()?;
                self.is_open = false;
            }
            _ => {}
        }
        write!(self.out, "{character}")?;
        match character {
            '{' | '[' => {
                self.depth += 1;
                self.is_open = true;
            }
            ',' => self.line()?,
            ':' => self.out.write_all(b" ")?,
            '"' => self.in_string = true,
            _ => {}
        }
        Ok(())
    }

    fn line(&mut self) -> io::Result<()> {
        write!(self.out, "\n{:1$}", "", self.depth.min(DEEPEST) * 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laid_out_as_the_house_lays_out() {
        for text in [
            r#"{"a":[1,{"b":"x\\\"y: {,[","c":[]},{}],"d":null,"e":1.50E+3}"#,
            "[]",
            "\"s\"",
            "{\"a\" : [\r\n\t1 ,2 ]}",
        ] {
            let mut out = Vec::new();
            Pretty::new(&mut out).raw(text).unwrap();
            let want = serde_json::to_string_pretty(&serde_json::from_str::<Value>(text).unwrap()).unwrap();
            assert_eq!(String::from_utf8(out).unwrap().replace("1.50E+3", "1500.0"), want);
        }
    }

    #[test]
    fn strings_are_inert_and_mean_the_same() {
        let text = "{\"k\u{202e}\":\"\u{7f}\u{9b}31m \u{e0041} é\u{feff}\"}";
        let mut out = Vec::new();
        let mut pretty = Pretty::new(&mut out);
        for piece in text.split_inclusive('k') {
            pretty.raw(piece).unwrap();
        }
        let out = String::from_utf8(out).unwrap();
        assert!(out.lines().all(|line| line.chars().all(is_inert)), "{out:?}");
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(value(&out), value(text));
    }

    #[test]
    fn depth_costs_no_more_than_it_has() {
        let text = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let mut out = Vec::new();
        Pretty::new(&mut out).raw(&text).unwrap();
        assert!(out.len() < text.len() * 90, "{}", out.len());
    }
}
