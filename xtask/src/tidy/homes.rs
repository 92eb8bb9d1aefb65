//! Each third party's code has a home: the comment beside it in the root manifest says where, and holds.
use super::arrows::ARROWS;
use super::{Fault, Kind, Package};

const HINT: &str =
    "use it where it lives, or change the comment beside it in the root Cargo.toml, and say why in the commit";

/// Members that stand outside the house and may use what they need.
const FREE: &[&str] = &["interdict-tests", "xtask", "interdict-fuzz"];

pub(super) fn check(manifest: &str, packages: &[Package]) -> Vec<Fault> {
    let homes = homes(manifest);
    let mut faults = Vec::new();
    for (name, rooms) in &homes {
        for room in rooms {
            if *room != TESTS_ONLY
                && !ARROWS.iter().any(|(name, _)| name == room)
                && !matches!(*room, "tests" | "xtask" | "fuzz")
            {
                faults.push(Fault::new(
                    "Cargo.toml",
                    format!("`{name}` is to live in `{room}`, which is no crate"),
                    HINT,
                ));
            }
        }
    }
    for package in packages.iter().filter(|package| !FREE.contains(&package.name.as_str())) {
        let room = package.name.strip_prefix("interdict-").unwrap_or(&package.name);
        for ask in package.asks.iter().filter(|ask| ask.kind != Kind::Dev) {
            let Some((name, rooms)) = homes.iter().find(|(name, _)| *name == ask.name) else { continue };
            if !rooms.contains(&room) {
                let what = format!("`{name}` lives in {}, and `{room}` uses it", rooms.join(", "));
                faults.push(Fault::new(format!("crates/{room}/Cargo.toml"), what, HINT));
            }
        }
    }
    faults
}

const TESTS_ONLY: &str = "tests only";

/// The dependencies whose line ends in a comment, and the crates it names; the others may be used everywhere.
fn homes(manifest: &str) -> Vec<(&str, Vec<&str>)> {
    let section = manifest.split_once("[workspace.dependencies]").map_or("", |(_, rest)| rest);
    section
        .lines()
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| {
            let (entry, comment) = line.split_once(" # ")?;
            let (name, _) = entry.split_once('=')?;
            Some((name.trim(), comment.split(',').map(str::trim).collect()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::Ask;
    use super::*;

    const MANIFEST: &str = "[workspace.dependencies]\ngoblin = \"0.10\" # inspect\nmemchr = \"2\" # model, sbom\nserde = \"1\"\n\
                            expect-test = \"1\" # tests only\n\n[workspace.lints.rust]\nunsafe_code = \"deny\" # nowhere\n";

    #[test]
    fn a_dependency_is_used_where_it_lives() {
        for (package, name, kind, wrong) in [
            ("interdict-inspect", "goblin", Kind::Normal, 0),
            ("interdict-scan", "goblin", Kind::Normal, 1),
            ("interdict-testkit", "goblin", Kind::Dev, 0),
            ("interdict-sbom", "memchr", Kind::Normal, 0),
            ("interdict-policy", "memchr", Kind::Build, 1),
            ("interdict-policy", "serde", Kind::Normal, 0),
            ("interdict-policy", "expect-test", Kind::Dev, 0),
            ("interdict-policy", "expect-test", Kind::Normal, 1),
            ("interdict-tests", "goblin", Kind::Normal, 0),
        ] {
            let asks = vec![Ask { name: name.to_owned(), kind }];
            let faults = check(MANIFEST, &[Package { name: package.to_owned(), asks }]);
            assert_eq!(faults.len(), wrong, "{package} → {name}");
        }
    }

    #[test]
    fn a_home_is_a_crate() {
        assert_eq!(check("[workspace.dependencies]\nzip = \"9\" # cellar\n", &[]).len(), 1);
    }
}
