"""Why cells of a job are not done, by reason."""

from collections.abc import Sequence
from html import escape

from bot.chat.i18n import Translator
from bot.chat.labels import cut, labels
from bot.chat.text_bars import exact_percent
from bot.chat.views.job import NAME_WIDTH
from bot.chat.views.words import item_words, outcome_reason
from bot.naming import told_apart
from storage.enums import Outcome
from storage.jobs import JobItem

_QUOTED = frozenset({Outcome.REFUSED, Outcome.TEMPORARY, Outcome.UNREAD, Outcome.OWN_FAULT})
PER_REASON = 6
MSG_WIDTH = 60
_ORDER = (
    Outcome.NOT_COUNTED,
    Outcome.REFUSED,
    Outcome.TEMPORARY,
    Outcome.UNREAD,
    Outcome.OWN_FAULT,
    Outcome.LOCKED,
    Outcome.BY_HAND,
    Outcome.UNSUPPORTED,
)


def reason_lines(tr: Translator, items: Sequence[JobItem]) -> list[str]:
    """Each reason with the first cells that it holds for, an empty line between two reasons."""
    lines: list[str] = []
    for outcome, these in _by_reason(items):
        lines += [*([""] if lines else []), *_of_reason(tr, outcome, these)]
    return lines


def are_shortened(items: Sequence[JobItem]) -> bool:
    """Whether :func:`reason_lines` leaves out names."""
    return any(len(these) > PER_REASON for _, these in _by_reason(items))


def _by_reason(items: Sequence[JobItem]) -> list[tuple[Outcome, list[JobItem]]]:
    return [
        (outcome, these)
        for outcome in _ORDER
        if (these := [item for item in items if item.outcome is outcome])
    ]


def _of_reason(tr: Translator, outcome: Outcome, items: Sequence[JobItem]) -> list[str]:
    """The reason and the first names. A message of the platform about all of them is given once."""
    lines = [tr.html("<b>{reason}</b>", reason=outcome_reason(tr, outcome))]
    said_once = (
        _is_quoted(items[0]) and len(items) > 1 and len({_said(each) for each in items}) == 1
    )
    if said_once:
        lines.append(escape(_words(tr, items[0]), quote=False))
    line = _name if said_once else _item_line
    named = zip(items, _cell_names(items), strict=True)
    lines += ["• " + line(tr, item, name) for item, name in list(named)[:PER_REASON]]
    if len(items) > PER_REASON:
        lines.append(tr.plural("… and {n} more", "… and {n} more", len(items) - PER_REASON))
    return lines


def _is_quoted(item: JobItem) -> bool:
    """Whether the platform's own message, or the log's reference, is shown with the cell."""
    return item.outcome in _QUOTED and _said(item) != (None, None)


def _said(item: JobItem) -> tuple[str | None, str | None]:
    return item.code or None, item.msg or None


def _words(tr: Translator, item: JobItem) -> str:
    return item_words(tr, item, item.msg and cut(item.msg, MSG_WIDTH))


def _cell_names(items: Sequence[JobItem]) -> list[str]:
    """The cells' names; names that recur in several topics get their topic."""
    cells = [item.cell for item in items]
    places = [(cell.topic_name, cell.module_name) for cell in cells]
    return labels(told_apart([cell.name for cell in cells], places), NAME_WIDTH)


def _name(tr: Translator, item: JobItem, name: str) -> str:
    return tr.html("{name}", name=name)


def _item_line(tr: Translator, item: JobItem, name: str) -> str:
    match item.outcome:
        case Outcome.NOT_COUNTED:
            shown = exact_percent(item.cell.percent or 0.0)
            return tr.html("{name} (it shows {percent}%)", name=name, percent=shown)
        case _ if _is_quoted(item):
            return tr.html("{name}: {words}", name=name, words=_words(tr, item))
        case Outcome.UNSUPPORTED:
            return tr.html("{name} ({kind})", name=name, kind=cut(item.cell.category, 20))
        case _:
            return _name(tr, item, name)
