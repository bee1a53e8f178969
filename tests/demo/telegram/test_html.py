"""HTML: tags, references, refusals with the Bot API's own words, and offsets."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.telegram import ApiError, Person
from demo.telegram.entities import parse_html
from demo.telegram.html_text import utf16_length
from tests.support.bot_api_client import Api


def parsed(html: str) -> tuple[str, list[tuple[str, int, int]]]:
    formatted = parse_html(html)
    return formatted.text, [(e.type, e.offset, e.length) for e in formatted.entities]


def refusal(html: str) -> str:
    with pytest.raises(ApiError) as caught:
        parse_html(html)
    assert caught.value.code == 400
    return caught.value.description.removeprefix("Bad Request: can't parse entities: ")


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("tg-spoiler", "spoiler"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
        ("B", "bold"),
    ],
)
def test_each_tag_has_its_entity(tag: str, kind: str) -> None:
    assert parsed(f"x<{tag}>好</{tag.lower()}>") == ("x好", [(kind, 1, 1)])


def test_tags_with_attributes() -> None:
    assert parsed('<span class="tg-spoiler">a</span>') == ("a", [("spoiler", 0, 1)])
    assert parsed("<blockquote expandable>a</blockquote>") == (
        "a",
        [("expandable_blockquote", 0, 1)],
    )
    link = parse_html('<a href="https://example.org/?a=1&amp;b=2">go</a>').entities[0]
    assert (link.type, link.url) == ("text_link", "https://example.org/?a=1&b=2")
    code = parse_html('<pre><code class="language-python">x</code></pre>').entities
    assert [(e.type, e.language) for e in code] == [("pre", "python")]
    emoji = parse_html('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>').entities[0]
    assert emoji.wire()["custom_emoji_id"] == "5368324170671202286"
    mention = parse_html('<a href="tg://user?id=42">he</a>').entities[0]
    assert (mention.type, mention.wire()["user"]["id"]) == ("text_mention", 42)


def test_a_link_without_a_good_address_stays_text() -> None:
    assert parsed('<a href="javascript:1">x</a>') == ("x", [])


def test_offsets_are_utf16_code_units() -> None:
    assert parsed("😀<b>好😀</b>") == ("😀好😀", [("bold", 2, 3)])


def test_tags_nest() -> None:
    assert parsed("<b>a<i>b</i></b>") == ("ab", [("bold", 0, 2), ("italic", 1, 1)])


def test_nothing_is_formatted_inside_code() -> None:
    assert parsed("<code>a<b>b</b></code>") == ("ab", [("code", 0, 2)])
    assert parsed("<pre>see https://example.org</pre>")[1] == [("pre", 0, 23)]


def test_bold_stops_before_code_and_goes_on_after_it() -> None:
    assert parsed("<b>a<code>b</code>c</b>") == (
        "abc",
        [("bold", 0, 1), ("code", 1, 1), ("bold", 2, 1)],
    )
    assert parsed("<b><code>a</code></b>") == ("a", [("code", 0, 1)])


@pytest.mark.parametrize("outer", ["blockquote", "blockquote expandable"])
@pytest.mark.parametrize("inner", ["blockquote", "blockquote expandable"])
def test_quotes_do_not_nest(outer: str, inner: str) -> None:
    html = f"<{outer}>a<{inner}>b</blockquote></blockquote>"
    kind = "expandable_blockquote" if "expandable" in outer else "blockquote"
    assert parsed(html) == ("ab", [(kind, 0, 2)])


def test_a_link_around_a_quote_is_dropped() -> None:
    html = '<a href="https://example.org">a<blockquote>b</blockquote></a>'
    assert parsed(html) == ("ab", [("blockquote", 1, 1)])


def test_an_attribute_without_a_value_is_passed_over() -> None:
    assert parsed("<b hidden>a</b>") == ("a", [("bold", 0, 1)])
    assert parsed("<blockquote expanded>a</blockquote>") == ("a", [("blockquote", 0, 1)])


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("&lt;b&gt; &amp; &quot;", '<b> & "'),
        ("&#20320;&#x597d;", "你好"),
        ("&nbsp;&copy;&apos;", "&nbsp;&copy;&apos;"),
        ("a & b", "a & b"),
        ("1 > 0", "1 > 0"),
    ],
)
def test_only_four_names_and_numbers_are_references(html: str, text: str) -> None:
    assert parse_html(html).text == text


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("你好<br>", 'Unsupported start tag "br" at byte offset 6'),
        ("1 < 2 >", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        (
            "<blockquote expandable>a",
            'Can\'t find end tag corresponding to start tag "blockquote"',
        ),
        (
            "<blockquote expandable>a</quote>",
            'Unmatched end tag at byte offset 24, expected "</blockquote>", found "</quote>"',
        ),
        ('<blockquote expandable="yes>a</blockquote>', "Unclosed start tag at byte offset 0"),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        (
            "<b><i>a</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("<b>a</b x>", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href=http://x>a</a>", "Unexpected end of name token at byte offset 8"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        (
            "<blockquote expandable/>",
            'Empty attribute name in the tag "blockquote" at byte offset 0',
        ),
        ("<blockquote>a", 'Can\'t find end tag corresponding to start tag "blockquote"'),
        ("<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 0'),
        ('<tg-emoji emoji-id="a">👍</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_broken_html_is_refused_in_the_words_of_the_api(html: str, words: str) -> None:
    assert refusal(html) == words


def test_half_a_character_is_refused() -> None:
    assert refusal("&#xd83d;").startswith("Text contains invalid Unicode characters")


def test_white_space_around_a_text_is_cut_off() -> None:
    assert parsed("\n <b> a </b>\n") == ("a", [("bold", 0, 1)])


def test_commands_and_addresses_are_found() -> None:
    assert parsed("用 /courses 或 https://example.org/x。") == (
        "用 /courses 或 https://example.org/x。",
        [("bot_command", 2, 8), ("url", 13, 21)],
    )


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_escaped_text_comes_back_unchanged(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(f"|<b>{escaped}</b>|").text == f"|{text}|"


@given(st.text("<>/&;=\"'ab 😀pre", max_size=40))
def test_any_text_is_parsed_or_refused(html: str) -> None:
    with contextlib.suppress(ApiError):
        formatted = parse_html(html)
        total = utf16_length(formatted.text)
        assert all(0 <= e.offset < e.offset + e.length <= total for e in formatted.entities)


async def test_a_broken_text_is_not_sent(api: Api, student: Person) -> None:
    assert await api.refused("sendMessage", chat_id=1001, text="<x>", parse_mode="HTML") == (
        '400 Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0'
    )
    assert len(student.chat.messages) == 1


async def test_entities_travel_on_the_wire(api: Api, student: Person) -> None:
    sent = await api("sendMessage", chat_id=1001, text="<b>好</b>", parse_mode="html")
    assert (sent["text"], sent["entities"]) == (
        "好",
        [{"offset": 0, "length": 1, "type": "bold"}],
    )
    assert (student.chat.last.text, student.chat.last.html) == ("好", "<b>好</b>")


async def test_entities_can_be_given_instead_of_markup(api: Api, student: Person) -> None:
    bold = [{"type": "bold", "offset": 0, "length": 1}]
    sent = await api("sendMessage", chat_id=1001, text="<b", entities=bold)
    assert (sent["text"], sent["entities"]) == (
        "<b",
        [{"offset": 0, "length": 1, "type": "bold"}],
    )
    assert "can't parse MessageEntity" in await api.refused(
        "sendMessage", chat_id=1001, text="a", entities=[{"type": "bold"}]
    )


async def test_other_parse_modes_are_refused(api: Api, student: Person) -> None:
    call = {"chat_id": 1001, "text": "a"}
    unknown = await api.refused("sendMessage", parse_mode="BBCode", **call)
    assert unknown == "400 Bad Request: unsupported parse_mode"
    assert "MarkdownV2" in await api.refused("sendMessage", parse_mode="MarkdownV2", **call)
