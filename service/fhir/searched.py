"""Search parameters of our own: FHIR R4 has none that leads from a response to its CarePlan and Flags."""

from service.fhir.codes import Names, machine_name, status_of, version_of
from service.fhir.elements import CORE, Resource

SUPPORTING = "supporting-info"
DETAIL = f"{CORE}/flag-detail"


def search_parameters(names: Names) -> list[Resource]:
    """The one there is."""
    own = f"{names.pack.label.id}-{SUPPORTING}"
    return [
        {
            "resourceType": "SearchParameter",
            "id": own,
            "url": address(names),
            "version": version_of(names.pack),
            "name": machine_name(own),
            "status": status_of(names.pack),
            "experimental": False,
            "description": "The response that a proposed plan, or a flag, follows from.",
            "code": SUPPORTING,
            "base": ["CarePlan", "Flag"],
            "type": "reference",
            "expression": f"CarePlan.supportingInfo | Flag.extension('{DETAIL}').value",
            "xpathUsage": "normal",
            "target": ["QuestionnaireResponse"],
        }
    ]


def address(names: Names) -> str:
    """Its canonical address."""
    return f"{names.base}/SearchParameter/{names.pack.label.id}-{SUPPORTING}"
