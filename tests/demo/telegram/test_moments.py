"""Moments in a text (``<tg-time>``, ``date_time``): formats, refusals, nesting."""

import pytest

from demo.telegram import ApiError, Person
from demo.telegram.entities import parse_html
from tests.support.bot_api_client import Api

AT = 1_700_003_600


def parsed(html: str) -> list[tuple[str, int, int]]:
    return [(e.type, e.offset, e.length) for e in parse_html(html).entities]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (' format="t"', "t"),
        (' format="wDT"', "wDT"),
        (' format="Tdw"', "wdT"),
        (' format="r"', "r"),
        (' format="R"', "r"),
        (' format=""', ""),
        ("", ""),
    ],
)
async def test_a_moment_keeps_its_text_and_its_format(
    api: Api, student: Person, given: str, told: str
) -> None:
    html = f'约 <tg-time unix="{AT}"{given}>22:45</tg-time> 学完'
    sent = await api("sendMessage", chat_id=1001, text=html, parse_mode="HTML")
    assert sent["text"] == "约 22:45 学完"
    assert sent["entities"] == [
        {"type": "date_time", "offset": 2, "length": 5, "unix_time": AT, "date_time_format": told}
    ]


@pytest.mark.parametrize("given", ["x", "rt", "HH:mm", "yyyy", "t "])
def test_an_unknown_format_is_refused(given: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(f'<tg-time unix="{AT}" format="{given}">22:45</tg-time>')
    assert caught.value.description == (
        "Bad Request: can't parse entities: Invalid date format used"
    )


@pytest.mark.parametrize(
    "attributes", ["", ' unix=""', ' unix="soon"', ' unix="0"', ' unix="-5"', ' unix="4294967295"']
)
def test_a_moment_without_a_time_stays_text(attributes: str) -> None:
    formatted = parse_html(f"<tg-time{attributes}>22:45</tg-time>")
    assert (formatted.text, formatted.entities) == ("22:45", [])


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ('<tg-time unix="1">a', 'Can\'t find end tag corresponding to start tag "tg-time"'),
        ('<tg-time unix="1"', "Unclosed start tag at byte offset 0"),
        ("<tg-date>a</tg-date>", 'Unsupported start tag "tg-date" at byte offset 0'),
        (
            '<tg-time unix="1">a</time>',
            'Unmatched end tag at byte offset 19, expected "</tg-time>", found "</time>"',
        ),
    ],
)
def test_a_broken_tag_is_refused(html: str, words: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(html)
    assert caught.value.description == f"Bad Request: can't parse entities: {words}"


def test_nothing_is_formatted_in_a_moment_and_bold_goes_on_after_it() -> None:
    moment = f'<tg-time unix="{AT}" format="t">22<i>:</i>45</tg-time>'
    assert parsed(f"<b>约 {moment} 完</b>") == [
        ("bold", 0, 2),
        ("date_time", 2, 5),
        ("bold", 7, 2),
    ]
    assert parsed(f'<a href="https://example.org">约 {moment}</a>') == [
        ("text_link", 0, 7),
        ("italic", 4, 1),
    ]
    assert parsed(f"<blockquote>{moment}</blockquote>") == [
        ("blockquote", 0, 5),
        ("date_time", 0, 5),
    ]


async def test_a_moment_can_be_given_as_an_entity(api: Api, student: Person) -> None:
    moment = {"type": "date_time", "offset": 0, "length": 5, "unix_time": AT}
    sent = await api("sendMessage", chat_id=1001, text="22:45", entities=[moment])
    assert sent["entities"] == [moment | {"date_time_format": ""}]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"type": "date_time"}, 'Can\'t find field "unix_time"'),
        ({"type": "date_time", "unix_time": "soon"}, 'Field "unix_time" must be a valid Number'),
        ({"type": "date_time", "unix_time": 0}, "Invalid date specified"),
        (
            {"type": "date_time", "unix_time": AT, "date_time_format": "HH"},
            "Invalid date-time format specified",
        ),
        ({"type": "blink"}, "Unsupported type specified"),
        ({"type": "text_link"}, 'Can\'t find field "url"'),
        ({"type": "bold", "offset": None}, 'Field "offset" must be a Number'),
    ],
)
async def test_a_bad_entity_is_refused(
    api: Api, student: Person, given: dict[str, object], words: str
) -> None:
    entity = {"offset": 0, "length": 1, **given}
    answer = await api.refused("sendMessage", chat_id=1001, text="a", entities=[entity])
    assert answer == f"400 Bad Request: can't parse MessageEntity: {words}"
