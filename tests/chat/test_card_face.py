"""What the typeface of the pictures draws, and how texts are cut by it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont
from pylopdf_fonts_zh_cn import sans_path

from bot.chat.cards.font import STAND_IN, typeface
from bot.chat.labels import ELLIPSIS
from demo.platform import demo_school
from tests.support.all_screens import NASTY_NAMES

FACE = typeface()
API = Path(__file__).parents[1] / "data" / "api-2021.md"
NAMES = st.text(alphabet=st.sampled_from("aZ 9《程》，、设计（)😀👩\u200dم\u202e𠮷\n"), max_size=60)


def boxes(text: str) -> set[str]:
    """The characters that the font draws as it draws what no font has."""
    font = ImageFont.truetype(sans_path(), 48)
    box = bytes(font.getmask("\U0010fffd"))
    return {each for each in text if bytes(font.getmask(each)) == box}


def course_and_module_names() -> Iterator[str]:
    for course in demo_school().courses:
        yield course.name
        yield from (module.name for module in course.modules)
    named = r'"(?:courseName|moduleName|name|disPlayName)"\s*:\s*"([^"]+)"'
    yield from re.findall(named, API.read_text(encoding="utf-8"))


def test_no_glyph_is_missing_for_the_course_and_module_names_of_the_examples() -> None:
    names = list(course_and_module_names())

    assert {"java面向对象程序设计", "数据结构", "C语言程序设计", "课程导学"} <= set(names)
    assert boxes("".join(names)) == set()
    assert FACE.missing("".join(names)) == frozenset()


def test_every_letter_of_an_example_is_drawn_as_it_is() -> None:
    for name in course_and_module_names():
        assert FACE.drawable(name) == " ".join(name.split())


@pytest.mark.parametrize(
    "text", ["😀", "🇨🇳", "\u200d", "\ufe0f", "\u202e", "م", "한", "𠮷", "\u2028", "\x00", "\ud800"]
)
def test_what_the_font_lacks_is_known_as_missing(text: str) -> None:
    assert FACE.missing(text) == set(text)


@pytest.mark.parametrize("text", ["aÄßЖ", "程あ①Ⅳ★✓№℃", "—–…“”·", " \u3000\xa0"])
def test_what_the_font_has_is_not_missing(text: str) -> None:
    assert FACE.missing(text) == frozenset()


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Java 的历史 ☕🚀", "Java 的历史"),
        ("👩\u200d👧👍🏽🇨🇳", ""),
        ("1️⃣ 第一章", "1 第一章"),
        ("李𠮷明", f"李{STAND_IN}明"),
        ("a\r\nb\u2028c\td", "a b c d"),
        ("abc \u202e def", "abc def"),
        ("程\u00ad序", "程序"),
        ("e\u0301te\u0301", "été"),
        ("𝐉𝐚𝐯𝐚", "Java"),
        ("한글", STAND_IN * 2),
    ],
)
def test_a_name_becomes_what_the_font_draws(name: str, drawn: str) -> None:
    assert FACE.drawable(name) == drawn


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=30))
def test_whatever_the_name_nothing_drawable_is_missing(name: str) -> None:
    assert FACE.missing(FACE.drawable(name)) == frozenset()


@given(NAMES, st.sampled_from([36, 54]), st.floats(min_value=60, max_value=900))
def test_a_text_that_is_cut_fits_its_room_and_is_cut_only_where_it_must(
    name: str, size: int, room: float
) -> None:
    text = FACE.drawable(name)
    font = ImageFont.truetype(sans_path(), size, layout_engine=ImageFont.Layout.BASIC)

    fitted = FACE.fit(text, size, room)

    assert font.getlength(fitted) <= room
    assert (fitted == text) == (font.getlength(text) <= room)
    if fitted != text:
        head, _, tail = fitted.partition(ELLIPSIS)
        assert text.startswith(head)
        assert text.endswith(tail)


@given(NAMES, st.integers(min_value=1, max_value=3), st.floats(min_value=120, max_value=900))
def test_lines_hold_all_of_a_text_or_are_cut_where_it_is_too_wide(
    name: str, most: int, room: float
) -> None:
    text = FACE.drawable(name)

    lines = FACE.lines(text, 54, room, most)

    assert 1 <= len(lines) <= most
    assert all(FACE.width(line, 54) <= room for line in lines)
    whole = "".join(lines).replace(" ", "")
    # A single word with its marks can be wider than the room, on any line.
    assert whole == text.replace(" ", "") or any(ELLIPSIS in line for line in lines)


def test_a_line_breaks_between_words_and_keeps_marks_with_theirs() -> None:
    assert FACE.lines("Object oriented programming", 54, 400, 2) == [
        "Object oriented",
        "programming",
    ]
    assert FACE.lines("程序设计，基础", 54, 54 * 4, 2) == ["程序设", "计，基础"]
    assert FACE.lines("程序语言（设计）", 54, 54 * 5, 2) == ["程序语言", "（设计）"]


def test_the_names_that_break_things_are_drawable() -> None:
    for name in NASTY_NAMES.values():
        assert boxes(FACE.drawable(name)) == set()
