//! How long the whole process takes for a small SBOM: `cargo bench -p interdict-cli`.
#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#![expect(clippy::disallowed_methods, reason = "a benchmark runs the built program on a file of its own")]
use std::fmt::Write as _;
use std::io;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 60;
const COMPONENTS: usize = 90;

fn main() -> io::Result<()> {
    let file = std::env::temp_dir().join(format!("interdict-start-{}.json", std::process::id()));
    let document = document();
    std::fs::write(&file, &document)?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_interdict"));
    command.args(["scan", "-o", "json"]).arg(&file).stdout(Stdio::null()).stderr(Stdio::null());
    let mut took: Vec<Duration> = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let start = Instant::now();
        let status = command.status()?;
        took.push(start.elapsed());
        if !status.success() {
            return Err(io::Error::other(format!("the program ended with {status}")));
        }
    }
    std::fs::remove_file(&file)?;
    took.sort_unstable();
    let at = |index: usize| took.get(index).copied().unwrap_or_default().as_secs_f64() * 1000.0;
    let (least, median, most) = (at(0), at(RUNS / 2), at(RUNS - 1));
    println!(
        "{} bytes of CycloneDX, whole process, {RUNS} runs: {least:.1} ms least, {median:.1} median, {most:.1} most",
        document.len()
    );
    Ok(())
}

fn document() -> String {
    let mut components = String::new();
    for index in 0..COMPONENTS {
        let comma = if index == 0 { "" } else { "," };
        let purl = format!("pkg:npm/module-{index}@1.{index}.0");
        // Writing to a `String` cannot fail.
        let _ = write!(
            components,
            r#"{comma}{{"type":"library","bom-ref":"{purl}","name":"module-{index}","version":"1.{index}.0","purl":"{purl}","supplier":{{"name":"Example Works, Inc."}},"licenses":[{{"license":{{"id":"MIT"}}}}]}}"#
        );
    }
    format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{components}]}}"#)
}
