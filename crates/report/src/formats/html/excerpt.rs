//! What stands at a place, with the matched part marked: bytes as rows of hexadecimal, documents as numbered lines.
use interdict_model::{Excerpt, Shown};

use super::Html;
use crate::inert::inert;
use crate::markup::{escape, escaped};

const ROW: usize = 16;

pub(super) fn write(excerpt: &Excerpt, page: &mut Html) {
    match &excerpt.shown {
        Shown::Bytes(hex) => bytes(excerpt, hex, page),
        Shown::Text(text) => lines(excerpt, text, page),
    }
}

fn bytes(excerpt: &Excerpt, hex: &str, page: &mut Html) {
    let digit = |at: usize| hex.as_bytes().get(at).and_then(|digit| char::from(*digit).to_digit(16));
    let all: Vec<u8> =
        (0..hex.len() / 2).filter_map(|at| u8::try_from(digit(at * 2)? * 16 + digit(at * 2 + 1)?).ok()).collect();
    let is_marked = |at: usize| (excerpt.marked.0..excerpt.marked.1).contains(&(at as u64));
    page.raw("<pre class=\"hex\" tabindex=\"0\" role=\"group\" aria-label=\"Bytes in hexadecimal\">");
    for (number, row) in all.chunks(ROW).take(64).enumerate() {
        let first = number * ROW;
        page.put(format_args!("<span class=\"place\">{:08x}</span>  ", excerpt.from.saturating_add(first as u64)));
        let mut mark = Mark::default();
        for at in 0..ROW {
            let byte = row.get(at);
            // The gap between two marked bytes is marked as well.
            let joins = at > 0 && is_marked(first + at) && is_marked(first + at - 1);
            mark.set(joins, page);
            page.raw(if at == 0 {
                ""
            } else if at == ROW / 2 {
                "  "
            } else {
                " "
            });
            mark.set(byte.is_some() && is_marked(first + at), page);
            match byte {
                Some(byte) => page.put(format_args!("{byte:02x}")),
                None => page.raw("  "),
            };
        }
        mark.set(false, page);
        page.raw("  ");
        for (at, byte) in row.iter().enumerate() {
            mark.set(is_marked(first + at), page);
            let shown = if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '.' };
            page.raw(&escape(shown.encode_utf8(&mut [0; 4])));
        }
        mark.set(false, page);
        page.raw("\n");
    }
    page.raw("</pre>\n");
}

fn lines(excerpt: &Excerpt, text: &str, page: &mut Html) {
    let [from, until] = [excerpt.marked.0, excerpt.marked.1]
        .map(|at| text.floor_char_boundary(usize::try_from(at).unwrap_or(text.len())));
    page.raw("<pre class=\"lines\" tabindex=\"0\" role=\"group\" aria-label=\"Lines of the document\">");
    let mut start = 0;
    for (number, line) in text.split('\n').take(64).enumerate() {
        let number = excerpt.from.saturating_add(number as u64);
        page.put(format_args!("<span class=\"place\">{number:>6}</span>  "));
        let [from, until] = [from, until].map(|at| at.clamp(start, start + line.len()) - start);
        let part = |range: std::ops::Range<usize>| shown(line.get(range).unwrap_or_default());
        page.raw(&part(0..from));
        if from < until {
            page.raw("<mark>").raw(&part(from..until)).raw("</mark>");
        }
        page.raw(&part(until.max(from)..line.len())).raw("\n");
        start += line.len() + 1;
    }
    page.raw("</pre>\n");
}

/// A tab is layout, and a carriage return the end of a line.
fn shown(part: &str) -> String {
    escaped(&inert(&part.trim_end_matches('\r').replace('\t', "  ")), 1_000)
}

/// Whether a mark is open.
#[derive(Default)]
struct Mark(bool);

impl Mark {
    fn set(&mut self, wanted: bool, page: &mut Html) {
        if self.0 != wanted {
            page.raw(if wanted { "<mark>" } else { "</mark>" });
        }
        self.0 = wanted;
    }
}
