//! Lists of installed packages: Alpine's `lib/apk/db/installed`, pacman's `desc` and `files`.
use interdict_model::{Declared, FactKind, Part, Scope, Sink};

use super::{needs, tell_package};
use crate::fields::{Value, lines, person_of};

/// A letter and a colon before each value; packages parted by empty lines.
pub(super) fn alpine(bytes: &[u8], sink: &mut Sink<'_>) {
    let (mut fields, mut number) = (Vec::new(), 0);
    for (at, line) in lines(bytes).chain([(bytes.len(), b"".as_slice())]) {
        match line {
            [] => {
                package(&fields, number, sink);
                number += 1;
                fields.clear();
            }
            [letter, b':', ..] => fields.push((*letter, Value::new(bytes, at + 2, at + line.len()))),
            _ => sink.repair(format!("offset {at:#x}"), "a line that is no field", "it was passed over"),
        }
    }
}

fn package(fields: &[(u8, Value<'_>)], number: usize, sink: &mut Sink<'_>) {
    let get = |letter| fields.iter().find(|(key, _)| *key == letter).map(|(_, value)| value);
    let Some(name) = get(b'P') else { return };
    let pointer = format!("/packages/{number}");
    let on = sink.component(&Declared {
        pointer: &pointer,
        reference: &name.text,
        name: &name.text,
        version: get(b'V').map(|value| &*value.text),
        supplier: get(b'm').map(|value| person_of(&value.text)),
        ..Declared::default()
    });
    let mut folder = String::new();
    for (key, value) in fields {
        match key {
            b'P' => value.tell(on, FactKind::PackageName, sink),
            b'V' => value.tell(on, FactKind::Version, sink),
            b'U' => value.tell(on, FactKind::Url, sink),
            b'm' => value.tell_people(on, FactKind::Supplier, sink),
            b'o' if value.text != name.text => value.tell(on, FactKind::PackageName, sink),
            b'p' => each(value, &mut |one| tell_package(on, one, sink)),
            b'F' => folder = value.text.to_string(),
            b'R' => sink.fact_on(on, FactKind::OwnedPath, &format!("/{folder}/{}", value.text), value.at()),
            b'D' => {
                let mut needed = 0;
                each(value, &mut |one| {
                    needs(&name.text, &format!("{pointer}/depends/{needed}"), Scope::Required, one, sink);
                    needed += 1;
                });
            }
            _ => {}
        }
    }
}

fn each(list: &Value<'_>, found: &mut dyn FnMut(&Value<'_>)) {
    for one in list.text.split_whitespace() {
        found(&Value { text: one.into(), ..list.clone() });
    }
}

/// A heading between percent signs, then values, a line each, up to an empty line.
pub(super) fn pacman(bytes: &[u8], sink: &mut Sink<'_>) {
    let (mut heading, mut name, mut needed) = (String::new(), String::new(), 0);
    for (at, line) in lines(bytes) {
        let value = Value::new(bytes, at, at + line.len());
        if let Some(inner) = line.strip_prefix(b"%").and_then(|line| line.strip_suffix(b"%")) {
            heading = String::from_utf8_lossy(inner).into_owned();
            continue;
        }
        match heading.as_str() {
            "NAME" if !value.text.is_empty() => {
                value.tell(Part::WHOLE, FactKind::PackageName, sink);
                name = value.text.to_string();
            }
            "VERSION" => value.tell(Part::WHOLE, FactKind::Version, sink),
            "URL" => value.tell(Part::WHOLE, FactKind::Url, sink),
            "PACKAGER" => value.tell_people(Part::WHOLE, FactKind::Publisher, sink),
            "BASE" if *value.text != name => value.tell(Part::WHOLE, FactKind::PackageName, sink),
            "PROVIDES" => tell_package(Part::WHOLE, &value, sink),
            "FILES" if !value.text.is_empty() && !value.text.ends_with('/') => {
                sink.fact(FactKind::OwnedPath, &format!("/{}", value.text), value.at());
            }
            "DEPENDS" | "OPTDEPENDS" => {
                let scope = if heading == "DEPENDS" { Scope::Required } else { Scope::Optional };
                needs(&name, &format!("/depends/{needed}"), scope, &value, sink);
                needed += 1;
            }
            _ => {}
        }
    }
}
