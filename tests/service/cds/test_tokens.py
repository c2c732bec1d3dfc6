"""A call opens only with a token that the listed system has just signed for it, once; everything else gets the same refusal."""

import asyncio
import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jws
from joserfc._rfc7518.jws_algs import ESAlgorithm
from joserfc.jwk import ECKey
from sqlmodel import select

from service.cds.trusting import forget_tokens
from service.storage.cds_tables import StoredToken
from service.storage.tenancy import OPERATOR
from tests.service.asking import ONE_DATABASE, connected, problem, rows
from tests.service.clinic_world import World
from tests.service.signing import ENDPOINT, ISSUER, KEYS, SERVICE, SITE, Ehr, call, public

NOW = time.time


def raw(text: str | bytes) -> str:
    return base64.urlsafe_b64encode(text.encode() if isinstance(text, str) else text).decode().rstrip("=")


def unsigned(ehr: Ehr, header: str | dict[str, Any], signature: str = "AAAA") -> str:
    said = header if isinstance(header, str) else json.dumps(header)
    return f"{raw(said)}.{raw(json.dumps(ehr.claims()))}.{signature}"


def signed_by_secret(ehr: Ehr, secret: bytes, algorithm: str = "HS256") -> str:
    """With what everybody knows as a shared secret, which the library would not do."""
    text = f"{raw(json.dumps({'alg': algorithm, 'kid': ehr.kid, 'typ': 'JWT'}))}.{raw(json.dumps(ehr.claims()))}"
    return f"{text}.{raw(hmac.new(secret, text.encode(), f'sha{algorithm[2:]}').digest())}"


def pem(algorithm: str) -> bytes:
    key = KEYS[algorithm]
    assert isinstance(key, ECKey)
    return key.as_bytes("PEM", private=False)


def signed_by_another(ehr: Ehr, **header: Any) -> str:
    key = ECKey.generate_key("P-384")
    said = {"alg": "ES384", "kid": ehr.kid, "typ": "JWT", **header}
    return jws.serialize_compact(said, json.dumps(ehr.claims()), key, algorithms=["ES384"])


def head(ehr: Ehr, **changed: Any) -> str:
    """An honest signature over a header that the library would not write."""
    said = json.dumps({"alg": "ES384", "kid": ehr.kid, "typ": "JWT", **changed})
    return spelled(said, json.dumps(ehr.claims()))


def spelled(header: str, claims: str) -> str:
    """Signed as it is spelled."""
    text = f"{raw(header)}.{raw(claims)}"
    key = KEYS["ES384"]
    assert isinstance(key, ECKey)
    return f"{text}.{raw(ESAlgorithm('ES384', 'P-384', 384).sign(text.encode(), key))}"


def claims(**changed: Any) -> Callable[[Ehr], str]:
    return lambda ehr: ehr.token(ehr.claims(**changed))


def spelled_claims(change: Callable[[str], str]) -> Callable[[Ehr], str]:
    return lambda ehr: ehr.token(change(json.dumps(ehr.claims())))


def tampered(ehr: Ehr) -> str:
    header, _, signature = ehr.token().split(".")
    return f"{header}.{raw(json.dumps(ehr.claims(tenant='else')))}.{signature}"


