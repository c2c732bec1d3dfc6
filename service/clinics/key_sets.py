"""The public keys with which a clinic's own system signs (RFC 7517); strict: no private part, no shared secret, no weak key gets in."""

from collections.abc import Mapping
from typing import Annotated, Literal

from joserfc.jwk import Key, import_key
from joserfc.util import base64_to_int
from pydantic import BaseModel, ConfigDict, Field, model_validator

Algorithm = Literal["ES384", "RS384", "ES256", "RS256"]
Encoded = Annotated[str, Field(min_length=1, max_length=1400, pattern=r"^[A-Za-z0-9_-]+$")]
KeyName = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,100}$")]
CURVES: dict[str, Algorithm] = {"P-256": "ES256", "P-384": "ES384"}
WEAKEST_RSA = 2048


class PublicKey(BaseModel):
    """A point on one of two curves, or a modulus with its exponent."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kid: KeyName
    kty: Literal["EC", "RSA"]
    alg: Algorithm | None = None
    use: Literal["sig"] | None = None
    key_ops: Annotated[tuple[Literal["verify"], ...] | None, Field(max_length=1, strict=False)] = None
    crv: Literal["P-256", "P-384"] | None = None
    x: Encoded | None = None
    y: Encoded | None = None
    n: Encoded | None = None
    e: Encoded | None = None

    @model_validator(mode="after")
    def _is_a_key(self) -> "PublicKey":
        curved = self.kty == "EC"
        if any((one is None) == curved for one in (self.crv, self.x, self.y)) or any((one is None) != curved for one in (self.n, self.e)):
            raise ValueError("must have crv, x and y for EC, n and e for RSA, and not the others")
        if self.alg not in (None, *self.algorithms):
            raise ValueError("must be an algorithm for such a key")
        if not self._holds():
            raise ValueError("must be a point on its curve, or an RSA key of at least 2048 bits")
        return self

    def _holds(self) -> bool:
        try:
            # Before the library sees it, which would only warn.
            if self.n and base64_to_int(self.n).bit_length() < WEAKEST_RSA:
                return False
            self.verifier()
        except ValueError:
            return False
        return True

    @property
    def algorithms(self) -> tuple[Algorithm, ...]:
        """Those whose signatures may be checked with it: of its type, on its curve, and not against its own word."""
        fitting: tuple[Algorithm, ...] = (CURVES[self.crv],) if self.crv else ("RS384", "RS256")
        return (self.alg,) if self.alg in fitting else fitting

    def verifier(self) -> Key:
        """The key as the library takes it."""
        return import_key(self.model_dump(exclude_none=True, exclude={"key_ops"}))


class KeySet(BaseModel):
    """Keys, each with a name of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    keys: Annotated[tuple[PublicKey, ...], Field(min_length=1, max_length=20, strict=False)]

    @model_validator(mode="after")
    def _names_differ(self) -> "KeySet":
        if len(self.by_name()) < len(self.keys):
            raise ValueError("must be keys with different kid")
        return self

    def by_name(self) -> Mapping[str, PublicKey]:
        """The keys by kid."""
        return {one.kid: one for one in self.keys}
