//! A line diff, so that a golden failure shows what changed and nothing else.

/// Beyond this many lines on a side the table would be larger than the reader's patience.
const LONGEST: usize = 3000;

/// The lines that differ, with one line of context: `-` expected, `+` got. Empty where the texts are the same.
pub(crate) fn diff(expected: &str, got: &str) -> String {
    if expected == got {
        return String::new();
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), got.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let tail = tail.min(old.len().min(new.len()) - head);
    let edits = edits(old.get(head..old.len() - tail).unwrap_or(&[]), new.get(head..new.len() - tail).unwrap_or(&[]));
    let mut out = String::new();
    if let Some(line) = head.checked_sub(1).and_then(|at| old.get(at)) {
        push(&mut out, ' ', line);
    }
    for (mark, line) in edits {
        push(&mut out, mark, line);
    }
    if let Some(line) = old.get(old.len() - tail).filter(|_| tail > 0) {
        push(&mut out, ' ', line);
    }
    if old == new {
        out.push_str("  (the texts differ in their last line break only)\n");
    }
    out
}

fn push(out: &mut String, mark: char, line: &str) {
    out.push(' ');
    out.push(mark);
    out.push(' ');
    out.push_str(line);
    out.push('\n');
}

/// The longest common subsequence, told as kept (omitted), removed and added lines.
fn edits<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(char, &'a str)> {
    if old.len() > LONGEST || new.len() > LONGEST {
        return old.iter().map(|line| ('-', *line)).chain(new.iter().map(|line| ('+', *line))).collect();
    }
    let width = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * width];
    let at = |row: usize, column: usize| row * width + column;
    for row in (0..old.len()).rev() {
        for column in (0..new.len()).rev() {
            let get = |index: usize| common.get(index).copied().unwrap_or(0);
            let best = if old.get(row) == new.get(column) {
                get(at(row + 1, column + 1)) + 1
            } else {
                get(at(row + 1, column)).max(get(at(row, column + 1)))
            };
            if let Some(cell) = common.get_mut(at(row, column)) {
                *cell = best;
            }
        }
    }
    let (mut row, mut column, mut out) = (0, 0, Vec::new());
    loop {
        match (old.get(row), new.get(column)) {
            (Some(a), Some(b)) if a == b => (row, column) = (row + 1, column + 1),
            (Some(a), b) if b.is_none() || common.get(at(row + 1, column)) >= common.get(at(row, column + 1)) => {
                out.push(('-', *a));
                row += 1;
            }
            (_, Some(b)) => {
                out.push(('+', *b));
                column += 1;
            }
            (None | Some(_), None) => return out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed() {
        assert_eq!(diff("a\nb\n", "a\nb\n"), "");
        assert_eq!(diff("a\nb\nc\nd\n", "a\nx\nc\nd\n"), "   a\n - b\n + x\n   c\n");
        assert_eq!(diff("", "x\n"), " + x\n");
        assert_eq!(diff("a\nb\nc\nd\n", "a\nc\ne\nd\n"), "   a\n - b\n + e\n   d\n");
        assert_eq!(diff("a\n", "a"), "   a\n  (the texts differ in their last line break only)\n");
        assert_eq!(diff("a\na\n", "a\n"), "   a\n - a\n");
    }
}
