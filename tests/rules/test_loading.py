"""The loader takes what clinicians wrote to the letter, or refuses it by file, line and key."""

from pathlib import Path

import pytest

from rules.content import SEEDS, PackRefused, load_pack
from rules.content.documents import Document
from rules.content.shape import Shape
from tests.planting import Plant, copy_of_seeds, refusal

FAULTS = {
    "an unknown key": Plant("pack.yaml", "language: en\n", "language: en\nlanguages: de\n", "languages", "Extra inputs", line="languages"),
    "an unknown key inside a criterion": Plant("safety.yaml", "is: yes}", "is: yes, if: no}", "if", "Extra inputs", after="- id: RF01"),
    "a repeated key": Plant("pack.yaml", "language: en\n", "language: en\nlanguage: de\n", "language", "twice", line="language"),
    "an id of the wrong form": Plant("evidence/back.yaml", "id: R039", "id: R39", "id", "should match pattern"),
    "a missing key": Plant("pack.yaml", "not_sure:", "not_shure:", "not_sure", "Field required", line="# What"),
    "a basis that is no word for it": Plant(
        "evidence/back.yaml", "basis: [", "basis: [hearsay, ", "basis", "Input should be", after="id: R039"
    ),
    "an empty basis": Plant("evidence/back.yaml", "basis: [", "basis: [] # [", "basis", "at least 1 item", after="id: R039"),
    "a block of weighing that rests on nothing": Plant(
        "evidence/clusters.yaml", "  fitness: [", "  # fitness: [", "basis.fitness", "Field required", line="basis:"
    ),
    "no source": Plant("evidence/legs.yaml", "sources: [", "sources: [] # [", "sources", "at least 1 item", after="id: R018"),
    "a word for a number": Plant("evidence/back.yaml", "for: 1.5", "for: some", "for", "valid number", after="id: R039"),
    "a number in quotes": Plant("evidence/back.yaml", "for: 1.5", 'for: "1.5"', "for", "valid number", after="id: R039"),
    "a yes for a true": Plant("muscles.yaml", "sided: true", "sided: yes", "sided", "valid boolean", after="id: iliopsoas"),
    "a weight beyond reason": Plant("evidence/back.yaml", "for: 1.5", "for: 15", "for", "less than or equal to 2", after="id: R039"),
    "a weight against that is for": Plant(
        "evidence/back.yaml", "against: -1.0", "against: 1.0", "against", "or equal to 0", after="id: R039"
    ),
    "an invented kind": Plant("evidence/back.yaml", "kind: measured", "kind: guessed", "kind", "Input should be", after="id: R039"),
    "a bound without a bound": Plant(
        "evidence/back.yaml", "seconds, below: 60, unit", "seconds, unit", "when.test", "needs one of", after="id: R039", line="when:"
    ),
    "more signs asked for than there are": Plant("support.yaml", "at_least: 4", "at_least: 11", "", "only 10 signs", line="# When"),
    "no criterion": Plant("evidence/back.yaml", "when: {test", "when: {tset", "when", "is no criterion", after="id: R039"),
    "a choice without options": Plant(
        "questions/back.yaml", "    options: yes-no\n", "", "items", "a choice needs options", after="back.upright-ache", line="- link_id"
    ),
    "a number without a unit": Plant(
        "questions/safety.yaml", "        unit: points\n", "", "items", "a number needs unit", after="safety.pain-level", line="- link_id"
    ),
}

