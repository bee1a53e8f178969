"""The HTML of Telegram: which tags it knows, and what it refuses.

The rules and the words of the refusals are those of the Bot API server: tags may be nested,
offsets in refusals are bytes of the UTF-8 text, offsets of entities are UTF-16 code units.
"""

import re
from dataclasses import dataclass

from demo.telegram.date_times import checked_format
from demo.telegram.errors import ApiError, bad_request
from demo.telegram.links import checked_url
from demo.telegram.messages import Entity

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
}
_TAGS = {*_SIMPLE, "a", "tg-emoji", "tg-time", "blockquote"}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,8})|([a-z]+));?")
_SPACE = " \t\r\n\v\0"


def utf16_length(text: str) -> int:
    """UTF-16 code units, the unit of all limits and offsets."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True)
class Formatted:
    """Plain text with its entities, sorted by offset."""

    text: str
    entities: list[Entity]


@dataclass
class _Open:
    tag: str
    argument: str
    unix_time: int
    offset: int


class HtmlParser:
    """One pass over the text, position by position."""

    def __init__(self, html: str) -> None:
        self.html = html + "\0"
        self.at = 0
        self.out: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def parse(self) -> Formatted:
        end = len(self.html) - 1
        while self.at < end:
            char = self.html[self.at]
            if char == "&":
                self._emit(self._reference())
            elif char != "<":
                self._emit(self._plain(end))
            elif self.html[self.at + 1] == "/":
                self._end_tag()
            else:
                self._start_tag()
        if self.open:
            raise _broken(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return Formatted("".join(self.out), self.entities)

    def _emit(self, text: str) -> None:
        self.out.append(text)
        self.length += utf16_length(text)

    def _plain(self, end: int) -> str:
        """The text up to the next reference or tag, and go past it."""
        begin = self.at
        stops = (self.html.find(sign, begin, end) for sign in "&<")
        self.at = min((stop for stop in stops if stop >= 0), default=end)
        return self.html[begin : self.at]

    def _bytes(self, position: int) -> int:
        return len(self.html[:position].encode("utf-8", "surrogatepass"))

    def _reference(self) -> str:
        """The character of a reference, and go past it; an unknown one is text as it stands."""
        match = _REFERENCE.match(self.html, self.at)
        if match is not None:
            hexadecimal, decimal, name = match.groups()
            if name is not None:
                char = _NAMED.get(name, "")
            else:
                code = int(hexadecimal, 16) if hexadecimal else int(decimal)
                if 0xD800 <= code <= 0xDFFF:
                    raise _broken(
                        "Text contains invalid Unicode characters after decoding HTML entities, "
                        "check for unmatched surrogate code units"
                    )
                char = chr(code) if 0 < code < 0x10FFFF else ""
            if char:
                self.at = match.end()
                return char
        self.at += 1
        return "&"

    def _skip(self, stop: str) -> str:
        begin = self.at
        while self.html[self.at] not in stop:
            self.at += 1
        return self.html[begin : self.at]

    def _skip_space(self) -> None:
        while self.html[self.at] in " \t\r\n\v":
            self.at += 1

    def _start_tag(self) -> None:
        begin = self.at
        offset = self._bytes(begin)
        self.at += 1
        tag = self._skip(_SPACE + ">").lower()
        if self.html[self.at] == "\0":
            raise _broken(f"Unclosed start tag at byte offset {offset}")
        if tag not in _TAGS:
            raise _broken(f'Unsupported start tag "{tag}" at byte offset {offset}')
        argument, unix_time = "", 0
        while self.html[self.at] != ">":
            self._skip_space()
            if self.html[self.at] == ">":
                break
            name, value = self._attribute(tag, offset)
            if tag == "tg-time" and name == "unix":
                unix_time = _integer(value)
            argument = _argument(tag, name, value) or argument
        if tag == "span" and argument != "spoiler":
            raise _broken(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        self.at += 1
        self.open.append(_Open(tag, argument, unix_time, self.length))

    def _attribute(self, tag: str, offset: int) -> tuple[str, str]:
        name = self._skip(_SPACE + "=>/\"'")
        if not name:
            raise _broken(f'Empty attribute name in the tag "{tag}" at byte offset {offset}')
        self._skip_space()
        if self.html[self.at] != "=":
            if self.html[self.at] == "\0":
                raise _broken(f'Unclosed start tag "{tag}" at byte offset {offset}')
            return name, ""
        self.at += 1
        self._skip_space()
        if self.html[self.at] == "\0":
            raise _broken(f'Unclosed start tag "{tag}" at byte offset {offset}')
        value = self._value()
        if self.html[self.at] == "\0":
            raise _broken(f"Unclosed start tag at byte offset {offset}")
        return name, value

    def _value(self) -> str:
        quote = self.html[self.at]
        if quote not in "'\"":
            begin = self.at
            while self.html[self.at].isascii() and (
                self.html[self.at].isalnum() or self.html[self.at] in ".-"
            ):
                self.at += 1
            if self.html[self.at] not in _SPACE + ">":
                raise _broken(f"Unexpected end of name token at byte offset {self._bytes(begin)}")
            return self.html[begin : self.at].lower()
        self.at += 1
        value: list[str] = []
        while self.html[self.at] not in (quote, "\0"):
            if self.html[self.at] == "&":
                value.append(self._reference())
            else:
                value.append(self.html[self.at])
                self.at += 1
        if self.html[self.at] == quote:
            self.at += 1
        return "".join(value)

    def _end_tag(self) -> None:
        begin = self.at
        offset = self._bytes(begin)
        if not self.open:
            raise _broken(f"Unexpected end tag at byte offset {offset}")
        self.at += 2
        name = self._skip(_SPACE + ">").lower()
        self._skip_space()
        if self.html[self.at] != ">":
            raise _broken(f"Unclosed end tag at byte offset {offset}")
        last = self.open.pop()
        if name and name != last.tag:
            raise _broken(
                f"Unmatched end tag at byte offset {offset}, "
                f'expected "</{last.tag}>", found "</{name}>"'
            )
        self.at += 1
        if self.length > last.offset:
            self._close(last)

    def _close(self, last: _Open) -> None:
        entity = _entity(last, self.length - last.offset, "".join(self.out))
        if entity is not None:
            self.entities.append(entity)


def _argument(tag: str, name: str, value: str) -> str:
    if tag == "a" and name == "href":
        return value
    if tag == "code" and name == "class" and value.startswith("language-"):
        return value.removeprefix("language-")
    if tag == "span" and name == "class" and value.startswith("tg-"):
        return value.removeprefix("tg-")
    if tag == "tg-emoji" and name == "emoji-id":
        return value
    if tag == "tg-time" and name == "format":
        return value
    if tag == "blockquote" and name == "expandable":
        return "1"
    return ""


def _entity(opened: _Open, length: int, text: str) -> Entity | None:
    if opened.tag == "a":
        units = text.encode("utf-16-le")[opened.offset * 2 :]
        url = opened.argument or units.decode("utf-16-le")
        return _link(url, opened.offset, length)
    if opened.tag == "tg-emoji":
        if not opened.argument.isdigit():
            raise _broken("Invalid custom emoji identifier specified")
        return Entity("custom_emoji", opened.offset, length, custom_emoji_id=opened.argument)
    if opened.tag == "tg-time":
        return _moment(opened, length)
    if opened.tag == "blockquote":
        kind = "expandable_blockquote" if opened.argument else "blockquote"
        return Entity(kind, opened.offset, length)
    language = opened.argument if opened.tag == "code" else ""
    return Entity(_SIMPLE[opened.tag], opened.offset, length, language=language or None)


def _moment(opened: _Open, length: int) -> Entity | None:
    """A moment's entity; one without a time after 1970 is dropped without a word."""
    try:
        shown = checked_format(opened.argument)
    except ValueError:
        raise _broken("Invalid date format used") from None
    if opened.unix_time <= 0:
        return None
    return Entity(
        "date_time",
        opened.offset,
        length,
        unix_time=opened.unix_time,
        date_time_format=shown,
    )


def _integer(value: str) -> int:
    """The digits that a value begins with as a number of 32 bits, as the API reads it; else 0."""
    digits = re.match(r"-?[0-9]+", value)
    number = int(digits[0]) if digits else 0
    return (number + 2**31) % 2**32 - 2**31


def _link(url: str, offset: int, length: int) -> Entity | None:
    """A link's entity; an address that Telegram does not accept is dropped without a word."""
    mention = re.fullmatch(r"tg://user\?id=(\d+)", url)
    if mention is not None:
        return Entity("text_mention", offset, length, user_id=int(mention[1]))
    checked = checked_url(url)
    return Entity("text_link", offset, length, url=checked) if checked else None


def _broken(text: str) -> ApiError:
    return bad_request(f"can't parse entities: {text}")
