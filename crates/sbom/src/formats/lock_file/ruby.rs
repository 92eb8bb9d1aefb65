//! Gemfile.lock: gems by source, each with its version, and below it what it needs.
use super::list::{List, Package};

pub(super) fn lock(text: &str, list: &mut List) {
    let (mut section, mut remote, mut in_specs) = ("", "", false);
    let mut above: Option<String> = None;
    for (index, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let trimmed = line.trim();
        match indent {
            0 => (section, remote, in_specs) = (trimmed, "", false),
            2 if trimmed == "specs:" => in_specs = true,
            2 => remote = trimmed.strip_prefix("remote: ").unwrap_or(remote),
            4 if in_specs => {
                let (name, rest) = trimmed.split_once(" (").unwrap_or((trimmed, ""));
                let version = rest.trim_end_matches(')');
                let package = Package::new("gem", name, version, format!("line {}", index + 1)).from(remote);
                above = Some(package.reference());
                // What lies in the folder itself.
                if section == "PATH" && list.subject.is_none() {
                    list.subject = Some(package);
                } else {
                    list.push(package);
                }
            }
            6 if in_specs => {
                let name = trimmed.split(' ').next().unwrap_or(trimmed).to_owned();
                list.asks.extend(above.clone().map(|from| (from, name)));
            }
            _ => {}
        }
    }
}
