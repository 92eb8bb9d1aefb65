//! Prints what every observer that accepts a file says of it, as golden cases are written: `facts FILE…`.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "an example reads what it is given and speaks")]

use std::io::Error;

use interdict_inspect::OBSERVERS;
use interdict_model::{Head, Needles};

fn main() -> Result<(), Error> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let name = path.rsplit('/').next().unwrap_or_default();
        for observer in OBSERVERS.iter().filter(|observer| (observer.accepts)(&Head { bytes: &bytes, name })) {
            print!("{}", interdict_testkit::lines(observer, name, &bytes, &Needles::default()));
        }
    }
    Ok(())
}
