//! The decoder over volumes that were joined: it is given them one by one again.
use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::Write;

use interdict_model::GapReason;
use rars::{ArchiveReader, extract_volumes_to_with_options};

use super::{Kind, Listing, fault, options};
use crate::field::range;
use crate::pump::Outlet;

/// Decodes everything, as members of volumes cannot be passed over; what is not wanted goes nowhere.
pub(super) fn decode(
    bytes: &[u8],
    listing: &Listing<'_>,
    wanted: &BTreeSet<usize>,
    outlet: &Outlet,
) -> Result<(), (GapReason, String)> {
    let starts = [0].into_iter().chain(listing.volumes.iter().copied());
    let ends = listing.volumes.iter().copied().chain([bytes.len() as u64]);
    let volumes = starts.zip(ends).filter_map(|(start, end)| range(bytes, start, end.checked_sub(start)?));
    let archives = volumes.map(ArchiveReader::read).collect::<Result<Vec<_>, _>>().map_err(|why| fault(&why))?;
    let is_met = |(_, entry): &(usize, &super::Entry<'_>)| !entry.is_service;
    let mut entries = listing.entries.iter().enumerate().filter(is_met);
    let is_open = Cell::new(false);
    let close = |fault: Option<String>| {
        if is_open.replace(false) {
            outlet.end(fault);
        }
    };
    let told = extract_volumes_to_with_options(&archives, options(), |meta| {
        close(None);
        let found = entries.find(|(_, entry)| (entry.kind == Kind::Folder) == meta.is_directory);
        match found.filter(|(index, _)| wanted.contains(index)) {
            Some((index, _)) if outlet.begin(index).is_ok() => {
                is_open.set(true);
                Ok(Box::new(outlet.clone()) as Box<dyn Write>)
            }
            _ => Ok(Box::new(std::io::sink())),
        }
    });
    close(told.as_ref().err().map(ToString::to_string));
    told.map_err(|why| fault(&why))
}
