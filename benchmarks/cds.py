"""python -m benchmarks.cds [calls]: how long an open chart waits for its cards, on SQLite and PostgreSQL; the specification wants about 500 ms."""

import json
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import uuid4

import httpx
from joserfc import jws
from joserfc.jwk import ECKey
from sqlmodel import Session

from benchmarks.databases import postgresql
from benchmarks.http import server
from rules import evaluate, load_pack
from service.assessments import Intake, Submission, submit
from service.cds.services import SERVICE
from service.clinics.clinics import change, create
from service.clinics.settings import ClinicSettings
from service.fhir.codes import Names
from service.fhir.responding import write_response
from service.fhir.response import Told
from service.settings import Settings
from service.storage.database import Database
from service.storage.schema import migrate
from service.storage.tenancy import OPERATOR

CALLS, AT_ONCE, WANTED_MS = 300, 8, 500
KEY = ECKey.generate_key("P-384")
ISSUER = "https://ehr.example/"
SITE = Settings().site()


def main() -> None:
    """Measure on SQLite, then on PostgreSQL where one answers on 127.0.0.1:5432."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite, synchronous=FULL", f"sqlite:///{Path(folder) / 'bench.db'}", calls)
    with postgresql("cds") as urls:
        for url in urls.values():
            _measure("PostgreSQL", url, calls)


def _measure(name: str, url: str, calls: int) -> None:
    response = _prepare(url)
    with server("ours", url) as port:
        print(f"\n{name}: {calls} calls each, ms")
        print(f"{'':36}{'p50':>8}{'p95':>8}{'longest':>9}")
        for kind, prefetch in (("kept here", {}), ("sent along", {"response": response})):
            for at_once in (1, AT_ONCE):
                times = _times(port, prefetch, calls, at_once)
                cuts = quantiles(times, n=100)
                print(f"{f'{kind}, {at_once} at once':36}{cuts[49]:8.1f}{cuts[94]:8.1f}{max(times):9.1f}")
                assert at_once > 1 or cuts[94] < WANTED_MS, "cards come too late"


def _prepare(url: str) -> dict[str, Any]:
    """A clinic that was told the largest practice case; says the same as its own system would send it along, an hour later."""
    pack = load_pack()
    guidances = {example.id: evaluate(pack, json.loads(json.dumps(dict(example.answers)))) for example in pack.examples}
    largest = max(pack.examples, key=lambda example: len(json.dumps(guidances[example.id])))
    answers = json.loads(json.dumps(dict(largest.answers)))
    listed = {"issuer": ISSUER, "jwks": {"keys": [{**KEY.as_dict(private=False), "kid": "bench"}]}}
    database = Database(url)
    migrate(database.engine)

    def work(session: Session) -> str:
        return change(session, create(session, "Bench").id, ClinicSettings.model_validate({"cds": [listed]})).id

    clinic = database.run_now(work, OPERATOR)
    intake = Intake(clinic, reference="1", subject="Patient/1")
    submission = Submission(answers, guidances[largest.id], "en", None, timedelta(days=3), intake)
    database.run_now(lambda session: submit(session, submission), clinic)
    database.close()
    print(
        f"\nthe largest practice case: {largest.id}, {len(answers)} answers, {len(json.dumps(guidances[largest.id]))} characters of guidance"
    )
    told = Told(answers, "completed", "Patient/1", (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="seconds"))
    return write_response(Names(Settings().canonical, pack), told, "")


def _times(port: int, prefetch: dict[str, Any], calls: int, at_once: int) -> list[float]:
    context = {"userId": "Practitioner/1", "patientId": "1"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:

        def one(_: int) -> float:
            body = {"hook": "patient-view", "hookInstance": str(uuid4()), "context": context, "prefetch": prefetch}
            content, headers = json.dumps(body), {"Authorization": f"Bearer {_token()}", "Content-Type": "application/json"}
            began = time.perf_counter()
            answer = client.post(f"/cds-services/{SERVICE}", content=content, headers=headers)
            took = (time.perf_counter() - began) * 1000
            assert answer.status_code == 200, answer.text
            assert answer.json()["cards"]
            return took

        with ThreadPoolExecutor(at_once) as threads:
            return list(threads.map(one, range(calls)))


def _token() -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": f"{SITE}/cds-services/{SERVICE}", "iat": now, "exp": now + 300, "jti": str(uuid4())}
    return jws.serialize_compact({"alg": "ES384", "kid": "bench", "typ": "JWT"}, json.dumps(claims), KEY, algorithms=["ES384"])


if __name__ == "__main__":
    main()
