//! Text that many hold: one allocation for all who say the same.
use std::borrow::{Borrow, Cow};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Text that is cheap to hand on. Read from a document, it is shared with the same text read before, where that is near.
#[derive(Clone, Eq)]
pub struct Shared(Arc<str>);

/// How many texts that were read are remembered, and how long they may be: what a hostile document can make us keep.
const REMEMBERED: usize = 1 << 10;
const LONGEST: usize = 1 << 9;

thread_local! {
    static READ: RefCell<Vec<Option<Shared>>> = const { RefCell::new(Vec::new()) };
}

impl Shared {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same text as one that was read lately, or a new one.
    fn read(text: &str) -> Self {
        if text.len() > LONGEST {
            return text.into();
        }
        READ.with_borrow_mut(|read| {
            if read.is_empty() {
                read.resize(REMEMBERED, None);
            }
            let Some(slot) = read.get_mut(slot(text)) else { return text.into() };
            match slot {
                Some(known) if known.as_str() == text => known.clone(),
                _ => slot.insert(text.into()).clone(),
            }
        })
    }
}

/// Where a text is remembered: all of its bytes count, eight at a time.
fn slot(text: &str) -> usize {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let (eights, rest) = text.as_bytes().as_chunks::<8>();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let words = eights.iter().chain([&last]).map(|eight| u64::from_le_bytes(*eight));
    let mixed = words.fold(text.len() as u64, |mixed, word| (mixed.rotate_left(5) ^ word).wrapping_mul(ODD));
    usize::try_from(mixed >> 54).unwrap_or_default()
}

impl Default for Shared {
    fn default() -> Self {
        "".into()
    }
}

impl Deref for Shared {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Shared {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Shared {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Shared {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Shared {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl PartialOrd for Shared {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Shared {
    fn cmp(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.0, &other.0) { Ordering::Equal } else { self.0.cmp(&other.0) }
    }
}

impl Hash for Shared {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl PartialEq<str> for Shared {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Shared {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl Serialize for Shared {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Shared {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Shared;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Shared, E> {
                Ok(Shared::read(text))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl JsonSchema for Shared {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_is_shared() {
        let long = "l".repeat(LONGEST + 1);
        let text = serde_json::to_string(&["a", "", "a", "12345678", "123456789", "12345678", &long, &long]).unwrap();
        let read: Vec<Shared> = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        let is_one = |a: usize, b: usize| Arc::ptr_eq(&read[a].0, &read[b].0);
        assert!(is_one(0, 2) && is_one(3, 5) && !is_one(6, 7));
        assert!(serde_json::from_str::<Shared>("1").is_err());
    }

    #[test]
    fn texts_in_one_place_take_turns() {
        let texts: Vec<String> = (0..8 * REMEMBERED).map(|at| format!("text {at}")).collect();
        for _ in 0..2 {
            assert!(texts.iter().all(|text| Shared::read(text) == text.as_str()));
        }
        READ.with_borrow(|read| assert_eq!(read.len(), REMEMBERED));
    }
}
