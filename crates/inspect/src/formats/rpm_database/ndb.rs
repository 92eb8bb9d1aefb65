//! rpm's own database, `Packages.db`: slots that say where in the file each package's header is.
use crate::read::{index, le32, slice};

pub(super) const MAGIC: &[u8] = b"RpmP";
const SLOT: &[u8] = b"Slot";
const BLOB: &[u8] = b"BlbS";
/// Of a page of slots; of a slot, which is the unit in which places are counted too; of what stands before a header.
const PAGE: usize = 4096;
const UNIT: usize = 16;

/// Every header; how many slots lead to none.
pub(super) fn headers(bytes: &[u8], each: &mut dyn FnMut(&[u8])) -> u64 {
    let pages = le32(bytes, 12).map(index).unwrap_or_default();
    let end = pages.saturating_mul(PAGE);
    let mut lost = u64::from(end > bytes.len());
    // The first two places are the file's own header.
    for at in (2 * UNIT..end.min(bytes.len())).step_by(UNIT) {
        let slot = slice(bytes, at, UNIT).unwrap_or_default();
        let (number, place) = (le32(slot, 4).unwrap_or_default(), le32(slot, 8).map(index).unwrap_or_default());
        if !slot.starts_with(SLOT) {
            lost += 1;
        } else if number != 0 {
            match place.checked_mul(UNIT).and_then(|place| blob(bytes, place, number)) {
                Some(header) => each(header),
                None => lost += 1,
            }
        }
    }
    lost
}

/// What a slot leads to, where it says of itself that it is that package.
fn blob(bytes: &[u8], at: usize, number: u32) -> Option<&[u8]> {
    let head = slice(bytes, at, UNIT).filter(|head| head.starts_with(BLOB) && le32(head, 4) == Some(number))?;
    slice(bytes, at.checked_add(UNIT)?, index(le32(head, 12)?))
}
