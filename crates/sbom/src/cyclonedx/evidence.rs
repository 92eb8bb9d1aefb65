//! What evidence for a component states, whatever it is written in.
use std::borrow::Cow;

use interdict_model::FactKind;

use super::identity;
use super::words::{FIELDS, TECHNIQUES};
use crate::draft::{Draft, Path};

/// An identity that somebody claims, by the field it stands for.
pub(crate) fn claim<'a>(draft: &mut Draft<'a>, field: &str, claim: Cow<'a, str>, path: Path) {
    match &*FIELDS.said(field) {
        "hash" => digest(draft, claim, path),
        field => {
            if let Some(kind) = identity(field) {
                draft.state(kind, claim, path);
            }
        }
    }
}

/// What an identity was found out by: a file's name, a digest, a place.
pub(crate) fn method<'a>(draft: &mut Draft<'a>, technique: Option<&str>, value: Cow<'a, str>, path: &Path) {
    match technique.map(|written| TECHNIQUES.said(written)).as_deref() {
        Some("filename") => draft.placed(value, path),
        Some("hash-comparison") => digest(draft, value, path.clone()),
        _ => draft.linked(value, path),
    }
}

/// A digest that does not say of which algorithm it is: its length does.
fn digest<'a>(draft: &mut Draft<'a>, value: Cow<'a, str>, path: Path) {
    let kind = match value.len() {
        32 => FactKind::Md5,
        40 => FactKind::Sha1,
        64 => FactKind::Sha256,
        _ => return,
    };
    if value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        draft.state(kind, value, path);
    }
}

/// A field of a call on the way to the component, where it states something.
pub(crate) fn frame_field(name: &str) -> Option<&'static str> {
    Some(match name {
        "package" => "/package",
        "module" => "/module",
        "function" => "/function",
        "fullFilename" | "full_filename" => "/fullFilename",
        _ => return None,
    })
}

/// Whose code was called, by what name, and from which file.
pub(crate) fn frame<'a>(draft: &mut Draft<'a>, field: &'static str, word: Cow<'a, str>, index: usize) {
    let path = Path::Item("/evidence/callstack/frames", index, field);
    match field {
        // Classes are written with slashes, whatever their language joins them with.
        "/package" => draft.state(FactKind::ReferencedClass, Cow::Owned(word.replace('.', "/")), path),
        "/function" => draft.state(FactKind::UndefinedSymbol, word, path),
        "/module" => draft.state(FactKind::FileName, word, path),
        _ => draft.placed(word, &path),
    }
}
