"""Which invitation a page stands below: looked up once for each request, before anything else."""

from dataclasses import dataclass

from fastapi import Request

from service.clinics.clinics import Clinic
from service.clinics.invitations import Invitation, InvitationNotFound, Token, token_in
from service.invited import look
from service.state import state_of


@dataclass(frozen=True)
class Invited:
    """An invitation, the clinic that invites, and the token that opened it."""

    token: Token
    invitation: Invitation
    clinic: Clinic


async def remember_invitation(request: Request) -> None:
    """Who invites decides the language, as far as the reader has chosen none, and which pages may hold this one. Raises InvitationNotFound."""
    token = token_in(request.path_params["invitation"])
    if token is None:
        raise InvitationNotFound
    invitation, clinic = await state_of(request).database.run(lambda session: look(session, token), token.clinic)
    request.state.invited = Invited(token, invitation, clinic)
    request.state.languages = (invitation.language, clinic.settings.language)
    request.state.embedders = clinic.settings.embed_origins


def invited_in(request: Request) -> Invited | None:
    """The invitation that this page stands below, if any."""
    found = getattr(request.state, "invited", None)
    assert found is None or isinstance(found, Invited)  # noqa: S101 - nobody else sets it
    return found
