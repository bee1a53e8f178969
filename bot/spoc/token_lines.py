"""Joins a token that was copied in several lines, as terminals, mails and narrow fields do."""

import base64
import json
import re

_MOST_PIECES = 100
_BROKEN = re.compile(
    rf"(?:(?<![\w.%-])|(?<=[Bb]earer))eyJ[\w.-]*+(?:\s{{1,9}}+[\w.-]++){{1,{_MOST_PIECES}}}+",
    re.ASCII,
)
_WHOLE = re.compile(r"eyJ[\w-]{8,2000}+\.[\w-]{8,4000}+\.[\w-]{4,1000}+", re.ASCII)
_LONGEST = 8000
_OF_ANY_KEY = (342, 512, 683)
_SIGNATURES = {"HS256": (43,), "HS384": (64,), "HS512": (86,), "ES256": (86,), "EdDSA": (86,)}
"""Characters of a signature by the algorithm that the token names; of others by common keys."""


def with_joined_lines(text: str) -> str:
    """The text with each broken token in one piece. Takes time linear in the text."""
    return _BROKEN.sub(_joined, text)


def _joined(broken: re.Match[str]) -> str:
    """The shortest reading whose signature has a known length; else the first piece, if that is a
    token; else the longest reading that is one."""
    text = broken.group()
    pieces = text.split()
    whole, taken = "", 0
    joined, lengths = "", None
    for at, piece in enumerate(pieces, 1):
        joined += piece
        if len(joined) > _LONGEST:
            break
        parts = joined.split(".")
        if len(parts) != 3 or not _WHOLE.fullmatch(joined):
            continue
        lengths = lengths or _signatures_of(parts[0])
        if len(parts[2]) in lengths:
            whole, taken = joined, at
            break
        if taken != 1:
            whole, taken = joined, at
    return " ".join([whole, *pieces[taken:]]) if taken > 1 else text


def _signatures_of(header: str) -> tuple[int, ...]:
    try:
        fields = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))
        return _SIGNATURES.get(fields["alg"], _OF_ANY_KEY)
    except (ValueError, TypeError, KeyError, RecursionError):
        return _OF_ANY_KEY
