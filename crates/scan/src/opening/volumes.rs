//! Members that may be volumes of one archive: kept until all were offered, and then looked at as one.
use std::collections::{BTreeSet, VecDeque};
use std::io::{self, Read};

use interdict_model::{GapReason, Locator, Member, Unseen};
use interdict_unpack::sets;

use super::Opening;
use crate::held::Held;
use crate::walk::lacks;
use crate::watch::stays;

/// A member that may be a volume of an archive.
pub(super) struct Volume<'s> {
    /// What it lies in.
    around: Locator,
    name: Vec<u8>,
    held: Held<'s>,
}

/// Pieces one behind the other.
struct Joined<'b>(VecDeque<&'b [u8]>);

impl Read for Joined<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.0.front().is_some_and(|piece| piece.is_empty()) {
            self.0.pop_front();
        }
        self.0.front_mut().map_or(Ok(0), |piece| piece.read(buffer))
    }
}

impl<'a> Opening<'a, '_> {
    pub(super) fn hold(&mut self, member: &Member<'_>, held: Held<'a>) {
        let name = self.named(member.name).to_vec();
        self.volumes.push(Volume { around: self.place.clone(), name, held });
    }

    /// All members were offered: volumes of one archive are looked at as one, and those that are not there are said.
    pub(crate) fn finish(&mut self) {
        let mut volumes = std::mem::take(&mut self.volumes);
        while let Some(first) = volumes.first() {
            self.place = first.around.clone();
            let (here, others): (Vec<_>, Vec<_>) = volumes.into_iter().partition(|volume| volume.around == self.place);
            volumes = others;
            self.joined(&here);
        }
        self.place = self.container.locator.clone();
    }

    fn joined(&mut self, volumes: &[Volume<'_>]) {
        let names: Vec<&[u8]> = volumes.iter().map(|volume| volume.name.as_slice()).collect();
        let mut alone: BTreeSet<usize> = (0..volumes.len()).collect();
        for set in sets(&names) {
            let parts: Vec<&Volume<'_>> = set.joined.iter().filter_map(|index| volumes.get(*index)).collect();
            let asks = set.joined.iter().chain(&set.apart).find_map(|index| names.get(*index));
            let name = if parts.len() > 1 { set.name.as_slice() } else { asks.copied().unwrap_or_default() };
            for missing in &set.missing {
                let unseen = Unseen::new(GapReason::Missing, lacks(missing)).needing("all volumes, side by side");
                self.missed(&Member { name, ..Member::default() }, unseen);
            }
            if parts.len() > 1 {
                alone.retain(|index| !set.joined.contains(index));
                let mut bytes = Joined(parts.iter().map(|part| &*part.held).collect());
                let member = Member { name, ..Member::default() };
                stays(self.trace().call());
                let taken = self.means.store.take(&mut bytes, u64::MAX);
                if taken.no_room.is_some() {
                    let detail = "no room to join its volumes; the rest was not looked at";
                    self.missed(&member, Unseen::new(GapReason::OverLimit, detail).needing("room for temporary files"));
                }
                self.examine(&member, &taken.held);
                stays(self.trace().heard());
            }
        }
        for volume in alone.iter().filter_map(|index| volumes.get(*index)) {
            stays(self.trace().call());
            self.examine(&Member { name: &volume.name, ..Member::default() }, &volume.held);
            stays(self.trace().heard());
        }
    }
}
