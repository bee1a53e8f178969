"""What the chats of a month must show, told from the platform and the calendar alone.

A diary of each chat follows what it was told; no report and no row of the bot is looked at.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from demo.telegram import Message
from tests.support.bot_api_client import PNG
from tests.support.digest_chat_harness import DigestChatHarness

from .digest_message import Course, Shown, read
from .mishaps import Mishap
from .month import LOOK, Month, Person
from .zone_rules import wall

LATE = LOOK + timedelta(minutes=5)
"""A look, and what the others' digests and logins take."""
MOST_BYTES = 200_000
WIDTH = 1080
SCHOOL = (70, 6)
"""Homework, exams and unread, as the stand-in says of everybody."""
LEAST_GAIN, IN_WHOLE_POINTS = 0.05, 9.95


@dataclass(frozen=True)
class Numbers:
    """A course as the platform shows it: ``cells`` are those at 100, and all."""

    percent: float
    cells: tuple[int, int]


Known = Mapping[str, Numbers]


@dataclass
class Diary:
    """What a chat was told so far. ``known`` is what the bot has read of its courses, ``told`` what
    the last digest was sure to bring; None where a mishap leaves that open."""

    person: Person
    owed: dict[date, datetime]
    came: dict[date, Message] = field(default_factory=dict)
    left_out: set[date] = field(default_factory=set)
    lost: set[date] = field(default_factory=set)
    untold: set[date] = field(default_factory=set)
    """Those lost ones that no later digest has told of."""
    known: Known | None = None
    """At first nobody can say: courses are read ahead by and by."""
    told: Known | None = field(default_factory=dict)
    is_new: bool = True
    """Nothing was told yet."""
    news_told_at: datetime | None = None
    """Of the last digest that told of all that was published until then."""
    modules: set[str] = field(default_factory=set)
    """New ones that were told of."""
    messages: int = 1
    """The first is the person's own."""

    def gains(self) -> dict[str, float | None] | None:
        """Points of percent since the last digest, None for a course that it did not have; or None
        where nobody can say."""
        if self.told is None or self.known is None:
            return None
        return {
            name: round(now.percent - self.told[name].percent, 2) if name in self.told else None
            for name, now in self.known.items()
        }

    def has_moved(self) -> bool | None:
        gains = self.gains()
        return None if gains is None else any(gains.values())


