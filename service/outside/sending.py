"""One request to the world outside: its address looked up once, looked at, and held to; no redirect, no proxy, little patience."""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Literal

import httpx
from httpx_secure import SSRFProtectionError, httpx_ssrf_protection

from service.outside.addresses import Address, Network, fault_of, networks, port_of, reachable
from service.settings import Settings

Reason = Literal["timeout", "unreachable", "address-not-allowed"]


class NotSent(Exception):
    """Why nothing came back."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True)
class Answer:
    """What came back. `wait`: for how many seconds we are asked to leave it alone; `body`: at most as much of it as there was room for."""

    status: int
    wait: float
    body: bytes


@cache
def _trusted_by_all() -> ssl.SSLContext:
    """Read once: it takes longer than many a request."""
    return ssl.create_default_context()


@dataclass(frozen=True)
class World:
    """What is outside. `own`: networks of ours that the world can see; `development`: this machine counts as outside; `seconds`: our patience.

    `clinics`: networks that the world cannot see, where clinics have servers; `trusted`: whose certificates are believed, where not those that everybody does.
    """

    own: Sequence[Network] = ()
    development: bool = False
    seconds: float = 15
    clinics: Sequence[Network] = ()
    trusted: ssl.SSLContext | None = None

    def fault_of(self, url: str) -> str | None:
        """Why nothing could ever be sent to this address, or None."""
        return fault_of(url, development=self.development, clinics=self.clinics)

    async def post(self, url: str, headers: dict[str, str], body: bytes, *, room: int = 0) -> Answer:
        """Raises NotSent."""
        return await self._send("POST", url, headers, body, room)

    async def get(self, url: str, headers: dict[str, str], *, room: int = 0) -> Answer:
        """Raises NotSent."""
        return await self._send("GET", url, headers, b"", room)

    async def _send(self, method: str, url: str, headers: dict[str, str], body: bytes, room: int) -> Answer:
        if self.fault_of(url):
            raise NotSent("address-not-allowed")
        try:
            async with asyncio.timeout(self.seconds):
                return await self._first_that_connects(httpx.Request(method, url, headers=headers, content=body), room)
        except (TimeoutError, httpx.TimeoutException):
            raise NotSent("timeout") from None
        except (SSRFProtectionError, httpx.InvalidURL):
            raise NotSent("address-not-allowed") from None
        except (httpx.TransportError, OSError, UnicodeError):
            raise NotSent("unreachable") from None

    async def _first_that_connects(self, request: httpx.Request, room: int) -> Answer:
        addresses = await self._addresses(request.url)
        async with self._client() as client:
            for address in addresses[:-1]:
                try:
                    return await self._ask(client, request, address, room)
                except httpx.ConnectError:
                    continue
            return await self._ask(client, request, addresses[-1], room)

    async def _addresses(self, url: httpx.URL) -> list[Address]:
        """Every address of the name. Raises NotSent when only one of them must not be reached: that is no mistake, but an attempt."""
        found = await asyncio.get_running_loop().getaddrinfo(url.host, port_of(str(url)), type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(ip_address(str(one[4][0]).partition("%")[0]) for one in found))
        if not addresses or not all(self._reaches(one) for one in addresses):
            raise NotSent("address-not-allowed")
        return addresses

    def _client(self) -> httpx.AsyncClient:
        # A second wall, at the moment of connecting. It alone would knock at the door of a name before it looks whose door that is.
        client = httpx.AsyncClient(verify=self.trusted or _trusted_by_all(), follow_redirects=False, trust_env=False, timeout=self.seconds)
        everywhere = not (self.development or self.clinics)
        return httpx_ssrf_protection(client, check_globally_reachable=everywhere, custom_validator=self._permits)

    def _permits(self, _: str, address: IPv4Address | IPv6Address, __: int) -> bool:
        return self._reaches(address)

    def _reaches(self, address: Address) -> bool:
        return reachable(address, self.own, development=self.development, clinics=self.clinics)

    async def _ask(self, client: httpx.AsyncClient, request: httpx.Request, address: Address, room: int) -> Answer:
        """The name stays in the Host header and in TLS, where the certificate is held against it."""
        pinned = client.build_request(
            request.method,
            request.url.copy_with(host=str(address)),
            headers={**request.headers, "accept-encoding": "identity"},
            content=request.content,
            extensions={"sni_hostname": request.url.host},
        )
        answer = await client.send(pinned, stream=True)
        try:
            return Answer(answer.status_code, _wait(answer), await _beginning(answer, room))
        finally:
            await answer.aclose()


def world_of(settings: Settings, seconds: float = World.seconds) -> World:
    """The world outside as the settings draw it."""
    return World(networks(settings.own_networks), settings.development, seconds, networks(settings.clinic_networks))


async def _beginning(answer: httpx.Response, room: int) -> bytes:
    read = b""
    if not room:
        return read
    async for chunk in answer.aiter_raw():
        read += chunk
        if len(read) >= room:
            break
    return read[:room]


def _wait(answer: httpx.Response) -> float:
    """`Retry-After`, where it means something: as seconds or as a date."""
    asked = answer.headers.get("retry-after", "")
    if answer.status_code not in (429, 503) or not asked:
        return 0
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    try:
        return max(0, (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0
