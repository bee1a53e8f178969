"""Languages: the code holds English, every other language is one ``.po`` file.

A catalogue is read and compiled in memory when the bot starts; no ``.mo`` file exists. To add a
language, add ``locales/<code>.po``; the folder's listing is the list of languages.
"""

import html
import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

from babel.core import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "en"
SOON = timedelta(hours=1)
"""Moments within this time stay plain text."""


class Html(str):
    """A text that is HTML already: :meth:`Translator.html` does not escape it."""

    __slots__ = ()


class Translator:
    """The bot's texts in one language. Calling it translates plain text, for buttons and in-app
    alerts; :meth:`html` translates message texts and escapes every value put into them."""

    def __init__(self, language: str, catalogue: NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue
        self._locale = Locale.parse(language)

    def __call__(self, message: str, /, **values: object) -> str:
        return self._catalogue.gettext(message).format(**values)

    def html(self, message: str, /, **values: object) -> str:
        return self._catalogue.gettext(message).format(**_escaped(values))

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """HTML, in the language's plural form for ``n``; ``{n}`` is the number."""
        message = self._catalogue.ngettext(one, many, n)
        return message.format(n=n, **_escaped(values))

    def duration(self, seconds: float) -> str:
        """A length of time for people: ``2 h 10 min``, ``3 min``, ``20 s``."""
        left = max(0, round(seconds))
        if left >= 60:
            left = round(left / 60)
            hours, minutes = divmod(left, 60)
            if hours and minutes:
                return self("{hours} h {minutes} min", hours=hours, minutes=minutes)
            return self("{hours} h", hours=hours) if hours else self.minutes(minutes)
        return self("{seconds} s", seconds=left)

    def minutes(self, minutes: int) -> str:
        return self("{minutes} min", minutes=minutes)

    def clock_time(self, moment: datetime, zone: tzinfo, now: datetime) -> str:
        """A moment on the person's clock, with the day if it is not today."""
        local = moment.astimezone(zone)
        if local.date() == now.astimezone(zone).date():
            return format_time(local, "HH:mm", locale=self._locale)
        return format_datetime(local, self("d MMM HH:mm"), locale=self._locale)

    def day(self, moment: date) -> str:
        """A day in a sentence: ``3月1日``, ``1 Mar``."""
        return format_date(moment, self("d MMM"), locale=self._locale)

    def short_day(self, moment: date) -> str:
        """A day in a picture, where it is narrow: ``3/1``, ``1 Mar``."""
        return format_date(moment, self("d LLL"), locale=self._locale)

    def moment(self, moment: datetime, zone: tzinfo, now: datetime) -> Html:
        """A coming moment as HTML, for message texts. Over an hour away, apps draw it in the
        phone's own format and offer to remind of it; older apps show :meth:`clock_time`."""
        text = self.clock_time(moment, zone, now)
        if moment - now <= SOON:
            return Html(text)
        drawn = "t" if moment.astimezone(zone).date() == now.astimezone(zone).date() else "Dt"
        return Html(f'<tg-time unix="{moment.timestamp():.0f}" format="{drawn}">{text}</tg-time>')


class Translators:
    """All languages that have a catalogue."""

    def __init__(self, translators: Mapping[str, Translator], default: str) -> None:
        self._translators = translators
        self._default = default

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._translators)

    def choose(self, chosen: str | None, language_code: str | None) -> Translator:
        """The translator for the person's choice, else for Telegram's ``language_code``, else the
        default."""
        if chosen is not None and chosen in self._translators:
            return self._translators[chosen]
        code = (language_code or "").lower().replace("_", "-").split("-")[0]
        return self._translators.get(code) or self._translators[self._default]

    def __getitem__(self, language: str) -> Translator:
        return self._translators[language]


def load_translators(default: str) -> Translators:
    """Read every catalogue of the folder. Raises KeyError if there is none for ``default``."""
    translators = {SOURCE_LANGUAGE: Translator(SOURCE_LANGUAGE, NullTranslations())}
    for entry in sorted(files("bot.chat").joinpath("locales").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".po"):
            language = entry.name.removesuffix(".po")
            translators[language] = Translator(language, _compiled(entry.read_bytes(), language))
    if default not in translators:
        raise KeyError(default)
    return Translators(translators, default)


def _compiled(po: bytes, language: str) -> GNUTranslations:
    catalogue = read_po(io.BytesIO(po), locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _escaped(values: Mapping[str, object]) -> dict[str, object]:
    """Each text as HTML on one line: a name of the platform adds no line to a screen."""
    return {
        name: value
        if isinstance(value, int | float | Html)
        else html.escape(" ".join(str(value).splitlines()), quote=False)
        for name, value in values.items()
    }
