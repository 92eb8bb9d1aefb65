//! Texts as numbers: each text is kept once, however often a document refers to it.
use std::hash::{BuildHasher as _, RandomState};

/// No text, no node.
pub(super) const NONE: u32 = u32::MAX;

/// An interner over one arena.
#[derive(Debug)]
pub(super) struct Names {
    text: String,
    ends: Vec<u32>,
    /// Open addressing by linear probing: a part of the text's hash, and its number.
    slots: Vec<(u32, u32)>,
    /// A random key keeps crafted texts from clustering.
    key: [u64; 2],
}

impl Default for Names {
    fn default() -> Self {
        let keys = RandomState::new();
        // The hash multiplies by it: a number with bits set all over, and odd.
        let key = [keys.hash_one(0_u8) | 1, keys.hash_one(1_u8) | 1];
        Self { text: String::new(), ends: Vec::new(), slots: Vec::new(), key }
    }
}

impl Names {
    /// Whether this is the number of this text.
    #[inline]
    pub(super) fn is(&self, guess: u32, text: &str) -> bool {
        (guess as usize) < self.ends.len() && self.get(guess) == text
    }

    /// The number of this text, new or known; [`NONE`] once the arena is full.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if (self.ends.len() + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let (tag, mut at) = self.home(text);
        loop {
            let Some((has, slot)) = self.slots.get(at).copied() else { return NONE };
            if slot == NONE {
                break;
            }
            if has == tag && self.get(slot) == text {
                return slot;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        let (Ok(number), Ok(end)) = (u32::try_from(self.ends.len()), u32::try_from(self.text.len() + text.len()))
        else {
            return NONE;
        };
        self.text.push_str(text);
        self.ends.push(end);
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = (tag, number);
        }
        number
    }

    #[inline]
    pub(super) fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(at).copied().unwrap_or(start);
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// What tells a text from nearly all others, and where it belongs.
    #[inline]
    fn home(&self, text: &str) -> (u32, usize) {
        let hash = hash(text.as_bytes(), self.key);
        (u32::try_from(hash >> 32).unwrap_or(0), usize::try_from(hash & self.mask()).unwrap_or(0))
    }

    fn mask(&self) -> u64 {
        (self.slots.len() as u64).saturating_sub(1)
    }

    fn grow(&mut self) {
        self.slots = vec![(0, NONE); (self.slots.len() * 2).max(64)];
        for number in 0..self.ends.len() {
            let number = u32::try_from(number).unwrap_or(NONE);
            let (tag, mut at) = self.home(self.get(number));
            while self.slots.get(at).is_some_and(|(_, slot)| *slot != NONE) {
                at = (at + 1) & (self.slots.len() - 1);
            }
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = (tag, number);
            }
        }
    }
}

/// A keyed hash, eight bytes at a time: each step multiplies to twice the width and folds the halves, as wyhash does.
#[inline]
fn hash(text: &[u8], key: [u64; 2]) -> u64 {
    let [first, second] = key;
    let fold = |a: u64, b: u64| {
        let wide = u128::from(a) * u128::from(b);
        #[expect(clippy::cast_possible_truncation, reason = "the halves of a product")]
        {
            wide as u64 ^ (wide >> 64) as u64
        }
    };
    let mut state = first ^ text.len() as u64;
    let (chunks, rest) = text.as_chunks::<8>();
    for chunk in chunks {
        state = fold(state ^ u64::from_le_bytes(*chunk), second);
    }
    let last = rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    fold(fold(state ^ last, second), first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_a_text() {
        let mut names = Names::default();
        let texts: Vec<String> = (0..5000).map(|n| format!("pkg:npm/{}@1", n % 1250)).collect();
        let numbers: Vec<u32> = texts.iter().map(|text| names.number(text)).collect();
        assert_eq!(names.len(), 1250);
        for (text, number) in texts.iter().zip(&numbers) {
            assert_eq!(names.get(*number), text);
        }
        assert_eq!(names.number(""), 1250);
        assert_eq!(names.get(1250), "");
        assert_eq!(names.get(NONE), "");
    }
}
