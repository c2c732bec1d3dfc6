"""What is open to reading, serialised once: a resource is bytes with a strong ETag, and may be searched for."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic_core import to_json

from rules import Pack
from service.fhir.capability import SEARCHED, capability_statement
from service.fhir.codes import Names, code_systems, value_set
from service.fhir.elements import Resource
from service.fhir.questionnaire import questionnaire
from service.fhir.translations import with_translations


@dataclass(frozen=True)
class Document:
    """A resource that changes only with the pack."""

    kind: str
    address: str
    found_by: Mapping[str, str]
    body: bytes
    etag: str


@dataclass(frozen=True)
class Published:
    """Everything that is open to reading, by `type/id`; and the statement of what is served."""

    names: Names
    documents: Mapping[str, Document]
    metadata: Document

    def search(self, kind: str, wanted: Mapping[str, Iterable[str]]) -> bytes:
        """A searchset of what fits every parameter; of values with commas between them any may fit."""
        found = [one for one in self.documents.values() if one.kind == kind and _fits(one, wanted)]
        asked = "&".join(f"{name}={one}" for name, values in wanted.items() for one in values)
        link = to_json([{"relation": "self", "url": f"{self.names.base}/{kind}" + (f"?{asked}" if asked else "")}])
        entries = [b'{"fullUrl":%s,"resource":%s,"search":{"mode":"match"}}' % (to_json(one.address), one.body) for one in found]
        listed = b',"entry":[%s]' % b",".join(entries) if entries else b""
        return b'{"resourceType":"Bundle","type":"searchset","total":%d,"link":%s%s}' % (len(found), link, listed)


def publish(packs: Mapping[str, Pack], base: str) -> Published:
    """Every resource in the language the pack is written in, with the other languages beside it."""
    languages = {language: Names(base, pack) for language, pack in packs.items()}
    names, *_ = languages.values()
    others = {language: one for language, one in languages.items() if one is not names}
    whole = with_translations(questionnaire(names), {language: questionnaire(one) for language, one in others.items()})
    systems = _spoken(code_systems(names), {language: code_systems(one) for language, one in others.items()})
    resources = [whole, *systems, *(value_set(one) for one in systems)]
    documents = {f"{one['resourceType']}/{one['id']}": _document(names, one) for one in resources}
    return Published(names, documents, _document(names, {**capability_statement(names), "id": names.pack.label.id}))


def _spoken(systems: list[Resource], others: Mapping[str, list[Resource]]) -> list[Resource]:
    """Only the concepts are translated: the rest of a code system is for machines."""
    return [
        {**one, "concept": with_translations(one, {language: all_of[place] for language, all_of in others.items()})["concept"]}
        for place, one in enumerate(systems)
    ]


def _document(names: Names, resource: Resource) -> Document:
    body = to_json(resource)
    kind, own = resource["resourceType"], resource["id"]
    found_by = {name: str(resource[name]).lower() if name == "experimental" else resource[name] for name in SEARCHED if name in resource}
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Document(kind, f"{names.base}/{kind}/{own}", {**found_by, "_id": own}, body, etag)


def _fits(document: Document, wanted: Mapping[str, Iterable[str]]) -> bool:
    """A token may come as `system|code`; an address may hold commas of its own, but ours do not."""
    return all(
        document.found_by[name] in [one.rsplit("|", 1)[-1] if SEARCHED[name] == "token" else one for one in value.split(",")]
        for name, values in wanted.items()
        for value in values
    )
