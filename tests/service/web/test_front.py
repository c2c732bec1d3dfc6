"""The front page says what it is, what it is not, and what it takes; language and units are remembered, nothing else is."""

import pytest
from starlette.testclient import TestClient

from rules import Pack
from service.web.lasting import how_long


def test_the_front_page_says_what_it_is_and_what_it_is_not_and_leads_to_the_first_page(stateless: TestClient, pack: Pack) -> None:
    text = stateless.get("/").text
    for line in (pack.label.intended_use, *pack.label.not_for, pack.label.review.text):
        assert line.replace("'", "&#39;") in text
    assert 'href="/take"' in text
    assert "emergency number" in text
    assert '<html lang="en" dir="ltr">' in text


def test_the_minutes_promised_are_those_of_the_pack(stateless: TestClient, pack: Pack) -> None:
    takes = how_long(pack)
    assert 1 <= takes.low <= takes.high <= 15
    assert f"{takes.low} to {takes.high} minutes for the questions." in stateless.get("/").text
    assert takes.tests == len(pack.tests)
    assert min(test.seconds for test in pack.tests.values()) <= 60 * takes.test_low
    assert takes.test_low <= takes.test_high


def test_the_choice_of_units_is_kept_in_the_browser_and_leads_back(stateless: TestClient) -> None:
    answer = stateless.post("/preferences", data={"units": "imperial", "back": "/take"}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/take"
    assert "units=imperial" in answer.headers["set-cookie"]
    assert "HttpOnly" in answer.headers["set-cookie"]
    stateless.cookies.clear()


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", ""])
def test_nobody_is_led_to_another_site(stateless: TestClient, back: str) -> None:
    answer = stateless.post("/preferences", data={"units": "metric", "back": back}, follow_redirects=False)
    assert answer.headers["location"] == "/"
    stateless.cookies.clear()
