//! Container images of which two honest readers see different files.
use interdict_model::Digest;
use serde_json::{Value, json};

use super::super::archives::{gzip, tar};

const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// The files of an image's layout.
#[derive(Clone, Default)]
struct Image(Vec<(String, Vec<u8>)>);

impl Image {
    /// Puts a blob there, and gives what others say of it.
    fn blob(&mut self, kind: &str, bytes: &[u8]) -> Value {
        let digest = Digest::of(bytes);
        self.0.push((format!("blobs/sha256/{}", digest.hex()), bytes.to_vec()));
        json!({ "mediaType": kind, "digest": format!("sha256:{}", digest.hex()), "size": bytes.len() })
    }

    fn manifest(&mut self, layers: &[Value]) -> Value {
        let config =
            self.blob(CONFIG, br#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#);
        let text = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers });
        self.blob(MANIFEST, text.to_string().as_bytes())
    }

    fn index(mut self, manifests: &[Value]) -> Vec<u8> {
        let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests });
        self.0.push(("index.json".to_owned(), index.to_string().into_bytes()));
        self.0.push(("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()));
        tar(self.0.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))
    }

    fn of(mut self, layers: &[Value]) -> Vec<u8> {
        let manifest = self.manifest(layers);
        self.index(&[manifest])
    }
}

/// What is not true of a layer: of it, of a digest of nothing, of one that is not there.
type Lie = fn(Value, &str, &str) -> Value;

fn with(mut value: Value, key: &str, to: impl Into<Value>) -> Value {
    value[key] = to.into();
    value
}

pub(super) fn cases(canary: &[u8]) -> Vec<(String, Vec<u8>)> {
    let holds = gzip(&tar([("usr/lib/engine.so", canary)].into_iter()));
    let other = gzip(&tar([("etc/motd", &b"hello\n"[..])].into_iter()));
    let hides = gzip(&tar([("usr/lib/.wh.engine.so", &b""[..])].into_iter()));
    let opaque = gzip(&tar([("usr/lib/.wh..wh..opq", &b""[..])].into_iter()));
    let over = gzip(&tar([("usr/lib/engine.so", &b"clean"[..])].into_iter()));
    let plain = tar([("usr/lib/engine.so", canary)].into_iter());
    let (none, missing) = ("0".repeat(64), format!("sha256:{}", "1".repeat(64)));
    let mut all = Vec::new();
    let mut add = |way: &str, bytes: Vec<u8>| all.push((format!("{way}.tar"), bytes));
    for (way, above) in [("plain", &other), ("deleted", &hides), ("opaque", &opaque), ("overwritten", &over)] {
        for is_first in [true, false] {
            let mut image = Image::default();
            let mut layers = vec![image.blob(LAYER, &holds), image.blob(LAYER, above)];
            if !is_first {
                layers.reverse();
            }
            add(&format!("{way}-{}", if is_first { "below" } else { "above" }), image.of(&layers));
        }
    }
    for kind in [
        "application/vnd.oci.image.layer.v1.tar",
        "application/vnd.oci.image.layer.v1.tar+zstd",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        "application/vnd.in-toto+json",
        "text/plain",
        "",
    ] {
        let mut image = Image::default();
        let layers = [image.blob(kind, &holds)];
        add(&format!("kind-{}", kind.rsplit('.').next().unwrap_or_default().replace('/', "-")), image.of(&layers));
    }
    let lies: &[(&str, Lie)] = &[
        ("size-0", |layer, _, _| with(layer, "size", 0)),
        ("size-largest", |layer, _, _| with(layer, "size", u64::MAX)),
        ("size-text", |layer, _, _| with(layer, "size", "many")),
        ("digest-of-nothing", |layer, none, _| with(layer, "digest", format!("sha256:{none}"))),
        ("digest-unknown-kind", |layer, none, _| with(layer, "digest", format!("md5:{none}"))),
        ("digest-missing", |_, _, missing| json!({ "mediaType": LAYER, "digest": missing, "size": 1 })),
        ("elsewhere", |layer, _, _| with(layer, "urls", json!(["https://example.org/layer"]))),
        ("null", |_, _, _| Value::Null),
    ];
    for (way, lie) in lies {
        let mut image = Image::default();
        let layer = image.blob(LAYER, &holds);
        let layers = [lie(layer, &none, &missing)];
        add(&format!("layer-{way}"), image.of(&layers));
    }
    let unreferenced = {
        let mut image = Image::default();
        image.blob(LAYER, &holds);
        let layers = [image.blob(LAYER, &other)];
        image.of(&layers)
    };
    add("unreferenced", unreferenced);
    let two_members = [other.as_slice(), &holds].concat();
    for (way, layer) in [("second-gzip-member", &two_members), ("not-packed", &plain)] {
        let mut image = Image::default();
        let layers = [image.blob(LAYER, layer)];
        add(way, image.of(&layers));
    }
    for is_listed in [true, false] {
        let mut image = Image::default();
        let (holding, clean) = (image.blob(LAYER, &holds), image.blob(LAYER, &other));
        let (one, two) = (image.manifest(&[clean]), image.manifest(&[holding]));
        let two = with(two, "platform", json!({ "os": "windows", "architecture": "arm64" }));
        let listed = if is_listed { vec![one, two] } else { vec![one] };
        add(if is_listed { "second-platform" } else { "manifest-unlisted" }, image.index(&listed));
    }
    let mut image = Image::default();
    let holding = image.blob(LAYER, &holds);
    let manifest = image.manifest(&[holding]);
    let inner = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [manifest] });
    let inner = image.blob(INDEX, inner.to_string().as_bytes());
    add("index-in-an-index", image.index(&[inner]));
    let mut image = Image::default();
    let (holding, clean) = (image.blob(LAYER, &holds), image.blob(LAYER, &other));
    image.0.push(("manifest.json".to_owned(), json!([{ "Config": "x", "Layers": [] }]).to_string().into_bytes()));
    drop(holding);
    add("docker-says-otherwise", image.of(&[clean]));
    // The same name twice: whoever unpacks keeps the last, whoever streams sees the first.
    for is_first in [true, false] {
        let mut image = Image::default();
        let layer = image.blob(LAYER, &other);
        let name = image.0[0].0.clone();
        image.0.insert(usize::from(!is_first), (name, holds.clone()));
        add(if is_first { "blob-twice" } else { "blob-twice-turned" }, image.of(&[layer]));
    }
    all
}
