"""Events reach clinics: signed, again until they are taken, and no endpoint harms another."""

import json
import time
from datetime import datetime
from itertools import count
from threading import Event

import pytest
from sqlalchemy import NullPool, create_engine, inspect, text
from standardwebhooks import Webhook, WebhookVerificationError

from tests.service.delivering.house import Clinic, Hook, House
from tests.service.receiving import Came, Says, receiving, until


def event_in(one: Came, secret: str) -> dict[str, object]:
    """What it says, if it is ours. Raises WebhookVerificationError."""
    verified: dict[str, object] = Webhook(secret).verify(one.body, dict(one.headers))
    return verified


def done(hook: Hook, delivery: str, status: str = "delivered") -> bool:
    """Whether it has come to this."""
    return bool(hook.deliveries()[delivery]["status"] == status)


@pytest.fixture
def clinic(house: House) -> Clinic:
    """A clinic of this test's own."""
    return house.clinic()


def test_a_clinic_hears_of_an_assessment_by_its_ids_and_nothing_else(clinic: Clinic) -> None:
    with receiving() as receiver:
        hook = clinic.listen(f"{receiver.url}/hook")
        assessment = clinic.is_told()
        until(lambda: len(receiver.came) == 2)
    events = sorted((event_in(one, hook.secret) for one in receiver.came), key=lambda one: str(one["type"]))
    assert [one["type"] for one in events] == ["assessment.completed", "plan.issued"]
    happened = {one["id"]: one for one in clinic.ask("GET", "/v1/events")["events"]}
    for one in events:
        about = one["data"]
        assert isinstance(about, dict)
        listed = happened[about["event"]]
        assert one.keys() == {"type", "timestamp", "data"}
        assert one["timestamp"] == listed["at"]
        assert about == {"event": listed["id"], "assessment": assessment, "invitation": None, "reference": "case-7", "clinic": clinic.id}
    assert all(one.path == "/hook" and one.headers["content-type"] == "application/json" for one in receiver.came)


def test_no_answer_leaves_the_house_or_stands_in_the_queue_or_the_log(house: House, clinic: Clinic) -> None:
    with receiving() as receiver:
        clinic.listen(receiver.url)
        clinic.is_told({**house.answers, "safety.pain-level": 7})
        until(lambda: len(receiver.came) == 2)
    sent = b"".join(one.body + repr(one.headers).encode() for one in receiver.came).decode()
    engine = create_engine(house.url, poolclass=NullPool)
    schema = None if engine.dialect.name == "sqlite" else "dbos"
    with engine.connect() as connection:
        ours = {"workflow_input", "workflow_status", "queues", "operation_outputs", "workflow_output", "notifications", "streams"}
        tables = [one for one in inspect(connection).get_table_names(schema) if one in ours]
        kept = [repr(row) for one in tables for row in connection.execute(text(f"SELECT * FROM {f'{schema}.' if schema else ''}{one}"))]  # noqa: S608
    assert {"workflow_input", "workflow_status"} <= set(tables)
    assert any("evt_" in row for row in kept)
    told = [code for answer in house.answers.values() for code in ([answer] if isinstance(answer, str) else []) if len(code) > 6]
    assert len(told) > 3
    for where in (sent, "".join(kept), house.log.read_text()):
        assert [one for one in [*told, *house.answers] if one in where] == []


def test_an_endpoint_hears_of_what_it_asked_for(clinic: Clinic) -> None:
    with receiving() as receiver:
        hook = clinic.listen(f"{receiver.url}/some", "plan.issued", "plan.withheld")
        clinic.is_told()
        hook.test()
        until(lambda: len(receiver.came) == 2)
    assert sorted(str(event_in(one, hook.secret)["type"]) for one in receiver.came) == ["endpoint.test", "plan.issued"]


def test_what_fails_comes_again_under_the_same_id_with_a_new_time(clinic: Clinic) -> None:
    answers = iter([500, 302, 200])
    with receiving(lambda _: Says(next(answers), {"Location": "/elsewhere"}, b"a stack trace with secrets")) as receiver:
        hook = clinic.listen(receiver.url)
        delivery = hook.test()
        until(lambda: done(hook, delivery))
    assert receiver.ids() == [delivery] * 3
    assert len({one.headers["webhook-timestamp"] for one in receiver.came}) > 1
    assert all(event_in(one, hook.secret)["type"] == "endpoint.test" for one in receiver.came)
    assert hook.attempts(delivery) == [500, 302, 200]
    told = json.dumps(hook.deliveries())
    assert "stack trace" not in told
    assert [one["number"] for one in hook.deliveries()[delivery]["attempts"]] == [1, 2, 3]


