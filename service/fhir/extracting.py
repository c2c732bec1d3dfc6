"""$extract: everything we say to a response, as one transaction that the caller may store; here nothing is stored."""

from datetime import UTC, datetime
from uuid import uuid4

from rules import evaluate
from service.fhir.codes import Names
from service.fhir.elements import Resource
from service.fhir.observations import method, observations
from service.fhir.proposing import care_plan, flags
from service.fhir.responding import write_response
from service.fhir.response import Told
from service.reader import Reader


def extract(names: Names, told: Told, reader: Reader) -> Resource:
    """The guidance is worked out anew from the answers; whatever else came with the response is left aside."""
    guidance = evaluate(names.pack, told.answers)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    subject: Resource = (
        {"reference": told.subject} if told.subject else {"type": "Patient", "display": reader.say("The person who answered")}
    )
    addressed = [(f"urn:uuid:{uuid4()}", write_response(names, told, now))]
    response = _reference(*addressed[0])
    about = {"subject": subject, "effectiveDateTime": told.authored or now, "issued": now, "derivedFrom": [response]}
    plan = care_plan(names, guidance, subject, response, reader)
    made = [*observations(names, guidance, about, reader), *([plan] if plan else []), *flags(names, guidance, subject)]
    addressed += [(f"urn:uuid:{uuid4()}", one) for one in made]
    provenance = {
        "resourceType": "Provenance",
        "target": [_reference(*one) for one in addressed[1:]],
        "recorded": now,
        "agent": [{"who": {"type": "Device", "display": method(guidance)}}],
        "entity": [{"role": "source", "what": response}],
    }
    addressed.append((f"urn:uuid:{uuid4()}", provenance))
    entries = [
        {"fullUrl": address, "resource": one, "request": {"method": "POST", "url": one["resourceType"]}} for address, one in addressed
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def _reference(address: str, resource: Resource) -> Resource:
    """Inside the Bundle; its address alone does not tell what it is."""
    return {"reference": address, "type": resource["resourceType"]}
