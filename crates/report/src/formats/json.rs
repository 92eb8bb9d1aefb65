//! The report itself: the public contract `interdict.report/1`.
use std::io;

use interdict_model::Report;

use super::{Look, Writer};
use crate::inert_json;

pub(super) const ENTRY: Writer = Writer {
    id: "json",
    title: "the report itself, for programs (schema interdict.report/1)",
    extension: "json",
    write,
    bill: None,
};

fn write(report: &Report, _: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    inert_json::pretty(report, out)
}
