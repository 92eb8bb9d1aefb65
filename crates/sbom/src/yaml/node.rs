//! The nodes of a YAML stream as JSON: keys, values, anchors and what they are merged into.
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Marker, ScalarStyle, Tag};
use interdict_model::{GapReason, Unseen};

use super::Repair;
use crate::compose::Compose;

/// Nodes that aliases may add, and their bytes as JSON.
const ALIAS_NODES: u64 = 1_000_000;
const ALIAS_BYTES: usize = 64 << 20;
/// Anchors of one document.
const ANCHORS: usize = 1_000_000;
/// Repairs told one by one.
const REPAIRS: usize = 100;

/// What stands for a key that is no text.
const NO_KEY: &str = "?";

/// `line 3, column 7`; both count from one.
pub(super) fn place(at: &Marker) -> String {
    format!("line {}, column {}", at.line(), at.col() + 1)
}

/// What was written for an anchor: from where to where, and how many nodes.
#[derive(Clone, Debug)]
struct Written {
    at: Range<usize>,
    nodes: u64,
}

/// A list or mapping whose end was not met.
#[derive(Debug)]
struct Open {
    kind: Kind,
    /// A key was met and its value was not.
    awaits: bool,
    /// The value that comes belongs into this mapping itself.
    merges: bool,
    /// Where the object it is written as begins.
    from: usize,
    /// Its anchor, and the nodes before it.
    anchor: Option<(usize, u64)>,
    /// Mappings to be merged in behind its own members.
    merged: Vec<Written>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    List,
    Mapping,
    /// The outermost mapping of a document.
    Root,
    /// A mapping whose members go into the one around it.
    Spliced,
    /// A list of mappings to be merged.
    Merges,
}

/// Writes events as JSON.
#[derive(Debug, Default)]
pub(super) struct Nodes {
    compose: Compose,
    open: Vec<Open>,
    anchors: HashMap<usize, Written>,
    count: u64,
    copied: u64,
    copied_bytes: usize,
    /// Inside a node that is not written: how deep.
    skipping: usize,
    documents: u32,
    repairs: Vec<Repair>,
    untold: u64,
    gaps: Vec<Unseen>,
}

