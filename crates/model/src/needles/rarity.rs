//! How rare a byte is in executables: which part of a needle to look for first.

/// Letters of either case, and a few other bytes, become one: one instruction on many bytes at once.
pub(super) const FOLD: u8 = 0x20;

/// How rare these folded bytes are together, as a power of two, were each independent of its neighbours.
pub(super) fn rarity(folded: &[u8]) -> u32 {
    folded.iter().map(|byte| bits(*byte)).sum()
}

/// Counted over 250 programs and libraries of a Linux system.
fn bits(folded: u8) -> u32 {
    const SIGNS: &[u8; 32] = b"26776788688888666788889978998897";
    const LETTERS: &[u8; 32] = b"76776678579968777977678989998897";
    let digit = match folded {
        0x20..=0x3f => SIGNS.get(usize::from(folded) - 0x20),
        0x60..=0x7f => LETTERS.get(usize::from(folded) - 0x60),
        _ => None,
    };
    digit.map_or(8, |digit| u32::from(digit - b'0'))
}
