"""The assessment in a real browser: with and without script, by keyboard, through reloads and broken connections, for every reader."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from rules import Pack

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1200, "height": 900}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
TEST = "tests.single-leg-bridge.seconds.left tests.single-leg-bridge.seconds.right tests.single-leg-bridge.stopped-by"
Visit = Callable[..., Page]
POST = """fields => {
    const form = Object.assign(document.createElement("form"), {method: "post", action: "/take"});
    for (const [name, values] of fields) for (const value of [values].flat()) form.append(Object.assign(document.createElement("input"), {name, value}));
    document.body.append(form);
    form.submit();
}"""


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Opens the first page for a visitor with this window, script or none, light or dark. Errors of our script fail the test."""
    errors: list[str] = []
    contexts = []

    def come(viewport: ViewportSize = DESK, **how: object) -> Page:
        context = browser.new_context(viewport=viewport, base_url=address, reduced_motion="reduce", **how)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto("/take")
        return page

    yield come
    for context in contexts:
        context.close()
    assert errors == []


def press(page: Page, button: str = "Continue") -> None:
    """Press a button and wait until another page stands there."""
    before = page.locator("#take").get_attribute("data-at")
    page.get_by_role("button", name=button, exact=True).first.click()
    expect(page.locator("#take")).not_to_have_attribute("data-at", before or "")


def jump(page: Page, **fields: object) -> None:
    """Come to a page with these fields, as a form sends them."""
    page.evaluate(POST, list(fields.items()))
    page.wait_for_load_state()
    page.locator("#take").wait_for()


def answer(page: Page, link_id: str, code: str) -> None:
    """Choose an answer."""
    page.locator(f'input[name="a.{link_id}"][value="{code}"]').check()


def nothing_to_tell(page: Page, pack: Pack) -> None:
    """Fill in the page like somebody who is well."""
    for name in page.locator("#take fieldset input").evaluate_all("all => [...new Set(all.map(one => one.name))]"):
        link_id = name.removeprefix("a.")
        options = pack.options(link_id) if link_id in pack.items else {}
        quiet = [code for code, option in options.items() if option.neutral]
        if name == "way":
            page.locator('input[value="questions"]').check()
        elif options:
            answer(page, link_id, next((code for code in ("none", "no", *quiet) if code in options), next(iter(options))))
        elif page.locator(f'input[name="{name}"][inputmode]').count():
            page.locator(f'input[name="{name}"][inputmode]').fill("20")
        else:
            answer(page, link_id, "0")


@pytest.mark.parametrize(("viewport", "script"), [(PHONE, True), (DESK, False)])
def test_the_whole_way_to_the_result(visit: Visit, pack: Pack, viewport: ViewportSize, script: bool) -> None:
    page = visit(viewport, java_script_enabled=script)
    page.set_default_timeout(5000)
    for _ in range(40):
        heading = page.locator("h1").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.url.endswith("/take")
        if heading == "Check your answers":
            break
        nothing_to_tell(page, pack)
        press(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    page.get_by_role("button", name="Show my result").first.click()
    page.wait_for_url("**/result")
    expect(page.locator("h1")).to_have_text("Your result")
    assert page.evaluate("sessionStorage.length") == 0


def test_a_keyboard_is_enough_and_the_heading_is_told_first(visit: Visit) -> None:
    page = visit()
    page.locator("h1").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator('input[value="none"]:not([type=hidden])')).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Injuries, bones and medicines")
    expect(page.locator("h1")).to_be_focused()
    assert page.title().startswith("Injuries, bones and medicines")


def test_a_reload_and_the_browsers_back_lose_nothing(visit: Visit) -> None:
    page = visit()
    for gate in ("below-waist", "injury"):
        answer(page, f"safety.{gate}", "none")
        press(page)
    answer(page, "safety.health", "not-sure")
    page.reload()
    expect(page.locator("h1")).to_have_text("Your general health")
    expect(page.locator('input[value="not-sure"]')).to_be_checked()
    page.go_back()
    expect(page.locator("h1")).to_have_text("Injuries, bones and medicines")
    expect(page.locator('input[value="none"]:not([type=hidden])')).to_be_checked()
    page.go_forward()
    expect(page.locator("h1")).to_have_text("Your general health")
    expect(page.locator('input[value="not-sure"]')).to_be_checked()


def test_who_comes_again_in_the_tab_goes_on_or_starts_anew(visit: Visit) -> None:
    page = visit()
    answer(page, "safety.below-waist", "none")
    press(page)
    page.goto("/take")
    page.get_by_role("button", name="Go on where you were").click()
    expect(page.locator("h1")).to_have_text("Injuries, bones and medicines")
    page.goto("/take")
    page.get_by_role("button", name="Start anew").click()
    expect(page.get_by_text("Your earlier answers are gone from this tab.")).to_be_visible()
    page.goto("/take")
    expect(page.locator("#resume")).to_be_hidden()
    assert page.evaluate("sessionStorage.length") == 0


