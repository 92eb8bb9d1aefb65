//! Entities written out before the document is read, so that the markup in them is read too; bounded in size and depth.
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::doctype::{Entity, Prolog};
use super::scan::begins_name;

/// Bytes that all references together may become; an empty one counts as a byte.
pub(super) const OUTPUT: usize = 64 << 10;
/// Entities in the text of entities.
pub(super) const LEVELS: usize = 8;

/// A document without references to the entities it declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Expanded {
    pub(super) text: String,
    /// Where in `text` a piece begins, and where it stands in the document.
    pub(super) pieces: Vec<(usize, usize)>,
    /// The first reference that was too much, in words.
    pub(super) over: Option<(usize, &'static str)>,
    /// References to what stands outside of the document: where first, the address, how many.
    pub(super) external: BTreeMap<String, (usize, String, u64)>,
    spent: usize,
}

/// Where in the document a reference stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum In {
    Content,
    Value,
}

/// Writes out every reference to an entity of the prolog; `None` where there is no such reference.
pub(super) fn expand(text: &str, prolog: &Prolog<'_>) -> Option<Expanded> {
    if prolog.entities.is_empty() {
        return None;
    }
    let mut out = Expanded { pieces: vec![(0, 0)], ..Expanded::default() };
    let mut from = 0;
    let mut quote = None;
    let mut at = prolog.end;
    let bytes = text.as_bytes();
    let mut in_tag = false;
    while let Some(byte) = bytes.get(at).copied() {
        let rest = text.get(at..).unwrap_or_default();
        match byte {
            b'&' if quote.is_some() || !in_tag => {
                let place = if in_tag { In::Value } else { In::Content };
                if out.spent > OUTPUT {
                    break;
                }
                if let Some(name) = named(rest).filter(|name| prolog.entities.contains_key(name)) {
                    out.text.push_str(text.get(from..at).unwrap_or_default());
                    out.pieces.push((out.text.len(), at));
                    out.reference(name, at, place, &prolog.entities);
                    at += name.len() + 2;
                    from = at;
                    out.pieces.push((out.text.len(), at));
                    continue;
                }
            }
            b'<' if !in_tag => {
                if let Some(end) = aside(rest) {
                    at += end;
                    continue;
                }
                in_tag = bytes.get(at + 1).is_some_and(|next| *next == b'/' || begins_name(*next));
            }
            b'>' if quote.is_none() => in_tag = false,
            b'"' | b'\'' if in_tag => match quote {
                None => quote = Some(byte),
                Some(open) if open == byte => quote = None,
                Some(_) => {}
            },
            _ => {}
        }
        at += 1;
    }
    out.text.push_str(text.get(from..).unwrap_or_default());
    (from > 0).then_some(out)
}

/// How long the comment, section or instruction is that begins here; `None` where none does.
fn aside(rest: &str) -> Option<usize> {
    let close =
        [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")].into_iter().find(|(open, _)| rest.starts_with(open))?.1;
    let end = memchr::memmem::find(rest.as_bytes(), close.as_bytes());
    Some(end.map_or(rest.len(), |end| end + close.len()))
}

/// The name between the `&` here and a `;`.
fn named(rest: &str) -> Option<&str> {
    /// The longest name that is looked for.
    const LONGEST: usize = 256;
    let bytes = rest.as_bytes().get(1..LONGEST.min(rest.len()))?;
    let len = memchr::memchr(b';', bytes)?;
    rest.get(1..=len)
}

impl Expanded {
    /// Writes one reference, and those in its text, with a stack of its own.
    fn reference(&mut self, name: &str, at: usize, place: In, entities: &BTreeMap<&str, Entity<'_>>) {
        let mut stack: Vec<(&str, &str)> = Vec::new();
        if let Some(text) = self.enter(name, at, stack.len(), place, entities) {
            stack.push((name, text));
        }
        while let Some((_, rest)) = stack.last_mut() {
            let Some(found) = memchr::memchr(b'&', rest.as_bytes()) else {
                let text = *rest;
                stack.pop();
                self.write(text, at, place);
                continue;
            };
            let (before, behind) = rest.split_at(found);
            let Some(name) = named(behind).filter(|name| entities.contains_key(name)) else {
                let (text, behind) = rest.split_at(found + 1);
                *rest = behind;
                self.write(text, at, place);
                continue;
            };
            *rest = behind.get(name.len() + 2..).unwrap_or_default();
            self.write(before, at, place);
            if stack.iter().any(|(open, _)| *open == name) {
                self.over.get_or_insert((at, "an entity refers to itself"));
                self.leave(name);
            } else if let Some(text) = self.enter(name, at, stack.len(), place, entities) {
                stack.push((name, text));
            }
        }
    }

    /// The text of an entity, where it has one here and nothing is too much.
    fn enter<'e>(
        &mut self,
        name: &str,
        at: usize,
        level: usize,
        place: In,
        entities: &'e BTreeMap<&str, Entity<'_>>,
    ) -> Option<&'e str> {
        self.spent += 1;
        match entities.get(name)? {
            _ if level >= LEVELS => {
                self.over.get_or_insert((at, "entities are nested more than 8 deep"));
                self.leave(name);
                None
            }
            _ if self.spent > OUTPUT => {
                self.over.get_or_insert((at, "entities stand for more than 64 KiB"));
                self.leave(name);
                None
            }
            Entity::Internal(text) => Some(text),
            Entity::External(address) => {
                let known = self.external.len() < 20 || self.external.contains_key(name);
                if known {
                    let entry = self.external.entry(name.to_owned()).or_insert_with(|| (at, (*address).to_owned(), 0));
                    entry.2 += 1;
                }
                if place == In::Value {
                    self.leave(name);
                }
                None
            }
        }
    }

    /// Leaves a reference as the characters it is written with.
    fn leave(&mut self, name: &str) {
        self.spent += name.len();
        if self.spent <= OUTPUT {
            // Writing to a `String` cannot fail.
            let _ = write!(self.text, "&amp;{name};");
        }
    }

    fn write(&mut self, text: &str, at: usize, place: In) {
        self.spent += text.len();
        if self.spent > OUTPUT {
            self.over.get_or_insert((at, "entities stand for more than 64 KiB"));
            return;
        }
        if place == In::Content {
            self.text.push_str(text);
            return;
        }
        for character in text.chars() {
            match character {
                '<' => self.text.push_str("&lt;"),
                '"' => self.text.push_str("&quot;"),
                '\'' => self.text.push_str("&apos;"),
                same => self.text.push(same),
            }
        }
    }
}
