//! The same said in the ways that RDF has, and documents that mean harm.
use super::*;

const HEAD: &str = "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://spdx.org/rdf/terms#' xmlns:c='http://www.w3.org/2000/01/rdf-schema#' \
    xml:base='https://d.example/1'><SpdxDocument r:about='#SPDXRef-DOCUMENT' specVersion='SPDX-2.3'><c:comment>of it</c:comment></SpdxDocument>";

fn of(inside: &str) -> (Value, Places, String) {
    let (value, places, left) = carried(&format!("{HEAD}{inside}</r:RDF>")).unwrap();
    (value, places, left.told())
}

#[test]
fn every_way_to_say_it_is_one_to_us() {
    let said = "<Package r:about='#SPDXRef-a' name='a'>
        <checksum><Checksum><algorithm r:resource='http://spdx.org/rdf/terms#checksumAlgorithm_sha3_256'/><checksumValue>00</checksumValue></Checksum></checksum>
        <checksum r:parseType='Resource'><algorithm r:resource='http://spdx.org/rdf/terms#checksumAlgorithm_blake2b512'/><checksumValue>01</checksumValue></checksum>
        <checksum r:nodeID='x'/>
        <licenseDeclared><DisjunctiveLicenseSet><member r:resource='http://spdx.org/licenses/MIT'/><member>
          <WithExceptionOperator><member r:resource='#LicenseRef-o'/><licenseException><LicenseException><licenseExceptionId>E</licenseExceptionId></LicenseException></licenseException></WithExceptionOperator>
        </member></DisjunctiveLicenseSet></licenseDeclared>
        <filesAnalyzed>false</filesAnalyzed><filesAnalyzed>true</filesAnalyzed>
        <relationship><Relationship><relationshipType r:resource='http://spdx.org/rdf/terms#relationshipType_dependsOn'/><relatedSpdxElement>
            <r:Description r:about='#SPDXRef-b'><r:type r:resource='http://spdx.org/rdf/terms#File'/><fileName>b</fileName></r:Description>
        </relatedSpdxElement></Relationship></relationship>
        <primaryPackagePurpose r:resource='http://spdx.org/rdf/terms#purpose_operatingSystem'/>
        <supplier r:resource='http://spdx.org/rdf/terms#noassertion'/>
        <unheardOf>1</unheardOf>
      </Package>
      <Checksum r:nodeID='x'><algorithm r:resource='http://spdx.org/rdf/terms#checksumAlgorithm_md5'/><checksumValue>02</checksumValue></Checksum>
      <r:Description r:about='#SPDXRef-a' versionInfo='2'/>
      <ExtractedLicensingInfo r:about='#LicenseRef-o'><extractedText>own</extractedText></ExtractedLicensingInfo>
      <ListedLicense r:about='http://spdx.org/licenses/MIT'><licenseText>long</licenseText></ListedLicense>";
    let (value, _, left) = of(said);
    assert_eq!(
        value,
        json!({
            "SPDXID": "SPDXRef-DOCUMENT",
            "spdxVersion": "SPDX-2.3",
            "documentNamespace": "https://d.example/1",
            "comment": "of it",
            "packages": [{
                "SPDXID": "SPDXRef-a",
                "name": "a",
                "versionInfo": "2",
                "checksums": [
                    { "algorithm": "SHA3-256", "checksumValue": "00" },
                    { "algorithm": "BLAKE2b-512", "checksumValue": "01" },
                    { "algorithm": "MD5", "checksumValue": "02" },
                ],
                "licenseDeclared": "(LicenseRef-o WITH E OR MIT)",
                "filesAnalyzed": false,
                "primaryPackagePurpose": "OPERATING_SYSTEM",
                "supplier": "NOASSERTION",
            }],
            "files": [{ "SPDXID": "SPDXRef-b", "fileName": "b" }],
            "hasExtractedLicensingInfos": [{ "licenseId": "LicenseRef-o", "extractedText": "own" }],
            "relationships": [{
                "spdxElementId": "SPDXRef-a",
                "relationshipType": "DEPENDS_ON",
                "relatedSpdxElement": "SPDXRef-b",
            }],
        })
    );
    assert_eq!(left, "filesAnalyzed once more (1), texts of listed licences (2), unheardOf (1)");
}

#[test]
fn lines_belong_to_the_element_that_they_speak_of() {
    let (_, places, _) = of(
        "\n<Package r:about='#SPDXRef-a'>\n<name>a</name>\n<hasFile>\n<File r:about='#SPDXRef-b'>\n<fileName>b</fileName>\n\
        </File>\n</hasFile>\n<externalRef r:nodeID='x'/>\n</Package>\n<Other r:about='#o'>\n<name>o</name></Other>\n<ExternalRef r:nodeID='x'>\n<referenceLocator>l</referenceLocator>\n</ExternalRef>",
    );
    let Places::Lines(lines) = places else { panic!() };
    let at = |line: u32| lines[..lines.partition_point(|(first, _)| *first <= line)].last().unwrap().1.map(|one| one.0);
    let want = [
        (2, Some("packages")),
        (3, Some("packages")),
        (5, Some("files")),
        (6, Some("files")),
        (9, Some("packages")),
        (11, None),
        (12, None),
        (13, Some("packages")),
        (14, Some("packages")),
    ];
    assert_eq!(want.map(|(line, _)| (line, at(line))), want);
}

#[test]
fn what_means_harm_ends() {
    let nested = format!("{}{}", "<Package><relationship>".repeat(50_000), "</relationship></Package>".repeat(50_000));
    assert!(carried(&format!("{HEAD}{nested}</r:RDF>")).is_err());
    // A set that holds itself many times over.
    let member = "<member r:nodeID='s'/>".repeat(40);
    let (_, _, left) = of(&format!(
        "<Package r:about='#SPDXRef-a'><licenseDeclared r:nodeID='s'/></Package><ConjunctiveLicenseSet r:nodeID='s'>{member}<member r:nodeID='t'/>\
         </ConjunctiveLicenseSet><ConjunctiveLicenseSet r:nodeID='t'><member r:nodeID='s'/><member r:nodeID='t'/></ConjunctiveLicenseSet>"
    ));
    assert_eq!(left, "licenseDeclared (1)");
    assert!(carried("<!DOCTYPE a [<!ENTITY e 'x'>]><a/>").unwrap_err().contains("document type"));
    assert!(carried(&format!("{HEAD}<SpdxDocument r:about='#two'/></r:RDF>")).unwrap_err().contains("2 documents"));
    let sample = include_bytes!("../../../../../../fixtures/sbom/spdx-rdf/good-every-field/input.rdf");
    interdict_testkit::mutate(5, sample, 400, &mut |bytes| {
        let _ = carried(&String::from_utf8_lossy(bytes));
    });
}
