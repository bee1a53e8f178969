"""Screens about the accounts of a chat."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton

from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import MAX_CHOICES, back_row, button, folding, keyboard
from bot.chat.labels import cut, labels
from bot.chat.views.home import home_row
from bot.chat.views.login import NAME_WIDTH, log_in_first
from bot.naming import told_apart
from bot.outbox.screen import Screen

LABEL_WIDTH = 12
BUTTON_WIDTH = 32
"""Of a name on a button that shares its row, and on one that does not."""


@dataclass(frozen=True, slots=True)
class Lives:
    """``left`` is a length of time, ``until`` a moment, in words."""

    left: str
    until: str


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account in the list, and how long its cookie lives or, where that is not known, how old
    it is; both are None without a working cookie."""

    id: int
    name: str
    number: str
    active: bool
    lives: Lives | None = None
    age: str | None = None
    can_study: bool = True


def accounts(tr: Translator, lines: Sequence[AccountLine]) -> Screen:
    """The chat's accounts; pressing one makes it the one in use."""
    if not lines:
        return log_in_first(tr)
    text = [tr.html("👤 <b>Accounts</b>")]
    for line, name in zip(lines, labels([line.name for line in lines], NAME_WIDTH), strict=True):
        mark = "● " if line.active else "○ "
        text.append(
            mark
            + tr.html("<b>{who}</b>", who=_who(tr, name, line.number))
            + f" · {_cookie(tr, line)}"
            + ("" if line.can_study else " · " + tr.html("view only"))
        )
    return Screen(
        folding(text),
        keyboard(
            *(
                _account_row(tr, line, name)
                for line, name in zip(
                    lines[: MAX_CHOICES // 2], _button_names(lines, LABEL_WIDTH), strict=False
                )
            ),
            [
                button(tr("🔑 Add an account"), Action.LOGIN),
                button(tr("Back"), Action.HOME),
            ],
        ),
    )


def _cookie(tr: Translator, line: AccountLine) -> str:
    if line.lives is not None:
        return tr.html(
            "good for about {left}, until {time}", left=line.lives.left, time=line.lives.until
        )
    return tr.html("cookie {age} old", age=line.age) if line.age else tr.html("needs a new cookie")


def _button_names(lines: Sequence[AccountLine], width: float) -> list[str]:
    """The accounts' names, with the number where two students have the same name."""
    numbers = [[masked(line.number)] for line in lines]
    return labels(told_apart([line.name for line in lines], numbers), width)


def _account_row(tr: Translator, line: AccountLine, name: str) -> list[InlineKeyboardButton]:
    label = tr("✓ {name}", name=name) if line.active else tr("Use {name}", name=name)
    return [
        button(label, Action.ACCOUNT, line.id),
        button(tr("🗑 Remove"), Action.ASK_LOGOUT, line.id),
    ]


def confirm_logout(tr: Translator, line: AccountLine) -> Screen:
    """Asks for confirmation from the list of accounts; names the account to remove."""
    text = tr.html(
        "🗑 Remove <b>{who}</b> from this chat? The cookie, courses and jobs go with it; nothing "
        "changes on the platform.",
        who=_who(tr, cut(line.name, NAME_WIDTH), line.number),
    )
    return Screen(
        text,
        keyboard(
            [_remove(tr, line, cut(line.name, BUTTON_WIDTH))],
            back_row(tr, Action.ACCOUNTS),
        ),
    )


def _remove(tr: Translator, line: AccountLine, name: str) -> InlineKeyboardButton:
    return button(tr("🚪 Remove {name}", name=name), Action.LOGOUT, line.id)


def _who(tr: Translator, name: str, number: str) -> str:
    """The name with the masked number, unless the mask hides all of it."""
    shown = cut(masked(number), NAME_WIDTH)
    return tr("{name} ({number})", name=name, number=shown) if shown.strip("*") else name


def masked(number: str) -> str:
    """A student's number with its middle hidden."""
    if len(number) <= 4:
        return "*" * len(number)
    return number[:2] + "*" * (len(number) - 4) + number[-2:]


def choose_logout(tr: Translator, lines: Sequence[AccountLine]) -> Screen:
    if not lines:
        text = tr.html("No account is logged in here yet.")
        return Screen(text, keyboard([button(tr("🔑 Log in"), Action.LOGIN)]))
    text = tr.html("🚪 Which account should I remove? Its cookie, courses and jobs go with it.")
    named = zip(lines[:MAX_CHOICES], _button_names(lines, BUTTON_WIDTH), strict=False)
    rows = [[_remove(tr, line, name)] for line, name in named]
    return Screen(text, keyboard(*rows, back_row(tr, Action.HOME)))


def logged_out(tr: Translator, name: str, *, in_use: str | None) -> Screen:
    """``in_use`` is the name of the account that is now in use, if the chat has another one."""
    text = tr.html("✅ The account of <b>{name}</b> and its cookie are removed.", name=name)
    if in_use is None:
        return Screen(text, keyboard([button(tr("🔑 Log in"), Action.LOGIN)]))
    text += "\n" + tr.html("In use now: <b>{name}</b>.", name=in_use)
    return Screen(text, keyboard([button(tr("👤 Accounts"), Action.ACCOUNTS)], home_row(tr)))
