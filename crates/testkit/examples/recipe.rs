//! Writes what a recipe makes to standard output, for a look at it with `readelf`, `objdump` and the like.
#![expect(clippy::disallowed_methods, reason = "a tool for people at a terminal")]

use std::io::Write as _;

fn main() -> Result<(), String> {
    let file =
        std::env::args_os().nth(1).ok_or("usage: cargo run -q -p interdict-testkit --example recipe FILE > OUT")?;
    let recipe = std::fs::read_to_string(file).map_err(|why| why.to_string())?;
    let bytes = interdict_testkit::build(&recipe)?;
    std::io::stdout().write_all(&bytes).map_err(|why| why.to_string())
}
