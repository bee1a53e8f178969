"""Labels of a list fit their width, are cut between signs, and no two look alike."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from bot.chat.labels import ELLIPSIS, cut, display_width, labels
from bot.naming import look_key, one_line

SIGNS = st.sampled_from(
    "aZ 9<&\"'中文，👍🏽👩\u200d👧🇨🇳\u0301\ufe0f\u202e\u200fשלم\n\r\t\u2028（(①"
)
NAMES = st.text(alphabet=SIGNS | st.characters(exclude_categories=()), max_size=80)
STEMS = st.sampled_from(
    ["大学生职业发展与就业指导课程", "Object oriented programming with Java ", "👩‍👧🇨🇳" * 9]
)
LEAST_WIDTH = 12
"""Columns below which numbers make labels wider than they may be."""
DIFFERENT = st.sampled_from(
    ["", " ", "（一）", "（二）", "x", "y", "\u200b", "e\u0301", "é", "🇨🇳", "👍🏽"]
)


@st.composite
def relatives(draw: st.DrawFn) -> str:
    """Long names that differ only in the first sign, in the middle, at the end, or not at all."""
    stem, tail = draw(STEMS), draw(STEMS)
    return draw(DIFFERENT) + stem + draw(DIFFERENT) + tail + draw(DIFFERENT)


def parts(text: str) -> list[str]:
    return list(iter_graphemes(text))


@given(st.lists(relatives() | NAMES, max_size=30), st.integers(min_value=LEAST_WIDTH, max_value=60))
def test_labels_of_any_names_fit_and_no_two_look_alike(names: list[str], width: int) -> None:
    made = labels(names, width)
    assert len({look_key(label) for label in made}) == len(names)
    for name, label in zip(names, made, strict=True):
        assert display_width(label) <= width
        assert len(label.splitlines()) <= 1
        whole = set(parts(one_line(name)))
        cut_out = parts(label.replace(ELLIPSIS, "\n"))
        assert set(cut_out) - whole <= {"\n", *" (0123456789)"}, "a sign is whole, or not there"


@given(st.lists(NAMES, unique_by=look_key, max_size=9), st.integers(min_value=8, max_value=60))
def test_a_name_that_fits_and_is_like_no_other_stays_whole(names: list[str], width: int) -> None:
    for name, label in zip(names, labels(names, width), strict=True):
        if display_width(one_line(name)) <= width:
            assert label == one_line(name)


def test_hundreds_of_long_names_are_told_apart() -> None:
    drawn = random.Random(2021)
    for stem in ("很长的课程名称", "a very long name "):
        names = []
        for _ in range(400):
            signs = list(stem * 8)
            signs[drawn.randrange(len(signs))] = drawn.choice("一二三XYZ")
            names.append("".join(signs))
        names += names[:50] + [stem * n for n in range(5, 40)]
        made = labels(names, 28)
        assert len({look_key(label) for label in made}) == len(names)
        assert max(display_width(label) for label in made) <= 28


@pytest.mark.parametrize(
    ("names", "width", "made"),
    [
        (
            ["大学生职业发展与就业指导课程（一）", "大学生职业发展与就业指导课程（二）"],
            28,
            ["大学生职业发展与就…程（一）", "大学生职业发展与就…程（二）"],
        ),
        (
            ["大学生职业发展与就业指导课程（一）", "大学生职业发展与就业指导课程（二）"],
            16,
            ["大学生职业…一）", "大学生职业…二）"],
        ),
        (
            ["abcdefghijklmn1opqrstuvwxyz", "abcdefghijklmn2opqrstuvwxyz"],
            15,
            ["abcd…1opqrstuv…", "abcd…2opqrstuv…"],
        ),
        (["网络基础", "数据库"], 28, ["网络基础", "数据库"]),
        (["网络", "网络"], 28, ["网络 (1)", "网络 (2)"]),
    ],
)
def test_what_tells_names_apart_stays_visible(
    names: list[str], width: int, made: list[str]
) -> None:
    assert labels(names, width) == made


@given(NAMES, st.integers(min_value=2, max_value=60))
def test_only_what_does_not_fit_is_cut_and_keeps_head_and_tail(text: str, width: int) -> None:
    line, label = one_line(text), cut(text, width)
    assert display_width(label) <= width
    if display_width(line) <= width:
        assert label == line
    else:
        head, _, tail = label.rpartition(ELLIPSIS)
        assert line.startswith(head)
        assert line.endswith(tail)


@pytest.mark.parametrize(
    ("text", "width", "label"),
    [
        ("第一章 网络基础", 40, "第一章 网络基础"),
        ("第一章 网络基础", 9, "第一章…础"),
        ("ab\ncd", 40, "ab cd"),
        ("é" * 6, 5, "ééé…é"),
        ("👩\u200d👧" * 5, 7, "👩\u200d👧👩\u200d👧…👩\u200d👧"),
        ("🇨🇳" * 5, 6, "🇨🇳🇨🇳…"),
        ("", 5, ""),
        ("   ", 5, ""),
    ],
)
def test_labels_of_every_script(text: str, width: int, label: str) -> None:
    assert cut(text, width) == label


def test_a_sign_with_very_many_marks_takes_room_so_that_no_label_is_endless() -> None:
    assert len(cut("a" + "\u0301" * 5000, 28)) < 500


@given(st.text(alphabet="中文字，。", max_size=30))
def test_a_chinese_character_takes_two_columns(text: str) -> None:
    assert display_width(text) == 2 * len(text)


@given(st.characters(categories=["Mn"]))
def test_a_mark_above_a_letter_takes_no_column(mark: str) -> None:
    if unicodedata.combining(mark):
        assert display_width("a" + mark) == 1
