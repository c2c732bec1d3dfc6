"""API keys: shown once, kept as hashes, for some things only, and refused at once when they are revoked or their time is over."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from sqlmodel import Session, col, delete, select

from service.clinics.secrets import fits, hashed, new_id, new_secret
from service.storage.clinic_tables import StoredKey, StoredLink

Scope = Literal["invite", "read", "fhir", "webhooks", "batch"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
KEY = re.compile(r"mbk_([0-9a-f]{16})_([0-9a-f]{12})_([0-9a-f]{64})")
USE_NOTED_EVERY = timedelta(minutes=1)


class NoKey(Exception):
    """This needs the API key of a clinic"""


class KeyLacksScope(Exception):
    """This API key is not meant for this"""


class KeyNotFound(Exception):
    """There is no such key"""


@dataclass(frozen=True)
class ClaimedKey:
    """A key as it was sent: it says whose it is, which is true only if its secret fits."""

    clinic: str
    id: str
    secret: str


@dataclass(frozen=True)
class Key:
    """A key without its secret. `name`: how it is recognised."""

    clinic: str
    id: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None

    @property
    def name(self) -> str:
        """What it begins with."""
        return f"mbk_{self.clinic}_{self.id}"


def claimed(text: str) -> ClaimedKey:
    """What a key says of itself. Raises NoKey for what cannot be one."""
    found = KEY.fullmatch(text)
    if not found:
        raise NoKey
    return ClaimedKey(found[1], found[2], found[3])


def issue(session: Session, clinic: str, scopes: Collection[Scope], days: int | None) -> tuple[Key, str]:
    """A new key, and its text, which is said only here."""
    secret, now = new_secret(), datetime.now(UTC)
    row = StoredKey(
        id=new_id(12),
        clinic_id=clinic,
        secret_hash=hashed(secret),
        scopes=" ".join(one for one in SCOPES if one in scopes),
        created_at=now,
        expires_at=now + timedelta(days=days) if days is not None else None,
        days=days,
    )
    session.add(row)
    key = _key(row)
    return key, f"{key.name}_{secret}"


def verify(session: Session, key: ClaimedKey) -> Key:
    """The key, if its secret fits and its time is not over; in a transaction of its clinic. Raises NoKey."""
    row = session.get(StoredKey, key.id)
    now = datetime.now(UTC)
    opens = fits(key.secret, row.secret_hash if row else None)
    if row is None or not opens or (row.expires_at is not None and row.expires_at <= now):
        raise NoKey
    if row.used_at is None or now - row.used_at >= USE_NOTED_EVERY:
        row.used_at = now
    return _key(row)


def list_keys(session: Session, clinic: str) -> list[Key]:
    """The clinic's keys, the oldest first."""
    return [
        _key(row) for row in session.exec(select(StoredKey).where(col(StoredKey.clinic_id) == clinic).order_by(col(StoredKey.created_at)))
    ]


def rotate(session: Session, clinic: str, key_id: str, hours: int) -> tuple[Key, str]:
    """A key in the place of another, which goes on for some hours at most; the new one lasts as long as the old one did when it was issued.

    Raises KeyNotFound, also for a key whose time is over.
    """
    row, now = session.get(StoredKey, key_id), datetime.now(UTC)
    if row is None or row.clinic_id != clinic or (row.expires_at is not None and row.expires_at <= now):
        raise KeyNotFound
    last = now + timedelta(hours=hours)
    row.expires_at = min(row.expires_at, last) if row.expires_at else last
    return issue(session, clinic, [one for one in SCOPES if one in row.scopes.split()], row.days)


def revoke(session: Session, clinic: str, key_id: str) -> None:
    """It opens nothing from now on, and neither do the links for clinicians that were made with it. Raises KeyNotFound."""
    session.exec(delete(StoredLink).where(col(StoredLink.clinic_id) == clinic, col(StoredLink.made_by) == f"mbk_{clinic}_{key_id}"))
    gone = session.exec(delete(StoredKey).where(col(StoredKey.id) == key_id, col(StoredKey.clinic_id) == clinic))
    if gone.rowcount == 0:
        raise KeyNotFound


def _key(row: StoredKey) -> Key:
    return Key(row.clinic_id, row.id, tuple(row.scopes.split()), row.created_at, row.expires_at, row.used_at)
