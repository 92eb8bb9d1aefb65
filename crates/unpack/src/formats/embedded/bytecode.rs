//! How long files of byte code are that begin at a place: Dalvik's say it, Java's are walked to their ends.
use super::kinds::Carrier;
use crate::field::{u16_be, u32_be, u32_le};

pub(super) fn dex(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    let is_sane = held.get(7) == Some(&0) && u32_le(held, 40)? == 0x1234_5678 && u32_le(held, 36)? >= 0x70;
    let length = usize::try_from(u32_le(held, 32)?).ok().filter(|length| *length >= 0x70)?;
    is_sane.then_some(length.min(held.len()))
}

/// A class (Java Virtual Machine Specification §4.1): it is one only if everything in it ends where it must.
pub(super) fn class(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    if !(45..=80).contains(&u16_be(held, 6)?) {
        return None;
    }
    let (mut next, mut left) = (10_usize, u16_be(held, 8)?.checked_sub(1)?);
    while left > 0 {
        let (length, slots) = match *held.get(next)? {
            1 => (3 + usize::from(u16_be(held, next + 1)?), 1),
            7 | 8 | 16 | 19 | 20 => (3, 1),
            15 => (4, 1),
            3 | 4 | 9..=12 | 17 | 18 => (5, 1),
            5 | 6 => (9, 2),
            _ => return None,
        };
        next = next.checked_add(length)?;
        left = left.checked_sub(slots)?;
    }
    next += 8 + 2 * usize::from(u16_be(held, next + 6)?);
    for _ in 0..2 {
        let count = u16_be(held, next)?;
        next += 2;
        for _ in 0..count {
            next = attributes(held, next + 6)?;
        }
    }
    next = attributes(held, next)?;
    (next <= held.len()).then_some(next)
}

/// Where a list of attributes ends.
fn attributes(held: &[u8], at: usize) -> Option<usize> {
    let mut next = at + 2;
    for _ in 0..u16_be(held, at)? {
        next = (next + 6).checked_add(usize::try_from(u32_be(held, next + 2)?).ok()?)?;
        if next > held.len() {
            return None;
        }
    }
    Some(next)
}
