"""Where clinics have events sent, and what became of each. The secrets of endpoints are kept as they are: signing needs them."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, String
from sqlmodel import Field, SQLModel

from service.storage.clinic_tables import OfClinic
from service.storage.types import UtcDateTime


def _clinic() -> Column[str]:
    return Column(String(16), ForeignKey("clinic.id", ondelete="CASCADE"), nullable=False, index=True)


class StoredEndpoint(OfClinic, SQLModel, table=True):
    """An address of a clinic's. `events`: what it wants to hear of, with spaces between; empty: everything. `exhausted`: how many deliveries
    were given up since the last one that arrived."""

    __tablename__ = "endpoint"

    id: str = Field(sa_column=Column(String(16), primary_key=True))
    clinic_id: str = Field(sa_column=_clinic())
    url: str = Field(sa_column=Column(String(500), nullable=False))
    events: str = Field(sa_column=Column(String(400), nullable=False))
    status: str = Field(default="active", sa_column=Column(String(10), nullable=False))
    reason: str | None = Field(default=None, sa_column=Column(String(20), nullable=True))
    exhausted: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    secret: str = Field(sa_column=Column(String(60), nullable=False))
    old_secret: str | None = Field(default=None, sa_column=Column(String(60), nullable=True))
    old_until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class StoredDelivery(OfClinic, SQLModel, table=True):
    """One event on its way to one endpoint, or, without an endpoint, a result on its way to the clinic's own FHIR server.

    `status`: waiting, delivered or failed; `attempts`: how many there were, of which those up to `given_up` belong to an earlier round.
    """

    __tablename__ = "delivery"
    __table_args__ = (Index("ix_delivery_endpoint_id_created_at", "endpoint_id", "created_at"),)

    id: str = Field(sa_column=Column(String(60), primary_key=True))
    clinic_id: str = Field(sa_column=_clinic())
    event_id: str = Field(sa_column=Column(String(36), ForeignKey("event.id", ondelete="CASCADE"), nullable=False, index=True))
    endpoint_id: str | None = Field(
        default=None, sa_column=Column(String(16), ForeignKey("endpoint.id", ondelete="CASCADE"), nullable=True)
    )
    status: str = Field(default="waiting", sa_column=Column(String(10), nullable=False))
    attempts: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    given_up: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    due_at: datetime | None = Field(sa_column=Column(UtcDateTime, nullable=True))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class StoredAttempt(OfClinic, SQLModel, table=True):
    """What one attempt came to: a status code, or why there is none. Never a word of what the receiver said."""

    __tablename__ = "attempt"

    delivery_id: str = Field(sa_column=Column(String(60), ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True))
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    clinic_id: str = Field(sa_column=_clinic())
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    status_code: int | None = Field(sa_column=Column(Integer, nullable=True))
    reason: str = Field(sa_column=Column(String(20), nullable=False))
    ms: int = Field(sa_column=Column(Integer, nullable=False))
