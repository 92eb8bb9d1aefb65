//! Where a thing is, from the input down: one printable line that parses back.
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Shared;

/// Where a thing is: `app.apk!/lib/x86/libav.so`, `bom.json#pkg:npm/openssl@1`.
///
/// A step into a container is written `!/`, a part of a document `#`. Inside a name, `%`, `#`, `!/`, control
/// characters, bidirectional overrides and bytes that are not UTF-8 are percent-encoded, so that a locator is one
/// inert line and [`Locator::steps`] gives the original bytes back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Locator(Shared);

impl Locator {
    /// The locator of an input, from its path as bytes.
    pub fn input(path: &[u8]) -> Self {
        let mut text = String::with_capacity(path.len());
        encode(path, &mut text);
        Self(text.into())
    }

    /// A locator that was written by this type before: a prefix of one, a line of a report.
    pub fn parsed(text: &str) -> Self {
        Self(text.into())
    }

    /// A member of a container, by its name in it.
    #[must_use]
    pub fn member(&self, name: &[u8]) -> Self {
        let mut text = String::with_capacity(self.0.len() + 2 + name.len());
        text.push_str(&self.0);
        text.push_str("!/");
        encode(name, &mut text);
        Self(text.into())
    }

    /// A file below a directory that is an input.
    #[must_use]
    pub fn below(&self, relative: &[u8]) -> Self {
        let mut text = String::with_capacity(self.0.len() + 1 + relative.len());
        text.push_str(&self.0);
        if !text.ends_with('/') {
            text.push('/');
        }
        encode(relative, &mut text);
        Self(text.into())
    }

    /// A part of a document: a component, a service.
    #[must_use]
    pub fn part(&self, fragment: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + 1 + fragment.len());
        text.push_str(&self.0);
        text.push('#');
        for character in fragment.chars() {
            if is_inert(character) {
                text.push(character);
            } else {
                push_escaped(character, &mut text);
            }
        }
        Self(text.into())
    }

    /// The locator as the one line it is.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The artifact this is part of: the locator without a `#` fragment.
    pub fn artifact(&self) -> &str {
        self.0.split_once('#').map_or(self.as_str(), |(artifact, _)| artifact)
    }

    /// The part after `#`, where there is one.
    pub fn fragment(&self) -> Option<&str> {
        self.0.split_once('#').map(|(_, fragment)| fragment)
    }

    /// The chain of custody: the input's path and each member name, decoded to the bytes they stand for.
    pub fn steps(&self) -> Vec<Vec<u8>> {
        self.artifact().split("!/").map(decode).collect()
    }

    /// The last name in the chain: what the artifact itself is called, still encoded.
    pub fn name(&self) -> &str {
        let artifact = self.artifact();
        let last = artifact.rsplit_once("!/").map_or(artifact, |(_, member)| member);
        last.rsplit_once('/').map_or(last, |(_, name)| name)
    }

    /// How many containers deep it lies; 0 for a file on disk.
    pub fn depth(&self) -> usize {
        self.artifact().matches("!/").count()
    }
}

impl fmt::Display for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Characters that change how a line is shown without being seen: C0, C1, separators, bidirectional and invisible ones.
fn is_inert(character: char) -> bool {
    !(character.is_control()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'))
}

fn push_escaped(character: char, out: &mut String) {
    let mut buffer = [0; 4];
    for byte in character.encode_utf8(&mut buffer).bytes() {
        push_byte(byte, out);
    }
}

fn push_byte(byte: u8, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    for nibble in [byte >> 4, byte & 15] {
        out.push(char::from(*HEX.get(usize::from(nibble)).unwrap_or(&b'0')));
    }
}

fn encode(name: &[u8], out: &mut String) {
    for chunk in name.utf8_chunks() {
        let mut rest = chunk.valid().chars().peekable();
        while let Some(character) = rest.next() {
            let opens_a_container = character == '!' && rest.peek() == Some(&'/');
            if matches!(character, '%' | '#') || opens_a_container || !is_inert(character) {
                push_escaped(character, out);
            } else {
                out.push(character);
            }
        }
        // A name that ends in `!` would join the next separator.
        for byte in chunk.invalid() {
            push_byte(*byte, out);
        }
    }
    if out.ends_with('!') {
        out.pop();
        push_byte(b'!', out);
    }
}

fn decode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let mut ahead = bytes.clone();
            let pair = (ahead.next().and_then(nibble), ahead.next().and_then(nibble));
            if let (Some(high), Some(low)) = pair {
                out.push(high << 4 | low);
                bytes = ahead;
                continue;
            }
        }
        out.push(byte);
    }
    out
}

fn nibble(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_as_a_chain_of_custody() {
        let locator = Locator::input(b"app.apk").member(b"lib/x86/libav.so");
        assert_eq!(locator.as_str(), "app.apk!/lib/x86/libav.so");
        assert_eq!((locator.name(), locator.depth()), ("libav.so", 1));
        let component = Locator::input(b"bom.json").part("pkg:npm/openssl@1");
        assert_eq!(component.as_str(), "bom.json#pkg:npm/openssl@1");
        assert_eq!(component.artifact(), "bom.json");
        assert_eq!(component.fragment(), Some("pkg:npm/openssl@1"));
    }

    #[test]
    fn hostile_names_are_inert() {
        let locator = Locator::input(b"a#b!/c\x1b[31m\xff%\n\xe2\x80\xae!");
        assert_eq!(locator.as_str(), "a%23b%21/c%1B[31m%FF%25%0A%E2%80%AE%21");
    }

    proptest! {
        #[test]
        fn parses_back(names in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..20), 1..4)) {
            let mut locator = Locator::input(&names[0]);
            for name in &names[1..] {
                locator = locator.member(name);
            }
            prop_assert_eq!(locator.steps(), names);
            prop_assert!(locator.as_str().chars().all(|c| !c.is_control()));
        }
    }
}
