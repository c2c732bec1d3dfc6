"""`muscle-balance pictures`: draws what there is, and lists what is missing."""

from pathlib import Path

from typer.testing import CliRunner

from service.cli import main


def test_every_picture_is_written_beside_a_page_that_shows_it(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["pictures", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "index.html").is_file()
    assert (tmp_path / "bird-dog.svg").read_text(encoding="utf-8").startswith("<svg ")
