"""Screens of the settings: language, pace, time zone and notices."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton

from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import back_row, button, choice_button, keyboard, rows_of
from bot.chat.labels import cut
from bot.chat.optional_notices import OptionalNotice
from bot.chat.zones import DEFAULT_ZONE, REGIONS, Now, Region, label, number
from bot.outbox.screen import Screen

Choice = tuple[str, bool]
"""A label, and whether it is the one in use."""

TYPED_WIDTH = 40


def settings(
    tr: Translator, languages: Sequence[Choice], paces: Sequence[Choice], now: Now
) -> Screen:
    """Without ``paces`` there is nothing that has one."""
    lines = [tr.html("⚙️ <b>Settings</b>"), ""]
    if paces:
        lines.append(
            tr.html("⏩ Pace of new jobs: 1× is a video's normal speed, 2× is twice that.")
        )
    lines.append(clock_line(tr, now))
    return Screen(
        "\n".join(lines),
        keyboard(
            *rows_of(_choices(Action.LANGUAGE, languages), 3),
            _choices(Action.CHAT_PACE, paces),
            [button(f"🌏 {now.zone_label(tr)} ›", Action.ZONES)],
            [
                button(tr("🔔 Notices ›"), Action.NOTICES),
                button(tr("📊 Digest ›"), Action.DIGEST),
            ],
            back_row(tr, Action.HOME),
        ),
    )


def regions(tr: Translator, now: Now) -> Screen:
    """The regions in which to pick a time zone."""
    lines = [
        clock_line(tr, now),
        "",
        tr.html("Choose a region, or send me the name of a city."),
    ]
    there = [
        button(_region_name(tr, region), Action.REGION, index)
        for index, region in enumerate(Region)
    ]
    typing = button(tr("⌨️ Type a city"), Action.TYPE_ZONE)
    return Screen(
        "\n".join(lines), keyboard(*rows_of([*there, typing], 2), back_row(tr, Action.SETTINGS))
    )


def region(tr: Translator, chosen: Region, now: Now) -> Screen:
    """The zones of one region."""
    text = "\n".join(
        (f"🌏 <b>{_region_name(tr, chosen)}</b>", tr.html("Which city's clock is yours?"))
    )
    there = [_zone_button(tr, name, now) for name in REGIONS[chosen]]
    return Screen(text, keyboard(*rows_of(there, 2), back_row(tr, Action.ZONES)))


def type_a_city(tr: Translator) -> Screen:
    lines = [
        tr.html("⌨️ <b>Send me the name of your city</b>"),
        tr.html(
            "For example <code>乌鲁木齐</code> or <code>Berlin</code>. A country or "
            "<code>UTC+8</code> will do, too."
        ),
    ]
    return Screen("\n".join(lines), keyboard(back_row(tr, Action.ZONES)))


def found_zones(tr: Translator, typed: str, names: Sequence[str], now: Now) -> Screen:
    """The zones that a typed text may mean, best first."""
    text = tr.html(
        "🔎 Found for “{typed}”. Which city's clock is yours?", typed=cut(typed, TYPED_WIDTH)
    )
    rows = [[_zone_button(tr, name, now)] for name in names]
    return Screen(text, keyboard(*rows, back_row(tr, Action.ZONES)))


def no_such_zone(tr: Translator, typed: str, now: Now) -> Screen:
    lines = [
        tr.html("🔎 I know no city “{typed}”.", typed=cut(typed, TYPED_WIDTH)),
        tr.html(
            "Send the nearest large city or the offset, for example <code>深圳</code>, "
            "<code>Berlin</code> or <code>UTC+8</code>, or pick from the list. All of "
            "mainland China uses Shanghai time."
        ),
    ]
    return Screen(
        "\n".join(lines),
        keyboard(
            [_zone_button(tr, DEFAULT_ZONE.key, now)],
            [button(tr("🌏 The list"), Action.ZONES)],
            back_row(tr, Action.SETTINGS),
        ),
    )


def notices(tr: Translator, choices: Sequence[tuple[OptionalNotice, bool]]) -> Screen:
    """Which notices the chat gets; a press switches one off or on."""
    lines = [
        tr.html("🔔 <b>Notices</b>"),
        tr.html(
            "Press to switch one off or on. A job's state always stands in its progress message."
        ),
        "",
        tr.html("When a job ends or needs a new cookie, I always tell you."),
    ]
    rows = [
        [
            button(
                _notice_label(tr, notice, is_on=is_on),
                Action.NOTICE_OFF if is_on else Action.NOTICE_ON,
                index,
            )
        ]
        for index, (notice, is_on) in enumerate(choices)
    ]
    return Screen("\n".join(lines), keyboard(*rows, back_row(tr, Action.SETTINGS)))


def clock_line(tr: Translator, now: Now) -> str:
    """The person's zone, and what its clock shows."""
    return tr.html(
        "🌏 Time zone: <b>{zone}</b>, now {time}",
        zone=now.zone_label(tr),
        time=now.clock_time(tr, now.moment),
    )


def _choices(action: Action, choices: Sequence[Choice]) -> list[InlineKeyboardButton]:
    return [
        choice_button(name, action, index, used=used) for index, (name, used) in enumerate(choices)
    ]


def _zone_button(tr: Translator, name: str, now: Now) -> InlineKeyboardButton:
    shown = label(name, tr.language, now.moment)
    return choice_button(shown, Action.ZONE, number(name), used=name == now.zone.key)


def _region_name(tr: Translator, region: Region) -> str:
    match region:
        case Region.EAST_ASIA:
            return tr("China and East Asia")
        case Region.SOUTHEAST_ASIA:
            return tr("Southeast Asia")
        case Region.REST_OF_ASIA:
            return tr("Rest of Asia")
        case Region.EUROPE:
            return tr("Europe")
        case Region.AMERICA:
            return tr("The Americas")
        case Region.AFRICA:
            return tr("Africa")
        case Region.OCEANIA:
            return tr("Oceania")


def _notice_label(tr: Translator, notice: OptionalNotice, *, is_on: bool) -> str:
    name = _notice_name(tr, notice)
    return tr("🔔 On: {notice}", notice=name) if is_on else tr("🔕 Off: {notice}", notice=name)


def _notice_name(tr: Translator, notice: OptionalNotice) -> str:
    match notice:
        case OptionalNotice.BAR:
            return tr("The platform restricts the account")
        case OptionalNotice.OUTAGE:
            return tr("The platform is out of reach")
        case OptionalNotice.EXPIRY:
            return tr("The cookie ends soon")
