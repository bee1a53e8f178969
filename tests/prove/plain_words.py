"""Holds a text that a student reads to the catalogue and to what the platform said."""

import re
from collections.abc import Iterable

from storage.jobs import JobItem

_QUOTED = re.compile(r"“[^”]*”")
_MACHINE = re.compile(
    r"[A-Za-z]+_[a-z_]+|\b[A-Z][a-z]+[A-Z]\w*|\bJSON\b|\bHTTP\b|\bNone\b|\bNull\b|\bobject\b|\blist\b"
)
_LATIN = re.compile(r"[A-Za-z]{2,}")
_OURS = frozenset({"cookie", "auth", "zjy", "icve", "com", "cn"})
"""Latin words that the Chinese texts of the catalogue hold."""


def assert_plain(text: str, language: str, items: Iterable[JobItem] = ()) -> None:
    """Names of cells and what stands in quotes are left out; of the rest nothing may be a
    machine's word, nor, in Chinese, a Latin one."""
    quoted = _QUOTED.findall(text)
    said = [item.msg for item in items if item.msg]
    for quote in quoted:
        words = quote.strip("“”").rstrip("…")
        assert not said or any(words in " ".join(msg.split()) for msg in said), text
    rest = re.sub(r"<[^>]+>", " ", _QUOTED.sub(" ", text))
    assert not _MACHINE.search(rest), text
    assert "–）" not in rest, text
    if language != "en":
        words = {word for word in _LATIN.findall(rest) if word.lower() not in _OURS}
        assert not words, f"{words} in {text}"
