"""How a clinic wants things; strict, so that a typo is refused and never passes for a wish."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from rules.content import Urgency
from service.clinics.issuers import TrustedIssuer
from service.settings import EMBEDDER

Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Words = Annotated[str, Field(min_length=1, max_length=600, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]+$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
Origin = Annotated[str, Field(pattern=rf"^{EMBEDDER}$")]


class FhirServer(BaseModel):
    """The clinic's own FHIR server, which takes results by SMART Backend Services."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    url: Annotated[
        str, Field(max_length=400, pattern=r"^https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*[A-Za-z0-9._~-])?$", description="its base")
    ]
    client_id: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[!-~]+$", description="how it knows us")]
    scope: Annotated[
        str,
        Field(
            min_length=1, max_length=600, pattern=r"^[!-~]+( [!-~]+)*$", description="what we ask to be allowed, `system/Observation.c ...`"
        ),
    ]
    algorithm: Annotated[Literal["RS384", "ES384"], Field(description="which of our keys signs")] = "ES384"


class ClinicSettings(BaseModel):
    """What may be set for a clinic; what is left out is as for everybody."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    retention_days: Annotated[int | None, Field(ge=1, le=3650, description="days after which an intake is erased")] = None
    embed_origins: Annotated[
        tuple[Origin, ...],
        Field(max_length=20, strict=False, description="web sites whose pages may hold the clinic's invitations in a frame"),
    ] = ()
    language: Annotated[Language | None, Field(description="what an invitation without a language of its own is in")] = None
    contact: Annotated[
        tuple[Line, ...], Field(max_length=5, strict=False, description="lines of address, phone and hours, for pages and PDF")
    ] = ()
    wording: Annotated[
        dict[Urgency, dict[Language, Words]],
        Field(description="what is said beside our own advice for each urgency, by language: numbers to call, where to go"),
    ] = {}
    fhir: Annotated[FhirServer | None, Field(description="where each finished result is sent, too; empty: nowhere")] = None
    cds: Annotated[
        tuple[TrustedIssuer, ...],
        Field(
            max_length=10,
            strict=False,
            description="whose signed calls to `/cds-services` are this clinic's; an issuer is one clinic's alone",
        ),
    ] = ()

    @field_validator("cds")
    @classmethod
    def _issuers_differ(cls, cds: tuple[TrustedIssuer, ...]) -> tuple[TrustedIssuer, ...]:
        if len({one.issuer for one in cds}) < len(cds):
            raise ValueError("must be different issuers")
        return cds

    def said(self, urgency: Urgency, language: str) -> tuple[str, str] | None:
        """The clinic's own words for this urgency, with their language: the reader's, else the clinic's, else the first; None where it has none."""
        words = self.wording.get(urgency, {})
        spoken = next((one for one in (language, self.language, *words) if one in words), None)
        return (spoken, words[spoken]) if spoken else None
