"""What the README says is true."""

import json
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.core import TyperGroup
from typer.main import get_command

from rules import Pack
from service.app import create_app
from service.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def in_memory(pack: Pack, tmp_path: Path) -> TestClient:
    """A service that nobody else uses."""
    return TestClient(create_app(Settings(database_url=f"sqlite:///{tmp_path / 'readme.db'}"), pack))


def test_the_call_it_shows_gives_guidance(in_memory: TestClient) -> None:
    match = re.search(r"-d '(\{.*?\})'\n```", README, flags=re.DOTALL)
    assert match
    answer = in_memory.post("/v1/evaluate", json=json.loads(match[1]))
    assert answer.json()["findings"][0]["id"] == "lumbar-extensors.weak.midline"


def test_the_python_it_shows_runs() -> None:
    match = re.search(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert match
    names: dict[str, object] = {}
    exec(match[1], names)  # noqa: S102 - our own README
    assert isinstance(names["guidance"], dict)


def test_every_operation_it_lists_exists_and_none_is_missing(in_memory: TestClient) -> None:
    paths = in_memory.get("/openapi.json").json()["paths"]
    told = set(re.findall(r"`?(/v1/[a-z/{}.-]+)`", README))
    offered = {re.sub(r"\{\w+\}", "{id}", path) for path in paths}
    assert told <= offered
    assert offered - told <= {"/v1/exercises/{id}", "/v1/rules/{id}"}


def test_every_file_it_points_to_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert links
    assert all((ROOT / link).is_file() for link in links)


def test_the_make_targets_it_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"\bmake (\w+)", README)) - {"and"}
    assert {"run", "test"} <= targets
    assert all(re.search(rf"^{target}:", makefile, flags=re.MULTILINE) for target in targets)


def test_the_commands_it_names_exist() -> None:
    from service.cli import main

    commands = get_command(main)
    assert isinstance(commands, TyperGroup)
    known = set(commands.commands)
    named = set(re.findall(r"muscle-balance ([a-z-]+)", README))
    assert named
    assert named <= known
