//! CycloneDX in the protobuf text format: written as the wire format says it, and read as that.
mod encode;
mod token;

use interdict_model::{Head, Malformed, Mark, Observer, Sink, Source, Technique};

use self::encode::Encoder;
use self::token::{Token, Tokens};
use super::cyclonedx_protobuf;
use crate::encoding::{self, Look};
use crate::json::Json;
use crate::protobuf::Message;
use crate::reading::malformed;

pub(crate) const ENTRY: Observer = Observer {
    id: "cyclonedx-textproto",
    revision: 1,
    title: "CycloneDX protobuf text 1.3–1.7",
    limitations: &[
        "A place is a pointer into the JSON form of the document; what is wrong in the text is told by its line.",
        "Extensions are passed over.",
        "Messages nested more than 512 deep are a gap.",
        "Everything else is as for CycloneDX JSON.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    let look = Look::at(head);
    // The first token decides for nearly everything; a name that a BOM begins with is looked into.
    let may_begin = |first: &u8| first.is_ascii_lowercase() || matches!(first, b'#' | b'\r' | b'\n');
    look.text().first().is_some_and(may_begin)
        && may_be_bom(look.text())
        && look.holds(Mark::SpecVersionInProto)
        && is_bom(&String::from_utf8_lossy(look.text()))
}

/// Whether the first name is one of a BOM's fields; behind a long comment it may be anything. No large archive is made into text
/// only to see this.
fn may_be_bom(text: &[u8]) -> bool {
    let head = String::from_utf8_lossy(text.get(..text.len().min(4096)).unwrap_or_default());
    !matches!(Tokens::new(&head).next(), Ok(Token::Name(name)) if Message::Bom.named(name).is_none())
}

/// Whether the text is fields of a BOM, up to one that says its version.
fn is_bom(text: &str) -> bool {
    let mut tokens = Tokens::new(text);
    let mut depth = 0_usize;
    loop {
        match tokens.next() {
            Ok(Token::Name(name)) if depth == 0 => {
                let Some(field) = Message::Bom.named(name) else { return false };
                let is_assigned = matches!(tokens.sign(), Some(b':' | b'{' | b'<' | b'['));
                if field.number == 1 {
                    return is_assigned
                        && matches!((tokens.next(), tokens.next()), (_, Ok(Token::Text(text))) if text.starts_with(b"1."));
                }
                if !is_assigned {
                    return false;
                }
            }
            Ok(Token::Sign(b'{' | b'<' | b'[')) => depth += 1,
            Ok(Token::Sign(b'}' | b'>' | b']')) if depth > 0 => depth -= 1,
            Ok(Token::Sign(b':' | b',' | b';') | Token::Text(_) | Token::Number(_) | Token::Name(_)) => {}
            _ => return false,
        }
    }
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    if !accepts(&source.head()) {
        return Err(Malformed::NotThis);
    }
    let decoded = encoding::decode(source.bytes);
    if let Some((wrong, assumed)) = decoded.repair {
        sink.repair("", wrong, assumed);
    }
    let mut encoder = Encoder::new(&decoded.text, sink);
    let told = encoder.run();
    let (wire, ledger) = (std::mem::take(&mut encoder.out), std::mem::take(&mut encoder.ledger));
    cyclonedx_protobuf::read(&wire, ledger, sink)?;
    told.map_err(|fault| malformed(&Json::new(&decoded.text), fault))
}

#[cfg(test)]
mod tests;
