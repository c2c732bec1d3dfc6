"""A real Chromium and a real server, both on this machine and nowhere else."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from rules import Pack
from service.app import create_app
from service.settings import Settings

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
DESK: ViewportSize = {"width": 1200, "height": 900}


@pytest.fixture(scope="module")
def address(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the service listens."""
    url = f"sqlite:///{tmp_path_factory.mktemp('kept') / 'assessments.db'}"
    server = uvicorn.Server(uvicorn.Config(create_app(Settings(database_url=url), pack), log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        # A request that comes early waits in the socket until the server is there.
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The Chromium that CHROMIUM names, or the one on the PATH. For one module: its event loop would be in the way of others."""
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert executable, "install Chromium, or name one with CHROMIUM=/path/to/chrome"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def viewport() -> ViewportSize:
    """The size of the window; a test may ask for another."""
    return DESK


@pytest.fixture
def page(browser: Browser, address: str, viewport: ViewportSize) -> Iterator[Page]:
    """A fresh visitor. No request may go elsewhere, and nothing may be wrong on the console, in any test."""
    complaints: list[str] = []
    page = browser.new_page(viewport=viewport, base_url=address)
    page.on("request", lambda request: None if request.url.startswith((f"{address}/", "data:")) else complaints.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert complaints == []
