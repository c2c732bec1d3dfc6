"""The catalogues that are committed hold exactly what there is to say."""

from pathlib import Path

import pytest

from rules import PackRefused, languages
from rules.content import SEEDS
from service import reader
from service.reader import CHROME, TEMPLATE, interface_words
from service.translating import interface_texts, pack_texts, refresh, refreshed


def test_no_catalogue_lags_behind_the_pages_and_the_pack(tmp_path: Path) -> None:
    for language in languages()[1:]:
        for path, texts in ((CHROME / f"{language}.po", interface_texts()), (SEEDS / "texts" / f"{language}.po", pack_texts(SEEDS))):
            copy = tmp_path / path.name
            copy.write_bytes(path.read_bytes())
            assert not refreshed(copy, language, texts), f"{path} is behind: run `muscle-balance texts` and translate what is new"
    copy = tmp_path / TEMPLATE.name
    copy.write_bytes(TEMPLATE.read_bytes())
    assert not refreshed(copy, None, interface_texts())


def test_a_new_language_starts_with_every_text_untranslated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.translating.CHROME", tmp_path)
    monkeypatch.setattr("service.translating.TEMPLATE", tmp_path / "interface.pot")
    written = list(refresh(_seeds(tmp_path), ["fr"]))
    assert [path.name for path in written] == ["interface.pot", "fr.po", "fr.po"]
    assert list(refresh(_seeds(tmp_path), ["fr"])) == []


def test_an_interface_with_an_untranslated_word_refuses_to_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "CHROME", tmp_path)
    text = (CHROME / "de.po").read_text(encoding="utf-8")
    (tmp_path / "de.po").write_text(text.replace('msgstr "Sprache"', 'msgstr ""'), encoding="utf-8")
    with pytest.raises(PackRefused, match='"Language": is not translated'):
        interface_words("de")


def _seeds(tmp_path: Path) -> Path:
    """The pack's own folder, with its catalogues elsewhere."""
    folder = tmp_path / "seeds"
    if not folder.exists():
        folder.mkdir()
        for one in SEEDS.iterdir():
            if one.name != "texts":
                (folder / one.name).symlink_to(one)
    return folder
