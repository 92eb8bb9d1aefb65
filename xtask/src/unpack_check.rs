//! Holds what our unpackers find in packages against what other programs unpack: every regular file, in number and digest.
use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use interdict_model::{Digest, Head, Member, Members, Needles, Source, Unpacker, Unseen};
use interdict_unpack::UNPACKERS;

use crate::run::{kept, root};

/// A kind of package: what its name ends in, the member in which its files are, and how many archives lie one in another.
struct Kind {
    endings: &'static [&'static str],
    part: &'static str,
    deepest: usize,
}

const KINDS: [Kind; 4] = [
    Kind { endings: &["deb", "gem"], part: "data.tar", deepest: 3 },
    Kind { endings: &["rpm"], part: "payload.cpio", deepest: 3 },
    Kind { endings: &["tgz", "crate"], part: "", deepest: 2 },
    Kind { endings: &["whl", "jar", "nupkg", "zip"], part: "", deepest: 1 },
];

fn kind(package: &Path) -> Option<&'static Kind> {
    let ending = package.extension()?.to_str()?;
    KINDS.iter().find(|kind| kind.endings.contains(&ending))
}

pub(crate) fn run(words: &[String]) -> Result<(), String> {
    let [folder] = words else {
        return Err(
            "cargo xtask unpack-check DIR, with packages (deb, rpm, gem, tgz, crate, whl, jar, nupkg, zip) in DIR"
                .to_owned(),
        );
    };
    let folder = if Path::new(folder).is_absolute() { PathBuf::from(folder) } else { root().join(folder) };
    let entries = std::fs::read_dir(&folder).map_err(|why| format!("`{}`: {why}", folder.display()))?;
    let mut packages: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    packages.retain(|path| kind(path).is_some());
    packages.sort();
    let mut sum = Sum::default();
    for package in &packages {
        one(package, &mut sum)?;
    }
    let Sum { files, links, bytes, packed, gaps, differing, spent } = sum;
    println!(
        "{} packages of {packed} bytes; {files} regular files ({links} more names of them) of {bytes} bytes",
        packages.len()
    );
    println!("unpacked by us in {spent:.1} s; {gaps} gaps; {differing} packages differ");
    if differing == 0 { Ok(()) } else { Err(format!("{differing} packages differ")) }
}

#[derive(Default)]
struct Sum {
    files: usize,
    links: usize,
    bytes: u64,
    packed: u64,
    gaps: usize,
    differing: usize,
    spent: f64,
}

fn one(package: &Path, sum: &mut Sum) -> Result<(), String> {
    let bytes = std::fs::read(package).map_err(|why| format!("`{}`: {why}", package.display()))?;
    let Some(kind) = kind(package) else { return Ok(()) };
    let ours = Ours { kind, files: BTreeMap::new(), gaps: Vec::new(), depth: 0, part: String::new() };
    let (mut ours, begun) = (ours, Instant::now());
    ours.open(&bytes, "package", "");
    sum.spent += begun.elapsed().as_secs_f64();
    sum.packed += bytes.len() as u64;
    sum.gaps += ours.gaps.len();
    let theirs = theirs(package)?;
    let mut faults = ours.gaps;
    for names in theirs.values() {
        sum.files += 1;
        sum.links += names.len() - 1;
        sum.bytes += names.first().map_or(0, |(_, _, size)| *size);
        for (name, digest, _) in names {
            match ours.files.remove(name) {
                Some(found) if found.iter().all(|one| one == digest) && found.len() == 1 => {}
                Some(found) => faults.push(format!("`{name}` is {digest}, {} times read as {found:?}", found.len())),
                None => faults.push(format!("`{name}` is not there")),
            }
        }
    }
    faults.extend(ours.files.keys().map(|name| format!("`{name}` is there for us alone")));
    if !faults.is_empty() {
        sum.differing += 1;
        println!("{}: {} faults", package.display(), faults.len());
        for fault in faults.iter().take(5) {
            println!("  {fault}");
        }
    }
    Ok(())
}

/// Names, digests and sizes of files, by inode: a file with several names is one file.
type ByInode = BTreeMap<u64, Vec<(String, Digest, u64)>>;

