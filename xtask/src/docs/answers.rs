//! The answers at the end of the guides, as the built command gives them on the demo.
use crate::run;

/// The day the guides are judged for, so that a page does not change with the calendar.
const DAY: &str = "2026-11-24";

/// The longest line of an annotation that is shown whole.
const LONGEST: usize = 320;

pub(super) fn vendor() -> Result<String, String> {
    answer(&["scan", "fixtures/demo/northwind-mail-gateway", "--profile", "us-vendor"], 1)
}

pub(super) fn reviewer() -> Result<String, String> {
    answer(&["scan", "fixtures/demo/contoso-backup", "--profile", "us-vendor"], 1)
}

pub(super) fn gate() -> Result<String, String> {
    answer(&["scan", "fixtures/demo/contoso-backup", "--profile", "us-vendor", "-o", "github"], 1)
}

/// The command line, what it prints, and the status it must end with.
fn answer(arguments: &[&str], wanted: i32) -> Result<String, String> {
    let line = [&["cargo", "run", "--quiet", "--bin", "interdict", "--"], arguments].concat();
    let output = run::kept(&line, &[("INTERDICT_AS_OF", DAY)])?;
    let shown = arguments.join(" ");
    if output.status.code() != Some(wanted) {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`interdict {shown}` was to end with {wanted}, and ended with {}:\n{said}", output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<String> = text.lines().map(cut).collect();
    Ok(format!("```text\n$ interdict {shown}\n{}\n$ echo $?\n{wanted}\n```", lines.join("\n").trim_end()))
}

fn cut(line: &str) -> String {
    let line = line.trim_end();
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or(line)),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_between_letters() {
        assert_eq!(cut("short  "), "short");
        assert_eq!(cut(&"é".repeat(LONGEST + 10)), format!("{}…", "é".repeat(LONGEST)));
    }
}
