"""Simulated people on the command line: figures in words and as data, the same at every run."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from rules import Pack
from rules.content import SEEDS, load_pack
from rules.content.loading import load_population
from service.cli import main
from tests.planting import changed_pack, copy_of_seeds

FEW = ("--people", "6", "--shakes", "1")


def run(*arguments: str | Path) -> Result:
    """`muscle-balance …`"""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def words(result: Result) -> str:
    """What was printed, on one line."""
    return " ".join(result.stdout.split())


def test_it_tells_flag_rates_what_studies_found_and_stability(pack: Pack) -> None:
    result = run("simulate", *FEW)
    assert result.exit_code == 0
    said = words(result)
    assert f"6 simulated people, seed 1; {pack.label.id}" in said
    assert pack.digest in said
    for muscle in pack.muscles.values():
        assert all(f"{muscle.id} {state}" in said for state in muscle.priors)
    for anchor in load_population(SEEDS, pack).anchors:
        assert anchor.published in said
        assert f"ok {anchor.id}" in said or f"off {anchor.id}" in said
    assert "Weights shaken by up to 25 %, 1 times" in said


def test_the_same_figures_come_as_data_and_at_every_run(pack: Pack) -> None:
    first, second = (run("simulate", *FEW, "--seed", "9", "--json") for _ in range(2))
    assert first.stdout == second.stdout
    figures = json.loads(first.stdout)
    assert (figures["people"], figures["seed"], figures["versions"]["digest"]) == (6, 9, pack.digest)
    assert figures["stability"]["shakes"] == 1
    assert {one["anchor"]["id"] for one in figures["anchors"]} == {one.id for one in load_population(SEEDS, pack).anchors}


def test_progress_is_no_part_of_the_figures() -> None:
    assert "simulated people" not in run("simulate", *FEW, "--json").stdout


def test_with_red_flags_fewer_people_are_told_of_muscles() -> None:
    plain, alarming = (json.loads(run("simulate", *FEW, "--json", *flags).stdout) for flags in ((), ("--red-flags",)))

    def shown(figures: dict[str, list[dict[str, dict[str, float]]]]) -> float:
        return sum(one["share"]["possible"] for one in figures["flag_rates"])

    assert shown(alarming) < shown(plain)


def test_an_anchor_that_does_not_hold_is_marked_off(tmp_path: Path) -> None:
    limits = ("    at_least: 0.2\n    times: 3\n    than: healthy\n    sources: [ito-1996", "    at_most: 0\n    sources: [ito-1996")
    changed_pack(tmp_path, "population.yaml", limits)
    said = words(run("simulate", "--people", "30", "--shakes", "0", "--seeds", tmp_path / "seeds"))
    assert "off A07" in said
    assert "ok A08" in said


def test_a_population_that_does_not_fit_is_refused_with_file_line_and_key(tmp_path: Path) -> None:
    changed_pack(tmp_path, "population.yaml", ("item: back.doming", "item: back.domeing"))
    for command in ("simulate", "check"):
        result = run(command, "--seeds", tmp_path / "seeds")
        assert result.exit_code == 1
        assert "population.yaml:" in result.output
        assert "back.domeing is no item" in words(result)


def test_checking_says_which_items_nobody_described(tmp_path: Path) -> None:
    text = (SEEDS / "population.yaml").read_text(encoding="utf-8")
    start = text.index("  - item: legs.heels-lift")
    changed_pack(tmp_path, "population.yaml", (text[start : text.index("  - item:", start + 1)], ""))
    result = run("check", "--seeds", tmp_path / "seeds")
    assert result.exit_code == 0
    assert "legs.heels-lift" in words(result)


def test_content_without_a_population_can_be_checked_and_compared(tmp_path: Path) -> None:
    seeds = copy_of_seeds(tmp_path)
    (seeds / "population.yaml").unlink()
    assert run("check", "--seeds", seeds).exit_code == 0
    assert "0.0 % of people get a different strongest finding" in words(run("check", "--diff", seeds, SEEDS, "--people", "5"))
    assert "0.0 % of people get a different strongest finding" in words(run("check", "--diff", SEEDS, seeds, "--people", "5"))
    assert run("simulate", *FEW, "--seeds", seeds).exit_code == 1


def test_two_folders_are_compared_in_words_and_as_data(pack: Pack, tmp_path: Path) -> None:
    new = changed_pack(tmp_path, "evidence/back.yaml", ("below: 60, unit: s}\n    for: 1.5", "below: 60, unit: s}\n    for: 0.3"))
    command = ("check", "--diff", SEEDS, tmp_path / "seeds", "--people", "60")
    figures = json.loads(run(*command, "--json").stdout)
    said = words(run(*command))
    assert (figures["old"]["digest"], figures["new"]["digest"]) == (pack.digest, new.digest)
    assert pack.digest in said
    assert new.digest in said
    assert f"{100 * figures['strongest']:.1f} % of people get a different strongest finding" in said
    assert figures["strongest"] > 0
    assert "lumbar-extensors weak" in said


def test_a_folder_that_is_no_pack_is_refused_in_a_comparison(tmp_path: Path) -> None:
    load_pack(SEEDS)
    result = run("check", "--diff", SEEDS, tmp_path)
    assert result.exit_code == 1
    assert "pack.yaml:1" in result.output
