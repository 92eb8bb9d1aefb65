//! Fixed-seed damage: the same broken files on every machine, for tests that nothing may fall over.

/// Calls `each` with `rounds` damaged copies of `bytes`: edited, cut, grown, and with numbers in them made to lie.
pub fn mutate(seed: u64, bytes: &[u8], rounds: usize, each: &mut dyn FnMut(&[u8])) {
    let mut dice = Dice(seed);
    for round in 0..rounds {
        let mut copy = bytes.to_vec();
        match round % 5 {
            0 | 1 => edit(&mut copy, &mut dice),
            2 => copy.truncate(dice.below(bytes.len())),
            3 => insert(&mut copy, &mut dice),
            _ => lie(&mut copy, &mut dice),
        }
        each(&copy);
    }
}

fn edit(copy: &mut [u8], dice: &mut Dice) {
    for _ in 0..=dice.below(12) {
        let value = dice.byte();
        if let Some(byte) = copy.get_mut(dice.below(copy.len())) {
            *byte = value;
        }
    }
}

fn insert(copy: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(copy.len() + 1);
    // Half the time the file's own bytes again: repeated structures break more than noise does.
    let length = 1 + dice.below(32);
    let from = dice.below(copy.len());
    let grown: Vec<u8> = if dice.below(2) == 0 {
        copy.iter().copied().skip(from).take(length).collect()
    } else {
        (0..length).map(|_| dice.byte()).collect()
    };
    copy.splice(at..at, grown);
}

/// Overwrites a run of 1, 2, 4 or 8 bytes, where a length or offset may stand, with one that is just wrong.
fn lie(copy: &mut [u8], dice: &mut Dice) {
    const LIES: [u64; 12] = [
        0,
        1,
        0x7f,
        0xff,
        0x7fff,
        0xffff,
        0x7fff_ffff,
        0x8000_0000,
        0xffff_fff0,
        0xffff_ffff,
        0x7fff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
    ];
    for _ in 0..=dice.below(2) {
        let width = 1_usize << dice.below(4);
        let at = if dice.below(2) == 0 { dice.below(copy.len()) } else { dice.below(copy.len()) & !(width - 1) };
        let end = copy.len() as u64;
        let value = match dice.below(LIES.len() + 3) {
            0 => end,
            1 => end.wrapping_sub(1),
            2 => end.wrapping_add(1),
            pick => LIES.get(pick - 3).copied().unwrap_or(u64::MAX),
        };
        let big = dice.below(4) == 0;
        for index in 0..width {
            let shift = if big { width - 1 - index } else { index } * 8;
            if let Some(byte) = copy.get_mut(at + index) {
                *byte = (value >> shift).to_le_bytes().first().copied().unwrap_or(0);
            }
        }
    }
}

/// `SplitMix64`: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes().first().copied().unwrap_or(0)
    }

    /// From 0 up to, not including, `end`; 0 where that is empty.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(seed: u64, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut out = Vec::new();
        mutate(seed, bytes, 100, &mut |copy| out.push(copy.to_vec()));
        out
    }

    #[test]
    fn same_seed_same_damage_and_plenty_of_it() {
        let bytes: Vec<u8> = (0..200).collect();
        let first = all(7, &bytes);
        assert_eq!(first, all(7, &bytes));
        assert_ne!(first, all(8, &bytes));
        assert_eq!(first.len(), 100);
        let changed = first.iter().filter(|copy| **copy != bytes).count();
        assert!(changed > 95, "{changed}");
        assert!(first.iter().any(|copy| copy.len() < 200) && first.iter().any(|copy| copy.len() > 200));
        assert!(first.iter().any(|copy| copy.windows(4).any(|run| run == [0xff; 4])));
        assert_eq!(all(1, b"").len(), 100);
    }
}
