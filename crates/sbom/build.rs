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
    for folder in ["cyclonedx", "spdx"] {
        for entry in fs::read_dir(Path::new("schemas").join(folder))? {
            let path = entry?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if let Some(name) = name.strip_suffix(".schema.json") {
                let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
                encoder.write_all(&fs::read(&path)?)?;
                fs::write(out.join(format!("{}.schema", name.trim_end_matches(".SNAPSHOT"))), encoder.finish()?)?;
            }
        }
    }
    Ok(())
}
