"""The assessment in the page of another site: it grows, it is taken, and the site hears how far it is and nothing else."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from shutil import copytree
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from service.app import create_app
from service.settings import Settings
from tests.browser.conftest import running
from tests.browser.hosting import EXAMPLE, hosting

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LISTEN = """() => {
    window.heard = [];
    window.messages = [];
    addEventListener("message", event => window.messages.push([event.origin, event.data]));
    for (const name of ["started", "progress", "completed", "height"])
        document.addEventListener(`muscle-balance:${name}`, event => window.heard.push([name, event.detail]));
}"""
LISTENING = f"({LISTEN})()"
DOCUMENTED: dict[str, set[str]] = {
    "height": {"height"},
    "started": set(),
    "progress": {"answered", "minutesLeft"},
    "page": {"page"},
    "completed": {"id"},
}


@dataclass(frozen=True)
class Sites:
    """The service, a site that may embed it, and one that may not."""

    service: str
    friend: str
    stranger: str


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """All three running."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        service = f"http://127.0.0.1:{listening.getsockname()[1]}"
        folder = tmp_path_factory.mktemp("sites")
        copytree(EXAMPLE, folder, dirs_exist_ok=True)
        spanish = (folder / "index.html").read_text(encoding="utf-8").replace('data-language="en"', 'data-language="es"')
        (folder / "spanish.html").write_text(spanish, encoding="utf-8")
        friend = stack.enter_context(hosting(folder, service))
        stranger = stack.enter_context(hosting(EXAMPLE, service))
        database = f"sqlite:///{tmp_path_factory.mktemp('embed') / 'kept.db'}"
        stack.enter_context(running(create_app(Settings(database_url=database, embed_origins=friend)), listening))
        yield Sites(service, friend, stranger)


@pytest.fixture
def host(browser: Browser, sites: Sites) -> Iterator[Page]:
    """A visitor of the friendly site."""
    page = browser.new_page(viewport={"width": 1000, "height": 700})
    page.add_init_script(LISTENING)
    page.goto(sites.friend)
    yield page
    page.context.close()


@pytest.fixture
def frame(host: Page) -> FrameLocator:
    """The assessment in that page."""
    return host.frame_locator("iframe")


def go_on(frame: FrameLocator) -> None:
    """Answer a page of safety with "none" or "no" and go on."""
    for choice in frame.locator("fieldset").all():
        quiet = choice.locator("input[value=none], input[value=no], input[value=managing]").first
        if quiet.count():
            quiet.check()
    at = int(frame.locator("form#take").get_attribute("data-at") or "")
    frame.get_by_role("button", name="Continue").click()
    expect(frame.locator("form#take")).to_have_attribute("data-at", str(at + 1))


def take(frame: FrameLocator, finish: str = "Show my result") -> None:
    """The shortest way to a result: safety, then everything else left open."""
    for _ in range(12):
        if frame.get_by_role("button", name="Show my result now").count():
            frame.get_by_role("button", name="Show my result now").click()
            break
        go_on(frame)
    expect(frame.locator("h1")).to_have_text("Check your answers")
    frame.get_by_role("button", name=finish, exact=True).first.click()
    expect(frame.locator("[data-completed]")).to_be_attached(timeout=15_000)


def test_the_frame_has_a_name_a_language_and_no_more_rights_than_it_needs(host: Page, frame: FrameLocator) -> None:
    expect(host.get_by_title("Muscle balance questions")).to_be_visible()
    expect(frame.locator("html")).to_have_attribute("lang", "en")
    expect(frame.locator("header.site, footer select")).to_have_count(0)
    sandbox = host.locator("iframe").get_attribute("sandbox") or ""
    assert "allow-top-navigation" not in sandbox
    assert "allow-modals" not in sandbox


def test_the_frame_grows_with_its_content_so_that_nothing_scrolls_inside_it(host: Page, frame: FrameLocator) -> None:
    expect(host.locator("#heard li", has_text="height")).not_to_have_count(0)
    frame.locator("details").first.evaluate("all => all.open = true")
    for width in (1000, 390):
        host.set_viewport_size({"width": width, "height": 700})
        expect(host.locator("iframe")).to_have_js_property("clientHeight", frame.locator("html").evaluate("html => html.scrollHeight"))
        assert host.evaluate("document.documentElement.scrollWidth <= innerWidth")


@dataclass(frozen=True)
class Taken:
    """What the page heard while somebody took a whole assessment in it and kept the result."""

    heard: list[tuple[str, dict[str, Any]]]
    messages: list[tuple[str, dict[str, Any]]]
    cookies: int
    key: str

    def details(self, name: str) -> list[dict[str, Any]]:
        """Of every event of this name, in order."""
        return [detail for event, detail in self.heard if event == name]


