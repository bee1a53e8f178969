"""Why some changes of ``bot/study`` cannot be noticed: they change nothing that can be seen."""

from collections.abc import Mapping

EXPLAINED: Mapping[tuple[str, str], str] = {
    (
        "super().__init__(verdict)",
        "super().__init__(None)",
    ): "the text of an exception that never leaves its module; `verdict` is what is read",
    (
        "mean = max(sum(known, Decimal(0)) / len(known), Decimal(1))",
        "mean = max(sum(known, ) / len(known), Decimal(1))",
    ): "there is at least one length, and 0 plus a `Decimal` is that `Decimal`",
    (
        "before, read = session.requests, CellsRead((), 0)",
        "before, read = session.requests, CellsRead((), 1)",
    ): "the outline of one module brings one step, which replaces this value",
    (
        "before, read = session.requests, CellsRead((), 0)",
        "before, read = session.requests, CellsRead(None, 0)",
    ): "the outline of one module brings one step, which replaces this value",
    (
        "before, read = session.requests, CellsRead((), 0)",
        "before, read = session.requests, CellsRead((), None)",
    ): "the outline of one module brings one step, which replaces this value",
    (
        "away = False",
        "away = None",
    ): "both are false, and nothing but that is asked",
    (
        "seconds += study_seconds(kind, pace, position=position, length=length or Decimal(0))",
        "seconds += study_seconds(kind, pace, position=position, length=length or Decimal(1))",
    ): "a video of a second takes the one report of `MIN_GAP` that a video without length takes",
    (
        "if kind.is_media and left > 0:",
        "if kind.is_media and left > 1:",
    ): "a rest of up to a second takes one report of `MIN_GAP` either way",
    (
        "for step in steps(kind, _ANY_DOCUMENT, pace):",
        "for step in steps(kind, _ANY_DOCUMENT, None):",
    ): "the pace moves media with a rest alone, and those do not come here",
    (
        'suspect = CellSuspect(cell, verdict.code, verdict.msg or "")',
        'suspect = CellSuspect(cell, verdict.code, verdict.msg or "XXXX")',
    ): "only a refusal with a message is a `ViewRefused`, so there is always one",
    (
        "self._accepted = False",
        "self._accepted = None",
    ): "both are false, and nothing but that is asked",
}
"""The line before and after → why no test can tell them apart."""
