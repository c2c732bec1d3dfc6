"""The command line: answers from a file or from a person, the content checked, the database looked after."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from rules import Pack, compare, evaluate, next_question, what_if
from rules.answers import NOT_SURE
from rules.content import SEEDS, Item
from rules.content.files import Files
from rules.review.register import register, summary
from service.cli import main
from service.settings import Settings
from service.storage.database import Database
from tests.planting import Plant, copy_of_seeds
from tests.service.asking import Answers, connected, examples, expire, post, rows
from tests.service.telltale import drop_the_tables

REFUSED = {
    "words": b"nonsense",
    "nothing": b"",
    "a list": b"[1]",
    "answers that are a list": b'{"answers": [1]}',
    "bad UTF-8": b'{"back.onset": "\xff"}',
    "without end": b"[" * 100_000,
    "5000 digits": b'{"tests.trunk-hold.seconds": 1%s}' % (b"0" * 5000),
}
NOWHERE = ("--host", "203.0.113.1")  # an address of nobody's: what is not refused still cannot start


def run(*arguments: str | Path, typed: str = "") -> Result:
    """`muscle-balance …`"""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=typed)


def words(result: Result) -> str:
    """What was printed, on one line."""
    return " ".join(result.output.split())


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each database, told to the command by its variable."""
    monkeypatch.setenv("MUSCLE_BALANCE_DATABASE_URL", database_url)
    return database_url


def written(folder: Path, content: bytes) -> Path:
    """A file with answers."""
    file = folder / "answers.json"
    file.write_bytes(content)
    return file


def test_answers_of_a_file_are_told_in_words(pack: Pack, answers: Answers, tmp_path: Path) -> None:
    result = run("assess", "--answers", written(tmp_path, json.dumps(answers).encode()))
    assert result.exit_code == 0
    assert all(str(finding["name"]) in words(result) for finding in evaluate(pack, answers)["findings"])


def test_answers_of_a_file_give_the_guidance_as_json(pack: Pack, answers: Answers, tmp_path: Path) -> None:
    result = run("assess", "--json", "--answers", written(tmp_path, json.dumps({"answers": answers}).encode()))
    assert json.loads(result.output) == evaluate(pack, answers)


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_holds_no_answers_is_refused(tmp_path: Path, name: str) -> None:
    result = run("assess", "--answers", written(tmp_path, REFUSED[name]))
    assert result.exit_code == 2
    assert "Invalid value" in result.output


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert run("assess", "--answers", tmp_path / "none.json").exit_code == 2


def test_refused_answers_are_named_and_never_repeated(tmp_path: Path) -> None:
    faulty = {"back.onset": "Wednesday", "tests.trunk-hold.seconds": 10**400, "safety.pain-level": -7654, "Canary key": 1}
    result = run("assess", "--answers", written(tmp_path, json.dumps(faulty).encode()))
    assert result.exit_code == 1
    assert all(
        name in result.output for name in ("back.onset:", "tests.trunk-hold.seconds:", "safety.pain-level:", "a key that is no link_id:")
    )
    assert not any(value in result.output for value in ("Wednesday", "0000", "7654", "Canary"))


def asked(pack: Pack, answers: Answers, **budget: Any) -> Iterator[Item]:
    """The questions that a person with these answers is asked, one after the other."""
    given: Answers = {}
    while not (step := next_question(pack, given, **budget))["should_stop"]:
        for one in step["items"]:
            given[one["link_id"]] = answers.get(one["link_id"], NOT_SURE)
            yield pack.items[one["link_id"]]


def as_typed(pack: Pack, item: Item, answer: object) -> str:
    """What a person types for an answer: numbers of options, a number, or nothing."""
    codes = [*pack.options(item.link_id), NOT_SURE]
    match answer:
        case None:
            return ""
        case list():
            return ", ".join(str(1 + codes.index(code)) for code in answer)
        case str():
            return str(1 + codes.index(answer))
        case _:
            return str(answer).replace(".", ",")


