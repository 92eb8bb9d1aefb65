//! The document type declaration: which entities it declares; nothing it names is ever fetched.
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Entities that are remembered; more of them are a gap.
const ENTITIES: usize = 10_000;

/// What a reference to an entity stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entity<'a> {
    /// Its replacement text: character references are replaced, references to entities are not.
    Internal(Cow<'a, str>),
    /// A file or address outside of the document.
    External(&'a str),
}

/// What stands before the first element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Prolog<'a> {
    /// Where the declaration stands; `None` where there is none.
    pub(super) at: Option<usize>,
    /// Where it ends, and the document goes on.
    pub(super) end: usize,
    /// Declared first counts, as the standard rules.
    pub(super) entities: BTreeMap<&'a str, Entity<'a>>,
    /// Declarations that are not applied, in words: the first one of each kind.
    pub(super) ignored: Vec<(usize, &'static str)>,
    /// The address of the part of the declaration that stands elsewhere.
    pub(super) external: Option<&'a str>,
    /// Declarations may come out of a parameter entity.
    pub(super) refers: bool,
    /// There were more entities than are remembered.
    pub(super) is_over: bool,
}

/// Reads up to the first element, or to what is no part of a prolog.
pub(super) fn prolog(text: &str) -> Prolog<'_> {
    let mut cursor = Cursor { text, at: 0 };
    let mut found = Prolog::default();
    loop {
        cursor.space();
        if cursor.takes("<?") {
            if !cursor.past("?>") {
                return found;
            }
        } else if cursor.takes("<!--") {
            if !cursor.past("-->") {
                return found;
            }
        } else if found.at.is_none()
            && cursor.rest().get(..9).is_some_and(|word| word.eq_ignore_ascii_case("<!DOCTYPE"))
        {
            let at = cursor.at;
            cursor.at += 9;
            if declaration(&mut cursor, &mut found).is_none() {
                return found;
            }
            (found.at, found.end) = (Some(at), cursor.at);
        } else {
            return found;
        }
    }
}

/// Where the declaration that begins here with `<!` ends, behind its `>`.
pub(super) fn end(text: &str, at: usize) -> Option<usize> {
    let mut cursor = Cursor { text, at: at + 2 };
    declaration(&mut cursor, &mut Prolog::default())?;
    Some(cursor.at)
}

/// Reads a declaration up to its `>`; `None` where it has none.
fn declaration<'a>(cursor: &mut Cursor<'a>, found: &mut Prolog<'a>) -> Option<()> {
    loop {
        match cursor.stop()? {
            b'>' => return Some(()),
            b'[' => subset(cursor, found)?,
            _ => found.external = Some(cursor.quoted()?),
        }
    }
}

/// Reads the declarations between brackets.
fn subset<'a>(cursor: &mut Cursor<'a>, found: &mut Prolog<'a>) -> Option<()> {
    loop {
        cursor.space();
        let at = cursor.at;
        if cursor.takes("]") {
            return Some(());
        } else if cursor.takes("<!--") {
            cursor.past("-->").then_some(())?;
        } else if cursor.takes("<?") {
            cursor.past("?>").then_some(())?;
        } else if cursor.takes("<!ENTITY") {
            entity(cursor, found)?;
        } else if cursor.takes("<!") {
            if cursor.rest().starts_with("ATTLIST") {
                found.ignore(at, "the document type declaration gives attributes values");
            }
            skipped(cursor)?;
        } else if cursor.takes("%") {
            found.refers = true;
            found.ignore(at, "the document type declaration refers to parameter entities");
            cursor.past(";").then_some(())?;
        } else {
            cursor.character()?;
        }
    }
}

/// `name "text"`, `name SYSTEM "address"`, `name PUBLIC "name" "address"`, up to `>`.
fn entity<'a>(cursor: &mut Cursor<'a>, found: &mut Prolog<'a>) -> Option<()> {
    let at = cursor.at;
    cursor.space();
    if cursor.takes("%") {
        found.ignore(at, "the document type declaration refers to parameter entities");
        return skipped(cursor);
    }
    let name = cursor.word();
    cursor.space();
    let is_external = cursor.takes("SYSTEM") || cursor.takes("PUBLIC");
    let mut value = None;
    loop {
        match cursor.stop()? {
            b'>' => break,
            b'[' => {}
            _ => value = Some(cursor.quoted()?),
        }
    }
    let value = value.unwrap_or_default();
    if found.entities.len() >= ENTITIES {
        found.is_over = true;
    } else {
        let entity = if is_external { Entity::External(value) } else { Entity::Internal(replaced(value)) };
        found.entities.entry(name).or_insert(entity);
    }
    Some(())
}

fn skipped(cursor: &mut Cursor<'_>) -> Option<()> {
    loop {
        match cursor.stop()? {
            b'>' => return Some(()),
            b'[' => {}
            _ => {
                cursor.quoted()?;
            }
        }
    }
}

impl Prolog<'_> {
    fn ignore(&mut self, at: usize, what: &'static str) {
        if !self.ignored.iter().any(|(_, known)| *known == what) {
            self.ignored.push((at, what));
        }
    }
}

/// An entity's text with its character references replaced: they are part of its declaration.
fn replaced(value: &str) -> Cow<'_, str> {
    if !value.contains("&#") {
        return Cow::Borrowed(value);
    }
    let mut out = String::new();
    let mut rest = value;
    while let Some((before, behind)) = rest.split_once("&#") {
        out.push_str(before);
        let number = behind.split_once(';').filter(|(number, _)| number.len() <= 10);
        let found = number.and_then(|(number, behind)| Some((super::text::character(number)?, behind)));
        rest = if let Some((character, behind)) = found {
            out.push(character);
            behind
        } else {
            out.push_str("&#");
            behind
        };
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// A place in the text of a declaration.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_ascii_start().len();
    }

    fn takes(&mut self, what: &str) -> bool {
        let takes = self.rest().starts_with(what);
        self.at += if takes { what.len() } else { 0 };
        takes
    }

    fn past(&mut self, what: &str) -> bool {
        let found = memchr::memmem::find(self.rest().as_bytes(), what.as_bytes());
        self.at = found.map_or(self.text.len(), |at| self.at + at + what.len());
        found.is_some()
    }

    fn character(&mut self) -> Option<()> {
        self.at += self.rest().chars().next()?.len_utf8();
        Some(())
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let len =
            rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '"' | '\'' | '[')).unwrap_or(rest.len());
        self.at += len;
        rest.get(..len).unwrap_or_default()
    }

    /// Moves behind the next `>` or `[`, or to the next quote.
    fn stop(&mut self) -> Option<u8> {
        let len = self.rest().bytes().position(|byte| matches!(byte, b'>' | b'[' | b'"' | b'\''))?;
        self.at += len;
        let stop = self.text.as_bytes().get(self.at).copied()?;
        self.at += usize::from(matches!(stop, b'>' | b'['));
        Some(stop)
    }

    /// What stands between the quote here and the next one like it.
    fn quoted(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let quote = *rest.as_bytes().first()?;
        let len = memchr::memchr(quote, rest.as_bytes().get(1..)?)?;
        self.at += len + 2;
        rest.get(1..=len)
    }
}
