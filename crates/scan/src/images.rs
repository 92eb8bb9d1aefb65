//! Images of containers that lie in folders: their files are looked at as files, and here held against what describes them.
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::ops::{Bound, ControlFlow};
use std::path::{Path, PathBuf};

use interdict_model::{Anomaly, Digest, Locator, Member, Members, Unseen};
use interdict_unpack::{Layer, Part, Parts, is_image, relate};

use crate::bytes::{Opened, digest_of};
use crate::examine::gap_on;
use crate::route::Route;
use crate::shipments::lies_in;
use crate::walk::{Found, Walk, led_to};
use crate::yielded::Yielded;

/// Who speaks here.
const BY: &str = "container-image";
/// Files that an image in a folder may begin with.
const MARKS: [&str; 2] = ["manifest.json", "index.json"];

/// Says of every image in a folder what its files are to each other.
pub(crate) fn images(walk: &Walk, route: &Route<'_>, yielded: &mut Yielded) {
    let is_mark = |file: &&Found| MARKS.iter().any(|mark| file.path.ends_with(mark)) && !file.is_target;
    let marks: Vec<&Found> = walk.files.iter().filter(is_mark).collect();
    if marks.is_empty() {
        return;
    }
    let files: BTreeMap<&Path, &Found> = walk.files.iter().map(|file| (file.path.as_path(), file)).collect();
    let mut folders: Vec<&Path> = marks.iter().filter_map(|file| file.path.parent()).collect();
    folders.sort_unstable();
    folders.dedup();
    for root in folders {
        let folder = Folder { root, files: &files, route };
        if !is_image(&folder) || !folder.has_layers() {
            continue;
        }
        let here = marks.iter().find(|file| file.path.parent() == Some(root)).and_then(|file| place_of(&file.locator));
        if let Some(place) = here {
            relate(&folder, &mut Telling { place, out: yielded });
        }
    }
}

fn place_of(file: &Locator) -> Option<Locator> {
    file.as_str().rsplit_once('/').map(|(folder, _)| Locator::parsed(folder))
}

struct Folder<'f, 'a> {
    root: &'f Path,
    files: &'f BTreeMap<&'f Path, &'f Found>,
    route: &'f Route<'a>,
}

impl Folder<'_, '_> {
    /// Whether there is anything of an image beside its description: many a folder has an index of something else.
    fn has_layers(&self) -> bool {
        let is_image = |name: &str| self.get(name).is_some();
        is_image("manifest.json")
            || is_image("oci-layout")
            || self.names().iter().any(|name| name.starts_with(b"blobs/"))
    }

    fn found(&self, part: &Part) -> io::Result<&Found> {
        let path = self.root.join(String::from_utf8_lossy(&part.name).as_ref());
        self.files.get(path.as_path()).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// The path of a file below the folder.
    fn below(&self, path: &Path) -> Option<Vec<u8>> {
        Some(path.strip_prefix(self.root).ok()?.as_os_str().as_encoded_bytes().to_vec())
    }

    fn opened(&self, part: &Part) -> io::Result<Opened> {
        Opened::at(&self.found(part)?.path)
    }
}

impl Parts for Folder<'_, '_> {
    fn around(&self) -> &'static str {
        "folder"
    }

    fn get(&self, name: &str) -> Option<Part> {
        let plain = name.split('/').all(|part| !matches!(part, "" | "..")) && !name.contains('\\');
        let path = self.root.join(Some(name).filter(|_| plain)?);
        let path: PathBuf = path.components().collect();
        let known = |path: &Path| self.files.get(path).copied();
        let found = known(&path).or_else(|| known(&led_to(self.root, &path)?))?;
        Some(Part { name: self.below(&found.path)?, size: found.size })
    }

    fn names(&self) -> Vec<Vec<u8>> {
        let from = (Bound::Included(self.root), Bound::Unbounded);
        let inside =
            self.files.range::<Path, _>(from).map(|(path, _)| path).take_while(|path| path.starts_with(self.root));
        inside.filter_map(|path| self.below(path)).collect()
    }

    fn head(&self, part: &Part, most: usize) -> io::Result<Cow<'_, [u8]>> {
        Ok(Cow::Owned(self.opened(part)?.head(most)?))
    }

    fn digest(&self, part: &Part) -> io::Result<Digest> {
        digest_of(&mut self.opened(part)?)
    }

    fn layer(&self, part: &Part) -> io::Result<Layer> {
        let found = self.found(part)?;
        self.route.layer(&found.path, &found.locator)
    }
}

/// What is said of the folder goes into the run's own book.
struct Telling<'t> {
    place: Locator,
    out: &'t mut Yielded,
}

impl Telling<'_> {
    fn at(&self, name: &[u8]) -> Locator {
        self.place.below(name)
    }
}

impl Members for Telling<'_> {
    fn stored(&mut self, _: &Member<'_>, _: &[u8]) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn streamed(&mut self, _: &Member<'_>, _: &mut dyn Read) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn inside(&mut self, _: &Member<'_>, _: &mut dyn FnMut(&mut dyn Members) -> ControlFlow<()>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn unseen(&mut self, member: &Member<'_>, gap: Unseen) {
        self.out.gaps.push(gap_on(&self.at(member.name), BY, Some("member"), gap));
    }

    fn gap(&mut self, gap: Unseen) {
        self.out.gaps.push(gap_on(&self.place, BY, Some(BY), gap));
    }

    fn asks_hidden(&self) -> bool {
        let matched = self.out.matches.iter().map(|one| &one.on);
        matched.chain(self.out.in_containers.iter().map(|met| &met.seen.on)).any(|on| lies_in(on, &self.place))
    }

    fn hidden(&mut self, path: &[&[u8]], detail: String) {
        let Some((file, inner)) = path.split_first() else { return };
        let locator = inner.iter().fold(self.at(file), |locator, name| locator.member(name));
        self.out.hidden.insert(locator, detail);
    }

    fn anomaly(&mut self, member: Option<&[u8]>, kind: &'static str, detail: String) {
        let on = member.map_or_else(|| self.place.clone(), |name| self.at(name));
        self.out.anomalies.push(Anomaly { on, kind: kind.to_owned(), detail });
    }
}
