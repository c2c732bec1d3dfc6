"""Many people at once: a line each, in order, whatever else is in the stream; bounded, and nothing repeated."""

import asyncio
import json
import logging
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient
from starlette.types import Message

from rules import Pack, evaluate, load_pack
from rules.content import SEEDS
from service.app import create_app
from service.clinics.audit import trail
from service.settings import Settings
from tests.service.asking import Answers, Problem, examples, problem
from tests.service.clinic_world import world

NDJSON = "application/x-ndjson"
LIMIT = Settings.model_fields["max_body_bytes"].default
BAD: dict[str, tuple[bytes, str, list[str]]] = {
    "no JSON": (b'{"answers": {', "bad-syntax", [""]),
    "bad UTF-8": (b'{"answers": {"\xff": 1}}', "bad-syntax", [""]),
    "a repeated key": (b'{"answers": {}, "answers": {}}', "bad-syntax", [""]),
    "NaN": (b'{"answers": {"safety.pain-level": NaN}}', "bad-syntax", [""]),
    "a list": (b"[]", "wrong-shape", [""]),
    "nothing in it": (b"{}", "wrong-shape", [""]),
    "everything amiss": (b'{"answers": 3, "id": 3, "Canary": 1}', "wrong-shape", ["", "/id", "/answers"]),
    "a long id": (b'{"answers": {}, "id": "%s"}' % (b"Canary" * 20), "wrong-shape", ["/id"]),
    "an id that hides": (b'{"answers": {}, "id": "Canary\\u202e"}', "wrong-shape", ["/id"]),
    "half a character as an id": (b'{"answers": {}, "id": "Canary\\ud800"}', "wrong-shape", ["/id"]),
    "an id of two lines": (b'{"answers": {}, "id": "Canary\\nCanary"}', "wrong-shape", ["/id"]),
    "an empty id": (b'{"answers": {}, "id": ""}', "wrong-shape", ["/id"]),
    "one byte too long": (b'{"answers": {}}' + b" " * (LIMIT - 14), "line-too-long", []),
    "two faults": (
        b'{"answers": {"back.onset": "Canary", "safety.pain-level": -7654}}',
        "answers-refused",
        ["/answers/safety.pain-level", "/answers/back.onset"],
    ),
}


def send(client: TestClient, body: bytes | Iterator[bytes], **headers: str) -> Response:
    """POST /v1/batch."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/v1/batch", content=body, headers={"Content-Type": NDJSON} | named)


def rows(response: Response) -> list[dict[str, Any]]:
    """What came back, line by line."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == NDJSON
    assert response.content.endswith(b"\n") or not response.content
    return [json.loads(line) for line in response.content.splitlines()]


def line(answers: Answers, name: str | None = None) -> bytes:
    """One person."""
    return json.dumps({"answers": answers} | ({"id": name} if name else {})).encode() + b"\n"


def test_each_person_gets_in_order_what_they_would_get_alone(stateless: TestClient, pack: Pack) -> None:
    people = examples(pack)
    told = rows(send(stateless, b"".join(line(answers, name) for name, answers in people.items())))
    assert [row["id"] for row in told] == list(people)
    assert [row["line"] for row in told] == list(range(1, len(people) + 1))
    assert [row["guidance"] for row in told] == [evaluate(pack, answers) for answers in people.values()]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_told_why_and_the_others_go_on(stateless: TestClient, name: str) -> None:
    bad, kind, pointers = BAD[name]
    response = send(stateless, line({}, "before") + bad + b"\n" + line({}, "after"))
    before, refused, after = rows(response)
    assert (before["id"], after["id"]) == ("before", "after")
    assert "guidance" in before
    assert before["guidance"] == after["guidance"]
    assert refused.keys() == {"line", "id", "problem"}
    assert (refused["line"], refused["id"]) == (2, None)
    said = Problem.model_validate(refused["problem"])
    assert said.type == f"urn:muscle-balance:problem:{kind}"
    assert said.pointers == pointers
    assert not any(secret in response.text for secret in ("Canary", "7654"))


def test_a_refused_person_keeps_their_id(stateless: TestClient) -> None:
    (refused,) = rows(send(stateless, line({"back.onset": "Canary"}, "Ana Ñ. 7")))
    assert refused["id"] == "Ana Ñ. 7"
    assert "problem" in refused


def test_a_line_may_be_as_long_as_a_body(stateless: TestClient) -> None:
    (row,) = rows(send(stateless, b'{"answers": {}}' + b" " * (LIMIT - 15) + b"\n"))
    assert "guidance" in row


def test_blank_lines_count_and_say_nothing_and_the_last_line_needs_no_end(stateless: TestClient) -> None:
    told = rows(send(stateless, b"\n \r\n" + line({}, "a").replace(b"\n", b"\r\n") + b"\n\n" + line({}, "b").rstrip()))
    assert [(row["line"], row["id"]) for row in told] == [(3, "a"), (6, "b")]
    assert rows(send(stateless, b"")) == []


def test_it_does_not_matter_where_the_stream_is_cut(stateless: TestClient) -> None:
    body = line({"back.onset": "sudden"}, "ñ") + b"x" * 100 + b"\n" + line({}, "last")
    whole = send(stateless, body).content
    assert whole.count(b"\n") == 3
    for size in (1, 7):
        assert send(stateless, (body[start : start + size] for start in range(0, len(body), size))).content == whole


@pytest.mark.parametrize("headers", [{"Content_Type": "application/json"}, {"Content_Type": ""}, {"Content_Encoding": "gzip"}])
def test_another_media_type_is_refused(stateless: TestClient, headers: dict[str, str]) -> None:
    assert problem(send(stateless, line({}), **headers), 415).type.endswith(":wrong-media-type")


