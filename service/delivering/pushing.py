"""A finished result goes to the clinic's own FHIR server, as one transaction that may come twice and is taken once."""

import asyncio
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from pydantic_core import to_json
from sqlmodel import Session

from service.assessments import FINISHED, Kept
from service.clinics.audit import SERVICE, Act, note
from service.clinics.clinics import find
from service.clinics.settings import FhirServer
from service.delivering.smart import Tokens
from service.fhir.extracting import result_bundle
from service.fhir.outcome import MEDIA_TYPE
from service.intakes import find_intake
from service.outside.sending import World
from service.state import State
from service.webhooks.attempts import Outcome, Told
from service.webhooks.signing_key import SigningKey

IDENTIFIED = ("CarePlan", "Flag", "Observation", "ServiceRequest", "DocumentReference")  # those that may have several identifiers


@dataclass
class Pusher:
    """Knows the content, and how to get into clinics' servers."""

    state: State
    world: World
    keys: list[SigningKey]
    _loading: asyncio.Lock = field(default_factory=asyncio.Lock)

    @cached_property
    def tokens(self) -> Tokens:
        """What opens clinics' servers."""
        return Tokens(self.world, self.keys)

    def leaving(self, session: Session, told: Told) -> tuple[FhirServer, Kept] | Outcome:
        """What goes where, written down in the clinic's audit trail before it goes; in a transaction of that clinic."""
        server = find(session, told.clinic).settings.fhir
        if server is None:
            return Outcome("fhir-not-set")
        kept = find_intake(session, told.clinic, told.assessment or "")
        if kept is None:
            return Outcome("assessment-erased")
        if kept.status not in FINISHED:
            return Outcome("entered-in-error")
        note(session, told.clinic, SERVICE, Act("send", "assessment", kept.id))
        return server, kept

    async def push(self, server: FhirServer, kept: Kept) -> Outcome:
        """Send it. Raises NotSent and NotLetIn."""
        async with self._loading:
            body = await asyncio.to_thread(self.body, kept)
        token = await self.tokens.token(server)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": MEDIA_TYPE, "Accept": MEDIA_TYPE}
        answer = await self.world.post(server.url, headers, body)
        if answer.status == 401:
            self.tokens.forget(server)
        return Outcome("accepted" if 200 <= answer.status < 300 else "refused", answer.status, answer.wait)

    def body(self, kept: Kept) -> bytes:
        """The transaction, in the language in which the guidance was given."""
        return to_json(once(result_bundle(self.state, kept), f"{self.state.settings.canonical}/result", f"{kept.id}.{kept.version}"))


def once(bundle: dict[str, Any], system: str, name: str) -> dict[str, Any]:
    """Each entry is made only where there is none of its name yet: by `identifier`, or by `_tag` where a resource has no room for another one."""
    for place, entry in enumerate(bundle["entry"], start=1):
        resource, code = entry["resource"], f"{name}.{place}"
        if entry["request"]["method"] != "POST" or "ifNoneExist" in entry["request"]:
            continue
        own = {"system": system, "value": code}
        by = "identifier"
        if resource["resourceType"] == "QuestionnaireResponse" and "identifier" not in resource:  # else it is the clinic's own
            resource["identifier"] = own
        elif resource["resourceType"] in IDENTIFIED:
            resource["identifier"] = [*resource.get("identifier", []), own]
        else:
            by = "_tag"
            meta = resource.setdefault("meta", {})
            meta["tag"] = [*meta.get("tag", []), {"system": system, "code": code}]
        entry["request"]["ifNoneExist"] = f"{by}={quote(f'{system}|{code}', safe=':/|')}"
    return bundle
