//! XML text as it comes, made inert: what cannot be shown is a character reference, or spelt out where none can stand.
use std::io;

use crate::inert::is_inert;

/// Where in the text the writer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    Text,
    Tag,
    Quoted(char),
    Comment,
    Data,
    Instruction,
}

/// A writer of XML text that is known to be well formed.
pub(super) struct Inert<'a> {
    out: &'a mut dyn io::Write,
    within: Within,
    /// The beginning of a tag, until it says what it is.
    head: String,
    /// The last two characters.
    last: [char; 2],
    /// White space that is layout if a tag follows, and text if not.
    blank: String,
    is_layout: bool,
}

impl<'a> Inert<'a> {
    pub(super) fn new(out: &'a mut dyn io::Write) -> Self {
        let (head, blank) = (String::new(), String::new());
        Self { out, within: Within::Text, head, last: [' '; 2], blank, is_layout: true }
    }

    /// Any piece of the text, cut anywhere.
    pub(super) fn raw(&mut self, text: &str) -> io::Result<()> {
        for character in text.chars() {
            self.one(character)?;
            let [_, last] = self.last;
            self.last = [last, character];
        }
        Ok(())
    }

    pub(super) fn end(mut self) -> io::Result<()> {
        let blank = std::mem::take(&mut self.blank);
        self.out.write_all(blank.replace('\t', "  ").as_bytes())
    }

    fn one(&mut self, character: char) -> io::Result<()> {
        // Every reader turns the two into one.
        let character = match (character, self.last) {
            ('\n', [_, '\r']) => return Ok(()),
            ('\r', _) => '\n',
            _ => character,
        };
        match self.within {
            Within::Text => return self.text(character),
            Within::Tag => self.tag(character)?,
            Within::Quoted(quote) => {
                if character == quote {
                    self.within = Within::Tag;
                }
                if is_shown(character) {
                    write!(self.out, "{character}")?;
                } else if character == '\t' {
                    self.out.write_all(b" ")?;
                } else {
                    write!(self.out, "&#x{:x};", u32::from(character))?;
                }
            }
            Within::Comment => self.spelt(character, ['-', '-'])?,
            Within::Instruction => self.spelt(character, [self.last[0], '?'])?,
            Within::Data if is_shown(character) || character == '\t' => self.spelt(character, [']', ']'])?,
            Within::Data => write!(self.out, "]]>&#x{:x};<![CDATA[", u32::from(character))?,
        }
        Ok(())
    }

    fn text(&mut self, character: char) -> io::Result<()> {
        if self.is_layout && matches!(character, ' ' | '\t' | '\n') {
            self.blank.push(character);
            return Ok(());
        }
        let blank = std::mem::take(&mut self.blank);
        let tab = if character == '<' { "  " } else { "&#9;" };
        self.out.write_all(blank.replace('\t', tab).as_bytes())?;
        if character == '<' {
            (self.within, self.is_layout) = (Within::Tag, true);
            self.head.clear();
        } else {
            self.is_layout = false;
        }
        if is_shown(character) {
            write!(self.out, "{character}")
        } else {
            write!(self.out, "&#x{:x};", u32::from(character))
        }
    }

    fn tag(&mut self, character: char) -> io::Result<()> {
        if self.head.len() < 8 {
            self.head.push(character);
        }
        match (self.head.as_str(), character) {
            ("!--", _) => self.within = Within::Comment,
            ("![CDATA[", '[') => self.within = Within::Data,
            ("?", _) => self.within = Within::Instruction,
            (_, '>') => self.within = Within::Text,
            (_, '"' | '\'') => self.within = Within::Quoted(character),
            _ => {}
        }
        write!(self.out, "{}", if character == '\t' { ' ' } else { character })
    }

    /// A character where no reference can stand, and whether it ends that, being a `>` after these two.
    fn spelt(&mut self, character: char, end: [char; 2]) -> io::Result<()> {
        let is_data = self.within == Within::Data;
        if character == '>' && self.last == end {
            self.within = Within::Text;
            // Text beside a section of data is text.
            self.is_layout = !is_data;
        }
        match character {
            '\t' if is_data => self.out.write_all(b"]]>&#9;<![CDATA["),
            '\t' => self.out.write_all(b" "),
            _ if is_shown(character) => write!(self.out, "{character}"),
            _ => write!(self.out, "{}", character.escape_unicode()),
        }
    }
}

fn is_shown(character: char) -> bool {
    character == '\n' || is_inert(character)
}

/// Whether XML lets this character stand.
pub(super) fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_the_same_and_moves_nothing() {
        for (text, want) in [
            ("<a>\r\n\t<b c='x\u{202e}\ty'\td=\"1\"/>\r\n</a>", "<a>\n  <b c='x&#x202e; y' d=\"1\"/>\n</a>"),
            ("<a>x\u{9b}31m\ty</a>", "<a>x&#x9b;31m&#x9;y</a>"),
            ("<a>\t\u{feff}</a>", "<a>&#9;&#xfeff;</a>"),
            ("<!-- \u{202e}\t<x> -> --><a/>", "<!-- \\u{202e} <x> -> --><a/>"),
            ("<a><![CDATA[\t\u{202e}<b>]]]>\t</a>", "<a><![CDATA[]]>&#9;<![CDATA[]]>&#x202e;<![CDATA[<b>]]]>&#x9;</a>"),
            ("<?pi \u{202e} ?>\n<a>&lt;</a>\n", "<?pi \\u{202e} ?>\n<a>&lt;</a>\n"),
        ] {
            let mut out = Vec::new();
            let mut inert = Inert::new(&mut out);
            for piece in text.split_inclusive(['<', 'x']) {
                inert.raw(piece).unwrap();
            }
            inert.end().unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
    }
}