HONEST = {"alg": "ES384", "kid": "ES384-2026", "typ": "JWT"}
HOSTILE: dict[str, Callable[[Ehr], str]] = {
    "nothing": lambda _: "",
    "a word": lambda _: "hello",
    "an API key": lambda ehr: ehr.clinic.key,
    "two parts": lambda ehr: ehr.token().rsplit(".", 1)[0],
    "five parts": lambda ehr: f"{ehr.token()}.AAAA.AAAA",
    "no signature": lambda ehr: ehr.token().rsplit(".", 1)[0] + ".",
    "alg none": lambda ehr: unsigned(ehr, {**HONEST, "alg": "none"}),
    "alg none without signature": lambda ehr: unsigned(ehr, {**HONEST, "alg": "none"}, ""),
    "alg nOnE": lambda ehr: unsigned(ehr, {**HONEST, "alg": "nOnE"}),
    "no alg": lambda ehr: unsigned(ehr, {"kid": "ES384-2026", "typ": "JWT"}),
    "alg of a number": lambda ehr: unsigned(ehr, {**HONEST, "alg": 384}),
    "alg of a list": lambda ehr: unsigned(ehr, {**HONEST, "alg": ["ES384"]}),
    "HS256 with the public key": lambda ehr: signed_by_secret(ehr, json.dumps(public("ES384", ehr.kid)).encode()),
    "HS384 with its PEM": lambda ehr: signed_by_secret(ehr, pem("ES384"), "HS384"),
    "HS256 with its x": lambda ehr: signed_by_secret(ehr, str(KEYS["ES384"].as_dict()["x"]).encode()),
    "RS384 said over ES384": lambda ehr: head(ehr, alg="RS384"),
    "ES256 said over ES384": lambda ehr: head(ehr, alg="ES256"),
    "ES512": lambda ehr: head(ehr, alg="ES512"),
    "PS384": lambda ehr: head(ehr, alg="PS384"),
    "EdDSA": lambda ehr: head(ehr, alg="EdDSA"),
    "another key": signed_by_another,
    "another key that the header brings": lambda ehr: signed_by_another(ehr, jwk=ECKey.generate_key("P-384").as_dict(private=False)),
    "another key that the header points at": lambda ehr: signed_by_another(ehr, jku="https://evil.example/keys"),
    "a certificate chain": lambda ehr: signed_by_another(ehr, x5c=["AAAA"]),
    "an address of certificates": lambda ehr: signed_by_another(ehr, x5u="https://evil.example/chain"),
    "jku where none is listed": lambda ehr: ehr.token(jku="https://ehr.example/keys"),
    "crit": lambda ehr: head(ehr, crit=["exp"], exp=1),
    "b64 false": lambda ehr: head(ehr, crit=["b64"], b64=False),
    "zip": lambda ehr: head(ehr, zip="DEF"),
    "unknown kid": lambda ehr: ehr.token(kid="somebody-elses"),
    "kid of a path": lambda ehr: ehr.token(kid="../../../../dev/null"),
    "kid of SQL": lambda ehr: ehr.token(kid="x'OR'1'='1"),
    "empty kid": lambda ehr: ehr.token(kid=""),
    "no kid": lambda ehr: ehr.token(kid=None),
    "kid of a number": lambda ehr: head(ehr, kid=7),
    "kid with NUL": lambda ehr: ehr.token(kid="ES384-2026\0"),
    "typ of another kind": lambda ehr: ehr.token(typ="at+jwt"),
    "no typ": lambda ehr: ehr.token(typ=None),
    "a header said twice": lambda ehr: spelled(f'{{"alg":"none","alg":"ES384","kid":"{ehr.kid}","typ":"JWT"}}', json.dumps(ehr.claims())),
    "a header that is a list": lambda ehr: unsigned(ehr, "[]"),
    "a header that is deep": lambda _: f"{raw('[' * 380)}.{raw('{}')}.AAAA",
    "a header that is large": lambda _: f"{raw(json.dumps({**HONEST, 'kid': 'k' * 500}))}.{raw('{}')}.AAAA",
    "not UTF-8": lambda ehr: ehr.token().replace(".", f".{raw(bytes([255, 254]))}", 1),
    "padding": lambda ehr: ehr.token() + "=",
    "the other alphabet": lambda ehr: ehr.token().rsplit(".", 1)[0] + ".+/+/",
    "tampered claims": tampered,
    "tampered signature": lambda ehr: ehr.token()[:-8] + "AAAAAAAA",
    "an empty signature of zeros": lambda ehr: ehr.token().rsplit(".", 1)[0] + "." + raw(bytes(96)),
    "a signature in DER": lambda ehr: ehr.token().rsplit(".", 1)[0] + "." + raw(b"\x30\x06\x02\x01\x01\x02\x01\x01"),
    "huge": lambda ehr: ehr.token(ehr.claims(tenant="x" * 100_000)),
    "claims that are deep": lambda ehr: ehr.token("[" * 2900),
    "claims that are a list": lambda ehr: ehr.token("[]"),
    "claims that are no JSON": lambda ehr: ehr.token("iss"),
    "iss said twice": spelled_claims(lambda text: text.replace('"iss"', '"iss": "https://else.example/", "iss"')),
    "exp said twice": spelled_claims(lambda text: text.replace('"exp"', '"exp": 1, "exp"')),
    "expired": claims(exp=int(NOW()) - 120, iat=int(NOW()) - 300),
    "exp before iat": lambda ehr: ehr.token(ehr.claims(exp=int(NOW()) + 10, iat=int(NOW()) + 20)),
    "no exp": claims(exp=None),
    "exp of a text": lambda ehr: ehr.token(ehr.claims(exp=str(int(NOW()) + 300))),
    "exp of true": claims(exp=True),
    "exp of infinity": spelled_claims(lambda text: text.replace('"exp": ', '"exp": 1e999, "old": ')),
    "exp of NaN": spelled_claims(lambda text: text.replace('"exp": ', '"exp": NaN, "old": ')),
    "exp of a thousand digits": spelled_claims(lambda text: text.replace('"exp": ', f'"exp": {"9" * 1000}, "old": ')),
    "good for a day": lambda ehr: ehr.token(ehr.claims(exp=int(NOW()) + 86_400)),
    "good for years": claims(exp=2**33),
    "of the future": lambda ehr: ehr.token(ehr.claims(iat=int(NOW()) + 200, exp=int(NOW()) + 400)),
    "not yet good": lambda ehr: ehr.token(ehr.claims(nbf=int(NOW()) + 200)),
    "no iat": claims(iat=None),
    "iat below zero": claims(iat=-1),
    "no iss": claims(iss=None),
    "unknown iss": claims(iss="https://evil.example/"),
    "iss without its slash": claims(iss=ISSUER.rstrip("/")),
    "iss of a list": claims(iss=[ISSUER]),
    "iss with NUL": claims(iss=ISSUER + "\0"),
    "no aud": claims(aud=None),
    "aud of another service": claims(aud=ENDPOINT + "-else"),
    "aud of another host": claims(aud=f"https://evil.example{SERVICE}"),
    "aud of the discovery": claims(aud=f"{SITE}/cds-services"),
    "aud of the feedback": claims(aud=f"{ENDPOINT}/feedback"),
    "aud with a slash behind": claims(aud=ENDPOINT + "/"),
    "aud of the site": claims(aud=SITE),
    "aud of nothing": claims(aud=[]),
    "aud of everything": claims(aud=["*"]),
    "aud of an object": claims(aud={"url": ENDPOINT}),
    "no jti": claims(jti=None),
    "empty jti": claims(jti=""),
    "jti of a number": claims(jti=1),
    "jti with NUL": claims(jti="a\0b"),
    "jti that is huge": claims(jti="j" * 3000),
    "tenant of a number": claims(tenant=7),
}


