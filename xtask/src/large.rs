//! Large SBOMs from a seed, for measuring: the same words give the same bytes.
use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::path::Path;

const USAGE: &str = "cargo xtask large cyclonedx-json|cyclonedx-xml|spdx-json|spdx-tag-value MEGABYTES FILE";
const MEGABYTE: u64 = 1_000_000;

type Out = Counting<BufWriter<File>>;
/// Writes a document's head, one component of it, and its tail.
type Shape = (fn(&mut Out) -> Result<()>, fn(&mut Out, &One) -> Result<()>, fn(&mut Out, u64) -> Result<()>);

const SHAPES: &[(&str, Shape)] = &[
    ("cyclonedx-json", (json_head, json_one, json_tail)),
    ("cyclonedx-xml", (xml_head, xml_one, xml_tail)),
    ("spdx-json", (spdx_head, spdx_one, spdx_tail)),
    ("spdx-tag-value", (tag_head, tag_one, tag_tail)),
];

pub(crate) fn run(words: &[String]) -> std::result::Result<(), String> {
    let [shape, megabytes, file] = words else { return Err(USAGE.to_owned()) };
    let bytes = megabytes.parse::<u64>().map_err(|_| USAGE)? * MEGABYTE;
    let count = document(shape, bytes, Path::new(file))?;
    println!("large: {count} components in {file}");
    Ok(())
}

/// Writes a document of one shape and about so many bytes; the number of its components.
pub(crate) fn document(shape: &str, bytes: u64, file: &Path) -> std::result::Result<u64, String> {
    let (_, shape) = SHAPES.iter().find(|(name, _)| *name == shape).ok_or(USAGE)?;
    write(shape, bytes, file).map_err(|error| format!("`{}`: {error}", file.display()))
}

/// Writes until the file has about so many bytes; the tail lists what needs what, about a seventh of them.
fn write((head, one, tail): &Shape, bytes: u64, file: &Path) -> Result<u64> {
    let mut out = Counting { inner: BufWriter::with_capacity(1 << 20, File::create(file)?), count: 0 };
    head(&mut out)?;
    let mut count = 0;
    while out.count < bytes / 7 * 6 {
        one(&mut out, &One::new(count))?;
        count += 1;
    }
    tail(&mut out, count)?;
    out.inner.flush()?;
    Ok(count)
}

struct Counting<W> {
    inner: W,
    count: u64,
}

impl<W: Write> Write for Counting<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.count += bytes.len() as u64;
        self.inner.write_all(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        self.inner.flush()
    }
}

/// What every shape says of one component.
struct One {
    index: u64,
    name: String,
    version: String,
    supplier: &'static str,
    hash: String,
}

impl One {
    fn new(index: u64) -> Self {
        const SUPPLIERS: &[&str] =
            &["Example Works, Inc.", "Contoso Ltd.", "Fabrikam GmbH", "Northwind & Söhne", "Tailspin"];
        let mixed = mixed(index);
        let supplier = SUPPLIERS.get(usize::try_from(mixed % 5).unwrap_or(0)).copied().unwrap_or_default();
        let hash = [0, 1, 2, 3].map(|part| format!("{:016x}", self::mixed(mixed ^ part))).concat();
        let version = format!("{}.{}.{}", mixed % 9, mixed / 9 % 30, mixed / 270 % 40);
        Self { index, name: format!("module-{:x}-{index}", mixed & 0xffff), version, supplier, hash }
    }

    fn purl(&self) -> String {
        format!("pkg:npm/{}@{}", self.name, self.version)
    }

    /// Up to three that come later, so that there is no circle.
    fn needs(&self, count: u64) -> impl Iterator<Item = Self> {
        let mixed = mixed(self.index);
        let steps = (0..mixed % 4).map(move |nth| 1 + (mixed >> (8 * nth)) % 1000);
        steps.map(move |step| self.index + step).filter(move |to| *to < count).map(Self::new)
    }
}

/// A number that looks like chance: the finaliser of `SplitMix64`.
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

