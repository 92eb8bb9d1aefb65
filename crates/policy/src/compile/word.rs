//! The checks that single values pass: ids, instants, intervals, words of a vocabulary, sentences.
use std::collections::BTreeSet;

use interdict_model::Instant;
use toml::Spanned;

use crate::error::Faults;
use crate::regime::Interval;
use crate::{sentence, vocabulary};

pub(crate) fn intervals(source: &[Spanned<Vec<Spanned<String>>>], faults: &mut Faults<'_>) -> Vec<Interval> {
    let mut intervals: Vec<Interval> = Vec::new();
    for pair in source {
        let ends: Vec<_> = pair.as_ref().iter().map(|end| instant(end, faults)).collect();
        let (from, until) = match ends.as_slice() {
            [Some(from)] => (*from, None),
            [Some(from), Some(until)] => (*from, Some(*until)),
            [None] | [None, _] | [_, None] => continue,
            _ => {
                faults.at(pair.span(), "an interval is `[from]` or `[from, until]`");
                continue;
            }
        };
        if until.is_some_and(|until| until <= from) {
            faults.at(pair.span(), "an interval ends after it begins");
        }
        if intervals.last().is_some_and(|last| last.until.is_none_or(|end| end > from)) {
            faults.at(pair.span(), "intervals stand in order and do not overlap");
        }
        intervals.push(Interval { from, until });
    }
    intervals
}

/// An instant of law states its clock time and offset; a bare date would leave both to the reader.
pub(crate) fn instant(text: &Spanned<String>, faults: &mut Faults<'_>) -> Option<Instant> {
    let parsed = text.as_ref().contains('T').then(|| text.as_ref().parse().ok()).flatten();
    if parsed.is_none() {
        let message =
            format!("`{}` is no instant with clock time and offset, `2024-09-29T00:00:00-04:00`", text.as_ref());
        faults.at(text.span(), message);
    }
    parsed
}

pub(crate) fn words(
    kind: &str,
    vocabulary: &[(&str, &str)],
    source: &[Spanned<String>],
    faults: &mut Faults<'_>,
) -> Vec<String> {
    for word in source {
        if let Some(message) = vocabulary::unknown(kind, vocabulary, word.as_ref()) {
            faults.at(word.span(), message);
        }
    }
    source.iter().map(|word| word.as_ref().clone()).collect()
}

pub(crate) fn filled(value: &Spanned<String>, key: &str, faults: &mut Faults<'_>) {
    if value.as_ref().trim().is_empty() {
        faults.at(value.span(), format!("`{key}` is empty"));
    }
}

pub(crate) fn identifier(id: &Spanned<String>, faults: &mut Faults<'_>) {
    let text = id.as_ref();
    let kebab = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if text.is_empty() || !text.bytes().all(kebab) || text.starts_with('-') || text.ends_with('-') {
        faults.at(id.span(), format!("`{text}` is no kebab-case id"));
    }
}

pub(crate) fn unique(id: &Spanned<String>, ids: &mut BTreeSet<String>, faults: &mut Faults<'_>) {
    if !ids.insert(id.as_ref().clone()) {
        faults.at(id.span(), format!("`{}` is used twice in this regime", id.as_ref()));
    }
}

pub(crate) fn template(text: &Spanned<String>, faults: &mut Faults<'_>) {
    filled(text, "because", faults);
    if let Some(unknown) = sentence::unknown_slot(text.as_ref()) {
        faults.at(text.span(), format!("`{unknown}` is no slot of a sentence\nhint: the only one is `{{entity}}`"));
    }
}
