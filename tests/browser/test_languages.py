"""Somebody who reads Spanish: every page of the way, a change of language in the middle, the result, the files."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from rules import load_pack
from tests.browser.test_result import SEND
from tests.service.asking import examples
from tests.service.web.sending import form

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SPANISH = load_pack(language="es")


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Page]:
    """A browser that asks for Spanish as it is spoken in Mexico."""
    context = browser.new_context(base_url=address, locale="es-MX", viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def test_the_way_is_in_spanish_and_a_change_of_language_in_the_middle_keeps_what_was_answered(reader: Page) -> None:
    reader.goto("/")
    expect(reader.locator("html")).to_have_attribute("lang", "es")
    reader.get_by_role("link", name="Empezar").first.click()
    first = SPANISH.groups[0].items[0]
    expect(reader.get_by_role("group", name=first.text.split(":")[0])).to_be_visible()
    reader.get_by_label(SPANISH.option_text(first.link_id, "none"), exact=True).check()
    reader.get_by_role("button", name="Continuar").click()
    expect(reader.get_by_text("1 respuesta", exact=True)).to_be_visible()
    reader.get_by_role("combobox", name="Idioma").select_option("de")
    reader.get_by_role("button", name="Cambiar idioma y unidades").click()
    expect(reader.locator("html")).to_have_attribute("lang", "de")
    expect(reader.get_by_text("1 Antwort", exact=True)).to_be_visible()


def test_the_result_and_its_files_are_in_spanish(reader: Page) -> None:
    reader.goto("/my/erased")
    with reader.expect_navigation():
        reader.evaluate(SEND, ["/result", form(examples(SPANISH)["sweeping-ache"])])
    finding = SPANISH.muscles["lumbar-extensors"].says["weak"]
    expect(reader.get_by_role("heading", name=finding)).to_be_visible()
    with reader.expect_download() as paper:
        reader.get_by_role("button", name="En papel (PDF)").first.click()
    assert paper.value.path().read_bytes().startswith(b"%PDF-")
    with reader.expect_download() as diary:
        reader.get_by_role("button", name="A mi calendario").first.click()
    assert "SUMMARY:Ejercicios" in diary.value.path().read_text(encoding="utf-8")
