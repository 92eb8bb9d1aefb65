//! What the manifests of an archive promise, held against what is there.
use std::collections::BTreeSet;
use std::io;

use interdict_model::{GapReason, Member, Members, Unseen};
use serde_json::Value;

use super::parts::{Part, Parts};
use super::text::{LARGEST, list, parse, text};

/// One system: its layers from the lowest up, by their names in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Image {
    pub(super) title: String,
    pub(super) layers: Vec<String>,
}

/// Manifests read in one archive, however they refer to each other.
const MOST: usize = 10_000;

const DOCKER: &str = "manifest.json";
const INDEX: &str = "index.json";

/// Whether these are the files of an image.
pub fn is_image(parts: &dyn Parts) -> bool {
    let has = |name: &str, is_so: &dyn Fn(&[u8]) -> bool| {
        let head = parts.get(name).and_then(|part| parts.head(&part, LARGEST).ok());
        head.is_some_and(|head| is_so(&head))
    };
    let names_layers = |bytes: &[u8]| {
        bytes.trim_ascii_start().starts_with(b"[") && memchr::memmem::find(bytes, b"\"Layers\"").is_some()
    };
    has(DOCKER, &names_layers) || has(INDEX, &|bytes| memchr::memmem::find(bytes, b"\"manifests\"").is_some())
}

/// Every image that the parts describe; told is what is missing, and what is not as described.
pub(super) fn images(parts: &dyn Parts, members: &mut dyn Members) -> Vec<Image> {
    let mut reader = Reader { parts, members, images: Vec::new(), told: BTreeSet::new() };
    if let Some(part) = parts.get(DOCKER) {
        reader.docker(&part);
    }
    if let Some(part) = parts.get(INDEX) {
        reader.index(&part);
    }
    reader.unnamed();
    reader.images
}

struct Reader<'r> {
    parts: &'r dyn Parts,
    members: &'r mut dyn Members,
    images: Vec<Image>,
    /// Names that something told of, so that each is held against its digest once.
    told: BTreeSet<String>,
}

