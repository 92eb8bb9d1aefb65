//! Where the elements of an XML BOM stand in its text, as far as something is to be written there.
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};

use super::markup::NAMESPACE;
use super::tree::Spot;
use crate::inert::is_inert;

/// One element of interest.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Its start tag.
    pub(super) open: Range<usize>,
    /// Where its end tag begins; for `<x/>` where the tag ends.
    pub(super) close: usize,
    /// Whether it is `<x/>`.
    pub(super) is_empty: bool,
    /// Each child's local name, none for one of another namespace, and where it stands.
    pub(super) children: Vec<(Option<String>, Range<usize>)>,
}

/// The elements of interest by their steps, `components/3/evidence`; the root is the empty one.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) elements: BTreeMap<String, Element>,
    /// The prefix of the BOM's namespace, with its colon.
    pub(super) prefix: String,
    /// What the root's namespace ends in.
    pub(super) edition: String,
    /// Every start tag that names the namespace.
    pub(super) namespaces: Vec<Range<usize>>,
}

struct Frame {
    path: Option<String>,
    /// How many items of a list were met.
    items: usize,
    /// Whether the prefix means another namespace from here down.
    is_foreign: bool,
}

impl Layout {
    /// Reads the whole text; says why it cannot be written upon.
    pub(super) fn of(text: &str, spots: &BTreeSet<&Spot>) -> Result<Self, String> {
        let mut wanted: BTreeSet<String> =
            ["", "metadata", "metadata/properties", "components", "dependencies", "vulnerabilities"]
                .into_iter()
                .map(str::to_owned)
                .collect();
        for spot in spots {
            for length in 1..=spot.0.len() {
                wanted.insert(spot.0.get(..length).unwrap_or_default().join("/"));
            }
            let spot = spot.0.join("/");
            wanted.extend(["evidence", "evidence/occurrences", "properties"].map(|inside| format!("{spot}/{inside}")));
        }
        let mut layout =
            Self { elements: BTreeMap::new(), prefix: String::new(), edition: String::new(), namespaces: Vec::new() };
        layout.read(text, &wanted)?;
        Ok(layout)
    }

    fn read(&mut self, text: &str, wanted: &BTreeSet<String>) -> Result<(), String> {
        let mut reader = Reader::from_str(text);
        let mut stack: Vec<Frame> = Vec::new();
        let mut is_done = false;
        loop {
            let start = position(&reader);
            let event = reader.read_event().map_err(|fault| format!("it is not well formed ({fault})"))?;
            let end = position(&reader);
            match event {
                Event::Start(_) | Event::Empty(_) => {
                    let is_empty = matches!(event, Event::Empty(_));
                    if stack.is_empty() && is_done {
                        return Err("it has two roots".to_owned());
                    }
                    let frame = self.open(text, start..end, is_empty, &mut stack, wanted)?;
                    if !is_empty {
                        stack.push(frame);
                    }
                    is_done = true;
                }
                Event::End(_) => {
                    let Some(frame) = stack.pop() else { return Err("it ends too often".to_owned()) };
                    if let Some(element) = frame.path.as_ref().and_then(|path| self.elements.get_mut(path)) {
                        element.close = start;
                    }
                    let parent = stack.last().and_then(|frame| frame.path.as_ref());
                    if let Some(parent) = parent.and_then(|path| self.elements.get_mut(path))
                        && let Some((_, range)) = parent.children.last_mut()
                    {
                        range.end = end;
                    }
                }
                Event::DocType(_) => return Err("it has a document type".to_owned()),
                Event::GeneralRef(name) => {
                    if !name.starts_with('#') && !["amp", "lt", "gt", "quot", "apos"].contains(&name.as_ref()) {
                        return Err("it uses an entity of its own".to_owned());
                    }
                }
                Event::Decl(decl) => {
                    let said = decl.encoding().and_then(Result::ok).unwrap_or_default();
                    if !text.is_ascii() && !said.is_empty() && !said.eq_ignore_ascii_case("utf-8") {
                        return Err("it states another encoding than UTF-8".to_owned());
                    }
                }
                Event::Text(_) | Event::CData(_) if stack.is_empty() && !text.get(start..end).is_some_and(is_blank) => {
                    return Err("text stands outside its root".to_owned());
                }
                Event::Eof => break,
                Event::Text(_) | Event::CData(_) | Event::Comment(_) | Event::PI(_) => {}
            }
        }
        if stack.is_empty() && is_done { Ok(()) } else { Err("it is cut short".to_owned()) }
    }

