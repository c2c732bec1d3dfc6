"""Links that let a clinician open one intake in a browser for a while."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from service.clinics.secrets import hashed, new_id, new_secret
from service.storage.clinic_tables import StoredLink


def make_link(session: Session, clinic: str, assessment: str, made_by: str, hours: int) -> str:
    """A new link's token, which is said only here: it names the clinic and the link, so that only their secret must be looked up."""
    secret, link = new_secret(), new_id(16)
    expires = datetime.now(UTC) + timedelta(hours=hours)
    row = StoredLink(id=link, clinic_id=clinic, assessment_id=assessment, secret_hash=hashed(secret), made_by=made_by, expires_at=expires)
    session.add(row)
    return f"{clinic}.{link}.{secret}"
