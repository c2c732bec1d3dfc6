"""The CapabilityStatement: exactly what is served below /fhir."""

from collections.abc import Mapping
from importlib.metadata import version

from service.fhir.audit_events import SEARCHED as AUDITED
from service.fhir.codes import Names
from service.fhir.elements import SDC, Resource
from service.fhir.finding import SEARCHED as RESPONSES
from service.fhir.outcome import MEDIA_TYPE
from service.fhir.resulting import KINDS
from service.fhir.searched import SUPPORTING, address

WRITTEN = "2026-11-29"  # when what is served here last changed
SEARCHED = {"url": "uri", "version": "token", "status": "token", "experimental": "token", "_id": "token"}
MAPPED = {"source-system": "uri", "target-system": "uri"}
MAPPED_MEMBERS = {"source-system": "source", "target-system": "target"}
KNOWLEDGE = ("Questionnaire", "CodeSystem", "ValueSet", "ConceptMap", "PlanDefinition", "ActivityDefinition", "SearchParameter")
SDC_BASE = SDC.removesuffix("/StructureDefinition")
ROLES = ("sdc-form-fill-manager", "sdc-form-response-manager", "sdc-form-receiver")
OPERATIONS = {
    "Questionnaire": ("Questionnaire-next-question", "Questionnaire-populate", "Questionnaire-process-response"),
    "QuestionnaireResponse": ("QuestionnaireResponse-extract",),
}
ANSWERED = (
    "With a clinic's API key (scope fhir) as Authorization: Bearer: create, read, update and search of all that is that clinic's; subject, author and "
    "identifier.value are kept, names never. Without a key: create answers with the header Access-Token, said once, which read and update want as "
    "Authorization: Bearer; subject, author and identifier are not kept then. Drafts are kept too. Update: with If-Match only that version (412 when it is "
    "stale), without it whichever is there; what is finished never becomes a draft again, changed answers of a completed response make it amended, and "
    "entered-in-error is final (409). What is read holds our texts; items that are worked out are worked out anew. Everything is erased when its time is over."
)
FOLLOWING = (
    "Follows from finished responses and is worked out when it is asked for: for a clinic's API key (scope fhir), or for a response's own token when that "
    "response is named by the search."
)


def published_kinds(names: Names) -> list[str]:
    """What is open to reading; maps only where other terminologies may go out."""
    return [kind for kind in KNOWLEDGE if kind != "ConceptMap" or names.terminologies]


def searched_by(kind: str) -> Mapping[str, str]:
    """By what this kind is searched."""
    return {**SEARCHED, **MAPPED} if kind == "ConceptMap" else SEARCHED


def capability_statement(names: Names) -> Resource:
    """What a client may ask for."""
    label = names.pack.label
    resources = [
        *(_knowledge(kind) for kind in published_kinds(names)),
        _responses(),
        *(_results(names, kind) for kind in KINDS),
        AUDIT_TRAIL,
    ]
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{names.base}/CapabilityStatement/{label.id}",
        "version": version("muscle-balance"),
        "name": "MuscleBalance",
        "title": label.name,
        "status": "active",
        "experimental": False,
        "date": WRITTEN,
        "description": label.intended_use,
        "kind": "instance",
        "instantiates": [f"{SDC_BASE}/CapabilityStatement/{role}" for role in ROLES],
        "software": {"name": "muscle-balance", "version": version("muscle-balance")},
        "implementation": {"description": label.name, "url": names.base},
        "fhirVersion": "4.0.1",
        "format": [MEDIA_TYPE, "json"],
        "rest": [{"mode": "server", "security": {"description": SECURITY}, "resource": resources}],
    }


SECURITY = (
    "What is published is open. What belongs to a person or a clinic needs Authorization: Bearer, with the token of a response or with a clinic's API key; "
    "another clinic's resource is a 404, as if it were not there. Searches may be posted to _search, so that nothing about a person stands in an address."
)


def _knowledge(kind: str) -> Resource:
    operations = {"operation": [_operation(name) for name in OPERATIONS[kind]]} if kind in OPERATIONS else {}
    return {
        "type": kind,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "conditionalRead": "not-match",
        "searchParam": [{"name": name, "type": of} for name, of in searched_by(kind).items()],
        **operations,
    }


def _responses() -> Resource:
    return {
        "type": "QuestionnaireResponse",
        "supportedProfile": [f"{SDC}/sdc-questionnaireresponse"],
        "documentation": ANSWERED,
        "interaction": [{"code": code} for code in ("create", "read", "update", "search-type")],
        "versioning": "versioned",
        "readHistory": False,
        "updateCreate": False,
        "conditionalCreate": False,
        "conditionalRead": "not-supported",
        "conditionalUpdate": False,
        "conditionalDelete": "not-supported",
        "searchParam": [{"name": name, "type": of} for name, of in RESPONSES.items()],
        "operation": [_operation(name) for name in OPERATIONS["QuestionnaireResponse"]],
    }


def _results(names: Names, kind: str) -> Resource:
    own = {SUPPORTING: {"definition": address(names)}}
    return {
        "type": kind,
        "documentation": FOLLOWING,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "searchParam": [{"name": name, **own.get(name, {}), "type": of} for name, of in KINDS[kind].items()],
    }


def _operation(name: str) -> Resource:
    return {"name": name.partition("-")[2], "definition": f"{SDC_BASE}/OperationDefinition/{name}"}


AUDIT_TRAIL: Resource = {
    "type": "AuditEvent",
    "documentation": "A clinic's audit trail, for its API key (scope fhir): who did what, when; never an answer.",
    "interaction": [{"code": "read"}, {"code": "search-type"}],
    "versioning": "no-version",
    "searchParam": [{"name": name, "type": of} for name, of in AUDITED.items()],
}
