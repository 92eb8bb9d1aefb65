//! Shell-like patterns: `*` any run, `?` one character, `[a-z]` a set, `[!a]` its complement.

/// Whether the whole text meets the pattern. Time is bounded by the product of the two lengths.
pub fn glob(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p + 1, t));
                p += 1;
                continue;
            }
            Some(_) => {
                if let Some(next) = text.get(t).and_then(|character| one(&pattern, p, *character)) {
                    p = next;
                    t += 1;
                    continue;
                }
            }
            None => {}
        }
        match retry {
            Some((after_star, from)) => {
                p = after_star;
                t = from + 1;
                retry = Some((after_star, t));
            }
            None => return false,
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

/// If the element of the pattern at `p` takes this character, where the next element begins.
fn one(pattern: &[char], p: usize, character: char) -> Option<usize> {
    match pattern.get(p)? {
        '?' => Some(p + 1),
        '[' => {
            let close = p + 2 + pattern.get(p + 2..)?.iter().position(|c| *c == ']')?;
            let set = pattern.get(p + 1..close)?;
            let (negated, set) = match set.split_first() {
                Some(('!', rest)) => (true, rest),
                _ => (false, set),
            };
            (in_set(set, character) != negated).then_some(close + 1)
        }
        c => (*c == character).then_some(p + 1),
    }
}

fn in_set(set: &[char], character: char) -> bool {
    let mut rest = set;
    while let [first, tail @ ..] = rest {
        if let ['-', last, after @ ..] = tail {
            if (*first..=*last).contains(&character) {
                return true;
            }
            rest = after;
        } else {
            if *first == character {
                return true;
            }
            rest = tail;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn patterns() {
        for (pattern, text, meets) in [
            ("libkave[0-9]*.so*", "libkave8.so", true),
            ("libkave[0-9]*.so*", "libkave8.so.8.9", true),
            ("libkave[0-9]*.so*", "libmaskave8.so", false),
            ("pkg:maven/com.kaspersky*/*", "pkg:maven/com.kaspersky.android/x@1", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("[!a]b", "cb", true),
            ("[!a]b", "ab", false),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a[", "a[", false),
            ("*a*a*a*b", &"a".repeat(300), false),
        ] {
            assert_eq!(glob(pattern, text), meets, "{pattern} on {text}");
        }
    }
}