@pytest.mark.parametrize("name", ["sweeping-ache", "emergency"])
def test_a_person_who_types_gets_the_same_as_a_file(pack: Pack, name: str) -> None:
    answers = examples(pack)[name]
    questions = list(asked(pack, answers))
    typed = [as_typed(pack, item, answers.get(item.link_id)) for item in questions]
    told = {item.link_id: answers[item.link_id] for item in questions if item.link_id in answers}
    result = run("assess", "--json", typed="\n".join(typed) + "\n")
    assert result.exit_code == 0
    assert json.loads(result.output[result.output.index('{\n  "versions"') :]) == evaluate(pack, told)


def test_who_has_five_minutes_is_asked_for_about_five_minutes(pack: Pack) -> None:
    answers = examples(pack)["sweeping-ache"]
    questions = list(asked(pack, answers, max_seconds=300))
    typed = [as_typed(pack, item, answers.get(item.link_id)) for item in questions]
    result = run("assess", "--minutes", "5", typed="\n".join(typed) + "\n")
    assert result.exit_code == 0
    assert sum(item.seconds for item in questions) <= 300
    assert "That is all for the time you gave." in words(result)


def test_what_if_of_a_file_is_told_in_lines_or_as_data(pack: Pack, answers: Answers, tmp_path: Path) -> None:
    file = written(tmp_path, json.dumps(answers).encode())
    said = what_if(pack, answers)
    assert json.loads(run("what-if", "--answers", file, "--json").output) == json.loads(json.dumps(said))
    told = words(run("what-if", "--answers", file))
    assert "lumbar-extensors.weak.midline: strong" in told
    assert "possible with tests.trunk-hold.seconds = 60" in told
    refused = run("what-if", "--answers", written(tmp_path, b'{"back.onset": "x"}'))
    assert (refused.exit_code, "back.onset: must be one of" in words(refused)) == (1, True)


def test_two_files_are_compared_in_lines_or_as_data(pack: Pack, answers: Answers, tmp_path: Path) -> None:
    better = answers | {"tests.trunk-hold.seconds": 70, "back.retired": "yes"}
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(json.dumps(answers))
    after.write_text(json.dumps({"answers": better}))
    assert json.loads(run("compare", before, after, "--json").output) == json.loads(json.dumps(compare(pack, answers, better)))
    told = words(run("compare", before, after))
    assert "changed by 32 s" in told
    assert told.endswith("left aside: back.retired")


def test_a_mistyped_choice_is_asked_again(pack: Pack) -> None:
    mistakes = ["x", "0", "-1", "99", "1,2", "1.5", "²"]
    result = run("assess", typed="\n".join([*mistakes, "1"]) + "\n" * len(pack.items))
    assert result.exit_code == 0
    assert result.output.count("Please choose by number.") == len(mistakes)


def test_a_number_out_of_limits_is_asked_again_with_its_limits(pack: Pack) -> None:
    before = [item.link_id for item in asked(pack, {})].index("safety.pain-level")
    result = run("assess", typed="\n" * before + "11\nmany\nnan\n3\n" + "\n" * len(pack.items))
    assert "must be from 0 to 10" in words(result)
    assert "Please type a number." in result.output
    assert "1 answered" in words(result)


def test_who_stops_in_the_middle_gets_no_result() -> None:
    result = run("assess", "--json", typed="1\n1\n")
    assert result.exit_code == 1
    assert "versions" not in result.output


def test_the_shipped_content_has_no_fault() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert words(result).endswith("0 findings")


def test_what_a_clinician_must_confirm_is_printed_as_a_table_for_each_file() -> None:
    result = run("check", "--review")
    assert result.exit_code == 0
    lines = register(Files(SEEDS))
    tables = result.output.split("\n## ")[2:]
    assert [table.split("\n", 1)[0] for table in tables] == list(dict.fromkeys(line.file for line in lines))
    rows = [row for table in tables for row in table.splitlines() if row.startswith("|")]
    assert len(rows) == len(lines) + 2 * len(tables)
    assert {len(re.split(r"(?<!\\)\|", row)) for row in rows} == {8}
    [row] = [row for row in rows if "**T12 reach** side difference" in row]
    assert row.endswith(
        "| **T12 reach** side difference: Knee to the wall with the heel down "
        "| sides differ by more than 2 cm | read | powden-2015 (source) | |"
    )


