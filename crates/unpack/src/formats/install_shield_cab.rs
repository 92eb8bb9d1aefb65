//! Cabinets of `InstallShield`: a header that lists files in folders and groups, and volumes that hold what is in them.
mod content;
mod header;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::content::{Content, Volume};
use self::header::{File, Header};
use crate::field::{broken, from};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "install-shield-cab",
    revision: 1,
    title: "InstallShield cabinet (versions 5 and later), with the header and the further cabinets beside it",
    limitations: &[
        "files in a cabinet that is not there are gaps",
        "files of versions before 5, which are packed without lengths between the pieces, are gaps",
        "digests of files are not compared",
    ],
    accepts,
    unpack,
};

pub(crate) const MARK: &[u8] = b"ISc(";

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(MARK)
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let segments = segments(source.bytes);
    let Some((first, further)) = segments.split_first() else { return Err(Malformed::NotThis) };
    let Some(header) = Header::parse(first) else {
        return Err(broken(0, "the cabinet breaks off in its header, or has a header that cannot be read"));
    };
    let Some(header) = header else {
        let detail =
            "files of an InstallShield package; what they are called stands in a header (`.hdr`) that is not there";
        members.gap(Unseen::new(GapReason::Missing, detail).needing("the header and all cabinets, side by side"));
        return Ok(());
    };
    let own = [*first];
    let volumes = if further.is_empty() && !header.is_alone() { &own } else { further };
    let volumes: Vec<Volume<'_>> = volumes.iter().map(|bytes| Volume::new(bytes, header.major)).collect();
    members.leaves_rest();
    let mut names = BTreeSet::new();
    for index in 0..header.files {
        match header.file(index) {
            Some(file) if file.is_listed() => {
                let name = header.name(index, &file);
                crate::names::odd(members, &name);
                if names.len() < MOST && !names.insert(name.clone()) {
                    members.anomaly(Some(&name), "duplicate-name", "several members of one name".to_owned());
                }
                if offer(&header, (&volumes, source.name), index, &file, &name, members).is_break() {
                    return Ok(());
                }
            }
            Some(_) => {}
            None => {
                return Err(broken(header.at, format!("entry {index} of {} lies outside of the header", header.files)));
            }
        }
    }
    Ok(())
}

/// Names that are kept to tell those that stand twice.
const MOST: usize = 1 << 20;

fn offer(
    header: &Header<'_>,
    (volumes, around): (&[Volume<'_>], &str),
    index: u32,
    file: &File,
    name: &[u8],
    members: &mut dyn Members,
) -> ControlFlow<()> {
    let member = Member { name, stated_size: Some(file.size), ..Member::default() };
    let Some((index, file)) = header.original(index, file) else {
        let detail = "it is said to be the same as another file, and that one is not there";
        members.unseen(&member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
        return ControlFlow::Continue(());
    };
    let (pieces, lacking) = content::pieces(volumes, header.major, index, &file);
    if let Some(number) = lacking {
        let stem =
            around.split(['{', '.']).next().unwrap_or_default().trim_end_matches(|one: char| one.is_ascii_digit());
        let detail = format!(
            "{} bytes packed; it lies, or goes on, in `{stem}{number}.cab`, which is not there or breaks off",
            file.packed
        );
        members.unseen(&member, Unseen::new(GapReason::Missing, detail).needing("all cabinets, side by side"));
        if pieces.iter().all(|piece| piece.is_empty()) {
            return ControlFlow::Continue(());
        }
    }
    for piece in &pieces {
        members.claims(piece);
    }
    if file.is_plain()
        && let [piece] = pieces.as_slice()
    {
        return members.stored(&member, piece);
    }
    if file.is_plain() {
        for piece in &pieces {
            members.covers(piece);
        }
    }
    members.streamed(&member, &mut Content::new(&pieces, &file))
}

/// The header and the volumes, where they stand one behind the other: each begins with the mark and the same version.
fn segments(bytes: &[u8]) -> Vec<&[u8]> {
    let Some(mark) = bytes.get(..8).filter(|mark| mark.starts_with(MARK)) else { return Vec::new() };
    let places = memchr::memmem::find_iter(bytes, mark).filter(|at| header::is_head(from(bytes, *at as u64)));
    let starts: Vec<usize> = [0].into_iter().chain(places.filter(|at| *at > 0)).take(VOLUMES).collect();
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| bytes.get(*start..end)).collect()
}

/// Volumes of one cabinet, at most.
const VOLUMES: usize = 1000;
