"""What is sent reaches the world outside only: not by an odd address, not by a name that lies, not by a redirect."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from service.outside.addresses import networks
from service.outside.sending import Answer, NotSent, World
from tests.service.outside.certificates import certified
from tests.service.receiving import Came, Says, receiving, until

PORT = 8443
INSIDE = """
    127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 0.0.0.0 0 127.255.255.254 [::1] [::]
    [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::127.0.0.1] [2002:7f00:1::]
    [2001:0:4136:e378:8000:63bf:80ff:fffe] localhost localhost. LOCALHOST 10.0.0.1 172.16.0.1 192.168.0.1 100.64.0.1
    169.254.169.254 [fe80::1] [fc00::1] [fd00:ec2::254] 192.0.0.192 224.0.0.1 [ff02::1] 255.255.255.255 240.0.0.1
    inside.example both.example inside6.example metadata.google.internal
"""
NAMES = {
    "inside.example": ["127.0.0.1"],
    "both.example": ["93.184.216.34", "127.0.0.1"],
    "inside6.example": ["::1"],
    "metadata.google.internal": ["169.254.169.254"],
}
ODD = [
    *(
        "https://user@inside.example:8443/",
        "https://a.example@127.0.0.1:8443/",
        "https://127.0.0.1:8443#@a.example/",
        "http://127.0.0.1:8443/",
    ),
    *(
        "https://127.0.0.1:22/",
        "https://127.0.0.1:9443/",
        "https://a.example:8443\\@127.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:8443/",
    ),
    *("https://127.0.0.1:8443 @a.example/", "https://[::1%25lo]:8443/", "https://a..b:8443/", "https://" + "a" * 70 + ".example:8443/"),
]


@dataclass
class Door:
    """Listens at PORT on every address of this machine, and counts who knocks."""

    knocks: list[Any] = field(default_factory=list)


@pytest.fixture
def door() -> Iterator[Door]:
    """Open as long as the test runs; another run of tests may have the port for some seconds."""
    opened = Door()
    bound: list[socket.socket] = []

    def bind() -> bool:
        with suppress(OSError):
            bound.append(socket.create_server(("::", PORT), family=socket.AF_INET6, dualstack_ipv6=True))
        return bool(bound)

    until(bind, 60)
    with bound[0] as listening:
        listening.settimeout(0.05)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, who = listening.accept()
                except TimeoutError:
                    continue
                opened.knocks.append(who)
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield opened
        stop.set()
        thread.join()


@contextmanager
def resolving(monkeypatch: pytest.MonkeyPatch, *answers: dict[str, list[str]]) -> Iterator[list[str]]:
    """A name service that gives another answer each time, the last one for ever; it remembers who was asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        known = answers[min(len(asked), len(answers) - 1)]
        name = host.decode() if isinstance(host, bytes) else host
        if name not in known:
            return real(host, port, *rest, **more)
        asked.append(name)
        return [found for address in known[name] for found in real(address, port, *rest, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield asked


def sent(url: str, world: World) -> Answer | str:
    """What came back, or why nothing did."""
    try:
        return asyncio.run(world.post(url, {"Content-Type": "application/json"}, b"{}"))
    except NotSent as why:
        return why.reason


def test_no_address_leads_inside(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    urls = [*(f"https://{host}:{PORT}/hook" for host in INSIDE.split()), *ODD]
    with resolving(monkeypatch, NAMES):
        outcomes = {url: sent(url, World(seconds=3)) for url in urls}
    assert len(urls) > 50
    assert {url: outcome for url, outcome in outcomes.items() if outcome not in ("address-not-allowed", "unreachable")} == {}
    assert [url for url, outcome in outcomes.items() if outcome == "unreachable"] == ODD[-2:]  # no such names
    assert door.knocks == []


def test_the_door_would_hear_it(door: Door) -> None:
    assert sent(f"https://127.0.0.1:{PORT}/hook", World(development=True, seconds=3)) == "unreachable"  # it slams the door
    assert len(door.knocks) == 1


def test_a_name_is_looked_up_once_and_held_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second answer, which would lead elsewhere, is not asked for while something is sent; the next time it is looked at again."""
    first, second = ({"turning.example": [address]} for address in ("127.0.0.1", "169.254.169.254"))
    with receiving() as receiver, resolving(monkeypatch, first, second) as asked:
        url = f"http://turning.example:{receiver.port}/"
        assert sent(url, World(development=True, seconds=3)) == Answer(200, 0, b"")
        assert asked == ["turning.example"]
        assert sent(url, World(development=True, seconds=3)) == "address-not-allowed"
    assert len(receiver.came) == 1


def test_a_name_of_this_machine_is_fine_in_development_and_is_said_to_the_receiver(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as receiver, resolving(monkeypatch, NAMES):
        answer = sent(f"http://inside.example:{receiver.port}/hook?x=1", World(development=True))
    assert answer == Answer(200, 0, b"")
    assert receiver.came[0].path == "/hook?x=1"
    assert receiver.came[0].headers["host"] == f"inside.example:{receiver.port}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_not_a_way(status: int) -> None:
    with receiving() as inner, receiving(lambda _: Says(status, {"Location": f"{inner.url}/secret"})) as outer:
        answer = sent(f"{outer.url}/hook", World(development=True))
    assert isinstance(answer, Answer)
    assert answer.status == status
    assert inner.connections == 0


def test_nobody_waits_for_who_never_answers() -> None:
    forever = threading.Event()

    def hold(_: Came) -> Says:
        forever.wait(5)
        return Says()

    with receiving(hold) as receiver:
        assert sent(receiver.url, World(development=True, seconds=0.5)) == "timeout"
        forever.set()


def test_of_a_body_only_so_much_is_read_as_there_is_room_for() -> None:
    with receiving(lambda _: Says(body=b"x" * 1_000_000)) as receiver:
        world = World(development=True)
        assert sent(receiver.url, world) == Answer(200, 0, b"")
        assert asyncio.run(world.get(receiver.url, {}, room=4096)) == Answer(200, 0, b"x" * 4096)


@pytest.mark.parametrize(
    ("status", "asked", "least", "most"),
    [
        (429, "120", 120, 120),
        (503, "7", 7, 7),
        (503, "Wed, 21 Oct 2065 07:28:00 GMT", 1e9, 2e9),
        (503, "Wed, 21 Oct 2015 07:28:00 GMT", 0, 0),
        (429, "soon", 0, 0),
        (503, "Mon, 01 Jan 2024 00:00:00 +99999999999999999999", 0, 0),
        (429, "-5", 0, 0),
        (429, "9" * 400, 999_999_999, 999_999_999),
        (500, "120", 0, 0),
        (200, "120", 0, 0),
    ],
)
def test_who_asks_for_time_is_heard(status: int, asked: str, least: float, most: float) -> None:
    with receiving(lambda _: Says(status, {"Retry-After": asked})) as receiver:
        answer = sent(receiver.url, World(development=True))
    assert isinstance(answer, Answer)
    assert least <= answer.wait <= most


def test_the_certificate_must_be_trusted_and_for_the_name_that_was_meant(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own, trusting = certified("inside.example", tmp_path)
    with receiving(tls=own) as receiver, resolving(monkeypatch, {**NAMES, "other.example": ["127.0.0.1"]}):
        answers = [
            sent(f"https://{name}:{receiver.port}/", World(development=True, trusted=trusted))
            for name, trusted in [
                ("inside.example", trusting),
                ("other.example", trusting),
                ("127.0.0.1", trusting),
                ("inside.example", ssl.create_default_context()),
            ]
        ]
    assert answers == [Answer(200, 0, b""), "unreachable", "unreachable", "unreachable"]
    assert len(receiver.came) == 1


def test_a_server_of_a_clinic_in_a_network_that_is_named_is_sent_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as the door: no address of this machine is ever one of a clinic's."""
    knocked: list[Any] = []

    async def connect(remote_host: str, remote_port: int, **_: Any) -> Any:
        knocked.append((remote_host, remote_port))
        raise OSError

    monkeypatch.setattr("anyio.connect_tcp", connect)
    with resolving(monkeypatch, {"ehr": ["10.20.3.4"]}):
        assert sent("https://ehr/hook", World(clinics=networks("10.20.0.0/16"))) == "unreachable"
        assert sent("https://ehr/hook", World(clinics=networks("10.30.0.0/16"))) == "address-not-allowed"
    assert knocked == [("10.20.3.4", 443)]