def test_the_review_says_how_much_rests_on_what() -> None:
    output = run("check", "--review").output
    assert "| what | lines | read | secondary | calculated | memory | judgement |\n|---|---|---|---|---|---|---|\n| red flag | " in output
    kind, count, *each = summary(register(Files(SEEDS)))[-1]
    assert kind == "all"
    assert f"| all | {count} | {' | '.join(map(str, each[0]))} |\n" in output


def test_a_bar_in_a_name_does_not_break_the_printed_table(tmp_path: Path) -> None:
    seeds = copy_of_seeds(tmp_path)
    Plant("muscles.yaml", "name: Iliopsoas", "name: Psoas | iliacus", "", "").place(seeds)
    assert "prior: Psoas \\| iliacus | tight" in run("check", "--review", "--seeds", seeds).output


def test_content_that_does_not_fit_is_refused_with_file_line_and_key(tmp_path: Path) -> None:
    seeds = copy_of_seeds(tmp_path)
    with (seeds / "muscles.yaml").open("a", encoding="utf-8") as file:
        file.write("\nnonsense: [1]\n")
    for command in (["check"], ["check", "--review"], ["assess"], ["openapi"]):
        result = run(*command, "--seeds", seeds)
        assert result.exit_code == 1
        assert "muscles.yaml:" in result.output
        assert "nonsense" in result.output


def test_migrating_brings_an_empty_database_to_the_present_schema(url: str) -> None:
    drop_the_tables(url)
    with connected(url) as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    assert run("migrate").exit_code == 0
    assert run("migrate").exit_code == 0
    database = Database(url)
    assert "assessment" in inspect(database.engine).get_table_names()
    database.close()


def test_purging_erases_what_has_expired_and_says_how_much(url: str, client: TestClient, answers: Answers) -> None:
    expire(url, post(client, answers))
    post(client, answers)
    assert words(run("purge")) == "Erased 1 assessments."
    assert words(run("purge")) == "Erased 0 assessments."
    assert rows(url, "assessment") == 1


def test_the_printed_document_is_the_served_one(stateless: TestClient) -> None:
    assert json.loads(run("openapi").output) == stateless.get("/openapi.json").json()


def test_more_than_one_worker_on_sqlite_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSCLE_BALANCE_DATABASE_URL", "sqlite:///never.db")
    result = run("serve", "--workers", "2", *NOWHERE)
    assert result.exit_code == 2
    assert "needs PostgreSQL" in words(result)


@pytest.mark.parametrize("arguments", [("--port", "65536"), ("--port", "-1"), ("--workers", "0"), ("--workers", "33")])
def test_a_setting_out_of_limits_is_refused_before_anything_starts(arguments: tuple[str, str]) -> None:
    result = run("serve", *arguments, *NOWHERE)
    assert result.exit_code == 2
    assert f"{arguments[0].removeprefix('--')}: Input should be" in words(result)


@pytest.mark.parametrize("command", ["serve", "migrate", "purge"])
def test_a_variable_that_makes_no_sense_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("MUSCLE_BALANCE_RETENTION_DAYS", "for ever")
    result = run(command)
    assert result.exit_code == 2
    assert "retention_days: Input should be a valid integer" in words(result)


def test_a_database_that_is_not_there_fails_without_telling_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSCLE_BALANCE_DATABASE_URL", "postgresql://someone:a-password@127.0.0.1:1/nothing")
    for command in ("migrate", "purge"):
        result = run(command)
        assert result.exit_code == 1
        assert "a-password" not in f"{result.output}{result.exception}"
    assert Settings().url().startswith("postgresql+psycopg://")
