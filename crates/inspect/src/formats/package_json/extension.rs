//! What the manifest of a browser extension says besides its name: its id, and the rights it asks for.
use interdict_model::{At, FactKind, Sink};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::base64;

/// Lists of rights.
const RIGHTS: &[&str] = &["permissions", "optional_permissions", "host_permissions", "optional_host_permissions"];
/// Where Firefox and its kin keep the id.
const IDS: &[&str] = &["browser_specific_settings", "applications"];

/// States it.
pub(super) fn observe(manifest: &Map<String, Value>, sink: &mut Sink<'_>) {
    for list in RIGHTS {
        for right in manifest.get(*list).and_then(Value::as_array).into_iter().flatten() {
            sink.fact(FactKind::Permission, right.as_str().unwrap_or_default(), At::Pointer("/", list));
        }
    }
    for field in IDS {
        let id = manifest.get(*field).and_then(|browsers| browsers.get("gecko")?.get("id")?.as_str());
        sink.fact(FactKind::BundleId, id.unwrap_or_default(), At::Pointer("/", &format!("{field}/gecko/id")));
    }
    let key = manifest.get("key").and_then(Value::as_str).map(|key| base64::decoded(key.as_bytes()));
    if let Some(key) = key.filter(|key| !key.is_empty()) {
        sink.fact(FactKind::BundleId, &chrome_id(&key), At::Pointer("", "/key"));
    }
}

/// Chrome's id of an extension: the digest of its key, in letters from `a` to `p`.
fn chrome_id(key: &[u8]) -> String {
    let digest = Sha256::digest(key);
    let halves = digest.iter().take(16).flat_map(|byte| [byte >> 4, byte & 15]);
    halves.map(|half| char::from(b'a' + half)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_made_of_keys() {
        assert_eq!(chrome_id(b""), "odlameecjipmbmbejkplpemijjgpljce");
    }
}
