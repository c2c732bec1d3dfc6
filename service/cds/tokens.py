"""The signed token of a call (CDS Hooks 2.0, "Trusting CDS Clients"): read strictly, held against what a token may say, then against its signature."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from service.bodies import Faulty, object_from
from service.clinics.issuers import Issuer, NotTrusted, TrustedIssuer
from service.clinics.key_sets import Algorithm, KeyName, PublicKey

COMPACT = re.compile(r"[A-Za-z0-9_-]{1,512}\.[A-Za-z0-9_-]{1,4000}\.[A-Za-z0-9_-]{1,1400}")
LEEWAY = 60  # seconds by which two clocks may differ
LONGEST = 600  # seconds for which a token may be good
Moment = Annotated[int, Field(ge=0, le=2**40)]
Address = Annotated[str, Field(min_length=1, max_length=400)]
M = TypeVar("M", bound=BaseModel)


class Header(BaseModel):
    """What may stand in the header; nothing else does, so nothing there can bring a key, or ask to be understood."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    alg: Algorithm
    kid: KeyName
    typ: Literal["JWT"]
    jku: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class Claims(BaseModel):
    """What is read of the claims; others may be there."""

    model_config = ConfigDict(frozen=True, strict=True)

    iss: Issuer
    aud: Address | Annotated[list[Address], Field(min_length=1, max_length=10)]
    exp: Moment
    iat: Moment
    nbf: Moment = 0
    jti: Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,200}$")]
    tenant: Annotated[str, Field(min_length=1, max_length=200)] | None = None


@dataclass(frozen=True)
class Token:
    """A token as it was sent: it says who signed it, which is true only if a key of theirs fits."""

    text: str
    header: Header
    claims: Claims

    @property
    def over(self) -> int:
        """When nobody could bring it any more."""
        return self.claims.exp + LEEWAY


def read_token(text: str) -> Token:
    """The token in this text. Raises NotTrusted for what cannot be one."""
    if not COMPACT.fullmatch(text):
        raise NotTrusted
    header, claims, _ = text.split(".")
    return Token(text, _read(Header, header), _read(Claims, claims))


def assert_says(token: Token, issuer: TrustedIssuer, endpoints: tuple[str, ...], now: float) -> None:
    """Raises NotTrusted unless it is for one of our endpoints, of now and not for long, and names its keys and tenant as they are listed."""
    claims = token.claims
    audience = [claims.aud] if isinstance(claims.aud, str) else claims.aud
    fresh = claims.iat <= now + LEEWAY and claims.nbf <= now + LEEWAY and now < token.over
    short = claims.iat < claims.exp <= claims.iat + LONGEST
    elsewhere = token.header.jku is not None and token.header.jku != issuer.jwks_url
    foreign = issuer.tenant is not None and claims.tenant != issuer.tenant
    if not set(endpoints) & set(audience) or not fresh or not short or elsewhere or foreign:
        raise NotTrusted


def assert_signed(token: Token, key: PublicKey | None) -> None:
    """Raises NotTrusted unless this key, which the token names, made its signature."""
    if key is None or key.kid != token.header.kid or token.header.alg not in key.algorithms:
        raise NotTrusted
    try:
        jws.deserialize_compact(token.text, key.verifier(), algorithms=[token.header.alg])
    except JoseError:
        raise NotTrusted from None


def _read(model: type[M], segment: str) -> M:
    try:
        said: dict[str, Any] = object_from(urlsafe_b64decode(segment.encode()))
        return model.model_validate(said)
    except (Faulty, ValidationError, ValueError):
        raise NotTrusted from None
