"""Names that look alike get what they differ in, else a number."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.naming import look_key, one_line, told_apart

ALIKE = st.sampled_from(
    [
        "英语",
        " 英语",
        "英　语",
        "英语\u200b",
        "\u202e英语",
        "英语 (1)",
        "英语 · 甲",
        "",
        "\u3164",
        "é",
        "e\u0301",
        "Ａ",
        "A",
    ]
)
NAMES = ALIKE | st.text(max_size=12) | st.text(alphabet="ab \n\u200f（(", max_size=4)
DETAIL = st.sampled_from(["", "甲", "乙", "2021春", " 甲"]) | st.text(max_size=4)


@st.composite
def named(draw: st.DrawFn) -> tuple[list[str], list[tuple[str, ...]]]:
    names = draw(st.lists(NAMES, max_size=40))
    return names, [(draw(DETAIL), draw(DETAIL)) for _ in names]


@given(named())
def test_names_look_different_whatever_they_are_and_whatever_else_is_known(
    given_: tuple[list[str], list[tuple[str, ...]]],
) -> None:
    names, details = given_
    for made in (told_apart(names, details), told_apart(names)):
        assert len({look_key(name) for name in made}) == len(names)
        for before, after in zip(names, made, strict=True):
            assert after == before or after.startswith(one_line(before))


@given(st.lists(NAMES, unique_by=look_key))
def test_names_that_look_different_stay_as_they_are(names: list[str]) -> None:
    assert told_apart(names, [("甲", "乙")] * len(names)) == names


@pytest.mark.parametrize(
    ("names", "details", "made"),
    [
        (
            ["英语", "英语"],
            [("2020秋", "陈"), ("2021春", "陈")],
            ["英语 · 2020秋", "英语 · 2021春"],
        ),
        (["英语", "英语"], [("2021春", "陈"), ("2021春", "李")], ["英语 · 陈", "英语 · 李"]),
        (["英语", "英语"], [("", "陈"), ("", "")], ["英语 · 陈", "英语"]),
        (["英语", "英语"], [("2021春", "陈")] * 2, ["英语 (1)", "英语 (2)"]),
        (["英语", "英语 "], [(), ()], ["英语 (1)", "英语 (2)"]),
        (["英语", "英语", "英语 (1)"], [], ["英语 (2)", "英语 (3)", "英语 (1)"]),
        (
            ["英语"] * 3,
            [("2020秋", "陈"), ("2021春", "陈"), ("2021春", "李")],
            ["英语 · 2020秋 · 陈", "英语 · 2021春 · 陈", "英语 · 2021春 · 李"],
        ),
        (
            ["英语"] * 3,
            [("2020秋", "陈"), ("2021春", "陈"), ("2021春", "陈")],
            ["英语 · 2020秋", "英语 · 2021春 (1)", "英语 · 2021春 (2)"],
        ),
        (["", "", "数学"], [], ["(1)", "(2)", "数学"]),
    ],
)
def test_what_differs_is_said_in_the_shortest_way(
    names: list[str], details: Sequence[Sequence[str]], made: list[str]
) -> None:
    assert told_apart(names, details) == made


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("大学英语（一）", "大学英语(一)"),
        ("大学英语１", "大学英语1"),
        ("ＡＢＣ课程", "ABC课程"),
        ("英\u200b语", "英语"),
        ("英\u00ad语", "英语"),
        ("英\u2060语", "英语"),
        ("英语\u2800", "英语"),
        ("英语\u3164", "英语"),
        ("英语\ufe0f", "英语"),
        ("\u0410课", "A课"),
        ("\u0391课", "A课"),
        ("Il课", "ll课"),
        ("英语\u2014一", "英语-一"),
        ("英语\u00b7一", "英语\u2022一"),
        ("英语\u201c甲\u201d", '英语"甲"'),
        ("英语，甲", "英语,甲"),
        ("英语\u3002", "英语."),
        ("\u2f00门", "一门"),
    ],
)
def test_names_that_a_button_shows_alike_get_what_differs_or_a_number(one: str, other: str) -> None:
    assert look_key(one) == look_key(other)
    assert told_apart([one, other], [["甲班"], ["乙班"]])[0].endswith(" · 甲班")
    numbered = told_apart([one, other], [["甲班"], ["甲班"]])
    assert [name[-4:] for name in numbered] == [" (1)", " (2)"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\u2028c\td", "a b c d"),
        ("مرحبا \u202e abc", "مرحبا abc"),
        ("大\x00学\ud83d\ufeff", "大学"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("e\u0301", "é"),
        (" \u3000 ", ""),
    ],
)
def test_one_line_leaves_what_can_be_seen(text: str, shown: str) -> None:
    assert one_line(text) == shown
