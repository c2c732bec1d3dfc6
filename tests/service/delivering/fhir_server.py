"""A clinic's FHIR server with its authorisation server, as SMART Backend Services has them; strict, and with a memory."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tests.service.receiving import Came, Says

CLIENT, SCOPE = "muscle-balance-at-this-clinic", "system/QuestionnaireResponse.c system/Observation.c system/CarePlan.c system/Provenance.c"
JSON = {"Content-Type": "application/json"}


@dataclass
class FhirServer:
    """Grants a token to whoever proves to hold the key, and makes what is in a transaction, once. `keys`: where its client's are."""

    keys: Callable[[], Any]
    algorithm: str
    url: str = ""
    life: int = 300
    used: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    bundles: list[Any] = field(default_factory=list)
    made: dict[str, Any] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)

    def __call__(self, one: Came) -> Says:
        """One request."""
        if one.path == "/fhir/.well-known/smart-configuration":
            told = {"token_endpoint": f"{self.url}/token", "grant_types_supported": ["client_credentials"], "capabilities": []}
            return Says(200, JSON, json.dumps(told).encode())
        if one.path == "/token":
            return self._grant(one)
        return self._take(one) if (one.method, one.path) == ("POST", "/fhir") else Says(404)

    def _grant(self, one: Came) -> Says:
        form = {name: values[0] for name, values in parse_qs(one.body.decode(), strict_parsing=True).items()}
        if fault := self._fault(form):
            self.refused.append(fault)
            return Says(400, JSON, b'{"error":"invalid_client"}')
        self.tokens.append(f"token-{len(self.tokens)}")
        granted = {"access_token": self.tokens[-1], "token_type": "bearer", "expires_in": self.life, "scope": form["scope"]}
        return Says(200, JSON, json.dumps(granted).encode())

    def _fault(self, form: dict[str, str]) -> str | None:
        if (form.get("grant_type"), form.get("scope")) != ("client_credentials", SCOPE):
            return "grant"
        if form.get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer":
            return "assertion type"
        try:
            token = jwt.decode(form["client_assertion"], KeySet.import_key_set(self.keys()), algorithms=[self.algorithm])
        except JoseError:
            return "signature"
        claims, now = token.claims, time.time()
        if token.header.get("typ") != "JWT" or "kid" not in token.header:
            return "header"
        if (claims.get("iss"), claims.get("sub"), claims.get("aud")) != (CLIENT, CLIENT, f"{self.url}/token"):
            return "claims"
        if not now < claims["exp"] <= now + 300:
            return "exp"
        if claims["jti"] in self.used:
            return "jti"
        self.used.add(claims["jti"])
        return None

    def _take(self, one: Came) -> Says:
        if one.headers.get("authorization", "") != f"Bearer {self.tokens[-1] if self.tokens else ''}":
            return Says(401)
        if self.statuses:
            return Says(self.statuses.pop(0))
        bundle = json.loads(one.body)
        assert (bundle["resourceType"], bundle["type"], one.headers["content-type"]) == ("Bundle", "transaction", "application/fhir+json")
        self.bundles.append(bundle)
        for entry in bundle["entry"]:
            self._make(entry)
        return Says(200, JSON, json.dumps({"resourceType": "Bundle", "type": "transaction-response"}).encode())

    def _make(self, entry: Any) -> None:
        """Conditionally: the search must find the very resource that comes with it, or a repeat would find nothing."""
        by, _, name = entry["request"]["ifNoneExist"].partition("=")
        resource = entry["resource"]
        found = resource["meta"]["tag"] if by == "_tag" else resource["identifier"]
        listed = found if isinstance(found, list) else [found]
        assert name in [f"{one['system']}|{one['code' if by == '_tag' else 'value']}" for one in listed]
        self.made.setdefault(f"{resource['resourceType']}?{by}={name}", resource)