def test_no_hostile_token_opens(ehr: Ehr) -> None:
    assert len(HOSTILE) >= 80
    ehr.world.tell(ehr.clinic, subject="Patient/1288992")
    told = {}
    for name, make in HOSTILE.items():
        for path in (SERVICE, f"{SERVICE}/feedback"):
            if path.endswith("feedback") and name == "aud of the feedback":
                continue
            answer = ehr.post(call(), path, make(ehr))
            told[f"{path} {name}"] = (answer.status_code, answer.content, answer.headers.get("www-authenticate"))
    assert {name: one for name, one in told.items() if one[0] != 401} == {}
    assert len(set(told.values())) == 1, "every refusal is the same"
    assert problem(ehr.post(call(), token="x"), 401).type == "urn:muscle-balance:problem:not-trusted"
    assert rows(ehr.world.state.settings.url(), "cds_token") == 0
    assert rows(ehr.world.state.settings.url(), "cds_card") == 0


@ONE_DATABASE
@pytest.mark.parametrize("scheme", ["", "Basic ", "bearer:", "Token "])
def test_no_other_scheme_opens(ehr: Ehr, scheme: str) -> None:
    answer = ehr.world.client.post(SERVICE, json=call(), headers={"Authorization": f"{scheme}{ehr.token()}"})
    assert answer.status_code == 401
    assert ehr.world.client.post(SERVICE, json=call()).status_code == 401


@ONE_DATABASE
@pytest.mark.parametrize("algorithm", KEYS)
def test_each_algorithm_that_is_offered_opens(both: World, algorithm: str) -> None:
    ehr = Ehr(both, both.ours, algorithm=algorithm)
    ehr.trust()
    both.tell(both.ours, subject="Patient/1288992")
    assert ehr.post(call()).status_code == 200
    for another in KEYS.keys() - {algorithm}:
        assert Ehr(both, both.ours, algorithm=another).post(call()).status_code == 401


