//! What `cargo auditable` puts into a program: its dependency tree as compressed JSON, in a section called `.dep-v0`.
use std::io::Read as _;

use flate2::read::ZlibDecoder;
use interdict_model::{GapReason, Scope, Sink, Unseen};
use serde::Deserialize;

use super::{Ingredient, tell};
use crate::read::{clamped, span, unread};

/// Most bytes a list may have once it is decompressed; the largest known programs have a few hundred kilobytes.
const LONGEST: u64 = 16 << 20;

#[derive(Deserialize)]
struct List {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    dependencies: Vec<usize>,
    #[serde(default)]
    root: bool,
}

/// Tells the packages of the list in `len` bytes from `start`, and what needs what.
pub(crate) fn observe(bytes: &[u8], start: usize, len: usize, sink: &mut Sink<'_>) {
    let data = clamped(bytes, start, len);
    let end = start.saturating_add(data.len());
    let mut text = Vec::new();
    let read = ZlibDecoder::new(data).take(LONGEST).read_to_end(&mut text);
    if text.len() as u64 >= LONGEST {
        let detail = format!("the list of packages at offset {start:#x} is longer than {LONGEST} bytes");
        sink.gap(Unseen::new(GapReason::OverLimit, detail).over(start as u64, end as u64));
        return;
    }
    let list = read
        .map_err(|why| why.to_string())
        .and_then(|_| serde_json::from_slice::<List>(&text).map_err(|why| why.to_string()));
    let list = match list {
        Ok(list) => list,
        Err(why) => {
            let detail = format!("the list of packages at offset {start:#x} cannot be read: {why}");
            sink.gap(unread(detail, start as u64, end as u64));
            return;
        }
    };
    for (number, package) in list.packages.iter().enumerate() {
        let reference = number.to_string();
        let purl = format!("pkg:cargo/{}@{}", package.name, package.version.replace('+', "%2B"));
        let ingredient = Ingredient {
            pointer: &format!("/packages/{number}"),
            reference: &reference,
            name: &package.name,
            version: Some(&package.version),
            // What lies only in its author's folder is on no registry.
            purl: (package.source != "local").then_some(&purl),
            scope: if package.kind == "build" { Scope::Build } else { Scope::Required },
            is_subject: package.root,
        };
        tell(&ingredient, span(start, data.len()), sink);
    }
    let count = list.packages.len();
    let mut astray = 0_usize;
    for (number, package) in list.packages.iter().enumerate() {
        for needed in &package.dependencies {
            if *needed < count {
                sink.depends(&number.to_string(), &needed.to_string());
            } else {
                astray += 1;
            }
        }
    }
    if astray > 0 {
        let detail =
            format!("{astray} dependencies in the list of packages at offset {start:#x} name no package of it");
        sink.gap(unread(detail, start as u64, end as u64));
    }
}

#[cfg(test)]
mod tests {
    use interdict_testkit::build;

    #[test]
    fn a_list_that_never_ends_is_a_gap() {
        let list = "kind = \"zlib\"\nparts = [{ repeat = { text = \" \", times = 20000000 } }]";
        let recipe = format!(
            "kind = \"elf\"\nsections = [{{ name = \".dep-v0\", parts = [{{ recipe = {{ {} }} }}] }}]",
            list.replace('\n', ", ")
        );
        let bytes = build(&recipe).unwrap();
        let observer = crate::OBSERVERS.iter().find(|observer| observer.id == "elf").unwrap();
        let said = interdict_testkit::lines(observer, "", &bytes, &interdict_model::Needles::default());
        assert!(said.contains("gap over-limit \"the list of packages"), "{said}");
    }
}
