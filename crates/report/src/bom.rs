//! CycloneDX in both encodings: the input's own BOM with what was found added to it, else a new one of what was found.
mod carried;
mod component;
pub(crate) mod edit;
mod found;
mod inert_xml;
mod layout;
mod markup;
mod object;
mod objects;
mod original;
mod plan;
pub(crate) mod pretty;
mod protobuf;
mod shapes;
mod splice;
mod tree;
mod waiver;

use std::io;

use interdict_model::Report;

pub(crate) use component::purl;
pub(crate) use original::text;
pub use original::{Ask, MOST, Original, original};
pub(crate) use waiver::is_settled;

use self::carried::Carried;
use crate::inert_json;
use crate::view::View;

/// The editions that are written, the one nobody asked for first.
pub(crate) const EDITIONS: &[&str] = &["1.6", "1.7"];

/// The encodings as inputs' formats are called: the two that are written upon and carried over into one another, the one that is
/// carried over into both, and one of which it can be said that it is not.
pub(crate) const ENCODINGS: &[&str] = &[JSON, XML, PROTOBUF, "cyclonedx-textproto"];
const JSON: &str = "cyclonedx-json";
const XML: &str = "cyclonedx-xml";
const PROTOBUF: &str = "cyclonedx-protobuf";

pub(crate) fn json(report: &Report, ask: &Ask<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let view = View::of(report);
    let why = match Carried::of(report, ask, JSON) {
        Ok(carried) => match object::Document::of(&carried, &view, ask) {
            Ok(document) => return document.write(out),
            Err(why) => why,
        },
        Err(why) => why,
    };
    inert_json::pretty(&found::document(&view, ask.edition(), &why)?, out)
}

pub(crate) fn xml(report: &Report, ask: &Ask<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let view = View::of(report);
    let why = match Carried::of(report, ask, XML) {
        Ok(carried) => match splice::Document::of(&carried, &view, ask) {
            Ok(document) => return document.write(out),
            Err(why) => why,
        },
        Err(why) => why,
    };
    markup::document(&found::document(&view, ask.edition(), &why)?, ask.edition(), out)
}

/// The edition to write upon a document of this one: what was asked for, else its own, and never an older one.
fn edition(stated: &str, asked: Option<&str>) -> Result<&'static str, String> {
    let order = ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];
    let place = |edition: &str| order.iter().position(|known| *known == edition);
    let Some(own) = place(stated) else {
        return Err(format!("it states edition `{}`, which is not known here", crate::inert::brief(stated, 20)));
    };
    let least = asked.and_then(place).unwrap_or(0);
    if asked.is_some() && own > least {
        return Err(format!("it is of edition {stated}, and an older one was asked for"));
    }
    let wanted = own.max(least);
    Ok(EDITIONS.iter().copied().find(|edition| place(edition) >= Some(wanted)).unwrap_or("1.7"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_edition_goes_down() {
        for (stated, asked, want) in [
            ("1.0", None, Ok("1.6")),
            ("1.6", None, Ok("1.6")),
            ("1.7", None, Ok("1.7")),
            ("1.4", Some("1.7"), Ok("1.7")),
            ("1.7", Some("1.6"), Err(())),
            ("1.8", None, Err(())),
            ("", Some("1.6"), Err(())),
        ] {
            assert_eq!(edition(stated, asked).map_err(|_| ()), want, "{stated} {asked:?}");
        }
    }
}
