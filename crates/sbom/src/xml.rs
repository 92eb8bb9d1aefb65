//! A pull reader of XML: one pass, borrowed texts, namespaces by URI, no recursion, and a place for every fault.
mod doctype;
mod expand;
mod namespace;
mod reading;
mod root;
mod scan;
mod source;
mod tag;
mod text;

use std::borrow::Cow;

pub(crate) use namespace::Attribute;
use namespace::Scope;
pub(crate) use reading::Reading;
pub(crate) use root::{Root, root};
pub(crate) use source::Source;

/// Elements inside elements; what lies deeper is passed over and counted.
pub(crate) const DEPTH: usize = 512;
/// Attributes of one tag that are kept.
pub(crate) const ATTRIBUTES: usize = 10_000;
/// Namespace declarations that may be in force at once.
pub(crate) const NAMESPACES: usize = 256;
/// Oddities kept; of all others only the number is.
const ODDITIES: usize = 100;

/// Where the text stopped being XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) expected: &'static str,
}

pub(crate) type Read<T> = Result<T, Fault>;

/// Something that is not XML and was read all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Oddity {
    pub(crate) at: usize,
    pub(crate) wrong: Cow<'static, str>,
    pub(crate) assumed: &'static str,
}

/// The start tag of an element that was stepped into; `S` is what the reader's vocabulary calls its namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag<'a, S> {
    /// The name without its prefix.
    pub(crate) name: &'a str,
    pub(crate) space: S,
    /// Where its `<` stands.
    pub(crate) at: usize,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event<'a, S> {
    /// An element begins; its attributes are in [`Xml::attributes`] until the next one begins.
    Open(Tag<'a, S>),
    /// Text between two tags, joined across comments, CDATA sections and processing instructions.
    Text(Cow<'a, str>),
    /// The innermost open element ends.
    Close,
    /// The text ends, and no element is open.
    End,
}

/// An element that was stepped into and not yet read to its end.
#[derive(Clone, Copy, Debug)]
struct Open<'a> {
    /// The name with its prefix, as it is written.
    name: &'a str,
    /// Namespace declarations in force outside of it.
    bindings: usize,
}

/// Limits that were met: where for the first time, and how often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Met {
    pub(crate) at: usize,
    pub(crate) count: u64,
}

impl Met {
    fn at(&mut self, at: usize) {
        if self.count == 0 {
            self.at = at;
        }
        self.count = self.count.saturating_add(1);
    }
}

/// How often each limit of the reader was met, and how often it had to guess.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) depth: Met,
    pub(crate) attributes: Met,
    pub(crate) namespaces: Met,
    /// References to entities that are declared nowhere here.
    pub(crate) unknown: Met,
    /// Tags that do not match: no limit, and as much a reason not to trust what was read around them.
    pub(crate) tags: Met,
}

/// A reader standing in a document.
///
/// [`Xml::child`], [`Xml::text`] and [`Xml::skip`] are what a reader of a known format needs; [`Xml::next`] tells
/// everything. Where an end tag is missing, the elements it should have ended are ended all the same, one by one.
#[derive(Clone, Debug)]
pub(crate) struct Xml<'a, S> {
    source: &'a Source<'a>,
    text: &'a str,
    at: usize,
    open: Vec<Open<'a>>,
    /// Elements that ended where another one did, and whose end is still to be told.
    closing: usize,
    attributes: Vec<Attribute<'a, S>>,
    scope: Scope<'a, S>,
    pub(crate) oddities: Vec<Oddity>,
    pub(crate) untold: u64,
    pub(crate) limits: Limits,
}

impl<'a, S: Copy> Xml<'a, S> {
    /// A reader before the first element; `vocabulary` names a namespace by its URI, the empty one where there is none.
    pub(crate) fn new(source: &'a Source<'a>, vocabulary: fn(&str) -> S) -> Self {
        Self {
            source,
            text: source.text(),
            at: 0,
            open: Vec::new(),
            closing: 0,
            attributes: Vec::new(),
            scope: Scope::new(vocabulary),
            oddities: Vec::new(),
            untold: 0,
            limits: Limits::default(),
        }
    }

