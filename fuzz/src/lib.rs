//! What is fuzzed: a plain function from bytes for every reader, and for every parser of text that may be hostile.
mod kept;
mod texts;

use interdict_catalog::pack;
use interdict_inspect::OBSERVERS as EXECUTABLES;
use interdict_sbom::OBSERVERS as DOCUMENTS;
use interdict_unpack::UNPACKERS as CONTAINERS;

type Run = Box<dyn Fn(&[u8])>;

/// A function that must come back from any bytes.
pub struct Target {
    /// `documents/cyclonedx-json`, `texts/locator`: room and reader.
    pub name: String,
    run: Run,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Target {
    fn new(name: String, run: impl Fn(&[u8]) + 'static) -> Self {
        Self { name, run: Box::new(run) }
    }

    /// Runs it; what it finds wrong is a panic.
    pub fn run(&self, bytes: &[u8]) {
        (self.run)(bytes);
    }
}

/// Lock files are known by their names: one for each way in which they are read.
const LOCK_FILES: &[&str] = &[
    "package-lock.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "requirements.txt",
    "uv.lock",
    "Pipfile.lock",
    "go.mod",
    "pom.xml",
    "gradle.lockfile",
    "build.gradle",
    "libs.versions.toml",
    "packages.lock.json",
    "x.deps.json",
    "packages.config",
    "x.csproj",
    "composer.lock",
    "Gemfile.lock",
    "Podfile.lock",
    "Package.resolved",
    "Cartfile",
    "pubspec.lock",
    "conan.lock",
    "vcpkg.json",
    "Chart.yaml",
    "Dockerfile",
    "compose.yml",
];

/// Every target: one a reader in the registries, and one a parser of text.
pub fn targets() -> Vec<Target> {
    let mut all = Vec::new();
    for (room, observers) in [("documents", DOCUMENTS), ("executables", EXECUTABLES)] {
        for observer in observers {
            all.push(Target::new(format!("{room}/{}", observer.id), |bytes| {
                for name in if observer.id == "lock-file" { LOCK_FILES } else { &["input.bin"] } {
                    interdict_testkit::lines(observer, name, bytes, pack().needles());
                }
            }));
        }
    }
    for unpacker in CONTAINERS {
        all.push(Target::new(format!("containers/{}", unpacker.id), |bytes| {
            interdict_testkit::members(unpacker, "input.bin", bytes);
        }));
    }
    all.extend(kept::formats().map(|format| Target::new(format!("kept/{format}"), kept::run(format))));
    all.extend(texts::TEXTS.iter().map(|(name, run)| Target::new(format!("texts/{name}"), run)));
    all
}

/// Inputs to begin with: what the fixtures of a reader hold; for parsers of text, the repository's own.
pub fn seeds(fixtures: &std::path::Path, target: &str) -> Vec<Vec<u8>> {
    let (room, reader) = target.split_once('/').unwrap_or((target, ""));
    let folder = match room {
        "documents" => "sbom",
        "executables" => "inspect",
        "containers" => "unpack",
        "kept" => return kept::seeds(reader),
        _ => return texts::seeds(reader),
    };
    interdict_testkit::inputs(&fixtures.join(folder).join(reader))
}
