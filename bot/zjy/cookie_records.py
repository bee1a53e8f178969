"""Objects in braces with named fields: exports of extensions, HAR, storage states, ``repr``.

They are read by their braces and keys alone, so that single quotes, keys without quotes, comments,
trailing commas, several objects after each other and a text that was cut off make no difference.
"""

import re
from bisect import bisect_right
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


@dataclass(frozen=True, slots=True)
class Field:
    """A key and where its value begins."""

    key: str
    at: int


class Record:
    """The fields of one object, without those of the objects in it."""

    def __init__(self, start: int, parent: int | None, *, is_object: bool) -> None:
        self.start = start
        """Where its opening brace stands."""
        self.parent = parent
        self.is_object = is_object
        """False for what stands outside of all braces."""
        self._fields: list[Field] = []
        self._places: dict[str, int] = {}
        self._texts: dict[str, str] = {}

    def add(self, field: Field, text: str) -> None:
        """Add a field; ``text`` is its value if that is a word, a number or a short string."""
        self._fields.append(field)
        self._places.setdefault(field.key, field.at)
        if text:
            self._texts.setdefault(field.key, text)

    def first(self, key: str) -> str | None:
        """The first value of a key that is a text."""
        return self._texts.get(key)

    def place(self, key: str) -> int | None:
        """Where the first value of a key begins."""
        return self._places.get(key)

    def key_at(self, at: int) -> str | None:
        """The key whose value begins at the place ``at``."""
        found = bisect_right(self._fields, at, key=lambda field: field.at) - 1
        field = self._fields[found] if found >= 0 else None
        return field.key if field and field.at == at else None

    def key_before(self, at: int) -> str | None:
        """The key whose value holds the place ``at``."""
        found = bisect_right(self._fields, at, key=lambda field: field.at)
        return self._fields[found - 1].key if found else None


class Records:
    """All objects of a text."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _read(self) -> tuple[list[int], list[int], list[Record]]:
        """Where braces stand, the number of the record after each, and the records."""
        records = [Record(0, None, is_object=False)]
        places, after, open_ones = [0], [0], [0]
        for match in _BRACE.finditer(self._text):
            at = match.start()
            if match.group() == "{":
                records.append(Record(at, open_ones[-1], is_object=True))
                open_ones.append(len(records) - 1)
            elif len(open_ones) > 1:
                open_ones.pop()
            else:  # the end of an object whose beginning was cut off
                records[open_ones[0]].is_object = True
                records.append(Record(at, None, is_object=False))
                open_ones = [len(records) - 1]
            places.append(at)
            after.append(open_ones[-1])
        return places, after, records

    @cached_property
    def _filled(self) -> list[Record]:
        places, after, records = self._read
        for match in _FIELD.finditer(self._text):
            record = records[after[bisect_right(places, match.start()) - 1]]
            scalar = _SCALAR.match(self._text, match.end())
            text = next((each for each in scalar.groups() if each), "") if scalar else ""
            record.add(Field(_KEYS[match.group(2).lower()], match.end()), text.strip())
        return records

    def around(self, at: int) -> Record:
        """The innermost object around a place."""
        places, after, _ = self._read
        return self._filled[after[bisect_right(places, at) - 1]]

    def named(self, name: str) -> Iterator[Record]:
        """The objects with that name."""
        for record in self._filled:
            if record.is_object and (self.name_of(record) or "").lower() == name:
                yield record

    def with_values(self) -> Iterator[Record]:
        """The objects with a name and a value, whatever they are."""
        for record in self._filled:
            has_both = record.place("name") is not None and record.place("value") is not None
            if record.is_object and has_both:
                yield record

    def name_of(self, record: Record) -> str | None:
        """The field ``name`` of a record, else the key of which it is the value."""
        name = record.first("name")
        if name is None and record.parent is not None:
            name = self._filled[record.parent].key_at(record.start)
        return name

    def domain_of(self, record: Record) -> str | None:
        """The domain or address that the record names, else an object around it, else the
        request beside it (HAR: of a response)."""
        found = _address(record)
        floors = 0
        while found is None and record.parent is not None and floors < _MOST_FLOORS:
            record = self._filled[record.parent]
            found = _address(record) or self._request_in(record)
            floors += 1
        return found

    def _request_in(self, record: Record) -> str | None:
        at = record.place("request")
        return None if at is None else self.around(at).first("url")


def _address(record: Record) -> str | None:
    return record.first("domain") or record.first("url")
