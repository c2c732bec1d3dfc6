"""The rows of CDS Hooks: who signs for a clinic, which tokens were used up, which cards were given, and what became of them."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, LargeBinary, String
from sqlmodel import Field, SQLModel

from service.storage.clinic_tables import OfClinic
from service.storage.types import UtcDateTime


def _clinic() -> Column[str]:
    return Column(String(16), ForeignKey("clinic.id", ondelete="CASCADE"), nullable=False, index=True)


class StoredIssuer(OfClinic, SQLModel, table=True):
    """For which clinic an issuer signs: one issuer, one clinic. Its keys are in the clinic's settings."""

    __tablename__ = "cds_issuer"

    issuer: str = Field(sa_column=Column(String(200), primary_key=True))
    clinic_id: str = Field(sa_column=_clinic())


class StoredToken(OfClinic, SQLModel, table=True):
    """A signed token that was used up, as the hash of its issuer and id; kept until nobody could bring it again."""

    __tablename__ = "cds_token"

    token_hash: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    clinic_id: str = Field(sa_column=_clinic())
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))


class StoredCard(OfClinic, SQLModel, table=True):
    """A card that was given, for as long as feedback may refer to it. `assessment_id`: none where it told of what the caller had sent along."""

    __tablename__ = "cds_card"

    id: str = Field(sa_column=Column(String(36), primary_key=True))
    clinic_id: str = Field(sa_column=_clinic())
    assessment_id: str | None = Field(
        default=None, sa_column=Column(String(32), ForeignKey("assessment.id", ondelete="CASCADE"), nullable=True, index=True)
    )
    suggestion_id: str | None = Field(default=None, sa_column=Column(String(36), nullable=True))
    given_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))


class StoredFeedback(OfClinic, SQLModel, table=True):
    """What a clinician made of a card: `outcome`, and the code of a reason. Once the card is forgotten, it is about nobody."""

    __tablename__ = "cds_feedback"

    card_id: str = Field(sa_column=Column(String(36), primary_key=True))
    at: datetime = Field(sa_column=Column(UtcDateTime, primary_key=True))
    clinic_id: str = Field(sa_column=_clinic())
    outcome: str = Field(sa_column=Column(String(10), nullable=False))
    reason: str | None = Field(default=None, sa_column=Column(String(40), nullable=True))
