"""A clinic's own record system: it has keys, signs a token for each call, and calls."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from httpx2 import Response
from joserfc import jws
from joserfc.jwk import ECKey, Key, RSAKey

from service.clinics.clinics import change, find
from service.clinics.settings import ClinicSettings
from service.storage.tenancy import OPERATOR
from tests.service.clinic_world import AtClinic, World

SITE = "https://muscle-balance.example"
SERVICE = "/cds-services/muscle-balance-summary"
ENDPOINT = SITE + SERVICE
ISSUER = "https://ehr.example/"
KEYS: dict[str, Key] = {
    "ES384": ECKey.generate_key("P-384"),
    "ES256": ECKey.generate_key("P-256"),
    "RS384": RSAKey.generate_key(2048),
    "RS256": RSAKey.generate_key(2048),
}


def public(algorithm: str, kid: str) -> dict[str, Any]:
    """The public half as a JSON Web Key."""
    return {**KEYS[algorithm].as_dict(private=False), "kid": kid, "alg": algorithm, "use": "sig"}


@dataclass(frozen=True)
class Ehr:
    """A record system that signs as `issuer`."""

    world: World
    clinic: AtClinic
    issuer: str = ISSUER
    algorithm: str = "ES384"
    listed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kid(self) -> str:
        """The name of its key."""
        return f"{self.algorithm}-2026"

    def trust(self, **settings: Any) -> None:
        """The operator lists it for its clinic."""
        listed = {"issuer": self.issuer, "jwks": {"keys": [public(self.algorithm, self.kid)]}, **self.listed}
        wanted = ClinicSettings.model_validate({"cds": [listed], **settings})
        self.world.state.database.run_now(lambda session: change(session, self.clinic.id, wanted), OPERATOR)
        kept = self.world.state.database.run_now(lambda session: find(session, self.clinic.id), OPERATOR).settings
        assert kept == wanted

    def claims(self, endpoint: str = ENDPOINT, **changed: Any) -> dict[str, Any]:
        """What an honest token says, or something else here and there; a member that is None is left out."""
        now = int(time.time())
        said = {"iss": self.issuer, "aud": endpoint, "exp": now + 300, "iat": now, "jti": str(uuid4()), "tenant": "somebody", **changed}
        return {name: value for name, value in said.items() if value is not None}

    def token(self, claims: Mapping[str, Any] | str | None = None, **header: Any) -> str:
        """A signed token; a member of the header that is None is left out."""
        said = {"alg": self.algorithm, "kid": self.kid, "typ": "JWT", **header}
        payload = claims if isinstance(claims, str) else json.dumps(self.claims() if claims is None else claims)
        head = {name: value for name, value in said.items() if value is not None}
        return jws.serialize_compact(head, payload, KEYS[self.algorithm], algorithms=[self.algorithm])

    def post(self, body: Any, path: str = SERVICE, token: str | None = None, **headers: str) -> Response:
        """One call, with an honest token unless there is another."""
        bearer = self.token() if token is None else token
        opens = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
        return self.world.client.post(path, content=json.dumps(body), headers={**opens, **headers})

    def cards(self, body: Any, **headers: str) -> list[dict[str, Any]]:
        """The cards of a call that goes well."""
        answer = self.post(body, **headers)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["cards"]
        return found


def call(patient: str = "1288992", **changed: Any) -> dict[str, Any]:
    """A request of the specification's shape, with values of our own."""
    return {
        "hookInstance": str(uuid4()),
        "fhirServer": "https://ehr.example/fhir",
        "hook": "patient-view",
        "fhirAuthorization": {
            "access_token": "opaque-and-never-used",
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": "patient/Patient.read patient/QuestionnaireResponse.read",
            "subject": "cds-service-7",
        },
        "context": {"userId": "Practitioner/somebody", "patientId": patient, "encounterId": "89284"},
        "prefetch": {"patient": {"resourceType": "Patient", "id": patient, "gender": "female", "active": True}},
        **changed,
    }
