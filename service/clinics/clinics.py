"""A clinic is made, found, changed and removed, with everything that is its own."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, delete, select

from service.clinics.secrets import new_id
from service.clinics.settings import ClinicSettings
from service.storage.clinic_tables import Clinic as Row
from service.storage.tables import StoredAssessment

MOST_PIXELS = 2000
JPEG_FRAMES = [bytes([kind]) for kind in range(0xC0, 0xD0) if kind not in (0xC4, 0xC8, 0xCC)]


class ClinicNotFound(Exception):
    """There is no such clinic"""


class NotAPicture(Exception):
    """A logo is a PNG or JPEG picture of at most 2000 pixels a side"""


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
    """Other settings in the place of those before. Raises ClinicNotFound."""
    row = _row(session, clinic)
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
    """A few bytes may unpack to more than a page can hold, so its sides are looked at, too."""
    if picture.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") and _fits(picture[16:20], picture[20:24]):
        return "image/png"
    if picture.startswith(b"\xff\xd8") and _fits(*_sides_of_jpeg(picture)):
        return "image/jpeg"
    raise NotAPicture


def _sides_of_jpeg(picture: bytes) -> tuple[bytes, bytes]:
    """Its height and width, from the first segment that describes a frame."""
    place = 2
    while picture[place : place + 1] == b"\xff" and picture[place + 1 : place + 2] not in JPEG_FRAMES:
        place += 2 + int.from_bytes(picture[place + 2 : place + 4], "big")
    return picture[place + 5 : place + 7], picture[place + 7 : place + 9]


def _fits(*sides: bytes) -> bool:
    return all(0 < int.from_bytes(side, "big") <= MOST_PIXELS for side in sides)
