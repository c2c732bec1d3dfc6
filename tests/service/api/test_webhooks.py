"""A clinic's endpoints: what may be one, who may see it, and that its secret is said once."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import inspect, text
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.clinics.clinics import create, remove
from service.clinics.keys import Scope, issue
from service.settings import Settings
from service.storage.database import Database
from service.storage.tenancy import OPERATOR
from service.webhooks.outbox import EVENT_TYPES, Subject, announce
from service.webhooks.signing_key import UnfitKey
from tests.service.asking import connected, problem, rows
from tests.service.hostile import BODIES, TEXTS, VALUES

URL = "https://clinic.example/hooks"


class Clinic:
    """One with a key, which it brings to each request."""

    def __init__(self, client: TestClient, *scopes: Scope) -> None:
        self.client = client
        self.database: Database = client.app.state.service.database  # type: ignore[attr-defined]
        self.id = self.database.run_now(lambda session: create(session, "A clinic").id, OPERATOR)
        key = self.database.run_now(lambda session: issue(session, self.id, scopes or ("webhooks",), None)[1], self.id)
        self.opens = {"Authorization": f"Bearer {key}"}

    def ask(self, method: str, path: str = "", body: object = None):  # type: ignore[no-untyped-def]  # the client's own response
        """Below /v1/webhooks."""
        return self.client.request(method, f"/v1/webhooks{path}", json=body, headers=self.opens)

    def listens(self, url: str = URL, *events: str) -> str:
        """A new endpoint; says its id."""
        made = self.ask("POST", "", {"url": url, "events": events})
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    def hears(self, kind: str = "assessment.completed") -> str:
        """Something happens; says the event."""
        return self.database.run_now(lambda session: announce(session, kind, Subject(self.id, "a1", "i1", "case-7")), self.id)  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of each kind, for all tests here: a queue's tables take PostgreSQL a while, and each test has clinics of its own."""
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('migrated_sqlite'), tmp_path_factory.mktemp('hooks'))}"
        return
    with request.getfixturevalue("databases").migrated(request.getfixturevalue("migrated_postgresql")) as made:
        yield made


@pytest.fixture(scope="module")
def client(url: str, pack: Pack) -> Iterator[TestClient]:
    """The running service."""
    with TestClient(create_app(Settings(database_url=url, database_pool=4), pack)) as running:
        yield running


@pytest.fixture
def clinic(client: TestClient) -> Clinic:
    """A clinic of this test's own."""
    return Clinic(client)


def count(url: str, *tables: str) -> list[int]:
    """Rows of each."""
    return [rows(url, table) for table in tables]


def test_a_secret_is_said_when_it_is_made_and_never_again(clinic: Clinic) -> None:
    made = clinic.ask("POST", "", {"url": URL, "events": ["plan.issued", "assessment.completed"]})
    said = made.json()
    assert made.headers["location"] == f"/v1/webhooks/{said['id']}"
    assert made.headers["cache-control"] == "no-store"
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", said["secret"])
    assert said["events"] == ["assessment.completed", "plan.issued"]
    rotated = clinic.ask("POST", f"/{said['id']}/rotate", {"hours": 2}).json()
    assert rotated["secret"] != said["secret"]
    shown = "".join(clinic.ask("GET", path).text for path in ("", f"/{said['id']}", f"/{said['id']}/deliveries"))
    assert "whsec_" not in shown
    assert clinic.ask("GET", f"/{said['id']}").json() == {name: value for name, value in rotated.items() if name != "secret"}


@pytest.mark.parametrize(
    "address",
    [
        "http://clinic.example/",
        "https://clinic.example:22/",
        "https://user@clinic.example/",
        "https://localhost/",
        "https://10.0.0.1/",
        "nonsense",
    ],
)
def test_an_address_where_nothing_may_be_sent_is_refused_without_being_repeated(clinic: Clinic, address: str) -> None:
    refused = clinic.ask("POST", "", {"url": address})
    assert problem(refused, 422).pointers == ["/url"]
    assert address not in refused.text
    endpoint = clinic.listens()
    assert problem(clinic.ask("PUT", f"/{endpoint}", {"url": address}), 422).pointers == ["/url"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": 1},
        {"url": URL, "events": ["everything"]},
        {"url": URL, "secret": "whsec_mine"},
        {"url": URL, "events": "plan.issued"},
        [],
    ],
)
def test_a_body_of_another_shape_is_refused(clinic: Clinic, body: object) -> None:
    problem(clinic.ask("POST", "", body), 422)
    assert clinic.ask("GET").json() == {"webhooks": []}


