"""The owner's screens of links that let people in."""

from collections.abc import Sequence

from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import back_row, button, copy_button, fitting, keyboard
from bot.chat.zones import Now
from bot.outbox.screen import Screen
from storage.invites import Invite

CHOICES = ((1, 1), (1, 7), (10, 7), (50, 30))
"""People and days of the invites that have a button."""


def invites(tr: Translator, open_ones: Sequence[Invite], following: int, now: Now) -> Screen:
    """The open invites, and buttons for a new one, whose number will be ``following`` or more."""
    lines = [
        tr.html("🔗 <b>Invite</b>"),
        tr.html(
            "A link lets people in, each of them once. For other numbers write how many people and "
            "how many days, as in <code>/invite 30 14</code>."
        ),
    ]
    lines += [_invite_line(tr, each, now) for each in open_ones]
    made = [
        button(_choice(tr, places, days), Action.INVITE, places, days, following)
        for places, days in CHOICES
    ]
    ends = [
        button(tr("End invite {number}", number=each.id), Action.REVOKE, each.id)
        for each in open_ones
    ]
    pairs = [row[at : at + 2] for row in (made, ends) for at in range(0, len(row), 2)]
    return Screen(fitting(lines), keyboard(*pairs, back_row(tr, Action.PEOPLE)))


def _choice(tr: Translator, places: int, days: int) -> str:
    return tr("{places} 👤 · {days} d", places=places, days=days)


def _invite_line(tr: Translator, invite: Invite, now: Now) -> str:
    return "• " + tr.html(
        "invite {number}: {used} of {places} came · until {time}",
        number=invite.id,
        used=invite.used,
        places=invite.places,
        time=now.clock_time(tr, invite.expires_at),
    )


def invite_made(tr: Translator, invite: Invite, link: str, now: Now) -> Screen:
    until = now.clock_time(tr, invite.expires_at)
    lines = [
        tr.plural(
            "🔗 A link for {n} person, until {time}:",
            "🔗 A link for {n} people, until {time}:",
            invite.places,
            time=until,
        ),
        tr.html("<code>{link}</code>", link=link),
        tr.html("Who opens it may use this bot. It is shown only here: copy it now."),
    ]
    return Screen(
        "\n".join(lines),
        keyboard(
            [copy_button(tr("📋 Copy the link"), link)],
            [button(tr("End invite {number}", number=invite.id), Action.REVOKE, invite.id)],
            back_row(tr, Action.INVITES),
        ),
    )


def too_many_invites(tr: Translator, most: int) -> Screen:
    text = tr.html("There are {most} open invites already. End one of them first.", most=most)
    return Screen(text, keyboard(back_row(tr, Action.INVITES)))


def bad_invite(tr: Translator, most_places: int, most_days: int) -> Screen:
    """The answer to numbers that no invite can have."""
    text = tr.html(
        "An invite is for 1 to {places} people and 1 to {days} days, as in "
        "<code>/invite 30 14</code>.",
        places=most_places,
        days=most_days,
    )
    return Screen(text, keyboard([button(tr("🔗 Invite"), Action.INVITES)]))
