//! Texts as numbers: each text is kept once, however often a document refers to it.
use std::hash::{BuildHasher as _, RandomState};

/// No text, no node.
pub(super) const NONE: u32 = u32::MAX;

/// An interner over one arena.
#[derive(Debug, Default)]
pub(super) struct Names {
    text: String,
    ends: Vec<u32>,
    /// Open addressing by linear probing; a random key keeps crafted texts from clustering.
    slots: Vec<u32>,
    keys: RandomState,
}

impl Names {
    /// The number of this text, new or known; [`NONE`] once the arena is full.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if (self.ends.len() + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let mut at = self.home(text);
        loop {
            let Some(slot) = self.slots.get(at).copied() else { return NONE };
            if slot == NONE {
                break;
            }
            if self.get(slot) == text {
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
            *slot = number;
        }
        number
    }

    pub(super) fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(at).copied().unwrap_or(start);
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    fn home(&self, text: &str) -> usize {
        usize::try_from(self.keys.hash_one(text) & (self.slots.len() as u64).saturating_sub(1)).unwrap_or(0)
    }

    fn grow(&mut self) {
        self.slots = vec![NONE; (self.slots.len() * 2).max(64)];
        for number in 0..self.ends.len() {
            let number = u32::try_from(number).unwrap_or(NONE);
            let mut at = self.home(self.get(number));
            while self.slots.get(at).is_some_and(|slot| *slot != NONE) {
                at = (at + 1) & (self.slots.len() - 1);
            }
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = number;
            }
        }
    }
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
