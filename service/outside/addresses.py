"""Where things may be sent: to https addresses in the world outside, never into our own network."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
# So narrow that no two readers could take it for two places: no user, no fragment, no backslash, nothing that is not ASCII.
URL = re.compile(r"(https?)://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?([/?][!$-;=?-Z_a-z~]*)?")
PORTS = (443, 8443)
LONGEST = 500
# What IPv4 addresses are wrapped in on their way through IPv6, and how far the wrapped one is from the right.
WRAPPED: tuple[tuple[IPv6Network, int], ...] = (
    (IPv6Network("64:ff9b::/96"), 0),
    (IPv6Network("::ffff:0:0/96"), 0),
    (IPv6Network("::/96"), 0),
    (IPv6Network("2002::/16"), 80),
)
# Set aside too, though not every Python knows: protocol assignments, 6to4 relays, documentation, segment routing, site-local.
SET_ASIDE: tuple[Network, ...] = tuple(
    ip_network(one) for one in ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "2001::/23", "3fff::/20", "5f00::/16", "fec0::/10")
)


def fault_of(url: str, *, development: bool, clinics: Sequence[Network] = ()) -> str | None:
    """What is wrong with an address, or None. `development`: plain http and any port are fine too; `clinics`: see `reachable`."""
    found = URL.fullmatch(url) if len(url) <= LONGEST else None
    if not found or (found[3] and not 0 < int(found[3]) <= 65535):
        return f"must be an address of at most {LONGEST} characters, without a user and without a fragment"
    if development:
        return None
    if found[1] != "https":
        return "must begin with https://"
    if found[3] and int(found[3]) not in PORTS:
        return f"must have one of the ports {', '.join(map(str, PORTS))}"
    host = found[2].strip("[]")
    try:
        permitted = reachable(ip_address(host), (), development=False, clinics=clinics)
    except ValueError:  # a name: what it stands for is looked at each time that something is sent
        permitted = "." in host.rstrip(".") or bool(clinics)
    return None if permitted else "must be an address in the world outside"


def port_of(url: str) -> int:
    """The port, said or not."""
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


def reachable(address: Address, own: Sequence[Network], *, development: bool, clinics: Sequence[Network] = ()) -> bool:
    """Whether something may be sent there. `own`: networks that are ours although the world can see them; `development`: this machine is fine too.

    `clinics`: networks that the world cannot see, where clinics have servers; never this machine, nor what answers on its own link.
    """
    if any(address in network for network in (*SET_ASIDE, *own)):
        return False
    if any(address in network for network in clinics):
        return not (address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved)
    if isinstance(address, IPv6Address):
        for network, behind in WRAPPED:
            if address in network and address != IPv6Address("::1"):
                return reachable(IPv4Address(int(address) >> behind & 0xFFFFFFFF), own, development=development, clinics=clinics)
    if development and address.is_loopback:
        return True
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_loopback or address.is_link_local)


def networks(text: str) -> list[Network]:
    """`10.0.0.0/8,2001:db8::/32`. Raises ValueError."""
    return [ip_network(one) for one in text.split(",") if one]