impl Nodes {
    /// Takes the next event; whether to go on.
    pub(super) fn event(&mut self, event: Event<'_>, at: &Marker) -> bool {
        if self.skipping > 0 {
            match event {
                Event::SequenceStart(..) | Event::MappingStart(..) => self.skipping += 1,
                Event::SequenceEnd | Event::MappingEnd => self.skipping -= 1,
                _ => {}
            }
            return true;
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), at),
            Event::SequenceStart(_, anchor, _) => self.begin(false, anchor, at),
            Event::MappingStart(_, anchor, _) => self.begin(true, anchor, at),
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => self.alias(anchor, at),
            Event::UnresolvedAlias(name) => {
                let name: String = name.chars().take(40).collect();
                self.repair(at, format!("the alias `*{name}` names nothing before it"), "nothing");
                self.nothing();
            }
            Event::DocumentEnd => self.anchors.clear(),
            _ => {}
        }
        if self.anchors.len() < ANCHORS {
            return true;
        }
        let detail = format!("{}: more than {ANCHORS} anchors, the limit; the rest was not read", place(at));
        self.gap(Unseen::new(GapReason::OverLimit, detail).needing("a document with fewer anchors"));
        false
    }

    pub(super) fn gap(&mut self, gap: Unseen) {
        self.gaps.push(gap);
    }

    /// Ends everything that is open in a document that breaks off.
    pub(super) fn abandon(&mut self) {
        self.skipping = 0;
        while let Some(open) = self.open.last_mut() {
            if std::mem::take(&mut open.awaits) {
                self.compose.unkey();
            }
            self.end();
        }
        self.anchors.clear();
    }

    pub(super) fn finish(mut self) -> (String, Vec<Repair>, Vec<Unseen>) {
        self.abandon();
        if self.untold > 0 {
            self.repairs.push((
                String::new(),
                format!("{} more places were wrong", self.untold),
                "as in the places before",
            ));
        }
        (self.compose.finish(), self.repairs, self.gaps)
    }

    fn repair(&mut self, at: &Marker, wrong: impl Into<Cow<'static, str>>, assumed: &'static str) {
        if self.repairs.len() < REPAIRS {
            self.repairs.push((place(at), wrong.into().into_owned(), assumed));
        } else {
            self.untold += 1;
        }
    }

    /// Whether a key comes next.
    fn awaits_key(&self) -> bool {
        let last = self.open.last();
        last.is_some_and(|open| matches!(open.kind, Kind::Mapping | Kind::Root | Kind::Spliced) && !open.awaits)
    }

    fn key(&mut self, key: &str, anchor: usize) {
        let at = self.compose.key(key);
        self.anchor(anchor, at);
        self.await_value(false);
    }

    fn anchor(&mut self, anchor: usize, at: Range<usize>) {
        if anchor > 0 {
            self.anchors.insert(anchor, Written { at, nodes: 1 });
        }
    }

    fn await_value(&mut self, merges: bool) {
        if let Some(open) = self.open.last_mut() {
            (open.awaits, open.merges) = (true, merges);
        }
    }

    /// A value comes: whether it is to be merged into the mapping around it.
    fn take(&mut self) -> bool {
        self.count += 1;
        let Some(open) = self.open.last_mut() else { return false };
        open.awaits = false;
        std::mem::take(&mut open.merges) || open.kind == Kind::Merges
    }

    /// A node that says nothing, as a key or as a value.
    fn nothing(&mut self) {
        if self.awaits_key() {
            self.key(NO_KEY, 0);
        } else if !self.take() && !self.open.is_empty() {
            self.compose.token("null");
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, at: &Marker) {
        let is_plain = style == ScalarStyle::Plain && tag.is_none();
        if self.open.is_empty() {
            if !text.is_empty() {
                self.repair(at, "a document that is no mapping", "nothing");
            }
        } else if self.awaits_key() {
            if is_plain && text == "<<" {
                self.await_value(true);
                return;
            }
            self.key(text, anchor);
        } else if self.take() {
            self.repair(at, "a text where a mapping is to be merged", "nothing");
        } else {
            let is_null = tag.and_then(Tag::core_suffix) == Some("null");
            let written = if is_null || (is_plain && matches!(text, "" | "~" | "null" | "Null" | "NULL")) {
                self.compose.token("null")
            } else if is_plain && (is_number(text) || matches!(text, "true" | "false")) {
                self.compose.token(text)
            } else {
                self.compose.text(text)
            };
            self.anchor(anchor, written);
        }
    }

    fn begin(&mut self, is_mapping: bool, anchor: usize, at: &Marker) {
        if self.open.is_empty() {
            self.root(is_mapping, at);
            return;
        }
        if self.awaits_key() {
            self.repair(at, "a key that is no text", "a key that is not known here");
            self.key(NO_KEY, 0);
            self.skipping = 1;
            return;
        }
        let nodes = self.count;
        let kind = match (self.take(), is_mapping) {
            (true, true) => Kind::Spliced,
            (true, false) => Kind::Merges,
            (false, true) => Kind::Mapping,
            (false, false) => Kind::List,
        };
        let is_written = matches!(kind, Kind::Mapping | Kind::List);
        let from = if is_written { self.compose.open(is_mapping) } else { 0 };
        let anchor = (anchor > 0 && is_written).then_some((anchor, nodes));
        self.open.push(Open { kind, awaits: false, merges: false, from, anchor, merged: Vec::new() });
    }

    /// The outermost node of a document: every mapping goes on in one object.
    fn root(&mut self, is_mapping: bool, at: &Marker) {
        if !is_mapping {
            self.repair(at, "a document that is no mapping", "nothing");
            self.skipping = 1;
            return;
        }
        if self.documents == 0 {
            self.compose.open(true);
        } else {
            self.repair(at, "another document begins", "all documents, as one");
        }
        self.documents += 1;
        let (kind, from) = (Kind::Root, self.compose.len());
        self.open.push(Open { kind, awaits: false, merges: false, from, anchor: None, merged: Vec::new() });
    }

    fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        if let (Kind::Spliced | Kind::Merges, Some(around)) = (open.kind, self.open.last_mut()) {
            around.merged.extend(open.merged);
        } else if !open.merged.is_empty() {
            let merged = open.merged.iter().filter(|merged| self.may_copy(merged)).map(|merged| merged.at.clone());
            let merged: Vec<Range<usize>> = merged.collect();
            self.compose.merge(open.from, &merged);
        }
        if matches!(open.kind, Kind::Mapping | Kind::List) {
            self.compose.close();
        }
        if let Some((anchor, before)) = open.anchor {
            let nodes = self.count - before;
            self.anchors.insert(anchor, Written { at: open.from..self.compose.len(), nodes });
        }
    }

    fn alias(&mut self, anchor: usize, at: &Marker) {
        let Some(written) = self.anchors.get(&anchor).cloned() else {
            self.repair(at, "an alias inside of what it stands for", "nothing");
            return self.nothing();
        };
        if self.open.is_empty() {
            return;
        }
        let first = self.compose.first(&written.at);
        if self.awaits_key() {
            if first == Some(b'"') && self.may_copy(&written) {
                self.compose.key_again(written.at);
                self.await_value(false);
            } else {
                self.repair(at, "a key that is no text", "a key that is not known here");
                self.key(NO_KEY, 0);
            }
            return;
        }
        if self.take() {
            match self.open.last_mut() {
                Some(holder) if first == Some(b'{') => holder.merged.push(written),
                _ => self.repair(at, "a text or list where a mapping is to be merged", "nothing"),
            }
        } else if self.may_copy(&written) {
            self.compose.again(written.at);
        } else {
            self.compose.token("null");
        }
    }

    /// Whether the budget allows what is written to be written again; where not for the first time, a gap says so.
    fn may_copy(&mut self, written: &Written) -> bool {
        let was_within = self.copied <= ALIAS_NODES && self.copied_bytes <= ALIAS_BYTES;
        self.copied = self.copied.saturating_add(written.nodes);
        self.copied_bytes = self.copied_bytes.saturating_add(written.at.len());
        self.count += written.nodes;
        let is_within = self.copied <= ALIAS_NODES && self.copied_bytes <= ALIAS_BYTES;
        if was_within && !is_within {
            let detail = format!(
                "aliases stand for more than {ALIAS_NODES} nodes or {} MiB, the limit; what they stand for was not read again",
                ALIAS_BYTES >> 20
            );
            self.gap(Unseen::new(GapReason::OverLimit, detail).needing("a document without aliases"));
        }
        is_within
    }
}

/// Whether JSON would call this a number; what only YAML calls one stays a text.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    if !text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(mantissa, e)| (mantissa, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, part)| (whole, Some(part)));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}
