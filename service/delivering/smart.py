"""SMART Backend Services: we ask a clinic's own server for a token with an assertion that only our key can sign, and keep it until it ends."""

import time
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Annotated, Literal
from urllib.parse import urlencode

from joserfc import jwt
from pydantic import BaseModel, Field, ValidationError

from service.clinics.settings import FhirServer
from service.outside.sending import World
from service.webhooks.signing_key import SigningKey

ROOM = 64_000
LIFE = 240  # seconds; an assertion may live for 300
EARLY = 30  # seconds before its end a token is not used any more
BY_JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class NotLetIn(Exception):
    """Why there is no token."""

    def __init__(self, reason: Literal["discovery-failed", "token-refused", "no-signing-key"]) -> None:
        super().__init__(reason)
        self.reason: Literal["discovery-failed", "token-refused", "no-signing-key"] = reason


class _Discovered(BaseModel):
    token_endpoint: Annotated[str, Field(max_length=500)]


class _Granted(BaseModel):
    access_token: Annotated[str, Field(min_length=1, max_length=16_000, pattern=r"^[!-~]+$")]
    expires_in: Annotated[float, Field(gt=0)] = 60


@dataclass
class Tokens:
    """The tokens that still open something. Kept in memory only."""

    world: World
    keys: list[SigningKey]
    _held: dict[FhirServer, tuple[str, float]] = field(default_factory=dict)

    async def token(self, server: FhirServer) -> str:
        """A token for this server. Raises NotSent and NotLetIn."""
        held = self._held.get(server)
        if held and held[1] > time.monotonic():
            return held[0]
        address = await self._token_address(server)
        granted = await self._ask(server, address)
        self._held[server] = (granted.access_token, time.monotonic() + granted.expires_in - EARLY)
        return granted.access_token

    def forget(self, server: FhirServer) -> None:
        """It opened nothing any more."""
        self._held.pop(server, None)

    async def _token_address(self, server: FhirServer) -> str:
        answer = await self.world.get(f"{server.url}/.well-known/smart-configuration", {"Accept": "application/json"}, room=ROOM)
        if answer.status != 200:
            raise NotLetIn("discovery-failed")
        try:
            return _Discovered.model_validate_json(answer.body).token_endpoint
        except ValidationError:
            raise NotLetIn("discovery-failed") from None

    async def _ask(self, server: FhirServer, address: str) -> _Granted:
        asked = {
            "grant_type": "client_credentials",
            "scope": server.scope,
            "client_assertion_type": BY_JWT,
            "client_assertion": self._assertion(server, address),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        answer = await self.world.post(address, headers, urlencode(asked).encode(), room=ROOM)
        if answer.status != 200:
            raise NotLetIn("token-refused")
        try:
            return _Granted.model_validate_json(answer.body)
        except ValidationError:
            raise NotLetIn("token-refused") from None

    def _assertion(self, server: FhirServer, address: str) -> str:
        """Who we are, for this address, for some minutes, once."""
        own = next((one for one in self.keys if one.algorithm == server.algorithm), None)
        if own is None:
            raise NotLetIn("no-signing-key")
        now = int(time.time())
        claims = {"iss": server.client_id, "sub": server.client_id, "aud": address, "iat": now, "exp": now + LIFE, "jti": token_urlsafe(24)}
        return jwt.encode({"alg": own.algorithm, "kid": own.kid}, claims, own.key, algorithms=[own.algorithm])
