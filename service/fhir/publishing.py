"""What is open to reading, serialised once: a resource is bytes with a strong ETag, and may be searched for."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pydantic_core import to_json

from service.fhir.adaptive import searchable
from service.fhir.capability import MAPPED_MEMBERS, SEARCHED, capability_statement
from service.fhir.codes import Names, code_systems, names_of, value_set
from service.fhir.elements import Resource
from service.fhir.mapping import concept_maps
from service.fhir.programme import exercises, programme
from service.fhir.queries import Query, Values, searchset
from service.fhir.questionnaire import questionnaire
from service.fhir.searched import search_parameters
from service.fhir.translations import with_translations
from service.reader import Reader


@dataclass(frozen=True)
class Document:
    """A resource that changes only with the pack."""

    kind: str
    address: str
    found_by: Mapping[str, tuple[str, ...]]
    body: bytes
    etag: str


@dataclass(frozen=True)
class Published:
    """Everything that is open to reading, by `type/id`; and the statement of what is served."""

    names: Names
    documents: Mapping[str, Document]
    metadata: Document

    def search(self, kind: str, query: Query) -> bytes:
        """A searchset of what fits every parameter; of values with commas between them any may fit."""
        fitting = [one for one in self.documents.values() if one.kind == kind and _fits(one, query.values)]
        found = fitting[: query.count] if any(name == "_count" for name, _ in query.used) else fitting
        told = searchset(self.names.base, kind, query, (), total=len(fitting))
        entries = [b'{"fullUrl":%s,"resource":%s,"search":{"mode":"match"}}' % (to_json(one.address), one.body) for one in found]
        return to_json(told)[:-1] + (b',"entry":[%s]}' % b",".join(entries) if entries else b"}")


@lru_cache(maxsize=8)
def publish(readers: tuple[Reader, ...], base: str, terminologies: tuple[str, ...] = ()) -> Published:
    """Every resource in the language the pack is written in, the first reader's, with the other languages beside it."""
    names, *others = (names_of(reader, base, terminologies) for reader in readers)
    systems = _spoken(code_systems(names), {one.pack.label.language: code_systems(one) for one in others})
    resources = [
        *_in_every_language(lambda one: [questionnaire(one), searchable(one), programme(one), *exercises(one)], names, others),
        *systems,
        *(value_set(one) for one in systems),
        *concept_maps(names),
        *search_parameters(names),
    ]
    documents = {f"{one['resourceType']}/{one['id']}": _document(names, one) for one in resources}
    return Published(names, documents, _document(names, {**capability_statement(names), "id": names.pack.label.id}))


def _in_every_language(made: Callable[[Names], list[Resource]], names: Names, others: Iterable[Names]) -> list[Resource]:
    spoken = {one.pack.label.language: made(one) for one in others}
    return [
        with_translations(one, {language: all_of[place] for language, all_of in spoken.items()}) for place, one in enumerate(made(names))
    ]


def _spoken(systems: list[Resource], others: Mapping[str, list[Resource]]) -> list[Resource]:
    """Only the concepts are translated: the rest of a code system is for machines."""
    return [
        {**one, "concept": with_translations(one, {language: all_of[place] for language, all_of in others.items()})["concept"]}
        for place, one in enumerate(systems)
    ]


def _document(names: Names, resource: Resource) -> Document:
    body = to_json(resource)
    kind, own = resource["resourceType"], resource["id"]
    found_by = {name: (str(resource[name]).lower() if name == "experimental" else resource[name],) for name in SEARCHED if name in resource}
    systems = {
        name: tuple(group[member] for group in resource.get("group", ())) for name, member in MAPPED_MEMBERS.items() if kind == "ConceptMap"
    }
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Document(kind, f"{names.base}/{kind}/{own}", {**found_by, **systems, "_id": (own,)}, body, etag)


def _fits(document: Document, wanted: Mapping[str, Values]) -> bool:
    """A token may come as `system|code`; an address may hold commas of its own, but ours do not."""
    return all(
        any((one.rsplit("|", 1)[-1] if SEARCHED.get(name) == "token" else one) in document.found_by.get(name, ()) for one in any_of)
        for name, listed in wanted.items()
        for any_of in listed
    )
