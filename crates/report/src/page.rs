//! A page of text for a terminal: wrapped to its width, indented, coloured by meaning, inert.
use std::io;

use interdict_model::{Effect, Outcome};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::formats::Look;
use crate::inert::brief;

/// The widest a single value may grow before it is cut with a mark.
const LONGEST: usize = 200;

/// What a piece of text means; colour follows meaning, and no meaning is told by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Strong,
    Quiet,
    Bad,
    Doubt,
    Note,
    Good,
}

impl Tone {
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "1",
            Self::Quiet => "2",
            Self::Bad => "1;31",
            Self::Doubt => "1;33",
            Self::Note => "36",
            Self::Good => "1;32",
        }
    }

    pub(crate) const fn of_effect(effect: Effect) -> Self {
        match effect {
            Effect::Prohibited => Self::Bad,
            Effect::Review => Self::Doubt,
            Effect::Advisory | Effect::Future => Self::Note,
            Effect::Exempt | Effect::NotCovered => Self::Quiet,
        }
    }

    pub(crate) const fn of_outcome(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Prohibited => Self::Bad,
            Outcome::Review | Outcome::Inconclusive => Self::Doubt,
            Outcome::Advisory => Self::Note,
            Outcome::Clear => Self::Good,
        }
    }
}

/// Pieces of one paragraph, each with its tone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text(Vec<(Tone, String)>);

impl Text {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Words of this tone. Whatever they hold is made inert and, past 200 columns a value, cut.
    pub(crate) fn say(mut self, tone: Tone, words: impl AsRef<str>) -> Self {
        self.0.push((tone, brief(words.as_ref(), LONGEST)));
        self
    }

    pub(crate) fn plain(self, words: impl AsRef<str>) -> Self {
        self.say(Tone::Plain, words)
    }

    pub(crate) fn quiet(self, words: impl AsRef<str>) -> Self {
        self.say(Tone::Quiet, words)
    }

    /// Sentences of our own data, which may be longer than a value: inert, cut at ten times the length.
    pub(crate) fn prose(mut self, words: impl AsRef<str>) -> Self {
        self.0.push((Tone::Plain, brief(words.as_ref(), LONGEST * 10)));
        self
    }
}

/// Where the lines of a page go.
pub(crate) struct Page<'a> {
    look: Look,
    out: &'a mut dyn io::Write,
}

impl<'a> Page<'a> {
    pub(crate) fn new(look: &Look, out: &'a mut dyn io::Write) -> Self {
        // Under 40 columns nothing reads well; past 160 no eye follows a line.
        Self { look: Look { width: look.width.clamp(40, 160), ..*look }, out }
    }

    pub(crate) fn blank(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n")
    }

    /// A paragraph, every line indented alike.
    pub(crate) fn text(&mut self, indent: usize, text: &Text) -> io::Result<()> {
        self.labelled(indent, "", 0, text)
    }

    /// A paragraph with a label in a column before it.
    pub(crate) fn labelled(&mut self, indent: usize, label: &str, column: usize, text: &Text) -> io::Result<()> {
        let left = indent + column;
        let room = self.look.width.saturating_sub(left).max(20);
        for (at, line) in wrap(text, room).into_iter().enumerate() {
            let mut row = " ".repeat(indent);
            if at == 0 && column > 0 {
                paint(self.look.color, Tone::Quiet, label, &mut row);
                row.push_str(&" ".repeat(column.saturating_sub(label.width())));
            } else {
                row.push_str(&" ".repeat(column));
            }
            for (tone, words) in line {
                paint(self.look.color, tone, &words, &mut row);
            }
            self.out.write_all(row.trim_end().as_bytes())?;
            self.blank()?;
        }
        Ok(())
    }

    /// A paragraph with something at the right edge of its first line, where both fit.
    pub(crate) fn spread(&mut self, indent: usize, left: Text, right: &str) -> io::Result<()> {
        let used: usize = left.0.iter().map(|(_, words)| words.width()).sum();
        let gap = self.look.width.saturating_sub(indent + used + right.width());
        let pad = if gap >= 2 { " ".repeat(gap) } else { "  ".to_owned() };
        let mut text = left;
        text.0.push((Tone::Quiet, pad + right));
        self.text(indent, &text)
    }
}

fn paint(color: bool, tone: Tone, words: &str, out: &mut String) {
    if color && tone != Tone::Plain && !words.trim().is_empty() {
        out.push_str("\x1b[");
        out.push_str(tone.code());
        out.push('m');
        out.push_str(words);
        out.push_str("\x1b[0m");
    } else {
        out.push_str(words);
    }
}

