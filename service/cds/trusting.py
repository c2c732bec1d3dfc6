"""From a signed token to the clinic in whose name the call is; each token opens once."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from fastapi import Request
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete

from service.acting import bearer
from service.cds.fetching import KeySets
from service.cds.tokens import Token, assert_says, assert_signed, read_token
from service.clinics.clinics import find
from service.clinics.issuers import NotTrusted, TrustedIssuer, clinic_of
from service.clinics.key_sets import PublicKey
from service.clinics.secrets import hashed
from service.clinics.settings import ClinicSettings
from service.state import state_of
from service.storage.cds_tables import StoredToken
from service.storage.tenancy import OPERATOR


@dataclass(frozen=True)
class Caller:
    """In whose name a call is. `name`: how the audit trail calls the system that signed it."""

    clinic: str
    name: str
    settings: ClinicSettings


async def caller_of(request: Request, *endpoints: str) -> Caller:
    """Who calls one of our endpoints. Raises NotTrusted, in the same words whatever it was that did not fit."""
    token = read_token(bearer(request))
    database = state_of(request).database
    # The one place where somebody who is not known yet is looked up among all clinics.
    clinic, settings = await database.run(lambda session: _listed(session, token.claims.iss), OPERATOR)
    issuer = next((one for one in settings.cds if one.issuer == token.claims.iss), None)
    if issuer is None:
        raise NotTrusted
    assert_says(token, issuer, endpoints, time.time())
    assert_signed(token, await _key(request, issuer, token.header.kid))
    try:
        await database.run(lambda session: _use_up(session, clinic, token), clinic)
    except IntegrityError:
        raise NotTrusted from None  # brought twice at the same moment
    return Caller(clinic, name_of(issuer.issuer), settings)


def name_of(issuer: str) -> str:
    """An issuer in the audit trail."""
    return f"cds:{urlsplit(issuer).hostname or issuer}"[:40]


def forget_tokens(session: Session) -> int:
    """Remove what nobody could bring again, as the operator; says how many there were."""
    return session.exec(delete(StoredToken).where(col(StoredToken.expires_at) <= datetime.now(UTC))).rowcount


def _listed(session: Session, issuer: str) -> tuple[str, ClinicSettings]:
    clinic = clinic_of(session, issuer)
    if clinic is None:
        raise NotTrusted
    return clinic, find(session, clinic).settings


async def _key(request: Request, issuer: TrustedIssuer, kid: str) -> PublicKey | None:
    if issuer.jwks is not None:
        return issuer.jwks.by_name().get(kid)
    sets = request.app.state.key_sets
    assert isinstance(sets, KeySets)  # noqa: S101 - create_app sets nothing else
    return await sets.find(issuer.jwks_url or "", kid)


def _use_up(session: Session, clinic: str, token: Token) -> None:
    told = hashed(f"{token.claims.iss}\n{token.claims.jti}")
    if session.get(StoredToken, told) is not None:
        raise NotTrusted
    session.add(StoredToken(token_hash=told, clinic_id=clinic, expires_at=datetime.fromtimestamp(token.over, UTC)))
