//! Images of containers in an archive (Docker, OCI): what their manifests promise, and what later layers hide of earlier ones.
mod archive;
mod hidden;
mod manifest;
mod text;

use interdict_model::{Head, Malformed, Members, Source, Unpacker};

use self::archive::Archive;
use self::hidden::Hidden;

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "container-image",
    revision: 1,
    title: "container image in a tar archive (Docker, OCI): its manifests; the layers are members of the archive",
    limitations: &[
        "signatures and attestations of an image are not verified",
        "digests other than SHA-256 are not verified; that is said",
    ],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    (super::tar::ENTRY.accepts)(head) && manifest::is_image(&Archive::read(head.bytes))
}

/// The members are the archive's own, which its unpacker offers: here is said what they are to each other.
fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let archive = Archive::read(source.bytes);
    if !manifest::is_image(&archive) {
        return Err(Malformed::NotThis);
    }
    let images = manifest::images(&archive, members);
    if members.asks_hidden() {
        let mut hidden = Hidden::default();
        for image in &images {
            hidden.image(&archive, image, members);
        }
        hidden.tell(members);
    }
    Ok(())
}
