//! The report as a stream: one JSON object a line, each with one key that says what it is.
//!
//! Like `json`, and unlike what is made for people, it shortens nothing: a program joins its lines by name, so a name is whole,
//! however long. It is inert all the same: what cannot be shown is an escape.
use std::io;

use interdict_model::Report;
use serde::Serialize;
use serde_json::json;

use super::{Look, Writer};
use crate::inert_json::compact;

pub(super) const ENTRY: Writer = Writer {
    id: "jsonl",
    title: "the report as one JSON object a line, for streams; every name whole, as in `json`",
    extension: "jsonl",
    write,
    bill: None,
};

fn write(report: &Report, _: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let head = json!({
        "schema": report.schema, "tool": report.tool, "packs": report.packs,
        "as_of": report.as_of, "profile": report.profile, "outcome": report.outcome,
    });
    line("report", &head, out)?;
    line("legend", &report.legend, out)?;
    lines("input", &report.inputs, out)?;
    lines("finding", &report.findings, out)?;
    lines("verdict", &report.verdicts, out)?;
    lines("waived", &report.waived, out)?;
    lines("comparison", report.comparison.as_slice(), out)?;
    lines("reconciliation", &report.reconciliation, out)?;
    lines("gap", &report.gaps, out)?;
    lines("repair", &report.repairs, out)?;
    lines("anomaly", &report.anomalies, out)?;
    lines("observation", &report.observations, out)?;
    // Last, so that a stream that was cut short is seen to be.
    line("coverage", &report.coverage, out)
}

fn lines<T: Serialize>(kind: &str, values: &[T], out: &mut dyn io::Write) -> io::Result<()> {
    values.iter().try_for_each(|value| line(kind, value, out))
}

fn line(kind: &str, value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    write!(out, "{{\"{kind}\":")?;
    compact(value, out)?;
    out.write_all(b"}\n")
}
