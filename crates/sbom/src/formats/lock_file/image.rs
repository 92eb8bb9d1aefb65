//! Images of containers that others are built upon or run beside: Dockerfile, docker-compose.yml.
use std::collections::BTreeMap;

use super::list::{List, Package, step};
use super::tree::Tree;

/// `FROM image AS stage`, `COPY --from=image`; arguments with a default are put in.
pub(super) fn recipe(text: &str, list: &mut List) {
    let mut stages: Vec<String> = Vec::new();
    let mut set: BTreeMap<String, String> = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let at = format!("line {}", index + 1);
        let verb = words.first().map(|verb| verb.to_ascii_uppercase()).unwrap_or_default();
        match (verb.as_str(), words.get(1..).unwrap_or_default()) {
            ("ARG", [assigned, ..]) => {
                if let Some((name, value)) = assigned.split_once('=') {
                    set.insert(name.to_owned(), value.trim_matches(['"', '\'']).to_owned());
                }
            }
            ("FROM", rest) => {
                let rest: Vec<&&str> = rest.iter().filter(|word| !word.starts_with("--")).collect();
                if let Some(image) = rest.first().map(|image| filled(image, &set)) {
                    if !stages.contains(&image.to_ascii_lowercase()) {
                        of(&image, at, list);
                    }
                    stages.extend(rest.get(2).map(|stage| stage.to_ascii_lowercase()));
                }
            }
            ("COPY" | "ADD", rest) => {
                let from = rest.iter().find_map(|word| word.strip_prefix("--from="));
                let from = from.map(|image| filled(image, &set));
                let is_stage =
                    |name: &String| stages.contains(&name.to_ascii_lowercase()) || name.parse::<u32>().is_ok();
                if let Some(image) = from.filter(|image| !is_stage(image)) {
                    of(&image, at, list);
                }
            }
            _ => {}
        }
    }
}

/// Services by their images.
pub(super) fn compose(tree: &Tree, list: &mut List) {
    for (name, service) in tree.all("services").flat_map(Tree::members) {
        let image = service.word("image");
        if !image.is_empty() {
            of(image, format!("/services/{}/image", step(name)), list);
        }
    }
}

fn of(image: &str, at: String, list: &mut List) {
    if image == "scratch" || image.contains('$') {
        return;
    }
    let (image, digest) = image.split_once('@').unwrap_or((image, ""));
    let slash = image.rfind('/').map_or(0, |at| at + 1);
    let tag = image.get(slash..).and_then(|last| last.find(':')).map(|at| slash + at);
    let (name, tag) = tag.and_then(|at| image.split_at_checked(at)).unwrap_or((image, ""));
    let version = if digest.is_empty() { tag.trim_start_matches(':') } else { digest };
    // A first part with a dot or a port is a registry.
    let is_registry = |first: &str| first.contains(['.', ':']) || first == "localhost";
    let (registry, name) = name.split_once('/').filter(|(first, _)| is_registry(first)).unwrap_or(("", name));
    let name = name.strip_prefix("library/").unwrap_or(name);
    let from =
        if registry.is_empty() || registry == "docker.io" { String::new() } else { format!("https://{registry}/") };
    list.push(Package::new("docker", name, version, at).from(&from));
}

/// `$NAME`, `${NAME}` and `${NAME:-value}`, as far as it is known.
fn filled(text: &str, set: &BTreeMap<String, String>) -> String {
    const STEPS: usize = 16;
    const LONGEST: usize = 1024;
    let mut text = text.to_owned();
    for _ in 0..STEPS {
        let Some((before, rest)) = text.split_once('$') else { break };
        let (name, after) = if let Some(rest) = rest.strip_prefix('{') {
            rest.split_once('}').unwrap_or((rest, ""))
        } else {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            rest.split_at_checked(end).unwrap_or((rest, ""))
        };
        let (name, otherwise) = name.split_once(":-").map_or((name, None), |(name, value)| (name, Some(value)));
        let Some(value) = set.get(name).map(String::as_str).or(otherwise) else { break };
        let next = format!("{before}{value}{after}");
        if next.len() > LONGEST {
            break;
        }
        text = next;
    }
    text
}
