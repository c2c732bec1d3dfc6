"""Invitations: a link for one person, once or again and again, until it is used, withdrawn or over. Its secret is said once and kept as a hash."""

import hmac
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from pydantic_core import from_json
from sqlmodel import Session, and_, case, col, func, or_, select, tuple_, update

from service.clinics.audit import PERSON, Act, note
from service.clinics.secrets import KeyReused, derived, fits, hashed, new_id, new_secret
from service.storage.clinic_tables import StoredInvitation as Row
from service.storage.tables import StoredAssessment

State = Literal["open", "used", "expired", "withdrawn"]
TOKEN = re.compile(r"([0-9a-f]{16})\.([0-9a-f]{16})\.([0-9a-f]{64})")
NOTHING = "{}"
NEWS_AFTER = timedelta(hours=1)
MOST_INTAKES = 10  # of a link for one journey: what was sent first, and its corrections


class InvitationNotFound(Exception):
    """There is no such invitation"""


class InvitationOver(Exception):
    """This invitation is withdrawn, expired, or used by somebody else"""


class DueOutOfReach(Exception):
    """An invitation is due between today and the day its link expires"""


@dataclass(frozen=True)
class NewInvitation:
    """Whom to invite. `reference`, `subject`: the clinic's own words for who it is; `answers`: what it knows already; `key`: its Idempotency-Key, if any."""

    reference: str
    subject: str | None
    language: str | None
    due: date | None
    answers: Mapping[str, object]
    reusable: bool
    days: int
    key: str | None


@dataclass(frozen=True)
class Token:
    """A link's token as it came: it says whose it is, which is true only if its secret fits."""

    clinic: str
    invitation: str
    secret: str

    def __str__(self) -> str:
        """As it stands in the link."""
        return f"{self.clinic}.{self.invitation}.{self.secret}"


@dataclass(frozen=True)
class Invitation:
    """An invitation without its secret. `used`: how many journeys took it up; `intakes`: the ids of what came of it; `taken_by`: the hash of its journey."""

    id: str
    clinic: str
    reference: str
    subject: str | None
    language: str | None
    due: date | None
    answers: Mapping[str, object]
    reusable: bool
    used: int
    state: State
    created_at: datetime
    expires_at: datetime
    started_at: datetime | None
    intakes: tuple[str, ...]
    taken_by: bytes | None

    def is_open_to(self, once: str) -> bool:
        """Whether the journey with this value may send: an open one any, a used one only the journey that used it."""
        return self.state == "open" or (self.state == "used" and self.expires_at > datetime.now(UTC) and fits(once, self.taken_by))


@dataclass(frozen=True)
class Wanted:
    """Which invitations: the newest first, at most `most`. `before`: go on behind this one."""

    reference: str | None = None
    open: bool | None = None
    before: str | None = None
    most: int = 50


def token_in(text: str) -> Token | None:
    """What a token says of itself; None for what cannot be one."""
    found = TOKEN.fullmatch(text)
    return Token(found[1], found[2], found[3]) if found else None


def new_once() -> str:
    """What tells one journey of a browser from another."""
    return secrets.token_urlsafe(32)


def invite(session: Session, clinic: str, new: NewInvitation) -> tuple[Invitation, Token]:
    """An invitation and its token, or those that the same key and body made before. Raises KeyReused and DueOutOfReach."""
    key_hash = hashed(new.key) if new.key is not None else None
    # With the key in it: nobody can find out from it what a clinic knows of a person by trying what it may be.
    fingerprint = hashed(f"{new.key}\n{_canonical(new)}")
    earlier = session.exec(select(Row).where(col(Row.clinic_id) == clinic, col(Row.key_hash) == key_hash)).first() if key_hash else None
    if earlier is not None:
        if not hmac.compare_digest(earlier.fingerprint or b"", fingerprint):
            raise KeyReused
        return _with_intakes(session, [earlier])[0], Token(clinic, earlier.id, derived(new.key or "", earlier.salt or b""))
    now, salt = datetime.now(UTC), secrets.token_bytes(32)
    # A day's grace: somewhere on earth it is still yesterday.
    if new.due and not now.date() - timedelta(days=1) <= new.due <= (now + timedelta(days=new.days)).date():
        raise DueOutOfReach
    secret = derived(new.key, salt) if new.key is not None else new_secret()
    row = Row(
        id=new_id(16),
        clinic_id=clinic,
        secret_hash=hashed(secret),
        reference=new.reference,
        subject=new.subject,
        language=new.language,
        due=new.due,
        answers=json.dumps(dict(new.answers)),
        reusable=new.reusable,
        key_hash=key_hash,
        fingerprint=fingerprint if key_hash else None,
        salt=salt if key_hash else None,
        created_at=now,
        expires_at=now + timedelta(days=new.days),
    )
    session.add(row)
    session.flush()
    return _invitation(row, ()), Token(clinic, row.id, secret)


def list_invitations(session: Session, clinic: str, wanted: Wanted) -> list[Invitation]:
    """What fits."""
    statement = select(Row).where(col(Row.clinic_id) == clinic)
    if wanted.reference is not None:
        statement = statement.where(col(Row.reference) == wanted.reference)
    if wanted.open is not None:
        unused = or_(col(Row.reusable), col(Row.used) == 0)
        is_open = and_(col(Row.withdrawn_at).is_(None), col(Row.expires_at) > datetime.now(UTC), unused)
        statement = statement.where(is_open if wanted.open else ~is_open)
    if wanted.before is not None:
        last = session.get(Row, wanted.before)
        if last is None or last.clinic_id != clinic:
            return []
        statement = statement.where(tuple_(col(Row.created_at), col(Row.id)) < tuple_(last.created_at, last.id))
    newest = statement.order_by(col(Row.created_at).desc(), col(Row.id).desc()).limit(wanted.most)
    return _with_intakes(session, session.exec(newest).all())


