"""What an invited person does: begin, and send what they answered to the clinic that asked; each is one transaction of that clinic."""

from dataclasses import replace
from hashlib import sha256

from sqlmodel import Session

from service.assessments import Intake, Kept, Submission, canonical, submit
from service.clinics.clinics import Clinic, find
from service.clinics.invitations import Invitation, Token, open_invitation, take_up, use
from service.webhooks.outbox import Subject, announce


def look(session: Session, token: Token) -> tuple[Invitation, Clinic]:
    """The invitation, and who invites. Raises InvitationNotFound."""
    invitation = open_invitation(session, token)
    return invitation, find(session, token.clinic)


def start(session: Session, token: Token) -> None:
    """Somebody has agreed and begins: the clinic hears of it. Raises InvitationNotFound, InvitationOver."""
    invitation, news = take_up(session, token)
    if news:
        announce(session, "invitation.started", Subject(invitation.clinic, None, invitation.id, invitation.reference))


def send(session: Session, token: Token, once: str, submission: Submission) -> Kept:
    """Store the assessment for the clinic. The same answers of the same journey are one intake, however often they come; other answers correct them in another.

    Raises InvitationNotFound, InvitationOver.
    """
    invitation = use(session, token, once)
    key = f"{invitation.id}.{once}.{sha256(canonical(submission.answers).encode()).hexdigest()}"
    intake = Intake(invitation.clinic, invitation.id, invitation.reference, invitation.subject)
    return submit(session, replace(submission, key=key, intake=intake))


def clinic_of(session: Session, kept: Kept) -> Clinic | None:
    """For which clinic an assessment is, if any; behind `find`, which has entered that clinic's name."""
    return find(session, kept.intake.clinic) if kept.intake else None
