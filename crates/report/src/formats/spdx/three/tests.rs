//! Relationships turned round, licences, what has no word, names in full, and documents that mean harm.
use super::*;

fn of(graph: &Value) -> (Value, String) {
    let (value, _, left) = carried(&json!({ "@context": "c", "@graph": graph }).to_string()).unwrap();
    (value, left.told())
}

fn package(id: &str) -> Value {
    json!({ "type": "software_Package", "spdxId": format!("https://d/{id}"), "name": id })
}

fn relation(from: &str, kind: &str, to: &str) -> Value {
    let address = |id: &str| format!("https://d/{id}");
    json!({ "type": "Relationship", "spdxId": address("r"), "from": address(from), "relationshipType": kind, "to": [address(to)] })
}

#[test]
fn relationships_say_the_same_from_the_other_end() {
    let mut built = relation("a", "dependsOn", "b");
    built["scope"] = json!("build");
    let graph = json!([
        { "type": "SpdxDocument", "spdxId": "https://d/doc", "name": "d", "rootElement": ["https://d/sbom"] },
        { "type": "software_Sbom", "spdxId": "https://d/sbom", "rootElement": ["https://d/a"] },
        package("a"),
        package("b"),
        relation("a", "dependsOn", "b"),
        built,
        relation("a", "hasTest", "b"),
        relation("a", "trainedOn", "b"),
        relation("doc", "describes", "a"),
        relation("a", "hasEvidence", "elsewhere"),
    ]);
    let (value, left) = of(&graph);
    let relations = value["relationships"].as_array().unwrap();
    let said = relations.iter().map(|one| {
        let of = |name: &str| one[name].as_str().unwrap_or_default().trim_start_matches("SPDXRef-").to_owned();
        [of("spdxElementId"), of("relationshipType"), of("relatedSpdxElement"), of("comment")].join(" ")
    });
    let want =
        ["DOCUMENT DESCRIBES a ", "a DEPENDS_ON b ", "b BUILD_DEPENDENCY_OF a ", "b TEST_OF a ", "a OTHER b trainedOn"];
    assert_eq!(said.collect::<Vec<_>>(), want);
    assert_eq!(left, "hasEvidence of what is no package, file or snippet (1)");
    assert_eq!((&value["name"], &value["documentNamespace"]), (&json!("d"), &json!("https://d/doc")));
}

#[test]
fn licences_are_expressions() {
    let graph = json!([
        package("a"),
        relation("a", "hasDeclaredLicense", "l"),
        relation("a", "hasConcludedLicense", "e"),
        { "type": "expandedlicensing_DisjunctiveLicenseSet", "spdxId": "https://d/l", "expandedlicensing_member": [
            "https://spdx.org/licenses/MIT",
            { "type": "expandedlicensing_OrLaterOperator", "expandedlicensing_subjectLicense": { "@id": "https://d/own" } },
        ] },
        { "type": "expandedlicensing_CustomLicense", "spdxId": "https://d/own", "name": "Own", "expandedlicensing_licenseText": "text" },
        { "type": "simplelicensing_LicenseExpression", "spdxId": "https://d/e", "simplelicensing_licenseExpression": "MIT AND LicenseRef-x",
          "simplelicensing_customIdToUri": [{ "type": "DictionaryEntry", "key": "LicenseRef-x", "value": "https://d/x" }] },
        { "type": "simplelicensing_SimpleLicensingText", "spdxId": "https://d/x", "simplelicensing_licenseText": "x's" },
    ]);
    let (value, left) = of(&graph);
    assert_eq!(value["packages"][0]["licenseDeclared"], "(LicenseRef-own+ OR MIT)");
    assert_eq!(value["packages"][0]["licenseConcluded"], "MIT AND LicenseRef-x");
    assert_eq!(
        value["hasExtractedLicensingInfos"],
        json!([
            { "licenseId": "LicenseRef-own", "name": "Own", "extractedText": "text" },
            { "licenseId": "LicenseRef-x", "name": "NOASSERTION", "extractedText": "x's" },
        ])
    );
    assert_eq!(left, "DictionaryEntry (1)");
}

#[test]
fn names_in_full_are_the_same_names() {
    let full = |name: &str| format!("https://spdx.org/rdf/3.0.1/terms/Software/{name}");
    let (value, left) = of(&json!([{
        "@type": [full("Package")],
        "@id": "https://d/a",
        "https://spdx.org/rdf/3.0.1/terms/Core/name": [{ "@value": "a" }],
        full("packageVersion"): [{ "@value": "2" }],
    }]));
    assert_eq!((&value["packages"][0]["name"], &value["packages"][0]["versionInfo"]), (&json!("a"), &json!("2")));
    assert_eq!(left, "");
}

#[test]
fn ids_are_the_older_editions_and_each_its_own() {
    let (value, left) = of(&json!([package("x/a b"), package("y/a b"), package("x/a b"), package("ü")]));
    let ids: Vec<_> = value["packages"].as_array().unwrap().iter().map(|one| one["SPDXID"].as_str().unwrap()).collect();
    assert_eq!((ids, left.as_str()), (vec!["SPDXRef-a-b", "SPDXRef-a-b-2", "SPDXRef--"], "Package once more (1)"));
}

#[test]
fn what_means_harm_ends() {
    let set = json!({ "type": "expandedlicensing_ConjunctiveLicenseSet", "spdxId": "https://d/s",
        "expandedlicensing_member": ["https://d/s", "https://d/s", "https://d/s", "https://spdx.org/licenses/MIT"] });
    let (value, _) = of(&json!([package("a"), relation("a", "hasDeclaredLicense", "s"), set]));
    assert!(value.to_string().len() < 200_000);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(carried(&deep).is_err());
    let sample = include_bytes!("../../../../../../fixtures/sbom/spdx3-json/good-every-field/input.json");
    interdict_testkit::mutate(5, sample, 400, &mut |bytes| {
        let _ = carried(&String::from_utf8_lossy(bytes));
    });
}