fn json_head(out: &mut Out) -> Result<()> {
    write!(
        out,
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{{"timestamp":"2026-01-02T03:04:05Z","component":{{"type":"application","bom-ref":"root","name":"product","version":"1"}}}},"components":["#
    )
}

fn json_one(out: &mut Out, one: &One) -> Result<()> {
    let comma = if one.index == 0 { "" } else { "," };
    let (purl, One { name, version, supplier, hash, index }) = (one.purl(), one);
    write!(
        out,
        r#"{comma}{{"type":"library","bom-ref":"{purl}","supplier":{{"name":"{supplier}","url":["https://example.org/{index}"]}},"name":"{name}","version":"{version}","description":"What module {index} does, told in a sentence that has some length.","hashes":[{{"alg":"SHA-256","content":"{hash}"}}],"licenses":[{{"license":{{"id":"Apache-2.0"}}}}],"purl":"{purl}","externalReferences":[{{"type":"vcs","url":"https://git.example.org/{name}.git"}}],"properties":[{{"name":"internal:path","value":"/srv/app/node_modules/{name}/package.json"}}]}}"#
    )
}

fn json_tail(out: &mut Out, count: u64) -> Result<()> {
    write!(out, r#"],"dependencies":[{{"ref":"root","dependsOn":["{}"]}}"#, One::new(0).purl())?;
    for one in (0..count).map(One::new) {
        let needs: Vec<String> = one.needs(count).map(|one| format!("\"{}\"", one.purl())).collect();
        write!(out, r#",{{"ref":"{}","dependsOn":[{}]}}"#, one.purl(), needs.join(","))?;
    }
    write!(out, "]}}")
}

fn xml_head(out: &mut Out) -> Result<()> {
    let head = r#"<metadata><timestamp>2026-01-02T03:04:05Z</timestamp><component type="application" bom-ref="root"><name>product</name><version>1</version></component></metadata><components>"#;
    writeln!(
        out,
        r#"<?xml version="1.0" encoding="UTF-8"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">{head}"#
    )
}

fn xml_one(out: &mut Out, one: &One) -> Result<()> {
    let (purl, supplier) = (one.purl(), one.supplier.replace('&', "&amp;"));
    let One { name, version, hash, index, .. } = one;
    writeln!(
        out,
        r#"<component type="library" bom-ref="{purl}"><supplier><name>{supplier}</name><url>https://example.org/{index}</url></supplier><name>{name}</name><version>{version}</version><description>What module {index} does, told in a sentence that has some length.</description><hashes><hash alg="SHA-256">{hash}</hash></hashes><licenses><license><id>Apache-2.0</id></license></licenses><purl>{purl}</purl><externalReferences><reference type="vcs"><url>https://git.example.org/{name}.git</url></reference></externalReferences></component>"#
    )
}

fn xml_tail(out: &mut Out, count: u64) -> Result<()> {
    writeln!(
        out,
        r#"</components><dependencies><dependency ref="root"><dependency ref="{}"/></dependency>"#,
        One::new(0).purl()
    )?;
    for one in (0..count).map(One::new) {
        write!(out, r#"<dependency ref="{}">"#, one.purl())?;
        for needed in one.needs(count) {
            write!(out, r#"<dependency ref="{}"/>"#, needed.purl())?;
        }
        writeln!(out, "</dependency>")?;
    }
    writeln!(out, "</dependencies></bom>")
}

fn spdx_head(out: &mut Out) -> Result<()> {
    write!(
        out,
        r#"{{"spdxVersion":"SPDX-2.3","dataLicense":"CC0-1.0","SPDXID":"SPDXRef-DOCUMENT","name":"product","documentNamespace":"https://example.org/product","creationInfo":{{"created":"2026-01-02T03:04:05Z","creators":["Tool: example-1.0"]}},"packages":["#
    )
}

fn spdx_one(out: &mut Out, one: &One) -> Result<()> {
    let comma = if one.index == 0 { "" } else { "," };
    let (purl, One { name, version, supplier, hash, index }) = (one.purl(), one);
    write!(
        out,
        r#"{comma}{{"name":"{name}","SPDXID":"SPDXRef-{index}","versionInfo":"{version}","supplier":"Organization: {supplier}","downloadLocation":"https://git.example.org/{name}.git","filesAnalyzed":false,"licenseConcluded":"NOASSERTION","licenseDeclared":"Apache-2.0","copyrightText":"NOASSERTION","checksums":[{{"algorithm":"SHA256","checksumValue":"{hash}"}}],"externalRefs":[{{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"{purl}"}}]}}"#
    )
}

fn spdx_tail(out: &mut Out, count: u64) -> Result<()> {
    write!(
        out,
        r#"],"relationships":[{{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-0"}}"#
    )?;
    for one in (0..count).map(One::new) {
        for needed in one.needs(count) {
            let (from, to) = (one.index, needed.index);
            write!(
                out,
                r#",{{"spdxElementId":"SPDXRef-{from}","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-{to}"}}"#
            )?;
        }
    }
    write!(out, "]}}")
}

fn tag_head(out: &mut Out) -> Result<()> {
    writeln!(
        out,
        "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: product\nDocumentNamespace: https://example.org/product\nCreator: Tool: example-1.0\nCreated: 2026-01-02T03:04:05Z"
    )
}

fn tag_one(out: &mut Out, one: &One) -> Result<()> {
    let (purl, One { name, version, supplier, hash, index }) = (one.purl(), one);
    writeln!(
        out,
        "\nPackageName: {name}\nSPDXID: SPDXRef-{index}\nPackageVersion: {version}\nPackageSupplier: Organization: {supplier}\nPackageDownloadLocation: https://git.example.org/{name}.git\nFilesAnalyzed: false\nPackageChecksum: SHA256: {hash}\nPackageLicenseConcluded: NOASSERTION\nPackageLicenseDeclared: Apache-2.0\nPackageCopyrightText: NOASSERTION\nExternalRef: PACKAGE-MANAGER purl {purl}"
    )
}

fn tag_tail(out: &mut Out, count: u64) -> Result<()> {
    writeln!(out, "\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-0")?;
    for one in (0..count).map(One::new) {
        for needed in one.needs(count) {
            writeln!(out, "Relationship: SPDXRef-{} DEPENDS_ON SPDXRef-{}", one.index, needed.index)?;
        }
    }
    Ok(())
}
