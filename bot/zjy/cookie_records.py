"""Reads objects in braces with named fields: exports of extensions, HAR, storage states, ``repr``.

Only braces and keys are parsed, so single quotes, unquoted keys, comments, trailing commas,
consecutive objects and truncated texts are all readable.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_BRACE = re.compile(r"[{}]")
_KEYS = {
    "name": "name",
    "name raw": "name",
    "key": "name",
    "value": "value",
    "content": "value",
    "content raw": "value",
    "val": "value",
    "domain": "domain",
    "host": "domain",
    "host raw": "domain",
    "host_raw": "domain",
    "host_key": "domain",
    "url": "url",
    "expirationdate": "expires",
    "expires": "expires",
    "expires raw": "expires",
    "expires_utc": "expires",
    "expiry": "expires",
    "auth": "auth",
    "cookie": "cookie",
    "cookies": "cookie",
    "set-cookie": "cookie",
    "request": "request",
}
_FIELD = re.compile(
    r"""(?<![\w-])(["']?)("""
    + "|".join(sorted(map(re.escape, _KEYS), key=len, reverse=True))
    + r""")\1\s{0,9}:\s{0,40}""",
    re.IGNORECASE,
)
_SCALAR = re.compile(r""""([^"\n]{0,300})["\n]|'([^'\n]{0,300})['\n]|([^\s,{}\[\]"']{1,300})""")
_MOST_FLOORS = 12


class Fields:
    """The fields of one object, without those of nested objects."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._keys: list[str] = []
        self._places: dict[str, int] = {}
        self._texts: dict[str, str] = {}

    def add(self, key: str, at: int, text: str) -> None:
        """Add a key whose value begins at ``at``; ``text`` is the value if it is a word, a number
        or a short string."""
        self._starts.append(at)
        self._keys.append(key)
        self._places.setdefault(key, at)
        if text:
            self._texts.setdefault(key, text)

    def first(self, key: str) -> str | None:
        """The first value of a key that is a text."""
        return self._texts.get(key)

    @property
    def address(self) -> str | None:
        return self._texts.get("domain") or self._texts.get("url")

    def place(self, key: str) -> int | None:
        """Where the first value of a key begins."""
        return self._places.get(key)

    def key_before(self, at: int, *, exactly: bool = False) -> str | None:
        """The key whose value contains the place ``at`` or, with ``exactly``, begins there."""
        found = bisect_right(self._starts, at) - 1
        if found < 0 or (exactly and self._starts[found] != at):
            return None
        return self._keys[found]


@dataclass(frozen=True, slots=True)
class Record:
    """An object, or the text outside all braces."""

    number: int
    is_object: bool
    fields: Fields


_NO_FIELDS = Fields()


@dataclass(frozen=True, slots=True)
class _Braces:
    """The objects by number, in flat lists of integers, since a text may have a million."""

    places: list[int]
    """The place of each brace."""
    after: list[int]
    """The object after each brace."""
    starts: list[int]
    """Where each object begins."""
    parents: list[int]
    """The object around each, or -1."""
    closed: bytearray
    """1 for each object, 0 for the text outside all braces."""

    def at(self, place: int) -> int:
        return self.after[bisect_right(self.places, place) - 1]


class Records:
    """All objects of a text."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _braces(self) -> _Braces:
        braces = _Braces([0], [0], [0], [-1], bytearray(1))
        open_ones = [0]
        for match in _BRACE.finditer(self._text):
            opens = match.group() == "{"
            if not opens and len(open_ones) > 1:
                open_ones.pop()
            else:
                if not opens:  # the end of an object whose beginning is missing
                    braces.closed[open_ones.pop()] = 1
                braces.starts.append(match.start())
                braces.parents.append(open_ones[-1] if open_ones else -1)
                braces.closed.append(opens)
                open_ones.append(len(braces.starts) - 1)
            braces.places.append(match.start())
            braces.after.append(open_ones[-1])
        return braces

    @cached_property
    def _fields(self) -> dict[int, Fields]:
        found: defaultdict[int, Fields] = defaultdict(Fields)
        for match in _FIELD.finditer(self._text):
            scalar = _SCALAR.match(self._text, match.end())
            text = next((each for each in scalar.groups() if each), "") if scalar else ""
            fields = found[self._braces.at(match.start())]
            fields.add(_KEYS[match.group(2).lower()], match.end(), text.strip())
        return dict(found)

    def _record(self, number: int) -> Record:
        is_object = bool(self._braces.closed[number])
        return Record(number, is_object, self._fields.get(number, _NO_FIELDS))

    def _above(self, record: Record) -> Record | None:
        parent = self._braces.parents[record.number]
        return None if parent < 0 else self._record(parent)

    def around(self, at: int) -> Record:
        """The innermost object around a place."""
        return self._record(self._braces.at(at))

    def with_values(self) -> Iterator[Record]:
        """The objects with a field ``value``."""
        for number, fields in self._fields.items():
            if self._braces.closed[number] and fields.place("value") is not None:
                yield self._record(number)

    def name_of(self, record: Record) -> str | None:
        """The field ``name`` of a record, else the key of which it is the value."""
        name = record.fields.first("name")
        above = self._above(record) if name is None else None
        start = self._braces.starts[record.number]
        return above.fields.key_before(start, exactly=True) if above else name

    def domain_of(self, record: Record) -> str | None:
        """The domain or address that the record names, else an object around it, else the
        request beside it (HAR: of a response)."""
        found, above = record.fields.address, self._above(record)
        floors = 0
        while found is None and above is not None and floors < _MOST_FLOORS:
            found = above.fields.address or self._request_in(above)
            above = self._above(above)
            floors += 1
        return found

    def _request_in(self, record: Record) -> str | None:
        at = record.fields.place("request")
        return None if at is None else self.around(at).fields.first("url")
