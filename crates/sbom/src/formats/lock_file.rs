//! Lock files and manifests of package managers: what a build takes in, by name, version and package URL.
mod cocoa;
mod composer;
mod conan;
mod dart;
mod golang;
mod gradle;
mod helm;
mod image;
mod list;
mod maven;
mod npm;
mod nuget;
mod python;
mod ruby;
mod tree;
mod yarn;

use interdict_model::{GapReason, Head, Malformed, Observer, Sink, Source, Technique, Unseen};

use self::list::List;
use self::tree::Tree;
use crate::encoding;
use crate::json::Json;
use crate::xml;
use crate::yaml;

pub(crate) const ENTRY: Observer = Observer {
    id: "lock-file",
    revision: 1,
    title: "lock files and manifests of package managers",
    limitations: &[
        "Known by name: package-lock.json, npm-shrinkwrap.json, yarn.lock, pnpm-lock.yaml; requirements*.txt, constraints*.txt, \
         poetry.lock, uv.lock, pdm.lock, pylock.toml, Pipfile.lock; go.mod; pom.xml, *.pom; gradle.lockfile, *.gradle, \
         *.gradle.kts, *.versions.toml; packages.lock.json, project.assets.json, *.deps.json, packages.config, *.csproj and its \
         like; composer.lock; Gemfile.lock; Podfile.lock, Package.resolved, Cartfile.resolved; pubspec.lock; conan.lock, \
         vcpkg.json; Chart.yaml, Chart.lock; Dockerfile, docker-compose*.yml.",
        "A manifest says what is asked for, not what a build contains; a range of versions is not told as a version.",
        "Variables are replaced where the same file sets them; parents, includes and scripts are not followed.",
        "Files of over 32 MiB or two million values, and what is nested in more than 64 lists and objects, are a gap.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

/// Bytes of a file that are read.
const LARGEST: usize = 32 << 20;

/// What a file is written in, and who makes a list of it.
#[derive(Clone, Copy)]
enum Reader {
    Json(fn(&Tree, &mut List)),
    Yaml(fn(&Tree, &mut List)),
    Toml(fn(&Tree, &mut List)),
    Xml(fn(&Tree, &mut List)),
    Lines(fn(&str, &mut List)),
}

/// Names in lower case, with a `*` for anything; and how such a file is read.
const KINDS: &[(&[&str], Reader)] = &[
    (&["package-lock.json", ".package-lock.json", "npm-shrinkwrap.json"], Reader::Json(npm::lock)),
    (&["pnpm-lock.yaml"], Reader::Yaml(npm::pnpm)),
    (&["yarn.lock"], Reader::Lines(yarn::lock)),
    (&["requirements*.txt", "*requirements.txt", "constraints*.txt"], Reader::Lines(python::requirements)),
    (&["poetry.lock", "uv.lock", "pdm.lock", "pylock*.toml"], Reader::Toml(python::lock)),
    (&["pipfile.lock"], Reader::Json(python::pipfile)),
    (&["go.mod"], Reader::Lines(golang::module)),
    (&["pom.xml", "*.pom"], Reader::Xml(maven::project)),
    (&["gradle.lockfile", "*-gradle.lockfile"], Reader::Lines(gradle::lock)),
    (&["*.gradle", "*.gradle.kts"], Reader::Lines(gradle::script)),
    (&["*.versions.toml"], Reader::Toml(gradle::catalog)),
    (&["packages.lock.json"], Reader::Json(nuget::lock)),
    (&["project.assets.json", "*.deps.json"], Reader::Json(nuget::libraries)),
    (&["packages.config"], Reader::Xml(nuget::config)),
    (&["*.csproj", "*.fsproj", "*.vbproj", "*.vcxproj", "directory.*.props"], Reader::Xml(nuget::project)),
    (&["composer.lock"], Reader::Json(composer::lock)),
    (&["gemfile.lock", "gems.locked"], Reader::Lines(ruby::lock)),
    (&["podfile.lock"], Reader::Yaml(cocoa::pods)),
    (&["package.resolved"], Reader::Json(cocoa::swift)),
    (&["cartfile.resolved", "cartfile"], Reader::Lines(cocoa::carthage)),
    (&["pubspec.lock"], Reader::Yaml(dart::lock)),
    (&["conan.lock"], Reader::Json(conan::lock)),
    (&["vcpkg.json"], Reader::Json(conan::vcpkg)),
    (&["chart.yaml", "chart.lock", "requirements.lock"], Reader::Yaml(helm::chart)),
    (&["dockerfile", "dockerfile.*", "*.dockerfile", "containerfile"], Reader::Lines(image::recipe)),
    (&["docker-compose*.y*ml", "compose*.y*ml"], Reader::Yaml(image::compose)),
];

fn reader(name: &str) -> Option<Reader> {
    kind(name).and_then(|at| KINDS.get(at)).map(|(_, reader)| *reader)
}

fn kind(name: &str) -> Option<usize> {
    const LONGEST: usize = 255;
    let name = (name.len() <= LONGEST).then(|| name.to_ascii_lowercase())?;
    KINDS.iter().position(|(names, _)| names.iter().any(|like| is_like(&name, like)))
}

/// Whether a name is written so; each `*` stands for anything.
fn is_like(name: &str, like: &str) -> bool {
    let Some((before, after)) = like.split_once('*') else { return name == like };
    let Some(rest) = name.strip_prefix(before) else { return false };
    if after.contains('*') {
        (0..=rest.len()).any(|at| rest.get(at..).is_some_and(|rest| is_like(rest, after)))
    } else {
        rest.ends_with(after)
    }
}

fn accepts(head: &Head<'_>) -> bool {
    reader(head.name).is_some() && !head.bytes.contains(&0)
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let reader = reader(source.name).ok_or(Malformed::NotThis)?;
    let bytes = source.bytes.get(..LARGEST).unwrap_or(source.bytes);
    let mut list = List::default();
    let (begun, read) = read(reader, bytes, &mut list);
    if bytes.len() < source.bytes.len() {
        let detail = format!("of this list the first {LARGEST} bytes were read");
        let (start, end) = (bytes.len() as u64, source.bytes.len() as u64);
        list.is_cut = true;
        list.gaps.push(Unseen::new(GapReason::OverLimit, detail).over(start, end).needing("a shorter list"));
    }
    if list.is_empty() && !list.is_cut {
        // Whatever has such a name and no list in it is some other file, unless it breaks off where one may have begun.
        return if begun { read.and(Err(Malformed::NotThis)) } else { Err(Malformed::NotThis) };
    }
    list.tell(sink);
    read
}

/// Makes the list; says whether anything stood there in its language, and where that ended.
fn read(reader: Reader, bytes: &[u8], list: &mut List) -> (bool, Result<(), Malformed>) {
    match reader {
        Reader::Json(read) => {
            let decoded = encoding::decode(bytes);
            let mut json = Json::new(&decoded.text);
            let (tree, fault) = tree::of_json(&mut json, list);
            read(&tree, list);
            (tree != Tree::Nothing, fault.map_or(Ok(()), |fault| Err(crate::reading::malformed(&json, fault))))
        }
        Reader::Yaml(read) => {
            let decoded = encoding::decode(bytes);
            let said = yaml::transcode(&decoded.text);
            let (tree, _) = tree::of_json(&mut Json::new(&said.json), list);
            read(&tree, list);
            // The documents of a stream stand in one object: what each of them has once is nobody's fault.
            list.twice.clear();
            list.gaps.extend(said.gaps);
            (!tree.members().is_empty(), said.fault.map_or(Ok(()), Err))
        }
        Reader::Toml(read) => {
            let decoded = encoding::decode(bytes);
            let (tree, fault) = tree::of_toml(&decoded.text);
            read(&tree, list);
            (!tree.members().is_empty(), fault.map_or(Ok(()), Err))
        }
        Reader::Xml(read) => {
            let text = xml::Source::of(bytes);
            let (tree, fault) = tree::of_xml(&text, list);
            read(&tree, list);
            (!tree.members().is_empty(), fault.map_or(Ok(()), Err))
        }
        Reader::Lines(read) => {
            read(&encoding::decode(bytes).text, list);
            (true, Ok(()))
        }
    }
}

#[cfg(test)]
mod tests;
