"""Cleans a pasted text of what keyboards, chats, shells and encodings add to a value.

Each pattern matches in time linear in the text; no function here raises.
"""

import html
import re
import unicodedata

from bot.zjy.cookie_margins import without_line_numbers

LONGEST_TEXT = 2**20
"""The most characters that are read; an export of a whole browser has fewer."""

_INVISIBLE = (
    *(0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFEFF, 0xFFA0),
    *range(0x180B, 0x1810),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    *range(0xFFF9, 0xFFFC),
    *range(0xE0000, 0xE0080),
    *range(0xE0100, 0xE01F0),
)
# Not NFKC: it turns ① into a digit, which would join the value after it.
_PLAIN = (
    dict.fromkeys(_INVISIBLE, "")
    | {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
    | {bold: unicodedata.normalize("NFKC", chr(bold)) for bold in range(0x1D400, 0x1D800)}
    | str.maketrans(dict.fromkeys("“”„‟″«»＂", '"') | dict.fromkeys("‘’‚‛′＇", "'"))
    | str.maketrans(dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000", " "))
    | dict.fromkeys(range(0x2000, 0x200B), " ")
    | str.maketrans(dict.fromkeys("\u2010\u2011", "-"))
    | str.maketrans(dict.fromkeys("\v\f\x1c\x1d\x1e\x85\u2028\u2029", "\n"))
)
_FENCE = re.compile(r"```(?:[A-Za-z]{1,20}\n)?")
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,16}m")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,31});")
_TAG = re.compile(
    r"</?(?:a|b|br|code|div|em|font|i|kbd|li|mark|ol|p|pre|samp|span|strong|table|tbody|td|th|tr"
    r"|tt|u|ul|wbr)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_LONG_HEX = re.compile(r"[0-9A-Fa-f]{16}")
_ESCAPE = re.compile(
    # The last alternative matches a row of backslashes that escapes nothing.
    r"\\++(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([nrt])|([^0-9A-Za-z\\])|)"
)
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})++")
# Mails encode each byte beyond ASCII, and break lines after an equals sign.
_QUOTED_SIGN = re.compile(r"(?:=[C-F][0-9A-F](?:=[89AB][0-9A-F]){1,3})+")
_QUOTED_TEXT = re.compile(r"=E[0-9A-F]=[89AB][0-9A-F]=[89AB][0-9A-F]")
_SOFT_BREAK = re.compile(r"=[ \t]{0,9}\n")
_MOST_ROUNDS = 3


def clean(text: str) -> str:
    """The text without invisible characters, full-width forms, typographic quotes and code
    fences."""
    lines = text[:LONGEST_TEXT].translate(_PLAIN).replace("\r\n", "\n").replace("\r", "\n")
    lines = _COLOUR.sub("", lines)
    return _FENCE.sub("\n", lines).replace("`", "'").strip()


def unescape(text: str) -> str:
    """A cleaned text with the escapes of shells, JSON, HTML, URLs and mails undone, nested ones
    too; an HTML tag becomes a line break."""
    plain = text.replace("^", "")
    if _is_quoted_printable(plain):
        plain = _SOFT_BREAK.sub("", plain).replace("=3D", "=")
        plain = _QUOTED_SIGN.sub(_without_equals, plain)
    for _ in range(_MOST_ROUNDS):
        before = plain
        plain = _ENTITY.sub(lambda each: html.unescape(each.group()), plain)
        plain = _ESCAPE.sub(_without_backslash, plain)
        plain = _PERCENT.sub(_without_percent, plain)
        if plain == before:
            break
    lines = _TAG.sub(_without_tag, plain).translate(_PLAIN).replace("\r", "\n")
    return without_line_numbers(lines)


def _without_backslash(escape: re.Match[str]) -> str:
    four, two, letter, sign = escape.groups()
    if four or two:
        return chr(int(four or two, 16))
    if letter:
        return "\t" if letter == "t" else "\n"
    return sign or "\\"


def _without_percent(escape: re.Match[str]) -> str:
    signs = bytes.fromhex(escape.group().replace("%", ""))
    if len(signs) == 1 and (signs.isalnum() or signs[0] > 0x7F):
        return (
            escape.group()
        )  # "100%" with the value after it: URLs encode no letter or digit alone
    return signs.decode("utf-8", errors="replace")


def _is_quoted_printable(text: str) -> bool:
    """Whether the text is of a mail. One ``=3D`` alone may be the beginning of a value."""
    quoted = text.count("=3D")
    return (
        quoted > 1 or bool(quoted and _SOFT_BREAK.search(text)) or bool(_QUOTED_TEXT.search(text))
    )


def _without_equals(signs: re.Match[str]) -> str:
    return bytes.fromhex(signs.group().replace("=", "")).decode("utf-8", errors="replace")


def _without_tag(tag: re.Match[str]) -> str:
    return tag.group() if _LONG_HEX.search(tag.group()) else "\n"
