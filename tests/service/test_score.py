"""`muscle-balance score`: a file of people in, a file of results out, each as if they had come alone."""

import csv
import json
import re
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from typer.testing import CliRunner, Result

from rules import Pack, evaluate, load_pack
from rules.content import SEEDS
from service.cli import main
from service.reader import Reader, interface_words
from service.scoring import score
from tests.service.asking import Answers, examples

ENDS = ("csv", "ndjson", "parquet")
COLUMNS = (
    "line id urgency red_flags gates findings strongest plan_status plan_exercises answered askable versions problem".split()  # noqa: SIM905
)


def run(*arguments: str | Path) -> Result:
    """`muscle-balance score …`"""
    return CliRunner().invoke(main, ["score", *(str(argument) for argument in arguments)])


def said(result: Result) -> str:
    """What was printed, without the box around it."""
    return " ".join(result.output.replace("│", " ").split())


def in_a_cell(answer: object) -> str:
    """An answer as a person types it into a table."""
    return "|".join(answer) if isinstance(answer, list) else str(answer)


def write_people(file: Path, people: dict[str, Answers]) -> Path:
    """The same people in any format."""
    rows = [{"id": name, **{item: in_a_cell(answer) for item, answer in answers.items()}} for name, answers in people.items()]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    match file.suffix:
        case ".csv":
            with file.open("w", encoding="utf-8", newline="") as opened:
                table = csv.DictWriter(opened, columns)
                table.writeheader()
                table.writerows(rows)
        case ".parquet":
            whole = [{name: row.get(name) for name in columns} for row in rows]
            pyarrow.parquet.write_table(pyarrow.Table.from_pylist(whole), file)
        case _:
            file.write_text("".join(json.dumps({"id": name, "answers": answers}) + "\n" for name, answers in people.items()))
    return file


def read_rows(file: Path) -> list[dict[str, Any]]:
    """The results, each cell as text; an empty one is None."""
    if file.suffix == ".parquet":
        found: list[dict[str, Any]] = pyarrow.parquet.read_table(file).to_pylist()
    else:
        with file.open(encoding="utf-8", newline="") as opened:
            found = list(csv.DictReader(opened))
    return [{name: None if cell in ("", None) else str(cell) for name, cell in row.items()} for row in found]


@pytest.mark.parametrize("end", ENDS)
def test_each_row_is_what_the_rules_say_of_that_person_alone(pack: Pack, tmp_path: Path, end: str) -> None:
    people = examples(pack)
    file = write_people(tmp_path / f"people.{end}", people)
    assert run(file, "-o", tmp_path / "out.ndjson").exit_code == 0
    told = [json.loads(line) for line in (tmp_path / "out.ndjson").read_bytes().splitlines()]
    assert [row["id"] for row in told] == list(people)
    assert [row["guidance"] for row in told] == [evaluate(pack, answers) for answers in people.values()]


@pytest.mark.parametrize("end", ["csv", "parquet"])
def test_a_table_holds_the_same_in_short(pack: Pack, tmp_path: Path, end: str) -> None:
    people = examples(pack)
    out = tmp_path / f"out.{end}"
    result = run(write_people(tmp_path / "people.csv", people), "-o", out)
    assert said(result).startswith("7 people:")
    rows = read_rows(out)
    assert list(rows[0]) == COLUMNS
    assert [row["id"] for row in rows] == list(people)
    for row, answers in zip(rows, people.values(), strict=True):
        guidance = evaluate(pack, answers)
        findings = [f"{one['id']}:{one['band']}" for one in guidance["findings"]]
        assert row["urgency"] == guidance["triage"]["urgency"]
        assert (row["findings"] or "").split(";") == (findings or [""])
        assert row["strongest"] == (guidance["findings"][0]["id"] if findings else None)
        assert row["plan_status"] == guidance["plan"]["status"]
        assert (row["plan_exercises"] or "").count(";") == max(len(guidance["plan"]["prescriptions"]) - 1, 0)
        assert row["answered"] == str(guidance["completeness"]["answered"])
        assert f"digest:{pack.digest}" in (row["versions"] or "")
        assert row["problem"] is None
    flagged = rows[list(people).index("emergency")]
    assert flagged["red_flags"]
    assert rows[list(people).index("side-hip-pain")]["gates"]


