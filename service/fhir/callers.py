"""Who may see a response that is kept: its owner with the token, and its clinic with a key."""

from datetime import timedelta
from typing import Annotated

from fastapi import Path, Request
from sqlmodel import Session

from rules import evaluate
from service.acting import Act, acting, bearer, brings_key, present
from service.assessments import Access, Intake, Kept, Submission, find, kept_of, submit
from service.clinics import clinics
from service.clinics.audit import note
from service.clinics.keys import Key
from service.fhir.kept import own_id
from service.fhir.response import Told, moment_of
from service.reader import Reader
from service.responses import own
from service.state import state_of

ResponseId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{22}$")]


def access(request: Request, response_id: str) -> Access:
    """With the token that came along."""
    return Access(own_id(response_id), bearer(request))


async def find_kept(request: Request, response_id: str) -> Kept:
    """The response. Raises AssessmentNotFound or NotHere, which look the same, for a wrong token, id or clinic."""
    wanted = own_id(response_id)
    if not brings_key(request):
        return await state_of(request).database.run(lambda session: find(session, access(request, response_id)))
    act = Act("read", "assessment", wanted)
    return await acting(request, "fhir", act, lambda session, key: kept_of(present(own(session, key.clinic, wanted))))


async def keep_for_clinic(request: Request, told: Told, reader: Reader) -> Kept:
    """Store a response for the clinic whose key came along."""
    guidance = evaluate(reader.pack, told.answers)

    def work(session: Session, key: Key) -> Kept:
        days = clinics.find(session, key.clinic).settings.retention_days or state_of(request).settings.retention_days
        intake = Intake(key.clinic, None, told.reference, told.subject, told.author)
        answers = told.answers if told.draft is None else told.draft
        submission = Submission(
            answers, guidance, reader.language, None, timedelta(days=days), intake, None, told.status, moment_of(told.authored)
        )
        kept = submit(session, submission)
        # It opens this one response for whoever the clinic hands it to, also when the key is gone.
        note(session, key.clinic, key.name, Act("create", "token", kept.id))
        return kept

    return await acting(request, "fhir", Act("create", "assessment"), work, made=lambda kept: kept.id)
