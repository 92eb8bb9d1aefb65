//! The registry of writers: one line each.
mod csv;
mod cyclonedx;
mod cyclonedx_xml;
mod github;
mod gitlab;
mod gitlab_dependency_scanning;
mod html;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod openvex;
mod sarif;
mod spdx;
mod table;

use std::io;

use interdict_model::{Instant, Report};

use crate::bom::Ask;

/// How an answer is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether escape sequences for colour may be written.
    pub color: bool,
    /// How much more than a screen the reader asked for.
    pub verbose: u8,
}

impl Default for Look {
    fn default() -> Self {
        Self { width: 100, color: false, verbose: 0 }
    }
}

/// Something that turns a report into bytes. It decides nothing.
#[derive(Clone, Copy, Debug)]
pub struct Writer {
    /// What `-o` calls it; its file's name and its fixture folder's name.
    pub id: &'static str,
    /// What it is for, in a line.
    pub title: &'static str,
    /// What a file of it is called, without the dot.
    pub extension: &'static str,
    /// Writes the report. The only errors are those of `out`.
    pub write: fn(&Report, &Look, &mut dyn io::Write) -> io::Result<()>,
    /// For one that writes a bill of materials: the editions it knows, and how to write upon the input's own.
    pub bill: Option<Bill>,
}

/// A writer of bills of materials.
#[derive(Clone, Copy, Debug)]
pub struct Bill {
    /// The formats of inputs that it writes upon, as inputs call them.
    pub upon: &'static [&'static str],
    /// What may follow the id as `@1.7`, the usual one first.
    pub editions: &'static [&'static str],
    /// Writes what was asked for, upon the input's own BOM where that can be had; else a new one that says why.
    pub write: fn(&Report, &Ask<'_>, &mut dyn io::Write) -> io::Result<()>,
}

/// Every writer, in the order of help.
pub const WRITERS: &[Writer] = &[
    table::ENTRY,
    json::ENTRY,
    jsonl::ENTRY,
    sarif::ENTRY,
    html::ENTRY,
    markdown::ENTRY,
    junit::ENTRY,
    github::ENTRY,
    gitlab::ENTRY,
    gitlab_dependency_scanning::ENTRY,
    csv::ENTRY,
    openvex::ENTRY,
    cyclonedx::ENTRY,
    cyclonedx_xml::ENTRY,
    spdx::ENTRY,
];

/// The writer of this id.
pub fn writer(id: &str) -> Option<&'static Writer> {
    WRITERS.iter().find(|writer| writer.id == id)
}

/// The date, with the time where it is not the noon that a bare date stands for.
pub(crate) fn moment(at: Instant) -> String {
    let full = at.to_string();
    if full.ends_with("T12:00:00Z") { at.date() } else { full }
}
