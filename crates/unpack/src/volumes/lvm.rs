//! Logical volumes (LVM2) whose pieces lie one after another on one physical volume.
use std::ops::ControlFlow;

use interdict_model::{GapReason, Member, Members, Unseen};

use crate::field::{u32_le, u64_le};
use crate::space::{Blocks, Piece, Space};

const SECTOR: u64 = 512;
/// The text that describes the volumes.
const LARGEST: u64 = 4 << 20;
/// Pieces of one volume, and volumes.
const MOST: usize = 65_536;

/// A volume and where its pieces are in the physical one.
pub(super) struct Logical {
    name: String,
    pieces: Vec<Linear>,
    /// Why not all of it can be read here.
    lacks: Option<&'static str>,
}

/// So many bytes of the volume from a place on, and where they are.
struct Linear {
    at: u64,
    length: u64,
    start: u64,
}

impl Logical {
    pub(super) fn offer(&self, space: Space<'_>, members: &mut dyn Members) -> ControlFlow<()> {
        let member = Member { name: self.name.as_bytes(), ..Member::default() };
        if let Some(lacks) = self.lacks {
            members.unseen(&member, Unseen::new(GapReason::Missing, format!("a logical volume {lacks}")));
        }
        let blocks = Mapped { space, pieces: &self.pieces };
        let length = self.pieces.last().map_or(0, |piece| piece.at.saturating_add(piece.length));
        super::volume(Space::new(&blocks, length), &member, members)
    }
}

struct Mapped<'a> {
    space: Space<'a>,
    pieces: &'a [Linear],
}

impl Blocks for Mapped<'_> {
    fn find(&self, at: u64) -> Piece<'_> {
        let next = self.pieces.partition_point(|piece| piece.at <= at);
        let piece = next.checked_sub(1).and_then(|index| self.pieces.get(index));
        let inside = piece.filter(|piece| at - piece.at < piece.length);
        if let Some(piece) = inside {
            let (within, start) = (at - piece.at, piece.start);
            return self.space.part(start.saturating_add(within), piece.length - within).find(0);
        }
        let end = self.pieces.get(next).map_or(u64::MAX, |piece| piece.at);
        Piece::Lost(end - at, "lies on another disk".to_owned())
    }
}

/// The volumes that the label and the text in a physical volume describe; none where it is no such volume.
pub(super) fn volumes(space: Space<'_>) -> Vec<Logical> {
    read(space).unwrap_or_default()
}

fn read(space: Space<'_>) -> Option<Vec<Logical>> {
    let is_label = |sector: &u64| space.range(sector * SECTOR, 8).as_deref() == Some(b"LABELONE");
    let label = (0..4).find(is_label)? * SECTOR;
    let label_bytes = space.range(label, SECTOR)?;
    let header = label + u64::from(u32_le(&label_bytes, 20)?);
    let own: String = space.range(header, 32)?.iter().map(|byte| char::from(*byte)).collect();
    // Behind identity and size: areas of data up to an empty one, then areas of text.
    let mut at = header + 40;
    while u64_le(&space.range(at, 16)?, 0)? != 0 {
        at += 16;
    }
    let area = u64_le(&space.range(at + 16, 16)?, 0)?;
    let raw = space.range(area, SECTOR)?;
    let (start, length) = (u64_le(&raw, 40)?, u64_le(&raw, 48)?.min(LARGEST));
    let size = u64_le(&raw, 32)?;
    // The text goes round at the end of its area.
    let first = length.min(size.checked_sub(start)?);
    let mut text = space.range(area + start, first)?.into_owned();
    text.extend_from_slice(&space.range(area + SECTOR, length - first)?);
    Some(parse(&String::from_utf8_lossy(&text), &own))
}

/// The text: sections in braces, keys with values.
fn parse(text: &str, own: &str) -> Vec<Logical> {
    let (mut extent, mut volumes) = (0, Vec::<Logical>::new());
    let mut path: Vec<&str> = Vec::new();
    let (mut physical, mut base) = (Vec::new(), Vec::new());
    let mut segment = Segment::default();
    for line in text.lines().map(|line| line.split('#').next().unwrap_or_default().trim()) {
        if let Some(name) = line.strip_suffix('{') {
            path.push(name.trim());
            continue;
        }
        let here = path.as_slice();
        if line == "}" {
            if let [_, "logical_volumes", name, part] = here
                && part.starts_with("segment")
                && volumes.len() < MOST
            {
                segment.end(name, extent, &physical, &base, own, &mut volumes);
            }
            path.pop();
            segment = if path.len() == 3 { Segment::default() } else { segment };
            continue;
        }
        let Some((key, value)) = line.split_once('=').map(|(key, value)| (key.trim(), value.trim())) else {
            segment.stripe(line);
            continue;
        };
        match (here, key) {
            ([_], "extent_size") => extent = number(value) * SECTOR,
            ([_, "physical_volumes", name], "id") => physical.push(((*name).to_owned(), value.replace(['"', '-'], ""))),
            ([_, "physical_volumes", _], "pe_start") => base.push(number(value) * SECTOR),
            ([_, "logical_volumes", _, _], _) => segment.key(key, value),
            _ => {}
        }
    }
    for volume in &mut volumes {
        volume.pieces.sort_by_key(|piece| piece.at);
    }
    volumes
}

fn number(value: &str) -> u64 {
    value.trim().parse().unwrap_or_default()
}

#[derive(Default)]
struct Segment {
    start: u64,
    count: u64,
    kind: String,
    stripes: Vec<(String, u64)>,
}

impl Segment {
    fn key(&mut self, key: &str, value: &str) {
        match key {
            "start_extent" => self.start = number(value),
            "extent_count" => self.count = number(value),
            "type" => value.trim_matches('"').clone_into(&mut self.kind),
            "stripes" => self.stripe(value.trim_start_matches('[')),
            _ => {}
        }
    }

    /// `"pv0", 128` in a list.
    fn stripe(&mut self, line: &str) {
        if let Some((name, start)) = line.trim_end_matches(']').split_once(',')
            && let Some(name) = name.trim().strip_prefix('"').and_then(|name| name.strip_suffix('"'))
            && self.stripes.len() < MOST
        {
            self.stripes.push((name.to_owned(), number(start.trim_end_matches(','))));
        }
    }

    fn end(
        &mut self,
        name: &str,
        extent: u64,
        physical: &[(String, String)],
        base: &[u64],
        own: &str,
        volumes: &mut Vec<Logical>,
    ) {
        let index = volumes.iter().position(|volume| volume.name == name).unwrap_or_else(|| {
            volumes.push(Logical { name: name.to_owned(), pieces: Vec::new(), lacks: None });
            volumes.len() - 1
        });
        let Some(volume) = volumes.get_mut(index) else { return };
        let mut lack = |why| volume.lacks = volume.lacks.or(Some(why));
        let [(on, start)] = self.stripes.as_slice() else {
            return lack("of a kind that is not read here (striped, mirrored, thin or cached)");
        };
        let number = physical.iter().position(|(name, _)| name == on);
        let is_here = number.and_then(|number| physical.get(number)).is_some_and(|(_, id)| id == own);
        if self.kind != "striped" || !is_here || volume.pieces.len() >= MOST {
            return lack("of which a part lies on another disk, or is of a kind that is not read here");
        }
        let base = number.and_then(|number| base.get(number)).copied().unwrap_or_default();
        let scaled = |extents: u64| extents.saturating_mul(extent);
        let start = base.saturating_add(scaled(*start));
        volume.pieces.push(Linear { at: scaled(self.start), length: scaled(self.count), start });
    }
}