# Where each number says what it rests on: the file, the key before it, and the line of the entry that would lack it.
NUMBERS = {
    "a rule": ("evidence/back.yaml", "id: R039", "- id"),
    "a scale": ("evidence/clusters.yaml", "id: R111", "- id"),
    "the plan": ("plan.yaml", "", "# What"),
    "a measure": ("questions/self-tests.yaml", "name: bridge\n", "- code"),
    "a side difference": ("questions/self-tests.yaml", "beyond: true", "side_difference"),
    "a sign in a test": ("questions/self-tests.yaml", "code: thigh-drifts", "- code"),
    "a prior": ("muscles.yaml", "id: calves", "- id"),
    "a red flag": ("safety.yaml", "id: RF01", "- id"),
    "a gate": ("safety.yaml", "id: NO_EXT", "- id"),
    "a dose": ("exercises/stretch.yaml", "id: wall-calf", "- id"),
    "a pattern": ("patterns.yaml", "id: layered", "- id"),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_without_what_it_rests_on_is_refused_by_file_line_and_key(tmp_path: Path, name: str) -> None:
    file, after, line = NUMBERS[name]
    plant = Plant(file, "basis:", "# basis:", "basis", "Field required", after=after, line=line)
    seeds = copy_of_seeds(tmp_path)
    expected = plant.place(seeds)
    faults = refusal(seeds)
    assert [fault for fault in faults if plant.is_named_by(fault, expected)], [str(fault) for fault in faults]


@pytest.mark.parametrize("plant", FAULTS.values(), ids=FAULTS)
def test_a_fault_in_a_file_is_refused_by_file_line_and_key(tmp_path: Path, plant: Plant) -> None:
    seeds = copy_of_seeds(tmp_path)
    line = plant.place(seeds)
    faults = refusal(seeds)
    assert [fault for fault in faults if plant.is_named_by(fault, line)], [str(fault) for fault in faults]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    seeds = copy_of_seeds(tmp_path)
    (seeds / "exercises" / "stretch.yaml").unlink()
    assert [str(fault) for fault in refusal(seeds)] == ["exercises/stretch.yaml:1: : is missing"]


@pytest.mark.parametrize("end", ["\n  - : [", "\n---\nid: another", "\nid: [open", "\nx: \x01", "\nx: \udcff"])
def test_what_is_not_yaml_is_refused(tmp_path: Path, end: str) -> None:
    seeds = copy_of_seeds(tmp_path)
    with (seeds / "pack.yaml").open("ab") as file:
        file.write(end.encode(errors="surrogateescape"))
    [fault] = refusal(seeds)
    assert (fault.file, fault.message.startswith("is not YAML: ")) == ("pack.yaml", True)


@pytest.mark.parametrize("text", ["", "- a list", "a word"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    seeds = copy_of_seeds(tmp_path)
    (seeds / "plan.yaml").write_text(text)
    assert [str(fault) for fault in refusal(seeds)] == ["plan.yaml:1: : Input should be an object"]


def test_faults_in_several_files_are_all_listed(tmp_path: Path) -> None:
    seeds = copy_of_seeds(tmp_path)
    plants = [FAULTS["an unknown key"], FAULTS["no source"], FAULTS["a yes for a true"], FAULTS["an id of the wrong form"]]
    lines = [plant.place(seeds) for plant in plants]
    faults = refusal(seeds)
    assert all(any(plant.is_named_by(fault, line) for fault in faults) for plant, line in zip(plants, lines, strict=True))
    assert {fault.file for fault in faults} == {plant.file for plant in plants}


def test_a_refusal_reads_as_one_line_a_fault(tmp_path: Path) -> None:
    seeds = copy_of_seeds(tmp_path)
    (seeds / "plan.yaml").unlink()
    (seeds / "safety.yaml").unlink()
    with pytest.raises(PackRefused, match=r"^safety\.yaml:1: : is missing\nplan\.yaml:1: : is missing$"):
        load_pack(seeds)


class _Words(Shape):
    words: tuple[str, ...]
    numbers: tuple[float, ...] = ()
    switches: tuple[bool, ...] = ()


def _read(path: Path, text: str) -> Document[_Words]:
    path.write_text(text)
    return Document(path, path.name, _Words)


@pytest.mark.parametrize(
    "word",
    [
        "yes",
        "no",
        "on",
        "off",
        "Yes",
        "NO",
        "y",
        "n",
        "True",
        "FALSE",
        "2026-11-22",
        "1:30",
        "1_000",
        "0x1F",
        "1e3",
        ".inf",
        ".nan",
        "+.5",
        "<<",
    ],
)
def test_what_yaml_1_1_would_guess_at_stays_the_word_it_is(tmp_path: Path, word: str) -> None:
    assert _read(tmp_path / "words.yaml", f"words: [{word}]").content.words == (word,)


def test_numbers_and_switches_are_still_read(tmp_path: Path) -> None:
    content = _read(tmp_path / "words.yaml", "words: ['true', '1']\nnumbers: [-1, 2.5, 007]\nswitches: [true, false]").content
    assert (content.words, content.numbers, content.switches) == (("true", "1"), (-1, 2.5, 7), (True, False))


def test_an_absent_value_is_no_word(tmp_path: Path) -> None:
    assert [fault.key for fault in _read(tmp_path / "words.yaml", "words: [a, ]\nnumbers:\n").faults] == ["numbers"]


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("words: &all [a, *all]", 1, "words.1"),
        ("words: &all\n  - [b, [*all]]", 2, "words.0.1.0"),
        ("words: [a]\nmore: &all\n  again: *all", 3, "more.again"),
    ],
)
def test_an_alias_inside_what_it_stands_for_is_refused(tmp_path: Path, text: str, line: int, key: str) -> None:
    [fault] = _read(tmp_path / "words.yaml", text).faults
    assert (fault.line, fault.key, fault.message) == (line, key, "is an alias inside what it stands for; write it out")


def test_an_alias_beside_what_it_stands_for_is_read(tmp_path: Path) -> None:
    assert _read(tmp_path / "words.yaml", "words: [&one a, *one]").content.words == ("a", "a")


@pytest.mark.parametrize("text", ["&all {? *all : a}", "{[a, b]: c}", "{{a: b}: c}"])
def test_a_key_that_is_no_word_is_refused(tmp_path: Path, text: str) -> None:
    assert [fault.message for fault in _read(tmp_path / "words.yaml", text).faults] == ["a key must be a single word"]


def test_a_document_with_faults_has_no_content(tmp_path: Path) -> None:
    with pytest.raises(PackRefused):
        _ = _read(tmp_path / "words.yaml", "words: 3").content


def test_the_digest_follows_the_content_and_nothing_else(tmp_path: Path) -> None:
    seeds = copy_of_seeds(tmp_path)
    plan = seeds / "plan.yaml"
    text = plan.read_text()
    plan.write_text(f"# Another comment.\n{text}")
    assert load_pack(seeds).digest == load_pack(SEEDS).digest
    plan.write_text(text.replace("default_minutes: 20", "default_minutes: 25"))
    assert load_pack(seeds).digest != load_pack(SEEDS).digest