def test_who_asks_for_time_gets_it(clinic: Clinic) -> None:
    answers = iter([Says(503, {"Retry-After": "2"}), Says()])
    with receiving(lambda _: next(answers)) as receiver:
        hook = clinic.listen(receiver.url)
        delivery = hook.test()
        until(lambda: done(hook, delivery))
    first, second = receiver.came
    assert 2 <= second.at - first.at < 8


def test_who_is_gone_is_left_alone_until_it_is_switched_on_again(clinic: Clinic) -> None:
    says = [410]
    with receiving(lambda _: Says(says[0])) as receiver:
        hook = clinic.listen(receiver.url)
        delivery = hook.test()
        until(lambda: done(hook, delivery, "failed"))
        switched = hook.ask("GET")
        assert (switched["status"], switched["reason"]) == ("disabled", "gone")
        hook.ask("POST", "/test", status=409)
        hook.ask("POST", f"/deliveries/{delivery}/replay", status=409)
        clinic.is_told()
        assert list(hook.deliveries()) == [delivery]
        says[0] = 200
        assert hook.ask("POST", "/enable", {"active": True})["status"] == "active"
        hook.ask("POST", f"/deliveries/{delivery}/replay", status=202)
        until(lambda: done(hook, delivery))
    assert receiver.ids() == [delivery] * 2
    assert hook.attempts(delivery) == [410, 200]
    assert {one["type"] for one in clinic.ask("GET", "/v1/events")["events"]} == {"endpoint.test", "assessment.completed", "plan.issued"}


def test_who_never_takes_anything_is_given_up_and_switched_off(clinic: Clinic) -> None:
    says = [500]
    with receiving(lambda _: Says(says[0])) as receiver:
        hook = clinic.listen(receiver.url)
        deliveries = [hook.test() for _ in range(5)]
        until(lambda: all(done(hook, one, "failed") for one in deliveries), 60)
        assert [hook.attempts(one) for one in deliveries] == [[500] * 4] * 5
        switched = hook.ask("GET")
        assert (switched["status"], switched["reason"]) == ("disabled", "exhausted")
        says[0] = 204
        hook.ask("POST", "/enable", {"active": True})
        hook.ask("POST", f"/deliveries/{deliveries[0]}/replay", status=202)
        until(lambda: done(hook, deliveries[0]))
    assert hook.attempts(deliveries[0]) == [500, 500, 500, 500, 204]
    assert receiver.ids().count(deliveries[0]) == 5


def test_both_secrets_open_what_is_sent_while_one_takes_the_place_of_the_other(clinic: Clinic) -> None:
    with receiving() as receiver:
        hook = clinic.listen(receiver.url)
        new = hook.ask("POST", "/rotate", {"hours": 1})
        hook.test()
        until(lambda: len(receiver.came) == 1)
        newest = hook.ask("POST", "/rotate", {"hours": 0})
        hook.test()
        until(lambda: len(receiver.came) == 2)
    both, one = receiver.came
    assert event_in(both, hook.secret) == event_in(both, new["secret"])
    assert datetime.fromisoformat(new["old_secret_until"]).timestamp() > time.time() + 3000
    assert event_in(one, newest["secret"])["type"] == "endpoint.test"
    with pytest.raises(WebhookVerificationError):
        event_in(one, new["secret"])


def test_a_dead_endpoint_does_not_keep_another_clinic_waiting(house: House, clinic: Clinic) -> None:
    forever = Event()

    def hold(_: Came) -> Says:
        forever.wait(15)
        return Says(500)

    other, began = house.clinic(), dict[str, float]()
    with receiving(hold) as dead, receiving() as healthy:
        tar_pit, hook = clinic.listen(dead.url), other.listen(healthy.url)
        for _ in range(25):
            tar_pit.test()
            at = time.time()
            began[hook.test()] = at
        until(lambda: len(healthy.came) == 25)
        forever.set()
        waited = sorted(one.at - began[one.headers["webhook-id"]] for one in healthy.came)
        assert len(dead.came) >= 5  # it was trying, all the while
        tar_pit.ask("DELETE", status=204)
    print(f"healthy beside dead: p50 {waited[12]:.2f} s, p95 {waited[23]:.2f} s")  # noqa: T201
    assert waited[23] < 3


def test_what_is_removed_hears_of_nothing_more(clinic: Clinic) -> None:
    numbers = count()
    with receiving(lambda _: Says(500 if next(numbers) == 0 else 200)) as receiver:
        hook = clinic.listen(receiver.url)
        hook.test()
        until(lambda: receiver.came)
        hook.ask("DELETE", status=204)
        time.sleep(1.5)
    assert len(receiver.came) <= 2
    hook.ask("GET", status=404)
    hook.ask("GET", "/deliveries", status=404)