def test_who_wants_something_else_than_lines_is_told_so(stateless: TestClient) -> None:
    assert problem(send(stateless, line({}), Accept="text/html"), 406).title


def test_more_lines_than_are_read_at_once_end_in_a_problem(pack: Pack) -> None:
    client = TestClient(create_app(Settings(database_url="sqlite://", max_batch_lines=3), pack))
    told = rows(send(client, b"\n" + line({}) * 5))
    assert [row["line"] for row in told] == [2, 3, 4]
    assert told[-1]["problem"]["type"].endswith(":too-many-lines")
    assert len(rows(send(client, b"\n" + line({}) * 2))) == 2


def test_the_language_is_the_readers() -> None:
    client = TestClient(create_app(Settings(database_url="sqlite://")))
    response = send(client, line({}) + b"x\n", Accept_Language="de")
    told, refused = rows(response)
    assert response.headers["content-language"] == "de"
    assert told["guidance"] == evaluate(load_pack(SEEDS, "de"), {})
    assert Problem.model_validate(refused["problem"]).title == "Der Inhalt der Anfrage lässt sich nicht lesen"


def test_nothing_of_it_is_logged(stateless: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    send(stateless, line({"back.onset": "Canary"}, "Canary-id") + line({"back.sweeping-ache": "within-15-min"}) + b"Canary")
    said = "".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records if not record.name.startswith("http"))
    assert "route=/v1/batch status=200" in said
    assert not any(secret in said for secret in ("Canary", "within-15-min"))


def test_people_are_answered_while_others_are_still_being_sent(pack: Pack) -> None:
    app = create_app(Settings(database_url="sqlite://"), pack)

    async def talk() -> list[str]:
        heard: list[str] = []
        answered = asyncio.Event()
        sending = iter((b"first", b"second"))

        async def receive() -> Message:
            name = next(sending, None)
            if name is None:
                await answered.wait()
                return {"type": "http.request", "body": b"", "more_body": False}
            if name == b"second":
                await answered.wait()
            return {"type": "http.request", "body": b'{"answers": {}, "id": "%s"}\n' % name, "more_body": True}

        async def hear(message: Message) -> None:
            if message.get("body"):
                heard.append(json.loads(message["body"])["id"])
                answered.set()

        await asyncio.wait_for(app(scope(), receive, hear), 30)
        return heard

    assert asyncio.run(talk()) == ["first", "second"]


def test_a_caller_may_send_everything_before_reading_anything(pack: Pack) -> None:
    app = create_app(Settings(database_url="sqlite://"), pack)
    people = 50
    padded = line({"safety.saddle-numbness": "yes"}).rstrip() + b" " * 60_000 + b"\n"

    async def talk() -> int:
        left, heard = people, 0
        sent = asyncio.Event()

        async def receive() -> Message:
            nonlocal left
            left -= 1
            if not left:
                sent.set()
            return {"type": "http.request", "body": padded, "more_body": left > 0}

        async def hear(message: Message) -> None:
            nonlocal heard
            await sent.wait()
            heard += message.get("body", b"").count(b"\n")

        await asyncio.wait_for(app(scope(), receive, hear), 30)
        return heard

    assert asyncio.run(talk()) == people


def test_who_goes_away_in_the_middle_leaves_nothing_behind(pack: Pack, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    app = create_app(Settings(database_url="sqlite://"), pack)

    async def talk() -> int:
        sending = iter([line({}), line({})])

        async def receive() -> Message:
            piece = next(sending, None)
            return {"type": "http.request", "body": piece, "more_body": True} if piece else {"type": "http.disconnect"}

        async def hear(_: Message) -> None:
            pass

        await app(scope(), receive, hear)
        return len(asyncio.all_tasks())

    assert asyncio.run(talk()) == 1
    assert "status=499" in caplog.text
    assert "failure" not in caplog.text


@pytest.mark.slow
def test_five_thousand_people_need_no_more_memory_than_a_few(pack: Pack) -> None:
    app = create_app(Settings(database_url="sqlite://"), pack)
    one = line({"safety.saddle-numbness": "yes"})
    count, told = 5000, 0

    async def talk() -> None:
        left = count

        async def receive() -> Message:
            nonlocal left
            left -= 10
            return {"type": "http.request", "body": one * 10, "more_body": left > 0}

        async def hear(message: Message) -> None:
            nonlocal told
            told += len(message.get("body", b""))

        await app(scope(), receive, hear)

    evaluate(pack, {"safety.saddle-numbness": "yes"})
    tracemalloc.start()
    asyncio.run(talk())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told > 10_000_000
    assert peak < 2_000_000


def scope() -> dict[str, Any]:
    """A request as a server hands it on; the test client would keep the whole answer."""
    headers = [(b"content-type", NDJSON.encode())]
    path = {"path": "/v1/batch", "raw_path": b"/v1/batch", "root_path": "", "query_string": b""}
    return (
        {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "POST"}
        | path
        | {
            "scheme": "http",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 2),
        }
    )


def test_it_can_be_for_clinics_only(settings: Settings, pack: Pack, answers: Answers) -> None:
    app = create_app(settings.model_copy(update={"batch_needs_key": True}), pack)
    with TestClient(app) as client:
        at = world(client, app.state.service, answers)
        request: dict[str, Any] = {"content": b'{"answers": {}}', "headers": {"Content-Type": NDJSON}}
        told = {
            key: at.ask("POST", "/v1/batch", key, **request).status_code
            for key in (None, at.ours.by_scope["read"], at.ours.by_scope["batch"])
        }
        assert list(told.values()) == [401, 403, 200]
        noted = app.state.service.database.run_now(lambda session: trail(session, at.ours.id), at.ours.id)
        assert [(one.act.kind, one.outcome) for one in noted] == [("batch", "done"), ("batch", "refused")]
