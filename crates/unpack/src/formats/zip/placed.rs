//! Archives in volumes: their directory counts from the beginning of a volume, and where these begin only their members show.
use std::collections::BTreeMap;

use interdict_model::{GapReason, Member, Members, Unseen};

use super::Entry;
use super::directory::Directory;
use super::local::Local;

/// Local headers that are looked at for this.
const MOST: usize = 1 << 20;

/// Gives each member its place among all bytes; one whose volume is not there is a gap, and listed no longer.
pub(super) fn placed(bytes: &[u8], directory: &Directory, listed: &mut Vec<Entry<'_>>, members: &mut dyn Members) {
    let headers = memchr::memmem::find_iter(bytes, b"PK\x03\x04").take(MOST).map(|at| at as u64);
    let mut places: BTreeMap<&[u8], Vec<u64>> = BTreeMap::new();
    for at in headers {
        if let Some(local) = Local::parse(bytes, at) {
            places.entry(local.name).or_default().push(at);
        }
    }
    // The beginning of each volume that most of its members agree on.
    let mut votes: BTreeMap<(u16, u64), usize> = BTreeMap::new();
    for entry in listed.iter() {
        for start in places.get(entry.name).into_iter().flatten().filter_map(|at| at.checked_sub(entry.header)) {
            *votes.entry((entry.disk, start)).or_default() += 1;
        }
    }
    let mut starts: BTreeMap<u16, (usize, u64)> = BTreeMap::new();
    for ((disk, start), count) in votes {
        let best = starts.entry(disk).or_insert((count, start));
        if count > best.0 {
            *best = (count, start);
        }
    }
    listed.retain_mut(|entry| {
        let place = starts.get(&entry.disk).map(|(_, start)| entry.header.saturating_add(*start));
        let is_there = place.is_some_and(|at| places.get(entry.name).is_some_and(|all| all.contains(&at)));
        if let Some(at) = place.filter(|_| is_there) {
            entry.header = at;
        } else {
            let detail = format!(
                "begins in volume {} of {}, which is not there",
                u32::from(entry.disk) + 1,
                u32::from(directory.disks.0) + 1
            );
            let unseen = Unseen::new(GapReason::Missing, detail).needing("all volumes, side by side");
            members.unseen(&Member { name: entry.name, stated_size: Some(entry.size), ..Member::default() }, unseen);
        }
        is_there
    });
}
