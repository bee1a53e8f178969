"""The gallery: as many pictures as a page can bear, small, and those that `make gallery` takes."""

import re

import pytest
from PIL import Image

from tests.docs.pages import ROOT, page
from tests.gallery.album import HEIGHT, LARGEST, WIDTH

GALLERY = ROOT / "docs" / "gallery"
COUNT = 14
LANGUAGES = ("zh", "en")


def names(language: str) -> list[str]:
    return sorted(path.name for path in (GALLERY / language).iterdir())


def test_it_holds_these_pictures_and_their_page_alone() -> None:
    assert {path.name for path in GALLERY.iterdir()} == {*LANGUAGES, "README.md"}
    assert len(names("zh")) == COUNT
    assert names("zh") == names("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_a_small_webp_of_a_phones_window(language: str) -> None:
    assert LARGEST <= 40_000
    for name in names(language):
        file = GALLERY / language / name
        assert file.stat().st_size < LARGEST, name
        with Image.open(file) as picture:
            assert (picture.format, picture.size) == ("WEBP", (WIDTH, HEIGHT)), name


def test_each_is_shown_once_and_in_its_order() -> None:
    shown = [link for link in page("docs/gallery/README.md").links if "://" not in link]

    assert shown == [f"{language}/{name}" for language in LANGUAGES for name in names(language)]


def test_they_are_those_that_the_scenes_take() -> None:
    source = (ROOT / "tests/gallery/scenes.py").read_text(encoding="utf-8")
    taken = re.findall(r'\.shoot\("([a-z-]+)"', source)

    assert [f"{number:02}-{name}.webp" for number, name in enumerate(taken, 1)] == names("zh")
