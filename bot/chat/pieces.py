"""Texts that Telegram's apps cut into several messages, because a message holds at most 4096 UTF-16
units.

Some apps cut at a line break or blank of the second half, others where the message is full, and
Telegram strips the blanks at the cut. So a value may continue in the next message, or end at the
cut.
"""

import re
from collections.abc import Sequence

from bot.outbox.screen import units

SHORTEST_CUT = 2048
"""UTF-16 units: no app cuts a message before half of the limit."""
SHORT_TALK = 200
"""Characters; a shorter text continues another one only if it has the signs of a continuation."""

_BEGUN = re.compile(r"""[\[{]\s*["'\[{]""")
_ENDED = re.compile(r"""["'\]}\del]\s*[\]}][\]}\s,;]*\Z""")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_SIGNS = re.compile(r"""["{}\[\]=;\t]""")
_TOKEN = re.compile(r"(?=\D*\d)[\w.+/%-]+|[0-9A-Fa-f]+", re.ASCII)


def may_go_on(text: str) -> bool:
    """Whether the text may be the first of several messages that were one text."""
    return units(text) > SHORTEST_CUT or _is_begun(text) or _is_ended(text)


def goes_on(text: str) -> bool:
    """Whether the text may continue the messages before it, and is not a remark of the person in
    between."""
    stripped = text.strip()
    is_token = _TOKEN.fullmatch(stripped) is not None
    return len(stripped) > SHORT_TALK or is_token or _SIGNS.search(stripped) is not None


def is_whole(texts: Sequence[str]) -> bool:
    """Whether the messages are a complete JSON text, so that no further part comes."""
    whole = "".join(texts)
    begun = _BEGUN.search(whole)
    return (
        begun is not None
        and _ENDED.search(whole) is not None
        and _depth(whole[begun.start() :]) == 0
    )


def readings(texts: Sequence[str]) -> tuple[str, ...]:
    """The text that the messages were, in their order: joined directly, and joined with the line
    break that Telegram may have stripped. A value crosses one cut at most."""
    if len(texts) == 1:
        return (texts[0],)
    return "".join(texts), "\n".join(texts)


def _is_begun(text: str) -> bool:
    begun = _BEGUN.search(text)
    return begun is not None and _depth(text[begun.start() :]) > 0


def _is_ended(text: str) -> bool:
    """Whether more brackets are closed than opened. The text may begin within a string, so strings
    cannot be recognised."""
    closed, opened = (sum(map(text.count, brackets)) for brackets in ("]}", "[{"))
    return closed > opened and _ENDED.search(text) is not None


def _depth(text: str) -> int:
    """The number of opened brackets less closed ones, outside strings."""
    plain = _STRING.sub("", text)
    return sum(map(plain.count, "[{")) - sum(map(plain.count, "]}"))