type Line = Vec<(Tone, String)>;

/// Lines of at most `room` columns: broken at spaces, and inside a word only where the word alone is too wide.
fn wrap(text: &Text, room: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut line = Line::new();
    let mut used = 0;
    for word in words(text) {
        let wide: usize = word.iter().map(|(_, part)| part.width()).sum();
        let spaces: usize = word.first().map_or(0, |(_, part)| part.len() - part.trim_start_matches(' ').len());
        if used > 0 && used + wide > room {
            lines.push(std::mem::take(&mut line));
            used = 0;
            if wide == spaces {
                continue;
            }
        }
        for (at, (tone, part)) in word.into_iter().enumerate() {
            let part = if used == 0 && at == 0 && !lines.is_empty() { part.trim_start_matches(' ') } else { &part };
            for piece in pieces(part, room, used) {
                if piece.fresh {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                used += piece.text.width();
                line.push((tone, piece.text.to_owned()));
            }
        }
    }
    lines.push(line);
    lines
}

/// The paragraph as words, each with the spaces before it; a word may change its tone inside.
fn words(text: &Text) -> Vec<Line> {
    let mut words: Vec<Line> = Vec::new();
    let mut in_word = false;
    for (tone, part) in &text.0 {
        let mut start = 0;
        let mut last_space = false;
        for (at, character) in part.char_indices() {
            if character == ' ' && !last_space && at > start {
                push_word(&mut words, in_word, *tone, part.get(start..at));
                start = at;
                in_word = false;
            } else if character == ' ' && at == start {
                in_word = false;
            }
            last_space = character == ' ';
        }
        push_word(&mut words, in_word, *tone, part.get(start..));
        in_word = !part.is_empty() && !part.ends_with(' ');
    }
    words
}

fn push_word(words: &mut Vec<Line>, joins: bool, tone: Tone, part: Option<&str>) {
    let Some(part) = part.filter(|part| !part.is_empty()) else { return };
    match words.last_mut() {
        Some(word) if joins => word.push((tone, part.to_owned())),
        _ => words.push(vec![(tone, part.to_owned())]),
    }
}

struct Piece<'a> {
    text: &'a str,
    fresh: bool,
}

/// A word cut so that each piece fits, after a `/`, `!`, `#` or `,` where one is near the edge.
fn pieces(word: &str, room: usize, used: usize) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = word;
    let mut left = room.saturating_sub(used);
    let mut fresh = false;
    while rest.width() > left {
        let mut fits = 0;
        let mut good = 0;
        let mut wide = 0;
        for (at, character) in rest.char_indices() {
            wide += character.width().unwrap_or(0);
            if wide > left {
                break;
            }
            fits = at + character.len_utf8();
            if matches!(character, '/' | '!' | '#' | ',' | '@' | '_') {
                good = fits;
            }
        }
        let cut = if good * 2 > fits { good } else { fits };
        if cut == 0 && left == room {
            break;
        }
        let (head, tail) = rest.split_at(cut);
        if !head.is_empty() {
            out.push(Piece { text: head, fresh });
        }
        rest = tail;
        left = room;
        fresh = true;
    }
    out.push(Piece { text: rest, fresh });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: usize, text: &Text) -> String {
        let mut out = Vec::new();
        Page::new(&Look { width, color: false, verbose: 0 }, &mut out).labelled(2, "where", 8, text).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn wraps_at_words_and_never_past_the_edge() {
        let text =
            Text::new().plain("The quick brown fox ").say(Tone::Bad, "jumps over the lazy dog").plain(", twice.");
        assert_eq!(page(40, &text), "  where   The quick brown fox jumps over\n          the lazy dog, twice.\n");
        let long = Text::new().plain(format!("a/{}/{}", "b".repeat(50), "漢".repeat(30)));
        for line in page(40, &long).lines() {
            assert!(line.width() <= 40, "{line}");
        }
    }

    #[test]
    fn colour_is_the_only_control_sequence() {
        let mut out = Vec::new();
        let text = Text::new().say(Tone::Bad, "a\x1b[2Jb\nc");
        Page::new(&Look { width: 80, color: true, verbose: 0 }, &mut out).text(0, &text).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "\x1b[1;31ma\\u{1b}[2Jb\\u{a}c\x1b[0m\n");
    }
}