def test_two_tabs_do_not_disturb_each_other(visit: Visit) -> None:
    first = visit()
    answer(first, "safety.below-waist", "none")
    press(first)
    second = first.context.new_page()
    second.goto("/take")
    expect(second.locator("#resume")).to_be_hidden()
    answer(second, "safety.below-waist", "some")
    press(second)
    first.reload()
    expect(first.locator("h1")).to_have_text("Injuries, bones and medicines")
    assert first.locator('input[name="a.safety.below-waist"]').get_attribute("value") == "none"


def test_a_broken_connection_is_said_and_tried_again_and_nothing_is_lost(visit: Visit) -> None:
    page = visit()
    answer(page, "safety.below-waist", "none")
    page.context.set_offline(True)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("We could not be reached")
    expect(page.locator('input[value="none"]:not([type=hidden])')).to_be_checked()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("h1")).to_have_text("Injuries, bones and medicines")


def test_a_double_click_sends_one_answer_and_leaves_out_no_page(visit: Visit) -> None:
    page = visit()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    answer(page, "safety.below-waist", "none")
    page.locator("#take button[value=on]").dblclick()
    expect(page.locator("h1")).to_have_text("Injuries, bones and medicines")
    page.wait_for_timeout(300)
    expect(page.locator("h1")).to_have_text("Injuries, bones and medicines")
    assert sent == ["POST"]


def test_while_an_answer_is_under_way_the_button_says_so_and_a_second_press_does_nothing(visit: Visit) -> None:
    page = visit()
    held: list[Route] = []
    page.route("**/take", lambda route: held.append(route))
    answer(page, "safety.below-waist", "none")
    button = page.locator("#take button[value=on]")
    button.click()
    expect(button).to_have_text("One moment …")
    button.press("Enter")
    page.locator("#take button[value=skip]").click()
    page.wait_for_timeout(100)
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("h1")).to_have_text("Injuries, bones and medicines")


def test_typing_and_choosing_send_nothing(visit: Visit, pack: Pack) -> None:
    page = visit()
    sent: list[str] = []
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: sent.append(request.url))
    nothing_to_tell(page, pack)
    page.locator("summary").first.click()
    page.wait_for_timeout(200)
    assert sent == []


def test_an_emergency_comes_at_once(visit: Visit) -> None:
    page = visit()
    answer(page, "safety.below-waist", "some")
    press(page)
    answer(page, "safety.saddle-numbness", "yes")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/result")
    expect(page.locator("h1")).to_have_text("Get help now")
    assert page.evaluate("sessionStorage.length") == 0


def test_not_sure_and_none_of_these_go_alone(visit: Visit) -> None:
    page = visit()
    jump(page, asked=["safety.injury", "about-you.kit about-you.minutes"], at="1", go="stay", way="questions")
    answer(page, "about-you.kit", "mat")
    answer(page, "about-you.kit", "none")
    expect(page.locator('input[value="mat"]')).not_to_be_checked()
    answer(page, "about-you.minutes", "not-sure")
    page.locator("[inputmode]").fill("20")
    expect(page.locator('input[name="a.about-you.minutes"][value="not-sure"]')).not_to_be_checked()


def test_the_clock_of_a_self_test_counts_by_keyboard_and_fills_in_the_seconds(visit: Visit) -> None:
    page = visit()
    page.clock.install()
    jump(page, asked=[TEST], at="0", go="stay", way="all")
    start = page.locator(".timer button").first
    start.focus()
    page.keyboard.press("Space")
    expect(page.locator(".timer [role=status]").first).to_have_text("The clock is running.")
    page.clock.run_for(12_300)
    page.keyboard.press("Enter")
    expect(page.locator("[data-seconds]").first).to_have_value("12")
    expect(page.locator(".timer [role=status]").first).to_contain_text("12 seconds")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_no_page_shuts_anybody_out(visit: Visit, viewport: ViewportSize, scheme: str) -> None:
    page = visit(viewport, color_scheme=scheme)
    found = {"safety": _violations(page)}
    pages = {
        "topic": {"asked": ["safety.injury", "safety.pain-level about-you.kit about-you.minutes"], "at": "1", "go": "stay"},
        "fault": {"asked": ["safety.injury", "about-you.minutes"], "at": "1", "go": "on", "a.about-you.minutes": "x", "way": "questions"},
        "way": {"asked": ["safety.injury", "way"], "at": "1", "go": "stay"},
        "test": {"asked": ["safety.injury", TEST], "at": "1", "go": "stay", "way": "all"},
        "check": {"asked": ["safety.injury", "about-you.kit"], "at": "2", "go": "stay", "a.safety.injury": "none"},
    }
    for name, fields in pages.items():
        jump(page, **fields)
        found[name] = _violations(page)
    page.goto("/")
    found["front"] = _violations(page)
    assert {name: said for name, said in found.items() if said} == {}


def _violations(page: Page) -> str:
    result = Axe().run(page, options=RULES)
    return result.generate_report() if result.violations_count else ""
