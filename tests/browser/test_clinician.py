"""The clinician's page in a browser: on a phone, on a desk, by night, on paper; without script, and for everybody."""

from collections.abc import Iterator
from io import BytesIO

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.states import intake_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_SHEETS = 6
PEOPLE = ("sweeping-ache", "after-birth", "emergency", "walking-ache-eased-by-sitting", "healthy")


@pytest.fixture(scope="module")
def intakes(app: FastAPI, address: str) -> dict[str, str]:
    """The pages of the practice cases."""
    assert httpx2.get(f"{address}/livez").is_success  # there are tables now
    return {name: intake_of(app, name) for name in PEOPLE}


@pytest.fixture
def unscripted(browser: Browser, address: str) -> Iterator[Page]:
    """A browser that runs no script."""
    context = browser.new_context(base_url=address, java_script_enabled=False, viewport={"width": 1200, "height": 900})
    yield context.new_page()
    context.close()


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("name", PEOPLE)
def test_axe_has_nothing_to_complain_of_by_day_and_by_night_on_a_phone_and_on_a_desk(
    page: Page, intakes: dict[str, str], name: str
) -> None:
    page.goto(intakes[name])
    for summary in page.locator("summary").all():
        summary.click()
    for width in (390, 1200):
        page.set_viewport_size({"width": width, "height": 844})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
            found = Axe().run(page).response["violations"]
            assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == [], (width, scheme)


@pytest.mark.parametrize("width", [320, 390, 1200])
def test_the_page_is_read_without_scrolling_sideways(page: Page, intakes: dict[str, str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    for name in PEOPLE:
        page.goto(intakes[name])
        for summary in page.locator("summary").all():
            summary.click()
        assert fits(page), name


def test_agreeing_and_disagreeing_work_without_script(unscripted: Page, app: FastAPI) -> None:
    unscripted.goto(intake_of(app, "sweeping-ache"))
    first = unscripted.locator(".finding").first
    first.get_by_role("button", name="I agree").click()
    expect(first.locator(".given")).to_contain_text("Agreed")
    first.get_by_role("combobox").select_option("other-muscle")
    first.get_by_role("button", name="I disagree").click()
    expect(first.locator(".given")).to_contain_text("Disagreed: It is another muscle")
    expect(unscripted.locator("tbody tr").first).to_contain_text("Disagreed: It is another muscle")
    first.get_by_role("button", name="Take it back").click()
    expect(first.locator(".given")).to_contain_text("What do you think")


def test_a_browser_asks_for_the_reason_before_anything_is_sent(page: Page, intakes: dict[str, str]) -> None:
    page.goto(intakes["sweeping-ache"])
    first = page.locator(".finding").first
    first.get_by_role("button", name="I disagree").click()
    assert first.get_by_role("combobox").evaluate("one => !one.validity.valid && document.activeElement === one")
    expect(first.locator(".given")).to_contain_text("What do you think")


def test_a_muscle_of_the_map_and_a_row_at_a_glance_lead_to_the_finding(page: Page, intakes: dict[str, str]) -> None:
    page.goto(intakes["sweeping-ache"])
    page.get_by_role("link", name="Gluteus maximus").first.click()
    expect(page.locator(":target")).to_contain_text("Gluteus maximus weak, right")
    page.locator(".body-map-finding").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".finding:target")).to_have_count(1)


@pytest.mark.parametrize("name", PEOPLE)
def test_it_prints_on_a_few_pages_with_every_answer_and_no_buttons(page: Page, intakes: dict[str, str], name: str) -> None:
    page.goto(intakes[name])
    page.emulate_media(media="print")
    assert not any(one.is_visible() for one in page.locator("button, select, .export").all())
    assert all(one.is_visible() for one in page.locator(".answers dd").all())
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) <= MOST_SHEETS
    assert tuple(round(float(one) / 72 * 25.4) for one in sheets[0].mediabox.upper_right) == (210, 297)
