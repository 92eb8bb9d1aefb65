//! References that lead to no component of their document, told as what they name themselves.
use interdict_model::{At, FactKind, GapReason, Receiver as _, Unseen};

use super::Record;

impl Record<'_> {
    /// Says what the document refers to and does not declare, where a rule may ask for it.
    pub(crate) fn tell_references(&mut self) {
        let Some((by, _)) = self.document.as_ref() else { return };
        let by = *by;
        let pointer = if by.starts_with("cyclonedx") { "/dependencies" } else { "/relationships" };
        let (loose, is_all) = self.graph.loose();
        if !is_all {
            let detail = "the document refers to very many things that it does not declare; some were not looked at";
            self.gap(by, Unseen::new(GapReason::OverLimit, detail).needing("a run with the ways left in"));
        }
        for reference in loose {
            let (kind, value) = named(&reference);
            if !self.all_evidence && !self.pack.may_meet(kind, &value, true) {
                continue;
            }
            let (lines, part) = (self.met.len(), self.graph.add_loose(&reference, pointer));
            self.fact(by, part, kind, &value, At::Pointer(pointer, ""));
            if self.met.len() > lines {
                let wrong = format!("`{}` is referred to, and no component", shown(&reference));
                self.repair(by, pointer.to_owned(), wrong, "a component of that name".to_owned());
            }
        }
    }
}

/// What a reference says of what it refers to; of one into another BOM, the part behind the document's own name.
fn named(reference: &str) -> (FactKind, String) {
    let within = match reference.split_once('#') {
        Some((document, within)) if document.starts_with("urn:cdx:") => decoded(within),
        _ => reference.to_owned(),
    };
    if within.starts_with("pkg:") {
        return (FactKind::Purl, within);
    }
    if within.starts_with("cpe:") {
        return (FactKind::Cpe, within);
    }
    let name = within.rsplit_once('@').map(|(name, _)| name).filter(|name| !name.is_empty());
    (FactKind::Name, name.unwrap_or(&within).to_owned())
}

fn shown(reference: &str) -> String {
    const SHOWN: usize = 100;
    reference.chars().take(SHOWN).collect()
}

/// With what is written as `%3A` written out.
fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|_| *byte == b'%');
        out.push(code.unwrap_or(*byte));
        rest = if code.is_some() { behind.get(2..).unwrap_or_default() } else { behind };
    }
    String::from_utf8_lossy(&out).into_owned()
}
