"""What a client sends: a call of the hook, and feedback on cards. Members that are not known are passed over, as the specification wants."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from service.bodies import WrongShape

FhirId = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,64}$")]
Uuid = Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")]
Reference = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]{1,63}/[A-Za-z0-9.-]{1,64}$")]
Resource = dict[str, Any]


def _text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("must be a text")  # noqa: TRY004 - what Pydantic takes for a fault
    return value


Moment = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_text)]


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


class Context(_Sent):
    """Of the hook `patient-view`: who looks at whom."""

    userId: Reference  # noqa: N815 - the specification's own names, here and below
    patientId: FhirId  # noqa: N815
    encounterId: FhirId | None = None  # noqa: N815


class Prefetch(_Sent):
    """What the client looked up for us; null where it found nothing. A key that is not there was not looked up."""

    patient: Resource | None = None
    response: Resource | None = None


class HookCall(_Sent):
    """A call. The access to the client's own server that it may bring is neither used nor kept."""

    hook: Literal["patient-view"]
    hookInstance: Uuid  # noqa: N815
    context: Context
    prefetch: Prefetch = Prefetch()
    fhirServer: Annotated[str, Field(pattern=r"^https?://[\x21-\x7e]{1,500}$")] | None = None  # noqa: N815
    fhirAuthorization: Resource | None = None  # noqa: N815

    @model_validator(mode="after")
    def _server_comes_with_access(self) -> "HookCall":
        if self.fhirAuthorization is not None and self.fhirServer is None:
            raise ValueError("must have fhirServer where there is fhirAuthorization")
        return self

    @property
    def patient(self) -> str:
        """Whose chart is open. Raises WrongShape where another patient was looked up."""
        looked_up = (self.prefetch.patient or {}).get("id", self.context.patientId)
        if looked_up != self.context.patientId:
            raise WrongShape(("/prefetch/patient/id", "must be the patientId of the context"))
        return self.context.patientId

    @property
    def looked_up(self) -> bool:
        """Whether the client has looked for responses, with or without finding one."""
        return "response" in self.prefetch.model_fields_set


class Coding(_Sent):
    """A code of a code system."""

    system: Annotated[str, Field(min_length=1, max_length=400)]
    code: Annotated[str, Field(min_length=1, max_length=200)]


class OverrideReason(_Sent):
    """Why a card was set aside. What the clinician wrote beside it is not read: it could be about anybody."""

    reason: Coding | None = None


class Accepted(_Sent):
    """A suggestion that was taken."""

    id: Uuid


class Feedback(_Sent):
    """What became of one card."""

    card: Uuid
    outcome: Literal["accepted", "overridden"]
    acceptedSuggestions: Annotated[list[Accepted], Field(min_length=1, max_length=10)] | None = None  # noqa: N815
    overrideReason: OverrideReason | None = None  # noqa: N815
    outcomeTimestamp: Moment  # noqa: N815

    @model_validator(mode="after")
    def _holds_together(self) -> "Feedback":
        if (self.outcome == "accepted") != (self.acceptedSuggestions is not None):
            raise ValueError("must have acceptedSuggestions where the outcome is accepted, and only there")
        if self.outcome == "accepted" and self.overrideReason is not None:
            raise ValueError("must have overrideReason only where the outcome is overridden")
        return self


class FeedbackCall(_Sent):
    """Feedback on cards, of one or several calls."""

    feedback: Annotated[list[Feedback], Field(min_length=1, max_length=100)]
