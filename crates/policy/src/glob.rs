//! A pattern over a locator: `*` any run, `?` one character, all else as it stands.

/// A pattern, as the user wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    pattern: String,
}

impl From<&str> for Glob {
    fn from(pattern: &str) -> Self {
        Self::new(pattern)
    }
}

impl Glob {
    /// Every text is a pattern.
    pub fn new(pattern: &str) -> Self {
        Self { pattern: pattern.to_owned() }
    }

    /// As the user wrote it.
    pub fn as_str(&self) -> &str {
        &self.pattern
    }

    /// Whether the whole text meets it. `*` also crosses `/` and `!/`.
    pub fn matches(&self, text: &str) -> bool {
        let (mut pattern, mut rest) = (self.pattern.as_str(), text);
        // Where the last star stood, and what it has not swallowed yet: all that ever needs to be tried again.
        let mut star: Option<(&str, &str)> = None;
        loop {
            if let Some(after) = pattern.strip_prefix('*') {
                star = Some((after, rest));
                pattern = after;
                continue;
            }
            let mut wanted = pattern.chars();
            let mut found = rest.chars();
            match (wanted.next(), found.next()) {
                (None, None) => return true,
                (Some(want), Some(have)) if want == '?' || want == have => {
                    (pattern, rest) = (wanted.as_str(), found.as_str());
                }
                _ => {
                    let Some((after, from)) = star else { return false };
                    let mut from = from.chars();
                    if from.next().is_none() {
                        return false;
                    }
                    star = Some((after, from.as_str()));
                    (pattern, rest) = (after, from.as_str());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, text, meets) in [
            ("app.zip", "app.zip", true),
            ("app.zip", "app.zip!/a", false),
            ("*.zip", "dir/app.zip", true),
            ("*.zip!/*.png", "app.zip!/img/a.png", true),
            ("*.zip!/*.png", "app.zip!/img/a.pngx", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXbXbX", false),
            ("*é?", "caféx", true),
        ] {
            assert_eq!(Glob::from(pattern).matches(text), meets, "{pattern} {text}");
        }
    }

    #[test]
    fn stars_do_not_explode() {
        let glob = Glob::from("*a*a*a*a*a*a*a*a*a*a*b");
        assert!(!glob.matches(&"a".repeat(20_000)));
    }
}
