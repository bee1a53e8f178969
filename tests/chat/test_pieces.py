"""Which messages may be parts of one text, and what the text was."""

import json

import pytest

from bot.chat.pieces import SHORTEST_CUT, goes_on, is_whole, may_go_on, readings
from bot.zjy.cookies import find_cookies
from demo.telegram.cutting import parts
from tests.e2e.pasting import export

AUTH = "0123456789abcdef" * 15
TEXT = export(AUTH)


@pytest.mark.parametrize(
    "text",
    [
        "a" * (SHORTEST_CUT + 1),
        "😀" * 1025,
        '[{"name": "auth"',
        "[\n  {",
        '{"a": [1, 2]',
        '3f"}]',
        "[标签] [{'name': 'auth'",
        'true}, {"b": false}]',
    ],
)
def test_what_is_long_or_a_begun_or_ended_json_may_be_a_part(text: str) -> None:
    assert may_go_on(text)


@pytest.mark.parametrize(
    "text", ["你好", "a" * SHORTEST_CUT, "auth=" + AUTH, AUTH, '[{"name": "auth"}]', "[抱拳]", ":]"]
)
def test_a_short_text_is_no_part(text: str) -> None:
    assert not may_go_on(text)


@pytest.mark.parametrize("text", ["", "好了", "ok", "Done!", "我发给你了，谢谢", "thanks a lot"])
def test_what_is_said_meanwhile_does_not_go_on_with_a_text(text: str) -> None:
    assert not goes_on(text)


@pytest.mark.parametrize("text", ["3f", "20210001", '"}]', "v=1; lang=zh", "A" * 201, "a\tb"])
def test_a_rest_goes_on_with_a_text_however_short_it_is(text: str) -> None:
    assert goes_on(text)


@pytest.mark.parametrize("cut", [*range(2049, 4097, 97), TEXT.index(AUTH), TEXT.index(AUTH) + 1])
def test_an_export_is_whole_with_its_last_part_and_not_before(cut: int) -> None:
    first, second = TEXT[:cut].strip(), TEXT[cut:].strip()
    assert not is_whole([first])
    assert not is_whole([second])
    assert is_whole([first, second])


def test_a_bracket_within_a_string_opens_nothing() -> None:
    assert is_whole(['[{"name": "[{", "value"', ': "x"}]'])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT, id="export"),
        pytest.param("x=1; " * 700 + "auth=" + AUTH + "; y=2" * 300, id="header"),
        pytest.param("笔记" * 1000 + "\n" + AUTH + "\n" + "再见" * 1000, id="notes"),
    ],
)
def test_wherever_the_cut_falls_the_cookie_is_among_those_that_are_tried(text: str) -> None:
    at = text.index(AUTH)
    for cut in range(at - 8, at + len(AUTH) + 8):
        whole = readings([text[:cut].strip(), text[cut:].strip()])
        assert AUTH in [found.auth for one in whole for found in find_cookies(one)], cut


def test_parts_as_an_app_makes_them_may_be_parts() -> None:
    first, second = parts(TEXT)
    assert may_go_on(first)
    assert goes_on(second.strip())


def test_an_export_of_many_parts_is_whole_with_the_last_of_them_alone() -> None:
    text = json.dumps([cookie for _ in range(4) for cookie in json.loads(TEXT)], indent=4)
    several = [part.strip() for part in parts(text)]
    assert len(several) > 5
    assert may_go_on(several[0])
    assert all(goes_on(part) for part in several[1:])
    whole = [count for count in range(1, len(several) + 1) if is_whole(several[:count])]
    assert whole == [len(several)]
    assert all(AUTH in [each.auth for each in find_cookies(one)] for one in readings(several))
