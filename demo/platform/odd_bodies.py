"""What no sound server sends: lists with odd entries, and bodies that unpack to a thousand times
their length."""

import zlib

Json = dict[str, object]

LISTS = frozenset(
    {
        *("courseList", "termList", "moduleList", "topicList", "cellList", "childNodeList"),
        *("rows", "data", "list", "children"),
    }
)
FOLDERS_LISTS = frozenset({"childNodeList", "children"})
"""Lists that are empty on a leaf."""
ODD_ROWS: tuple[object, ...] = (
    None,
    {"Id": None, "id": None, "courseOpenId": "x", "openClassId": None, "cellName": "没有编号"},
    {"Id": "", "id": "", "courseOpenId": "", "openClassId": "", "name": "空的编号"},
    7,
    "x",
    [],
    {},
    {"Id": ["x"], "id": {"x": 1}, "courseOpenId": ["x"], "openClassId": True},
)
"""Entries that cannot be read."""


def with_odd_rows(answer: Json | list[object]) -> Json | list[object]:
    """The answer with odd entries in each of its lists, before and behind the good ones."""
    if isinstance(answer, list):
        return _among_odd_ones(answer)
    return {name: _spoilt(name, value) for name, value in answer.items()}


def _spoilt(name: str, value: object) -> object:
    if isinstance(value, dict):
        return with_odd_rows(value)
    if name not in LISTS or not isinstance(value, list):
        return value
    if not value and name in FOLDERS_LISTS:
        return value
    return _among_odd_ones(value)


def _among_odd_ones(value: list[object]) -> list[object]:
    rows = [with_odd_rows(row) if isinstance(row, dict) else row for row in value]
    half = len(ODD_ROWS) // 2
    return [*ODD_ROWS[:half], *rows, *ODD_ROWS[half:]]


def without_id(answer: Json, name: str) -> Json:
    """The answer with null for the id of one entry of a list."""
    return {
        key: [_unnamed(row, name) for row in value]
        if isinstance(value, list)
        else without_id(value, name)
        if isinstance(value, dict)
        else value
        for key, value in answer.items()
    }


def _unnamed(row: object, name: str) -> object:
    if not isinstance(row, dict):
        return row
    ids = {key: None for key in ("Id", "id", "courseOpenId") if row.get(key) == name}
    return without_id(row, name) | ids


def with_percents(answer: Json, value: object) -> Json:
    """The answer with that value for the percent of each course and module."""
    odd = {name: value for name in ("process", "percent") if name in answer}
    return {
        name: [with_percents(row, value) if isinstance(row, dict) else row for row in held]
        if isinstance(held, list)
        else with_percents(held, value)
        if isinstance(held, dict)
        else held
        for name, held in answer.items()
    } | odd


def packed(unpacked: int) -> bytes:
    """So many blanks as gzip: a thousandth of their length."""
    packer = zlib.compressobj(9, wbits=31)
    blanks = b" " * 2**20
    pieces = [packer.compress(blanks) for _ in range(unpacked // len(blanks))]
    return b"".join([*pieces, packer.compress(b" " * (unpacked % len(blanks))), packer.flush()])
