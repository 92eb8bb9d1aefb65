//! Text: what scripts, installers' scripts, registry files and unit files say they put in place.
mod commands;
mod inf;
mod lines;

use interdict_model::{FactKind, Head, Malformed, Observer, Sink, Source, Technique};

use self::lines::Lines;

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "text",
    revision: 1,
    title: "Scripts, installers' scripts, setup information (INF), registry and unit files",
    limitations: &[
        "Keys and services whose names a script puts together as it runs are not seen.",
        "Keys that are only read are no facts, and none are commands in prose (Markdown, HTML, plain text).",
    ],
    technique: Technique::SourceCodeAnalysis,
    accepts,
    observe,
};

/// Bytes looked at to tell text from other things.
const LOOK: usize = 4096;

/// Endings of texts that are read by people: what they say of commands, nobody runs.
const PROSE: &[&str] = &[".md", ".markdown", ".rst", ".adoc", ".txt", ".html", ".htm", ".tex"];

fn accepts(head: &Head<'_>) -> bool {
    lines::is_text(head.bytes.get(..LOOK.min(head.bytes.len())).unwrap_or_default())
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of the port")]
fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let lower = source.name.to_ascii_lowercase();
    if PROSE.iter().any(|ending| lower.ends_with(ending)) {
        return Ok(());
    }
    let lines = Lines::of(source.bytes);
    if sink.wants(FactKind::RegistryKey) || sink.wants(FactKind::ServiceName) {
        commands::observe(&lines, source.name, sink);
    }
    if sink.wants(FactKind::Manufacturer) {
        inf::observe(&lines, sink);
    }
    Ok(())
}
