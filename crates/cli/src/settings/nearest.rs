//! The word that was probably meant.

/// `no setting is called …`, with the nearest known word where one is near.
pub(super) fn told<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let shown: String = word.chars().take(80).flat_map(char::escape_default).collect();
    match nearest(word, known) {
        Some(near) => format!("no setting is called `{shown}`; the nearest is `{near}`"),
        None => format!("no setting is called `{shown}`"),
    }
}

/// The known word with the fewest edits, if these are at most half of the word.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (edits, near) = known.map(|one| (distance(word, one), one)).min()?;
    (edits <= (word.chars().count() / 2).max(2)).then_some(near)
}

/// Letters to add, drop or change (Levenshtein), over the first sixty-four.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, letter) in a.iter().enumerate() {
        let mut next = vec![at + 1];
        for ((other, &kept), &dropped) in b.iter().zip(&row).zip(row.iter().skip(1)) {
            let added = next.last().copied().unwrap_or_default();
            next.push((kept + usize::from(letter != other)).min(dropped + 1).min(added + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant() {
        let known = ["fail-on", "profile", "accept-gaps", "as-of"];
        for (word, want) in [
            ("failon", Some("fail-on")),
            ("profiles", Some("profile")),
            ("accept_gaps", Some("accept-gaps")),
            ("as-off", Some("as-of")),
            ("zzzzzzzzzzzz", None),
        ] {
            assert_eq!(nearest(word, known.into_iter()), want, "{word}");
        }
        assert_eq!(distance("kitten", "sitting"), 3);
        assert!(told("a\u{1b}[31m", known.into_iter()).contains("\\u{1b}"));
    }
}
