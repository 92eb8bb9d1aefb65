"""Counts the components of documents with nothing of interdict's, for goal F9; only what Python brings along.

    printf 'cyclonedx-json\tbom.json\n' | python3 tests/counts.py

Reads lines of a reader's id and a path, and writes the count, or `?` where the document is none of that format, before the path.
"""
import json
import re
import sys
from xml.etree import ElementTree


def local(element):
    return element.tag.rsplit("}", 1)[-1]


def objects(value):
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def cyclonedx_json(data):
    def below(holder):
        return sum(1 + below(one) for one in objects(holder.get("components")))

    return below(json.loads(data.decode("utf-8-sig")))


def cyclonedx_xml(data):
    def below(holder):
        lists = [child for child in holder if local(child) == "components"]
        return sum(1 + below(one) for held in lists for one in held if local(one) == "component")

    root = ElementTree.fromstring(data)
    if local(root) != "bom":
        raise ValueError("no bom")
    return below(root)


def varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
        shift += 7


def cyclonedx_protobuf(data):
    """The lists `components` of `Bom` (field 5) and of `Component` (field 21)."""

    def below(data, wanted):
        at = count = 0
        while at < len(data):
            key, at = varint(data, at)
            field, wire = key >> 3, key & 7
            if wire == 0:
                _, at = varint(data, at)
            elif wire in (1, 5):
                at += 8 if wire == 1 else 4
            elif wire == 2:
                length, at = varint(data, at)
                if at + length > len(data):
                    raise ValueError("cut")
                if field == wanted:
                    count += 1 + below(data[at : at + length], 21)
                at += length
            else:
                raise ValueError("a group")
        return count

    return below(data, 5)


def cyclonedx_textproto(data):
    text = data.decode()
    tokens = re.findall(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|#[^\n]*|[\w.+-]+|[{}\[\]<>,;:]', text)
    tokens = [token for token in tokens if not token.startswith("#")]
    count, path, name = 0, [], ""
    for index, token in enumerate(tokens):
        if token in "{<":
            path.append(name)
            if all(step == "components" for step in path):
                count += 1
            name = path[-1]
        elif token in "}>":
            # The next one of a list has the same name.
            name = path.pop()
        elif re.match(r"[A-Za-z_]", token) and index + 1 < len(tokens) and tokens[index + 1] in (":", "{", "<", "["):
            name = token
    return count


def spdx_json(data):
    return len(objects(json.loads(data.decode("utf-8-sig")).get("packages")))


def spdx_tag_value(data):
    text = re.sub(r"(?is)<text>.*?</text>", "", data.decode("utf-8-sig"))
    return len(re.findall(r"(?m)^\s*PackageName\s*:", text))


def spdx_yaml(data):
    lines = [line for line in data.decode("utf-8-sig").splitlines() if line.strip() and not line.lstrip().startswith("#")]
    starts = [index for index, line in enumerate(lines) if re.match(r"(['\"]?)packages\1\s*:", line)]
    if not starts:
        return 0
    count, indent = 0, None
    for line in lines[starts[0] + 1 :]:
        depth = len(line) - len(line.lstrip())
        if line.lstrip().startswith("- ") and (indent is None or depth == indent):
            indent, count = depth, count + 1
        elif depth == 0:
            break
    return count


def spdx_rdf(data):
    about = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
    packages = [one for one in ElementTree.fromstring(data).iter() if local(one) == "Package" and len(one)]
    return len({one.get(about) or id(one) for one in packages})


def spdx_xml(data):
    root = ElementTree.fromstring(data)
    documents = [root] if local(root) == "Document" else [one for one in root.iter() if local(one) == "Document"]
    return sum(1 for document in documents for one in document if local(one) == "packages")


def spdx3_json(data):
    value = json.loads(data.decode("utf-8-sig"))
    elements = objects(value if isinstance(value, list) else value.get("@graph")) or [value]
    kinds = [str(one.get("type") or one.get("@type") or "").rsplit("/", 1)[-1].rsplit("_", 1)[-1] for one in elements]
    return sum(kind in ("Package", "AIPackage", "DatasetPackage") for kind in kinds)


def syft_json(data):
    return len(objects(json.loads(data.decode("utf-8-sig")).get("artifacts")))


for line in sys.stdin:
    reader, path = line.rstrip("\n").split("\t", 1)
    try:
        with open(path, "rb") as file:
            count = globals()[reader.replace("-", "_")](file.read())
    except (ValueError, AttributeError, KeyError, IndexError, RecursionError, ElementTree.ParseError, LookupError):
        count = "?"
    print(count, path, sep="\t", flush=True)
