"""Everything that is done with a clinic's key or link goes through here: it is checked, the work done and the line in the audit trail written in one transaction."""

import hmac
from collections.abc import Callable
from typing import TypeVar

from fastapi import Request
from sqlmodel import Session

from service.clinics.audit import OPERATOR as BY_OPERATOR
from service.clinics.audit import Act, note
from service.clinics.keys import Key, KeyLacksScope, NoKey, Scope, claimed, verify
from service.clinics.links import Link, claimed_link, follow
from service.clinics.secrets import hashed
from service.state import state_of
from service.storage.tenancy import OPERATOR

T = TypeVar("T")


class NotHere(Exception):
    """There is nothing here, or it is another clinic's"""


class NotTheOperator(Exception):
    """This needs the operator's key"""


def bearer(request: Request) -> str:
    """The text of `Authorization: Bearer`; nothing where there is none."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def brings_key(request: Request) -> bool:
    """Whether the caller means to be a clinic, rightly or not."""
    return bearer(request).startswith("mbk_")


async def acting(
    request: Request, scope: Scope | None, act: Act, work: Callable[[Session, Key], T], *, made: Callable[[T], str] | None = None
) -> T:
    """What `work` gives, in a transaction that sees the clinic's own rows only, with `act` in its audit trail.

    `scope`: None where any key will do; `made`: the name of what was done it to, where only the work tells. Raises NoKey, KeyLacksScope, and what `work` raises; a key that may not,
    and what is not there for it, stand in the trail too.
    """
    key = claimed(bearer(request))

    def do(session: Session) -> T:
        found = verify(session, key)
        if scope is not None and scope not in found.scopes:
            raise KeyLacksScope
        done = work(session, found)
        note(session, found.clinic, found.name, Act(act.action, act.kind, made(done)) if made else act)
        return done

    def refuse(session: Session) -> None:
        note(session, key.clinic, verify(session, key).name, act, refused=True)

    database = state_of(request).database
    try:
        return await database.run(do, key.clinic)
    except (KeyLacksScope, NotHere):
        await database.run(refuse, key.clinic)
        raise


async def following(request: Request, link: str, act: Callable[[Link], Act], work: Callable[[Session, Link], T]) -> T:
    """What `work` gives to who follows a clinician's link, in the same way. Raises LinkOpensNothing and what `work` raises."""
    claim = claimed_link(link)

    def do(session: Session) -> T:
        found = follow(session, claim)
        done = work(session, found)
        note(session, found.clinic, found.name, act(found))
        return done

    return await state_of(request).database.run(do, claim.clinic)


async def opens(request: Request, scope: Scope) -> bool:
    """Whether the key that came along may do this; for what must be made ready before, and not by anybody. What is done with it goes through `acting`."""
    try:
        key = claimed(bearer(request))
        return scope in (await state_of(request).database.run(lambda session: verify(session, key), key.clinic)).scopes
    except NoKey:
        return False


def is_operator(request: Request) -> bool:
    """Whether the operator's key came along."""
    expected = state_of(request).settings.admin_key()
    return expected is not None and hmac.compare_digest(hashed(expected), hashed(bearer(request)))


async def operating(
    request: Request, act: Act, work: Callable[[Session], T], *, clinic: Callable[[T], str], made: Callable[[T], str] | None = None
) -> T:
    """What `work` gives to the operator, who sees all; `clinic`: in whose audit trail it stands. Raises NotTheOperator and what `work` raises."""
    if not is_operator(request):
        raise NotTheOperator

    def do(session: Session) -> T:
        done = work(session)
        if whose := clinic(done):
            note(session, whose, BY_OPERATOR, Act(act.action, act.kind, made(done)) if made else act)
        return done

    return await state_of(request).database.run(do, OPERATOR)


def present(found: T | None) -> T:
    """What was found. Raises NotHere for what is not there, or not for this clinic."""
    if found is None:
        raise NotHere
    return found


__all__ = [
    "Act",
    "Key",
    "Link",
    "NoKey",
    "NotHere",
    "NotTheOperator",
    "acting",
    "bearer",
    "brings_key",
    "following",
    "is_operator",
    "opens",
    "operating",
    "present",
]
