"""The result in a browser: read at a glance, by keyboard, on a phone, at night; kept, checked in on, compared and erased."""

from collections.abc import Mapping

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from rules import Pack
from tests.service.asking import Answers, examples
from tests.service.web.sending import form

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE: ViewportSize = {"width": 390, "height": 844}
SEND = """([action, fields]) => {
    const form = Object.assign(document.createElement("form"), {method: "post", action});
    for (const [name, values] of Object.entries(fields))
        for (const value of values) form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
    document.body.append(form);
    form.submit();
}"""


@pytest.fixture(scope="module")
def answers(pack: Pack) -> Answers:
    """Somebody with four findings."""
    return examples(pack)["sweeping-ache"]


def send(page: Page, answers: Mapping[str, object], action: str = "/result") -> None:
    """Come to the page that these answers lead to."""
    page.goto("/my/erased")
    with page.expect_navigation():
        page.evaluate(SEND, [action, form(answers)])


def check_in(page: Page, signs: str = "None of these") -> None:
    """Tell of one week."""
    page.get_by_role("link", name="Weekly check-in").click()
    for question, answer in (("How much", "All of it"), ("How strong", "2"), ("How hard", "3"), ("Did any", signs)):
        page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()
    page.get_by_role("button", name="See how the plan goes on").click()


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1200, "height": 900}, {"width": 320, "height": 640}])
def test_a_result_is_read_without_scrolling_sideways(page: Page, answers: Answers) -> None:
    send(page, answers)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your result")
    assert fits(page)
    for summary in page.locator("summary").all():
        summary.click()
    assert fits(page)


def test_a_region_of_the_map_leads_to_its_finding_by_keyboard(page: Page, answers: Answers) -> None:
    send(page, answers)
    region = page.locator("a.body-map-finding").first
    target = (region.get_attribute("href") or "").removeprefix("#")
    region.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f'[id="{target}"]')).to_be_focused()
    expect(page.locator(f'[id="{target}"]')).to_be_in_viewport()


def test_reasons_open_by_keyboard_and_lead_to_their_source(page: Page, answers: Answers) -> None:
    send(page, answers)
    why = page.locator("summary", has_text="Why we think so").first
    why.focus()
    page.keyboard.press("Enter")
    cited = page.locator(".finding details[open] .cite a").first
    cited.press("Enter")
    expect(page.locator("#sources li:focus")).to_be_in_viewport()


@pytest.mark.parametrize("script", [True, False])
def test_a_result_is_kept_checked_in_on_compared_and_erased(browser: Browser, address: str, answers: Answers, script: bool) -> None:
    context = browser.new_context(viewport=PHONE, base_url=address, java_script_enabled=script)
    page = context.new_page()
    links = [kept_by_form(browser, address, told) for told in (answers, answers | {"tests.trunk-hold.seconds": 66})]
    page.goto(links[0])
    page.reload()
    expect(page.get_by_text("whoever has it can read this")).to_be_visible()
    expect(page.get_by_role("button", name="Copy the link")).to_have_count(1 if script else 0)
    check_in(page)
    check_in(page)
    expect(page.locator("#latest")).to_be_in_viewport()
    page.get_by_role("link", name="Take it again and compare").click()
    page.get_by_label("The other private link").fill(links[1])
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("66 s").first).to_be_visible()
    page.get_by_role("link", name="Back to your result").click()
    page.get_by_role("link", name="Erase it now").click()
    page.get_by_role("button", name="Erase it now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("It is erased")
    response = page.goto(links[0])
    assert response
    assert response.status == 404
    context.close()


def kept_by_form(browser: Browser, address: str, answers: Answers) -> str:
    """The private link of a result that was kept by its button."""
    page = browser.new_page(base_url=address)
    send(page, answers)
    page.get_by_role("button", name="Keep it").first.click()
    page.wait_for_url("**/my/*")
    link = page.url
    page.close()
    return link


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_a_result_is_open_to_everybody(page: Page, pack: Pack, answers: Answers, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    people = examples(pack)
    found: dict[str, list[str]] = {}
    for name in ("sweeping-ache", "healthy", "emergency", "walking-ache-eased-by-sitting", "side-hip-pain"):
        send(page, people[name])
        open_all(page)
        found[name] = violations(page)
    send(page, {})
    found["open questions"] = violations(page)
    send(page, answers, "/result/what-if")
    found["what if"] = violations(page)
    send(page, answers, "/result/keep")
    link = page.url
    check_in(page)
    open_all(page)
    found["kept"] = violations(page)
    for way in ("check-in", "compare", "erase"):
        page.goto(f"{link}/{way}")
        found[way] = violations(page)
    page.goto("/my/erased")
    found["erased"] = violations(page)
    assert {name: faults for name, faults in found.items() if faults} == {}


def open_all(page: Page) -> None:
    """Nothing stays hidden from the checks."""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


def violations(page: Page) -> list[str]:
    """What axe finds: its rule and the places."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found]


def test_moving_pictures_can_be_stopped(page: Page, answers: Answers) -> None:
    send(page, answers)
    first = page.locator(".exercise").first
    expect(first.locator(".moving img")).to_be_visible()
    page.get_by_label("Moving pictures").uncheck()
    expect(first.locator(".moving img")).to_be_hidden()
    expect(first.locator(".still")).to_be_visible()


def test_who_asks_for_less_motion_sees_still_pictures_and_no_switch(page: Page, answers: Answers) -> None:
    page.emulate_media(reduced_motion="reduce")
    send(page, answers)
    shown = page.locator(".exercise .moving img").first
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("complete", True)
    assert "motion=still" in shown.evaluate("picture => picture.currentSrc")
    expect(page.get_by_label("Moving pictures")).to_be_hidden()


def test_on_paper_there_are_map_findings_and_plan_and_nothing_to_press(page: Page, answers: Answers) -> None:
    send(page, answers)
    page.emulate_media(media="print")
    expect(page.locator(".body-map")).to_be_visible()
    expect(page.locator(".steps-list").first).to_be_visible()
    expect(page.get_by_role("button", name="Keep it").first).to_be_hidden()
    expect(page.get_by_role("navigation")).to_be_hidden()