class ChatChecks:
    """Looks at each message that came; ``checked`` counts what there was."""

    def __init__(self, harness: DigestChatHarness, month: Month) -> None:
        self._harness = harness
        self._month = month
        self._diaries = {
            person.chat_id: Diary(person, dict(person.dues(month.first, month.last)))
            for person in month.people
        }
        self.checked: Counter[str] = Counter()

    def look(self, moment: datetime, mishap: Mishap | None) -> None:
        """After a look of that moment at who was due, and what struck in it."""
        for chat_id, diary in self._diaries.items():
            if mishap is not None:
                diary.known = None
            new = self._harness.server.chat(chat_id).messages[diary.messages :]
            diary.messages += len(new)
            for message in new:
                try:
                    self._check(diary, message)
                except AssertionError as wrong:
                    wrong.add_note(f"{diary.person}\nat {message.date}: {message.text}")
                    raise
            if mishap is None:
                self._check_left_out(diary, moment)
            else:
                self._note_lost(diary)

    def _check(self, diary: Diary, message: Message) -> None:
        shown, person = read(message), diary.person
        assert shown.language == person.language
        check_moment(diary, shown.day, message.date)
        diary.came[shown.day] = message
        assert message.silent == is_quiet(person, message.date)
        check_picture(message, wanted=shown.in_full and bool(shown.courses))
        works = self._month.cookie_works(person, message.date)
        if works:
            diary.known = self._numbers(person)
        check_words(diary, shown, works=works)
        if works and self._published_since(diary):
            assert shown.has_news
        assert not shown.modules & diary.modules, "what is new is told once"
        assert shown.modules <= {name for _, name in self._month.published}
        self._count(message, shown, works=works)
        if (person.chat_id, shown.day) not in self._month.lost:
            diary.untold.clear()
            diary.told, diary.is_new = diary.known, False
            diary.modules |= shown.modules
            if works or shown.has_news:
                diary.news_told_at = message.date

    def _note_lost(self, diary: Diary) -> None:
        """The bot cannot know whether these came; the chat does."""
        for (chat_id, day), mishap in self._month.lost.items():
            if chat_id == diary.person.chat_id and day not in diary.lost:
                diary.lost.add(day)
                diary.untold.add(day)
                assert (day not in diary.came) is mishap.keeps_from_chat

    def _check_left_out(self, diary: Diary, moment: datetime) -> None:
        """What is due and did not come is what nobody wanted: a day without news."""
        due = {day for day, at in diary.owed.items() if at <= moment}
        for day in due - diary.came.keys() - diary.lost - diary.left_out:
            diary.left_out.add(day)
            assert diary.person.silent, (diary.person, "nothing came", day)
            assert self._month.cookie_works(diary.person, moment)
            assert not diary.is_new
            assert not diary.untold
            assert not self._published_since(diary)
            diary.known = self._numbers(diary.person)
            assert not diary.has_moved()
            self.checked["left out"] += 1

    def _numbers(self, person: Person) -> Known:
        harness, numbers = self._harness, {}
        for each in harness.platform.school.courses:
            leaves = each.leaves()
            done = [
                cell for cell in leaves if harness.platform.shown(person.stu_id, cell.id) == 100
            ]
            percent = harness.percent(each, person.stu_id)
            numbers[each.name] = Numbers(percent, (len(done), len(leaves)))
        return numbers

    def _published_since(self, diary: Diary) -> bool:
        """Whether there is something new since the chat was told last of what there was."""
        told_at = diary.news_told_at
        return told_at is not None and any(at > told_at for at, _ in self._month.published)

    def _count(self, message: Message, shown: Shown, *, works: bool) -> None:
        self.checked[shown.language] += 1
        self.checked["in full" if shown.in_full else "one line"] += 1
        self.checked["silent" if message.silent else "loud"] += 1
        self.checked["read" if works else "expired"] += 1
        self.checked["drawn"] += message.photo is not None and message.photo.content != PNG
        self.checked["told of a lost one"] += bool(shown.lost)
        self.checked["told of a new module"] += bool(shown.modules)
        self.checked["told of a gain"] += any(each.gained for each in shown.courses.values())


def check_moment(diary: Diary, day: date, at: datetime) -> None:
    zone = diary.person.zone
    assert day in diary.owed, "nothing is owed of that date"
    assert day not in diary.came, "twice for one date"
    due = diary.owed[day]
    assert wall(at, zone) >= datetime.combine(day, diary.person.at), "early"
    assert due <= at <= due + LATE
    assert wall(at, zone).date() == wall(due, zone).date(), "after its day"


def is_quiet(person: Person, moment: datetime) -> bool:
    begin, end = person.quiet
    shown = wall(moment, person.zone).time()
    if begin <= end:
        return begin <= shown < end
    return not end <= shown < begin


def check_picture(message: Message, *, wanted: bool) -> None:
    assert (message.photo is not None) is wanted
    if message.photo is not None:
        assert message.photo.content.startswith(PNG[:8])
        assert len(message.photo.content) < MOST_BYTES
        assert message.photo.width == WIDTH or message.photo.content == PNG


def check_words(diary: Diary, shown: Shown, *, works: bool) -> None:
    """``works`` is whether the chat's cookie does; the diary knows what is known by now."""
    assert shown.lost == diary.untold, "the next one tells of what was lost"
    assert shown.asks is not works
    assert shown.school == (SCHOOL if shown.in_full else None)
    gains = diary.gains()
    if diary.known is not None:
        wanted = {
            name: Course(
                int(now.percent),
                # What cannot be known is taken as it is said.
                as_said(gains[name]) if gains is not None else shown.courses[name].gained,
                now.cells if shown.in_full else None,
            )
            for name, now in diary.known.items()
        }
        assert shown.courses == wanted, wanted
    if gains is not None:
        # The first numbers of a course are compared with nothing, and news.
        first = None in gains.values()
        reasons = (diary.is_new, shown.lost, not works, shown.has_news, diary.has_moved(), first)
        assert shown.in_full is any(reasons)


def as_said(points: float | None) -> float | None:
    """A gain with one decimal, or none from ten on; nothing where it would read 0."""
    if points is None or abs(points) < LEAST_GAIN:
        return None
    return round(points, 0 if abs(points) >= IN_WHOLE_POINTS else 1)
