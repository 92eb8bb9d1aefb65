"""Reads what interdict wrote with libraries of another language, and counts what they find; no part of ci.

    pip install 'cyclonedx-python-lib[validation]' spdx-tools
    interdict scan fixtures/demo -o cyclonedx=out.cdx.json -o cyclonedx-xml=out.cdx.xml -o spdx=out.spdx.json -o json=out.json -o junit=out.xml
    python tests/readback.py out.json out.cdx.json out.cdx.xml out.spdx.json out.xml

The demo has several documents, so what was found stands alone; with one of them (fixtures/demo/northwind-mail-gateway), upon its own BOM.
"""
import json
import pathlib
import subprocess
import sys
from xml.etree import ElementTree

from cyclonedx.model.bom import Bom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from cyclonedx.validation.xml import XmlValidator
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

report_file, json_file, xml_file, spdx_file, junit_file = sys.argv[1:6]
report = json.load(open(report_file, encoding="utf-8"))
# A connector or a name is no component of the product.
want = {finding["id"] for finding in report["findings"] if finding["relation"] not in ("connects", "mentions")}


def every(components):
    """The components at any depth."""
    for component in components:
        yield component
        yield from every(component.components)


def told(bom):
    """The findings that some component of this BOM is or speaks of."""
    found = set()
    for component in every(bom.components):
        texts = [str(component.bom_ref.value)] + [f"{one.name} {one.value}" for one in component.properties]
        found |= {finding for finding in want if any(finding in text for text in texts)}
    return found


faults, counts = [], []
for name, of_text, of_parsed in [
    (json_file, JsonStrictValidator, lambda text: Bom.from_json(json.loads(text))),
    (xml_file, XmlValidator, lambda text: Bom.from_xml(ElementTree.fromstring(text))),
]:
    text = open(name, encoding="utf-8").read()
    version = SchemaVersion.V1_7 if "1.7" in text[:400] else SchemaVersion.V1_6
    faults.append(of_text(version).validate_str(text))
    counts.append(len(told(of_parsed(text))))

document = parse_file(spdx_file)
messages = validate_full_spdx_document(document)
packages = sum(package.source_info.startswith("found at ") for package in document.packages)

schema = pathlib.Path(__file__).parent.parent / "fixtures/schemas/junit/junit-10.xsd"
junit = subprocess.run(["xmllint", "--noout", "--schema", schema, junit_file], stderr=subprocess.DEVNULL).returncode

print(f"findings {len(want)}; CycloneDX JSON and XML {counts}, faults {faults}; SPDX packages {packages}, messages {len(messages)}; JUnit faults {junit}")
for message in messages[:10]:
    print(" ", message.validation_message)
sys.exit(0 if [len(want)] * 2 == counts and len(want) == packages and faults == [None, None] and not messages and junit == 0 else 1)
