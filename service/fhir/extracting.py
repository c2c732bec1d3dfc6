"""Everything we say to a response, as resources: with ids where the response is kept, and as one transaction that others may store."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import NAMESPACE_URL, uuid4, uuid5

from pydantic_core import from_json

from rules import Guidance, evaluate
from service.assessments import FINISHED, Kept
from service.fhir.codes import Names, names_of
from service.fhir.documents import report
from service.fhir.elements import Resource, now
from service.fhir.kept import fhir_id, told_of, written
from service.fhir.observations import method, observations
from service.fhir.proposing import care_plan, flags
from service.fhir.responding import write_response
from service.fhir.response import Told
from service.paper.handing import Taken, kept_since, not_kept, printed
from service.reader import Reader
from service.state import State

STATUS = {"completed": "final", "amended": "amended"}  # of Observations; whatever follows from a draft is preliminary


@dataclass(frozen=True)
class Case:
    """A response and the guidance it got. `id`: of one that is kept; `now`: when its resources are written."""

    told: Told
    guidance: Guidance
    now: str
    id: str = ""

    def own_id(self, about: str) -> str:
        """The id of what follows from a response that is kept: the same whenever it is asked for."""
        return f"{self.id}-{hashlib.sha256(about.encode()).hexdigest()[:12]}"


def counting(told: Told) -> Told:
    """A draft without the answers that would not be asked: nothing follows from those."""
    return replace(told, draft=None)


def told_now(names: Names, told: Told) -> Case:
    """A response that is not kept; its guidance is worked out, whatever else came with it."""
    return Case(counting(told), evaluate(names.pack, told.answers), now())


def kept_case(names: Names, kept: Kept) -> Case:
    """A response that is kept, with the guidance as it was given."""
    return Case(counting(told_of(names.pack, kept)), kept_guidance(kept), now(), fhir_id(kept.id))


def results(names: Names, case: Case, reader: Reader, response: Resource) -> Iterator[tuple[str, Resource]]:
    """Observations, a CarePlan where a plan was issued, and Flags, by what each is about. Never a Condition: nothing here is a diagnosis."""
    told = case.told
    subject: Resource = (
        {"reference": told.subject} if told.subject else {"type": "Patient", "display": reader.say("The person who answered")}
    )
    when = told.authored or case.now
    about = {
        "status": STATUS.get(told.status, "preliminary"),
        "subject": subject,
        "effectiveDateTime": when,
        "issued": case.now if not case.id else when,
        "performer": [{"reference": told.author}] if told.author else [subject],
        "derivedFrom": [response],
    }
    yield from observations(names, case.guidance, about, reader)
    plan = care_plan(names, case.guidance, {"subject": subject, "created": when}, response, reader)
    if plan:
        yield "plan", plan
    yield from flags(names, case.guidance, subject, response)


def kept_results(names: Names, kept: Kept, reader: Reader) -> list[Resource]:
    """What follows from a response that is kept, each with its id; nothing from a draft or from what was entered in error."""
    if kept.status not in FINISHED:
        return []
    case = kept_case(names, kept)
    response = {"reference": f"QuestionnaireResponse/{case.id}"}
    return [{**one, "id": case.own_id(about)} for about, one in results(names, case, reader, response)]


def result_bundle(state: State, kept: Kept) -> Resource:
    """A transaction of the response and all that follows from it, with the PDF. Blocks while that is set: call it in a thread."""
    reader = state.readers.get(kept.language, next(iter(state.readers.values())))
    names = names_of(reader, state.settings.canonical, state.settings.allowed_terminologies())
    taken = kept_since(kept_guidance(kept), reader, kept.created_at, kept.id, None)
    case = kept_case(names, kept)
    return _bundle(state, names, case, written(names, kept, case.told), taken)


def kept_guidance(kept: Kept) -> Guidance:
    """The guidance as it was given."""
    guidance: Guidance = from_json(kept.guidance)
    return guidance


def told_bundle(state: State, names: Names, told: Told, reader: Reader) -> Resource:
    """The same for a response that is not kept. Blocks too."""
    case = told_now(names, told)
    return _bundle(state, names, case, write_response(names, case.told, case.now), not_kept(case.guidance, reader))


def _bundle(state: State, names: Names, case: Case, answered: Resource, taken: Taken) -> Resource:
    """Entry by entry: the response, what follows from it, the PDF, and where all of it comes from."""
    address = _address(names, case, "response")
    response = {"reference": address, "type": "QuestionnaireResponse"}
    found = list(results(names, case, taken.reader, response))
    subject = found[0][1]["subject"]
    found.append(("report", report(names, taken, printed(state, taken), subject, response, case.now)))
    addressed = [(address, answered), *((_address(names, case, about), one) for about, one in found)]
    provenance = {
        "resourceType": "Provenance",
        "target": [{"reference": where, "type": one["resourceType"]} for where, one in addressed[1:]],
        "recorded": case.now,
        "agent": [{"who": {"type": "Device", "display": method(case.guidance)}}],
        "entity": [{"role": "source", "what": response}],
    }
    addressed.append((_address(names, case, "provenance"), provenance))
    entries = [_entry(where, one) for where, one in addressed]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def _entry(where: str, one: Resource) -> Resource:
    """Made anew wherever it goes: under which id, its new home decides."""
    unnamed = {key: value for key, value in one.items() if key != "id"}
    return {"fullUrl": where, "resource": unnamed, "request": {"method": "POST", "url": one["resourceType"]}}


def _address(names: Names, case: Case, about: str) -> str:
    """Inside the Bundle."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{names.base}/{case.id}/{about}') if case.id else uuid4()}"
