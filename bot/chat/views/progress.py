"""``/progress``: the caption of the chart of the last 30 days, and the screen without a chart."""

from collections.abc import Sequence
from datetime import date

from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import Row, button, keyboard
from bot.chat.views.account import account_labels
from bot.outbox.screen import Screen
from storage.accounts import Account

NAME_WIDTH = 24
ACCOUNTS_SHOWN = 8


def chart(
    tr: Translator,
    account: Account,
    others: Sequence[Account],
    since: date,
    as_of: str | None,
    *,
    is_away: bool = False,
) -> Screen:
    """The caption of the chart. ``since`` is the first recorded day. ``as_of`` is the moment of the
    newest numbers if they were not read for this chart; with ``is_away`` because the platform gave
    no answer."""
    name, *other_names = account_labels([account, *others], NAME_WIDTH)
    text = tr.html("📈 <b>{name}</b> · on record since {day}", name=name, day=tr.day(since))
    if as_of is not None:
        text += "\n" + (
            tr.html("🕰 The platform could not be asked: the numbers are from {time}.", time=as_of)
            if is_away
            else tr.html("🕰 The numbers are from {time}.", time=as_of)
        )
    return Screen(text, keyboard(*_rows(tr, others, other_names)))


def nothing_yet(tr: Translator, account: Account, others: Sequence[Account]) -> Screen:
    """Replaces the chart if no snapshot is stored."""
    name, *other_names = account_labels([account, *others], NAME_WIDTH)
    lines = (
        tr.html("📈 <b>{name}</b>: no history yet", name=name),
        tr.html("I keep one record a day, from the first time that I read your courses."),
    )
    return Screen("\n".join(lines), keyboard(*_rows(tr, others, other_names)))


def _rows(tr: Translator, others: Sequence[Account], names: Sequence[str]) -> list[Row]:
    """The chat's other accounts, then the buttons to the main screens; both open new messages,
    because the picture stays."""
    by_name: list[Row] = [
        [button(f"👤 {name or '–'}", Action.PROGRESS, each.id)]
        for each, name in zip(others[:ACCOUNTS_SHOWN], names, strict=False)
    ]
    way_on = [
        button(tr("📚 Courses"), Action.OTHER_COURSES),
        button(tr("📊 Digest"), Action.OTHER_DIGEST),
    ]
    return [*by_name, way_on]