def find_invitation(session: Session, clinic: str, invitation: str) -> Invitation | None:
    """One invitation; None where there is none, or it is not this clinic's."""
    row = session.get(Row, invitation)
    return _with_intakes(session, [row])[0] if row is not None and row.clinic_id == clinic else None


def withdraw(session: Session, clinic: str, invitation: str) -> Invitation | None:
    """It opens nothing from now on, and what the clinic had told in it is gone; None as `find_invitation`."""
    row = session.get(Row, invitation)
    if row is None or row.clinic_id != clinic:
        return None
    row.withdrawn_at = row.withdrawn_at or datetime.now(UTC)
    row.answers = NOTHING
    return _with_intakes(session, [row])[0]


def open_invitation(session: Session, token: Token) -> Invitation:
    """What the token opens, in whatever state it is; in a transaction of its clinic. Raises InvitationNotFound."""
    return _invitation(_opened(session, token), ())


def take_up(session: Session, token: Token) -> tuple[Invitation, bool]:
    """Somebody begins, and whether that is news: the first time is, and with a reusable link one in an hour. Raises InvitationNotFound, InvitationOver."""
    row = _opened(session, token)
    if _state(row, datetime.now(UTC)) != "open":
        raise InvitationOver
    now = datetime.now(UTC)
    again = and_(col(Row.reusable), col(Row.started_at) <= now - NEWS_AFTER)
    begun = update(Row).where(col(Row.id) == row.id, or_(col(Row.started_at).is_(None), again)).values(started_at=now)
    news = session.exec(begun.execution_options(synchronize_session=False)).rowcount == 1
    note(session, row.clinic_id, PERSON, Act("update", "invitation", row.id))
    return _invitation(row, ()), news


def use(session: Session, token: Token, once: str) -> Invitation:
    """This journey uses it: of two at once exactly one. The same journey may do so again. Raises InvitationNotFound, InvitationOver."""
    row, journey = _opened(session, token), hashed(once)
    free = or_(col(Row.reusable), col(Row.journey_hash).is_(None), col(Row.journey_hash) == journey)
    # One statement decides: a second one waits for the row, and then finds it taken.
    taken = (
        update(Row)
        .where(col(Row.id) == row.id, col(Row.withdrawn_at).is_(None), col(Row.expires_at) > datetime.now(UTC), free)
        .values(
            used=col(Row.used) + case((col(Row.journey_hash) == journey, 0), else_=1),
            journey_hash=journey,
            answers=case((col(Row.reusable), col(Row.answers)), else_=NOTHING),
        )
        .execution_options(synchronize_session=False)
    )
    if session.exec(taken).rowcount == 0 or (not row.reusable and _came_of(session, row) > MOST_INTAKES):
        raise InvitationOver
    session.refresh(row)
    note(session, row.clinic_id, PERSON, Act("update", "invitation", row.id))
    return _invitation(row, ())


def forget_answers(session: Session) -> None:
    """What clinics had told in invitations that have expired since is removed."""
    over = update(Row).where(col(Row.expires_at) <= datetime.now(UTC), col(Row.answers) != NOTHING)
    session.exec(over.values(answers=NOTHING).execution_options(synchronize_session=False))


def _opened(session: Session, token: Token) -> Row:
    row = session.get(Row, token.invitation)
    opens = fits(token.secret, row.secret_hash if row else None)
    if row is None or not opens or row.clinic_id != token.clinic:
        raise InvitationNotFound
    return row


def _came_of(session: Session, row: Row) -> int:
    return session.exec(select(func.count()).where(col(StoredAssessment.invitation_id) == row.id)).one()


def _canonical(new: NewInvitation) -> str:
    due = new.due.isoformat() if new.due else None
    told = [new.reference, new.subject, new.language, due, dict(new.answers), new.reusable, new.days]
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def _state(row: Row, now: datetime) -> State:
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.used and not row.reusable:
        return "used"
    return "open" if row.expires_at > now else "expired"


def _with_intakes(session: Session, rows: Iterable[Row]) -> list[Invitation]:
    shown = list(rows)
    made: dict[str, list[str]] = {row.id: [] for row in shown}
    came_of = col(StoredAssessment.invitation_id)
    intakes = select(StoredAssessment.id, came_of).where(came_of.in_(made)).order_by(col(StoredAssessment.created_at))
    for intake, invitation in session.exec(intakes):
        made[invitation or ""].append(intake)
    return [_invitation(row, tuple(made[row.id])) for row in shown]


def _invitation(row: Row, intakes: tuple[str, ...]) -> Invitation:
    return Invitation(
        row.id,
        row.clinic_id,
        row.reference,
        row.subject,
        row.language,
        row.due,
        from_json(row.answers),
        row.reusable,
        row.used,
        _state(row, datetime.now(UTC)),
        row.created_at,
        row.expires_at,
        row.started_at,
        intakes,
        row.journey_hash,
    )
