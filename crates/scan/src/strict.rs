//! Strict reading of documents: what the official schema of the declared version says, as repairs; second readers, as notes.
use interdict_model::{Receiver as _, Source};
use interdict_sbom::{Strictness, strict};

use crate::record::Record;

/// Holds a document against the official schema of every format that it was recognised as.
pub(crate) fn hold(source: &Source<'_>, recognised: &[&'static str], record: &mut Record<'_>) {
    for observer in interdict_sbom::OBSERVERS.iter().filter(|observer| recognised.contains(&observer.id)) {
        tell(observer.id, &strict(observer.id, source.bytes), record);
    }
}

fn tell(format: &'static str, strictness: &Strictness, record: &mut Record<'_>) {
    for complaint in &strictness.complaints {
        let against = strictness.against.unwrap_or("its official schema");
        let wrong = format!("{}, by {against}", complaint.wrong);
        record.repair(format, complaint.pointer.clone(), wrong, "what stands there".to_owned());
    }
    let place = record.place().clone();
    if strictness.against.is_none() {
        let version = record.document.as_ref().and_then(|(_, document)| document.version.as_deref()).unwrap_or("none");
        record.notes.push(format!(
            "`{place}`: no official schema of its format and version ({format}, {version}) is here; only repairs speak against it"
        ));
    }
    if let Some(first) = strictness.lint.first() {
        let more = strictness.lint.len() - 1;
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        record.notes.push(format!("`{place}`: a strict second reader complains: {}{more}", shown(first)));
    }
}

/// A text of other people's making in one short line.
fn shown(text: &str) -> String {
    const SHOWN: usize = 200;
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN).collect()
}
