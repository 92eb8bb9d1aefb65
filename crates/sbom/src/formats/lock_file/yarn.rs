//! yarn.lock of Yarn 1 and of Berry: blocks that begin with what was asked for.
use super::list::{List, Package};
use super::npm::split;

pub(super) fn lock(text: &str, list: &mut List) {
    let mut block: Option<Package> = None;
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if !line.starts_with([' ', '\t']) {
            list.packages.extend(block.take());
            let first = line.trim_end_matches(':').split(',').next().unwrap_or_default().trim().trim_matches('"');
            let asked = split(first).filter(|(name, _)| *name != "__metadata");
            block = asked.map(|(name, range)| {
                let name = range.strip_prefix("npm:").and_then(split).map_or(name, |(name, _)| name);
                Package::new("npm", name, "", format!("line {}", index + 1))
            });
            continue;
        }
        let Some(package) = &mut block else { continue };
        // Deeper lines are what the package needs, by range.
        if line.trim_start().len() + 2 < line.len() {
            continue;
        }
        let (key, value) = line.trim().split_once([' ', ':']).unwrap_or_default();
        let value = value.trim_start_matches(':').trim().trim_matches('"');
        match key.trim_matches('"') {
            "version" => value.clone_into(&mut package.version),
            "resolved" => value.clone_into(&mut package.from),
            "resolution" => {
                if let Some((name, _)) = split(value) {
                    name.clone_into(&mut package.name);
                }
            }
            _ => {}
        }
    }
    list.packages.extend(block);
    // What a workspace holds itself has no version of its own.
    list.packages.retain(|package| !package.name.is_empty() && package.version != "0.0.0-use.local");
}
