"""Reads what interdict wrote with libraries of another language, and counts what they find; no part of ci.

    pip install 'cyclonedx-python-lib[validation]' spdx-tools
    interdict scan fixtures/demo -o cyclonedx=out.cdx.json -o spdx=out.spdx.json -o json=out.json
    python tests/readback.py out.json out.cdx.json out.spdx.json
"""
import json
import sys

from cyclonedx.model.bom import Bom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

report_file, cyclonedx_file, spdx_file = sys.argv[1:4]
report = json.load(open(report_file, encoding="utf-8"))
# A connector or a name is no component of the product.
want = sum(finding["relation"] not in ("connects", "mentions") for finding in report["findings"])

text = open(cyclonedx_file, encoding="utf-8").read()
fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
bom = Bom.from_json(json.loads(text))
inside = sum(len(product.components) for product in bom.components)

document = parse_file(spdx_file)
messages = validate_full_spdx_document(document)
packages = sum(package.source_info.startswith("found at ") for package in document.packages)

print(f"findings {want}; CycloneDX components {inside}, fault {fault}; SPDX packages {packages}, messages {len(messages)}")
for message in messages[:10]:
    print(" ", message.validation_message)
sys.exit(0 if want == inside == packages and fault is None and not messages else 1)
