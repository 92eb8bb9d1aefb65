//! The keys of one object, remembered to tell those that stand twice.
use std::borrow::Cow;

/// Keys that need no room of their own, and keys that are remembered at all.
const FEW: usize = 8;
const MOST: usize = 64;

/// Keys that were met.
#[derive(Debug, Default)]
pub(crate) struct Keys<'a> {
    few: [&'a str; FEW],
    count: usize,
    more: Vec<Cow<'a, str>>,
}

impl<'a> Keys<'a> {
    /// Whether this key was met before in its object; of an object with very many keys, among the first of them.
    #[inline]
    pub(crate) fn again(&mut self, key: Cow<'a, str>) -> bool {
        let few = self.few.get(..self.count).unwrap_or_default();
        if few.contains(&&*key) || self.more.contains(&key) {
            return true;
        }
        match (&key, self.few.get_mut(self.count)) {
            (Cow::Borrowed(text), Some(free)) => {
                *free = text;
                self.count += 1;
            }
            _ if self.more.len() < MOST => self.more.push(key),
            _ => {}
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_met_is_met_again() {
        let texts: Vec<String> = (0..100).map(|n| format!("key{n}")).collect();
        let mut keys = Keys::default();
        for (n, text) in texts.iter().enumerate() {
            let key = if n % 3 == 0 { Cow::Owned(text.clone()) } else { Cow::Borrowed(text.as_str()) };
            assert!(!keys.again(key), "{text}");
        }
        assert!(texts.iter().take(MOST).all(|text| keys.again(Cow::Borrowed(text))));
        assert!(!Keys::default().again(Cow::Borrowed("")));
    }
}
