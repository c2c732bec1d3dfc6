"""Signatures are those of Standard Webhooks 1.0: the specification's own example, and what any change does to one."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from service.webhooks.signing import new_signing_secret, signed

BODY = '{"type":"endpoint.test","data":{"event":"evt_1"}}'
EXAMPLE = {
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "message": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "at": datetime.fromtimestamp(1614265330, UTC),
    "body": '{"test": 2432232314}',
}


def headers(*secrets: str, at: datetime | None = None) -> dict[str, str]:
    """What is sent with the body now, or at another time."""
    return signed("evt_1_a", at or datetime.now(UTC), BODY, secrets)


def opens(secret: str, told: dict[str, str], body: str = BODY) -> bool:
    """Whether a receiver takes it for ours."""
    try:
        Webhook(secret).verify(body, told)
    except WebhookVerificationError:
        return False
    return True


def test_the_example_of_the_specification_comes_out_right() -> None:
    told = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC), '{"test": 2432232314}', [str(EXAMPLE["secret"])])
    assert told == {
        "webhook-id": EXAMPLE["message"],
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_is_as_long_as_it_should_be_and_never_the_same() -> None:
    made = {new_signing_secret() for _ in range(50)}
    assert len(made) == 50
    assert all(opens(one, headers(one)) for one in made)
    assert all(one.startswith("whsec_") and len(one) == 50 for one in made)


def test_any_other_byte_id_time_or_secret_is_refused() -> None:
    secret = new_signing_secret()
    told = headers(secret)
    assert opens(secret, told)
    assert not any(opens(secret, told, BODY[:place] + chr(ord(BODY[place]) ^ 1) + BODY[place + 1 :]) for place in range(len(BODY)))
    assert not opens(secret, {**told, "webhook-id": "evt_1_b"})
    assert not opens(secret, {**told, "webhook-timestamp": str(int(told["webhook-timestamp"]) + 1)})
    assert not opens(new_signing_secret(), told)


@pytest.mark.parametrize(("minutes", "taken"), [(-6, False), (-4, True), (0, True), (4, True), (6, False)])
def test_what_is_older_or_newer_than_five_minutes_is_refused(minutes: int, taken: bool) -> None:
    secret = new_signing_secret()
    assert opens(secret, headers(secret, at=datetime.now(UTC) + timedelta(minutes=minutes))) is taken


def test_two_secrets_open_it_while_one_takes_the_place_of_the_other() -> None:
    new, old = new_signing_secret(), new_signing_secret()
    told = headers(new, old)
    assert opens(new, told)
    assert opens(old, told)
    assert not opens(new_signing_secret(), told)