def test_nothing_hostile_breaks_an_endpoint_or_comes_back(clinic: Clinic) -> None:
    endpoint = clinic.listens()
    shapes = [
        "%s",
        '{"url": %s}',
        f'{{"url": "{URL}", "events": %s}}',
        f'{{"url": "{URL}", "events": [%s]}}',
        '{"hours": %s}',
        '{"active": %s}',
    ]
    sent: list[str | bytes] = [*(shape.replace("%s", value) for value in VALUES.values() for shape in shapes), *BODIES.values()]
    headers = {**clinic.opens, "Content-Type": "application/json"}
    statuses = {
        clinic.client.request(method, f"/v1/webhooks{path}", content=body, headers=headers).status_code
        for method, path in (("POST", ""), ("PUT", f"/{endpoint}"), ("POST", f"/{endpoint}/rotate"), ("POST", f"/{endpoint}/enable"))
        for body in sent
    }
    assert statuses <= {200, 201, 400, 413, 422}
    assert {one["url"] for one in clinic.ask("GET").json()["webhooks"]} == {URL}
    for text_ in TEXTS.values():
        query = quote(text_, safe="", errors="surrogatepass")
        for path in (f"/v1/events?before={query}", f"/v1/pushes?most={query}", f"/v1/webhooks/{endpoint}/deliveries?before={query}"):
            assert clinic.client.get(path, headers=clinic.opens).status_code in (200, 422)


def test_an_endpoint_is_changed_switched_off_and_on_and_removed(clinic: Clinic) -> None:
    endpoint = clinic.listens()
    changed = clinic.ask("PUT", f"/{endpoint}", {"url": f"{URL}/2", "events": ["plan.issued"]}).json()
    assert (changed["url"], changed["events"], changed["status"]) == (f"{URL}/2", ["plan.issued"], "active")
    off = clinic.ask("POST", f"/{endpoint}/enable", {"active": False}).json()
    assert (off["status"], off["reason"]) == ("disabled", "by-clinic")
    problem(clinic.ask("POST", f"/{endpoint}/test"), 409)
    clinic.hears("plan.issued")
    assert clinic.ask("GET", f"/{endpoint}/deliveries").json() == {"deliveries": []}
    assert clinic.ask("POST", f"/{endpoint}/enable", {"active": True}).json()["status"] == "active"
    assert clinic.ask("DELETE", f"/{endpoint}").status_code == 204
    problem(clinic.ask("GET", f"/{endpoint}"), 404)


def test_a_clinic_has_at_most_twenty_endpoints(clinic: Clinic) -> None:
    for _ in range(20):
        clinic.listens()
    problem(clinic.ask("POST", "", {"url": URL}), 409)


def test_an_event_goes_to_every_endpoint_that_wants_it_and_to_no_other_clinic(client: TestClient, clinic: Clinic) -> None:
    everything, some, other = clinic.listens(), clinic.listens(URL, "plan.withheld"), Clinic(client)
    theirs = other.listens()
    events = [clinic.hears("assessment.completed"), clinic.hears("plan.withheld")]
    listed = {one: clinic.ask("GET", f"/{one}/deliveries").json()["deliveries"] for one in (everything, some)}
    assert [one["event"]["id"] for one in listed[everything]] == events[::-1]
    assert [one["event"]["id"] for one in listed[some]] == events[1:]
    assert listed[some][0]["status"] == "waiting"
    assert other.ask("GET", f"/{theirs}/deliveries").json() == {"deliveries": []}


def test_an_event_that_is_rolled_back_leaves_no_delivery_and_no_work(clinic: Clinic, url: str) -> None:
    clinic.listens()
    tables = ("event", "delivery", "workflow_status" if clinic.database.is_sqlite else "dbos.workflow_status")
    before = count(url, *tables)

    def fail(session: object) -> None:
        announce(session, "plan.issued", Subject(clinic.id))  # type: ignore[arg-type]
        raise LookupError

    with pytest.raises(LookupError):
        clinic.database.run_now(fail, clinic.id)
    assert count(url, *tables) == before
    clinic.hears()
    assert count(url, *tables) == [one + 1 for one in before]


