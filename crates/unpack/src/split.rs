//! Archives in several files: which names are volumes of one archive, and what the next volume would be called.
use std::collections::BTreeMap;

/// Volumes of one archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// What they are called together: `x.7z.{001..003}`, as a shell would read it.
    pub name: Vec<u8>,
    /// Those that follow each other from the first on, by their numbers in the list of names; all that can be joined.
    pub joined: Vec<usize>,
    /// Those behind a volume that is not there.
    pub apart: Vec<usize>,
    /// Names that the others ask for.
    pub missing: Vec<Vec<u8>>,
}

/// Endings of what is cut into volumes whatever is in it; with only a later volume at hand, the first is asked for.
const ARCHIVES: [&str; 16] =
    ["7z", "zip", "rar", "tar", "gz", "tgz", "xz", "txz", "bz2", "tbz", "tbz2", "zst", "tzst", "lz4", "lz", "cpio"];
/// Endings of other things that are cut so.
const OTHERS: [&str; 17] = [
    "iso", "img", "exe", "msi", "dmg", "cab", "wim", "jar", "war", "apk", "deb", "rpm", "vmdk", "vdi", "qcow2", "vhd",
    "bin",
];
/// More are no set.
const MOST: u32 = 100_000;

/// How volumes are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Manner {
    /// `x.7z.001`
    Number,
    /// `x.tar.gz.aa`, as `split` writes it
    Letters,
    /// `x.z01` … `x.zip`
    Zip,
    /// `x.part1.rar`
    Part,
    /// `x.rar`, `x.r00` …
    Rar,
    /// `data1.hdr`, `data1.cab`, `data2.cab` …, of `InstallShield`
    Shield,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Volume<'n> {
    manner: Manner,
    /// Before and behind what tells it apart.
    stem: &'n str,
    mark: &'n str,
    tail: &'n str,
    /// From 1; the last where only a last one has a name of its own.
    at: u32,
}

const LAST: u32 = u32::MAX;

impl<'n> Volume<'n> {
    fn of(name: &'n [u8]) -> Option<Self> {
        let name = std::str::from_utf8(name).ok()?;
        let (stem, ending) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty() && !stem.ends_with('/'))?;
        let new = |manner, stem, mark, tail, at| Some(Self { manner, stem, mark, tail, at });
        let lower = ending.to_ascii_lowercase();
        let number = |digits: &str| -> Option<u32> {
            let is_so = !digits.is_empty() && digits.len() <= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|_| is_so)
        };
        match lower.as_bytes() {
            b"zip" => new(Manner::Zip, stem, ending, "", LAST),
            [b'z', ..] if ending.len() >= 3 && number(ending.get(1..)?).is_some_and(|at| at > 0) => {
                new(Manner::Zip, stem, ending, "", number(ending.get(1..)?)?)
            }
            b"rar" => match stem.char_indices().rev().find(|(_, letter)| !letter.is_ascii_digit()) {
                Some((end, _)) if stem.get(..=end)?.to_ascii_lowercase().ends_with(".part") => {
                    let (stem, digits) = stem.split_at(end + 1);
                    new(
                        Manner::Part,
                        stem,
                        digits,
                        name.get(stem.len() + digits.len()..)?,
                        number(digits).filter(|at| *at > 0)?,
                    )
                }
                _ => new(Manner::Rar, stem, ending, "", 1),
            },
            b"cab" | b"hdr" => {
                let end = stem.rfind(|letter: char| !letter.is_ascii_digit()).map_or(0, |at| at + 1);
                let (before, digits) = stem.split_at_checked(end)?;
                let (at, is_head) = (number(digits).filter(|at| *at > 0)?, lower == "hdr");
                if is_head && at > 1 {
                    return None;
                }
                new(Manner::Shield, before, name.get(before.len()..)?, "", if is_head { 1 } else { at + 1 })
            }
            [b'r'..=b'y', a, b] if a.is_ascii_digit() && b.is_ascii_digit() => {
                let hundreds = u32::from(lower.bytes().next()? - b'r') * 100;
                new(Manner::Rar, stem, ending, "", hundreds + number(ending.get(1..)?)? + 2)
            }
            _ if ending.len() >= 3
                && is_cut(stem, &[&ARCHIVES, &OTHERS])
                && number(ending).is_some_and(|at| at > 0) =>
            {
                new(Manner::Number, stem, ending, "", number(ending)?)
            }
            [a, b] if a.is_ascii_lowercase() && b.is_ascii_lowercase() && is_cut(stem, &[&ARCHIVES, &OTHERS]) => {
                new(Manner::Letters, stem, ending, "", u32::from(a - b'a') * 26 + u32::from(b - b'a') + 1)
            }
            _ => None,
        }
    }

    /// What its set has in common; names of Windows do not tell upper from lower case.
    fn key(&self) -> (String, Manner, usize) {
        let width = if matches!(self.manner, Manner::Number | Manner::Letters) { self.mark.len() } else { 0 };
        (format!("{}/{}", self.stem, self.tail).to_lowercase(), self.manner, width)
    }

    /// What the volume of this number is called.
    fn named(&self, at: u32) -> String {
        match self.manner {
            Manner::Number | Manner::Part => format!("{at:0width$}", width = self.mark.len()),
            Manner::Letters => {
                let at = at.saturating_sub(1);
                [at / 26 % 26, at % 26].iter().filter_map(|n| char::from_digit(n + 10, 36)).collect()
            }
            Manner::Zip if at == LAST => "zip".to_owned(),
            Manner::Zip => format!("z{at:02}"),
            Manner::Rar if at == 1 => "rar".to_owned(),
            Manner::Shield if at == 1 => "1.hdr".to_owned(),
            Manner::Shield => format!("{}.cab", at.saturating_sub(1)),
            Manner::Rar => {
                let at = at.saturating_sub(2);
                let letter = char::from(u8::try_from(at / 100).unwrap_or_default().saturating_add(b'r'));
                format!("{letter}{:02}", at % 100)
            }
        }
    }

    fn full(&self, at: u32) -> String {
        let dot = if matches!(self.manner, Manner::Part | Manner::Shield) { "" } else { "." };
        format!("{}{dot}{}{}", self.stem, self.named(at), self.tail)
    }
}

