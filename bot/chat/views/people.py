"""The owner's screens: who may use the bot, and what was done."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.access.records import CameBy
from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import back_row, button, fitting, keyboard, turning
from bot.chat.labels import cut, labels
from bot.chat.zones import Now
from bot.naming import one_line, told_apart
from bot.outbox.screen import Screen
from storage.audit import AuditRow
from storage.enums import AuditAction
from storage.people import PersonRow, Usage

NAME_WIDTH = 30
BUTTON_WIDTH = 28
AUDIT_PAGE = 10


@dataclass(frozen=True, slots=True)
class Member:
    """A person in the list."""

    row: PersonRow
    came_by: CameBy
    is_owner: bool
    is_removed: bool

    @property
    def user_id(self) -> int:
        return self.row.user_id

    @property
    def shown_name(self) -> str:
        """The name in one line, or the id if none can be seen."""
        return one_line(self.row.name) or str(self.user_id)


def people(
    tr: Translator, members: Sequence[Member], page: int, count: int, allowed: int, now: Now
) -> Screen:
    """One page of ``count`` people, of whom ``allowed`` may use the bot."""
    lines = [
        tr.html("👥 <b>People</b>")
        + " · "
        + tr.plural("{n} may use this bot", "{n} may use this bot", allowed)
    ]
    lines += [_line(tr, each, now) for each in members]
    names = told_apart(
        [each.shown_name for each in members], [[str(each.user_id)] for each in members]
    )
    buttons = [
        [button(f"{_mark(each)}{label} ›", Action.MEMBER, each.user_id, page=page)]
        for each, label in zip(members, labels(names, BUTTON_WIDTH), strict=True)
    ]
    last = [
        button(tr("🔗 Invite"), Action.INVITES),
        button(tr("📜 Record"), Action.AUDIT),
    ]
    turn = turning(tr, count, page, Action.PEOPLE)
    home = back_row(tr, Action.HOME)
    return Screen(fitting(lines), keyboard(*buttons, turn, last, home))


def _mark(member: Member) -> str:
    if member.is_removed:
        return "🚫 "
    return "👑 " if member.is_owner else ""


def _line(tr: Translator, member: Member, now: Now) -> str:
    return _mark(member) + tr.html(
        "<b>{name}</b> · since {date} · {how}",
        name=cut(member.shown_name, NAME_WIDTH),
        date=member.row.since.astimezone(now.zone).date().isoformat(),
        how=_how(tr, member),
    )


def _how(tr: Translator, member: Member) -> str:
    if member.is_removed:
        return tr("removed")
    match member.came_by:
        case CameBy.CLAIM:
            return tr("by the link of the log")
        case CameBy.INVITE if member.row.invite_id is not None:
            return tr("by invite {number}", number=member.row.invite_id)
        case CameBy.INVITE:
            return tr("let in again")
        case CameBy.LISTED:
            return tr("in ALLOWED_USERS")
        case CameBy.OPEN:
            return tr("open to all")
        case CameBy.NO_WAY:
            return tr("no longer let in by ALLOWED_USERS")


def member(tr: Translator, shown: Member, usage: Usage, page: int, now: Now) -> Screen:
    """One person: counts, never contents."""
    lines = [
        _line(tr, shown, now),
        tr.html("id: <code>{user_id}</code>", user_id=str(shown.user_id)),
        tr.html(
            "Accounts: {accounts} · jobs: {jobs}, of them {unfinished} not ended",
            accounts=usage.accounts,
            jobs=usage.jobs,
            unfinished=usage.unfinished,
        ),
    ]
    rows = []
    if shown.is_removed:
        rows.append([button(tr("✅ Let in again"), Action.LET_IN, shown.user_id, page=page)])
    elif not shown.is_owner:
        rows.append([button(tr("🚫 Remove"), Action.ASK_REMOVE, shown.user_id, page=page)])
    return Screen("\n".join(lines), keyboard(*rows, back_row(tr, Action.PEOPLE, page=page)))


def confirm_removal(tr: Translator, shown: Member, page: int) -> Screen:
    lines = [
        tr.html("🚫 Remove <b>{name}</b>?", name=cut(shown.shown_name, NAME_WIDTH)),
        tr.html(
            "Their jobs stop and the bot no longer answers them. What is stored of them stays "
            "until they send /erase, which goes on working for them. You can let them in again."
        ),
    ]
    remove = button(tr("🚫 Yes, remove"), Action.REMOVE, shown.user_id, page=page)
    return Screen(
        "\n".join(lines), keyboard([remove], back_row(tr, Action.MEMBER, shown.user_id, page=page))
    )


def removed(tr: Translator, shown: Member, page: int) -> Screen:
    """After a removal: what stays."""
    text = tr.html(
        "🚫 <b>{name}</b> is removed; their jobs are paused. Accounts, cookies and jobs stay "
        "stored and unused until they send /erase.",
        name=cut(shown.shown_name, NAME_WIDTH),
    )
    again = button(tr("✅ Let in again"), Action.LET_IN, shown.user_id, page=page)
    return Screen(text, keyboard([again], back_row(tr, Action.PEOPLE, page=page)))


def you_are_removed(tr: Translator) -> Screen:
    """For the person who was removed."""
    return Screen(
        tr.html(
            "🔒 The owner of this bot has ended your access. Your jobs are paused and your cookie "
            "is not used. Still stored: your accounts, courses and jobs. /logout removes an "
            "account, /erase removes everything."
        )
    )


def you_are_in(tr: Translator) -> Screen:
    """For a person whom an invite let in."""
    return Screen(tr.html("✅ You are in: you may use this bot from now on."))


def you_are_owner(tr: Translator) -> Screen:
    """For who opened the link of the log."""
    return Screen(
        tr.html(
            "👑 You are the owner of this bot now. /invite lets other people in, /people shows who "
            "uses it."
        )
    )


def audit(tr: Translator, found: Sequence[AuditRow], page: int, count: int, now: Now) -> Screen:
    """One page of what was done, newest first."""
    lines = [tr.html("📜 <b>Record</b>")]
    lines += [
        tr.html("{time} · {what}", time=now.clock_time(tr, each.at), what=_what(tr, each))
        for each in found
    ]
    if not found:
        lines.append(tr.html("Nothing yet."))
    turn = turning(tr, count, page, Action.AUDIT, size=AUDIT_PAGE)
    return Screen(fitting(lines), keyboard(turn, back_row(tr, Action.PEOPLE)))


def _what(tr: Translator, row: AuditRow) -> str:
    shown = one_line(row.name) or (str(row.user_id) if row.user_id is not None else tr("(erased)"))
    name = cut(shown, NAME_WIDTH)
    match row.action:
        case AuditAction.CLAIMED:
            return tr("{name} became the owner", name=name)
        case AuditAction.INVITE_MADE:
            return tr("invite {number} was made", number=row.detail)
        case AuditAction.INVITE_USED:
            return tr("{name} came by invite {number}", name=name, number=row.detail)
        case AuditAction.INVITE_REVOKED:
            return tr("invite {number} was ended", number=row.detail)
        case AuditAction.REMOVED:
            return tr("{name} was removed", name=name)
        case AuditAction.LET_IN_AGAIN:
            return tr("{name} was let in again", name=name)
        case AuditAction.LOGGED_IN:
            return tr("{name} added a cookie", name=name)
        case AuditAction.LIMITED:
            return tr("{name} met a limit: {limit}", name=name, limit=_limit(tr, row.detail))


def _limit(tr: Translator, name: str | None) -> str:
    match name:
        case "accounts":
            return tr("accounts")
        case "jobs":
            return tr("unfinished jobs")
        case "drafts":
            return tr("drafts")
        case _:
            return tr("cookies a minute")