fn theirs(package: &Path) -> Result<ByInode, String> {
    let home = std::env::temp_dir().join(format!("unpack-check-{}", std::process::id()));
    let (from, to) = (package.display().to_string(), home.display().to_string());
    let run = |line: &[&str]| {
        let told = kept(line, &[])?;
        let why = || format!("`{}` fails: {}", line.join(" "), String::from_utf8_lossy(&told.stderr));
        if told.status.success() { Ok(()) } else { Err(why()) }
    };
    std::fs::create_dir_all(&home).map_err(|why| format!("`{to}`: {why}"))?;
    match package.extension().and_then(std::ffi::OsStr::to_str) {
        Some("deb") => run(&["dpkg-deb", "-x", &from, &to])?,
        Some("gem") => {
            let inner = format!("{to}/data.tar.gz");
            run(&["tar", "-xf", &from, "-C", &to, "data.tar.gz"])?;
            run(&["tar", "-xzf", &inner, "-C", &to])?;
            std::fs::remove_file(&inner).map_err(|why| format!("`{inner}`: {why}"))?;
        }
        Some("tgz" | "crate") => run(&["tar", "-xzf", &from, "-C", &to])?,
        _ => run(&["bsdtar", "-xf", &from, "-C", &to])?,
    }
    let (mut files, mut open) = (BTreeMap::<_, Vec<_>>::new(), vec![home.clone()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, Ok(metadata)) = (entry.path(), entry.metadata()) else { continue };
            if metadata.is_dir() {
                open.push(path);
            } else if metadata.is_file() {
                let bytes = std::fs::read(&path).map_err(|why| format!("`{}`: {why}", path.display()))?;
                let name = path.strip_prefix(&home).unwrap_or(&path).as_os_str().as_encoded_bytes().escape_ascii();
                files.entry(metadata.ino()).or_default().push((name.to_string(), Digest::of(&bytes), metadata.len()));
            }
        }
    }
    std::fs::remove_dir_all(&home).map_err(|why| format!("`{to}`: {why}"))?;
    Ok(files)
}

/// Every file that our unpackers give, by its name in the package's archive of files.
struct Ours {
    kind: &'static Kind,
    files: BTreeMap<String, Vec<Digest>>,
    gaps: Vec<String>,
    depth: usize,
    /// The member of the package that is being gone through.
    part: String,
}

impl Ours {
    fn open(&mut self, bytes: &[u8], name: &str, full: &str) {
        if self.depth == 1 {
            full.clone_into(&mut self.part);
        }
        let is_data = self.part.starts_with(self.kind.part);
        let head = Head { bytes, name };
        let inside = |unpacker: &&Unpacker| (unpacker.accepts)(&head);
        let is_archive = self.depth < self.kind.deepest && full.contains(self.kind.part) || self.depth == 0;
        if self.depth > 0 && is_data && !is_archive {
            self.files.entry(full.trim_start_matches("./").to_owned()).or_default().push(Digest::of(bytes));
        } else if is_archive {
            self.depth += 1;
            for unpacker in UNPACKERS.iter().filter(inside) {
                let source = Source { bytes, name, needles: &Needles::default() };
                if let Err(why) = (unpacker.unpack)(&source, self) {
                    self.gaps.push(format!("{full}: {why}"));
                }
            }
            self.depth -= 1;
        }
    }
}

impl Members for Ours {
    fn stored(&mut self, member: &Member<'_>, bytes: &[u8]) -> ControlFlow<()> {
        let full = member.name.escape_ascii().to_string();
        let name = full.rsplit('/').next().unwrap_or_default().to_owned();
        self.open(bytes, &name, &full);
        ControlFlow::Continue(())
    }

    fn streamed(&mut self, member: &Member<'_>, bytes: &mut dyn Read) -> ControlFlow<()> {
        let mut held = Vec::new();
        if let Err(why) = bytes.read_to_end(&mut held) {
            self.gaps.push(format!("{}: {why}", member.name.escape_ascii()));
        }
        self.stored(member, &held)
    }

    fn inside(&mut self, _: &Member<'_>, go: &mut dyn FnMut(&mut dyn Members) -> ControlFlow<()>) -> ControlFlow<()> {
        go(self)
    }

    fn unseen(&mut self, member: &Member<'_>, gap: Unseen) {
        self.gaps.push(format!("{}: {}", member.name.escape_ascii(), gap.detail));
    }

    fn gap(&mut self, gap: Unseen) {
        self.gaps.push(gap.detail);
    }

    fn anomaly(&mut self, _: Option<&[u8]>, _: &'static str, _: String) {}
}