fn is_cut(stem: &str, endings: &[&[&str]]) -> bool {
    let stem = [".part", ".part-", ".part_", "-part"].iter().find_map(|end| stem.strip_suffix(end)).unwrap_or(stem);
    let ending = stem.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    endings.iter().any(|all| all.contains(&ending.as_str()))
}

/// Whether this may be the name of a volume.
pub fn is_volume(name: &[u8]) -> bool {
    Volume::of(name).is_some()
}

/// Whether a file of such a name is a volume by what is in it, where the name says that of whole archives too.
pub fn is_in_parts(name: &[u8], bytes: &[u8]) -> bool {
    match Volume::of(name) {
        Some(Volume { manner: Manner::Zip, at: LAST, .. }) => crate::formats::zip_disks(bytes) > 0,
        Some(Volume { manner: Manner::Rar, at: 1, .. }) => crate::formats::is_rar_volume(bytes),
        Some(Volume { manner: Manner::Shield, .. }) => bytes.starts_with(crate::formats::INSTALL_SHIELD),
        _ => true,
    }
}

/// The sets among files of these names, paths and all; those that are alone and whole are none.
pub fn sets(names: &[&[u8]]) -> Vec<Set> {
    let mut groups: BTreeMap<_, BTreeMap<u32, (usize, Volume<'_>)>> = BTreeMap::new();
    for (index, name) in names.iter().enumerate() {
        if let Some(volume) = Volume::of(name) {
            groups.entry(volume.key()).or_default().entry(volume.at).or_insert((index, volume));
        }
    }
    groups.into_values().filter_map(|group| set(&group)).collect()
}

fn set(group: &BTreeMap<u32, (usize, Volume<'_>)>) -> Option<Set> {
    let (first, (_, any)) = group.first_key_value()?;
    let is_alone = group.len() == 1;
    let is_end = |at: &u32| *at == LAST;
    match any.manner {
        _ if is_alone && (*first == 1 && any.manner != Manner::Zip || is_end(first)) => return None,
        // Without a header they are cabinets of another kind, or whole by themselves.
        Manner::Shield if *first != 1 => return None,
        // Two letters are a language as well.
        Manner::Letters if *first > 2 || (*first == 2 && !is_cut(any.stem, &[&ARCHIVES])) => return None,
        Manner::Number if *first != 1 && !is_cut(any.stem, &[&ARCHIVES]) => return None,
        _ => {}
    }
    let numbered = group.keys().filter(|at| !is_end(at));
    let highest = *numbered.max()?;
    if highest > MOST {
        return None;
    }
    let mut missing: Vec<u32> = (1..=highest).filter(|at| !group.contains_key(at)).collect();
    let hole = missing.first().copied().unwrap_or(LAST);
    if any.manner == Manner::Zip && !group.contains_key(&LAST) {
        missing.push(LAST);
    }
    let index = |(_, (index, _)): (&u32, &(usize, Volume<'_>))| *index;
    let is_joined = |at: &u32| *at < hole || (hole == LAST && is_end(at));
    let joined: Vec<usize> = group.iter().filter(|(at, _)| is_joined(at)).map(index).collect();
    let apart: Vec<usize> = group.iter().filter(|(at, _)| !is_joined(at)).map(index).collect();
    let until = group.keys().copied().filter(|at| is_joined(at) && !is_end(at)).max().unwrap_or_default();
    let range = |from: u32, to: u32| {
        let (first, last) = (any.named(from), any.named(to));
        if from >= to { first } else { format!("{{{first}..{last}}}") }
    };
    let ends = match any.manner {
        Manner::Zip if hole == LAST && group.contains_key(&LAST) => format!(".{{{},zip}}", range(1, until)),
        Manner::Rar if until > 1 => format!(".{{rar,{}}}", range(2, until)),
        Manner::Part => range(1, until),
        Manner::Shield if until > 2 => format!("{{1.hdr,{{1..{}}}.cab}}", until.saturating_sub(1)),
        Manner::Shield => "1.{hdr,cab}".to_owned(),
        _ => format!(".{}", range(1, until)),
    };
    let name = format!("{}{ends}{}", any.stem, any.tail).into_bytes();
    let missing = missing.into_iter().map(|at| any.full(at).into_bytes()).collect();
    Some(Set { name, joined, apart, missing })
}

/// What the volume behind this one, or behind this set, is called.
pub(crate) fn next(name: &str) -> Option<String> {
    let last = last(name)?;
    let volume = Volume::of(last.as_bytes()).filter(|volume| volume.at != LAST)?;
    Some(volume.full(volume.at + 1))
}

/// What the first volume is called that is not there, of a zip archive in so many beside the last.
pub(crate) fn lacking(name: &str, volumes: u32) -> Option<String> {
    let last = last(name)?;
    let volume = Volume::of(last.as_bytes()).filter(|volume| volume.manner == Manner::Zip)?;
    let inside = name.get(name.find('{').unwrap_or(name.len())..)?.trim_end_matches(['}', 'p', 'i', 'z']);
    let digits = inside.trim_end_matches([',', '}']).rsplit(['z', 'Z']).next().unwrap_or_default();
    let highest = digits.parse().unwrap_or(0);
    (highest < volumes).then(|| volume.full(highest + 1))
}

/// The last name of a set, or the name itself.
fn last(name: &str) -> Option<String> {
    Some(match (name.find('{'), name.rfind('}')) {
        (Some(open), Some(close)) if open < close => {
            let inside = name.get(open + 1..close).filter(|inside| inside.contains("..") || inside.contains(','))?;
            let mark = inside.rsplit(['.', ',']).find(|mark| !mark.trim_matches('}').is_empty())?.trim_matches('}');
            format!("{}{mark}{}", name.get(..open)?, name.get(close + 1..)?)
        }
        _ => name.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name of a whole; which make it up, which lie beside it; what is missing.
    type Want<'a> = (&'a str, &'a [usize], &'a [usize], &'a [&'a str]);

    #[test]
    fn names_that_belong_together() {
        let check = |names: &[&str], want: &[Want<'_>]| {
            let bytes: Vec<&[u8]> = names.iter().map(|name| name.as_bytes()).collect();
            let got: Vec<_> = sets(&bytes)
                .into_iter()
                .map(|set| {
                    let missing: Vec<String> =
                        set.missing.into_iter().map(|name| String::from_utf8(name).unwrap()).collect();
                    (String::from_utf8(set.name).unwrap(), set.joined, set.apart, missing)
                })
                .collect();
            let want: Vec<_> = want
                .iter()
                .map(|(name, joined, apart, missing)| {
                    let missing: Vec<String> = missing.iter().map(|name| (*name).to_owned()).collect();
                    ((*name).to_owned(), joined.to_vec(), apart.to_vec(), missing)
                })
                .collect();
            assert_eq!(got, want, "{names:?}");
        };
        check(&["d/x.7z.001", "d/x.7z.002", "d/y", "e/x.7z.001"], &[("d/x.7z.{001..002}", &[0, 1], &[], &[])]);
        check(&["x.zip.003", "X.zip.001", "x.zip.002"], &[("X.zip.{001..003}", &[1, 2, 0], &[], &[])]);
        check(&["x.7z.001", "x.7z.003"], &[("x.7z.001", &[0], &[1], &["x.7z.002"])]);
        check(&["x.7z.002"], &[("x.7z.001", &[], &[0], &["x.7z.001"])]);
        check(&["x.7z.001", "libfoo.so.002", "a.bin.002", "man.1", "x.exe.de"], &[]);
        check(&["x.zip", "x.z01", "x.z02"], &[("x.{{z01..z02},zip}", &[1, 2, 0], &[], &[])]);
        check(&["x.zip", "x.z01"], &[("x.{z01,zip}", &[1, 0], &[], &[])]);
        check(&["x.zip", "x.z02"], &[("x.z01", &[], &[1, 0], &["x.z01"])]);
        check(&["x.z01"], &[("x.z01", &[0], &[], &["x.zip"])]);
        check(&["x.part2.rar", "x.part1.rar", "y.rar"], &[("x.part{1..2}.rar", &[1, 0], &[], &[])]);
        check(&["x.part01.rar", "x.part03.rar"], &[("x.part01.rar", &[0], &[1], &["x.part02.rar"])]);
        check(&["x.r01", "x.rar", "x.r00"], &[("x.{rar,{r00..r01}}", &[1, 2, 0], &[], &[])]);
        check(&["x.r00"], &[("x.rar", &[], &[0], &["x.rar"])]);
        check(&["x.tar.gz.aa", "x.tar.gz.ab"], &[("x.tar.gz.{aa..ab}", &[0, 1], &[], &[])]);
        check(&["x.tar.gz.aa", "x.tar.gz.ac"], &[("x.tar.gz.aa", &[0], &[1], &["x.tar.gz.ab"])]);
        check(&["d/data1.cab", "d/data1.hdr", "d/data2.cab"], &[("d/data{1.hdr,{1..2}.cab}", &[1, 0, 2], &[], &[])]);
        check(&["Data1.hdr", "data1.cab"], &[("Data1.{hdr,cab}", &[0, 1], &[], &[])]);
        check(&["data1.hdr", "data1.cab", "data3.cab"], &[("data1.{hdr,cab}", &[0, 1], &[2], &["data2.cab"])]);
        check(&["data1.cab", "data2.cab", "data1.hdr.txt", "Data10.cab"], &[]);
        check(&["x.tar.gz.ab"], &[("x.tar.gz.aa", &[], &[0], &["x.tar.gz.aa"])]);
        check(&["x.zip", "y.zip", "x.rar", "x.exe.ab", "x.zip.sv"], &[]);
    }

    #[test]
    fn what_comes_next() {
        for (name, want) in [
            ("x.7z.001", Some("x.7z.002")),
            ("x.7z.{001..009}", Some("x.7z.010")),
            ("x.part1.rar", Some("x.part2.rar")),
            ("x.part{09..10}.rar", Some("x.part11.rar")),
            ("x.rar", Some("x.r00")),
            ("x.{rar,{r00..r99}}", Some("x.s00")),
            ("x.{rar,r00}", Some("x.r01")),
            ("x.tar.gz.{aa..az}", Some("x.tar.gz.ba")),
            ("x.z01", Some("x.z02")),
            ("x.{z01,zip}", None),
            ("x.7z", None),
        ] {
            assert_eq!(next(name).as_deref(), want, "{name}");
        }
        for (name, volumes, want) in [
            ("x.zip", 2, Some("x.z01")),
            ("x.{z01,zip}", 2, Some("x.z02")),
            ("x.{z01,zip}", 1, None),
            ("x.{{z01..z09},zip}", 10, Some("x.z10")),
            ("x.7z", 2, None),
        ] {
            assert_eq!(lacking(name, volumes).as_deref(), want, "{name}");
        }
    }
}
