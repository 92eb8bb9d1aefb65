//! What the fields of CycloneDX's protobuf messages are: numbers, names and kinds.
use crate::cyclonedx::words::Words;

/// One field of a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) number: u32,
    /// The name in the JSON form.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Text,
    Texts,
    Number,
    Flag,
    Word(&'static Words),
    /// `google.protobuf.Timestamp`, a text in JSON.
    Time,
    One(Message),
    Many(Message),
    /// Known, and never read.
    Aside,
}

impl Field {
    /// Whether it may stand more than once, and is a list in JSON.
    pub(crate) const fn is_list(&self) -> bool {
        matches!(self.kind, Kind::Texts | Kind::Many(_))
    }
}

const fn field(number: u32, name: &'static str, kind: Kind) -> Field {
    Field { number, name, kind }
}
const fn text(number: u32, name: &'static str) -> Field {
    field(number, name, Kind::Text)
}
const fn texts(number: u32, name: &'static str) -> Field {
    field(number, name, Kind::Texts)
}
const fn number(number: u32, name: &'static str) -> Field {
    field(number, name, Kind::Number)
}
const fn flag(number: u32, name: &'static str) -> Field {
    field(number, name, Kind::Flag)
}
const fn time(number: u32, name: &'static str) -> Field {
    field(number, name, Kind::Time)
}
const fn aside(number: u32, name: &'static str) -> Field {
    field(number, name, Kind::Aside)
}
const fn word(number: u32, name: &'static str, words: &'static Words) -> Field {
    field(number, name, Kind::Word(words))
}
const fn one(number: u32, name: &'static str, message: Message) -> Field {
    field(number, name, Kind::One(message))
}
const fn many(number: u32, name: &'static str, message: Message) -> Field {
    field(number, name, Kind::Many(message))
}

macro_rules! messages {
    ($($message:ident { $($field:expr),* $(,)? })*) => {
        /// A message of the schema.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Message { $($message,)* }

        impl Message {
            /// Every message that is read.
            #[cfg(test)]
            pub(crate) const ALL: &'static [Self] = &[$(Self::$message,)*];

            /// Its fields, by number.
            pub(crate) const fn fields(self) -> &'static [Field] {
                match self { $(Self::$message => const { &[$($field,)*] },)* }
            }
        }
    };
}

mod table;

pub(crate) use table::Message;

impl Message {
    pub(crate) fn numbered(self, number: u32) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.number == number)
    }

    /// The field of this name, in the spelling of the schema or of either JSON form.
    pub(crate) fn named(self, name: &str) -> Option<&'static Field> {
        let is_value = name == "value";
        self.fields().iter().find(|field| same(field.name, name) || (is_value && field.name == "content"))
    }
}

/// Whether two spellings of a field's name are one: `bom_ref`, `bomRef` and `bom-ref`.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let bare = |name| str::bytes(name).filter(|byte| !matches!(byte, b'_' | b'-'));
    bare(one).map(|byte| byte.to_ascii_lowercase()).eq(bare(other).map(|byte| byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_single_and_numbers_fit_a_set() {
        for message in Message::ALL {
            let fields = message.fields();
            for (index, field) in fields.iter().enumerate() {
                assert!((1..64).contains(&field.number), "{message:?} {field:?}");
                let others = &fields[index + 1..];
                assert!(others.iter().all(|other| other.number != field.number && !same(other.name, field.name)));
            }
        }
    }

    #[test]
    fn fields_answer_to_every_spelling() {
        for name in ["bom_ref", "bomRef", "bom-ref"] {
            assert_eq!(Message::Component.named(name).unwrap().number, 3);
        }
        assert_eq!(Message::Hash.named("value").unwrap().name, "content");
        assert_eq!(Message::Service.named("x_trust_boundary").unwrap().number, 9);
        assert!(Message::Component.named("vendor").is_none());
    }
}
