"""The body map inside a page with our strict policy: it keeps its colours, its links lie on the muscles, and it stays readable."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from rules import Pack, evaluate
from rules.content import SEEDS
from service.figures.body_map import MIDLINES, TOP, body_map
from service.figures.body_map_data import load_body
from service.transport import CONTENT_POLICY
from tests.service.asking import examples

pytestmark = pytest.mark.browser
PHONE = ViewportSize(width=320, height=700)


@pytest.fixture
def shown(page: Page, pack: Pack, viewport: ViewportSize) -> Page:
    """Somebody's findings on a page of its own."""
    findings = evaluate(pack, examples(pack)["sweeping-ache"])["findings"]
    headings = "".join(f'<h2 id="finding-{one["id"]}">{one["name"]}</h2>' for one in findings)
    body = (
        '<!doctype html><html lang="en"><head><title>Findings</title><meta name="viewport" content="width=device-width">'
        '<link rel="stylesheet" href="/static/body-map.css"></head><body><main><h1>Findings</h1>'
        f"{body_map(load_body(SEEDS, pack), findings, base='')}{headings}</main></body></html>"
    )
    headers = {"Content-Security-Policy": CONTENT_POLICY}
    page.route("**/findings", lambda route: route.fulfill(body=body, headers=headers, content_type="text/html; charset=utf-8"))
    page.set_viewport_size(viewport)
    page.goto("/findings")
    return page


def colour(page: Page, selector: str, of: str) -> str:
    """The colour that is really used."""
    found: str = page.locator(selector).first.evaluate("(one, of) => getComputedStyle(one)[of]", of)
    return found


def test_day_and_night_have_colours_of_their_own(shown: Page) -> None:
    def seen() -> tuple[str, str]:
        return colour(shown, ".body-map-skin", "fill"), colour(shown, "path.body-map-weak-edge", "stroke")

    by_day = seen()
    shown.emulate_media(color_scheme="dark")
    assert by_day == ("rgb(244, 235, 227)", "rgb(18, 84, 156)")
    assert not set(by_day) & set(seen())


def test_pressing_the_back_of_the_right_hip_leads_to_its_finding(shown: Page) -> None:
    box = shown.locator(".body-map").bounding_box()
    assert box
    unit = box["width"] / 420
    shown.mouse.click(box["x"] + (MIDLINES["back"] + 38) * unit, box["y"] + (TOP + 245) * unit)
    shown.wait_for_url("**#finding-gluteus-maximus.weak.right", timeout=3000)


def test_every_finding_is_reached_with_the_keyboard_and_says_its_name(shown: Page) -> None:
    links = shown.get_by_role("link")
    names = [links.nth(place).evaluate("one => one.querySelector('title').textContent") for place in range(links.count())]
    assert "Gluteus maximus, right: tires sooner than usual, likely" in names
    for name in names:
        shown.keyboard.press("Tab")
        assert shown.evaluate("document.activeElement.querySelector('title').textContent") == name
        assert shown.get_by_role("link", name=name, exact=True).count() == 1


@pytest.mark.parametrize("viewport", [PHONE])
def test_on_the_smallest_phone_nothing_is_cut_off_and_words_can_be_read(shown: Page) -> None:
    assert shown.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    sizes = shown.locator(".body-map text").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert sizes
    assert min(sizes) >= 11


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_to_complain_of(shown: Page, scheme: str) -> None:
    shown.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    assert [one["id"] for one in Axe().run(shown).response["violations"]] == []
