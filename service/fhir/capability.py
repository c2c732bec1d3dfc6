"""The CapabilityStatement: exactly what is served below /fhir."""

from importlib.metadata import version

from service.fhir.codes import Names
from service.fhir.elements import Resource
from service.fhir.outcome import MEDIA_TYPE

WRITTEN = "2026-11-23"  # when what is served here last changed
SEARCHED = {"url": "uri", "version": "token", "status": "token", "experimental": "token", "_id": "token"}
ANSWERED = {
    "type": "QuestionnaireResponse",
    "documentation": "create answers with the header Access-Token, said once; read wants it as Authorization: Bearer. Only a finished response "
    "is kept, without its subject, until it expires.",
    "interaction": [{"code": "create"}, {"code": "read"}],
    "versioning": "no-version",
    "operation": [{"name": "extract", "definition": "http://hl7.org/fhir/uv/sdc/OperationDefinition/QuestionnaireResponse-extract"}],
}
KNOWLEDGE = ("Questionnaire", "CodeSystem", "ValueSet")


def capability_statement(names: Names) -> Resource:
    """What a client may ask for."""
    label = names.pack.label
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
        "software": {"name": "muscle-balance", "version": version("muscle-balance")},
        "implementation": {"description": label.name, "url": names.base},
        "fhirVersion": "4.0.1",
        "format": [MEDIA_TYPE, "json"],
        "rest": [{"mode": "server", "resource": [*(_knowledge(kind) for kind in KNOWLEDGE), ANSWERED]}],
    }


def _knowledge(kind: str) -> Resource:
    return {
        "type": kind,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "searchParam": [{"name": name, "type": of} for name, of in SEARCHED.items()],
    }
