"""Links for a clinician's browser: each opens one intake for some hours. Said once; only the hash of its secret is kept."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, col, delete

from service.clinics.secrets import fits, hashed, new_id, new_secret
from service.storage.clinic_tables import StoredLink

LINK = re.compile(r"([0-9a-f]{16})\.([0-9a-f]{16})\.([0-9a-f]{64})")


class LinkOpensNothing(Exception):
    """There is no such link, or its time is over"""


@dataclass(frozen=True)
class ClaimedLink:
    """A link as it came: it says whose it is, which is true only if its secret fits."""

    clinic: str
    id: str
    secret: str


@dataclass(frozen=True)
class Link:
    """A link without its secret. `name`: how the audit trail calls whoever uses it."""

    clinic: str
    id: str
    assessment: str
    expires_at: datetime

    @property
    def name(self) -> str:
        """Not to be mistaken for a key."""
        return f"link_{self.id}"


def claimed_link(text: str) -> ClaimedLink:
    """What a link says of itself. Raises LinkOpensNothing for what cannot be one."""
    found = LINK.fullmatch(text)
    if not found:
        raise LinkOpensNothing
    return ClaimedLink(found[1], found[2], found[3])


def issue_link(session: Session, clinic: str, assessment: str, made_by: str, hours: int) -> tuple[Link, str]:
    """A new link to an intake of this clinic, and its text, which is said only here."""
    secret = new_secret()
    row = StoredLink(
        id=new_id(16),
        clinic_id=clinic,
        assessment_id=assessment,
        secret_hash=hashed(secret),
        made_by=made_by,
        expires_at=datetime.now(UTC) + timedelta(hours=hours),
    )
    session.add(row)
    return _link(row), f"{clinic}.{row.id}.{secret}"


def follow(session: Session, link: ClaimedLink) -> Link:
    """The link, if its secret fits and its time is not over; in a transaction of its clinic. Raises LinkOpensNothing."""
    row = session.get(StoredLink, link.id)
    opens = fits(link.secret, row.secret_hash if row else None)
    if row is None or not opens or row.expires_at <= datetime.now(UTC):
        raise LinkOpensNothing
    return _link(row)


def drop_old_links(session: Session) -> None:
    """Links whose time is over, as the operator."""
    session.exec(delete(StoredLink).where(col(StoredLink.expires_at) <= datetime.now(UTC)))


def _link(row: StoredLink) -> Link:
    return Link(row.clinic_id, row.id, row.assessment_id, row.expires_at)
