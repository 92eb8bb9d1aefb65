//! What is read and written, as the registries state it, with what each reader does not see.
use interdict_model::Observer;

use super::{columns, heading, row};

pub(super) fn page() -> Result<String, String> {
    let mut page = vec![heading(
        "Formats",
        "Everything is recognised by content; a name only helps. What a reader does not see is written down by the reader itself. \
         An artifact that nobody here accepts is listed in the report's coverage, never passed over in silence.",
    )];
    observers(&mut page, "SBOMs and other documents", interdict_sbom::OBSERVERS)?;
    observers(&mut page, "Binaries", interdict_inspect::OBSERVERS)?;
    containers(&mut page);
    page.push("\n## Outputs\n".to_owned());
    page.push(columns(&["`-o`", "for", "file"]));
    for writer in interdict_report::WRITERS {
        page.push(row(&[&format!("`{}`", writer.id), writer.title, &format!("`.{}`", writer.extension)]));
    }
    Ok(page.concat())
}

fn observers(page: &mut Vec<String>, title: &str, observers: &[Observer]) -> Result<(), String> {
    page.push(format!("\n## {title}\n"));
    page.push(columns(&["id", "what", "known by", "does not see"]));
    for observer in observers {
        let technique = serde_json::to_value(observer.technique).map_err(|error| error.to_string())?;
        let id = format!("`{}`", observer.id);
        page.push(row(&[&id, observer.title, technique.as_str().unwrap_or_default(), &unseen(observer.limitations)]));
    }
    Ok(())
}

fn containers(page: &mut Vec<String>) {
    page.push("\n## Containers\n".to_owned());
    page.push(columns(&["id", "what", "does not open"]));
    for unpacker in interdict_unpack::UNPACKERS {
        page.push(row(&[&format!("`{}`", unpacker.id), unpacker.title, &unseen(unpacker.limitations)]));
    }
}

fn unseen(limitations: &[&str]) -> String {
    if limitations.is_empty() { "–".to_owned() } else { limitations.join("<br>") }
}
