"""The forms in which a cookie travels: each function finds values named ``auth`` in one form.

Nothing here judges a value. Every pattern is read in linear time, whatever the text.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice

NAME = "auth"
MOST_PLACES = 64
"""So many places of one text are looked at; a real paste has one or two."""
LONGEST_PLACE = 4096
"""Characters that are read after a name: a value of 1024 with room for its line breaks."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‘’‚‛′", "'"))
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
_FENCE = re.compile(r"```[A-Za-z]*\n?")
_HEX = re.compile(r"[0-9A-Fa-f]+")
_TOKEN = re.compile(r"[\w.+-]+", re.ASCII)
_VALUE_END = re.compile(r"""[;"',)}\]<>|&]""")
_ESCAPED = re.compile(r"\\u00([0-9A-Fa-f]{2})|\\x([0-9A-Fa-f]{2})")
_LINE_GOES_ON = re.compile(r"\\[ ]?\n")
_LABEL = re.compile(
    # A cookie's name ends where it begins: xauth= and ?auth= are others.
    r"""(?:(?<![^\s;,"'({:\[])|(?<=\s-b))"""
    r"""(?:auth["']?\s*[:=]|(?:auth|cookies?)[^0-9A-Za-z;=&]{0,12}(?=[0-9A-Fa-f]{16}))""",
    re.IGNORECASE,
)
_POWERSHELL = re.compile(
    r"""Cookie\(\s{0,9}["']auth["']\s{0,9},\s{0,9}["']([^"']{0,4096})["']"""
    r"""(?:\s{0,9},\s{0,9}["'][^"']{0,256}["']\s{0,9},\s{0,9}["']([^"']{0,256})["'])?""",
    re.IGNORECASE,
)
_COMMAND = re.compile(r"-Uri\b|\bcurl(?:\.exe)?\b", re.IGNORECASE)
_URL_HOST = re.compile(r"https?://([^/\s\"':?#]{1,255})", re.IGNORECASE)
_HOST_HEADER = re.compile(
    r"^[ \t\"']{0,4}Host:[ \t]{0,4}([^\s:\"']{1,255})", re.IGNORECASE | re.MULTILINE
)
_DOMAIN_FIELDS = ("domain", "host", "host_raw", "url")
_EXPIRY_FIELDS = ("expirationdate", "expires", "expiry", "expires_utc")


@dataclass(frozen=True, slots=True)
class Found:
    """A value named ``auth``; ``domain`` in lower case without a leading dot."""

    value: str
    domain: str | None = None
    expires_at: datetime | None = None


def clean(text: str) -> str:
    """The text without what chats and keyboards add: invisible characters, full-width forms,
    typographic quotes, code fences."""
    visible = _INVISIBLE.sub("", text.translate(_QUOTES))
    wide = unicodedata.normalize("NFKC", visible)
    lines = wide.replace("\r\n", "\n").replace("\r", "\n")
    return _FENCE.sub("", lines).replace("`", "").strip()


def requested_host(text: str) -> str | None:
    """The host that a copied command or request goes to."""
    header = _HOST_HEADER.search(text)
    if header:
        return _domain(header.group(1))
    commands = {each.group().lower(): each.end() for each in _COMMAND.finditer(text)}
    if not commands:
        return None
    start = commands.get("-uri", min(commands.values()))
    url = _URL_HOST.search(text, start)
    return _domain(url.group(1)) if url else None


def in_json(text: str) -> Iterator[Found]:
    """Exports of cookie extensions, and whatever else has a key or a name ``auth``."""
    for opening, closing in ("[]", "{}"):
        start, end = text.find(opening), text.rfind(closing)
        if start < 0 or end <= start:
            continue
        try:
            root: object = json.loads(text[start : end + 1], strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _in_tree(root)


def _in_tree(root: object) -> Iterator[Found]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node))
        elif isinstance(node, dict):
            fields = {key.strip().lower(): value for key, value in node.items()}
            yield from _in_object(fields)
            waiting.extend(reversed(node.values()))


