#!/usr/bin/env python3
"""Writes what the daemon serves of its contract: docs/openapi.yaml as it is, and a JSON Schema of every record.

    contract.py           write docs/schemas/*.json and Sources/Serve/Contract/ContractDocuments.swift
    contract.py --check   say whether they are what docs/openapi.yaml makes of them, and change nothing

The schemas are components of the OpenAPI document (3.1, whose schemas are JSON Schema, draft 2020-12) with all that
they refer to, so there is one source.
"""
import json
import pathlib
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What is a record, or an answer: the name in the path, and the component.
SCHEMAS = {
    "request": "Request",
    "lookup": "Lookup",
    "neighbour": "Neighbour",
    "lease": "Lease",
    "icmp_error": "ICMPError",
    "summary": "Summary",
    "translation": "Translation",
    "status": "Status",
    "problem": "Problem",
}
PREFIX = "#/components/schemas/"


def refer(node, used):
    """The node with references to components made to $defs; the names go into `used`."""
    if isinstance(node, dict):
        result = {}
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str) and value.startswith(PREFIX):
                used.append(value[len(PREFIX) :])
                result[key] = "#/$defs/" + value[len(PREFIX) :]
            else:
                result[key] = refer(value, used)
        return result
    if isinstance(node, list):
        return [refer(value, used) for value in node]
    return node


def schema(name, component, components):
    waiting, definitions = [], {}
    top = refer(components[component], waiting)
    while waiting:
        wanted = waiting.pop()
        if wanted not in definitions:
            definitions[wanted] = None
            definitions[wanted] = refer(components[wanted], waiting)
    result = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"/v1/schemas/{name}.json",
        "title": component,
    }
    result.update(top)
    if definitions:
        result["$defs"] = {key: definitions[key] for key in sorted(definitions)}
    return json.dumps(result, indent=1, ensure_ascii=False) + "\n"


def literal(text):
    marks = "#"
    while f'"""{marks}' in text or f"\\{marks}" in text:
        marks += "#"
    return f'{marks}"""\n{text}\n"""{marks}'


def swift(document, schemas):
    parts = [
        "// swift-format-ignore-file",
        "// Written by scripts/contract.py from docs/openapi.yaml: change that, and run it.",
        "",
        "/// What is served of the contract itself.",
        "enum ContractDocuments {",
        f"    static let openAPI = {literal(document)}",
        "",
        "    /// JSON Schemas (draft 2020-12) by the last part of their path.",
        "    static func schema(_ name: String) -> String? {",
        "        switch name {",
    ]
    for name in schemas:
        identifier = "".join(part.capitalize() for part in name.split("_"))
        parts.append(f'        case "{name}.json": schema{identifier}')
    parts += ["        default: nil", "        }", "    }", "", "    static let names = ["]
    parts += [f'        "{name}",' for name in schemas]
    parts += ["    ]"]
    for name, text in schemas.items():
        identifier = "".join(part.capitalize() for part in name.split("_"))
        parts += ["", f"    private static let schema{identifier} = {literal(text)}"]
    parts += ["}", ""]
    return "\n".join(parts)


def main():
    document = (ROOT / "docs/openapi.yaml").read_text()
    components = yaml.safe_load(document)["components"]["schemas"]
    schemas = {name: schema(name, component, components) for name, component in SCHEMAS.items()}
    files = {ROOT / "docs/schemas" / f"{name}.json": text for name, text in schemas.items()}
    files[ROOT / "Sources/Serve/Contract/ContractDocuments.swift"] = swift(document, schemas)
    if sys.argv[1:] == ["--check"]:
        stale = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what docs/openapi.yaml makes of it: run scripts/contract.py")
        return 1 if stale else 0
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
