//! NuGet: what projects refer to, what was restored for them, and what a published program lists beside itself.
use interdict_model::Scope;

use super::list::{List, Package, exact, step};
use super::tree::Tree;

/// `packages.lock.json`: by framework.
pub(super) fn lock(tree: &Tree, list: &mut List) {
    for (framework, packages) in tree.all("dependencies").flat_map(Tree::members) {
        for (name, entry) in packages.members() {
            // Another project of the same solution.
            if entry.word("type") != "Project" {
                let at = format!("/dependencies/{}/{}", step(framework), step(name));
                list.push(Package::new("nuget", name, entry.word("resolved"), at));
            }
        }
    }
}

/// `project.assets.json` and `*.deps.json`: libraries by `Name/1.0`.
pub(super) fn libraries(tree: &Tree, list: &mut List) {
    for (key, entry) in tree.all("libraries").flat_map(Tree::members) {
        let Some((name, version)) = key.rsplit_once('/') else { continue };
        let package = Package::new("nuget", name, version, format!("/libraries/{}", step(key)));
        match entry.word("type") {
            "project" if list.subject.is_none() => list.subject = Some(package),
            "project" => {}
            // An assembly that comes from no package.
            "reference" => list.push(Package { kind: "", ..package }),
            _ => list.push(package),
        }
    }
}

/// `packages.config`.
pub(super) fn config(tree: &Tree, list: &mut List) {
    for (index, one) in tree.at("packages").all("package").enumerate() {
        let scope = if one.is("developmentDependency") { Scope::Dev } else { Scope::Required };
        let package = Package::new("nuget", one.word("id"), exact(one.word("version")), format!("/packages/{index}"));
        list.push(package.scoped(scope));
    }
}

/// `*.csproj` and what is imported by them: references to packages, and to assemblies by name.
pub(super) fn project(tree: &Tree, list: &mut List) {
    let groups = tree.at("Project").members().iter().filter(|(name, _)| name == "ItemGroup");
    for (kind, one) in groups.flat_map(|(_, group)| group.members()) {
        let name = [one.word("Include"), one.word("Update")].into_iter().find(|name| !name.is_empty());
        let Some(name) = name.map(|name| name.split(',').next().unwrap_or(name)) else { continue };
        let at = format!("/Project/ItemGroup/{kind}/{}", step(name));
        let is_private = one.word("PrivateAssets").eq_ignore_ascii_case("all");
        match kind.as_str() {
            "PackageReference" | "PackageVersion" | "GlobalPackageReference" | "PackageDownload" => {
                let version =
                    [one.word("Version"), one.word("VersionOverride")].into_iter().find(|text| !text.is_empty());
                let scope = if is_private { Scope::Build } else { Scope::Required };
                list.push(Package::new("nuget", name, exact(version.unwrap_or_default()), at).scoped(scope));
            }
            "Reference" => list.push(Package::new("", name, "", at)),
            _ => {}
        }
    }
}