def test_a_token_opens_once(ehr: Ehr) -> None:
    ehr.world.tell(ehr.clinic, subject="Patient/1288992")
    token = ehr.token()
    assert [ehr.post(call(), token=token).status_code for _ in range(3)] == [200, 401, 401]
    again = ehr.claims(jti="chosen")
    assert [ehr.post(call(), token=ehr.token(again)).status_code for _ in range(2)] == [200, 401]


def test_a_token_is_used_up_by_a_call_that_fails(ehr: Ehr) -> None:
    token = ehr.token()
    assert [ehr.post({"hook": "patient-view"}, token=token).status_code for _ in range(2)] == [422, 401]


def test_two_clinics_may_use_the_same_jti(ehr: Ehr, other: Ehr) -> None:
    for one in (ehr, other):
        one.world.tell(one.clinic, subject="Patient/1288992")
        assert one.post(call(), token=one.token(one.claims(jti="same"))).status_code == 200


@ONE_DATABASE
def test_an_audience_may_be_a_list_with_ours_in_it(ehr: Ehr) -> None:
    ehr.world.tell(ehr.clinic, subject="Patient/1288992")
    assert ehr.post(call(), token=ehr.token(ehr.claims(aud=["https://else.example", ENDPOINT]))).status_code == 200


@ONE_DATABASE
def test_clocks_may_differ_by_a_little(ehr: Ehr) -> None:
    ehr.world.tell(ehr.clinic, subject="Patient/1288992")
    now = int(time.time())
    for iat, exp in ((now + 40, now + 300), (now - 300, now - 40)):
        assert ehr.post(call(), token=ehr.token(ehr.claims(iat=iat, exp=exp))).status_code == 200


@ONE_DATABASE
def test_a_listed_tenant_must_be_named(both: World) -> None:
    ehr = Ehr(both, both.ours, listed={"tenant": "ward-7"})
    ehr.trust()
    both.tell(both.ours, subject="Patient/1288992")
    for tenant, status in (("ward-7", 200), ("ward-8", 401), (None, 401)):
        assert ehr.post(call(), token=ehr.token(ehr.claims(tenant=tenant))).status_code == status


def test_a_system_that_is_listed_no_more_opens_nothing(ehr: Ehr) -> None:
    ehr.world.tell(ehr.clinic, subject="Patient/1288992")
    assert ehr.post(call()).status_code == 200
    Ehr(ehr.world, ehr.clinic, "https://new.example/").trust()
    assert ehr.post(call()).status_code == 401


def test_used_tokens_are_forgotten_once_nobody_could_bring_them_again(ehr: Ehr) -> None:
    url, database = ehr.world.state.settings.url(), ehr.world.state.database
    ehr.world.tell(ehr.clinic, subject="Patient/1288992")
    now = int(time.time())
    for iat, exp in ((now - 400, now - 58), (now, now + 302)):
        assert ehr.post(call(), token=ehr.token(ehr.claims(iat=iat, exp=exp))).status_code == 200
    time.sleep(2.1)
    assert database.run_now(forget_tokens, OPERATOR) == 1
    assert rows(url, "cds_token") == 1
    kept = database.run_now(lambda session: session.exec(select(StoredToken)).one(), OPERATOR)
    assert kept.expires_at.timestamp() > now + 300


def test_the_same_token_at_the_same_moment_opens_once(ehr: Ehr) -> None:
    ehr.world.tell(ehr.clinic, subject="Patient/1288992")
    token = ehr.token()

    async def many() -> list[int]:
        return [one.status_code for one in await asyncio.gather(*(asyncio.to_thread(ehr.post, call(), SERVICE, token) for _ in range(8)))]

    assert sorted(asyncio.run(many())) == [200] + [401] * 7


def test_no_token_is_kept_as_it_was(ehr: Ehr) -> None:
    ehr.world.tell(ehr.clinic, subject="Patient/1288992")
    assert ehr.post(call(), token=ehr.token(ehr.claims(jti="find-me-nowhere"))).status_code == 200
    with connected(ehr.world.state.settings.url()) as connection:
        assert "find-me" not in str(connection.exec_driver_sql("SELECT * FROM cds_token").all())