impl Reader<'_> {
    /// The list that `docker save` writes.
    fn docker(&mut self, part: &Part) {
        let Some(list_of_images) = self.json(part) else { return };
        for image in list_of_images.as_array().map(Vec::as_slice).unwrap_or_default() {
            let tags = list(image, "RepoTags").first().and_then(Value::as_str);
            let config = text(image, "Config");
            let title = tags.unwrap_or(config).to_owned();
            self.told.insert(config.to_owned());
            let config = self.present(config, &format!("the configuration of `{title}`"));
            let config = config.and_then(|part| self.parsed(&part).ok()).unwrap_or_default();
            let digests = config.get("rootfs").map(|rootfs| list(rootfs, "diff_ids")).unwrap_or_default();
            let layers: Vec<String> =
                list(image, "Layers").iter().filter_map(Value::as_str).map(str::to_owned).collect();
            for (at, layer) in layers.iter().enumerate() {
                let what = format!("layer {} of {} of `{title}`", at + 1, layers.len());
                let is_new = self.told.insert(layer.clone());
                if let (Some(part), Some(digest), true) =
                    (self.present(layer, &what), digests.get(at).and_then(Value::as_str), is_new)
                    && self.is_tar(&part)
                {
                    self.compare(&part, digest);
                }
            }
            self.images.push(Image { title, layers });
        }
    }

    /// An index, and the manifests and indexes it refers to.
    fn index(&mut self, part: &Part) {
        let Some(index) = self.json(part) else { return };
        let mut waiting: Vec<(Value, String)> =
            list(&index, "manifests").iter().rev().map(|one| (one.clone(), title(one, ""))).collect();
        let mut entered = BTreeSet::new();
        while let Some((descriptor, title_so_far)) = waiting.pop() {
            let digest = text(&descriptor, "digest").to_owned();
            if entered.len() >= MOST || !entered.insert(digest) {
                continue;
            }
            let what = format!("the manifest of `{title_so_far}`");
            let Some(part) = self.blob(&descriptor, &what) else { continue };
            let Some(manifest) = self.json(&part) else { continue };
            for one in list(&manifest, "manifests").iter().rev() {
                waiting.push((one.clone(), title(one, &title_so_far)));
            }
            if manifest.get("layers").is_some() {
                self.manifest(&manifest, title_so_far);
            }
        }
    }

    fn manifest(&mut self, manifest: &Value, title: String) {
        if let Some(config) = manifest.get("config") {
            self.blob(config, &format!("the configuration of `{title}`"));
        }
        let descriptors = list(manifest, "layers");
        let mut layers = Vec::new();
        for (at, descriptor) in descriptors.iter().enumerate() {
            let what = format!("layer {} of {} of `{title}`", at + 1, descriptors.len());
            let part = self.blob(descriptor, &what);
            if let Some(part) = part.filter(|_| text(descriptor, "mediaType").ends_with("+encrypted")) {
                let unseen = Unseen::new(GapReason::Encrypted, format!("{what} is encrypted")).needing("its key");
                self.members.unseen(&named(&part.name), unseen);
            }
            layers.push(blob_name(descriptor).unwrap_or_default());
        }
        let image = Image { title, layers };
        if !self.images.iter().any(|known| known.layers == image.layers) {
            self.images.push(image);
        }
    }

    fn parsed(&self, part: &Part) -> Result<Value, String> {
        parse(&self.parts.head(part, LARGEST + 1).map_err(|why| why.to_string())?)
    }

    fn is_tar(&self, part: &Part) -> bool {
        self.parts.head(part, 512).is_ok_and(|head| head.get(257..262) == Some(b"ustar"))
    }

    fn json(&mut self, part: &Part) -> Option<Value> {
        let value = self.parsed(part);
        if let Err(why) = &value {
            let detail = format!("no manifest can be read from it: {why}");
            self.members
                .unseen(&named(&part.name), Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
        }
        value.ok()
    }

    /// The blob that a descriptor means, held against its digest and size; a gap where it is not there.
    fn blob(&mut self, descriptor: &Value, what: &str) -> Option<Part> {
        let digest = text(descriptor, "digest");
        let name = blob_name(descriptor)?;
        let is_new = self.told.insert(name.clone());
        let Some(part) = self.parts.get(&name) else {
            let urls: Vec<&str> = list(descriptor, "urls").iter().filter_map(Value::as_str).collect();
            if is_new {
                self.missing(&name, what, &urls);
            }
            return None;
        };
        if is_new {
            self.compare(&part, digest);
            let stated = descriptor.get("size").and_then(Value::as_u64);
            if let Some(stated) = stated.filter(|stated| *stated != part.size) {
                let detail = format!("{what}: {stated} bytes are stated, {} are there", part.size);
                self.members.anomaly(Some(&part.name), "size-differs", detail);
            }
        }
        Some(part)
    }

    /// A member by its path; a gap where it is not there.
    fn present(&mut self, name: &str, what: &str) -> Option<Part> {
        let part = self.parts.get(name);
        if part.is_none() {
            self.missing(name, what, &[]);
        }
        part
    }

    fn missing(&mut self, name: &str, what: &str, urls: &[&str]) {
        let around = self.parts.around();
        let (detail, needs) = if urls.is_empty() {
            (format!("{what} is not in the {around}"), format!("the {around} of the whole image"))
        } else {
            (format!("{what} is kept elsewhere and not in the {around}"), format!("the file from {}", urls.join(", ")))
        };
        let name = if name.is_empty() { what } else { name };
        self.members.unseen(&named(name.as_bytes()), Unseen::new(GapReason::Missing, detail).needing(needs));
    }

    fn unread(&mut self, part: &Part, why: &io::Error) {
        let detail = format!("it could not be held against its digest: {}", why.kind());
        self.members.unseen(&named(&part.name), Unseen::new(GapReason::Unreadable, detail));
    }

    fn compare(&mut self, part: &Part, digest: &str) {
        let Some(hex) = digest.strip_prefix("sha256:") else {
            let detail = format!("its digest `{}` is of a kind that is not verified", digest.escape_default());
            return self.members.anomaly(Some(&part.name), "digest-not-verified", detail);
        };
        let found = match self.parts.digest(part) {
            Ok(found) => found,
            Err(why) => return self.unread(part, &why),
        };
        if !found.hex().eq_ignore_ascii_case(hex) {
            let detail = format!("`{}` is stated, the content's is `{found}`", digest.escape_default());
            self.members.anomaly(Some(&part.name), "digest-differs", detail);
        }
    }

    /// Blobs that no manifest speaks of: nobody who pulls the image would have them.
    fn unnamed(&mut self) {
        let is_blob = |name: &[u8]| name.strip_prefix(b"blobs/").is_some_and(|rest| rest.contains(&b'/'));
        for name in self.parts.names().iter().filter(|name| is_blob(name)) {
            let name = String::from_utf8_lossy(name);
            if !self.told.contains(&*name)
                && let Some(part) = self.parts.get(&name)
            {
                let detail = "no manifest of the image speaks of it; it is looked at all the same".to_owned();
                self.members.anomaly(Some(&part.name), "unreferenced-blob", detail);
            }
        }
    }
}

fn named(name: &[u8]) -> Member<'_> {
    Member { name, ..Member::default() }
}

/// Where an archive keeps the blob of a descriptor.
fn blob_name(descriptor: &Value) -> Option<String> {
    let (method, hex) = text(descriptor, "digest").split_once(':')?;
    Some(format!("blobs/{method}/{hex}"))
}

/// What people call it: its name or tag, and the platform it is for.
fn title(descriptor: &Value, around: &str) -> String {
    let annotation = |key| descriptor.get("annotations").map(|all| text(all, key)).unwrap_or_default();
    let names = [annotation("io.containerd.image.name"), annotation("org.opencontainers.image.ref.name"), around];
    let digest = text(descriptor, "digest");
    // As much of a digest as people write.
    let short = digest.get(..19).unwrap_or(digest);
    let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or(short);
    let platform = descriptor.get("platform").map(|platform| {
        let parts = [text(platform, "os"), text(platform, "architecture"), text(platform, "variant")];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
    });
    match platform.filter(|platform| !platform.is_empty()) {
        Some(platform) => format!("{name} {platform}"),
        None => name.to_owned(),
    }
}