    /// What comes next, whatever it is.
    pub(crate) fn next(&mut self) -> Read<Event<'a, S>> {
        loop {
            if self.ends() {
                return Ok(Event::Close);
            }
            if self.open.is_empty() {
                self.pass_outside();
            } else if let Some(text) = self.joined()? {
                return Ok(Event::Text(text));
            }
            match self.tag()? {
                Found::Start(tag) => return Ok(Event::Open(tag)),
                Found::End => return Ok(Event::Close),
                Found::Nothing => return Ok(Event::End),
                Found::Other => {}
            }
        }
    }

    /// Steps into the next element of the one stepped into; `None` at that one's end, which is passed. Outside of all
    /// elements, the next outermost one. Text between elements is passed over, and is an oddity.
    #[inline]
    pub(crate) fn child(&mut self) -> Read<Option<Tag<'a, S>>> {
        self.step(Self::pass_text)
    }

    /// The same where an element may hold text as well as elements: text is passed over, and is none.
    pub(crate) fn child_or_text(&mut self) -> Read<Option<Tag<'a, S>>> {
        self.step(|xml| xml.at = xml.next_tag(xml.at))
    }

    #[inline]
    fn step(&mut self, pass: impl Fn(&mut Self)) -> Read<Option<Tag<'a, S>>> {
        loop {
            if self.ends() {
                return Ok(None);
            }
            pass(self);
            match self.tag()? {
                Found::Start(tag) => return Ok(Some(tag)),
                Found::End | Found::Nothing => return Ok(None),
                Found::Other => {}
            }
        }
    }

    /// Reads the element stepped into to its end, as the text it holds; elements inside are an oddity, and their text
    /// belongs to it.
    #[inline]
    pub(crate) fn text(&mut self) -> Read<Cow<'a, str>> {
        let (start, end) = (self.at, self.special(self.at));
        if self.closing == 0 && self.ends_at(end) {
            return Ok(Cow::Borrowed(self.text.get(start..end).unwrap_or_default()));
        }
        self.long_text()
    }

    fn long_text(&mut self) -> Read<Cow<'a, str>> {
        let mut out = Cow::Borrowed("");
        let mut depth = 0_usize;
        loop {
            match self.next()? {
                Event::Text(text) if out.is_empty() => out = text,
                Event::Text(text) => out.to_mut().push_str(&text),
                Event::Open(tag) => {
                    self.odd(tag.at, "an element inside a text", "its text, as words of their own");
                    depth += 1;
                    out.to_mut().push(' ');
                }
                Event::Close if depth == 0 => return Ok(out),
                Event::Close => {
                    depth -= 1;
                    out.to_mut().push(' ');
                }
                Event::End => return Ok(out),
            }
        }
    }

    /// Whether the element stepped into begins with text, or holds nothing; comments before it are passed.
    pub(crate) fn is_bare(&mut self) -> Read<bool> {
        while self.closing == 0 {
            self.pass_space();
            match self.text.as_bytes().get(self.at + 1).copied().filter(|_| self.byte() == Some(b'<')) {
                Some(b'!' | b'?') if !self.has(b"<![CDATA[") => self.pass_aside()?,
                Some(byte) => return Ok(!scan::begins_name(byte)),
                None => return Ok(true),
            }
        }
        Ok(true)
    }

    /// Reads past the rest of the element stepped into, however deep.
    pub(crate) fn skip(&mut self) -> Read<()> {
        let depth = self.open.len();
        while self.open.len() >= depth && !self.open.is_empty() {
            if !self.ends() {
                self.pass()?;
            }
        }
        Ok(())
    }

    /// The attributes of the element that began last, without namespace declarations.
    pub(crate) fn attributes(&self) -> &[Attribute<'a, S>] {
        &self.attributes
    }

    /// The value of an attribute without prefix.
    #[inline]
    pub(crate) fn attribute(&self, name: &str) -> Option<&Cow<'a, str>> {
        self.attributes.iter().find(|one| one.prefix.is_empty() && one.name == name).map(|one| &one.value)
    }

    /// The URI of the namespace of the innermost open element; empty where it has none.
    pub(crate) fn uri(&self) -> &str {
        self.open.last().map_or("", |open| self.scope.uri(split(open.name).0))
    }

    /// How many elements are open.
    #[cfg(test)]
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Where the reader stands.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// Notes something that is not XML, or not what belongs there, and was read all the same.
    pub(crate) fn odd(&mut self, at: usize, wrong: impl Into<Cow<'static, str>>, assumed: &'static str) {
        if self.oddities.len() < ODDITIES {
            self.oddities.push(Oddity { at, wrong: wrong.into(), assumed });
        } else {
            self.untold = self.untold.saturating_add(1);
        }
    }

    /// `line 3, column 7` of an offset in the document as it was given; both count from one, columns in characters.
    pub(crate) fn place(&self, at: usize) -> String {
        self.source.place(at)
    }

    /// A fault in words: what was expected, and what stands there.
    pub(crate) fn explain(&self, fault: Fault) -> String {
        let mut rest = self.text.get(fault.at..).unwrap_or_default().chars();
        let shown: String = rest.by_ref().take(16).take_while(|c| !c.is_control()).collect();
        let found = if shown.is_empty() { "the end of the text".to_owned() } else { format!("`{shown}`") };
        let inside =
            self.open.last().map(|open| format!(" inside `{}`", open.name.chars().take(40).collect::<String>()));
        format!("expected {}{}, found {found}", fault.expected, inside.unwrap_or_default())
    }

    /// Notes a tag that does not match the others.
    fn mismatch(&mut self, at: usize, wrong: impl Into<Cow<'static, str>>, assumed: &'static str) {
        self.limits.tags.at(at);
        self.odd(at, wrong, assumed);
    }

    /// Ends an element whose end is still to be told.
    #[inline]
    fn ends(&mut self) -> bool {
        if self.closing == 0 {
            return false;
        }
        self.closing -= 1;
        self.leave();
        true
    }

    #[inline]
    fn leave(&mut self) {
        if let Some(open) = self.open.pop() {
            self.scope.leave(open.bindings);
        }
    }
}

/// What stood at a `<`.
enum Found<'a, S> {
    Start(Tag<'a, S>),
    End,
    /// A comment, a declaration, something passed over.
    Other,
    /// The end of the text.
    Nothing,
}

/// A name's prefix, empty where it has none, and the rest.
fn split(name: &str) -> (&str, &str) {
    match name.split_once(':') {
        Some((prefix, local)) if !prefix.is_empty() && !local.is_empty() => (prefix, local),
        _ => ("", name),
    }
}

#[cfg(test)]
mod tests;
