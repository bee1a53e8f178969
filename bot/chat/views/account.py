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
from storage.accounts import Account

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

    account: Account
    active: bool
    lives: Lives | None = None
    age: str | None = None


def accounts(tr: Translator, lines: Sequence[AccountLine]) -> Screen:
    """The chat's accounts; pressing one makes it the one in use."""
    if not lines:
        return log_in_first(tr)
    text = [tr.html("👤 <b>Accounts</b>")]
    names = labels([line.account.name for line in lines], NAME_WIDTH)
    for line, name in zip(lines, names, strict=True):
        mark = "● " if line.active else "○ "
        text.append(
            mark
            + tr.html("<b>{who}</b>", who=_who(tr, name, line.account.number))
            + f" · {_cookie(tr, line)}"
            + ("" if line.account.can_study else " · " + tr.html("view only"))
        )
    on_buttons = account_labels([line.account for line in lines], LABEL_WIDTH)
    return Screen(
        folding(text),
        keyboard(
            *(
                _account_row(tr, line, name)
                for line, name in zip(lines[: MAX_CHOICES // 2], on_buttons, strict=False)
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


def account_labels(accounts: Sequence[Account], width: float) -> list[str]:
    """The accounts' names within ``width`` columns, with the masked number where two students have
    the same name."""
    numbers = [[masked(account.number)] for account in accounts]
    return labels(told_apart([account.name for account in accounts], numbers), width)


def _account_row(tr: Translator, line: AccountLine, name: str) -> list[InlineKeyboardButton]:
    label = tr("✓ {name}", name=name) if line.active else tr("Use {name}", name=name)
    return [
        button(label, Action.ACCOUNT, line.account.id),
        button(tr("🗑 Remove"), Action.ASK_LOGOUT, line.account.id),
    ]


def confirm_logout(tr: Translator, account: Account) -> Screen:
    """Asks for confirmation from the list of accounts; names the account to remove."""
    text = tr.html(
        "🗑 Remove <b>{who}</b> from this chat? The cookie, courses and jobs go with it; nothing "
        "changes on the platform.",
        who=_who(tr, cut(account.name, NAME_WIDTH), account.number),
    )
    return Screen(
        text,
        keyboard(
            [_remove(tr, account, cut(account.name, BUTTON_WIDTH))],
            back_row(tr, Action.ACCOUNTS),
        ),
    )


def _remove(tr: Translator, account: Account, name: str) -> InlineKeyboardButton:
    return button(tr("🚪 Remove {name}", name=name), Action.LOGOUT, account.id)


def _who(tr: Translator, name: str, number: str) -> str:
    """The name with the masked number, unless the mask hides all of it."""
    shown = cut(masked(number), NAME_WIDTH)
    return tr("{name} ({number})", name=name, number=shown) if shown.strip("*") else name


def masked(number: str) -> str:
    """A student's number with its middle hidden."""
    if len(number) <= 4:
        return "*" * len(number)
    return number[:2] + "*" * (len(number) - 4) + number[-2:]


def choose_logout(tr: Translator, accounts: Sequence[Account]) -> Screen:
    if not accounts:
        text = tr.html("No account is logged in here yet.")
        return Screen(text, keyboard([button(tr("🔑 Log in"), Action.LOGIN)]))
    text = tr.html("🚪 Which account should I remove? Its cookie, courses and jobs go with it.")
    names = account_labels(accounts, BUTTON_WIDTH)
    named = zip(accounts[:MAX_CHOICES], names, strict=False)
    rows = [[_remove(tr, account, name)] for account, name in named]
    return Screen(text, keyboard(*rows, back_row(tr, Action.HOME)))


def logged_out(tr: Translator, name: str, *, in_use: str | None) -> Screen:
    """``in_use`` is the name of the account that is now in use, if the chat has another one."""
    text = tr.html("✅ The account of <b>{name}</b> and its cookie are removed.", name=name)
    if in_use is None:
        return Screen(text, keyboard([button(tr("🔑 Log in"), Action.LOGIN)]))
    text += "\n" + tr.html("In use now: <b>{name}</b>.", name=in_use)
    return Screen(text, keyboard([button(tr("👤 Accounts"), Action.ACCOUNTS)], home_row(tr)))