def test_the_list_of_events_goes_on_page_by_page(clinic: Clinic) -> None:
    told = [clinic.hears(kind) for kind in EVENT_TYPES for _ in range(2)][::-1]
    found: list[str] = []
    while True:
        path = "/v1/events?most=5" + (f"&before={found[-1]}" if found else "")
        page = clinic.client.get(path, headers=clinic.opens).json()["events"]
        if not page:
            break
        found += [one["id"] for one in page]
    assert found == told


def test_deliveries_go_on_page_by_page_too(clinic: Clinic) -> None:
    endpoint = clinic.listens()
    told = [f"{clinic.hears()}_{endpoint}" for _ in range(7)][::-1]
    first = [one["id"] for one in clinic.ask("GET", f"/{endpoint}/deliveries?most=4").json()["deliveries"]]
    second = [one["id"] for one in clinic.ask("GET", f"/{endpoint}/deliveries?most=4&before={first[-1]}").json()["deliveries"]]
    assert first + second == told


def test_a_key_for_something_else_opens_nothing_here(client: TestClient) -> None:
    reader = Clinic(client, "read", "invite", "fhir", "batch")
    for method, path, body in [("GET", "", None), ("POST", "", {"url": URL}), ("GET", f"/{'0' * 16}", None)]:
        problem(reader.ask(method, path, body), 403)
    problem(client.get("/v1/events", headers=reader.opens), 403)
    problem(client.get("/v1/events"), 401)


def test_what_a_clinic_does_here_stands_in_its_audit_trail(clinic: Clinic, url: str) -> None:
    endpoint = clinic.listens()
    delivery = clinic.ask("POST", f"/{endpoint}/test").json()["delivery"]
    clinic.ask("POST", f"/{endpoint}/deliveries/{delivery}/replay")
    clinic.ask("DELETE", f"/{endpoint}")
    with connected(url) as connection:
        statement = text("SELECT action, kind, what FROM audit_event WHERE clinic_id = :clinic ORDER BY id")
        found = connection.execute(statement, {"clinic": clinic.id}).all()
    assert [tuple(one) for one in found] == [
        ("create", "endpoint", endpoint),
        ("send", "endpoint", endpoint),
        ("send", "delivery", delivery),
        ("erase", "endpoint", endpoint),
    ]


def test_a_clinic_that_goes_takes_its_endpoints_and_deliveries_along(clinic: Clinic, url: str) -> None:
    before = count(url, "event", "delivery", "endpoint")
    clinic.listens()
    clinic.hears()
    clinic.database.run_now(lambda session: remove(session, clinic.id), OPERATOR)
    assert count(url, "event", "delivery", "endpoint") == before


def test_in_memory_there_is_nobody_to_deliver_and_nothing_breaks(pack: Pack) -> None:
    with TestClient(create_app(Settings(database_url="sqlite://"), pack)) as running:
        clinic = Clinic(running)
        endpoint = clinic.listens()
        clinic.hears()
        assert len(clinic.ask("GET", f"/{endpoint}/deliveries").json()["deliveries"]) == 1


def test_a_file_without_a_key_that_fits_starts_no_service(tmp_path: Path, pack: Pack) -> None:
    file = tmp_path / "key.pem"
    public = ECKey.generate_key("P-384").as_pem(private=False)
    for content in (b"", b"no key", ECKey.generate_key("P-256").as_pem(private=True), public):
        file.write_bytes(content)
        with pytest.raises(UnfitKey):
            create_app(Settings(database_url="sqlite://", signing_key_file=file), pack)


def test_tables_for_later_work_are_made_for_who_may_have_them_only(tmp_path: Path, pack: Pack) -> None:
    with TestClient(create_app(Settings(database_url=f"sqlite:///{tmp_path / 'a.db'}"), pack)) as client:
        clinic, without = Clinic(client), Clinic(client, "read")

        def made() -> bool:
            return inspect(clinic.database.engine).has_table("workflow_status")

        for opens in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"{clinic.opens['Authorization']}0"}, without.opens):
            assert client.post("/v1/webhooks", json={"url": URL}, headers=opens).status_code in (401, 403)
        assert not made()
        clinic.listens()
        assert made()
