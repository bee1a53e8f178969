"""Finds names that are probably misspelt names of settings."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches

SIMILARITY = 0.85
"""Of ``difflib``. One letter too many or too few in a name of six is above it; two names of
different settings are below it."""


def near_names(given: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """The given names that are near a known one, with that one. Names count in any case; a name
    that is known itself is left out."""
    by_name = {name.casefold(): name for name in known}
    found: dict[str, str] = {}
    for name in sorted(given):
        folded = name.casefold()
        if folded in by_name:
            continue
        near = get_close_matches(folded, by_name, n=1, cutoff=SIMILARITY)
        if near:
            found[name] = by_name[near[0]]
    return found
