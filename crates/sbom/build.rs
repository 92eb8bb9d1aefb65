//! Deflates the official schemas, so that they are small in the library.
#![expect(clippy::disallowed_methods, reason = "a build script reads its own crate's data")]
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, error, fs};

use flate2::{Compression, write::DeflateEncoder};

type Fallible<T> = Result<T, Box<dyn error::Error>>;

fn main() -> Fallible<()> {
    println!("cargo::rerun-if-changed=schemas");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let licences = fs::read_to_string("schemas/cyclonedx/spdx.SNAPSHOT.xsd")?;
    for folder in ["cyclonedx", "spdx"] {
        for entry in fs::read_dir(Path::new("schemas").join(folder))? {
            let path = entry?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if let Some(name) = name.strip_suffix(".schema.json") {
                let name = format!("{}.schema", name.trim_end_matches(".SNAPSHOT"));
                fs::write(out.join(name), deflated(&fs::read(&path)?)?)?;
            } else if let Some(name) = name.strip_suffix(".SNAPSHOT.xsd").filter(|name| *name != "spdx") {
                let schema = alone(&fs::read_to_string(&path)?, &licences).ok_or("a schema of another shape")?;
                fs::write(out.join(format!("{name}.xsd")), deflated(schema.as_bytes())?)?;
            }
        }
    }
    Ok(())
}

fn deflated(text: &[u8]) -> Fallible<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text)?;
    Ok(encoder.finish()?)
}

/// An XML schema of CycloneDX with the list of licences that it imports as a type of its own, and without what explains it.
fn alone(schema: &str, licences: &str) -> Option<String> {
    let own = |schema: &str| {
        let (start, end) = (schema.find("<xs:simpleType name=\"licenseId\"")?, schema.rfind("</xs:schema>")?);
        schema.get(start..end).map(str::to_owned)
    };
    let (before, rest) = schema.split_once("<xs:import ")?;
    let (_, after) = rest.split_once("/>")?;
    let (after, _) = after.rsplit_once("</xs:schema>")?;
    let after = after.replace("\"spdx:licenseId\"", "\"bom:licenseId\"");
    let mut text = format!("{before}{after}{}</xs:schema>", own(licences)?);
    while let Some(start) = text.find("<xs:annotation") {
        let end = start + text.get(start..)?.find("</xs:annotation>")? + "</xs:annotation>".len();
        text.replace_range(start..end, "");
    }
    Some(text)
}