def _in_object(fields: dict[str, object]) -> Iterator[Found]:
    value = fields.get("value")
    if _is_name(fields.get("name")) and isinstance(value, str):
        yield _of_object(value, fields)
    own = fields.get(NAME)
    if isinstance(own, str):
        yield _of_object(own, fields)
    elif isinstance(own, dict) and isinstance(own.get("value"), str):
        yield _of_object(own["value"], {key.lower(): each for key, each in own.items()})
    for header in ("cookie", "cookies"):
        line = fields.get(header)
        if isinstance(line, str):
            yield from in_labelled_text(line)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value.strip().lower() == NAME


def _of_object(value: str, fields: dict[str, object]) -> Found:
    domains = (fields.get(name) for name in _DOMAIN_FIELDS)
    domain = next((each for each in domains if isinstance(each, str) and each.strip()), None)
    moments = (_moment(fields.get(name)) for name in _EXPIRY_FIELDS)
    return Found(
        "".join(value.split()).strip("\"';"),
        _domain(domain) if domain else None,
        next((each for each in moments if each), None),
    )


def in_cookies_txt(text: str) -> Iterator[Found]:
    """Lines of domain, flag, path, flag, expiry, name and value, parted by any blanks."""
    words = text.split()
    for at in islice(_where_columns_end(words), MOST_PLACES):
        yield Found(
            _joined(words[at + 1 : at + LONGEST_PLACE]),
            _domain(words[at - 5].removeprefix("#HttpOnly_")),
            _moment(words[at - 1]),
        )


def _where_columns_end(words: list[str]) -> Iterator[int]:
    flags = ("TRUE", "FALSE")
    for at in range(5, len(words)):
        if words[at] == NAME and words[at - 4].upper() in flags and words[at - 2].upper() in flags:
            yield at


def in_powershell(text: str) -> Iterator[Found]:
    """``New-Object System.Net.Cookie("auth", value, path, domain)``."""
    for match in islice(_POWERSHELL.finditer(text.replace("^", "")), MOST_PLACES):
        value, domain = match.groups()
        yield Found("".join(value.split()), _domain(domain) if domain else None)


def in_labelled_text(text: str) -> Iterator[Found]:
    """``auth=…`` in a Cookie header, a command or a note, under any shell's quoting."""
    plain = _LINE_GOES_ON.sub("", text)
    plain = _ESCAPED.sub(lambda each: chr(int(each.group(1) or each.group(2), 16)), plain)
    plain = plain.replace("\\", "").replace("^", "")
    for label in islice(_LABEL.finditer(plain), MOST_PLACES):
        place = plain[label.end() : label.end() + LONGEST_PLACE].lstrip(" \t\n\"'")
        end = _VALUE_END.search(place)
        yield Found(_joined((place[: end.start()] if end else place).split()))


def in_bare_text(text: str) -> Iterator[Found]:
    """The value alone, perhaps quoted or broken into lines."""
    words = text.strip("\"'; \n\t").split()
    value = "".join(words)
    numbers = value.isdecimal() and (len(words) > 1 or len(value) < 32)  # of telephones, say
    if numbers or (len(words) > 1 and not _HEX.fullmatch(value)):
        return
    if _HEX.fullmatch(value) or (len(value) >= 32 and _TOKEN.fullmatch(value)):
        yield Found(value)


def _joined(words: list[str]) -> str:
    """The first word, and those after it that go on with the value that a line break cut."""
    value: list[str] = []
    for word in words:
        last = word.removesuffix("。").removesuffix(".")
        if value and not _HEX.fullmatch(last):
            break
        value.append(last)
        if not _HEX.fullmatch(word):
            break
    return "".join(value)


def _domain(text: str) -> str:
    host = text.strip().lower().rpartition("//")[2]
    return re.split(r"[/:?#]", host, maxsplit=1)[0].strip(".")


def _moment(value: object) -> datetime | None:
    """Seconds or milliseconds since 1970, an ISO moment or an HTTP date; None for none of them
    and for a session's cookie (0 or less)."""
    if isinstance(value, str):
        text = value.strip()
        try:
            value = float(text)
        except ValueError:
            return _written_moment(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        seconds = float(value)
        if not seconds > 0:
            return None
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _written_moment(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None
