"""What a clinic's key opens of events, endpoints and pushes."""

from sqlmodel import Session

from service.clinics.clinics import change
from service.clinics.settings import ClinicSettings, FhirServer
from service.webhooks import endpoints
from service.webhooks.outbox import Subject, announce
from tests.service.clinic_world import AtClinic, World
from tests.service.tenancy.row import clinic, sends


def _endpoint_of(world: World, clinic: AtClinic) -> dict[str, str]:
    def work(session: Session) -> str:
        return endpoints.create(session, clinic.id, "https://a.example/", ())[0].id

    world.state.database.queue.prepare()
    return {"endpoint_id": clinic.made.get("endpoint") or clinic.made.setdefault("endpoint", world.state.database.run_now(work, clinic.id))}


def _delivery_of(world: World, clinic: AtClinic) -> dict[str, str]:
    named = _endpoint_of(world, clinic)

    def work(session: Session) -> str | None:
        return endpoints.test(session, clinic.id, named["endpoint_id"])

    return {**named, "delivery_id": world.state.database.run_now(work, clinic.id) or ""}


def _push_of(world: World, clinic: AtClinic) -> dict[str, str]:
    def work(session: Session) -> str:
        change(session, clinic.id, ClinicSettings(fhir=FhirServer(url="https://a.example/fhir", client_id="us", scope="system/*.c")))
        return f"{announce(session, 'assessment.completed', Subject(clinic.id, 'a'))}_fhir"

    world.state.database.queue.prepare()
    return {"push_id": world.state.database.run_now(work, clinic.id)}


HOOK = "/v1/webhooks/{endpoint_id}"
ROWS = {
    "GET /v1/webhooks": clinic("webhooks"),
    "POST /v1/webhooks": clinic("webhooks", ask=sends(url="https://a.example/"), status=201),
    f"GET {HOOK}": clinic("webhooks", names=_endpoint_of),
    f"PUT {HOOK}": clinic("webhooks", names=_endpoint_of, ask=sends(url="https://b.example/")),
    f"DELETE {HOOK}": clinic("webhooks", names=_endpoint_of, status=204),
    f"POST {HOOK}/rotate": clinic("webhooks", names=_endpoint_of, ask=sends()),
    f"POST {HOOK}/enable": clinic("webhooks", names=_endpoint_of, ask=sends(active=True)),
    f"POST {HOOK}/test": clinic("webhooks", names=_endpoint_of, status=202),
    f"GET {HOOK}/deliveries": clinic("webhooks", names=_endpoint_of),
    f"POST {HOOK}/deliveries/{{delivery_id}}/replay": clinic("webhooks", names=_delivery_of, status=202),
    "GET /v1/events": clinic("webhooks"),
    "GET /v1/pushes": clinic("webhooks"),
    "POST /v1/pushes/{push_id}/replay": clinic("webhooks", names=_push_of, status=202),
}
