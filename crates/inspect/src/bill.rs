//! Lists of what a program was built from, which some compilers leave inside it: told as components of the program.
mod cargo;
mod go;

use interdict_model::{At, Declared, FactKind, Part, Scope, Sink};

pub(crate) use self::cargo::observe as cargo;
pub(crate) use self::go::{find as find_go, observe as go};

/// One package or module that went into a program.
struct Ingredient<'a> {
    pointer: &'a str,
    reference: &'a str,
    name: &'a str,
    version: Option<&'a str>,
    purl: Option<&'a str>,
    scope: Scope,
    is_subject: bool,
}

/// Declares it, and states its name, its version and its package URL on it.
fn tell(one: &Ingredient<'_>, at: At<'_>, sink: &mut Sink<'_>) -> Part {
    let part = sink.component(&Declared {
        pointer: one.pointer,
        reference: one.reference,
        name: one.name,
        version: one.version,
        purl: one.purl,
        scope: one.scope,
        is_subject: one.is_subject,
        ..Declared::default()
    });
    sink.fact_on(part, FactKind::Name, one.name, at);
    for (kind, value) in [(FactKind::Version, one.version), (FactKind::Purl, one.purl)] {
        sink.fact_on(part, kind, value.unwrap_or_default(), at);
    }
    part
}
