"""The server as people start it: over real sockets, with a real signal at the end."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from service.settings import Settings
from tests.service.asking import Answers, Posted
from tests.service.serving import Server, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """On a SQLite file."""
    folder = tmp_path_factory.mktemp("served")
    with serving(f"sqlite:///{folder / 'served.db'}", folder / "log") as running:
        yield running


def said(server: Server, *pieces: bytes) -> bytes:
    """What comes back over a bare socket; it may be closed before all is sent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return connection.recv(65_536)


def head(*lines: str) -> bytes:
    """The head of a POST /v1/evaluate."""
    fixed = ("POST /v1/evaluate HTTP/1.1", "Host: x", "Content-Type: application/json")
    return "\r\n".join([*fixed, *lines, "", ""]).encode()


def test_it_serves_the_docs_page_and_the_guidance(server: Server, answers: Answers) -> None:
    assert httpx2.get(f"{server.address}/docs").headers["content-type"].startswith("text/html")
    assert httpx2.post(f"{server.address}/v1/evaluate", json={"answers": answers}).json()["findings"]
    assert "server" not in httpx2.get(f"{server.address}/livez").headers


def test_what_it_has_acknowledged_is_there_after_a_restart(tmp_path: Path, answers: Answers) -> None:
    url, log = f"sqlite:///{tmp_path / 'kept.db'}", tmp_path / "log"
    with serving(url, log) as first:
        posted = Posted(httpx2.post(f"{first.address}/v1/assessments", json={"answers": answers}))
        assert httpx2.get(f"{first.address}{posted.path}", headers=posted.opens).status_code == 200
    assert "Application shutdown complete" in log.read_text()
    log.unlink()
    with serving(url, log) as second:
        assert httpx2.get(f"{second.address}{posted.path}", headers=posted.opens).json()["answers"] == answers


def test_a_body_that_says_it_is_too_large_is_refused(server: Server) -> None:
    too_large = Settings().max_body_bytes + 1
    assert said(server, head(f"Content-Length: {too_large}"), b" " * too_large).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_never_says_how_large_it_is_is_refused_before_its_end(server: Server) -> None:
    chunk = b"2710\r\n" + b" " * 10_000 + b"\r\n"
    assert said(server, head("Transfer-Encoding: chunked"), *[chunk] * 7).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "request_",
    [
        b"GARBAGE\r\n\r\n",
        b"GET /v1/about HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /v1/about HTTP/1.1\r\nHost: x\r\nA\x00B: 1\r\n\r\n",
        head("Content-Length: 2", "Content-Length: 9") + b"{}",
        head("Content-Length: -1") + b"{}",
        head("Transfer-Encoding: chunked") + b"ZZ\r\n{}\r\n",
    ],
)
def test_what_is_no_http_is_refused_and_the_server_goes_on(server: Server, request_: bytes) -> None:
    assert said(server, request_)[:12] in (b"", b"HTTP/1.1 400")
    assert httpx2.get(f"{server.address}/livez").text == "alive"


def test_a_caller_who_hangs_up_halfway_harms_nobody(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head("Content-Length: 1000") + b'{"answers"')
    assert httpx2.get(f"{server.address}/readyz").text == "ready"
    assert "Traceback" not in server.log.read_text()