    fn open(
        &mut self,
        text: &str,
        open: Range<usize>,
        is_empty: bool,
        stack: &mut [Frame],
        wanted: &BTreeSet<String>,
    ) -> Result<Frame, String> {
        let tag = text.get(open.clone()).unwrap_or_default();
        let (name, attributes) = tag_of(tag)?;
        let Some(parent) = stack.last_mut() else {
            let (prefix, local) = name.rsplit_once(':').map_or((String::new(), name), |(p, l)| (format!("{p}:"), l));
            let declared =
                if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{}", prefix.trim_end_matches(':')) };
            let namespace = attributes.iter().find(|(key, _)| *key == declared).map(|(_, value)| value.as_str());
            let edition = namespace.and_then(|namespace| namespace.strip_prefix(NAMESPACE));
            let (Some(edition), "bom") = (edition, local) else { return Err("its root is no BOM".to_owned()) };
            (self.prefix, self.edition) = (prefix, edition.to_owned());
            self.namespaces.push(open.clone());
            self.elements.insert(String::new(), element(open, is_empty));
            return Ok(Frame { path: Some(String::new()), items: 0, is_foreign: false });
        };
        let own = format!("{NAMESPACE}{}", self.edition);
        let colon = self.prefix.trim_end_matches(':');
        let rebinds = attributes.iter().any(|(key, value)| {
            let is_ours = key.strip_prefix("xmlns").is_some_and(|rest| rest.trim_start_matches(':') == colon);
            is_ours && *value != own
        });
        if attributes.iter().any(|(key, value)| key.starts_with("xmlns") && *value == own) {
            self.namespaces.push(open.clone());
        }
        let is_foreign = parent.is_foreign || rebinds;
        let local = name.strip_prefix(self.prefix.as_str()).filter(|local| !is_foreign && !local.contains(':'));
        let Some(path) = &parent.path else { return Ok(Frame { path: None, items: 0, is_foreign }) };
        if let Some(element) = self.elements.get_mut(path) {
            element.children.push((local.map(str::to_owned), open.clone()));
        }
        let list = path.rsplit('/').next().unwrap_or_default();
        let step = match (list, local) {
            (_, None) => None,
            ("components", Some("component")) | ("services", Some("service")) => {
                parent.items += 1;
                Some((parent.items - 1).to_string())
            }
            (_, Some(local)) => Some(local.to_owned()),
        };
        let path = step.map(|step| if path.is_empty() { step } else { format!("{path}/{step}") });
        let path = path.filter(|path| wanted.contains(path));
        if let Some(path) = &path
            && self.elements.insert(path.clone(), element(open, is_empty)).is_some()
        {
            return Err(format!("`{path}` stands twice"));
        }
        Ok(Frame { path, items: 0, is_foreign })
    }
}

fn element(open: Range<usize>, is_empty: bool) -> Element {
    Element { close: open.end, open, is_empty, children: Vec::new() }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}

/// Attributes by name, with what they stand for.
pub(super) type Attributes = Vec<(String, String)>;

/// A tag's name and its attributes.
pub(super) fn tag_of(tag: &str) -> Result<(&str, Attributes), String> {
    let broken = || "it is not well formed (a tag)".to_owned();
    let inside = tag.strip_prefix('<').ok_or_else(broken)?.trim_end_matches('>').trim_end_matches('/');
    let length = inside.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inside.len());
    let (name, rest) = inside.split_at(length);
    let mut attributes = Vec::new();
    for attribute in quick_xml::events::attributes::Attributes::new(rest, 0) {
        let attribute = attribute.map_err(|fault| format!("it is not well formed ({fault})"))?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| broken())?;
        attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    let names = attributes.iter().map(|(key, _)| key.as_str()).chain([name]);
    // What cannot be shown can be escaped in a text, but not in a name.
    if names.flat_map(str::chars).all(is_inert) {
        Ok((name, attributes))
    } else {
        Err("a name in it cannot be shown".to_owned())
    }
}
