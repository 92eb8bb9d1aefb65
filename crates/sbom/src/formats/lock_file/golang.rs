//! go.mod: the modules that a module requires, and what they are replaced by.
use super::list::{List, Package};

pub(super) fn module(text: &str, list: &mut List) {
    let mut block = "";
    for (index, line) in text.lines().enumerate() {
        let line = line.split("//").next().unwrap_or_default().trim();
        let at = format!("line {}", index + 1);
        if line == ")" {
            block = "";
            continue;
        }
        let (verb, rest) =
            if block.is_empty() { line.split_once([' ', '\t']).unwrap_or((line, "")) } else { (block, line) };
        if rest.trim() == "(" {
            block = verb;
            continue;
        }
        let words: Vec<&str> = rest.split_whitespace().map(|word| word.trim_matches(['"', '`'])).collect();
        match (verb, words.as_slice()) {
            ("module", [name, ..]) => list.subject = Some(Package::new("golang", name, "", at)),
            ("require" | "tool", [name]) => list.push(Package::new("golang", name, "", at)),
            ("require", [name, version, ..]) | ("replace", [.., "=>", name, version]) => {
                list.push(Package::new("golang", name, version, at));
            }
            // A folder beside the file.
            ("replace", [.., "=>", name]) if !name.starts_with(['.', '/']) => {
                list.push(Package::new("golang", name, "", at));
            }
            _ => {}
        }
    }
}
