"""Published key sets are fetched over TLS from the listed address alone, seldom, in bounds, and never from inside our own network."""

import asyncio
import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import KeySet as AnySet
from joserfc.jwk import OctKey
from pydantic import ValidationError

from service.bodies import Faulty
from service.cds.fetching import AGAIN, FRESH, LARGEST, LASTS, MOST_SETS, KeySets, UnusableKeys, keys_in
from service.clinics.key_sets import PublicKey
from service.clinics.settings import ClinicSettings
from service.outside.sending import World as Outside
from tests.service.asking import problem
from tests.service.clinic_world import OPERATORS_KEY, World
from tests.service.outside.certificates import certified
from tests.service.receiving import Receiver, Says, receiving
from tests.service.signing import KEYS, Ehr, call, public


@dataclass
class Site:
    """A web site with a certificate of its own. `says`: its answer."""

    receiver: Receiver
    trusted: ssl.SSLContext
    says: tuple[int, bytes] = (200, b"")

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.receiver.port}/keys"

    @property
    def asked(self) -> int:
        """How often it was."""
        return len(self.receiver.came)

    def publish(self, *keys: dict[str, Any]) -> None:
        self.says = 200, json.dumps({"keys": keys}).encode()

    def world(self) -> Outside:
        """This machine is outside; all else as it is."""
        return Outside(development=True, seconds=3, trusted=self.trusted)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """On this machine."""
    own, trusting = certified("127.0.0.1", tmp_path)
    with receiving(lambda _: Says(made.says[0], {"Location": made.address}, made.says[1]), own) as receiver:
        made = Site(receiver, trusting)
        yield made


