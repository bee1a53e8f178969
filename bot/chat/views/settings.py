"""Screens of the settings: language, pace, time zone and notices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardButton

from bot.chat.callbacks import Action
from bot.chat.i18n import Voice
from bot.chat.keyboards import Row, button, keyboard
from bot.chat.labels import cut
from bot.chat.optional_notices import OptionalNotice
from bot.chat.zones import DEFAULT_ZONE, REGIONS, Region, label, number
from bot.outbox.screen import Screen

Choice = tuple[str, bool]
"""A label, and whether it is the one in use."""

TYPED_WIDTH = 40


@dataclass(frozen=True, slots=True)
class Here:
    """The person's zone and the moment, which together are the clock that they are shown."""

    zone: ZoneInfo
    moment: datetime

    def zone_label(self, voice: Voice) -> str:
        return label(self.zone.key, voice.language, self.moment)

    def clock(self, voice: Voice) -> str:
        return voice.clock_time(self.moment, self.zone, self.moment)


def settings(
    voice: Voice, languages: Sequence[Choice], paces: Sequence[Choice], here: Here
) -> Screen:
    text = "\n".join(
        (
            voice.html("⚙️ <b>Settings</b>"),
            "",
            voice.html(
                "Pace of new jobs: 1× moves a video 10 s in 10 s, 1.5× 15 s in 10 s, 2× 10 s in "
                "5 s."
            ),
            _clock_line(voice, here),
        )
    )
    return Screen(
        text,
        keyboard(
            *_rows(_choices(Action.LANGUAGE, languages), 3),
            _choices(Action.CHAT_PACE, paces),
            [button(f"🌏 {here.zone_label(voice)} ›", Action.ZONES)],
            [
                button(voice("🔔 Notices ›"), Action.NOTICES),
                button(voice("📊 Digest ›"), Action.DIGEST),
            ],
            [button(voice("Back"), Action.HOME)],
        ),
    )


def regions(voice: Voice, here: Here) -> Screen:
    """Where to look for a time zone."""
    text = "\n".join(
        (
            _clock_line(voice, here),
            "",
            voice.html("Choose a region, or send me the name of a city."),
        )
    )
    there = [
        button(_region_name(voice, region), Action.REGION, index)
        for index, region in enumerate(Region)
    ]
    typing = button(voice("⌨️ Type a city"), Action.TYPE_ZONE)
    return Screen(text, keyboard(*_rows([*there, typing], 2), _back_to_settings(voice)))


def region(voice: Voice, chosen: Region, here: Here) -> Screen:
    """The zones of one region."""
    text = "\n".join(
        (f"🌏 <b>{_region_name(voice, chosen)}</b>", voice.html("Which city's clock is yours?"))
    )
    there = [_zone_button(voice, name, here) for name in REGIONS[chosen]]
    return Screen(text, keyboard(*_rows(there, 2), [button(voice("Back"), Action.ZONES)]))


def type_a_city(voice: Voice) -> Screen:
    text = "\n".join(
        (
            voice.html("⌨️ <b>Send me the name of your city</b>"),
            voice.html(
                "For example <code>乌鲁木齐</code> or <code>Berlin</code>. A country or "
                "<code>UTC+8</code> will do, too."
            ),
        )
    )
    return Screen(text, keyboard([button(voice("Back"), Action.ZONES)]))


def found_zones(voice: Voice, typed: str, names: Sequence[str], here: Here) -> Screen:
    """What a typed text may mean, best first."""
    text = voice.html(
        "🔎 Found for “{typed}”. Which city's clock is yours?", typed=cut(typed, TYPED_WIDTH)
    )
    rows = [[_zone_button(voice, name, here)] for name in names]
    return Screen(text, keyboard(*rows, [button(voice("Back"), Action.ZONES)]))


def no_such_zone(voice: Voice, typed: str, here: Here) -> Screen:
    text = "\n".join(
        (
            voice.html("🔎 I know no city “{typed}”.", typed=cut(typed, TYPED_WIDTH)),
            voice.html(
                "Send the nearest large city or the offset, for example <code>深圳</code>, "
                "<code>Berlin</code> or <code>UTC+8</code>, or take the list. All of mainland "
                "China goes by Shanghai's clock."
            ),
        )
    )
    return Screen(
        text,
        keyboard(
            [_zone_button(voice, DEFAULT_ZONE.key, here)],
            [button(voice("🌏 The list"), Action.ZONES)],
            _back_to_settings(voice),
        ),
    )


def notices(voice: Voice, wanted: Sequence[tuple[OptionalNotice, bool]]) -> Screen:
    """Which notices the chat gets; a press switches one off or on."""
    text = "\n".join(
        (
            voice.html("🔔 <b>Notices</b>"),
            voice.html(
                "Press to switch one off or on. A job's state always stands in its progress "
                "message."
            ),
            "",
            voice.html("When a job ends or needs a new cookie, I always tell you."),
        )
    )
    rows = [
        [
            button(
                ("🔔 " if is_wanted else "🔕 ") + _notice_name(voice, notice),
                Action.NOTICE_OFF if is_wanted else Action.NOTICE_ON,
                index,
            )
        ]
        for index, (notice, is_wanted) in enumerate(wanted)
    ]
    return Screen(text, keyboard(*rows, _back_to_settings(voice)))


def _clock_line(voice: Voice, here: Here) -> str:
    return voice.html(
        "🌏 Time zone: <b>{zone}</b>, now {time}",
        zone=here.zone_label(voice),
        time=here.clock(voice),
    )


def _choices(action: Action, choices: Sequence[Choice]) -> list[InlineKeyboardButton]:
    return [
        button(("✓ " if used else "") + name, action, index)
        for index, (name, used) in enumerate(choices)
    ]


def _zone_button(voice: Voice, name: str, here: Here) -> InlineKeyboardButton:
    used = "✓ " if name == here.zone.key else ""
    return button(used + label(name, voice.language, here.moment), Action.ZONE, number(name))


def _rows(buttons: Sequence[InlineKeyboardButton], wide: int) -> list[Row]:
    return [buttons[at : at + wide] for at in range(0, len(buttons), wide)]


def _back_to_settings(voice: Voice) -> Row:
    return [button(voice("Back"), Action.SETTINGS)]


def _region_name(voice: Voice, region: Region) -> str:
    match region:
        case Region.EAST_ASIA:
            return voice("China and East Asia")
        case Region.SOUTHEAST_ASIA:
            return voice("Southeast Asia")
        case Region.REST_OF_ASIA:
            return voice("Rest of Asia")
        case Region.EUROPE:
            return voice("Europe")
        case Region.AMERICA:
            return voice("The Americas")
        case Region.AFRICA:
            return voice("Africa")
        case Region.OCEANIA:
            return voice("Oceania")


def _notice_name(voice: Voice, notice: OptionalNotice) -> str:
    match notice:
        case OptionalNotice.BAR:
            return voice("The platform bars the account")
        case OptionalNotice.OUTAGE:
            return voice("The platform is out of reach")
        case OptionalNotice.EXPIRY:
            return voice("The cookie ends soon")
