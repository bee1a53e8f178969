"""``/digest``: its switch, time, days and options."""

from datetime import datetime, time

from babel.dates import get_day_names
from telegram import InlineKeyboardButton

from bot.chat.callbacks import Action, minutes_of
from bot.chat.i18n import Translator
from bot.chat.keyboards import back_row, button, choice_button, keyboard, rows_of
from bot.chat.labels import cut
from bot.chat.views.settings import TYPED_WIDTH, clock_line
from bot.chat.zones import Now
from bot.digest.settings import MOST_WATCHES
from bot.outbox.screen import Screen
from storage.digest_settings import DigestSettings
from storage.enums import Days, NoNews

TIMES = (time(7, 30), time(12), time(18), time(21), time(21, 30), time(22, 30))
ALWAYS_LOUD = (time(0), time(0))
QUIET_CHOICES = (
    (time(22, 30), time(7, 30)),
    (time(22), time(7)),
    (time(23), time(8)),
    (time(0), time(8)),
    ALWAYS_LOUD,
)
WATCH_CHOICES = (0, 1, 3, MOST_WATCHES)
_WIDE = 3
_HOURS_WIDE = 6


def main(
    tr: Translator,
    settings: DigestSettings,
    next_at: datetime | None,
    now: Now,
    *,
    can_study: bool = True,
) -> Screen:
    """All settings; each button leads to its choices, or changes the setting that it names.
    ``next_at`` is the moment of the next digest, if any. Unless the chat ``can_study``, nothing
    starts by itself."""
    lines = [
        tr.html("📊 <b>Digest</b>"),
        tr.html("Where your courses stand, what is left and what is new, sent automatically."),
        "",
    ]
    if settings.is_on:
        lines.append(
            tr.html(
                "✅ On: {days} at {time}", days=_days_name(tr, settings), time=_clock(settings.at)
            )
        )
        if next_at is not None:
            lines.append(_next_line(tr, next_at, now))
        elif settings.has_account_since is None:
            lines.append(tr.html("🔑 It comes once you are logged in: /login"))
    else:
        lines.append(tr.html("⚪️ Off"))
    lines.append(clock_line(tr, now))
    switch = (
        button(tr("🔕 Turn off"), Action.DIGEST_OFF)
        if settings.is_on
        else button(tr("🔔 Turn on"), Action.DIGEST_ON)
    )
    starting = [button(f"🤖 {_start_name(tr, settings.start_hour)} ›", Action.START_HOUR)]
    if not can_study:
        starting = []
    return Screen(
        "\n".join(lines),
        keyboard(
            [switch, button(tr("📨 Send one now"), Action.DIGEST_NOW)],
            [
                button(f"🕘 {_clock(settings.at)} ›", Action.DIGEST_TIME),
                button(f"📅 {_days_name(tr, settings)} ›", Action.DIGEST_DAYS),
            ],
            [button(f"🌙 {_quiet_name(tr, *_quiet_of(settings))} ›", Action.QUIET)],
            [_no_news_button(tr, settings)],
            [button(f"🆕 {_watch_name(tr, settings.watch_times)} ›", Action.WATCH)],
            starting,
            [button(f"🌏 {now.zone_label(tr)} ›", Action.ZONES)],
            back_row(tr, Action.HOME),
        ),
    )


def times(tr: Translator, settings: DigestSettings, now: Now) -> Screen:
    """Common times as buttons; the person may type any other."""
    lines = [
        tr.html("🕘 <b>When should it come?</b>"),
        tr.html("Press one, or send me: <code>9pm</code>, <code>weekdays 21:30</code>."),
        clock_line(tr, now),
    ]
    there = [
        choice_button(_clock(at), Action.DIGEST_AT, minutes_of(at), used=at == settings.at)
        for at in TIMES
    ]
    return Screen("\n".join(lines), keyboard(*rows_of(there, _WIDE), back_row(tr, Action.DIGEST)))


def no_such_time(tr: Translator, typed: str) -> Screen:
    """The answer to a typed text that is no time, or an ambiguous one."""
    lines = [
        tr.html("🕘 I cannot read “{typed}” as one time.", typed=cut(typed, TYPED_WIDTH)),
        tr.html("Send it like <code>21:30</code> or <code>9:30pm</code>."),
    ]
    there = [button(_clock(at), Action.DIGEST_AT, minutes_of(at)) for at in TIMES]
    return Screen("\n".join(lines), keyboard(*rows_of(there, _WIDE), back_row(tr, Action.DIGEST)))


def days(tr: Translator, settings: DigestSettings) -> Screen:
    """Daily, on weekdays, or once a week on its day."""
    simple = [
        choice_button(
            name, Action.DIGEST_ON_DAYS, list(Days).index(each), used=settings.days is each
        )
        for each, name in ((Days.DAILY, tr("Daily")), (Days.WEEKDAYS, tr("Weekdays")))
    ]
    weekly = [
        choice_button(
            _weekday(tr, weekday),
            Action.DIGEST_ON_DAYS,
            list(Days).index(Days.WEEKLY),
            weekday,
            used=settings.days is Days.WEEKLY and settings.weekday == weekday,
        )
        for weekday in range(7)
    ]
    lines = [
        tr.html("📅 <b>On which days?</b>"),
        tr.html("A single day means once a week."),
    ]
    return Screen(
        "\n".join(lines), keyboard(simple, *rows_of(weekly, 4), back_row(tr, Action.DIGEST))
    )


