//! Writes the seeds of every target into a folder each, and prints the targets: `seeds FIXTURES FOLDER`.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a tool of the fuzzer, which ships to nobody")]
use std::path::Path;

fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [fixtures, folder] = words.as_slice() else { return Err(std::io::Error::other("seeds FIXTURES FOLDER")) };
    for target in interdict_fuzz::targets() {
        let home = Path::new(folder).join(target.name.replace('/', "-"));
        std::fs::create_dir_all(&home)?;
        for (index, seed) in interdict_fuzz::seeds(Path::new(fixtures), &target.name).iter().enumerate() {
            std::fs::write(home.join(format!("seed-{index}")), seed)?;
        }
        println!("{}", target.name);
    }
    Ok(())
}
