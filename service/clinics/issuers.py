"""Who signs for which clinic: an issuer is one clinic's alone, so that a signed token says whose it is."""

from collections.abc import Collection
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlmodel import Session, col, delete

from service.clinics.key_sets import KeySet
from service.storage.cds_tables import StoredIssuer

Issuer = Annotated[str, Field(max_length=200, pattern=r"^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$")]
KeysAddress = Annotated[
    str, Field(max_length=200, pattern=r"^https://[A-Za-z0-9.-]+(:([1-9][0-9]{0,3}|[1-5][0-9]{4}))?/[\x21\x22\x24-\x7e]*$")
]
Tenant = Annotated[str, Field(pattern=r"^[\x20-\x7e]{1,200}$")]


class IssuerTaken(Exception):
    """This issuer signs for another clinic already"""


class NotTrusted(Exception):
    """This needs a token that the clinic's own system has just signed"""


class TrustedIssuer(BaseModel):
    """Whose signed calls are the clinic's: who signs, the public keys or where they are, and the tenant that a token must name, if any."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    issuer: Issuer
    jwks: KeySet | None = None
    jwks_url: KeysAddress | None = None
    tenant: Tenant | None = None

    @model_validator(mode="after")
    def _keys_come_one_way(self) -> "TrustedIssuer":
        if (self.jwks is None) == (self.jwks_url is None):
            raise ValueError("must have either jwks or jwks_url")
        return self


def set_issuers(session: Session, clinic: str, issuers: Collection[str]) -> None:
    """These in the place of those before, as the operator. Raises IssuerTaken."""
    session.exec(delete(StoredIssuer).where(col(StoredIssuer.clinic_id) == clinic))
    for issuer in issuers:
        if session.get(StoredIssuer, issuer) is not None:
            raise IssuerTaken
        session.add(StoredIssuer(issuer=issuer, clinic_id=clinic))


def clinic_of(session: Session, issuer: str) -> str | None:
    """For whom an issuer signs, as the operator: who calls is not known yet, and nothing else is read in this transaction but that clinic's settings."""
    row = session.get(StoredIssuer, issuer)
    return row.clinic_id if row else None