@pytest.fixture(scope="module")
def taken(browser: Browser, sites: Sites) -> Taken:
    """A whole assessment in the page of the friendly site."""
    page = browser.new_page()
    page.add_init_script(LISTENING)
    page.goto(sites.friend)
    frame = page.frame_locator("iframe")
    take(frame)
    expect(page.locator("#heard li", has_text="completed")).to_have_count(1)
    frame.get_by_role("button", name="Keep it").click()
    expect(page.locator("#heard li", has_text="completed")).to_have_count(2)
    heard, messages = page.evaluate("[window.heard, window.messages]")
    taken = Taken(heard, messages, len(page.context.cookies()), page.frames[1].url.rpartition("/")[2])
    page.close()
    return taken


def test_a_whole_assessment_is_taken_in_it_and_the_page_hears_how_far_it_is(taken: Taken) -> None:
    names = [name for name, _ in taken.heard if name != "height"]
    steps = taken.details("progress")
    assert names == ["started", *["progress"] * len(steps), "completed", "completed"]
    assert len(steps) > 3
    assert [step["answered"] for step in steps] == sorted(step["answered"] for step in steps)
    assert all(step.keys() == {"answered", "minutesLeft"} for step in steps)
    assert all(0 < detail["height"] < 40_000 for detail in taken.details("height"))


def test_what_crosses_over_is_what_is_documented_and_nothing_more(taken: Taken, sites: Sites) -> None:
    assert {origin for origin, _ in taken.messages} == {sites.service}
    for _, message in taken.messages:
        assert message["source"] == "muscle-balance"
        assert message.keys() - {"source", "type"} <= DOCUMENTED[message["type"]]
        assert all(isinstance(value, int) for name, value in message.items() if name not in ("source", "type", "id"))


def test_who_keeps_the_result_leaves_its_id_with_the_page_and_not_the_key(taken: Taken) -> None:
    name, _, secret = taken.key.partition(".")
    assert taken.details("completed") == [{}, {"id": name}]
    assert len(secret) == 43
    assert secret not in repr(taken.messages)


def test_no_cookie_is_needed_or_set(taken: Taken) -> None:
    assert taken.cookies == 0


def test_a_site_that_may_not_embed_shows_a_way_to_the_assessment_and_no_frame(browser: Browser, sites: Sites) -> None:
    page = browser.new_page()
    page.add_init_script(LISTENING)
    with page.expect_console_message(
        lambda message: "frame-ancestors" in message.text or "Refused" in message.text or "Framing" in message.text
    ):
        page.goto(sites.stranger)
    assert all(frame.url.startswith(("chrome-error:", sites.stranger)) or not frame.locator("#main").count() for frame in page.frames)
    link = page.get_by_role("link", name="Muscle balance questions")
    expect(link).to_have_attribute("href", f"{sites.service}/take", timeout=15_000)
    expect(page.locator("iframe")).to_have_count(0)
    assert page.evaluate("window.heard") == []
    page.close()


def test_a_message_from_anybody_else_is_not_believed(host: Page, sites: Sites) -> None:
    expect(host.locator("#heard li", has_text="progress")).not_to_have_count(0)
    before = host.evaluate("window.heard.length")
    forged = {"source": "muscle-balance", "type": "completed", "id": "forged"}
    host.evaluate("async forged => { postMessage(forged, '*'); await new Promise(done => setTimeout(done, 100)); }", forged)
    host.evaluate(
        "src => { const other = document.createElement('iframe'); other.src = src; document.body.append(other); }",
        f"{sites.stranger}/page.css",
    )
    expect(host.frame_locator("iframe >> nth=1").locator("pre")).to_be_attached()
    intruder = host.frames[-1]
    intruder.evaluate("forged => parent.postMessage(forged, '*')", forged)
    intruder.evaluate("parent.frames[0].postMessage({source: 'muscle-balance', type: 'hello'}, '*')")
    host.wait_for_timeout(200)
    names = [name for name, _ in host.evaluate("window.heard")[before:]]
    assert "completed" not in names
    assert {origin for origin, message in host.evaluate("window.messages") if message.get("type") != "completed"} == {sites.service}


def test_the_language_goes_with_the_frame_without_any_cookie(browser: Browser, sites: Sites) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{sites.friend}/spanish.html")
    frame = page.frame_locator("iframe")
    expect(frame.locator("html")).to_have_attribute("lang", "es")
    frame.locator("button[value=skip]").click()
    expect(frame.locator("form#take")).to_have_attribute("data-at", "1")
    expect(frame.locator("html")).to_have_attribute("lang", "es")
    assert context.cookies() == []
    context.close()
