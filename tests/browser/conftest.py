"""A real Chromium and a real server, both on this machine and nowhere else."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from service.app import create_app
from service.settings import Settings
from tests.service.clinic_world import operated

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
DESK: ViewportSize = {"width": 1200, "height": 900}


@contextmanager
def running(app: FastAPI, listening: socket.socket) -> Iterator[str]:
    """A server for this app; its address. A request that comes early waits in the socket until the server is there."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The service; it has an operator."""
    folder = tmp_path_factory.mktemp("kept")
    return create_app(operated(Settings(database_url=f"sqlite:///{folder / 'assessments.db'}"), folder))


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    """Where it listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening, running(app, listening) as address:
        yield address


def chromium() -> str:
    """The Chromium that CHROMIUM names, or the one on the PATH."""
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert executable, "install Chromium, or name one with CHROMIUM=/path/to/chrome"
    return executable


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one module: its event loop would be in the way of others."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
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
