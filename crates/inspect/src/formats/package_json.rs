//! Manifests of packages in JSON: npm's, Composer's, those of browser extensions and of their helpers.
mod extension;

use std::borrow::Cow;

use interdict_model::{
    At, Declared, FactKind, GapReason, Head, Malformed, Mark, Observer, Scope, Sink, Source, Technique, Unseen,
};
use serde_json::{Map, Value};

use crate::read::text;

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "package-json",
    revision: 1,
    title: "Manifests of npm and Composer packages, browser extensions and their native helpers",
    limitations: &[
        "A dependency is told by its name: which version is there, a lock file or the package itself says.",
        "Names that are references to translations (`__MSG_…__`) are not looked up.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

/// Longest manifest read.
const LONGEST: usize = 16 << 20;
/// How far the beginning is looked at.
const LOOK: usize = 64 * 1024;
/// Names under which such manifests lie.
const NAMES: &[&str] = &["package.json", "composer.json", "bower.json", "manifest.json"];
/// Lists of what a package needs, and for what.
const LISTS: &[(&str, Scope)] = &[
    ("dependencies", Scope::Required),
    ("require", Scope::Required),
    ("peerDependencies", Scope::Optional),
    ("optionalDependencies", Scope::Optional),
    ("suggest", Scope::Optional),
    ("devDependencies", Scope::Dev),
    ("require-dev", Scope::Dev),
];

fn accepts(head: &Head<'_>) -> bool {
    let text = head.text();
    let look = text.get(..LOOK.min(text.len())).unwrap_or_default();
    let has = |key: &str| memchr::memmem::find(look, format!("\"{key}\"").as_bytes()).is_some();
    let is_named = NAMES.iter().any(|name| head.name.eq_ignore_ascii_case(name));
    look.starts_with(b"{")
        && has("name")
        && ((is_named && (has("version") || has("dependencies") || has("require") || has("author")))
            || (head.holds(Mark::ManifestVersion) && has("manifest_version"))
            || (has("scripts") && has("version") && has("dependencies"))
            || ((head.holds(Mark::AllowedOrigins) && has("allowed_origins"))
                || (head.holds(Mark::AllowedExtensions) && has("allowed_extensions")))
                && has("path"))
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let bytes = source.head().text();
    if bytes.len() > LONGEST {
        let detail = format!("a manifest of {} bytes; {LONGEST} are read", bytes.len());
        sink.gap(Unseen::new(GapReason::OverLimit, detail));
        return Ok(());
    }
    let manifest: Map<String, Value> = serde_json::from_str(&without_remarks(bytes)).map_err(|why| {
        Malformed::at(
            format!("line {}, column {}", why.line(), why.column()),
            format!("the manifest is no JSON: {why}"),
        )
    })?;
    sink.seen();
    let is_extension = manifest.contains_key("manifest_version");
    let is_helper = manifest.contains_key("allowed_origins") || manifest.contains_key("allowed_extensions");
    let mut teller = Teller { manifest: &manifest, sink, needed: 0 };
    if is_helper {
        teller.helper();
    } else {
        teller.package(is_extension);
    }
    if is_extension {
        extension::observe(&manifest, sink);
    }
    Ok(())
}

/// Manifests of extensions may hold remarks, each a line of its own.
fn without_remarks(bytes: &[u8]) -> Cow<'_, str> {
    let whole = text(bytes);
    if !whole.lines().any(|line| line.trim_start().starts_with("//")) {
        return whole;
    }
    Cow::Owned(whole.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n"))
}

struct Teller<'a, 's> {
    manifest: &'a Map<String, Value>,
    sink: &'a mut Sink<'s>,
    needed: usize,
}

impl Teller<'_, '_> {
    fn package(&mut self, is_extension: bool) {
        self.text("/name", FactKind::Name);
        self.text("/version", FactKind::Version);
        self.text("/publisher", FactKind::Publisher);
        for field in
            ["/homepage", "/homepage_url", "/update_url", "/bugs", "/bugs/url", "/repository", "/repository/url"]
        {
            self.text(field, FactKind::Url);
        }
        for field in ["author", "authors", "contributors", "maintainers"] {
            self.people(field);
        }
        for (list, scope) in LISTS {
            self.needs(list, *scope);
        }
        let name = self.manifest.get("name").and_then(Value::as_str).filter(|_| !is_extension);
        let is_composer = ["require", "require-dev", "autoload"].iter().any(|key| self.manifest.contains_key(*key));
        if let Some(purl) = name.and_then(|name| purl(name, is_composer)) {
            let version = self.manifest.get("version").and_then(Value::as_str);
            let version = version.map(|version| format!("@{}", version.replace('+', "%2B"))).unwrap_or_default();
            self.sink.fact(FactKind::Purl, &format!("{purl}{version}"), At::Pointer("", "/name"));
        }
    }

    /// What lets an extension talk to a program on the machine.
    fn helper(&mut self) {
        self.text("/name", FactKind::ServiceName);
        for field in ["allowed_origins", "allowed_extensions"] {
            let list = self.manifest.get(field).and_then(Value::as_array).into_iter().flatten();
            for (number, origin) in list.enumerate() {
                let id = origin.as_str().unwrap_or_default();
                let id = id.strip_prefix("chrome-extension://").unwrap_or(id).trim_end_matches('/');
                // The extension is another thing, and this one only lets it in.
                self.sink.fact(FactKind::ManifestName, id, At::Pointer("", &format!("/{field}/{number}")));
            }
        }
    }

    fn text(&mut self, pointer: &str, kind: FactKind) {
        let mut parts = pointer.split('/').skip(1);
        let first = parts.next().and_then(|key| self.manifest.get(key));
        let value = parts.fold(first, |value, key| value?.get(key));
        self.sink.fact(kind, value.and_then(Value::as_str).unwrap_or_default(), At::Pointer("", pointer));
    }

    /// `"Name <mail> (url)"`, `{ "name": "Name" }`, or a list of these.
    fn people(&mut self, field: &str) {
        let Some(value) = self.manifest.get(field) else { return };
        let pointer = format!("/{field}");
        let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for one in list {
            let name = one.as_str().or_else(|| one.get("name")?.as_str()).unwrap_or_default();
            let name = name.split(['<', '(']).next().unwrap_or_default();
            self.sink.fact(FactKind::Author, name.trim(), At::Pointer("", &pointer));
        }
    }

    fn needs(&mut self, list: &str, scope: Scope) {
        let Some(wanted) = self.manifest.get(list).and_then(Value::as_object) else { return };
        let is_composer = list.starts_with("require") || list == "suggest";
        for name in wanted.keys() {
            // PHP itself, and its extensions.
            let Some(purl) = purl(name, is_composer) else { continue };
            let pointer = format!("/{list}/{}", name.replace('~', "~0").replace('/', "~1"));
            let reference = self.needed.to_string();
            self.needed += 1;
            let declared = Declared {
                pointer: &pointer,
                reference: &reference,
                name,
                purl: Some(&purl),
                scope,
                ..Declared::default()
            };
            let part = self.sink.component(&declared);
            self.sink.fact_on(part, FactKind::Name, name, At::Pointer("", &pointer));
            self.sink.fact_on(part, FactKind::Purl, &purl, At::Pointer("", &pointer));
        }
    }
}

fn purl(name: &str, is_composer: bool) -> Option<String> {
    match (is_composer, name.contains('/')) {
        (true, true) => Some(format!("pkg:composer/{name}")),
        (true, false) => None,
        (false, _) => (!name.is_empty()).then(|| format!("pkg:npm/{}", name.replace('@', "%40"))),
    }
}
