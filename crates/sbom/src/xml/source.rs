//! A document as text that can be read: decoded, with the entities it declares written out, and what that met.
use std::borrow::Cow;

use interdict_model::{GapReason, Sink, Unseen};

use super::doctype::{self, Prolog};
use super::expand::{self, Expanded};
use crate::encoding;

/// The text of a document, and everything that had to be said of it before its first element.
#[derive(Clone, Debug)]
pub(crate) struct Source<'b> {
    written: Cow<'b, str>,
    expanded: Option<Expanded>,
    repairs: Vec<(String, String, &'static str)>,
    gaps: Vec<Unseen>,
    notes: Vec<String>,
    /// A part of the document type declaration stands elsewhere, or is made of parameter entities.
    is_partial: bool,
}

impl<'b> Source<'b> {
    /// Decodes a document by its byte-order mark or its declaration, and writes out the entities it declares.
    pub(crate) fn of(bytes: &'b [u8]) -> Self {
        let decoded = encoding::declared(bytes);
        let mut source = Self {
            written: decoded.text,
            expanded: None,
            repairs: Vec::new(),
            gaps: Vec::new(),
            notes: Vec::new(),
            is_partial: false,
        };
        if let Some((wrong, assumed)) = decoded.repair {
            source.repairs.push((String::new(), wrong.into_owned(), assumed));
        }
        if let Some(label) = decoded.unknown {
            let detail = format!("the encoding `{label}` is not known here: what is not ASCII was not read");
            source.gaps.push(Unseen::new(GapReason::Unsupported, detail).needing("the document in UTF-8"));
        }
        let prolog = doctype::prolog(&source.written);
        source.is_partial = prolog.external.is_some() || prolog.refers;
        if prolog.at.is_some() {
            let expanded = expand::expand(&source.written, &prolog);
            let said = said(&source.written, &prolog, expanded.as_ref());
            source.expanded = expanded;
            (source.repairs, source.gaps) = ([source.repairs, said.0].concat(), [source.gaps, said.1].concat());
            source
                .notes
                .push("has a document type declaration; nothing outside of the document was fetched".to_owned());
        }
        source
    }

    pub(crate) fn text(&self) -> &str {
        self.expanded.as_ref().map_or(&self.written, |expanded| &expanded.text)
    }

    /// Whether entities may be declared where they were not looked for.
    pub(crate) fn is_partial(&self) -> bool {
        self.is_partial
    }

    /// What a reader should know of the document as a whole.
    pub(crate) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Says what was wrong before the first element.
    pub(crate) fn tell(&self, sink: &mut Sink<'_>) {
        for (pointer, wrong, assumed) in &self.repairs {
            sink.repair(pointer, wrong, *assumed);
        }
        for gap in &self.gaps {
            sink.gap(gap.clone());
        }
    }

    /// `line 3, column 7` of an offset in the text that is read, as the document has it.
    pub(crate) fn place(&self, at: usize) -> String {
        crate::json::place(&self.written, self.original(at))
    }

    /// Where in the document an offset of the text that is read comes from.
    pub(crate) fn original(&self, at: usize) -> usize {
        let Some(expanded) = &self.expanded else { return at };
        let index = expanded.pieces.partition_point(|(start, _)| *start <= at);
        let Some((start, from)) = index.checked_sub(1).and_then(|index| expanded.pieces.get(index)) else { return at };
        let next = expanded.pieces.get(index).map_or(self.written.len(), |(_, from)| *from);
        (from + (at - start)).min(next)
    }

    /// The document as it was given, decoded.
    pub(crate) fn written(&self) -> &str {
        &self.written
    }
}

type Said = (Vec<(String, String, &'static str)>, Vec<Unseen>);

fn said(text: &str, prolog: &Prolog<'_>, expanded: Option<&Expanded>) -> Said {
    let place = |at: usize| crate::json::place(text, at);
    let short = |text: &str| text.chars().take(80).collect::<String>();
    let (mut repairs, mut gaps) = (Vec::new(), Vec::new());
    for (at, what) in &prolog.ignored {
        repairs.push((place(*at), (*what).to_owned(), "the document without them"));
    }
    if prolog.is_over {
        let detail = "the document declares more than 10000 entities; the others are read as they are written";
        gaps.push(Unseen::new(GapReason::OverLimit, detail));
    }
    let Some(expanded) = expanded else { return (repairs, gaps) };
    if let Some((at, what)) = expanded.over {
        let detail = format!("{what}, first at {}; those that are too much are read as they are written", place(at));
        gaps.push(Unseen::new(GapReason::OverLimit, detail).needing("the document with its entities written out"));
    }
    for (name, (at, address, count)) in &expanded.external {
        let detail = format!(
            "the entity `{}` stands outside of the document, in `{}`, and was not fetched; {count} references, the first at {}",
            short(name),
            short(address),
            place(*at)
        );
        gaps.push(Unseen::new(GapReason::Missing, detail).needing("the document with its entities written out"));
    }
    (repairs, gaps)
}