@dataclass
class Clock:
    """Seconds that go on when they are told to."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def find(sets: KeySets, address: str, kid: str) -> PublicKey | None:
    return asyncio.run(sets.find(address, kid))


def test_keys_are_fetched_once_and_kept_for_a_while(site: Site) -> None:
    site.publish(public("ES384", "a"), public("RS384", "b"))
    clock = Clock()
    sets = KeySets(site.world(), clock)
    for kid in ("a", "b", "a"):
        found = find(sets, site.address, kid)
        assert found
        assert found.kid == kid
    assert site.asked == 1
    clock.now += FRESH + 1
    assert find(sets, site.address, "a")
    assert site.asked == 2


def test_an_unknown_name_has_the_address_asked_again_at_most_once_a_minute(site: Site) -> None:
    site.publish(public("ES384", "old"))
    clock = Clock()
    sets = KeySets(site.world(), clock)
    assert find(sets, site.address, "new") is None
    site.publish(public("ES384", "new"))
    for _ in range(20):
        clock.now += 1
        assert find(sets, site.address, "new") is None
    assert site.asked == 1
    clock.now += AGAIN
    assert find(sets, site.address, "new")
    assert find(sets, site.address, "old") is None
    assert site.asked == 2


def test_many_at_once_ask_once(site: Site) -> None:
    site.publish(public("ES384", "a"))
    sets = KeySets(site.world(), Clock())

    async def many() -> list[PublicKey | None]:
        return await asyncio.gather(*(sets.find(site.address, "a") for _ in range(20)))

    assert all(asyncio.run(many()))
    assert site.asked == 1


def test_the_last_set_counts_for_an_hour_while_its_address_does_not_answer(site: Site) -> None:
    site.publish(public("ES384", "a"))
    clock = Clock()
    sets = KeySets(site.world(), clock)
    assert find(sets, site.address, "a")
    site.says = 503, b""
    clock.now += FRESH + 1
    assert find(sets, site.address, "a")
    clock.now += LASTS
    assert find(sets, site.address, "a") is None
    assert site.asked == 3


USELESS: dict[str, tuple[int, bytes]] = {
    "moved": (302, b""),
    "not there": (404, json.dumps({"keys": [public("ES384", "a")]}).encode()),
    "nothing": (200, b""),
    "a page": (200, b"<html>"),
    "a list": (200, json.dumps([public("ES384", "a")]).encode()),
    "a word": (200, b'{"keys": "none"}'),
    "said twice": (200, b'{"keys": [], "keys": []}'),
    "deep": (200, b"[" * 60_000),
    "too large": (200, json.dumps({"keys": [public("ES384", "a")], "x": "x" * LARGEST}).encode()),
    "too many": (200, json.dumps({"keys": [public("ES384", f"{number}a"[-3:]) for number in range(51)]}).encode()),
    "twice the same name": (200, json.dumps({"keys": [public("ES384", "a"), public("ES256", "a")]}).encode()),
    "private": (200, json.dumps({"keys": [{**KEYS["ES384"].as_dict(private=True), "kid": "a"}]}).encode()),
    "a shared secret": (200, json.dumps({"keys": [{**OctKey.generate_key(256).as_dict(private=True), "kid": "a"}]}).encode()),
}


@pytest.mark.parametrize("name", USELESS)
def test_no_answer_that_is_no_key_set_gives_a_key(site: Site, name: str) -> None:
    site.says = USELESS[name]
    assert find(KeySets(site.world(), Clock()), site.address, "a") is None
    assert site.asked == 1


def test_keys_that_are_of_no_use_here_are_passed_over() -> None:
    from_elsewhere = {**AnySet.generate_key_set("OKP", "Ed25519", private=False, count=1).keys[0].as_dict(), "kid": "okp"}
    certified = {**public("RS384", "certified"), "x5c": ["AAAA"], "x5t": "AAAA", "example": 1}
    document = {"keys": [from_elsewhere, certified, None, {"kty": "EC"}, {**public("ES384", "enc"), "use": "enc"}], "else": 1}
    assert list(keys_in(json.dumps(document).encode())) == ["certified"]
    for useless in (b"{}", b'{"keys": [1]}', b"[]"):
        with pytest.raises((Faulty, UnusableKeys, ValidationError)):
            keys_in(useless)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "0", "2130706433", "xn--", "a..b"])
def test_our_own_network_is_not_asked(site: Site, host: str) -> None:
    site.publish(public("ES384", "a"))
    assert find(KeySets(Outside(seconds=3)), f"https://{host}:{site.receiver.port}/keys", "a") is None
    assert site.asked == 0


@pytest.mark.parametrize("address", ["https://127.0.0.1/keys", "https://ehr.example:9443/keys", "https://ehr/keys"])
def test_an_address_where_keys_cannot_be_fetched_is_not_listed(both: World, address: str) -> None:
    listed = {"cds": [{"issuer": "https://ehr.example/", "jwks_url": address}], "fhir": {"url": address, "client_id": "us", "scope": "s"}}
    refused = both.ask("PUT", f"/v1/admin/clinics/{both.ours.id}/settings", OPERATORS_KEY, json=listed)
    assert sorted(problem(refused, 422).pointers) == ["/cds/0/jwks_url", "/fhir/url"]


def test_a_certificate_that_nobody_vouches_for_is_not_believed(site: Site) -> None:
    site.publish(public("ES384", "a"))
    assert find(KeySets(Outside(development=True, seconds=3)), site.address, "a") is None
    assert site.asked == 0


def test_only_so_many_sets_are_kept() -> None:
    sets = KeySets(Outside(), Clock())

    async def many() -> None:
        for number in range(MOST_SETS + 5):
            await sets.find(f"https://10.0.0.1:{number + 1}/", "a")

    asyncio.run(many())
    assert len(sets._held) == MOST_SETS


def test_a_system_that_publishes_its_keys_may_call(both: World, site: Site) -> None:
    both.client.app.state.key_sets = KeySets(site.world())  # type: ignore[attr-defined]  # the app of the fixture
    ehr = Ehr(both, both.ours, listed={"jwks": None, "jwks_url": site.address})
    ehr.trust()
    site.publish(public("ES384", ehr.kid))
    both.tell(both.ours, subject="Patient/1288992")
    assert ehr.post(call()).status_code == 200
    assert ehr.post(call(), token=ehr.token(jku=site.address)).status_code == 200
    assert ehr.post(call(), token=ehr.token(jku=site.address + "2")).status_code == 401
    assert ehr.post(call(), token=ehr.token(kid="unknown")).status_code == 401
    assert site.asked == 1


KEY = public("ES384", "a")
UNFIT: dict[str, dict[str, Any]] = {
    "no keys": {},
    "keys two ways": {"jwks": {"keys": [KEY]}, "jwks_url": "https://ehr.example/keys"},
    "no key": {"jwks": {"keys": []}},
    "a private key": {"jwks": {"keys": [{**KEYS["ES384"].as_dict(private=True), "kid": "a"}]}},
    "a shared secret": {"jwks": {"keys": [{"kty": "oct", "k": "AAAA", "kid": "a"}]}},
    "a key without name": {"jwks": {"keys": [{name: value for name, value in KEY.items() if name != "kid"}]}},
    "two keys of a name": {"jwks": {"keys": [KEY, KEY]}},
    "no point of its curve": {"jwks": {"keys": [{**KEY, "x": KEY["y"]}]}},
    "another curve": {"jwks": {"keys": [{**KEY, "crv": "P-521"}]}},
    "a weak RSA key": {
        "jwks": {"keys": [{"kty": "RSA", "kid": "a", "e": "AQAB", "n": "A" * 200 + str(KEYS["RS384"].as_dict()["n"])[:170]}]}
    },
    "an even exponent": {"jwks": {"keys": [{**public("RS384", "a"), "e": "BA"}]}},
    "an algorithm of another key": {"jwks": {"keys": [{**KEY, "alg": "RS384"}]}},
    "a key for secrets": {"jwks": {"keys": [{**KEY, "use": "enc"}]}},
    "plain http": {"jwks_url": "http://ehr.example/keys"},
    "an address with a password": {"jwks_url": "https://a:b@ehr.example/keys"},
    "an address with a fragment": {"jwks_url": "https://ehr.example/keys#a"},
    "a file": {"jwks_url": "file:///etc/passwd"},
    "no such port": {"jwks_url": "https://ehr.example:99999/keys"},
}


@pytest.mark.parametrize("name", UNFIT)
def test_unfit_keys_are_not_listed(name: str) -> None:
    with pytest.raises(ValidationError):
        ClinicSettings.model_validate({"cds": [{"issuer": "https://ehr.example/", **UNFIT[name]}]})


@pytest.mark.parametrize("issuer", ["", "ehr", "https://ehr.example/ x", "https://ehr.example/\0", "https://" + "a" * 200])
def test_an_issuer_is_an_address(issuer: str) -> None:
    with pytest.raises(ValidationError):
        ClinicSettings.model_validate({"cds": [{"issuer": issuer, "jwks": {"keys": [KEY]}}]})


def test_an_issuer_is_listed_once() -> None:
    one = {"issuer": "https://ehr.example/", "jwks": {"keys": [KEY]}}
    assert ClinicSettings.model_validate({"cds": [one]}).cds[0].issuer == "https://ehr.example/"
    with pytest.raises(ValidationError):
        ClinicSettings.model_validate({"cds": [one, one]})
