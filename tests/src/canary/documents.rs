//! Documents of every kind that name a supplier, and the ways a document itself is hard to read.
use std::fmt::Write as _;

use super::Canary;

type Writer = fn(&str) -> String;

/// A kind of document, a file's name, and the document whose one component comes from this supplier.
pub const WRITERS: &[(&str, &str, Writer)] = &[
    ("cyclonedx-json", "bom.json", cyclonedx_json),
    ("cyclonedx-xml", "bom.xml", cyclonedx_xml),
    ("spdx-json", "sbom.spdx.json", spdx_json),
    ("spdx-tag-value", "sbom.spdx", spdx_tag_value),
    ("spdx-yaml", "sbom.spdx.yaml", spdx_yaml),
    ("spdx-rdf", "sbom.spdx.rdf.xml", spdx_rdf),
    ("spdx3", "sbom.spdx3.json", spdx3),
];

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn cyclonedx_json(supplier: &str) -> String {
    format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{"type":"library","name":"scan engine","version":"1","supplier":{{"name":{}}}}}]}}"#,
        json(supplier)
    )
}

fn cyclonedx_xml(supplier: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components><component type="library"><supplier><name>{}</name></supplier><name>scan engine</name><version>1</version></component></components></bom>"#,
        xml(supplier)
    )
}

fn spdx_json(supplier: &str) -> String {
    format!(
        r#"{{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","dataLicense":"CC0-1.0","name":"x","documentNamespace":"https://example.com/x","creationInfo":{{"created":"2025-01-01T00:00:00Z","creators":["Tool: x"]}},"packages":[{{"SPDXID":"SPDXRef-a","name":"scan engine","versionInfo":"1","downloadLocation":"NOASSERTION","supplier":{}}}]}}"#,
        json(&format!("Organization: {supplier}"))
    )
}

fn spdx_tag_value(supplier: &str) -> String {
    format!(
        "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: x\nDocumentNamespace: https://example.com/x\nCreator: Tool: x\nCreated: 2025-01-01T00:00:00Z\n\nPackageName: scan engine\nSPDXID: SPDXRef-a\nPackageVersion: 1\nPackageSupplier: Organization: {supplier}\nPackageDownloadLocation: NOASSERTION\n"
    )
}

fn spdx_yaml(supplier: &str) -> String {
    format!(
        "spdxVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\ndataLicense: CC0-1.0\nname: x\ndocumentNamespace: https://example.com/x\ncreationInfo:\n  created: '2025-01-01T00:00:00Z'\n  creators: ['Tool: x']\npackages:\n- SPDXID: SPDXRef-a\n  name: scan engine\n  versionInfo: '1'\n  downloadLocation: NOASSERTION\n  supplier: {}\n",
        json(&format!("Organization: {supplier}"))
    )
}

fn spdx_rdf(supplier: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:spdx="http://spdx.org/rdf/terms#"><spdx:SpdxDocument rdf:about="https://example.com/x#SPDXRef-DOCUMENT"><spdx:specVersion>SPDX-2.3</spdx:specVersion><spdx:name>x</spdx:name><spdx:relationship><spdx:Relationship><spdx:relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_describes"/><spdx:relatedSpdxElement><spdx:Package rdf:about="https://example.com/x#SPDXRef-a"><spdx:name>scan engine</spdx:name><spdx:versionInfo>1</spdx:versionInfo><spdx:supplier>Organization: {}</spdx:supplier></spdx:Package></spdx:relatedSpdxElement></spdx:Relationship></spdx:relationship></spdx:SpdxDocument></rdf:RDF>"#,
        xml(supplier)
    )
}

fn spdx3(supplier: &str) -> String {
    format!(
        r#"{{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2025-01-01T00:00:00Z","createdBy":["urn:x:a"]}},{{"type":"Organization","spdxId":"urn:x:a","creationInfo":"_:c","name":{}}},{{"type":"software_Package","spdxId":"urn:x:p","creationInfo":"_:c","name":"scan engine","software_packageVersion":"1","suppliedBy":"urn:x:a"}},{{"type":"SpdxDocument","spdxId":"urn:x:d","creationInfo":"_:c","rootElement":["urn:x:p"],"element":["urn:x:p"]}}]}}"#,
        json(supplier)
    )
}

/// The vendor's name as it is written most.
const NAME: &str = "AO Kaspersky Lab";

/// Documents of every kind, and the ways each is hard to read.
pub fn canaries() -> Vec<Canary> {
    let mut all = Vec::new();
    for (format, file, write) in WRITERS {
        let text = write(NAME);
        let wide = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
            mark.iter().copied().chain(text.encode_utf16().flat_map(bytes)).collect::<Vec<u8>>()
        };
        let mut cases: Vec<(&str, Vec<u8>)> = vec![
            ("byte-order mark", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
            ("UTF-16 LE", wide(b"\xff\xfe", u16::to_le_bytes)),
            ("UTF-16 BE", wide(b"\xfe\xff", u16::to_be_bytes)),
            ("no extension", text.clone().into_bytes()),
            ("carriage returns", text.replace('\n', "\r\n").into_bytes()),
        ];
        if !text.starts_with("<?xml") {
            cases.push(("white space before it", [" \n".repeat(150_000).as_bytes(), text.as_bytes()].concat()));
        }
        if format.ends_with("json") || *format == "spdx3" {
            let escaped = NAME.chars().fold(String::new(), |mut out, c| {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
                out
            });
            cases.push(("escaped letters", text.replace(NAME, &escaped).into_bytes()));
            let last = text.rfind('}').unwrap_or(0);
            cases.push(("cut at its end", text.get(..last).unwrap_or_default().as_bytes().to_vec()));
            cases.push(("unknown fields", text.replacen('{', r#"{"$x":[[[{"a":null}]]],"y":1e400,"#, 1).into_bytes()));
            cases.push(("wrong types", text.replace(r#""1""#, "1").into_bytes()));
        }
        if text.starts_with("<?xml") {
            let escaped = NAME.chars().fold(String::new(), |mut out, c| {
                let _ = write!(out, "&#x{:x};", u32::from(c));
                out
            });
            cases.push(("escaped letters", text.replace(NAME, &escaped).into_bytes()));
            cases.push(("character data", text.replace(NAME, &format!("<![CDATA[{NAME}]]>")).into_bytes()));
            cases.push(("comment inside", text.replace(NAME, "AO Kasper<!-- x -->sky Lab").into_bytes()));
            cases.push(("cut at its end", text.get(..text.len() - 6).unwrap_or_default().as_bytes().to_vec()));
        }
        for (technique, bytes) in cases {
            let file = if technique == "no extension" { "report" } else { *file };
            let name = format!("document/{}/{format}/{file}", technique.replace(' ', "-"));
            all.push(Canary { technique: format!("document: {technique}"), name, bytes });
        }
    }
    all
}
