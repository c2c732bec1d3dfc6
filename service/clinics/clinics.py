"""A clinic is made, found, changed and removed, with everything that is its own."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, delete, select

from service.clinics.issuers import set_issuers
from service.clinics.secrets import new_id
from service.clinics.settings import ClinicSettings
from service.storage.clinic_tables import Clinic as Row
from service.storage.tables import StoredAssessment


class ClinicNotFound(Exception):
    """There is no such clinic"""


class NotAPicture(Exception):
    """A logo is a PNG or JPEG picture"""


@dataclass(frozen=True)
class Logo:
    """A picture and its media type."""

    body: bytes
    media_type: str


@dataclass(frozen=True)
class Clinic:
    """A clinic as others see it."""

    id: str
    name: str
    settings: ClinicSettings
    logo: Logo | None
    created_at: datetime


def create(session: Session, name: str) -> Clinic:
    """A new clinic, with nothing set."""
    row = Row(id=new_id(16), name=name, settings="{}", created_at=datetime.now(UTC))
    session.add(row)
    session.flush()
    return _clinic(row)


def list_clinics(session: Session) -> list[Clinic]:
    """Every clinic, the oldest first."""
    return [_clinic(row) for row in session.exec(select(Row).order_by(col(Row.created_at)))]


def find(session: Session, clinic: str) -> Clinic:
    """One clinic. Raises ClinicNotFound."""
    return _clinic(_row(session, clinic))


def change(session: Session, clinic: str, settings: ClinicSettings) -> Clinic:
    """Other settings in the place of those before. Raises ClinicNotFound or IssuerTaken."""
    row = _row(session, clinic)
    set_issuers(session, clinic, [one.issuer for one in settings.cds])
    row.settings = settings.model_dump_json(exclude_defaults=True)
    return _clinic(row)


def set_logo(session: Session, clinic: str, picture: bytes | None) -> None:
    """Another logo, or none. Raises ClinicNotFound or NotAPicture."""
    row = _row(session, clinic)
    row.logo, row.logo_type = (None, None) if picture is None else (picture, _media_type(picture))


def remove(session: Session, clinic: str) -> None:
    """The clinic goes, with its keys, invitations, intakes and what was delivered; only its audit trail stays. Raises ClinicNotFound."""
    row = _row(session, clinic)
    session.exec(delete(StoredAssessment).where(col(StoredAssessment.clinic_id) == clinic))
    session.delete(row)


def _row(session: Session, clinic: str) -> Row:
    row = session.get(Row, clinic)
    if row is None:
        raise ClinicNotFound
    return row


def _clinic(row: Row) -> Clinic:
    logo = Logo(row.logo, row.logo_type) if row.logo and row.logo_type else None
    return Clinic(row.id, row.name, ClinicSettings.model_validate_json(row.settings), logo, row.created_at)


def _media_type(picture: bytes) -> str:
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if picture.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    raise NotAPicture
