"""What cannot be read, or should not be, is refused before anybody looks into it."""

import gzip
from collections.abc import Iterator

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from service.settings import Settings
from tests.service.asking import problem

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
BODIES = {"/v1/evaluate/form": (FORM, b"x=")}
READERS = ["/v1/evaluate", "/v1/assessments", "/v1/next", "/v1/what-if"]
BODIES |= dict.fromkeys(READERS, (JSON, b'{"answers": {}}'))
LIMIT = Settings.model_fields["max_body_bytes"].default
SYNTAX = {
    "empty": b"",
    "blank": b" \n",
    "half": b'{"answers": {',
    "more after it": b'{"answers": {}} {}',
    "single quotes": b"{'answers': {}}",
    "comment": b'{"answers": {}} // done',
    "NaN": b'{"answers": {"tests.trunk-hold.seconds": NaN}}',
    "Infinity": b'{"answers": {"tests.trunk-hold.seconds": -Infinity}}',
    "5000 digits": b'{"answers": {"tests.trunk-hold.seconds": 1%s}}' % (b"0" * 5000),
    "25,000 deep": b'{"answers": ' + b"[" * 25_000 + b"]" * 25_000 + b"}",
    "repeated key": b'{"answers": {}, "answers": {}}',
    "repeated answer": b'{"answers": {"back.sweeping-ache": "no", "back.sweeping-ache": "yes"}}',
    "bad UTF-8": b'{"answers": {"\xff": 1}}',
    "half a UTF-8": b'{"answers": {"\xe2\x82": 1}}',
    "surrogate in UTF-8": b'{"answers": {"\xed\xa0\x80": 1}}',
    "UTF-16": '{"answers": {}}'.encode("utf-16"),
    "UTF-32": '{"answers": {}}'.encode("utf-32-le"),
    "BOM": b'\xef\xbb\xbf{"answers": {}}',
    "raw NUL": b'{"answers": {"\x00": 1}}',
}
SHAPES = {"null": "", "[]": "", "3": "", '"x"': "", "{}": "", '{"answers": {}, "more": 1}': "", '{"answer": {}}': "", '{"Answers": {}}': ""}
SHAPES |= {f'{{"answers": {value}}}': "/answers" for value in ("null", "[]", "3", '"x"', "true")}


@pytest.fixture(params=BODIES)
def path(request: pytest.FixtureRequest) -> str:
    """Each operation that takes a body."""
    return str(request.param)


def send(client: TestClient, path: str, body: bytes | Iterator[bytes], **headers: str) -> Response:
    """A body with the media type it should have, unless told otherwise."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(path, content=body, headers={"Content-Type": BODIES[path][0]} | named)


def padded(path: str, size: int) -> bytes:
    """A good body of this size."""
    good = BODIES[path][1]
    return good + (b" " if path != "/v1/evaluate/form" else b"x") * (size - len(good))


def in_chunks(body: bytes) -> Iterator[bytes]:
    """Sent without saying how long it is."""
    for start in range(0, len(body), 10_000):
        yield body[start : start + 10_000]


def test_a_body_may_be_as_large_as_the_limit(client: TestClient, path: str) -> None:
    response = send(client, path, padded(path, LIMIT))
    assert response.status_code in (200, 201) or problem(response, 422).pointers == ["/answers/x"]


def test_one_byte_more_is_too_large(stateless: TestClient, path: str) -> None:
    body = padded(path, LIMIT + 1)
    assert problem(send(stateless, path, body), 413).type.endswith(":too-large")
    assert problem(send(stateless, path, in_chunks(body)), 413).type.endswith(":too-large")


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "multipart/form-data; boundary=x", "application/json+x", "application/xml", "json", "*/*"]
)
def test_another_media_type_is_refused(stateless: TestClient, path: str, content_type: str) -> None:
    response = send(stateless, path, BODIES[path][1], Content_Type=content_type)
    assert problem(response, 415).type.endswith(":wrong-media-type")


def test_a_body_without_a_media_type_is_refused(stateless: TestClient, path: str) -> None:
    assert problem(stateless.post(path, content=BODIES[path][1]), 415).title


def test_a_form_is_no_json_and_json_no_form(stateless: TestClient, path: str) -> None:
    other = JSON if BODIES[path][0] == FORM else FORM
    assert problem(send(stateless, path, BODIES[path][1], Content_Type=other), 415).title


@pytest.mark.parametrize("charset", ["utf-16", "iso-8859-1", "ascii", "utf-8; charset=utf-16", ""])
def test_another_charset_is_refused(stateless: TestClient, path: str, charset: str) -> None:
    assert problem(send(stateless, path, BODIES[path][1], Content_Type=f"{BODIES[path][0]}; charset={charset}"), 415).title


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_utf_8_may_be_named(client: TestClient, path: str, charset: str) -> None:
    assert send(client, path, BODIES[path][1], Content_Type=f"{BODIES[path][0]};charset={charset}").status_code in (200, 201)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "identity, gzip", "x"])
def test_a_packed_body_is_refused_and_not_unpacked(stateless: TestClient, path: str, coding: str) -> None:
    response = send(stateless, path, gzip.compress(BODIES[path][1]), Content_Encoding=coding)
    assert problem(response, 415).title


@pytest.mark.parametrize("path", READERS)
@pytest.mark.parametrize("name", SYNTAX)
def test_what_is_no_json_cannot_be_read(stateless: TestClient, path: str, name: str) -> None:
    said = problem(send(stateless, path, SYNTAX[name]), 400)
    assert said.type.endswith(":bad-syntax")
    assert said.pointers == [""]


@pytest.mark.parametrize("path", READERS)
@pytest.mark.parametrize(("body", "pointer"), SHAPES.items())
def test_a_body_of_another_shape_is_refused_where_it_differs(stateless: TestClient, path: str, body: str, pointer: str) -> None:
    said = problem(send(stateless, path, body.encode()), 422)
    assert said.type.endswith(":wrong-shape")
    assert said.pointers == [pointer]
