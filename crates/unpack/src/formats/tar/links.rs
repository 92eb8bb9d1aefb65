//! Where the members of an archive stand by their names: a hard link has its content there.
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::walk::{Found, Walk};
use crate::names::plain;

/// What stands for each name, and where; sorted.
pub(super) struct Links {
    places: Vec<(u64, u64)>,
}

/// Links that lead to links are followed so far.
const HOPS: usize = 16;
/// Names that share what stands for them, and are not the same.
const OTHERS: usize = 16;

impl Links {
    /// Goes through the whole archive once.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let (mut walk, mut places) = (Walk::new(bytes, 0), Vec::new());
        while let Ok(Some(found)) = walk.next() {
            if found.is_linkable() {
                places.push((stands_for(&found.name()), found.from));
            }
        }
        places.sort_unstable();
        Self { places }
    }

    /// The member that a link at this place leads to: the last of its name before the link, else the first behind it.
    pub(super) fn target<'a>(&self, bytes: &'a [u8], to: &[u8], at: u64) -> Option<Found<'a>> {
        let (mut to, mut at) = (to.to_vec(), at);
        for _ in 0..HOPS {
            let found = self.find(bytes, &to, at)?;
            if found.header.kind != b'1' || found.has_content() {
                return Some(found);
            }
            (to, at) = (found.link().to_vec(), found.from);
        }
        None
    }

    fn find<'a>(&self, bytes: &'a [u8], to: &[u8], at: u64) -> Option<Found<'a>> {
        let (wanted, to) = (stands_for(to), plain(to));
        let middle = self.places.partition_point(|place| *place < (wanted, at));
        let (before, behind) = self.places.split_at_checked(middle)?;
        let of_name = |(sum, _): &&(u64, u64)| *sum == wanted;
        let nearest = before.iter().rev().take_while(of_name).chain(behind.iter().take_while(of_name));
        nearest.take(OTHERS).find_map(|(_, from)| {
            let found = Walk::new(bytes, *from).next().ok()??;
            (*from != at && plain(&found.name()) == to).then_some(found)
        })
    }
}

fn stands_for(name: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    plain(name).hash(&mut hasher);
    hasher.finish()
}
