//! The lists that Rust's and Go's tools put into a program: slices of one file usually carry the same one.
use std::collections::BTreeSet;

use interdict_model::Sink;

use super::commands::Image;
use crate::bill;
use crate::read::clamped;

/// Where Go's list has its text, and how much of it tells two apart.
const GO_STRINGS: usize = 32;
const GO_HEAD: usize = 4096;

/// Lists that were told.
#[derive(Default)]
pub(super) struct Bills<'a> {
    told: BTreeSet<&'a [u8]>,
}

impl<'a> Bills<'a> {
    /// Tells the lists of an image that no other slice has told.
    pub(super) fn observe(&mut self, image: &Image<'a>, sink: &mut Sink<'_>) {
        for section in &image.sections {
            let data = clamped(image.bytes, section.start, section.len);
            match section.name.as_slice() {
                b".dep-v0" if self.told.insert(data) => bill::cargo(image.bytes, section.start, data.len(), sink),
                b"__go_buildinfo" => {
                    let found = bill::find_go(image.bytes, section.start, data.len());
                    let text = |at: &usize| clamped(image.bytes, at.saturating_add(GO_STRINGS), GO_HEAD);
                    if let Some(at) = found.filter(|at| self.told.insert(text(at))) {
                        bill::go(image.bytes, at, &|address| image.offset_of(address), sink);
                    }
                }
                _ => {}
            }
        }
    }
}
