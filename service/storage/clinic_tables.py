"""The rows of clinics: who they are, their keys and invitations, what happened. Of every secret only its hash is kept."""

from datetime import date, datetime

from sqlalchemy import Boolean, Column, Date, ForeignKey, ForeignKeyConstraint, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.storage.types import UtcDateTime


def _clinic() -> Column[str]:
    return Column(String(16), ForeignKey("clinic.id", ondelete="CASCADE"), nullable=False, index=True)


class OfClinic:
    """Mixed into every table whose rows belong to one clinic, so that the wall stands around it."""

    clinic_id: str


class Clinic(SQLModel, table=True):
    """A clinic. `settings`: how it wants things, as JSON; `logo`: a picture and its media type."""

    __tablename__ = "clinic"

    id: str = Field(sa_column=Column(String(16), primary_key=True))
    name: str = Field(sa_column=Column(String(120), nullable=False))
    settings: str = Field(sa_column=Column(Text, nullable=False))
    logo: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    logo_type: str | None = Field(default=None, sa_column=Column(String(20), nullable=True))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class StoredKey(OfClinic, SQLModel, table=True):
    """An API key. `scopes`: what it may do, with spaces between; `days`: for how long it was issued, if not for ever."""

    __tablename__ = "api_key"

    id: str = Field(sa_column=Column(String(12), primary_key=True))
    clinic_id: str = Field(sa_column=_clinic())
    secret_hash: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    scopes: str = Field(sa_column=Column(String(120), nullable=False))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    days: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))


class StoredInvitation(OfClinic, SQLModel, table=True):
    """A person invited. `reference`: the clinic's own word for who it is; `answers`: what it knows already, as JSON; `used`: how often it was taken.

    `journey_hash`: whose assessment used a one-time invitation up, so that the same person may correct it; `started_at`: when somebody first began.
    `key_hash`, `salt`: see StoredRequest.
    """

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("clinic_id", "key_hash"),)

    id: str = Field(sa_column=Column(String(16), primary_key=True))
    clinic_id: str = Field(sa_column=_clinic())
    secret_hash: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    reference: str = Field(sa_column=Column(String(64), nullable=False))
    subject: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))
    language: str | None = Field(default=None, sa_column=Column(String(12), nullable=True))
    due: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    answers: str = Field(sa_column=Column(Text, nullable=False))
    reusable: bool = Field(sa_column=Column(Boolean, nullable=False))
    used: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    journey_hash: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32), nullable=True))
    key_hash: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32), nullable=True))
    fingerprint: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32), nullable=True))
    salt: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32), nullable=True))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))
    started_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))


class StoredLink(OfClinic, SQLModel, table=True):
    """What lets a clinician open one intake in a browser for a while. `made_by`: the key that asked for it."""

    __tablename__ = "clinician_link"

    id: str = Field(sa_column=Column(String(16), primary_key=True))
    clinic_id: str = Field(sa_column=_clinic())
    assessment_id: str = Field(sa_column=Column(String(32), ForeignKey("assessment.id", ondelete="CASCADE"), nullable=False, index=True))
    secret_hash: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    made_by: str = Field(sa_column=Column(String(40), nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))


class StoredOpinion(OfClinic, SQLModel, table=True):
    """Whether a clinician agrees with a finding, and why not. `counted`: the version of the evidence and the rules that it counts for."""

    __tablename__ = "opinion"

    assessment_id: str = Field(sa_column=Column(String(32), ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True))
    finding: str = Field(sa_column=Column(String(80), primary_key=True))
    clinic_id: str = Field(sa_column=_clinic())
    verdict: str = Field(sa_column=Column(String(10), nullable=False))
    reason: str | None = Field(default=None, sa_column=Column(String(40), nullable=True))
    counted: str = Field(default="", sa_column=Column(Text, nullable=False))
    given_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class Agreement(SQLModel, table=True):
    """How often clinicians agreed with findings that a rule supported. It counts, and knows neither clinic nor person, so it outlasts both."""

    __tablename__ = "agreement"

    rule: str = Field(sa_column=Column(String(8), primary_key=True))
    evidence: str = Field(sa_column=Column(String(20), primary_key=True))
    verdict: str = Field(sa_column=Column(String(10), primary_key=True))
    reason: str = Field(sa_column=Column(String(40), primary_key=True))
    count: int = Field(sa_column=Column(Integer, nullable=False))


class StoredAudit(OfClinic, SQLModel, table=True):
    """Who did what, when; written in the transaction of what it tells, and never changed. It outlasts whom it is about, and holds no answer.

    `actor`: a key's or a link's name, `person`, `operator` or `service`; `kind` and `what`: of which thing; `outcome`: `done` or `refused`.
    """

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_clinic_id_id", "clinic_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True, autoincrement=True))
    clinic_id: str = Field(sa_column=Column(String(16), nullable=False))
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    actor: str = Field(sa_column=Column(String(40), nullable=False))
    action: str = Field(sa_column=Column(String(12), nullable=False))
    kind: str = Field(sa_column=Column(String(20), nullable=False))
    what: str = Field(sa_column=Column(String(80), nullable=False))
    outcome: str = Field(sa_column=Column(String(8), nullable=False))
    request_id: str | None = Field(default=None, sa_column=Column(String(16), nullable=True))


class StoredEvent(OfClinic, SQLModel, table=True):
    """Something that a clinic may want to hear of: ids only. It outlasts the assessment, whose erasure is news too."""

    __tablename__ = "event"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id"], ["clinic.id"], ondelete="CASCADE"),
        Index("ix_event_clinic_id_at", "clinic_id", "at"),
    )

    id: str = Field(sa_column=Column(String(36), primary_key=True))
    clinic_id: str = Field(sa_column=Column(String(16), nullable=False))
    type: str = Field(sa_column=Column(String(40), nullable=False))
    assessment_id: str | None = Field(default=None, sa_column=Column(String(32), nullable=True))
    invitation_id: str | None = Field(default=None, sa_column=Column(String(16), nullable=True))
    reference: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
