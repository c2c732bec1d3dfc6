"""Where events may go: what an address may look like, and which networks are the world outside."""

from ipaddress import ip_address

import pytest

from service.outside.addresses import fault_of, networks, port_of, reachable

OUTSIDE = ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8", "2002:808:808::", "::ffff:8.8.8.8"]
INSIDE = """
    0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 192.0.0.192 192.168.1.1 192.0.2.1
    198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1
    ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::169.254.169.254 64:ff9b:1::a00:1 2002:7f00:1:: 2002:a9fe:a9fe::
    2001::1 2001:db8::1 3fff::1 5f00::1 192.88.99.1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1
"""
ODD = [
    *(
        "",
        "https://",
        "https:///x",
        "https://user@a.example/",
        "https://user:pass@a.example/",
        "https://a.example/#part",
        "https://a.example:0/",
    ),
    *(
        "https://a.example:65536/",
        "https://a.example\\@b.example/",
        "https://a.example/\n",
        "https://a.example/ x",
        "https://bücher.example/",
    ),
    *("ftp://a.example/", "javascript:alert(1)", "//a.example/", "https:a.example", "https://a.example/" + "x" * 500, "HTTPS://a.example/"),
    *("https://[::1/", "https://[fe80::1%25eth0]/", "https://a.example:443:443/", "https://a.example/\x00", "https://a_b.example/"),
]


@pytest.mark.parametrize("address", OUTSIDE)
def test_the_world_outside_can_be_reached(address: str) -> None:
    assert reachable(ip_address(address), (), development=False)


@pytest.mark.parametrize("address", INSIDE.split())
def test_nothing_else_can(address: str) -> None:
    assert not reachable(ip_address(address), (), development=False)


def test_in_development_this_machine_can_and_nothing_else_inside() -> None:
    assert [one for one in INSIDE.split() if reachable(ip_address(one), (), development=True)] == [
        *("127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::127.0.0.1", "2002:7f00:1::")
    ]


def test_own_networks_are_left_alone_although_the_world_can_see_them() -> None:
    own = networks("8.8.8.0/24,2606:4700::/32")
    assert [one for one in OUTSIDE if reachable(ip_address(one), own, development=True)] == ["93.184.216.34"]


@pytest.mark.parametrize(
    "url", ["https://a.example", "https://a.example/", "https://a.example:8443/in?clinic=1&x=%20", "https://a.b.example?x"]
)
def test_a_plain_https_address_is_fine(url: str) -> None:
    assert fault_of(url, development=False) is None
    assert port_of(url) in (443, 8443)


@pytest.mark.parametrize("url", ODD)
def test_an_odd_address_is_refused_even_in_development(url: str) -> None:
    assert fault_of(url, development=False)
    assert fault_of(url, development=True)


@pytest.mark.parametrize(
    "url", ["http://a.example/", "https://a.example:22/", "https://localhost/", "https://127.0.0.1/", "https://[::1]/"]
)
def test_plain_http_other_ports_and_this_machine_are_for_development(url: str) -> None:
    assert fault_of(url, development=False)
    assert fault_of(url, development=True) is None


def test_servers_of_clinics_in_networks_that_are_named_are_reached_and_nothing_else_inside() -> None:
    named = networks("10.20.0.0/16,127.0.0.0/8,169.254.0.0/16,0.0.0.0/8,fd00::/8,fe80::/10")

    def reached(address: str, own: str = "") -> bool:
        return reachable(ip_address(address), networks(own), development=False, clinics=named)

    inside = ["10.20.3.4", "fd00:ec2::1", "::ffff:10.20.3.4"]
    assert [one for one in inside if not reached(one)] == []
    assert [one for one in ("10.21.0.1", "127.0.0.1", "169.254.169.254", "0.0.0.0", "fe80::1", "192.168.1.1") if reached(one)] == []  # noqa: S104
    assert not reached("10.20.3.4", own="10.20.3.0/24")
    for url in ("https://10.20.3.4/hook", "https://ehr/hook", "https://ehr.inside.example:8443/hook"):
        assert fault_of(url, development=False, clinics=named) is None
    for url in ("http://10.20.3.4/hook", "https://10.20.3.4:5432/", "https://10.21.0.1/", "https://127.0.0.1/"):
        assert fault_of(url, development=False, clinics=named)