def test_a_row_with_faults_names_them_without_the_answer_and_the_others_go_on(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_bytes(
        b"id,back.onset,safety.pain-level,about-you.kit\n"
        b"a,sudden,2,\n"
        b"b,Canary,Canary7,mat|Canary\n"
        b"c\x1bCanary,,,\n"
        b"d,\xff\xfe,,\n"
        b"e,sudden\n"
        b'f,"' + b"Canary" * 30_000 + b'",,\n'
        b"g,sudden,,mat|band\n"
    )
    result = run(people, "-o", tmp_path / "out.csv")
    assert result.exit_code == 0
    assert "5 of them with a problem" in said(result)
    rows = read_rows(tmp_path / "out.csv")
    assert [row["id"] for row in rows] == ["a", "b", None, "d", None, None, "g"]
    assert [row["problem"] for row in rows] == [
        None,
        "safety.pain-level:not-a-number;about-you.kit:no-such-option;back.onset:no-such-option",
        "id:wrong-shape",
        "back.onset:no-such-option",
        "row:wrong-shape",
        "row:line-too-long",
        None,
    ]
    assert not any("Canary" in text for text in (result.output, (tmp_path / "out.csv").read_text()))


def test_an_empty_cell_is_no_answer_and_not_a_no(pack: Pack, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("safety.saddle-numbness,safety.pain-level,about-you.kit\n, ,\nno,7,not-sure\n\n")
    run(people, "-o", tmp_path / "out.ndjson")
    nothing, some = (json.loads(line)["guidance"] for line in (tmp_path / "out.ndjson").read_bytes().splitlines())
    assert nothing == evaluate(pack, {})
    assert some == evaluate(pack, {"safety.saddle-numbness": "no", "safety.pain-level": 7, "about-you.kit": "not-sure"})


def test_a_table_as_spreadsheets_write_it_in_other_countries(pack: Pack, tmp_path: Path) -> None:
    decimal = next(item.link_id for item in pack.items.values() if item.type == "decimal" and not item.enable_when)
    people = tmp_path / "people.csv"
    people.write_bytes(f"\ufeffid;{decimal}\r\nÄnne;7,5\r\n".encode())
    run(people, "-o", tmp_path / "out.ndjson")
    told = json.loads((tmp_path / "out.ndjson").read_bytes())
    assert told["id"] == "Änne"
    assert told["guidance"] == evaluate(pack, {decimal: 7.5})


def test_numbers_lists_and_gaps_of_parquet_are_taken_as_they_are(pack: Pack, tmp_path: Path) -> None:
    rows = [
        {"id": 7, "safety.pain-level": 3.0, "back.chores": ["sink", "lifting"]},
        {"id": 8, "safety.pain-level": float("nan"), "back.chores": None},
    ]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "people.parquet")
    run(tmp_path / "people.parquet", "-o", tmp_path / "out.ndjson")
    told = [json.loads(line) for line in (tmp_path / "out.ndjson").read_bytes().splitlines()]
    assert [row["id"] for row in told] == ["7", "8"]
    alone = [evaluate(pack, {"safety.pain-level": 3, "back.chores": ["sink", "lifting"]}), evaluate(pack, {})]
    assert [row["guidance"] for row in told] == alone


@pytest.mark.parametrize("name", ["=1+1", "+49", "-2", "@SUM(A1)", "＝1", "x;=1+1", "x; @SUM(A1)", "=x|-2"])  # noqa: RUF001
def test_no_cell_is_run_by_a_spreadsheet(tmp_path: Path, name: str) -> None:
    people = tmp_path / "people.ndjson"
    people.write_text(json.dumps({"id": name, "answers": {}}) + "\n")
    run(people, "-o", tmp_path / "out.csv")
    assert [row["id"] for row in read_rows(tmp_path / "out.csv")] == [re.sub(r"(^|[;|] ?)(?=[=+@＝-])", r"\1'", name)]  # noqa: RUF001
    run(people, "-o", tmp_path / "out.parquet")
    assert [row["id"] for row in read_rows(tmp_path / "out.parquet")] == [name]


@pytest.mark.parametrize(
    ("columns", "told"), [("id,back.onset,Canary,Canary2", "look at: column 3, 4"), ("back.onset,back.onset", "look at: column 2")]
)
def test_a_column_that_nothing_reads_stops_before_anything_is_lost(tmp_path: Path, columns: str, told: str) -> None:
    (tmp_path / "people.csv").write_text(f"{columns}\n1,2\n")
    result = run(tmp_path / "people.csv", "-o", tmp_path / "out.csv")
    assert result.exit_code == 2
    assert told in said(result)
    assert "Canary" not in result.output
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("arguments", [("none.csv", "out.csv"), ("p.txt", "out.csv"), ("p.csv", "out.xlsx"), ("p.csv", "p.csv")])
def test_files_that_cannot_be_are_refused(tmp_path: Path, arguments: tuple[str, str]) -> None:
    (tmp_path / "p.csv").write_text("id\n")
    people, out = arguments
    result = run(tmp_path / people, "-o", tmp_path / out)
    assert result.exit_code == 2
    assert "Invalid value" in result.output
    assert (tmp_path / "p.csv").read_text() == "id\n"


def test_a_file_that_only_says_it_is_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.parquet").write_text("id\n")
    result = run(tmp_path / "p.parquet", "-o", tmp_path / "out.csv")
    assert result.exit_code == 2
    assert "not Parquet" in said(result)


def test_nobody_at_all_gives_an_empty_table(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("id,back.onset\n")
    for end in ENDS:
        assert run(tmp_path / "p.csv", "-o", tmp_path / f"out.{end}").exit_code == 0
    assert read_rows(tmp_path / "out.parquet") == read_rows(tmp_path / "out.csv") == []


def test_without_pyarrow_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("id\n")
    program = "import sys; sys.modules['pyarrow'] = None; from service.cli import main; main()"
    command = [sys.executable, "-c", program, "score", str(tmp_path / "p.csv"), "-o", str(tmp_path / "out.parquet")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install pyarrow" in done.stderr
    assert "Traceback" not in done.stderr


def test_whole_guidance_comes_in_the_language_asked_for(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("back.onset\nsudden\n")
    run(tmp_path / "p.csv", "-o", tmp_path / "out.ndjson", "--language", "es")
    told = json.loads((tmp_path / "out.ndjson").read_bytes())
    assert told["guidance"] == evaluate(load_pack(SEEDS, "es"), {"back.onset": "sudden"})


@pytest.mark.slow
@pytest.mark.parametrize("end", ["csv", "ndjson"])
def test_many_people_need_no_more_memory_than_a_few(pack: Pack, tmp_path: Path, end: str) -> None:
    people: dict[str, Answers] = {f"p{number}": {"safety.saddle-numbness": "yes"} for number in range(2000)}
    file, out = write_people(tmp_path / f"people.{end}", people), tmp_path / "out.ndjson"
    reader = Reader(pack, interface_words("en"))
    score(reader, write_people(tmp_path / "one.csv", dict(list(people.items())[:1])), tmp_path / "one.ndjson")
    tracemalloc.start()
    assert score(reader, file, out) == (2000, 0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert out.stat().st_size > 5_000_000
    assert peak < 1_000_000
