"""Every main page comes quickly on a slow line, from this service alone, under a policy that lets nothing else in."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Response

from rules import Pack
from service.transport import CONTENT_POLICY
from tests.browser.states import STATES, Studio

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OTHERS = {"docs", "embedded"}  # Swagger UI styles itself; the page around the frame is another site's
MOST_KILOBYTES, MOST_FILES = 100, 12
OWN_SCRIPT_OR_STYLE = re.compile(r"<script(?![^>]* src=)[^>]*>|<style[^>]*>|\s(?:style|on[a-z]+)=[\"'][^\"']*|javascript:")
LAZY = "[...document.images].filter(one => one.loading === 'lazy').map(one => one.currentSrc)"


@dataclass
class Visit:
    """One page with all that came along with it."""

    document: Response | None = None
    policy: str = ""
    html: str = ""
    weights: dict[str, float] = field(default_factory=dict)


class Scales:
    """Weighs what comes over the wire for the page that was asked for last."""

    def __init__(self, page: Page) -> None:
        self.names: dict[str, str] = {}
        self.visit = Visit()
        wire = page.context.new_cdp_session(page)
        wire.on("Network.requestWillBeSent", self.asked)
        wire.on("Network.loadingFinished", self.came)
        page.on("response", self.answered)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def asked(self, event: dict[str, Any]) -> None:
        """A page begins anew with its document."""
        if event.get("type") == "Document":
            self.visit = Visit()
        self.names[event["requestId"]] = event["request"]["url"]

    def came(self, event: dict[str, Any]) -> None:
        """Bytes on the wire, headers included."""
        self.visit.weights[self.names[event["requestId"]]] = event["encodedDataLength"]

    def answered(self, response: Response) -> None:
        """The document itself."""
        if response.request.is_navigation_request() and response.status not in (303, 307):
            self.visit.document = response


@pytest.fixture(scope="module")
def visits(browser: Browser, address: str, app: FastAPI) -> dict[str, Visit]:
    """Every state, seen once by somebody who has nothing in their cache."""
    seen = {}
    for name in sorted(STATES.keys() - OTHERS):
        page = browser.new_page(base_url=address, viewport={"width": 390, "height": 844}, locale="en-GB")
        scales = Scales(page)
        STATES[name](Studio(page, app, ""))
        page.wait_for_load_state("networkidle")
        visit = seen[name] = scales.visit
        assert visit.document
        visit.policy, visit.html = visit.document.headers["content-security-policy"], visit.document.text()
        for lazy in page.evaluate(LAZY):
            visit.weights.pop(lazy, None)
        page.close()
    return seen


def test_no_page_weighs_more_than_a_hundred_kilobytes(visits: dict[str, Visit]) -> None:
    weights = {name: round(sum(visit.weights.values()) / 1000, 1) for name, visit in visits.items()}
    assert min(weights.values()) > 3
    assert {name: weight for name, weight in weights.items() if weight > MOST_KILOBYTES} == {}, weights


def test_no_page_needs_more_than_a_dozen_files(visits: dict[str, Visit]) -> None:
    files = {name: len(visit.weights) for name, visit in visits.items()}
    assert {name: number for name, number in files.items() if number > MOST_FILES} == {}, files


def test_nothing_is_asked_of_any_other_site(visits: dict[str, Visit], address: str) -> None:
    asked = {url for visit in visits.values() for url in visit.weights}
    assert {url for url in asked if not url.startswith((f"{address}/", "data:"))} == set()


def test_every_page_lets_nothing_in_and_nobody_around_it(visits: dict[str, Visit]) -> None:
    assert {visit.policy for visit in visits.values()} == {CONTENT_POLICY}
    assert "unsafe" not in CONTENT_POLICY
    assert CONTENT_POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self';")


def test_no_page_holds_script_or_style_of_its_own(visits: dict[str, Visit]) -> None:
    held = {name: OWN_SCRIPT_OR_STYLE.findall(visit.html) for name, visit in visits.items()}
    assert {name: found for name, found in held.items() if found} == {}


def test_no_answer_stands_in_an_address(visits: dict[str, Visit], pack: Pack) -> None:
    asked = {url for visit in visits.values() for url in visit.weights}
    assert [url for url in asked for item in pack.items if item in url] == []
