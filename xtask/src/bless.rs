//! `bless`: accept what the tests print as what they expect, to be read in the diff.
use crate::run;

pub(crate) fn run(words: &[String]) -> Result<(), String> {
    let mut line = vec!["cargo", "test", "--no-fail-fast"];
    if words.is_empty() {
        line.push("--workspace");
    }
    line.extend(words.iter().map(String::as_str));
    run::shown(&line, &[("INTERDICT_BLESS", "1"), ("UPDATE_EXPECT", "1")])
}