def quiet(tr: Translator, settings: DigestSettings) -> Screen:
    """Hours in which messages sent unprompted make no sound."""
    lines = [
        tr.html("🌙 <b>Quiet hours</b>"),
        tr.html("Messages I send on my own in these hours make no sound."),
    ]
    there = [
        choice_button(
            _quiet_name(tr, *each), Action.QUIET_HOURS, index, used=each == _quiet_of(settings)
        )
        for index, each in enumerate(QUIET_CHOICES)
    ]
    return Screen("\n".join(lines), keyboard(*rows_of(there, 2), back_row(tr, Action.DIGEST)))


def watch(tr: Translator, settings: DigestSettings, *, can_study: bool = True) -> Screen:
    """How often the bot looks for new lessons besides the digest: once a day at most unless the
    chat ``can_study``."""
    lines = [
        tr.html("🆕 <b>New lessons</b>"),
        tr.html(
            "Every digest names what your teachers published. Should I check more often and "
            "tell you at once?"
        ),
    ]
    chosen = settings.watch_times
    rows = [
        [choice_button(_watch_name(tr, number), Action.WATCH_TIMES, number, used=number == chosen)]
        for number in WATCH_CHOICES[: None if can_study else 2]
    ]
    return Screen("\n".join(lines), keyboard(*rows, back_row(tr, Action.DIGEST)))


def start_hour(tr: Translator, settings: DigestSettings) -> Screen:
    """The hour at which a job of the new lessons starts without a press; off by default."""
    lines = [
        tr.html("🤖 <b>Study new lessons automatically</b>"),
        tr.html(
            "Pick an hour: at that hour I study what was newly published, without asking. I "
            "ask first about everything else."
        ),
    ]
    chosen = settings.start_hour
    off = choice_button(tr("Off: ask me first"), Action.START_AT, used=chosen is None)
    hours = [
        choice_button(f"{hour:02}", Action.START_AT, hour, used=hour == chosen)
        for hour in range(24)
    ]
    return Screen(
        "\n".join(lines), keyboard([off], *rows_of(hours, _HOURS_WIDE), back_row(tr, Action.DIGEST))
    )


def sending(tr: Translator) -> Screen:
    """Shown while a digest prompted by a press is prepared."""
    return Screen(tr.html("📨 Reading your courses; the digest follows within a minute…"))


def _next_line(tr: Translator, next_at: datetime, now: Now) -> str:
    at, today = next_at.astimezone(now.zone), now.moment.astimezone(now.zone).date()
    match (at.date() - today).days:
        case 0:
            return tr.html("⏭ The next one: today at {time}", time=_clock(at.time()))
        case 1:
            return tr.html("⏭ The next one: tomorrow at {time}", time=_clock(at.time()))
        case _:
            return tr.html(
                "⏭ The next one: {weekday} {time}",
                weekday=_weekday(tr, at.weekday()),
                time=now.clock_time(tr, next_at),
            )


def _days_name(tr: Translator, settings: DigestSettings) -> str:
    match settings.days:
        case Days.DAILY:
            return tr("Daily")
        case Days.WEEKDAYS:
            return tr("Weekdays")
        case Days.WEEKLY:
            return tr("Weekly: {day}", day=_weekday(tr, settings.weekday))


def _weekday(tr: Translator, weekday: int) -> str:
    """``周一``, ``Mon``."""
    return str(get_day_names("abbreviated", locale=tr.language)[weekday])


def _quiet_of(settings: DigestSettings) -> tuple[time, time]:
    quiet = (settings.quiet_from, settings.quiet_until)
    return ALWAYS_LOUD if quiet[0] == quiet[1] else quiet


def _quiet_name(tr: Translator, start: time, end: time) -> str:
    if start == end:
        return tr("Always with sound")
    return tr("Silent {start}–{end}", start=_clock(start), end=_clock(end))


def _no_news_button(tr: Translator, settings: DigestSettings) -> InlineKeyboardButton:
    """Shows the present choice; a press switches to the other one."""
    match settings.no_news:
        case NoNews.ONE_LINE:
            label, other = tr("💬 Nothing new: one line"), NoNews.SILENT
        case NoNews.SILENT:
            label, other = tr("💬 Nothing new: no message"), NoNews.ONE_LINE
    return button(label, Action.NO_NEWS, list(NoNews).index(other))


def _watch_name(tr: Translator, times_a_day: int) -> str:
    if not times_a_day:
        return tr("New lessons: in the digest only")
    if times_a_day == 1:
        return tr("New lessons: look daily")
    return tr("New lessons: look {n} times a day", n=times_a_day)


def _start_name(tr: Translator, hour: int | None) -> str:
    if hour is None:
        return tr("Auto-study new lessons: off")
    return tr("Auto-study new lessons: at {time}", time=_clock(time(hour)))


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
