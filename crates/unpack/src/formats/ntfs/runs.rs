//! Lists of clusters: lengths and distances in as few bytes as they need.
use crate::extents::Extents;

/// The pieces of one attribute that begins at this cluster of its content.
pub(super) fn extents(list: &[u8], cluster: u64, first: u64) -> Option<Extents> {
    let mut extents = Extents::default();
    add(list, cluster, first, &mut extents)?;
    Some(extents)
}

pub(super) fn add(list: &[u8], cluster: u64, first: u64, extents: &mut Extents) -> Option<()> {
    // A part that is missing before this one is a hole.
    let hole = first.checked_mul(cluster)?.saturating_sub(extents.length());
    extents.push_hole(hole);
    let (mut rest, mut place) = (list, 0_i64);
    loop {
        let (header, tail) = rest.split_first()?;
        if *header == 0 {
            return Some(());
        }
        let (lengths, distances) = (usize::from(header & 15), usize::from(header >> 4));
        let length = u64::try_from(signed(tail.get(..lengths)?)?).ok()?.checked_mul(cluster)?;
        let distance = tail.get(lengths..lengths + distances)?;
        if distance.is_empty() {
            extents.push_hole(length);
        } else {
            place = place.checked_add(signed(distance)?)?;
            extents.push(u64::try_from(place).ok()?.checked_mul(cluster)?, length);
        }
        rest = tail.get(lengths + distances..)?;
    }
}

/// Up to eight bytes, little end first, with a sign.
fn signed(bytes: &[u8]) -> Option<i64> {
    let last = bytes.last()?;
    let fill = if last & 0x80 != 0 { 0xff } else { 0 };
    let mut all = [fill; 8];
    all.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(i64::from_le_bytes(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_go_both_ways_and_holes_have_none() {
        assert_eq!((signed(&[0xff]), signed(&[0x80, 0]), signed(&[])), (Some(-1), Some(128), None));
        let mut want = Extents::default();
        want.push(0x20 * 4096, 3 * 4096);
        want.push_hole(2 * 4096);
        want.push(0x1f * 4096, 4096);
        assert_eq!(extents(&[0x11, 3, 0x20, 0x01, 2, 0x11, 1, 0xff, 0], 4096, 0), Some(want));
        assert_eq!(extents(&[0x11, 3, 0x20], 4096, 0), None);
    }
}
