//! Bytes in text between `-----BEGIN …-----` and `-----END …-----`, also where the text stands in a string of a program.
use memchr::memmem;

use crate::base64;
use crate::der::Node;

/// What stood between two such lines: the beginning of a value in DER, or all of it.
pub(crate) struct Block {
    pub(crate) bytes: Vec<u8>,
    /// Where the text of it stands.
    pub(crate) start: usize,
    pub(crate) len: usize,
    /// Whether the value ends before its length says so.
    pub(crate) is_cut: bool,
    /// Whether the text ends with the line that should end it: then somebody left out a part of a value that is cut.
    pub(crate) is_closed: bool,
}

/// How far the beginning is looked at: remarks and attributes may stand before the first block.
const LOOK: usize = 64 * 1024;
/// A sequence whose length takes more than a byte begins so; everything that is armoured is one.
const BEGINNING: &[u8] = b"MI";
/// A block with fewer digits, and one in which something is left out, shows how blocks look and holds nothing.
const FEWEST: usize = 64;
const LEFT_OUT: &[&[u8]] = &[b"..", b"\xe2\x80\xa6"];

/// Whether a block of this label begins near the beginning.
pub(crate) fn begins_with(bytes: &[u8], label: &str) -> bool {
    let look = bytes.get(..LOOK.min(bytes.len())).unwrap_or_default();
    let open = opening(label);
    memmem::find_iter(look, open.as_bytes()).any(|at| digits(bytes, at + open.len()).is_some())
}

/// Every block of this label that begins a value: the words alone, as programs and manuals have them, are none.
pub(crate) fn blocks<'a>(bytes: &'a [u8], label: &str) -> impl Iterator<Item = Block> + use<'a> {
    let open = opening(label);
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = bytes.get(at..)?;
            let start = at + memmem::find(rest, open.as_bytes())? + open.len();
            at = start;
            if let Some(from) = digits(bytes, start)
                && let Some(block) = block(bytes, start, from)
            {
                at = start + block.len;
                return Some(block);
            }
        }
    })
}

/// The block whose digits begin at `from`; one that does not end goes to the end.
fn block(bytes: &[u8], start: usize, from: usize) -> Option<Block> {
    let rest = bytes.get(from..)?;
    let end = memmem::find(rest, b"-----");
    let text = rest.get(..end.unwrap_or(rest.len()))?;
    let decoded = base64::quoted(text);
    let is_cut = Node::read(&decoded, 0, decoded.len()).is_none_or(|node| node.is_cut);
    // The first byte that is neither a digit nor part of a string around digits.
    let is_digit =
        |byte: &u8| byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || b"+/=\"'`\\".contains(byte);
    let stop = text.iter().take_while(|byte| is_digit(byte)).count();
    let is_left_out = LEFT_OUT.iter().any(|mark| text.get(stop..).is_some_and(|rest| rest.starts_with(mark)));
    if is_cut && (is_left_out || (end.is_some() && decoded.len() / 3 * 4 < FEWEST)) {
        return None;
    }
    let is_closed = rest.get(text.len()..).is_some_and(|rest| rest.starts_with(b"-----END"));
    Some(Block { bytes: decoded, start, len: from - start + text.len(), is_cut, is_closed })
}

/// Where the first digits behind the words stand: on the next line, or behind what stands for its end in a string.
fn digits(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at..)? {
            [b'\\', b'n' | b'r' | b't', ..] => at += 2,
            [byte, ..] if byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'+' | b'\\') => at += 1,
            rest => return rest.starts_with(BEGINNING).then_some(at),
        }
    }
}

fn opening(label: &str) -> String {
    format!("-----BEGIN {label}-----")
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "MIGIAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKiss\nLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltc\nXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgYKDhIWGhw==";

    fn show(text: &str) -> String {
        let one = |block: Block| format!("{}{}", block.bytes.len(), if block.is_cut { " cut" } else { "" });
        let list: Vec<String> = blocks(text.as_bytes(), "X").map(one).collect();
        assert_eq!(!list.is_empty(), begins_with(text.as_bytes(), "X"), "{text}");
        list.join(", ")
    }

    #[test]
    fn blocks_of_text_and_of_programs() {
        let line = "-----BEGIN X-----";
        let end = "-----END X-----";
        assert_eq!(show(&format!("{line}\n{WHOLE}\n{end}\n{line}\r\n{WHOLE}\r\n{end}")), "139, 139");
        assert_eq!(show(&format!("{{\"pem\": \"{line}\\n{}\\n{end}\\n\"}}", WHOLE.replace('\n', "\\n"))), "139");
        assert_eq!(
            show(&format!("\"{line}\\n\"\n    \"{}\\n\"\n\"{end}\"", WHOLE.replace('\n', "\\n\"\n  \""))),
            "139"
        );
        assert_eq!(show(&format!("'{line}\\n' +\n '{}\\n' +\n'{end}'", WHOLE.replace('\n', "\\n' +\n'"))), "139");
        assert_eq!(show(&format!("{line}\n{}", &WHOLE[..70])), "51 cut");
        assert_eq!(show(&format!("{line}\n{}\n{end}", &WHOLE[..100])), "74 cut");
        assert_eq!(show(&format!("{line}\nMI")), "1 cut");
    }

    #[test]
    fn words_alone_are_no_blocks() {
        let line = "-----BEGIN X-----";
        for behind in [
            "",
            "\0-----END X-----\0",
            "\", \"-----END X-----",
            "\nXXXX\nXXXX\n-----END X-----",
            "%s-----END X-----",
            "\nMIIC...\n-----END X-----",
            "\nMIICnTCCAYUCBgF5\n-----END X-----",
        ] {
            let text = format!("if line == \"{line}{behind}");
            assert_eq!(blocks(text.as_bytes(), "X").count(), 0, "{text}");
        }
        for behind in ["\n…\n-----END X-----", "...\"\n-- and more of the manual"] {
            let left_out = format!("{line}\n{}{behind}", &WHOLE[..70]);
            assert_eq!(blocks(left_out.as_bytes(), "X").count(), 0, "{left_out}");
        }
    }
}
