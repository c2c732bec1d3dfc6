"""The rows. Of a token only its hash is kept; of an Idempotency-Key too."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, String, Text
from sqlmodel import Field, SQLModel

from service.storage.types import UtcDateTime

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class StoredAssessment(SQLModel, table=True):
    """One person, one time: the answers as given, and the guidance as it was given.

    What was told to a clinic has `clinic_id`; `reference` and `subject` are the clinic's own words for whom it is about, never a name.
    `status`: as FHIR has it for a response; `version` counts its changes, the last of which was at `changed_at`.
    `authored_at`, `author`: when the answers were given and by whom, where a clinic's program said so.
    """

    __tablename__ = "assessment"

    id: str = Field(sa_column=Column(String(32), primary_key=True))
    token_hash: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    answers: str = Field(sa_column=Column(Text, nullable=False))
    guidance: str = Field(sa_column=Column(Text, nullable=False))
    pack: str = Field(sa_column=Column(String(60), nullable=False))
    questionnaire: str = Field(sa_column=Column(String(20), nullable=False))
    evidence: str = Field(sa_column=Column(String(20), nullable=False))
    exercises: str = Field(sa_column=Column(String(20), nullable=False))
    digest: str = Field(sa_column=Column(String(80), nullable=False))
    language: str = Field(sa_column=Column(String(12), nullable=False, server_default="en"))
    # No foreign keys: SQLite could only add them by making the table anew, and what hangs on its rows would be gone with the old one.
    clinic_id: str | None = Field(default=None, sa_column=Column(String(16), nullable=True, index=True))
    invitation_id: str | None = Field(default=None, sa_column=Column(String(16), nullable=True, index=True))
    reference: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    subject: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))
    status: str = Field(default="completed", sa_column=Column(String(16), nullable=False, server_default="completed"))
    version: int = Field(default=1, sa_column=Column(Integer, nullable=False, server_default="1"))
    changed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    authored_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    author: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))


class StoredCheckIn(SQLModel, table=True):
    """One weekly check-in: what was told, and what followed from it as it was said. It goes when its assessment goes."""

    __tablename__ = "check_in"

    assessment_id: str = Field(sa_column=Column(String(32), ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True))
    place: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    key_hash: bytes | None = Field(sa_column=Column(LargeBinary(32), nullable=True))
    told: str = Field(sa_column=Column(Text, nullable=False))
    outcome: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class StoredRequest(SQLModel, table=True):
    """A request that came with an Idempotency-Key. It goes when its assessment goes.

    The access token is made again from the caller's key and `salt`, so that it need not be kept.
    """

    __tablename__ = "idempotent_request"

    key_hash: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    fingerprint: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    salt: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    assessment_id: str = Field(sa_column=Column(String(32), ForeignKey("assessment.id", ondelete="CASCADE"), nullable=False, index=True))
