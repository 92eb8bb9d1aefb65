//! Images of containers (Docker, OCI): what their manifests promise, and what later layers hide of earlier ones.
mod archive;
mod hidden;
mod layer;
mod manifest;
mod parts;
mod text;

use interdict_model::{Head, Malformed, Members, Source, Unpacker};

use self::archive::Archive;
use self::hidden::Hidden;
pub use self::layer::{Entry, Layer, layer};
pub use self::manifest::is_image;
pub use self::parts::{Part, Parts};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "container-image",
    revision: 1,
    title: "container image in a tar archive or a folder (Docker, OCI): its manifests; the layers are members of the archive, files of the folder",
    limitations: &[
        "signatures and attestations of an image are not verified",
        "digests other than SHA-256 are not verified; that is said",
    ],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    (super::tar::ENTRY.accepts)(head) && {
        let archive = Archive::read(head.bytes);
        archive.roots().into_iter().any(|root| is_image(&archive.within(root)))
    }
}

/// The members are the archive's own, which its unpacker offers: here is said what they are to each other.
fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let archive = Archive::read(source.bytes);
    let mut is_any = false;
    for parts in archive.roots().into_iter().map(|root| archive.within(root)).filter(|parts| is_image(parts)) {
        relate(&parts, members);
        is_any = true;
    }
    if is_any { Ok(()) } else { Err(Malformed::NotThis) }
}

/// What the files of an image are to each other: what is missing, what is not as described, what upper layers hide.
pub fn relate(parts: &dyn Parts, members: &mut dyn Members) {
    let images = manifest::images(parts, members);
    if !images.is_empty() {
        members.entry(b"");
    }
    if members.asks_hidden() {
        let mut hidden = Hidden::default();
        for image in &images {
            hidden.image(parts, image, members);
        }
        hidden.tell(members);
    }
}
