//! Maven's project files: dependencies, plug-ins and parents, with the properties of the same file put in.
use std::collections::BTreeMap;

use interdict_model::Scope;

use super::list::{List, Package};
use super::tree::Tree;

pub(super) fn project(tree: &Tree, list: &mut List) {
    let project = tree.at("project");
    if project.at("artifactId") == &Tree::Nothing && project.at("parent") == &Tree::Nothing {
        return;
    }
    let mut set: BTreeMap<String, String> = BTreeMap::new();
    let profiles = project.at("profiles");
    let everywhere = || std::iter::once(project).chain(profiles.all("profile"));
    for (name, value) in everywhere().flat_map(|part| part.at("properties").members()) {
        set.entry(name.clone()).or_insert_with(|| value.text().to_owned());
    }
    let parent = project.at("parent");
    for key in ["groupId", "artifactId", "version"] {
        let own = [project.word(key), parent.word(key)].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        set.insert(format!("project.{key}"), own.to_owned());
        set.insert(format!("pom.{key}"), own.to_owned());
    }
    let of = |from: &Tree, at: &str| {
        let [group, name, version] = ["groupId", "artifactId", "version"].map(|key| filled(from.word(key), &set));
        let version = if version.contains(['$', '[', '(', ',']) { String::new() } else { version };
        Package::new("maven", &format!("{group}/{name}"), &version, at)
    };
    let own = Tree::Object(
        ["groupId", "artifactId", "version"]
            .map(|key| (key.to_owned(), Tree::Text(set.get(&format!("project.{key}")).cloned().unwrap_or_default())))
            .into(),
    );
    list.subject = Some(of(&own, "/project"));
    if parent != &Tree::Nothing {
        list.push(of(parent, "/project/parent").scoped(Scope::Build));
    }
    for part in everywhere() {
        let build = part.at("build");
        for (where_, holder, is_managed) in
            [("dependencies", part, false), ("dependencyManagement", part.at("dependencyManagement"), true)]
        {
            for (index, one) in holder.at("dependencies").all("dependency").enumerate() {
                let scope = match (one.word("scope"), is_managed || one.is("optional")) {
                    ("test", _) => Scope::Test,
                    ("provided" | "import", _) | (_, true) => Scope::Optional,
                    _ => Scope::Required,
                };
                list.push(of(one, &format!("/project/{where_}/{index}")).scoped(scope));
            }
        }
        for (index, plugin) in build.at("plugins").all("plugin").enumerate() {
            let at = format!("/project/build/plugins/{index}");
            for (inner, one) in plugin.at("dependencies").all("dependency").enumerate() {
                list.push(of(one, &format!("{at}/dependencies/{inner}")).scoped(Scope::Build));
            }
            list.push(of(plugin, &at).scoped(Scope::Build));
        }
    }
}

/// A text with `${…}` replaced as far as the file itself says by what.
fn filled(text: &str, set: &BTreeMap<String, String>) -> String {
    const STEPS: usize = 16;
    const LONGEST: usize = 1024;
    let mut text = text.to_owned();
    for _ in 0..STEPS {
        let found = text.find("${").and_then(|start| {
            let rest = text.get(start + 2..)?;
            let (name, after) = rest.split_once('}')?;
            Some(format!("{}{}{after}", text.get(..start)?, set.get(name)?))
        });
        match found {
            Some(next) if next.len() <= LONGEST => text = next,
            _ => break,
        }
    }
    text
}
